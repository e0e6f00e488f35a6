"""The events of an order."""

import json
import subprocess

from tests.gateway import ROOT, Gateway
from waymark_analytics import EcommerceTracker, SegmentService, order_message_id

MUG = {"product_id": "7", "name": "Mug", "price": 22.5, "quantity": 2}


def test_the_events_of_the_spec(segment: SegmentService, gateway: Gateway) -> None:
    shop = EcommerceTracker(segment)
    shop.product_viewed("u", "7", "Mug", 22.5, sku="M-7", currency="EUR")
    shop.product_added("u", "cart_1", "7", "Mug", 22.5, 2)
    shop.product_removed("u", "cart_1", "7", "Mug", 22.5, 1)
    shop.checkout_started("u", "order_1", 45, [MUG], coupon="SPRING")
    shop.order_completed(None, "order_1", 54.45, 45, [MUG], tax=9.45, anonymous_id="a")
    shop.order_refunded("u", "order_1", 22.5, refund_id="re_1")
    shop.order_cancelled("u", "order_1", 54.45, [MUG])
    segment.flush()
    events = gateway.events()
    assert [event["event"] for event in events] == [
        "Product Viewed",
        "Product Added",
        "Product Removed",
        "Checkout Started",
        "Order Completed",
        "Order Refunded",
        "Order Cancelled",
    ]
    viewed, _, _, started, completed, refunded, _ = events
    assert viewed["properties"] == {
        "product_id": "7",
        "name": "Mug",
        "price": 22.5,
        "sku": "M-7",
        "currency": "EUR",
    }
    assert started["properties"]["coupon"] == "SPRING"
    assert completed["properties"] == {
        "order_id": "order_1",
        "total": 54.45,
        "revenue": 45,
        "currency": "USD",
        "tax": 9.45,
        "products": [MUG],
    }
    assert (completed["userId"], completed["anonymousId"]) == (None, "a")
    assert refunded["properties"]["total"] == 22.5


def test_an_order_counts_once_and_each_refund(segment: SegmentService, gateway: Gateway) -> None:
    shop = EcommerceTracker(segment)
    for _ in range(2):
        shop.order_completed("u", "order_1", 10, 10, [])
        shop.order_refunded("u", "order_1", 5, refund_id="re_1")
        shop.order_refunded("u", "order_1", 5, refund_id="re_2")
    segment.flush()
    names = [event["event"] for event in gateway.events()]
    assert names == ["Order Completed", "Order Refunded", "Order Refunded"]


def test_the_page_computes_the_same_ids() -> None:
    ids = [["Order Completed", "order_1"], ["Order Refunded", 'Bestellung "ä" 😀', "re\n1"]]
    script = f"""
      import {{ orderMessageId }} from "waymark/ecommerce";
      console.log(JSON.stringify({json.dumps(ids)}.map((one) => orderMessageId(...one))));
    """
    said = subprocess.run(
        ["node", "--input-type=module", "--eval", script],
        capture_output=True,
        check=True,
        cwd=ROOT,
        text=True,
    )
    assert json.loads(said.stdout) == [order_message_id(*one) for one in ids]
