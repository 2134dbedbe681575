"""What of the page is there: of Gradio's addresses those that it needs, with policies, limits and counters."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import httpx
import pytest
from starlette.routing import Mount

from rag.settings import Settings
from tests.api_server import copy_of, serving
from tests.chat_page import Page
from tests.conftest import ROOT
from tests.test_api_ask import problem
from tests.test_chat_page_access import ARTICLE, STATIC, USERS, session
from ui.api.app import make_app
from ui.chat.addresses import ADDRESSES, KEPT, OURS, POLICY, address
from ui.chat.mounting import FILES


@pytest.fixture(scope="module")
def home(seeds_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_of(seeds_home, tmp_path_factory.mktemp("addresses") / "home")


@pytest.fixture(scope="module")
def guarded(home: Path) -> Iterator[str]:
    with serving(home, KUTIP_USERS=USERS) as url:
        yield url


def assets(url: str, **headers: str) -> list[str]:
    """Addresses of files that Gradio's page begins with."""
    page = httpx.get(url + "/", headers=headers, timeout=60).text
    return [f"/{path}" for path in re.findall(r'"\./(assets/[^"]+)"', page)]


def test_static_files_and_the_log_in_are_open(guarded: str) -> None:
    for path in (*STATIC, *assets(guarded, **session(guarded))):
        assert httpx.get(guarded + path, timeout=60).status_code == 200, path
    form = httpx.get(f"{guarded}/login", headers={"Accept-Language": "id-ID,id;q=0.9"}, timeout=60)
    assert form.status_code == 200
    assert "<h1>Masuk</h1>" in form.text
    assert "<h1>Log in</h1>" in httpx.get(f"{guarded}/login", headers={"Accept-Language": "fr"}, timeout=60).text
    assert "unsafe" not in form.headers["content-security-policy"]
    for path in re.findall(r'(?:href|src)="([^"]+)"', form.text):
        assert httpx.get(f"{guarded}/{path}", timeout=60).status_code == 200, path


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
    assert blocks._queue.max_size == 8 + 256  # KUTIP_ANSWERS and KUTIP_QUEUE, as they are when not set
    assert Path(mounted.app.uploaded_file_dir).name.startswith("kutip-")  # type: ignore[attr-defined]
    assert all(fn.api_visibility == "private" for fn in blocks.fns.values())
    with serving(home) as url:
        html = httpx.get(url, timeout=60).text
    assert str(home) not in html
    assert str(ROOT) not in html
    sent = json.JSONDecoder().raw_decode(html, html.index("{", html.index("window.gradio_config")))[0]
    assert sent["footer_links"] == []


def test_every_module_is_asked_for_at_once(guarded: str) -> None:
    page = httpx.get(guarded, headers=session(guarded)).text
    linked = {name for name in re.findall(r"modulepreload[^>]*?/page/static/([a-z_/]+\.js)", page)}
    modules = {path.relative_to(FILES).as_posix() for path in FILES.rglob("*.js")}
    assert linked == modules - {"login.js"}
    assert len(linked) > 40


def test_policies_and_caches(guarded: str) -> None:
    ours = session(guarded)
    page = httpx.get(guarded, headers=ours, timeout=60)
    assert page.headers["content-security-policy"] == POLICY
    assert page.headers["cache-control"] == "no-store"
    for directive in ("default-src 'self'", "object-src 'none'", "frame-ancestors 'none'", "form-action 'self'"):
        assert directive in POLICY
    assert "http" not in POLICY
    for path in assets(guarded, **ours):
        kept = httpx.get(guarded + path, timeout=60)
        assert kept.headers["cache-control"] == KEPT
        assert kept.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    own = httpx.get(f"{guarded}/page/static/main.js", timeout=60)
    assert own.headers["cache-control"] == "no-cache"
    again = httpx.get(f"{guarded}/page/static/main.js", headers={"If-None-Match": own.headers["etag"]}, timeout=60)
    assert (again.status_code, again.content) == (304, b"")
    assert httpx.get(f"{guarded}/page/static/nothing.js", timeout=60).headers["cache-control"] == "no-store"
    report = httpx.get(f"{guarded}/page/report", headers=ours, timeout=60)
    assert "sandbox" in report.headers["content-security-policy"]
    for path in ("/page/report", "/gradio_api/queue/data?session_hash=s"):
        assert httpx.get(guarded + path, timeout=60).headers["cache-control"] == "no-store"


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
        assert httpx.post(f"{url}/login", content=b"x" * 16_001, timeout=60).status_code == 413


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
        assert httpx.get(f"{url}/v1/articles", timeout=60).json()["total"] == 5
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
            assert httpx.get(url + path, timeout=60).status_code == 200, path
        for method, path in (
            ("GET", "/v1/models"), ("POST", "/v1/ask"), ("POST", "/v1/chat/completions"), ("GET", "/v1/articles"),
            ("POST", "/mcp"), ("GET", "/docs"), ("GET", "/openapi.json"), ("GET", "/docs/start.js"), ("GET", "/login"),
        ):  # fmt: skip
            problem(httpx.request(method, url + path, timeout=60), 404)
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
