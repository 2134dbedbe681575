"""``kutip serve`` as people run it: where the page is, and who may listen where."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from rag.archive.home import Home
from tests.api_server import ROOT, Process, copy_of, free_port, status, until
from tests.test_chat_page_users import quick
from ui.serve_command import page_address


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:80/"),
        ("0.0.0.0", "http://127.0.0.1:80/"),  # noqa: S104
        ("::", "http://127.0.0.1:80/"),
        ("::1", "http://[::1]:80/"),
        ("10.1.2.3", "http://10.1.2.3:80/"),
        ("localhost", "http://localhost:80/"),
    ],
)
def test_the_address_for_a_browser(host: str, address: str) -> None:
    assert page_address(host, 80) == address


def test_a_terminal_is_told_where_the_page_is_and_a_browser_opens_it(seeds_home: Path, tmp_path: Path) -> None:
    home, port, opened = copy_of(seeds_home, tmp_path / "home"), free_port(), tmp_path / "opened"
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {opened}\n')
    browser.chmod(0o755)
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "ui.cli", "serve", "--port", str(port), "--ui-only", "--open"], cwd=ROOT, stderr=theirs,
        env={**os.environ, "KUTIP_HOME": str(home), "BROWSER": f"{browser} %s"},
    )  # fmt: skip
    try:
        until(lambda: opened.exists() and opened.read_text(), "the browser")
        assert opened.read_text() == f"http://127.0.0.1:{port}/\n"
        assert status(f"http://127.0.0.1:{port}/") == 200
        told = os.read(ours, 100_000).decode().splitlines()
    finally:
        process.terminate()
        process.wait(60)
        os.close(theirs)
        os.close(ours)
    human = [line for line in told if not line.startswith("{")]
    assert human == [f"Kutip is at http://127.0.0.1:{port}/ (Ctrl-C stops it)"]
    assert all(json.loads(line) for line in told if line not in human)


def test_users_may_listen_beyond_this_machine(seeds_home: Path, tmp_path: Path) -> None:
    home, port = copy_of(seeds_home, tmp_path / "home"), free_port()
    env = {**os.environ, "KUTIP_HOME": str(home), "KUTIP_USERS": quick("sari", "rahasia sekali")}
    command = [sys.executable, "-m", "ui.cli", "serve", "--host", "0.0.0.0", "--port", str(port)]  # noqa: S104
    process = subprocess.Popen(command, cwd=ROOT, env=env, stderr=subprocess.PIPE)
    try:
        until(lambda: status(f"http://127.0.0.1:{port}/healthz") == 200, "the server")
        assert status(f"http://127.0.0.1:{port}/") == 303
        assert status(f"http://127.0.0.1:{port}/v1/articles") == 403
    finally:
        process.terminate()
        _, told = process.communicate(timeout=60)
    assert b"Kutip is at" not in told  # no terminal, no words for people


def test_users_that_cannot_be_read_are_one_line(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ui.cli", "serve", "--host", "0.0.0.0"], cwd=ROOT, capture_output=True,  # noqa: S104
        env={**os.environ, "KUTIP_HOME": str(tmp_path), "KUTIP_USERS": "sari:secret"}, text=True, check=False,
        timeout=60,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "KUTIP_USERS" in done.stderr
    assert "secret" not in done.stderr


@pytest.mark.slow
def test_it_starts_while_another_process_writes_for_long(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with Home(home).lock(wait=0):
        server = Process(home)
        until(lambda: status(f"{server.url}/healthz") == 200, "a server that waits no longer")
        assert status(f"{server.url}/readyz") == 503
    server.ready()
    assert server.stop() in {0, -signal.SIGTERM}
