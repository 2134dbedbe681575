"""Who is let in: keys, their expiry, rates, hosts and origins, and listening beyond this machine."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from pathlib import Path

import httpx
import pytest

from rag.errors import SettingsError
from rag.settings import Secret
from tests.api_server import ROOT, serving
from tests.test_api_ask import problem
from ui.api.keys import Keys
from ui.api.limits import Rate

DESK = "desk-key-0123456789"
BOT = "bot-key-0123456789"
OLD = "old-key-0123456789"
SET = f"desk={DESK}, bot=sha256:{sha256(BOT.encode()).hexdigest()}@2999-12-31 {OLD}@2020-01-01"


@pytest.fixture(scope="module")
def url(seeds_home: Path) -> Iterator[str]:
    with serving(seeds_home, KUTIP_API_KEYS=SET, KUTIP_RATE="30") as url:
        yield url


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def test_keys_are_read_and_named() -> None:
    keys = Keys.read(Secret(SET), today=lambda: date(2026, 1, 1))
    assert keys.name_of(f"Bearer {DESK}") == "desk"
    assert keys.name_of(f"bearer {BOT}") == "bot"
    assert keys.name_of(f"Bearer {OLD}") is None
    basic = base64.b64encode(f"anyone:{DESK}".encode()).decode()
    assert keys.name_of(f"Basic {basic}") == "desk"
    for bad in (None, "", "Bearer", f"Token {DESK}", f"Bearer {DESK}x", "Basic !!!", f"Bearer {DESK[:-1]}", "Bearer é"):
        assert keys.name_of(bad) is None
    assert DESK not in repr(vars(keys))


def test_the_last_day_of_a_key_counts() -> None:
    for day, name in ((date(2020, 1, 1), "key3"), (date(2020, 1, 2), None)):
        assert Keys.read(Secret(SET), today=lambda day=day: day).name_of(f"Bearer {OLD}") == name  # type: ignore[misc]


@pytest.mark.parametrize("entry", ["short", f"{DESK}@31-12-2026", f"{DESK}@2026-02-30", "sha256:12", "a b!c" * 5])
def test_bad_entries_are_refused_and_not_shown(entry: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Keys.read(Secret(entry))
    assert "entry 1" in str(caught.value) or "entry 2" in str(caught.value)
    assert entry not in str(caught.value)


def test_without_a_key_there_is_401_and_nothing_else(url: str) -> None:
    seen = set()
    for headers in ({}, bearer("wrong-key-0123456789"), bearer(OLD)):
        for method, path in (
            ("POST", "/v1/ask"), ("GET", "/v1/articles"), ("GET", "/v1/articles/x"), ("DELETE", "/v1/articles/x"),
            ("POST", "/v1/articles"), ("GET", "/metrics"), ("POST", "/mcp"), ("GET", "/nothing"), ("PUT", "/v1/ask"),
            ("GET", "/"), ("POST", "/v1/chat/completions"),
        ):  # fmt: skip
            response = httpx.request(method, url + path, headers=headers, timeout=60)
            document = problem(response, 401)
            document.pop("request_id")
            seen.add(str(document))
            assert response.headers["www-authenticate"].startswith("Bearer")
    assert len(seen) == 1
    for path in ("/healthz", "/readyz", "/docs", "/openapi.json"):
        assert httpx.get(url + path, timeout=60).status_code == 200
    page = httpx.get(f"{url}/", headers={"Accept": "text/html"}, timeout=60)
    assert page.headers["www-authenticate"].startswith("Basic")


def test_with_a_key_it_answers(url: str) -> None:
    response = httpx.post(f"{url}/v1/ask", json={"question": "Apa hadiah Putin?"}, headers=bearer(BOT), timeout=60)
    assert response.status_code == 200
    assert httpx.get(f"{url}/openapi.json", timeout=60).json()["security"] == [{"key": []}]


def test_requests_beyond_the_rate_are_sent_away(url: str) -> None:
    statuses = [httpx.get(f"{url}/v1/models", headers=bearer(DESK), timeout=60).status_code for _ in range(32)]
    assert statuses[:30] == [200] * 30
    assert 429 in statuses[30:]
    late = httpx.get(f"{url}/v1/models", headers=bearer(DESK), timeout=60)
    problem(late, 429)
    assert int(late.headers["retry-after"]) in {1, 2, 3}
    assert httpx.get(f"{url}/v1/models", headers=bearer(BOT), timeout=60).status_code == 200


def test_a_bucket_fills_again() -> None:
    now = 0.0
    rate = Rate(2, clock=lambda: now)
    assert [rate.take("a") for _ in range(3)] == [0.0, 0.0, 30.0]  # two a minute: the next in 30 s
    assert rate.take("b") == 0.0
    now = 30.0
    assert rate.take("a") == 0.0
    assert rate.take("a") == 30.0
    assert all(Rate(0).take("a") == 0.0 for _ in range(1_000))


def test_pages_of_elsewhere_and_false_names_stay_out_without_keys(api: str) -> None:
    problem(httpx.get(f"{api}/v1/models", headers={"Host": "evil.example"}, timeout=60), 403)
    problem(httpx.get(f"{api}/v1/models", headers={"Origin": "https://evil.example"}, timeout=60), 403)
    problem(
        httpx.post(f"{api}/v1/articles", files={"file": ("a.txt", b"Satu.")}, headers={"Origin": "null"}, timeout=60),
        403,
    )
    assert httpx.get(f"{api}/v1/models", headers={"Origin": api}, timeout=60).status_code == 200
    assert (
        "access-control-allow-origin" not in httpx.get(f"{api}/v1/models", headers={"Origin": api}, timeout=60).headers
    )


def test_origins_that_are_set_may(seeds_home: Path) -> None:
    cms = "https://cms.example"
    with serving(seeds_home, KUTIP_CORS=cms, KUTIP_API_KEYS=DESK) as url:
        asked = {
            "Origin": cms,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization",
        }
        assert httpx.options(f"{url}/v1/ask", headers=asked, timeout=60).headers["access-control-allow-origin"] == cms
        response = httpx.get(f"{url}/v1/models", headers={**bearer(DESK), "Origin": cms}, timeout=60)
        assert response.headers["access-control-allow-origin"] == cms
        other = {**asked, "Origin": "https://evil.example"}
        assert "access-control-allow-origin" not in httpx.options(f"{url}/v1/ask", headers=other, timeout=60).headers


def test_listening_beyond_this_machine_takes_keys(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ui.cli", "serve", "--host", "0.0.0.0", "--port", "0"],  # noqa: S104
        cwd=ROOT, env={**os.environ, "KUTIP_HOME": str(tmp_path)}, capture_output=True, text=True, check=False,
        timeout=60,
    )  # fmt: skip
    assert done.returncode == 2
    assert "KUTIP_API_KEYS" in done.stderr
    assert "--insecure" in done.stderr
    assert done.stderr.count("\n") == 1
