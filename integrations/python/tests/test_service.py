"""Every call of the service, as the gateway stores it."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timezone
from decimal import Decimal
from enum import Enum
from importlib.resources import files
from typing import Any
from uuid import UUID

import pytest

from tests.gateway import KEY, Gateway
from waymark_analytics import SegmentService

MOMENT = datetime(2026, 3, 4, 5, 6, 7, 89000, tzinfo=timezone.utc)
CONTEXT = {"ip": "203.0.113.9"}


def test_every_call_is_stored_field_by_field(segment: SegmentService, gateway: Gateway) -> None:
    segment.identify("u", {"email": "ann@example.org"}, CONTEXT, MOMENT, "a", {"All": False})
    segment.track("u", "Bought", {"price": 5}, CONTEXT, MOMENT, "a")
    segment.page("u", "Shop", "Cart", {"path": "/cart"}, anonymous_id="a")
    segment.screen("u", "Cart", {"items": 2})
    segment.group("u", "acme", {"seats": 3})
    segment.alias("u", "a")
    assert segment.flush()
    identify, track, page, screen, group, alias = gateway.events()
    assert identify["traits"] == {"email": "ann@example.org"}
    assert identify["integrations"] == {"All": False}
    assert datetime.fromisoformat(identify["timestamp"]) == MOMENT
    assert (track["event"], track["properties"]) == ("Bought", {"price": 5})
    assert (track["userId"], track["anonymousId"]) == ("u", "a")
    assert track["context"]["ip"] == CONTEXT["ip"]
    assert (page["category"], page["name"]) == ("Shop", "Cart")
    assert page["properties"] == {"path": "/cart"}
    assert (screen["name"], screen["properties"]) == ("Cart", {"items": 2})
    assert (group["groupId"], group["traits"]) == ("acme", {"seats": 3})
    assert (alias["userId"], alias["previousId"]) == ("u", "a")


def test_the_callers_objects_are_copied_and_not_changed(
    segment: SegmentService, gateway: Gateway
) -> None:
    context: dict[str, Any] = {"page": {"path": "/"}}
    properties: dict[str, Any] = {"list": [1]}
    segment.track("u", "Kept", properties, context)
    properties["list"].append(2)
    assert context == {"page": {"path": "/"}}
    segment.flush()
    assert gateway.events()[0]["properties"] == {"list": [1]}


class Size(Enum):
    LARGE = "l"


@dataclass
class Money:
    amount: Decimal
    currency: str


def test_values_that_json_lacks_are_converted(segment: SegmentService, gateway: Gateway) -> None:
    given: dict[Any, Any] = {
        "id": UUID(int=7),
        "price": Decimal("9.90"),
        "paid": Money(Decimal("1.5"), "EUR"),
        "size": Size.LARGE,
        "day": date(2026, 3, 4),
        "at": MOMENT,
        "nan": math.nan,
        "infinite": Decimal("Infinity"),
        "tags": ("a", {"b": math.inf}),
        "raw": b"caf\xc3\xa9",
        "broken": "\ud800",
        7: True,
    }
    segment.track("u", "Odd", given)
    segment.track("u", "Next")
    segment.flush()
    odd, following = gateway.events()
    assert odd["properties"] == {
        "id": "00000000-0000-0000-0000-000000000007",
        "price": 9.9,
        "paid": {"amount": 1.5, "currency": "EUR"},
        "size": "l",
        "day": "2026-03-04",
        "at": "2026-03-04T05:06:07.089000+00:00",
        "nan": None,
        "infinite": None,
        "tags": ["a", {"b": None}],
        "raw": "café",
        "broken": "\ufffd",
        "7": True,
    }
    assert following["event"] == "Next"


def test_what_makes_no_event_is_refused_at_once(segment: SegmentService, gateway: Gateway) -> None:
    cycle: dict[str, Any] = {}
    cycle["self"] = cycle
    calls: list[Callable[[], None]] = [
        lambda: segment.track("", "Nobody"),
        lambda: segment.track("u", ""),
        lambda: segment.page(),
        lambda: segment.group("u", ""),
        lambda: segment.alias("u", ""),
        lambda: segment.alias("", "a"),
        lambda: segment.track("u", "Cycle", cycle),
        lambda: segment.track("u", "Large", {"text": "x" * 40_000}),
    ]
    for call in calls:
        with pytest.raises(ValueError):
            call()
    segment.flush()
    assert gateway.events() == []


def test_the_error_of_a_large_event_does_not_tell_it(segment: SegmentService) -> None:
    with pytest.raises(ValueError) as caught:
        segment.identify("u", {"email": "ann@example.org", "text": "x" * 40_000})
    assert "ann@example.org" not in str(caught.value)
    assert caught.value.__suppress_context__


def test_key_and_host_come_from_the_environment(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ValueError, match="no write key"):
        SegmentService(host=gateway.url)
    monkeypatch.setenv("SEGMENT_WRITE_KEY", KEY)
    with pytest.raises(ValueError, match="no host"):
        SegmentService()
    with pytest.raises(ValueError, match="is no address"):
        SegmentService(host="shop.example")
    monkeypatch.setenv("WAYMARK_HOST", f"{gateway.url}/v1/")
    service = SegmentService(gzip=True)
    service.track("u", "By environment")
    service.shutdown()
    assert [event["event"] for event in gateway.events()] == ["By environment"]


def test_without_sending_arguments_are_checked_all_the_same() -> None:
    service = SegmentService(send=False)
    service.track("u", "Unsent")
    with pytest.raises(ValueError):
        service.track("", "Nobody")
    assert service.flush()
    service.shutdown()


def test_the_package_says_that_it_has_types() -> None:
    assert files("waymark_analytics").joinpath("py.typed").is_file()
