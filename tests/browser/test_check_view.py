"""Checking a text: each sentence's verdict with its evidence beside it."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.actions import expect_marked, panel

Visit = Callable[..., Page]
DRAFT = (
    "Presiden Rusia Vladimir Putin menghadiahkan sarung tangan kosmonot dan senapan kepada Kim Jong-un. "
    "Gubernur itu menghadiahkan sembilan drone kamikaze.\n\nHarga cabai di Malang naik bulan lalu. Benarkah?"
)


def test_a_text_is_checked_sentence_by_sentence(visit: Visit) -> None:
    page = visit("/#/check")
    run = page.get_by_role("button", name="Check", exact=True)
    expect(run).to_be_disabled()
    page.get_by_role("textbox", name="Text to check").fill(DRAFT)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".check")).to_have_attribute("data-phase", "done")
    rows = page.locator(".check-sentence")
    verdicts = rows.evaluate_all("(rows) => rows.map((row) => row.dataset.verdict)")
    assert verdicts == ["supported", "contradicted", "not-found", "not-checked"]
    assert rows.locator(".check-text").all_inner_texts() == [
        sentence if sentence.endswith("?") else f"{sentence}." for sentence in DRAFT.replace("\n\n", " ").split(". ")
    ]
    expect(rows.nth(1).locator(".check-fault").first).to_be_visible()
    for row in rows.all():
        assert row.locator(".k-status svg").count() == 1
        assert row.locator(".k-status").inner_text()

    quote = rows.first.locator(".check-quote").first
    said = quote.locator(".check-quoted").inner_text().strip("“”")
    quote.focus()
    page.keyboard.press("Enter")
    expect_marked(page, said)
    page.keyboard.press("Escape")
    expect(panel(page)).to_have_count(0)
    expect(quote).to_be_focused()

    page.locator(".check-filter[data-filter=contradicted]").click()
    expect(page.locator(".check-sentence:visible")).to_have_count(1)
    page.reload()
    expect(rows).to_have_count(4)
    page.get_by_role("button", name="Edit the text").click()
    expect(page.get_by_role("textbox", name="Text to check")).to_have_value(DRAFT)


def test_checking_is_stopped(visit: Visit) -> None:
    page = visit("/#/check")
    page.get_by_role("textbox", name="Text to check").fill("Putin memberi Kim senapan buatan Rusia. " * 300)
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.locator(".check-sentence").first).to_be_visible()
    page.get_by_role("button", name="Stop").click()
    expect(page.locator(".check")).to_have_attribute("data-phase", "stopped")
    expect(page.locator(".check-stopped")).to_contain_text("Stopped")
    page.get_by_role("button", name="New text").click()
    expect(page.get_by_role("textbox", name="Text to check")).to_have_value("")


def test_a_text_without_words_cannot_be_checked(visit: Visit) -> None:
    page = visit("/#/check")
    page.get_by_role("textbox", name="Text to check").fill("… !!!")
    expect(page.get_by_role("button", name="Check", exact=True)).to_be_disabled()
