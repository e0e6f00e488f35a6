"""Message ids derived from an event's content, so that page and server count once."""

import json
from uuid import UUID, uuid5

MESSAGE_ID_NAMESPACE = UUID("8f1c2a54-6d0b-4a57-9b7e-3d6c5e1f0a92")
"""The namespace of ``waymark/ecommerce``, which computes the same ids in the page."""


def order_message_id(event: str, *ids: str) -> str:
    """The message id of an order's event, as ``orderMessageId`` of ``waymark/ecommerce`` has it."""
    name = json.dumps([event, *map(str, ids)], ensure_ascii=False, separators=(",", ":"))
    return str(uuid5(MESSAGE_ID_NAMESPACE, name))
