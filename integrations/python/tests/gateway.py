"""The real gateway as a child process, with a file of its own."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

ROOT = Path(__file__).resolve().parents[3]
KEY = "shop-server-key"
DEADLINE_S = 30.0
Found = TypeVar("Found")


def program() -> str:
    """The gateway's binary, as ``tests/support/program.mjs`` finds it."""
    target = os.environ.get("CARGO_TARGET_DIR", str(ROOT / "target"))
    return os.environ.get("WAYMARK_GATEWAY_BIN", f"{target}/debug/waymark-gateway")


def eventually(look: Callable[[], Found | None], what: str) -> Found:
    """The first result of ``look`` that is not ``None`` or empty."""
    end = time.monotonic() + DEADLINE_S
    while time.monotonic() < end:
        if found := look():
            return found
        time.sleep(0.04)
    raise AssertionError(f"waited {DEADLINE_S} s for {what}")


class Gateway:
    """A running gateway; ``stop`` and ``start`` leave its file and its address."""

    def __init__(self, folder: Path) -> None:
        self.database = folder / "events.sqlite"
        self._config = folder / "gateway.toml"
        self._config.write_text(
            f'database = "{self.database}"\n'
            '[[sources]]\nname = "shop"\nallowed_origins = []\n'
            f'keys = [{{ key = "{KEY}", kind = "server" }}]\n'
        )
        self.listen = "127.0.0.1:0"
        self.start()

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://{self.listen}"

    def start(self) -> None:
        """Starts it and waits for its ready line."""
        serve = [program(), "serve", "--config", str(self._config)]
        self._process = subprocess.Popen(
            [*serve, "--listen", self.listen, "--admin-listen", "127.0.0.1:0"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdout
        for line in self._process.stdout:
            if line.startswith("{") and json.loads(line).get("ready"):
                self.listen = json.loads(line)["listen"]
                return
        raise AssertionError(f"the gateway ended with {self._process.wait()}")

    def stop(self) -> None:
        """Ends it."""
        self._process.send_signal(signal.SIGTERM)
        assert self._process.stdout
        self._process.stdout.close()
        self._process.wait(DEADLINE_S)

    def events(self) -> list[dict[str, Any]]:
        """All stored events, in the order of their commits."""
        command = [program(), "export", "--database", str(self.database)]
        said = subprocess.run(command, check=True, capture_output=True, text=True)
        return [json.loads(line)["event"] for line in said.stdout.splitlines() if line]
