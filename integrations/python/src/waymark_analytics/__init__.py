"""Server-side events for a Waymark gateway, over Segment's own client."""

from waymark_analytics.client import OnError
from waymark_analytics.ecommerce import EcommerceTracker
from waymark_analytics.message_id import MESSAGE_ID_NAMESPACE, order_message_id
from waymark_analytics.service import SegmentService

__all__ = [
    "MESSAGE_ID_NAMESPACE",
    "EcommerceTracker",
    "OnError",
    "SegmentService",
    "order_message_id",
]
