"""Servers for tests of the HTTP API: the application in a thread, or `kutip serve` in a process of its own."""

from __future__ import annotations

import atexit
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from rag.settings import Settings
from ui.api.app import make_app

ROOT = Path(__file__).parent.parent


@contextmanager
def serving(home: Path, *, any_host: bool = False, ui_only: bool = False, port: int = 0, **env: str) -> Iterator[str]:
    """The application over ``home`` on a real socket; its address."""
    app = make_app(Settings.from_env({"KUTIP_HOME": str(home), **env}), any_host=any_host, ui_only=ui_only)
    server = uvicorn.Server(uvicorn.Config(app, port=port, http="h11", log_config=None, access_log=False))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        until(lambda: server.started, "the server to start")
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(90)


class Process:
    """`kutip serve` as people run it."""

    def __init__(self, home: Path, *, port: int | None = None, **env: str) -> None:
        """Start it, on a port that is free or on a given one; see `ready`."""
        self.home = home
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = (home.parent / f"serve-{self.port}.log").open("wb")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "ui.cli", "serve", "--port", str(self.port)],
            cwd=ROOT,
            env={**os.environ, "KUTIP_HOME": str(home), **env},
            stdout=self.log,
            stderr=self.log,
        )
        atexit.register(self.process.kill)  # a test that fails leaves nothing running

    def ready(self, path: str = "/readyz") -> Process:
        """Wait until it answers."""
        until(lambda: status(self.url + path) == 200, f"{path} of a process")
        return self

    def kill(self) -> None:
        """As ``kill -9`` does."""
        self.process.kill()
        self.process.wait()
        self.log.close()

    def stop(self) -> int:
        """As an operator does; the exit code."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(90)
        finally:
            self.log.close()


def status(url: str) -> int:
    """Status of a GET; 0 when nobody answers."""
    try:
        return httpx.get(url, timeout=60).status_code
    except httpx.HTTPError:
        return 0


def free_port() -> int:
    """A port that nobody uses, below those that systems give to outgoing connections: nobody takes it meanwhile."""
    while True:
        port = random.randint(20_000, 32_000)  # noqa: S311
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def until(true: Any, what: str, *, seconds: float = 180.0) -> Any:
    """Wait until ``true()`` is; its value."""
    end = time.monotonic() + seconds
    while not (value := true()):
        assert time.monotonic() < end, f"waited {seconds} s for {what}"
        time.sleep(0.05)
    return value


def done(client: httpx.Client, job: dict[str, Any]) -> dict[str, Any]:
    """A job once it is no longer queued."""

    def finished() -> dict[str, Any] | None:
        found: dict[str, Any] = client.get(f"/v1/jobs/{job['id']}").raise_for_status().json()
        return found if found["status"] != "queued" else None

    return until(finished, f"job {job['id']}")  # type: ignore[no-any-return]


def copy_of(home: Path, folder: Path) -> Path:
    """A home of one's own with the same archive."""
    shutil.copytree(home, folder)
    return folder
