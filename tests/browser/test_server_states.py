"""What the page says of its server: restarted, logged out of, without an archive, with a damaged one; and feedback."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.api_server import Process, serving
from tests.browser.actions import QUESTION, answer, ask, chip, expect_marked, field, kept, send, toast
from tests.browser.conftest import Site
from tests.browser.visitors import Visitors
from ui.chat.users import entry

Visit = Callable[..., Page]
PASSWORD = "correct horse battery"  # noqa: S105  # of these tests


def test_a_restart_under_an_open_page(visitors: Visitors, home: Path) -> None:
    server = Process(home).ready("/")
    page = visitors.page(server.url)
    turn = ask(page)
    quote = answer(page)["citations"][0]["quote"]
    server.kill()
    page.evaluate("() => { window.isOld = true; }")
    lost = send(page, "What did Putin give Kim?")
    with serving(home, port=server.port):
        page.wait_for_function("() => !window.isOld")  # it sees the new server and loads itself again
        expect(lost).to_have_attribute("data-state", re.compile("stopped|failed"))
        expect(turn.first).to_have_attribute("data-state", "done")
        chip(turn, 1).click()
        expect_marked(page, quote)
        page.keyboard.press("Escape")
        page.locator("article.turn").last.get_by_role("button", name="Try again").click()
        expect(page.locator("article.turn").last).to_have_attribute("data-state", "done")
        assert len(kept(page)[0]["turns"]) == 2


def test_a_server_that_is_gone_is_said_so(visitors: Visitors, home: Path) -> None:
    with serving(home) as url:
        page = visitors.page(url)
        ask(page)
    page.locator(".chip").first.click()
    expect(page.locator(".reader-changed")).to_contain_text("The server does not answer")
    expect(page.locator(".reader-quote")).to_have_text(answer(page)["citations"][0]["quote"])
    expect(page.locator("article.turn")).to_have_attribute("data-state", "done")


def test_a_server_that_takes_no_more_says_so_and_can_be_asked_again(visit: Visit) -> None:
    page = visit()
    page.route("**/queue/join*", lambda route: route.fulfill(status=503, json={"detail": "Queue is full."}), times=1)
    turn = ask(page)
    expect(turn).to_have_attribute("data-state", "failed")
    expect(turn.locator(".failed")).to_contain_text("more to do than it can take: try again")
    turn.get_by_role("button", name="Try again").click()
    expect(turn).to_have_attribute("data-state", "done")
    expect(toast(page)).to_have_count(0)  # it is told once, and in our words
    page.route("**/queue/join*", lambda route: route.fulfill(status=503, json={"detail": "Queue is full."}), times=1)
    page.goto(f"{page.url.partition('#')[0]}#/check")
    page.get_by_role("textbox", name="Text to check").fill("Putin memberi Kim senapan.")
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("more to do than it can take")


def test_feedback_is_stored_with_the_answer(visit: Visit, site: Site) -> None:
    page = visit()
    turn = ask(page)
    turn.get_by_role("button", name="Good answer").click()
    expect(toast(page)).to_contain_text("Thank you")
    expect(turn.get_by_role("button", name="Good answer")).to_have_attribute("aria-pressed", "true")
    turn.get_by_role("button", name="Bad answer").click()
    dialog = page.get_by_role("dialog", name="What was wrong?")
    dialog.get_by_role("button", name="Send").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Choose a reason")
    dialog.get_by_role("radio", name="Something is missing").check()
    dialog.get_by_role("textbox").fill("Where is the drone? <b>")
    dialog.get_by_role("button", name="Send").click()
    expect(dialog).to_have_count(0)
    expect(turn.get_by_role("button", name="Bad answer")).to_be_focused()
    expect(turn.get_by_role("button", name="Bad answer")).to_have_attribute("aria-pressed", "true")

    id = turn.get_attribute("data-turn")
    lines = [json.loads(line) for line in (site.home / "feedback.jsonl").read_text("utf-8").splitlines()]
    mine = [line for line in lines if line["turn"] == id]
    assert [(line["thumbs"], line["reason"], line["comment"]) for line in mine] == [
        ("up", None, ""), ("down", "incomplete", "Where is the drone? <b>"),
    ]  # fmt: skip
    assert all(line["answer"] == answer(page) for line in mine)
    page.reload()
    expect(page.get_by_role("button", name="Bad answer")).to_have_attribute("aria-pressed", "true")


def test_one_logs_in_and_out(visitors: Visitors, home: Path) -> None:
    with serving(home, KUTIP_USERS=entry("siti", PASSWORD)) as url:
        context = visitors.context()
        page = context.new_page()
        page.goto(f"{url}/#/articles")
        expect(page.get_by_role("heading", level=1)).to_have_text("Log in")
        page.get_by_label("User name").fill("siti")
        page.get_by_label("Password").fill("wrong password")
        page.get_by_role("button", name="Log in").click()
        expect(page.get_by_role("alert")).to_contain_text("wrong")
        page.get_by_label("Password").fill(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.locator(".k-user")).to_contain_text("siti")
        expect(page.locator(".article")).to_have_count(5)  # the view that was asked for
        page.goto(f"{url}/#/")
        expect(ask(page).locator(".claim").first).to_be_visible()
        other = visitors.context().new_page()
        other.goto(url)
        expect(other.get_by_role("heading", level=1)).to_have_text("Log in")
        page.get_by_role("link", name="Log out").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Log in")
        page.go_back()
        expect(page.get_by_role("heading", level=1)).to_have_text("Log in")


def test_a_session_that_has_ended_leads_to_the_log_in(visitors: Visitors, home: Path) -> None:
    with serving(home, KUTIP_USERS=entry("siti", PASSWORD)) as url:
        context = visitors.context()
        page = context.new_page()
        page.goto(url)
        page.get_by_label("User name").fill("siti")
        page.get_by_label("Password").fill(PASSWORD)
        page.keyboard.press("Enter")
        field(page).wait_for()
        context.clear_cookies()
        field(page).fill(QUESTION)
        field(page).press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Log in")


def test_a_damaged_archive_is_told_with_what_to_do(visitors: Visitors, home: Path) -> None:
    for file in home.rglob("*.sqlite3"):
        file.write_bytes(b"not a database")
    with serving(home) as url:
        page = visitors.page(url)
        expect(page.locator(".welcome")).to_have_attribute("data-state", "problem")
        expect(page.locator(".welcome")).to_contain_text("kutip index --rebuild")
        expect(page.get_by_role("button", name="Try again")).to_be_visible()
        expect(ask(page)).to_have_attribute("data-state", "failed")


def test_quality_shows_a_report_that_runs_nothing(visitors: Visitors, home: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.html"
    report.write_text("<!doctype html><p id=report>All good</p><script>top.pwned = 1</script>")
    with serving(home, KUTIP_REPORT=str(report)) as url:
        page = visitors.page(f"{url}/#/quality")
        frame = page.frame_locator(".quality-frame")
        expect(frame.locator("#report")).to_have_text("All good")
        assert page.evaluate("() => window.pwned ?? null") is None
        assert page.locator(".quality-frame").get_attribute("sandbox") == ""
        visitors.strays.clear()  # the policy has stopped the report's script, as it should


def test_quality_without_a_report(visitors: Visitors, home: Path, tmp_path: Path) -> None:
    with serving(home, KUTIP_REPORT=str(tmp_path / "none.html")) as url:
        page = visitors.page(f"{url}/#/quality")
        expect(page.get_by_role("heading", name="Nothing has been measured yet")).to_be_visible()
