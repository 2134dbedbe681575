"""What of the page can be reached by whom: log-in, keys, origins, and which of Gradio's addresses are there at all."""

from __future__ import annotations

import base64
import json
import re
import socket
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.routing import Mount

from rag.settings import Settings
from tests.api_server import copy_of, serving
from tests.chat_page import Page
from tests.conftest import ROOT
from tests.test_api_ask import problem
from tests.test_chat_page_users import quick
from ui.api.app import make_app
from ui.chat.addresses import ADDRESSES, KEPT, OURS, POLICY, address
from ui.chat.door import WRONG_BY_ADDRESS
from ui.chat.users import session_key

WORD = "rahasia sekali"
USERS = f"{quick('sari', WORD)} {quick('budi', 'lain lagi saja')}"
DESK = "desk-key-0123456789"
ARTICLE = "001_10afbb6f50542c20"
COOKIE = "kutip_session"

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
    return httpx.post(
        f"{url}/login", data={"username": name, "password": password}, headers=headers, timeout=60
    )  # fmt: skip


def session(url: str, name: str = "sari", password: str = WORD) -> str:
    return log_in(url, name, password).cookies[COOKIE]


def basic(key: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"x:{key}".encode()).decode()}


def ask_for(url: str, method: str, path: str, body: Any, **headers: str) -> httpx.Response:
    return httpx.request(method, url + path, json=body, headers=headers, timeout=60)


def assets(url: str, **headers: str) -> list[str]:
    """Addresses of files that Gradio's page begins with."""
    page = httpx.get(url + "/", headers=headers).text
    return [f"/{path}" for path in re.findall(r'"\./(assets/[^"]+)"', page)]


def test_without_a_log_in_nothing_of_the_archive_is_told(guarded: str) -> None:
    text = (ROOT / "seeds" / f"{ARTICLE}.txt").read_text("utf-8")[:40]
    for wrong in ({}, {"Cookie": f"{COOKIE}=sari:9999999999:{'0' * 64}"}, basic(WORD), {"Cookie": "access-token-x=y"}):
        for method, path, body in PRIVATE:
            refused = ask_for(guarded, method, path, body, **wrong)
            assert problem(refused, 401)["type"] == "urn:kutip:login"
            assert text not in refused.text
        page = httpx.get(guarded + "/", headers=wrong)
        assert (page.status_code, page.headers["location"]) == (303, "login")
        assert "gradio_config" not in page.text
        assert "set-cookie" not in page.headers


def test_static_files_and_the_log_in_are_open(guarded: str) -> None:
    for path in (*STATIC, *assets(guarded, Cookie=f"{COOKIE}={session(guarded)}")):
        assert httpx.get(guarded + path).status_code == 200, path
    form = httpx.get(f"{guarded}/login", headers={"Accept-Language": "id-ID,id;q=0.9"})
    assert form.status_code == 200
    assert "<h1>Masuk</h1>" in form.text
    assert "<h1>Log in</h1>" in httpx.get(f"{guarded}/login", headers={"Accept-Language": "fr"}).text
    assert "unsafe" not in form.headers["content-security-policy"]
    for path in re.findall(r'(?:href|src)="([^"]+)"', form.text):
        assert httpx.get(f"{guarded}/{path}").status_code == 200, path


def test_a_user_logs_in_reads_and_logs_out(guarded: str) -> None:
    with httpx.Client(base_url=guarded, timeout=60, follow_redirects=True) as browser:
        assert browser.get("/").url.path == "/login"
        home = browser.post("/login", data={"username": " sari ", "password": WORD})
        assert home.url.path == "/"
        assert "gradio_config" in home.text
        assert browser.get("/login").url.path == "/"
        page = Page(guarded, Cookie=f"{COOKIE}={browser.cookies[COOKIE]}")
        assert page.call("header", "about", "en")["user"] == "sari"
        assert page.call("ask", "article", ARTICLE)["text"]
        assert page.trigger(
            "ask", "ask", {"turn": "1", "question": "Apa hadiah Putin?", "history": [], "language": "id"}
        )
        page.close()
        assert browser.get("/page/report").status_code == 200
        assert browser.get("/logout").url.path == "/login"
        assert COOKIE not in browser.cookies
        assert browser.get("/").url.path == "/login"


