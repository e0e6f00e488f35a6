"""What becomes of queued events when a program ends, forks, or the gateway is not there."""

import os
import signal
import subprocess
import sys
from typing import Any

import pytest

from tests.gateway import KEY, Gateway, eventually
from waymark_analytics import SegmentService

MANY = 250


def run(gateway: Gateway, script: str) -> subprocess.Popen[str]:
    """A program of its own, with the gateway in its environment."""
    named = {"WAYMARK_HOST": gateway.url, "WAYMARK_WRITE_KEY": KEY}
    return subprocess.Popen(
        [sys.executable, "-c", script],
        env={**os.environ, **named},
        stdout=subprocess.PIPE,
        text=True,
    )


def names(gateway: Gateway) -> list[str]:
    return [event["event"] for event in gateway.events()]


def test_a_program_that_ends_sends_its_queue(gateway: Gateway) -> None:
    script = f"""
from waymark_analytics import SegmentService
segment = SegmentService()
for number in range({MANY}):
    segment.track("u", f"Event {{number}}")
"""
    with run(gateway, script) as program:
        assert program.wait(30) == 0
    assert names(gateway) == [f"Event {number}" for number in range(MANY)]


def test_a_program_that_is_told_to_end_sends_its_queue(gateway: Gateway) -> None:
    script = f"""
import signal, sys
from waymark_analytics import SegmentService
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
segment = SegmentService(flush_interval=2)
for number in range({MANY}):
    segment.track("u", f"Event {{number}}")
print("queued", flush=True)
signal.pause()
"""
    with run(gateway, script) as program:
        assert program.stdout and program.stdout.readline() == "queued\n"
        program.send_signal(signal.SIGTERM)
        assert program.wait(60) == 0
    assert len(names(gateway)) == MANY


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_fork_sends_its_own_events_and_only_those(gateway: Gateway) -> None:
    script = """
import os, sys
from waymark_analytics import SegmentService
segment = SegmentService(flush_interval=1)
segment.track("u", "Before")
if os.fork() == 0:
    segment.track("u", "Child")
    sys.exit(0)
segment.track("u", "Parent")
os.wait()
"""
    with run(gateway, script) as program:
        assert program.wait(30) == 0
    assert sorted(names(gateway)) == ["Before", "Child", "Parent"]


def test_events_outlast_a_gateway_that_is_down(gateway: Gateway) -> None:
    errors: list[Exception] = []
    segment = SegmentService(
        KEY, host=gateway.url, on_error=lambda error, _: errors.append(error), flush_interval=0.05
    )
    gateway.stop()
    for number in range(MANY):
        segment.track("u", f"Event {number}")
    assert not segment.flush(0.2)
    gateway.start()
    assert eventually(lambda: segment.flush(1), "a flush")
    segment.shutdown()
    assert errors == []
    assert sorted(names(gateway)) == sorted(f"Event {number}" for number in range(MANY))


def test_what_is_not_sent_in_time_is_handed_back(gateway: Gateway) -> None:
    left: list[dict[str, Any]] = []
    errors: list[Exception] = []

    def on_error(error: Exception, events: list[dict[str, Any]]) -> None:
        errors.append(error)
        left.extend(events)

    segment = SegmentService(KEY, host=gateway.url, on_error=on_error, flush_interval=0.05)
    gateway.stop()
    for number in range(3):
        segment.track("u", f"Event {number}")
    segment.shutdown(0.2)
    gateway.start()
    assert [type(error) for error in errors] == [TimeoutError]
    assert sorted(event["event"] for event in left) == ["Event 0", "Event 1", "Event 2"]
    # A later call begins anew.
    segment.track("u", "Later")
    segment.shutdown()
    assert names(gateway) == ["Later"]


def test_what_the_queue_has_no_room_for_is_handed_back(gateway: Gateway) -> None:
    left: list[dict[str, Any]] = []
    segment = SegmentService(
        KEY,
        host=gateway.url,
        max_queue_size=2,
        flush_interval=1,
        on_error=lambda _, events: left.extend(events),
    )
    gateway.stop()
    # The thread holds one batch of up to 100 events, the queue two more events.
    for number in range(110):
        segment.track("u", f"Event {number}")
    assert len(left) > 0
    gateway.start()
    segment.shutdown(60)
    assert len(names(gateway)) + len(left) == 110


def test_a_refused_key_is_told(gateway: Gateway) -> None:
    left: list[dict[str, Any]] = []
    segment = SegmentService(
        "none",
        host=gateway.url,
        flush_interval=0.05,
        on_error=lambda _, events: left.extend(events),
    )
    segment.track("u", "Refused")
    assert segment.flush()
    segment.shutdown()
    assert [event["event"] for event in left] == ["Refused"]
