"""Asking: from the first visit to a cited answer that stays."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.actions import (
    ABSENT,
    QUESTION,
    answer,
    ask,
    chip,
    expect_marked,
    field,
    in_one_line,
    kept,
    panel,
    toast,
)  # fmt: skip
from tests.browser.conftest import Site
from tests.browser.visitors import Visitors

Visit = Callable[..., Page]


def test_from_the_first_visit_to_a_cited_answer_that_a_reload_keeps(visit: Visit) -> None:
    page = visit()
    expect(page.get_by_role("heading", level=1)).to_have_text("What do you want to know?")
    page.locator(".suggestion").first.click()
    first = page.locator("article.turn")
    expect(first).to_have_attribute("data-state", "done")
    expect(first.locator(".claim").first).to_be_visible()
    expect(first.locator(".checked")).to_contain_text("supported")

    turn = ask(page)
    claims = answer(page)["claims"]
    assert claims
    assert all(claim["verdict"] == "supported" for claim in claims)
    for shown, claim in zip(turn.locator(".claim").all(), claims, strict=True):
        text = shown.locator(".claim-text").inner_text()
        assert text == in_one_line(claim["text"]) + "".join(map(str, claim["citations"]))
        assert shown.locator(".chip").count() == len(claim["citations"]) > 0
    expect(turn.locator(".checked")).to_contain_text(f"{len(claims)} statements, all supported")
    expect(turn.locator(".checked svg")).to_be_visible()

    before = page.locator(".ask-flow").inner_text()
    page.reload()
    expect(page.locator("article.turn")).to_have_count(2)
    assert page.locator(".ask-flow").inner_text() == before
    chip(page.locator("article.turn").last, 2).click()
    expect_marked(page, answer(page)["citations"][1]["quote"])


def test_a_follow_up_is_understood_in_its_conversation(visit: Visit) -> None:
    page = visit()
    ask(page, "What did Putin give Kim?")
    turn = ask(page, "and what did he get in return?")
    found = answer(page)
    assert found["understood"]
    expect(turn.locator(".understood")).to_contain_text(found["understood"])
    assert not found["abstained"]
    chip(turn, 1).click()
    expect_marked(page, found["citations"][0]["quote"])
    assert len(kept(page)) == 1


def test_an_abstention_looks_different_and_offers_the_nearest_passages(visit: Visit) -> None:
    page = visit()
    turn = ask(page, ABSENT)
    expect(turn).to_have_attribute("data-abstained", "true")
    expect(turn.get_by_role("heading", name="Not in the archive")).to_be_visible()
    expect(turn).to_contain_text("World Cup")
    expect(turn.locator(".chip")).to_have_count(0)
    nearest = answer(page)["nearest"]
    assert nearest
    turn.locator(".nearest button").first.click()
    expect(panel(page).locator("mark.current").first).to_be_in_viewport()
    marked = "".join(panel(page).locator("mark.current").all_text_contents())
    assert "".join(marked.split()) == "".join(nearest[0]["text"].split())


def test_the_language_follows_the_browser_and_can_be_changed(visit: Visit) -> None:
    page = visit(locale="id-ID")
    expect(page.get_by_role("heading", level=1)).to_have_text("Apa yang ingin Anda ketahui?")
    assert page.locator("html").get_attribute("lang") == "id"
    turn = ask(page, "Apa hadiah Putin untuk Kim?")
    expect(turn.locator(".checked")).to_contain_text("pernyataan")
    text = turn.locator(".claims").inner_text()
    page.get_by_role("button", name="EN English").click()
    expect(page.get_by_role("navigation").get_by_role("link", name="Ask")).to_be_visible()
    expect(turn.locator(".checked")).to_contain_text("supported")
    assert turn.locator(".claims").inner_text() == text
    assert page.locator("html").get_attribute("lang") == "en"
    page.reload()
    expect(field(page)).to_have_accessible_name("Your question")


def test_two_browsers_do_not_see_each_other(visitors: Visitors, site: Site) -> None:
    one, other = visitors.page(site.url), visitors.page(site.url)
    ask(one, QUESTION)
    ask(other, ABSENT)
    expect(one.locator("article.turn")).to_have_count(1)
    expect(other.locator("article.turn")).to_have_count(1)
    expect(one.locator("article.turn")).to_contain_text(QUESTION)
    expect(other.locator("article.turn")).to_contain_text(ABSENT)
    assert [len(kept(page)) for page in (one, other)] == [1, 1]
    other.goto(one.url)  # the address of a conversation is no key to it
    expect(toast(other)).to_contain_text("not in this browser")
    expect(other.locator("article.turn")).to_have_count(0)


def test_two_tabs_of_one_browser_share_their_conversations(visitors: Visitors, site: Site) -> None:
    context = visitors.context()
    one, other = visitors.tab(context, site.url), visitors.tab(context, site.url)
    ask(one)
    expect(other.locator(".conversation-open")).to_have_text([QUESTION])
    other.locator(".conversation-open").click()
    expect(other.locator("article.turn")).to_have_count(1)
    ask(other, ABSENT)
    expect(one.locator("article.turn")).to_have_count(2)


def test_a_question_is_edited_and_asked_again(visit: Visit) -> None:
    page = visit()
    ask(page)
    ask(page, "Who is Dmitry Peskov?")
    first = page.locator("article.turn").first
    first.get_by_role("button", name="Ask again").click()
    expect(page.locator("article.turn")).to_have_count(2)
    expect(page.locator("article.turn[data-state=done]")).to_have_count(2)
    expect(first.get_by_role("heading", level=2)).to_have_text(QUESTION)

    first.get_by_role("button", name="Edit the question").click()
    editor = first.get_by_role("textbox", name="Question")
    expect(editor).to_be_focused()
    editor.press("Escape")
    expect(first.get_by_role("button", name="Edit the question")).to_be_focused()
    first.get_by_role("button", name="Edit the question").click()
    editor.fill(ABSENT)
    editor.press("Enter")
    expect(page.locator("article.turn")).to_have_count(1)
    expect(first).to_have_attribute("data-abstained", "true")
    assert [turn["question"] for turn in kept(page)[0]["turns"]] == [ABSENT]


def test_conversations_are_listed_renamed_and_deleted(visit: Visit) -> None:
    page = visit()
    ask(page)
    page.get_by_role("button", name="New conversation").click()
    expect(field(page)).to_be_focused()
    ask(page, ABSENT)
    names = page.get_by_role("navigation", name="Conversations").locator(".conversation-open")
    expect(names).to_have_text([ABSENT, QUESTION])

    names.last.hover()
    page.get_by_role("button", name=f"Rename “{QUESTION}”").click()
    page.get_by_role("textbox", name=f"Rename “{QUESTION}”").fill("Gifts")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Rename “Gifts”")).to_be_focused()
    page.get_by_role("button", name="Gifts", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Gifts")
    expect(page.locator("article.turn")).to_contain_text(QUESTION)

    page.get_by_role("button", name="Delete “Gifts”").click()
    expect(page.get_by_role("button", name="Cancel")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Delete “Gifts”")).to_be_focused()
    page.keyboard.press("Enter")
    page.locator(".conversation-delete-sure").click()
    expect(names).to_have_text([ABSENT])
    expect(page.locator("article.turn")).to_have_count(0)
    assert [conversation["title"] for conversation in kept(page)] == [ABSENT]
    assert page.evaluate("() => Object.keys(localStorage).filter((key) => key.startsWith('kutip.c.')).length") == 1


def test_a_conversation_is_exported(visit: Visit) -> None:
    page = visit()
    ask(page)
    ask(page, ABSENT)
    written = _exported(page, "Export as Markdown")
    assert written.startswith("# ")
    cited = set(re.findall(r"\[\^([\d-]+)\](?!:)", written))
    explained = set(re.findall(r"^\[\^([\d-]+)\]:", written, re.MULTILINE))
    assert cited == explained != set()
    for citation in answer(page, 0)["citations"]:
        assert f"“{in_one_line(citation['quote'])}”" in written
    assert "Not in the archive" in written
    exported = json.loads(_exported(page, "Export as JSON"))
    assert exported["turns"] == kept(page)[0]["turns"]
    assert [turn["question"] for turn in exported["turns"]] == [QUESTION, ABSENT]


def test_there_is_nothing_to_export_of_a_failed_question(visit: Visit) -> None:
    page = visit()
    expect(ask(page, "???")).to_have_attribute("data-state", "failed")
    expect(page.get_by_role("heading", level=1)).to_have_text("???")
    expect(page.locator(".ask-export")).to_have_count(0)
    ask(page)
    expect(page.locator(".ask-export")).to_be_visible()


def _exported(page: Page, how: str) -> str:
    page.locator(".ask-export").click()
    with page.expect_download() as download:
        page.get_by_role("button", name=how).click()
    expect(toast(page).last).to_contain_text(download.value.suggested_filename)
    assert re.fullmatch(r"kutip[a-z0-9-]*\.(md|json)", download.value.suggested_filename)
    return Path(download.value.path()).read_text("utf-8")


def test_an_answer_is_copied_with_its_sources(visit: Visit) -> None:
    page = visit(permissions=["clipboard-read", "clipboard-write"])
    turn = ask(page)
    turn.get_by_role("button", name="Copy").click()
    expect(toast(page)).to_contain_text("Copied")
    copied = page.evaluate("() => navigator.clipboard.readText()")
    found = answer(page)
    assert all(claim["text"] in copied for claim in found["claims"])
    assert all(citation["quote"] in copied for citation in found["citations"])


def test_what_a_question_must_not_be(visit: Visit) -> None:
    page = visit()
    expect(page.locator(".composer-send")).to_be_disabled()
    field(page).fill("x" * 2_001)
    expect(page.locator(".composer-count")).to_have_text("2,001 of 2,000 characters")
    expect(page.locator(".composer-send")).to_be_disabled()
    field(page).press("Enter")
    expect(page.locator("article.turn")).to_have_count(0)
    field(page).fill("two")
    field(page).press("Shift+Enter")
    page.keyboard.type("lines")
    expect(field(page)).to_have_value("two\nlines")
    page.reload()
    expect(field(page)).to_have_value("two\nlines")  # a draft is kept
    turn = ask(page, "???")
    expect(turn).to_have_attribute("data-state", "failed")
    expect(turn).to_contain_text("There are no words in it")