def test_the_cookie_is_for_this_server_only(guarded: str) -> None:
    plain = log_in(guarded, Origin=guarded).headers["set-cookie"]
    assert all(part in plain for part in ("HttpOnly", "SameSite=lax", "Path=/", "Max-Age="))
    assert "Secure" not in plain
    name = guarded.removeprefix("http://")
    assert "Secure" in log_in(guarded, Origin=f"https://{name}").headers["set-cookie"]  # a proxy's https


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
        counted = httpx.get(f"{url}/metrics")  # without keys the API is closed, so are the counters
        assert counted.status_code == 403


def test_sessions_outlive_a_restart_and_hold_with_every_process(home: Path) -> None:
    with serving(home, KUTIP_USERS=USERS) as first:
        cookie = session(first)
        with serving(home, KUTIP_USERS=USERS) as second:
            assert httpx.get(second, headers={"Cookie": f"{COOKIE}={cookie}"}).status_code == 200
    with serving(home, KUTIP_USERS=USERS) as third:
        assert httpx.get(third, headers={"Cookie": f"{COOKIE}={cookie}"}).status_code == 200
    (home / "page.key").unlink()
    assert session_key(home)
    with serving(home, KUTIP_USERS=USERS) as fourth:
        assert httpx.get(fourth, headers={"Cookie": f"{COOKIE}={cookie}"}).status_code == 303


@pytest.mark.parametrize("has_keys", [False, True])
@pytest.mark.parametrize("has_users", [False, True])
def test_every_combination_of_users_and_keys(home: Path, has_users: bool, has_keys: bool) -> None:
    env = {"KUTIP_USERS": USERS} if has_users else {}
    env |= {"KUTIP_API_KEYS": f"desk={DESK}"} if has_keys else {}
    with serving(home, **env) as url:
        for path in ("/healthz", "/readyz", "/docs", "/openapi.json"):
            assert httpx.get(url + path).status_code == 200
        page = httpx.get(url, headers={"Accept": "text/html"})
        if has_users:
            assert page.status_code == 303
            assert httpx.get(url, headers=basic(DESK)).status_code == 303  # a key is no log-in
            assert httpx.get(url, headers={"Cookie": f"{COOKIE}={session(url)}"}).status_code == 200
        elif has_keys:
            assert page.headers["www-authenticate"].startswith("Basic")
            assert httpx.get(url, headers=basic(DESK)).status_code == 200
            for path in STATIC:
                problem(httpx.get(url + path), 401)
        else:
            assert page.status_code == 200
        cookie = {"Cookie": f"{COOKIE}={session(url)}"} if has_users else {}
        for method, path in API:
            bare = httpx.request(method, url + path, headers=cookie)
            if has_keys:
                problem(bare, 401)  # a log-in is no key
                assert httpx.request(method, url + path, headers=basic(DESK)).status_code not in {401, 403}
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
            ours = {"Cookie": f"{COOKIE}={session(url)}"}
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
        assert httpx.get(url, headers={**ours, **linked}).status_code == 200  # a link to the page
        problem(httpx.get(f"{url}/logout", headers={**ours, **linked}), 403)
        own = {"Origin": url, "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors"}
        body = {"session_hash": "s", "fn_index": 0, "event_id": "e"}
        assert ask_for(url, "POST", "/gradio_api/cancel", body, **ours, **own).status_code == 200


def test_a_false_name_of_this_machine_stays_out(home: Path, guarded: str) -> None:
    evil = {"Host": "evil.example"}
    with serving(home) as url:
        for path in ("/", "/page/report", "/page/static/main.js", "/login"):
            problem(httpx.get(url + path, headers=evil), 403)
    with serving(home, any_host=True) as url:
        assert httpx.get(url, headers=evil).status_code == 200
    assert httpx.get(guarded, headers=evil).status_code == 303  # its cookies are not sent to another name
    with serving(home, any_host=True, KUTIP_USERS=USERS) as url:  # --insecure does not undo a log-in
        problem(httpx.get(f"{url}/v1/articles", headers=evil), 403)
        problem(httpx.get(f"{url}/page/report", headers=evil), 401)


