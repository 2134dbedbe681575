"""Articles: what the archive holds, found, read, added and removed; and what becomes of citations then."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from rag.archive.access import index_paths
from rag.settings import Settings
from tests.api_server import serving
from tests.browser.actions import answer, ask, chip, close_panel, expect_marked, panel, toast
from tests.browser.visitors import Visitors

Visit = Callable[..., Page]
NEWS = "Wali Kota Semarang meresmikan jembatan Kaligarang pada 3 Maret 2024.\n\nJembatan itu panjangnya 120 meter."
LATER = "Jembatan lain di Kota Semarang belum dibuka.\n\nPembangunannya ditunda sampai tahun depan."
ASKED = "Siapa yang meresmikan jembatan Kaligarang?"


@pytest.fixture
def own(home: Path) -> Iterator[str]:
    """A server whose archive the test may change."""
    with serving(home, KUTIP_RATE="0") as url:
        yield url


def test_an_uploaded_article_is_asked_about_replaced_and_deleted(visitors: Visitors, own: str, tmp_path: Path) -> None:
    page = visitors.page(f"{own}/#/articles")
    expect(page.locator(".article")).to_have_count(5)
    file = tmp_path / "jembatan.txt"
    _upload(page, file, NEWS, "1 article added")
    expect(page.locator(".article")).to_have_count(6)
    expect(page.get_by_role("navigation").locator(".k-count")).to_have_attribute("data-count", "6")

    page.get_by_role("navigation").get_by_role("link", name="Ask").click()
    turn = ask(page, ASKED)
    first = answer(page)["citations"][0]
    assert first["article_id"] == "jembatan"
    chip(turn, 1).click()
    expect_marked(page, first["quote"])
    close_panel(page)

    _go(page, "Articles")
    _upload(page, file, LATER, "1 replaced")
    _go(page, "Ask")
    page.locator(".conversation-open").click()
    chip(turn, 1).click()
    expect(panel(page).locator(".reader-changed")).to_have_attribute("data-state", "changed")
    expect(panel(page).locator("blockquote")).to_have_text(first["quote"])
    expect(panel(page).locator("mark.current")).to_have_count(0)
    close_panel(page)

    _go(page, "Articles")
    row = page.locator(".article[data-article=jembatan]")
    row.get_by_role("button", name=re.compile("^Remove: ")).click()
    expect(page.get_by_role("button", name="Keep it")).to_be_focused()
    page.keyboard.press("Escape")
    expect(row).to_be_visible()
    row.get_by_role("button", name=re.compile("^Remove: ")).click()
    page.get_by_role("button", name="Remove article").click()
    expect(row).to_have_count(0)
    expect(toast(page).first).to_contain_text("Removed")
    _go(page, "Ask")
    page.locator(".conversation-open").click()
    chip(turn, 1).click()
    expect(panel(page).locator(".reader-changed")).to_have_attribute("data-state", "gone")
    expect(panel(page).locator("blockquote")).to_have_text(first["quote"])
    expect(ask(page, ASKED)).to_have_attribute("data-abstained", "true")


def _go(page: Page, view: str) -> None:
    page.get_by_role("navigation").get_by_role("link", name=view).click()


def _upload(page: Page, file: Path, text: str, told: str) -> None:
    file.write_text(text, "utf-8")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose files").click()
    chooser.value.set_files(file)
    row = page.locator(".upload").last
    expect(row).to_have_attribute("data-state", re.compile("done|failed"))
    expect(row).to_contain_text(told)
    page.get_by_role("button", name="Clear finished").click()


def test_an_empty_archive_asks_for_articles_and_takes_dropped_files(visitors: Visitors, tmp_path: Path) -> None:
    with serving(_emptied(tmp_path), KUTIP_RATE="0") as url:
        page = visitors.page(url)
        expect(page.locator(".welcome")).to_have_attribute("data-state", "empty")
        expect(page.get_by_role("heading", name="The archive is empty")).to_be_visible()
        _go(page, "Articles")
        expect(page.get_by_role("heading", name="The archive is still empty")).to_be_visible()
        page.evaluate(
            """([good, bad]) => {
          const data = new DataTransfer();
          data.items.add(new File([good], 'jembatan.txt'));
          data.items.add(new File([bad], 'foto.png'));
          for (const kind of ['dragenter', 'dragover', 'drop']) {
            document.body.dispatchEvent(new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
          }
        }""",
            [NEWS, "not read"],
        )
        expect(page.locator(".upload[data-file='foto.png']")).to_contain_text("Not added")
        expect(page.locator(".upload[data-file='jembatan.txt']")).to_have_attribute("data-state", "done")
        expect(page.locator(".article")).to_have_count(1)
        _go(page, "Ask")
        expect(ask(page, ASKED).locator(".claim").first).to_contain_text("Wali Kota Semarang meresmikan")


def _emptied(folder: Path) -> Path:
    """An archive whose only article has gone."""
    settings = Settings.from_env({"KUTIP_HOME": str(folder / "home")})
    news = folder / "news"
    news.mkdir()
    (news / "jembatan.txt").write_text(NEWS, "utf-8")
    index_paths(settings, [news])
    (news / "jembatan.txt").unlink()
    index_paths(settings, [news], prune=True)
    return settings.home


def test_articles_are_filtered_searched_and_read(visit: Visit) -> None:
    page = visit("/#/articles")
    expect(page.locator(".article")).to_have_count(5)
    page.get_by_label("Outlet").select_option(label="INDOPOS.CO.ID")
    expect(page.locator(".article")).to_have_count(1)
    page.get_by_label("Outlet").select_option(label="All outlets")
    finder = page.get_by_role("searchbox")
    finder.fill("tukar hadiah")
    expect(page.locator(".article")).to_have_count(1)
    finder.fill("pakaian antariksa")
    expect(page.locator(".articles-nothing")).to_be_visible()
    finder.press("Enter")
    expect(page.locator(".article-excerpt mark").first).to_be_visible()
    page.get_by_role("button", name="Back to the whole list").click()
    expect(page.locator(".article")).to_have_count(5)
    title = page.get_by_role("button", name="Kim Jong Un dan Vladimir Putin Saling Tukar Hadiah Senapan", exact=True)
    title.click()
    expect(panel(page).locator(".article-text")).to_contain_text("Kim memberikan senapan kepada Putin")
    page.keyboard.press("Escape")
    expect(title).to_be_focused()
    untitled = page.locator(".article", has=page.locator(".k-untitled")).first
    untitled.locator(".article-title").click()
    expect(panel(page).get_by_role("heading", level=2)).to_have_text(untitled.locator(".article-title").inner_text())
    expect(panel(page).locator(".reader-origin")).to_contain_text(untitled.locator(".article-outlet").inner_text())


def test_a_read_only_server_shows_neither_upload_nor_removal(visitors: Visitors, home: Path) -> None:
    with serving(home, KUTIP_READ_ONLY="yes") as url:
        page = visitors.page(f"{url}/#/articles")
        expect(page.locator(".article")).to_have_count(5)
        expect(page.get_by_text("Read-only")).to_be_visible()
        expect(page.locator(".dropzone")).to_have_count(0)
        expect(page.locator(".article-remove")).to_have_count(0)
