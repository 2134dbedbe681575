"""Answers that a language model writes: claim by claim, with what verification found; stopped, failed, tried again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.actions import QUESTION, answer, ask, chip, expect_marked, field, kept, send
from tests.browser.conftest import Site
from tests.browser.visitors import Visitors
from tests.test_generative import GIFT, IN_RETURN, RETURN, RIFLE
from tests.wire_server import Reply, WireServer, answering

HORSE = ("Putin gave Kim a high-quality Russian-made rifle and a horse.", [RIFLE])
FIVE = ("Putin gave Kim five rifles.", [RIFLE])
NOT = ("Putin did not give Kim a rifle.", [RIFLE])


@pytest.fixture
def page(visitors: Visitors, writing_site: Site) -> Callable[[], Page]:
    """Opens the page of a server with a model."""
    return lambda: visitors.page(writing_site.url)


def test_claims_come_one_by_one_with_what_was_found(page: Callable[[], Page], wire: WireServer) -> None:
    wire.say(answering(GIFT, HORSE, IN_RETURN, FIVE, NOT, pieces=40, hold_after=16))
    shown = page()
    expect(shown.locator(".composer-hint")).to_contain_text("Written by wire-1")
    turn = send(shown, QUESTION)
    expect(turn.locator(".claim")).to_have_count(1)
    expect(turn).to_have_attribute("data-state", "working")
    expect(turn.locator(".claim-text").first).to_contain_text(GIFT[0])
    expect(turn.locator(".working")).to_have_attribute("data-step", "writing")
    expect(turn.locator(".checked")).to_have_count(0)
    chip(turn, 1).click()  # what is there can be read before the rest is
    expect_marked(shown, RIFLE)
    wire.let_go()
    expect(turn).to_have_attribute("data-state", "done")
    expect(turn.locator(".claim")).to_have_count(3)

    partly = turn.locator(".claim").nth(1)
    assert partly.get_attribute("data-verdict") == "partly"
    expect(partly).to_contain_text("Only partly supported")
    expect(partly.locator(".problems")).to_contain_text("Added")
    expect(partly.locator(".problems")).to_contain_text("horse")
    assert partly.locator("svg").count() > 0  # a sign, not colour alone
    expect(turn.locator(".checked")).to_contain_text("2 supported, 1 partly")
    folded = turn.locator("details.withheld")
    expect(folded.get_by_text(FIVE[0])).to_be_hidden()
    folded.locator("summary").click()
    expect(folded).to_contain_text("2 withheld")
    expect(folded.get_by_text(FIVE[0])).to_be_visible()
    expect(folded).to_contain_text("Number")
    expect(folded).to_contain_text("Negation")
    chip(turn, 2).click()
    expect_marked(shown, RETURN)


def test_an_answer_is_told_once_when_it_is_whole(page: Callable[[], Page], wire: WireServer) -> None:
    wire.say(answering(GIFT, IN_RETURN, pieces=30, hold_after=20))
    shown = page()
    said = shown.locator(".ask-main > [role=status]")
    shown.evaluate("""() => {
      window.told = [];
      const said = document.querySelector('.ask-main > [role=status]');
      new MutationObserver(() => window.told.push(said.textContent)).observe(said, { childList: true });
    }""")
    turn = send(shown, QUESTION)
    expect(turn.locator(".claim")).to_have_count(1)
    wire.let_go()
    expect(turn).to_have_attribute("data-state", "done")
    expect(said).to_contain_text("2 statements, all supported")
    told = shown.evaluate("() => window.told")
    assert len(told) == 2
    assert GIFT[0] in told[1]
    assert IN_RETURN[0] in told[1]


def test_an_answer_is_stopped_and_asked_again(page: Callable[[], Page], wire: WireServer) -> None:
    wire.say(answering(GIFT, IN_RETURN, pieces=40, hold_after=25), answering(GIFT, IN_RETURN))
    shown = page()
    turn = send(shown, QUESTION)
    expect(turn.locator(".claim")).to_have_count(1)
    shown.get_by_role("button", name="Stop").click()
    expect(turn).to_have_attribute("data-state", "stopped")
    expect(turn).to_contain_text("Stopped.")
    expect(turn.locator(".claim")).to_have_count(1)
    assert wire.closed_early.wait(20), "the model was not told to stop"
    expect(field(shown)).to_be_focused()
    turn.get_by_role("button", name="Try again").click()
    expect(shown.locator("article.turn")).to_have_count(1)
    expect(turn).to_have_attribute("data-state", "done")
    expect(turn.locator(".claim")).to_have_count(2)
    assert len(kept(shown)[0]["turns"]) == 1


def test_a_reload_in_the_middle_leaves_a_turn_that_can_be_asked_again(
    page: Callable[[], Page], wire: WireServer
) -> None:
    wire.say(answering(GIFT, IN_RETURN, pieces=40, hold_after=25), answering(GIFT))
    shown = page()
    expect(send(shown, QUESTION).locator(".claim")).to_have_count(1)
    shown.reload()
    turn = shown.locator("article.turn")
    expect(turn).to_have_attribute("data-state", "stopped")
    expect(turn.locator(".claim")).to_have_count(1)
    turn.get_by_role("button", name="Try again").click()
    expect(turn).to_have_attribute("data-state", "done")


def test_one_question_at_a_time(page: Callable[[], Page], wire: WireServer) -> None:
    wire.say(answering(GIFT, IN_RETURN, pieces=40, hold_after=25))
    shown = page()
    expect(send(shown, QUESTION).locator(".claim")).to_have_count(1)
    field(shown).fill("Another one?")
    field(shown).press("Enter")
    expect(field(shown)).to_have_value("Another one?")
    wire.let_go()
    expect(shown.locator("article.turn")).to_have_attribute("data-state", "done")
    expect(shown.locator("article.turn")).to_have_count(1)
    expect(field(shown)).to_have_value("Another one?")


def test_a_failure_says_what_to_do(page: Callable[[], Page], wire: WireServer) -> None:
    wire.say(Reply(status=401), answering(GIFT))
    shown = page()
    turn = ask(shown)
    expect(turn).to_have_attribute("data-state", "failed")
    expect(turn).to_contain_text("OPENAI_API_KEY")
    turn.get_by_role("button", name="Try again").click()
    expect(turn).to_have_attribute("data-state", "done")
    expect(turn.locator(".claim")).to_have_count(1)


def test_an_answer_without_the_model_says_so(page: Callable[[], Page], wire: WireServer) -> None:
    wire.say(Reply(status=500))
    shown = page()
    turn = ask(shown)
    expect(turn).to_have_attribute("data-state", "done")
    expect(turn.locator(".degraded")).to_contain_text("could not answer")
    assert answer(shown)["claims"]