def test_only_the_addresses_that_the_page_needs_are_there(home: Path) -> None:
    app = make_app(Settings.from_env({"KUTIP_HOME": str(home)}))
    mounted = app.router.routes[-1]
    assert isinstance(mounted, Mount)
    operations = [
        (method.upper(), re.sub(r"\{\w+\}", "x", path))
        for path, methods in mounted.app.openapi()["paths"].items()  # type: ignore[attr-defined]
        for method in methods
    ]
    assert len(operations) > 50
    operations += [("GET", f"/gradio_api/file={path}") for path in ("/etc/passwd", str(ROOT / "README.md"), str(home))]
    operations += [("GET", f"//gradio_api/file={home}"), ("GET", "/static/../gradio_api/info"), ("PUT", "/")]
    operations += [("GET", "/assets/%2e%2e/gradio.js"), ("GET", "/page/static/../page.py"), ("POST", "/gradio_api/mcp")]
    with serving(home) as url:
        there = {
            (method, path) for method, path in operations
            if raw_status(url, method, path) not in {307, 403, 404, 405}
        }  # fmt: skip
    assert there == {
        ("GET", "/"), ("HEAD", "/"), ("GET", "/favicon.ico"), ("GET", "/theme.css"), ("POST", "/gradio_api/queue/join"),
        ("GET", "/gradio_api/app_id"), ("POST", "/gradio_api/reset"),
        ("GET", "/gradio_api/queue/data"), ("POST", "/gradio_api/cancel"), ("POST", "/gradio_api/component_server"),
        ("POST", "/gradio_api/component_server/"), ("POST", "/gradio_api/upload"),
    }  # fmt: skip


