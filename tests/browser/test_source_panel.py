"""The source panel: exactly the quote, marked and in view, by mouse and by keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.actions import QUESTION, answer, ask, chip, close_panel, expect_marked, field, panel, tab_to
from tests.browser.visitors import PHONE

Visit = Callable[..., Page]


def test_every_citation_opens_at_exactly_its_quote(visit: Visit) -> None:
    page = visit()
    turn = ask(page)
    citations = answer(page)["citations"]
    assert len(citations) > 2
    for citation in citations:
        chip(turn, citation["id"]).click()
        expect(panel(page).locator(".reader-place")).to_contain_text(f"{citation['id']} of {len(citations)}")
        expect_marked(page, citation["quote"])
    close_panel(page)
    expect(chip(turn, citations[-1]["id"])).to_be_focused()


def test_the_panel_tells_whose_article_it_is_and_goes_on_to_others(visit: Visit) -> None:
    page = visit()
    turn = ask(page)
    citations = answer(page)["citations"]
    titled = next(citation for citation in citations if citation["title"])
    chip(turn, titled["id"]).click()
    expect(panel(page).get_by_role("heading", level=2)).to_have_text(titled["title"])
    expect(panel(page).locator(".reader-origin")).to_contain_text(titled["publisher"])
    expect(panel(page).locator(".reader-origin")).to_contain_text("September 2023")
    panel(page).get_by_role("button", name="Next citation").click()
    after = citations[titled["id"] % len(citations)]
    expect_marked(page, after["quote"])
    panel(page).get_by_role("button", name="Previous citation").click()
    expect_marked(page, titled["quote"])
    others = panel(page).locator(".others")
    expect(others).to_be_visible()
    if others.get_by_role("button").count():
        said = others.locator(".passage-text").first.inner_text()
        others.get_by_role("button").first.click()
        expect(panel(page).locator(".reader-place")).to_contain_text("Says the same")
        expect_marked(page, said)
        panel(page).get_by_role("button", name="Back to the citation").click()
        expect_marked(page, titled["quote"])


def test_a_chip_tells_its_quote_on_hover_and_on_focus(visit: Visit) -> None:
    page = visit()
    turn = ask(page)
    first = answer(page)["citations"][0]
    assert re.match(
        rf"Source 1: {re.escape(first['publisher'])}, \d+ \w+ 20\d\d$", chip(turn, 1).get_attribute("aria-label") or ""
    )
    tip = page.get_by_role("tooltip")
    chip(turn, 1).hover()
    expect(tip).to_contain_text(first["quote"])
    expect(tip).to_contain_text(first["publisher"])
    expect(chip(turn, 1)).to_have_attribute("aria-describedby", tip.get_attribute("id") or "none")
    page.keyboard.press("Escape")
    expect(tip).to_have_count(0)
    tab_to(page, chip(turn, 1), back=True)
    expect(tip).to_contain_text(first["quote"])


def test_keyboard_alone_from_the_question_to_the_quote_and_back(visit: Visit) -> None:
    page = visit()
    tab_to(page, field(page))
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    turn = page.locator("article.turn")
    expect(turn).to_have_attribute("data-state", "done")
    for number in range(len(answer(page)["citations"]), 0, -1):
        tab_to(page, chip(turn, number), back=True)
        seen = chip(turn, number).evaluate("""(node) => {
          const { left, top, width, height } = node.getBoundingClientRect();
          return document.elementFromPoint(left + width / 2, top + height / 2) === node;
        }""")
        assert seen, "the focus is not behind the composer or the header"
    page.keyboard.press("Enter")
    expect_marked(page, answer(page)["citations"][0]["quote"])
    inside = panel(page).evaluate("(panel) => panel.contains(document.activeElement)")
    assert inside
    page.keyboard.press("Escape")
    expect(panel(page)).to_have_count(0)
    expect(chip(turn, 1)).to_be_focused()
    tab_to(page, field(page))


def test_on_a_phone_the_panel_lies_over_the_page_and_keeps_the_focus(visit: Visit) -> None:
    page = visit(viewport=PHONE, has_touch=True)
    turn = ask(page)
    chip(turn, 1).click()
    expect_marked(page, answer(page)["citations"][0]["quote"])
    for _ in range(12):
        page.keyboard.press("Tab")
        held = page.evaluate(
            "() => document.activeElement === document.body || "
            "document.querySelector('dialog.reader').contains(document.activeElement)"
        )
        assert held
    page.keyboard.press("Escape")
    expect(panel(page)).to_have_count(0)
    expect(chip(turn, 1)).to_be_focused()
