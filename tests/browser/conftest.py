"""A real Chromium before real servers. Skipped with a word where no Chromium is installed."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from tests.api_server import copy_of, serving
from tests.browser.hostile import hostile_archive
from tests.wire_server import WireServer

CHROMIUM = next((found for name in ("chromium", "chromium-browser") if (found := shutil.which(name))), None)
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
PATIENCE = 30_000
"""Milliseconds that a busy machine may take for one step; a quiet one needs a fraction of a second."""
ALONE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
"""For Chromium, there is no other machine."""
WATCH = """
document.addEventListener('securitypolicyviolation', (event) => {
  console.error(`policy: ${event.effectiveDirective} ${event.blockedURI}`);
});
"""


@dataclass(frozen=True)
class Site:
    """A server and the archive it shows."""

    url: str
    home: Path


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """The browser; of the package, as its event loop must not outlast these tests."""
    if CHROMIUM is None:
        pytest.skip("needs Chromium (Debian: apt install chromium)")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", ALONE])
        yield browser
        browser.close()


class Visitors:
    """Opens browsers of their own, and watches that none of them asks for anything elsewhere or fails in a script."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._contexts: list[BrowserContext] = []
        self.strays: list[str] = []
        self.faults: list[str] = []

    def context(
        self, *, locale: str = "en-GB", viewport: dict[str, int] | None = None, **more: object
    ) -> BrowserContext:
        """A browser with a storage of its own."""
        made = self._browser.new_context(locale=locale, viewport=viewport or WIDE, **more)  # type: ignore[arg-type]
        made.set_default_timeout(PATIENCE)
        made.on("request", lambda request: self._seen(request.url))
        made.add_init_script(WATCH)
        self._contexts.append(made)
        return made

    def page(self, url: str, **options: object) -> Page:
        """A page at ``url``, in a browser of its own, once it is drawn."""
        return self.tab(self.context(**options), url)  # type: ignore[arg-type]

    def tab(self, context: BrowserContext, url: str) -> Page:
        """A further page of the same browser."""
        page = context.new_page()
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", self._heard)
        page.on("websocket", lambda socket: self._seen(socket.url))
        page.goto(url)
        page.get_by_role("banner").or_(page.locator(".k-header")).first.wait_for()
        return page

    def close(self) -> None:
        """Close all of them."""
        for context in self._contexts:
            context.close()

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error" and message.text.startswith("policy: "):
            self.strays.append(message.text)

    def _seen(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.hostname != "127.0.0.1":
            self.strays.append(url)


@pytest.fixture
def visitors(chromium: Browser) -> Iterator[Visitors]:
    """See `Visitors`."""
    made = Visitors(chromium)
    yield made
    made.close()
    assert made.strays == [], "the page asked for something outside this machine"
    assert made.faults == [], "a script of the page failed"


@pytest.fixture(scope="package")
def site(seeds_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server over the five articles, without a model; tests leave the archive as it was."""
    home = copy_of(seeds_home, tmp_path_factory.mktemp("page") / "home")
    with serving(home, KUTIP_RATE="0") as url:
        yield Site(url, home)


@pytest.fixture
def home(seeds_home: Path, tmp_path: Path) -> Path:
    """An archive of the five articles that a test may change."""
    return copy_of(seeds_home, tmp_path / "chat")


@pytest.fixture(scope="package")
def hostile_site(seeds_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The five articles and one whose every field is an attack."""
    home = hostile_archive(copy_of(seeds_home, tmp_path_factory.mktemp("hostile") / "home"))
    with serving(home, KUTIP_RATE="0") as url:
        yield Site(url, home)


@pytest.fixture(scope="package")
def script() -> Iterator[WireServer]:
    """A language model that says what it is told; `wire` makes it new for each test."""
    with WireServer().running() as server:
        yield server


@pytest.fixture
def wire(script: WireServer) -> Iterator[WireServer]:
    """The model of `writing_site`."""
    script.renew()
    yield script
    assert script.surprises == []


@pytest.fixture(scope="package")
def writing_site(seeds_home: Path, tmp_path_factory: pytest.TempPathFactory, script: WireServer) -> Iterator[Site]:
    """The five articles with a language model: `wire`."""
    home = copy_of(seeds_home, tmp_path_factory.mktemp("writing") / "home")
    with serving(home, KUTIP_RATE="0", KUTIP_RETRIES="0", **script.env()) as url:
        yield Site(url, home)


@pytest.fixture
def visit(visitors: Visitors, site: Site) -> Callable[..., Page]:
    """Opens the page of `site` in a new browser."""

    def opened(path: str = "/", **options: object) -> Page:
        return visitors.page(site.url + path, **options)

    return opened
