"""Segment's client, with an end that says what was not sent."""

import logging
import queue
import time
from collections.abc import Callable
from typing import Any

from segment.analytics.client import Client

from waymark_analytics.limits import OUTAGE_MAX_S, RETRIES_MAX

OnError = Callable[[Exception, list[dict[str, Any]]], None]
"""Is told why events were given up, and which; it is called in another thread, too."""

log = logging.getLogger("waymark")


class Delivery:
    """One client with its queue and its thread, in one process."""

    def __init__(self, on_error: OnError | None, **settings: Any) -> None:
        self._on_error = on_error
        self._client = Client(
            on_error=self.give_up,
            max_retries=RETRIES_MAX,
            max_total_backoff_duration=OUTAGE_MAX_S,
            max_rate_limit_duration=OUTAGE_MAX_S,
            **settings,
        )

    def send(self, call: str, arguments: dict[str, Any]) -> None:
        """Queues an event. Raises ``ValueError`` when it is larger than the API takes."""
        try:
            queued, message = getattr(self._client, call)(**arguments)
        except RuntimeError:
            # Its text has the whole event, which is nobody's log's business.
            raise ValueError(f"the {call} event is larger than 32 KB") from None
        if not queued:
            self.give_up(OverflowError("the queue is full"), [message])

    def give_up(self, error: Exception, messages: list[dict[str, Any]]) -> None:
        """Reports events that will not be sent."""
        log.error("%d events were given up: %s", len(messages), type(error).__name__)
        if self._on_error:
            self._on_error(error, messages)

    def flush(self, timeout: float) -> bool:
        """Waits until all that is queued is sent or given up, and tells whether it is."""
        waiting: queue.Queue[dict[str, Any]] = self._client.queue
        with waiting.all_tasks_done:
            return waiting.all_tasks_done.wait_for(
                lambda: waiting.unfinished_tasks == 0, timeout
            )

    def end(self, timeout: float) -> None:
        """Flushes, ends the thread, and reports what is left."""
        by = time.monotonic() + timeout
        self.flush(timeout)
        for consumer in self._client.consumers:
            consumer.pause()
            if consumer.ident is not None:
                consumer.join(max(1.0, by - time.monotonic()))
        left = []
        try:
            while True:
                left.append(self._client.queue.get_nowait())
        except queue.Empty:
            pass
        if left:
            self.give_up(TimeoutError(f"not sent within {timeout:g} s"), left)
