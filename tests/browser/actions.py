"""What readers do on the page and what they then see; by roles and names where there are any."""

from __future__ import annotations

import contextlib
import re
from typing import Any

from playwright.sync_api import Error, Locator, Page, expect

QUESTION = "What gifts were exchanged?"
ABSENT = "Who won the 2022 World Cup?"
ENDED = re.compile("done|failed|stopped")
_FIELD = re.compile("^(Your question|Pertanyaan Anda)$")
_PANEL = re.compile("^(Source|Sumber): ")
_TABS = 120


def field(page: Page) -> Locator:
    """Where a question is written."""
    return page.get_by_role("textbox", name=_FIELD)


def send(page: Page, question: str) -> Locator:
    """Ask; the turn, which is being worked on."""
    before = page.locator("article.turn").count()
    field(page).fill(question)
    field(page).press("Enter")
    turn = page.locator("article.turn").nth(before)
    expect(turn.get_by_role("heading", level=2)).to_have_text(question)
    return turn


def ask(page: Page, question: str = QUESTION) -> Locator:
    """Ask and wait for the end; the turn."""
    turn = send(page, question)
    expect(turn).to_have_attribute("data-state", ENDED)
    return turn


def chip(turn: Locator, number: int) -> Locator:
    """The first chip of a citation."""
    return turn.get_by_role("button", name=re.compile(rf"^(Source|Sumber) {number}: ")).first


def panel(page: Page) -> Locator:
    """The source panel."""
    return page.get_by_role("dialog", name=_PANEL)


def kept(page: Page) -> list[dict[str, Any]]:
    """The conversations that the browser keeps, newest first."""
    return page.evaluate("""() => JSON.parse(localStorage.getItem('kutip.conversations') ?? '[]')
        .map(({id}) => JSON.parse(localStorage.getItem('kutip.c.' + id)))""")  # type: ignore[no-any-return]


def answer(page: Page, turn: int = -1) -> dict[str, Any]:
    """The answer object of a turn of the newest conversation."""
    found: dict[str, Any] = kept(page)[0]["turns"][turn]["answer"]
    return found


def in_one_line(text: str) -> str:
    """A text as a page shows it: a quote over two paragraphs has white space for the gap."""
    return " ".join(text.split())


def expect_marked(page: Page, quote: str) -> None:
    """The panel marks exactly this quote, paragraph by paragraph, where one sees it."""
    wanted = [line.strip() for line in quote.splitlines() if line.strip()]
    with contextlib.suppress(Error):  # the panel may be loading; what it shows in the end is told below
        page.wait_for_function(f"(wanted) => String(({_MARKED})().paragraphs) === String(wanted)", arg=wanted)
    marked = page.evaluate(_MARKED)
    assert marked["paragraphs"] == wanted
    assert marked["inside"]
    assert marked["coloured"]


_MARKED = """() => {
  const panel = document.querySelector('dialog.reader');
  const area = panel.querySelector('.reader-scroll').getBoundingClientRect();
  const marks = [...panel.querySelectorAll('mark.current')];
  const paragraphs = [...new Set(marks.map((mark) => mark.closest('p')))];
  const inside = (p) => marks.filter((mark) => p.contains(mark)).map((mark) => mark.textContent).join('');
  const seen = ({ top, bottom, left, right }) => top >= Math.max(0, area.top) && left >= area.left
    && bottom <= Math.min(innerHeight, area.bottom) && right <= area.right;
  const colour = (node) => getComputedStyle(node).backgroundColor;
  return {
    paragraphs: paragraphs.map(inside),
    inside: marks.every((mark) => seen(mark.getBoundingClientRect())),
    coloured: marks.every((mark) => ![colour(panel), 'rgba(0, 0, 0, 0)'].includes(colour(mark))),
  };
}"""


def close_panel(page: Page) -> None:
    """Close it with its button."""
    panel(page).get_by_role("button", name=re.compile("^(Close the source panel|Tutup panel sumber)$")).click()
    expect(panel(page)).to_have_count(0)


def tab_to(page: Page, wanted: Locator, *, back: bool = False) -> None:
    """Press Tab until the focus is there."""
    for _ in range(_TABS):
        page.keyboard.press("Shift+Tab" if back else "Tab")
        if wanted.evaluate("(node) => node === document.activeElement"):
            return
    raise AssertionError(f"{_TABS} times Tab do not lead to {wanted}")


def overflow(page: Page) -> int:
    """Pixels by which the page is wider than the window."""
    return int(page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def toast(page: Page) -> Locator:
    """The short messages."""
    return page.locator(".k-toast")
