"""``EcommerceTracker``: events of Segment's ecommerce spec v2."""

from collections.abc import Mapping, Sequence
from typing import Any

from waymark_analytics.message_id import order_message_id
from waymark_analytics.service import SegmentService

Products = Sequence[Mapping[str, Any]]


class EcommerceTracker:
    """A method for each event of an order. Amounts are in units of the currency, not in cents.

    Message ids of placed and refunded orders come from the order's ids, as those of
    ``waymark/ecommerce`` do: page and server tell of one purchase, and it counts once.
    Members that are ``None`` are left out.
    """

    def __init__(self, segment_service: SegmentService) -> None:
        """``segment_service`` sends the events."""
        self.segment = segment_service

    def product_viewed(
        self,
        user_id: str | None,
        product_id: str,
        name: str,
        price: float,
        category: str | None = None,
        sku: str | None = None,
        brand: str | None = None,
        variant: str | None = None,
        currency: str = "USD",
        *,
        anonymous_id: str | None = None,
    ) -> None:
        """A product is looked at. Spec: Core Ordering, Product Viewed."""
        properties = {
            "product_id": product_id,
            "name": name,
            "price": price,
            "category": category,
            "sku": sku,
            "brand": brand,
            "variant": variant,
            "currency": currency,
        }
        self._track(user_id, anonymous_id, "Product Viewed", properties)

    def product_added(
        self,
        user_id: str | None,
        cart_id: str,
        product_id: str,
        name: str,
        price: float,
        quantity: int,
        category: str | None = None,
        currency: str = "USD",
        *,
        anonymous_id: str | None = None,
    ) -> None:
        """A product went into the cart. Spec: Core Ordering, Product Added."""
        properties = {
            "cart_id": cart_id,
            "product_id": product_id,
            "name": name,
            "price": price,
            "quantity": quantity,
            "category": category,
            "currency": currency,
        }
        self._track(user_id, anonymous_id, "Product Added", properties)

    def product_removed(
        self,
        user_id: str | None,
        cart_id: str,
        product_id: str,
        name: str,
        price: float,
        quantity: int,
        category: str | None = None,
        currency: str = "USD",
        *,
        anonymous_id: str | None = None,
    ) -> None:
        """A product was taken out of the cart. Spec: Core Ordering, Product Removed."""
        properties = {
            "cart_id": cart_id,
            "product_id": product_id,
            "name": name,
            "price": price,
            "quantity": quantity,
            "category": category,
            "currency": currency,
        }
        self._track(user_id, anonymous_id, "Product Removed", properties)

    def checkout_started(
        self,
        user_id: str | None,
        order_id: str,
        value: float,
        products: Products,
        currency: str = "USD",
        coupon: str | None = None,
        *,
        anonymous_id: str | None = None,
    ) -> None:
        """A checkout begins. Spec: Core Ordering, Checkout Started."""
        properties = {
            "order_id": order_id,
            "value": value,
            "currency": currency,
            "coupon": coupon,
            "products": products,
        }
        self._track(user_id, anonymous_id, "Checkout Started", properties)

    def order_completed(
        self,
        user_id: str | None,
        order_id: str,
        total: float,
        revenue: float,
        products: Products,
        currency: str = "USD",
        shipping: float | None = None,
        tax: float | None = None,
        discount: float | None = None,
        coupon: str | None = None,
        *,
        anonymous_id: str | None = None,
    ) -> None:
        """An order was placed; it counts once. Spec: Core Ordering, Order Completed."""
        event = "Order Completed"
        properties = {
            "order_id": order_id,
            "total": total,
            "revenue": revenue,
            "currency": currency,
            "shipping": shipping,
            "tax": tax,
            "discount": discount,
            "coupon": coupon,
            "products": products,
        }
        ids = (order_id,) if order_id else ()
        self._track(user_id, anonymous_id, event, properties, *ids)

    def order_refunded(
        self,
        user_id: str | None,
        order_id: str,
        total: float | None = None,
        products: Products | None = None,
        currency: str = "USD",
        refund_id: str | None = None,
        *,
        anonymous_id: str | None = None,
    ) -> None:
        """An order was paid back, in whole or in part.

        With a ``refund_id`` it counts once. Spec: Core Ordering, Order Refunded.
        """
        properties = {
            "order_id": order_id,
            "refund_id": refund_id,
            "total": total,
            "currency": currency,
            "products": products,
        }
        ids = (order_id, refund_id) if order_id and refund_id else ()
        self._track(user_id, anonymous_id, "Order Refunded", properties, *ids)

    def order_cancelled(
        self,
        user_id: str | None,
        order_id: str,
        total: float,
        products: Products,
        currency: str = "USD",
        *,
        anonymous_id: str | None = None,
    ) -> None:
        """An order was cancelled. Spec: Core Ordering, Order Cancelled."""
        properties = {
            "order_id": order_id,
            "total": total,
            "currency": currency,
            "products": products,
        }
        self._track(user_id, anonymous_id, "Order Cancelled", properties)

    def _track(
        self,
        user_id: str | None,
        anonymous_id: str | None,
        event: str,
        properties: Mapping[str, Any],
        *ids: str,
    ) -> None:
        given = {name: value for name, value in properties.items() if value is not None}
        self.segment.track(
            user_id,
            event,
            given,
            anonymous_id=anonymous_id,
            message_id=order_message_id(event, *ids) if ids else None,
        )
