"""A real Chromium before real servers. Skipped with a word where no Chromium is installed."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.api_server import copy_of, serving
from tests.browser.hostile import hostile_archive
from tests.browser.visitors import PATIENCE, Visitors
from tests.wire_server import WireServer

CHROMIUM = next((found for name in ("chromium", "chromium-browser") if (found := shutil.which(name))), None)
ALONE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
"""For Chromium, there is no other machine."""


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


@pytest.fixture(scope="package")
def readers(chromium: Browser) -> Visitors:
    """The browsers that tests use after each other."""
    return Visitors(chromium)


@pytest.fixture
def visitors(readers: Visitors) -> Iterator[Visitors]:
    """See `Visitors`."""
    readers.strays.clear()
    readers.faults.clear()
    yield readers
    readers.leave()
    assert readers.strays == [], "the page asked for something outside this machine"
    assert readers.faults == [], "a script of the page failed"


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
