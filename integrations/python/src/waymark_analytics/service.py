"""``SegmentService``: Segment's calls, sent to a Waymark gateway."""

import atexit
import os
import threading
import weakref
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from waymark_analytics.client import Delivery, OnError
from waymark_analytics.host import address_of
from waymark_analytics.limits import SHUTDOWN_MAX_S
from waymark_analytics.values import plain_dict

Values = Mapping[str, Any]


class SegmentService:
    """Sends events in batches from a thread of its own; no call waits for the network.

    A call raises ``ValueError`` for arguments that make no event, and nothing else. What a gateway
    cannot take now is tried again for twelve hours. An event that is given up for any reason is
    told to ``on_error``.

    The thread begins with the first call, and anew in a process that was forked. At the end of the
    program the rest is sent; see :meth:`shutdown`.
    """

    def __init__(
        self,
        write_key: str | None = None,
        debug: bool = False,
        on_error: OnError | None = None,
        send: bool = True,
        max_queue_size: int = 10_000,
        flush_at: int = 100,
        flush_interval: float = 0.5,
        *,
        host: str | None = None,
        gzip: bool = False,
        timeout: float = 15,
    ) -> None:
        """``write_key`` is a server key of the gateway, else ``WAYMARK_WRITE_KEY`` or
        ``SEGMENT_WRITE_KEY`` of the environment; ``host`` its address, else ``WAYMARK_HOST``.

        With ``send=False`` arguments are checked, and nothing is sent.
        """
        environ = os.environ
        key = write_key or environ.get("WAYMARK_WRITE_KEY") or environ.get("SEGMENT_WRITE_KEY")
        address = host or environ.get("WAYMARK_HOST")
        if not key and send:
            raise ValueError("no write key: give write_key or set WAYMARK_WRITE_KEY")
        if not address and send:
            raise ValueError("no host: give host or set WAYMARK_HOST to the gateway's address")
        self._on_error = on_error
        self._settings: dict[str, Any] = {
            "write_key": key or "none",
            "host": address_of(address) if address else None,
            "debug": debug,
            "send": send,
            "max_queue_size": max_queue_size,
            "upload_size": flush_at,
            "upload_interval": flush_interval,
            "gzip": gzip,
            "timeout": timeout,
        }
        self._lock = threading.RLock()
        self._delivery: Delivery | None = None
        if hasattr(os, "register_at_fork"):
            own = weakref.ref(self)
            os.register_at_fork(after_in_child=lambda: _renew(own))

    def identify(
        self,
        user_id: str | None = None,
        traits: Values | None = None,
        context: Values | None = None,
        timestamp: datetime | None = None,
        anonymous_id: str | None = None,
        integrations: Values | None = None,
        *,
        message_id: str | None = None,
    ) -> None:
        """Says who a user is."""
        event = {"traits": plain_dict(traits)}
        self._send(
            "identify", user_id, anonymous_id, context, timestamp, integrations, message_id, event
        )

    def track(
        self,
        user_id: str | None = None,
        event: str = "",
        properties: Values | None = None,
        context: Values | None = None,
        timestamp: datetime | None = None,
        anonymous_id: str | None = None,
        integrations: Values | None = None,
        *,
        message_id: str | None = None,
    ) -> None:
        """Says what a user did."""
        rest = {"event": _needed("event", event), "properties": plain_dict(properties)}
        self._send(
            "track", user_id, anonymous_id, context, timestamp, integrations, message_id, rest
        )

    def page(
        self,
        user_id: str | None = None,
        category: str | None = None,
        name: str | None = None,
        properties: Values | None = None,
        context: Values | None = None,
        timestamp: datetime | None = None,
        anonymous_id: str | None = None,
        integrations: Values | None = None,
        *,
        message_id: str | None = None,
    ) -> None:
        """Records a page view."""
        rest = {"category": category, "name": name, "properties": plain_dict(properties)}
        self._send(
            "page", user_id, anonymous_id, context, timestamp, integrations, message_id, rest
        )

    def screen(
        self,
        user_id: str | None = None,
        name: str | None = None,
        properties: Values | None = None,
        context: Values | None = None,
        timestamp: datetime | None = None,
        anonymous_id: str | None = None,
        integrations: Values | None = None,
        *,
        message_id: str | None = None,
    ) -> None:
        """Records a view of an app's screen."""
        rest = {"name": name, "properties": plain_dict(properties)}
        self._send(
            "screen", user_id, anonymous_id, context, timestamp, integrations, message_id, rest
        )

    def group(
        self,
        user_id: str | None = None,
        group_id: str = "",
        traits: Values | None = None,
        context: Values | None = None,
        timestamp: datetime | None = None,
        anonymous_id: str | None = None,
        integrations: Values | None = None,
        *,
        message_id: str | None = None,
    ) -> None:
        """Says which group a user belongs to."""
        rest = {"group_id": _needed("group_id", group_id), "traits": plain_dict(traits)}
        self._send(
            "group", user_id, anonymous_id, context, timestamp, integrations, message_id, rest
        )

    def alias(
        self,
        user_id: str,
        previous_id: str,
        context: Values | None = None,
        timestamp: datetime | None = None,
        integrations: Values | None = None,
        *,
        message_id: str | None = None,
    ) -> None:
        """Says that two ids are one user."""
        self._queue(
            "alias",
            {
                "user_id": _needed("user_id", user_id),
                "previous_id": _needed("previous_id", previous_id),
                "context": plain_dict(context),
                "timestamp": timestamp,
                "integrations": plain_dict(integrations),
                "message_id": message_id or None,
            },
        )

    def flush(self, timeout: float = SHUTDOWN_MAX_S) -> bool:
        """Waits until all events are sent or given up, at most ``timeout`` seconds.

        Tells whether they are; if not, they stay queued.
        """
        delivery = self._delivery
        return delivery is None or delivery.flush(timeout)

    def shutdown(self, timeout: float = SHUTDOWN_MAX_S) -> None:
        """Sends what is queued and ends the thread.

        What a gateway has not taken within ``timeout`` seconds is told to ``on_error``. A later
        call begins anew.
        """
        with self._lock:
            delivery, self._delivery = self._delivery, None
        atexit.unregister(self.shutdown)
        if delivery:
            delivery.end(timeout)

    def _send(
        self,
        call: str,
        user_id: str | None,
        anonymous_id: str | None,
        context: Values | None,
        timestamp: datetime | None,
        integrations: Values | None,
        message_id: str | None,
        event: dict[str, Any],
    ) -> None:
        if not user_id and not anonymous_id:
            raise ValueError("user_id or anonymous_id is required")
        self._queue(
            call,
            {
                **event,
                "user_id": user_id or None,
                "anonymous_id": anonymous_id or None,
                "context": plain_dict(context),
                "timestamp": timestamp,
                "integrations": plain_dict(integrations),
                "message_id": message_id or None,
            },
        )

    def _queue(self, call: str, arguments: dict[str, Any]) -> None:
        # A shutdown at the same time ends the client only after this event is in its queue.
        with self._lock:
            if self._delivery is None:
                self._delivery = Delivery(self._on_error, **self._settings)
                # The client has an exit of its own, which leaves its queue: this one runs first.
                atexit.register(self.shutdown)
            self._delivery.send(call, arguments)


def _needed(name: str, value: str) -> str:
    if not value:
        raise ValueError(f"{name} is required")
    return value


def _renew(own: "weakref.ref[SegmentService]") -> None:
    """A fork has no threads, and its parent sends what is queued."""
    service = own()
    if service is not None:
        service._lock = threading.RLock()
        service._delivery = None
