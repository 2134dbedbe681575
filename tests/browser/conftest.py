"""A real Chromium before a real server. Skipped with a word where no Chromium is installed."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright

from tests.api_server import copy_of, serving

CHROMIUM = next((found for name in ("chromium", "chromium-browser") if (found := shutil.which(name))), None)
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """The browser; of the package, as its event loop must not outlast these tests."""
    if CHROMIUM is None:
        pytest.skip("needs Chromium (Debian: apt install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def home(seeds_home: Path, tmp_path: Path) -> Path:
    """An archive of the five articles that a test may change."""
    return copy_of(seeds_home, tmp_path / "chat")


@pytest.fixture
def site(home: Path) -> Iterator[str]:
    """Address of a server over `home`."""
    with serving(home) as url:
        yield url


class Visitors:
    """Opens browsers of their own, and watches that none of them asks for anything elsewhere or fails in a script."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._contexts: list[BrowserContext] = []
        self.strays: list[str] = []
        self.faults: list[str] = []

    def context(self, *, locale: str = "en-GB", viewport: dict[str, int] | None = None, **more: object) -> BrowserContext:
        """A browser with a storage of its own."""
        made = self._browser.new_context(locale=locale, viewport=viewport or WIDE, **more)  # type: ignore[arg-type]
        made.set_default_timeout(20_000)
        made.route("**/*", self._stay)
        self._contexts.append(made)
        return made

    def page(self, url: str, **options: object) -> Page:
        """A page at ``url``, in a browser of its own, once it is drawn."""
        return self.tab(self.context(**options), url)  # type: ignore[arg-type]

    def tab(self, context: BrowserContext, url: str) -> Page:
        """A further page of the same browser."""
        page = context.new_page()
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.goto(url)
        page.locator("[data-view=ask] textarea").wait_for()
        return page

    def close(self) -> None:
        """Close all of them."""
        for context in self._contexts:
            context.close()

    def _stay(self, route: Route) -> None:
        parts = urlsplit(route.request.url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.hostname != "127.0.0.1":
            self.strays.append(route.request.url)
            route.abort()
        else:
            route.continue_()


@pytest.fixture
def visitors(chromium: Browser) -> Iterator[Visitors]:
    """See `Visitors`."""
    made = Visitors(chromium)
    yield made
    made.close()
    assert made.strays == [], "the page asked for something outside this machine"
    assert made.faults == [], "a script of the page failed"


@pytest.fixture
def visit(visitors: Visitors, site: str) -> Callable[..., Page]:
    """Opens the page in a new browser."""

    def opened(path: str = "/", **options: object) -> Page:
        return visitors.page(site + path, **options)

    return opened