def raw_status(url: str, method: str, path: str) -> int:
    """The status of a request whose path nobody has tidied up."""
    host = url.removeprefix("http://")
    with socket.create_connection((host.partition(":")[0], int(host.partition(":")[2])), timeout=60) as connection:
        connection.sendall(f"{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        return int(connection.recv(100).split()[1])


def test_gradio_reports_to_nobody_and_remembers_nothing(home: Path) -> None:
    app = make_app(Settings.from_env({"KUTIP_HOME": str(home)}))
    mounted = app.router.routes[-1]
    assert isinstance(mounted, Mount)
    blocks = mounted.app.blocks  # type: ignore[attr-defined]
    assert not blocks.analytics_enabled
    assert not blocks.run_history
    assert not blocks.enable_monitoring
    assert not blocks.mcp_server
    assert blocks.allowed_paths == []
    assert Path(mounted.app.uploaded_file_dir).name.startswith("kutip-")  # type: ignore[attr-defined]
    assert all(fn.api_visibility == "private" for fn in blocks.fns.values())
    with serving(home) as url:
        html = httpx.get(url).text
    assert str(home) not in html
    assert str(ROOT) not in html
    sent = json.JSONDecoder().raw_decode(html, html.index("{", html.index("window.gradio_config")))[0]
    assert sent["footer_links"] == []


def test_policies_and_caches(guarded: str) -> None:
    ours = {"Cookie": f"{COOKIE}={session(guarded)}"}
    page = httpx.get(guarded, headers=ours)
    assert page.headers["content-security-policy"] == POLICY
    assert page.headers["cache-control"] == "no-store"
    for directive in ("default-src 'self'", "object-src 'none'", "frame-ancestors 'none'", "form-action 'self'"):
        assert directive in POLICY
    assert "http" not in POLICY
    for path in assets(guarded, **ours):
        kept = httpx.get(guarded + path)
        assert kept.headers["cache-control"] == KEPT
        assert kept.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    own = httpx.get(f"{guarded}/page/static/main.js")
    assert own.headers["cache-control"] == "no-cache"
    again = httpx.get(f"{guarded}/page/static/main.js", headers={"If-None-Match": own.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert httpx.get(f"{guarded}/page/static/nothing.js").headers["cache-control"] == "no-store"
    report = httpx.get(f"{guarded}/page/report", headers=ours)
    assert "sandbox" in report.headers["content-security-policy"]
    for path in ("/page/report", "/gradio_api/queue/data?session_hash=s"):
        assert httpx.get(guarded + path).headers["cache-control"] == "no-store"


def test_bodies_have_a_limit(home: Path) -> None:
    with serving(home, KUTIP_UPLOAD="1") as url:
        for path, most in (
            ("/gradio_api/cancel", 16_000), ("/gradio_api/queue/join", 1_000_000),
            ("/gradio_api/component_server", 4_000_000), ("/gradio_api/upload", 1_000_000),
        ):  # fmt: skip
            long = httpx.post(url + path, content=b" " * (most + 1), timeout=60)
            assert problem(long, 413)["type"] == "urn:kutip:too-long", path
            assert httpx.post(url + path, content=b" " * most, timeout=60).status_code != 413, path
        page = Page(url)
        assert page.upload("a.txt", b"x" * 900_000)
        over = page.http.post("/gradio_api/upload", files={"files": ("b.txt", b"x" * 1_100_000)})
        assert over.status_code == 413
        page.close()
    with serving(home, KUTIP_USERS=USERS) as url:
        assert httpx.post(f"{url}/login", content=b"x" * 16_001).status_code == 413


def test_read_only_refuses_changes(home: Path) -> None:
    with serving(home, KUTIP_READ_ONLY="yes") as url:
        for method, path, sent in (
            ("POST", "/v1/articles", {"json": {"text": "Satu."}}),
            ("POST", "/v1/articles", {"files": {"file": ("a.txt", b"Satu.")}}),
            ("DELETE", f"/v1/articles/{ARTICLE}", {}),
            ("DELETE", "/v1/articles/nothing", {}),
            ("POST", "/gradio_api/upload", {"files": {"files": ("a.txt", b"Satu.")}}),
        ):  # fmt: skip
            refused = problem(httpx.request(method, url + path, **sent), 403)  # type: ignore[arg-type]
            assert refused["type"] == "urn:kutip:read-only"
            assert "KUTIP_READ_ONLY" in refused["detail"]
        assert httpx.get(f"{url}/v1/articles").json()["total"] == 5
        page = Page(url)
        assert page.call("header", "about", "en")["read_only"] is True
        assert page.call("articles", "remove", ARTICLE)["error"]["kind"] == "read-only"
        page.close()


def test_who_sends_much_is_still_told_why_not(home: Path) -> None:
    for env, status in (({"KUTIP_READ_ONLY": "yes"}, 403), ({"KUTIP_USERS": USERS}, 401)):
        with serving(home, **env) as url:
            connection = HTTPConnection(url.removeprefix("http://"), timeout=60)
            connection.request("POST", "/gradio_api/upload", body=b"x" * 20_000_000)
            assert connection.getresponse().status == status
            connection.close()


def test_the_page_alone(home: Path) -> None:
    settings = Settings.from_env({"KUTIP_HOME": str(home)})
    with serving(home, ui_only=True) as url:
        for path in ("/healthz", "/readyz", "/metrics", "/", *STATIC):
            assert httpx.get(url + path).status_code == 200, path
        for method, path in (
            ("GET", "/v1/models"), ("POST", "/v1/ask"), ("POST", "/v1/chat/completions"), ("GET", "/v1/articles"),
            ("POST", "/mcp"), ("GET", "/docs"), ("GET", "/openapi.json"), ("GET", "/docs/start.js"), ("GET", "/login"),
        ):  # fmt: skip
            problem(httpx.request(method, url + path), 404)
        page = Page(url)
        assert page.trigger(
            "ask", "ask", {"turn": "1", "question": "Apa hadiah Putin?", "history": [], "language": "id"}
        )
        page.close()
    assert settings.home == home


def test_counters_have_few_labels(home: Path) -> None:
    with serving(home) as url:
        page = Page(url)
        page.trigger("ask", "ask", {"turn": "1", "question": "Apa hadiah Putin?", "history": [], "language": "id"})
        for path in ("/page/static/a.js", "/page/static/b/c.css", "/gradio_api/heartbeat/abc", "/gradio_api/file=x"):
            page.http.get(path)
        counted = page.http.get("/metrics").text
        page.close()
    labels = set(re.findall(r'kutip_requests_total\{method="\w+",route="([^"]*)"', counted))
    assert labels <= {known.label for known in ADDRESSES} | {"other"}
    assert {"/", "/page/static", "/gradio_api/queue/join", "/gradio_api/queue/data", "other"} <= labels


def test_the_table_of_addresses() -> None:
    assert {known.label for known in ADDRESSES} > OURS
    for method, path in (("GET", "/page/statics"), ("DELETE", "/"), ("GET", "/gradio_api/upload"), ("GET", "/x\n")):
        assert address(method, path) is None
    found = address("GET", "/assets/Index-Akn07EZk2.js")
    assert found is not None
    assert found.cached == KEPT
