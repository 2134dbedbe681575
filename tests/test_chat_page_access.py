"""Who reaches the page: log-in, sessions, keys, the origin and the name by which one asks."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.api_server import copy_of, serving
from tests.chat_page import Page
from tests.conftest import ROOT
from tests.test_api_ask import problem
from tests.test_chat_page_users import quick
from ui.chat.door import WRONG_BY_ADDRESS
from ui.chat.users import session_key

WORD = "rahasia sekali"
USERS = f"{quick('sari', WORD)} {quick('budi', 'lain lagi saja')}"
DESK = "desk-key-0123456789"
ARTICLE = "001_10afbb6f50542c20"

PRIVATE = (
    ("POST", "/gradio_api/component_server", {"data": ARTICLE, "component_id": 2, "fn_name": "article"}),
    ("POST", "/gradio_api/component_server/", {"data": "en", "component_id": 1, "fn_name": "about"}),
    ("POST", "/gradio_api/queue/join", {"data": [], "fn_index": 0, "session_hash": "s", "event_data": {}}),
    ("GET", "/gradio_api/queue/data?session_hash=s", None),
    ("POST", "/gradio_api/cancel", {"session_hash": "s", "fn_index": 0, "event_id": "e"}),
    ("POST", "/gradio_api/upload", None),
    ("GET", "/page/report", None),
)
"""Addresses of the page that tell of the archive, or change it."""
STATIC = (
    "/page/static/main.js", "/page/static/css/tokens.css", "/page/static/login.css", "/theme.css", "/favicon.ico",
    "/static/js/iframeResizer.contentWindow.min.js",
)  # fmt: skip
API = (
    ("GET", "/v1/models"), ("GET", "/v1/articles"), ("POST", "/v1/ask"), ("DELETE", "/v1/articles/x"), ("POST", "/mcp"),
    ("GET", "/metrics"), ("GET", "/nothing"),
)  # fmt: skip


@pytest.fixture(scope="module")
def home(seeds_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_of(seeds_home, tmp_path_factory.mktemp("access") / "home")


@pytest.fixture(scope="module")
def guarded(home: Path) -> Iterator[str]:
    with serving(home, KUTIP_USERS=USERS) as url:
        yield url


def log_in(url: str, name: str = "sari", password: str = WORD, **headers: str) -> httpx.Response:
    return httpx.post(f"{url}/login", data={"username": name, "password": password}, headers=headers, timeout=60)


def session(url: str) -> dict[str, str]:
    """The header that a browser sends once somebody has logged in."""
    ((name, value),) = log_in(url).cookies.items()
    return {"Cookie": f"{name}={value}"}


def basic(key: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"x:{key}".encode()).decode()}


def ask_for(url: str, method: str, path: str, body: Any, **headers: str) -> httpx.Response:
    return httpx.request(method, url + path, json=body, headers=headers, timeout=60)


def test_without_a_log_in_nothing_of_the_archive_is_told(guarded: str) -> None:
    text = (ROOT / "seeds" / f"{ARTICLE}.txt").read_text("utf-8")[:40]
    (cookie,) = log_in(guarded).cookies
    forged = {"Cookie": f"{cookie}=sari:9999999999:{'0' * 64}"}
    for wrong in ({}, forged, basic(WORD), {"Cookie": "access-token-x=y"}):
        for method, path, body in PRIVATE:
            refused = ask_for(guarded, method, path, body, **wrong)
            assert problem(refused, 401)["type"] == "urn:kutip:login"
            assert text not in refused.text
        page = httpx.get(guarded + "/", headers=wrong, timeout=60)
        assert (page.status_code, page.headers["location"]) == (303, "login")
        assert "gradio_config" not in page.text
        assert "set-cookie" not in page.headers


def test_a_user_logs_in_reads_and_logs_out(guarded: str) -> None:
    with httpx.Client(base_url=guarded, timeout=60, follow_redirects=True) as browser:
        assert browser.get("/").url.path == "/login"
        home = browser.post("/login", data={"username": " sari ", "password": WORD})
        assert home.url.path == "/"
        assert "gradio_config" in home.text
        assert browser.get("/login").url.path == "/"
        ((cookie, value),) = browser.cookies.items()
        page = Page(guarded, Cookie=f"{cookie}={value}")
        assert page.call("header", "about", "en")["user"] == "sari"
        assert page.call("ask", "article", ARTICLE)["text"]
        assert page.trigger(
            "ask", "ask", {"turn": "1", "question": "Apa hadiah Putin?", "history": [], "language": "id"}
        )
        page.close()
        assert browser.get("/page/report").status_code == 200
        assert browser.get("/logout").url.path == "/login"
        assert cookie not in browser.cookies
        assert browser.get("/").url.path == "/login"


def test_the_cookie_is_for_this_server_only(guarded: str) -> None:
    plain = log_in(guarded, Origin=guarded).headers["set-cookie"]
    assert all(part in plain for part in ("HttpOnly", "SameSite=lax", "Path=/", "Max-Age="))
    assert "Secure" not in plain
    name = guarded.removeprefix("http://")
    assert "Secure" in log_in(guarded, Origin=f"https://{name}").headers["set-cookie"]  # a proxy's https


def test_two_servers_of_one_host_have_log_ins_of_their_own(guarded: str, seeds_home: Path, tmp_path: Path) -> None:
    with serving(copy_of(seeds_home, tmp_path / "home"), KUTIP_USERS=USERS) as other:
        one, two = session(guarded), session(other)
        both = {"Cookie": f"{one['Cookie']}; {two['Cookie']}"}  # a browser sends both to both: cookies know no ports
        assert [httpx.get(url, headers=both, timeout=60).status_code for url in (guarded, other)] == [200, 200]
        gone = httpx.get(f"{other}/logout", headers=both, timeout=60).headers["set-cookie"]
        assert gone.partition("=")[0] == two["Cookie"].partition("=")[0]
        assert httpx.get(guarded, headers=one, timeout=60).status_code == 200
        for url, theirs in ((guarded, two), (other, one)):
            assert httpx.get(url, headers=theirs, timeout=60).status_code == 303
    assert "kutip_session_" in one["Cookie"]


def test_wrong_passwords_are_told_and_then_slowed_down(home: Path) -> None:
    with serving(home, KUTIP_USERS=USERS) as url:
        answers = [log_in(url, name, "wrong password") for name in ("sari", "nobody", '"><script>x</script>')]
        assert [answer.status_code for answer in answers] == [403] * 3
        assert "salah" in log_in(url, "sari", "wrong", **{"Accept-Language": "id"}).text
        assert "<script>x" not in answers[-1].text
        assert "&lt;script&gt;" in answers[-1].text
        assert all("set-cookie" not in answer.headers for answer in answers)
        told = [answer.text.partition("role")[2].partition("<form")[0] for answer in answers]
        assert len(set(told)) == 1
        for _ in range(WRONG_BY_ADDRESS - 4):
            assert log_in(url, "sari", "wrong password").status_code == 403
        late = log_in(url)
        assert late.status_code == 429
        assert 500 < int(late.headers["retry-after"]) <= 600
        assert "set-cookie" not in late.headers
        counted = httpx.get(f"{url}/metrics", timeout=60)  # without keys the API is closed, so are the counters
        assert counted.status_code == 403


def test_sessions_outlive_a_restart_and_hold_with_every_process(home: Path) -> None:
    with serving(home, KUTIP_USERS=USERS) as first:
        cookie = session(first)
        with serving(home, KUTIP_USERS=USERS) as second:
            assert httpx.get(second, headers=cookie, timeout=60).status_code == 200
    with serving(home, KUTIP_USERS=USERS) as third:
        assert httpx.get(third, headers=cookie, timeout=60).status_code == 200
    (home / "page.key").unlink()
    assert session_key(home)
    with serving(home, KUTIP_USERS=USERS) as fourth:
        assert httpx.get(fourth, headers=cookie, timeout=60).status_code == 303


@pytest.mark.parametrize("has_keys", [False, True])
@pytest.mark.parametrize("has_users", [False, True])
def test_every_combination_of_users_and_keys(home: Path, has_users: bool, has_keys: bool) -> None:
    env = {"KUTIP_USERS": USERS} if has_users else {}
    env |= {"KUTIP_API_KEYS": f"desk={DESK}"} if has_keys else {}
    with serving(home, **env) as url:
        for path in ("/healthz", "/readyz", "/docs", "/openapi.json"):
            assert httpx.get(url + path, timeout=60).status_code == 200
        page = httpx.get(url, headers={"Accept": "text/html"}, timeout=60)
        if has_users:
            assert page.status_code == 303
            assert httpx.get(url, headers=basic(DESK), timeout=60).status_code == 303  # a key is no log-in
            assert httpx.get(url, headers=session(url), timeout=60).status_code == 200
        elif has_keys:
            assert page.headers["www-authenticate"].startswith("Basic")
            assert httpx.get(url, headers=basic(DESK), timeout=60).status_code == 200
            for path in STATIC:
                problem(httpx.get(url + path, timeout=60), 401)
        else:
            assert page.status_code == 200
        cookie = session(url) if has_users else {}
        for method, path in API:
            bare = httpx.request(method, url + path, headers=cookie, timeout=60)
            if has_keys:
                problem(bare, 401)  # a log-in is no key
                assert httpx.request(method, url + path, headers=basic(DESK), timeout=60).status_code not in {401, 403}
            elif has_users:
                assert problem(bare, 403)["type"] == "urn:kutip:closed"
            else:
                assert bare.status_code not in {401, 403}


@pytest.mark.parametrize("mode", ["open", "keys", "users"])
def test_pages_of_elsewhere_cannot_use_the_page(home: Path, mode: str) -> None:
    env = {"open": {}, "keys": {"KUTIP_API_KEYS": DESK}, "users": {"KUTIP_USERS": USERS}}[mode]
    with serving(home, KUTIP_CORS="*", **env) as url:
        ours = {"open": {}, "keys": basic(DESK), "users": {}}[mode]
        if mode == "users":
            ours = session(url)
        for method, path, body in (*PRIVATE, ("POST", "/login", None), ("GET", "/logout", None), ("GET", "/", None)):
            for theirs in (
                {"Origin": "https://evil.example"}, {"Origin": "null"},
                {"Origin": url.replace("127.0.0.1", "localhost")},
                {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"},
                {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "cors"},
            ):  # fmt: skip
                refused = problem(ask_for(url, method, path, body, **ours, **theirs), 403)
                assert refused["type"] == "urn:kutip:origin", (method, path, theirs)
        linked = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
        assert httpx.get(url, headers={**ours, **linked}, timeout=60).status_code == 200  # a link to the page
        problem(httpx.get(f"{url}/logout", headers={**ours, **linked}, timeout=60), 403)
        own = {"Origin": url, "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors"}
        body = {"session_hash": "s", "fn_index": 0, "event_id": "e"}
        assert ask_for(url, "POST", "/gradio_api/cancel", body, **ours, **own).status_code == 200


def test_a_false_name_of_this_machine_stays_out(home: Path, guarded: str) -> None:
    evil = {"Host": "evil.example"}
    with serving(home) as url:
        for path in ("/", "/page/report", "/page/static/main.js", "/login"):
            problem(httpx.get(url + path, headers=evil, timeout=60), 403)
    with serving(home, any_host=True) as url:
        assert httpx.get(url, headers=evil, timeout=60).status_code == 200
    assert httpx.get(guarded, headers=evil, timeout=60).status_code == 303  # its cookies are not sent to another name
    with serving(home, any_host=True, KUTIP_USERS=USERS) as url:  # --insecure does not undo a log-in
        problem(httpx.get(f"{url}/v1/articles", headers=evil, timeout=60), 403)
        problem(httpx.get(f"{url}/page/report", headers=evil, timeout=60), 401)
