"""A FastAPI application as uvicorn serves it, over HTTP, with the gateway behind it."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.gateway import KEY, Gateway, eventually

README = Path(__file__).resolve().parents[1] / "README.md"
EXAMPLES = re.findall(r"^```python\n(.*?)^```$", README.read_text(), re.M | re.S)


class Site:
    """The README's application in a process of its own."""

    def __init__(self, gateway: Gateway, folder: Path) -> None:
        (app,) = [code for code in EXAMPLES if "FastAPI()" in code]
        (folder / "app.py").write_text(app.replace("127.0.0.1:8080", gateway.listen))
        # A socket that is bound here and handed over has a port that nobody takes meanwhile.
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self._socket.listen()
        descriptor = self._socket.fileno()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "uvicorn", "app:app", "--fd", str(descriptor)],
            cwd=folder,
            env=dict(os.environ),
            pass_fds=[descriptor],
            stderr=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        port = self._socket.getsockname()[1]
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{port}/segment", trust_env=False)

    def stop(self) -> None:
        """Ends it as a host does."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(60)
        self.client.close()
        self._socket.close()

    def post(self, path: str, body: object) -> httpx.Response:
        """Posts JSON."""
        return self.client.post(path, json=body, headers={"user-agent": "Shop/1"}, timeout=30)


@pytest.fixture
def site(gateway: Gateway, tmp_path: Path) -> Iterator[Site]:
    """The application in front of the gateway."""
    running = Site(gateway, tmp_path)
    yield running
    running.stop()


def test_the_routes_store_their_events_and_shutdown_loses_none(
    site: Site, gateway: Gateway
) -> None:
    for path, body in (
        ("/identify", {"user_id": "u", "traits": {"plan": "gold"}, "anonymous_id": "a"}),
        ("/track", {"anonymous_id": "a", "event": "Bought", "properties": {"price": 5}}),
        ("/track", {"userId": "u", "event": "In camelCase"}),
        ("/page", {"user_id": "u", "category": "Shop", "name": "Cart"}),
        ("/group", {"user_id": "u", "group_id": "acme", "traits": {"seats": 3}}),
        ("/alias", {"user_id": "u", "previous_id": "a"}),
    ):
        answer = site.post(path, body)
        assert (answer.status_code, answer.json()) == (200, {"success": True}), path
    site.stop()
    events = gateway.events()
    types = ["identify", "track", "track", "page", "group", "alias"]
    assert [event["type"] for event in events] == types
    identify, track, camel, page, group, alias = events
    assert (identify["userId"], identify["traits"]) == ("u", {"plan": "gold"})
    assert identify["context"]["ip"] == "127.0.0.1"
    assert identify["context"]["userAgent"] == "Shop/1"
    assert (track["userId"], track["anonymousId"]) == (None, "a")
    assert (track["event"], track["properties"]) == ("Bought", {"price": 5})
    assert camel["userId"] == "u"
    assert (page["category"], page["name"]) == ("Shop", "Cart")
    assert (group["groupId"], group["traits"]) == ("acme", {"seats": 3})
    assert alias["previousId"] == "a"


def test_what_makes_no_event_is_answered_so(site: Site, gateway: Gateway) -> None:
    for path, body, status in (
        ("/identify", {"traits": {}}, 400),
        ("/track", {"event": "Nobody"}, 400),
        ("/track", {"user_id": "u", "event": ""}, 400),
        ("/track", {"user_id": "u"}, 422),
        ("/page", {"name": "Nobody"}, 400),
        ("/group", {"user_id": "u"}, 422),
        ("/alias", {"user_id": "u"}, 422),
        ("/alias", {"user_id": "u", "previous_id": ""}, 400),
        ("/track", {"user_id": "u", "event": "Large", "properties": {"t": "x" * 40_000}}, 400),
        ("/track", {"user_id": "u", "event": "Larger", "properties": {"t": "x" * 70_000}}, 413),
    ):
        answer = site.post(path, body)
        assert answer.status_code == status, (path, answer.text)
        assert answer.json()["detail"]
    site.stop()
    assert gateway.events() == []


def test_flush_waits_until_the_gateway_has_all(site: Site, gateway: Gateway) -> None:
    site.post("/track", {"user_id": "u", "event": "Flushed"})
    assert site.post("/flush", {}).json() == {"success": True}
    assert [event["event"] for event in gateway.events()] == ["Flushed"]


def test_the_readmes_service_runs(gateway: Gateway, tmp_path: Path) -> None:
    (service,) = [code for code in EXAMPLES if "FastAPI()" not in code]
    script = service.replace("127.0.0.1:8080", gateway.listen)
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)
    events = eventually(gateway.events, "the events")
    assert [event["event"] for event in events if event["type"] == "track"] == [
        "Newsletter Subscribed",
        "Coupon Entered",
        "Order Completed",
    ]
    assert KEY in service
