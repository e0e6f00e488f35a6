"""Fixtures: a gateway of the test's own, and a service for it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.gateway import KEY, Gateway
from waymark_analytics import SegmentService


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[Gateway]:
    """A gateway with an empty file."""
    running = Gateway(tmp_path)
    yield running
    running.stop()


@pytest.fixture
def segment(gateway: Gateway) -> Iterator[SegmentService]:
    """A service that sends to the gateway."""
    service = SegmentService(KEY, host=gateway.url, flush_interval=0.05)
    yield service
    service.shutdown()


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests name their gateway themselves."""
    for name in ("WAYMARK_HOST", "WAYMARK_WRITE_KEY", "SEGMENT_WRITE_KEY"):
        monkeypatch.delenv(name, raising=False)
