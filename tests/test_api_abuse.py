"""A thousand bodies that nobody should send: each is told off in time, and the server answers as before."""

from __future__ import annotations

import contextlib
import random
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx

from tests.test_api_ask import GIFTS

JSON = {"Content-Type": "application/json"}
PATHS = ("/v1/ask", "/v1/search", "/v1/verify", "/v1/chat/completions", "/v1/articles", "/mcp")


def bodies(count: int) -> Iterator[tuple[str, bytes]]:
    """Seeded: paths and bodies of which none is right."""
    chance = random.Random(5)  # noqa: S311
    huge = ["9" * 400, "1e999", "-1e999", "9" * 5_000, "NaN", "Infinity", "0.1", "true", "null", '"12"', "[]", "{}"]
    fixed = [
        b'{"question": "\xff\xfe", "text": "\xc3\x28"}',
        b'{"question": "\\ud800 apa", "text": "\\udfff", "messages": [{"role": "user", "content": "\\ud800"}]}',
        b'{"messages": [{"role": "root", "content": {}}], "model": 7}',
        b'{"question": "Apa?", "history": [[[]]], "text": {"a": 1}}',
        b"",
    ]
    for n in range(count):
        depth = chance.choice((10, 500, 5_000, 100_000))
        number = chance.choice(huge)
        made = [
            chance.randbytes(chance.randint(1, 2_000)),
            b'{"question": ' * depth + b"1" + b"}" * depth,
            b"[" * depth,
            f'{{"question": {number}, "text": {number}, "k": 1}}'.encode(),
            f'{{"question": "Apa?", "k": {chance.choice(huge[:8])}, "text": 1}}'.encode(),
            b'{"question": "' + b"a" * chance.randint(2_001, 100_000) + b'", "text": ["x"]}',
            b"\x00" * chance.randint(1, 1_000),
            *fixed,
        ]
        yield chance.choice(PATHS), made[n % len(made)]


def test_a_thousand_malformed_bodies(api: str) -> None:
    with httpx.Client(base_url=api, timeout=60) as client:

        def send(case: tuple[str, bytes]) -> tuple[int, float]:
            began = time.perf_counter()
            response = client.post(case[0], content=case[1], headers=JSON)
            return response.status_code, time.perf_counter() - began

        cases = list(bodies(1_000))
        with ThreadPoolExecutor(4) as pool:
            answered = list(pool.map(send, cases))
    odd = [
        (path, body[:80], status)
        for (path, body), (status, _) in zip(cases, answered, strict=True)
        if not 400 <= status < 500
    ]
    assert odd == []
    assert max(seconds for _, seconds in answered) < 5
    assert httpx.post(f"{api}/v1/ask", json={"question": GIFTS}, timeout=60).status_code == 200


def test_fifty_megabytes_are_refused(api: str) -> None:
    for path in PATHS:
        began = time.perf_counter()
        response = httpx.post(api + path, content=b"a" * 50_000_000, headers=JSON, timeout=30)
        assert response.status_code == 413, path
        assert time.perf_counter() - began < 10


def test_fifty_megabytes_without_a_length_are_refused(api: str) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(50):
            yield b"a" * 1_000_000

    with contextlib.suppress(httpx.WriteError):  # the connection was closed before everything was sent: as good
        assert httpx.post(f"{api}/v1/ask", content=pieces(), headers=JSON, timeout=30).status_code == 413
    assert httpx.get(f"{api}/healthz", timeout=60).status_code == 200


def test_broken_http_is_answered(api: str) -> None:
    port = int(api.rpartition(":")[2])
    for raw in (
        b"GARBAGE\r\n\r\n",
        b"POST /v1/ask HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n",
        b"GET /v1/articles/%ff%fe HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: " + b"a" * 200_000 + b"\r\n\r\n",
        b"GET /v1/models HTTP/1.1\r\nHost: [\r\nOrigin: http://[\r\nConnection: close\r\n\r\n",
    ):
        with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
            connection.sendall(raw)
            head = connection.recv(100)
        assert head.startswith(b"HTTP/1.1 4"), (raw[:50], head)
