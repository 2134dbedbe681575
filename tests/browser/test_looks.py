"""What every view owes every reader: no sideways scrolling on a phone, both themes, nothing axe-core calls serious."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.api_server import serving
from tests.browser.actions import ABSENT, QUESTION, ask, chip, overflow, panel, send
from tests.browser.conftest import Site
from tests.browser.visitors import PHONE, WIDE, Visitors
from tests.test_generative import GIFT, IN_RETURN, RIFLE
from tests.wire_server import Reply, WireServer, answering
from ui.chat.users import entry

Visit = Callable[..., Page]
NARROW = {"width": 320, "height": 640}
DRAFT = (
    "Vladimir Putin menghadiahkan sarung tangan kosmonot dan senapan kepada Kim Jong-un. "
    "Gubernur itu menghadiahkan sembilan drone kamikaze. Harga cabai di Malang naik bulan lalu. Benarkah?"
)
PASSWORD = "correct horse battery"  # noqa: S105  # of these tests
AXE = Axe()
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, "resultTypes": ["violations"]}
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "resultTypes": ["violations"],
}


def sound(page: Page, where: str, *, windows: Sequence[dict[str, int]] = (WIDE, PHONE)) -> list[str]:
    """What is wrong with the page as it stands, on a desk and on a phone, light and dark.

    axe-core looks at the dark colours in the first window only: they are the same in every one.
    """
    found = []
    for window in windows:
        page.set_viewport_size(window)  # type: ignore[arg-type]
        for theme in ("light", "dark"):
            page.evaluate(
                """(theme) => {
              document.documentElement.dataset.theme = theme;
              document.body.classList.toggle('dark', theme === 'dark');
              const ending = document.getAnimations().filter((one) => one.effect.getTiming().iterations < Infinity);
              for (const one of ending) one.finish();
              document.activeElement.scrollIntoView({ block: 'center' });
            }""",
                theme,
            )
            place = f"{where}, {window['width']} px, {theme}"
            found += [f"{place}: {wide} px too wide" for wide in [overflow(page)] if wide > 0]
            if theme == "dark" and window != windows[0]:
                continue
            found += [
                f"{place}: {rule['id']} ({rule['impact']}): {node['target']} {node['html'][:160]} {_told(node)}"
                for rule in AXE.run(page, options=RULES if theme == "light" else CONTRAST).response["violations"]
                if rule["impact"] in {"serious", "critical"}
                for node in rule["nodes"]
            ]
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    return found


def _told(node: dict[str, list[dict[str, str]]]) -> str:
    return "; ".join(check["message"] for check in node["any"] + node["all"] + node["none"])


def test_conversations_are_sound(visit: Visit) -> None:
    page = visit(reduced_motion="reduce")
    expect(page.locator(".suggestion").first).to_be_visible()
    found = sound(page, "first visit")
    ask(page)
    found += sound(page, "answer")
    chip(page.locator("article.turn"), 2).click()
    expect(panel(page).locator("mark.current").first).to_be_visible()
    expect(panel(page).locator(".others")).to_be_visible()
    found += sound(page, "source panel")
    page.keyboard.press("Escape")
    ask(page, ABSENT)
    page.get_by_role("button", name="Edit the question").last.click()
    found += sound(page, "abstention, editing")
    page.locator(".conversation").hover()
    page.locator(".conversation-delete").click()
    page.get_by_role("button", name="Bad answer").first.click()
    found += sound(page, "feedback")
    assert not found, "\n".join(found)


def test_written_answers_are_sound(visitors: Visitors, writing_site: Site, wire: WireServer) -> None:
    page = visitors.page(writing_site.url, reduced_motion="reduce")
    horse = ("Putin gave Kim a high-quality Russian-made rifle and a horse.", [RIFLE])
    wire.say(Reply(status=401), answering(GIFT, horse, IN_RETURN, ("Putin gave Kim five rifles.", [RIFLE])))
    expect(ask(page, "Who is Dmitry Peskov?")).to_have_attribute("data-state", "failed")
    ask(page).locator("summary").click()
    found = sound(page, "failed; partly, withheld")
    page.get_by_role("button", name="New conversation").click()
    wire.say(Reply(status=500), QUESTION, answering(GIFT, IN_RETURN, pieces=40, hold_after=25))
    expect(ask(page).locator(".degraded")).to_be_visible()
    expect(send(page, "and in return?").locator(".claim")).to_have_count(1)
    found += sound(page, "degraded; working", windows=(WIDE,))
    assert not found, "\n".join(found)


def test_the_other_views_are_sound(visit: Visit) -> None:
    page = visit("/#/check", reduced_motion="reduce")
    draft = page.get_by_role("textbox", name="Text to check")
    draft.wait_for()
    found = sound(page, "check, empty")
    draft.fill(DRAFT)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".check[data-phase=done]")).to_be_visible()
    found += sound(page, "check, result")
    page.goto(page.url.replace("check", "articles"))
    expect(page.locator(".article").first).to_be_visible()
    page.locator(".dropzone-input").set_input_files({"name": "foto.png", "mimeType": "image/png", "buffer": b"x"})
    expect(page.locator(".upload")).to_be_visible()
    found += sound(page, "articles")
    page.get_by_role("searchbox").fill("senapan")
    page.keyboard.press("Enter")
    expect(page.locator(".article-excerpt").first).to_be_visible()
    page.locator(".article-remove").first.click()
    found += sound(page, "search, removal")
    page.keyboard.press("Escape")
    page.goto(page.url.replace("articles", "quality"))
    expect(page.get_by_role("heading", level=1, name="Quality")).to_be_visible()
    expect(page.locator(".quality-waiting")).to_have_count(0)
    found += sound(page, "quality")
    assert not found, "\n".join(found)


def test_what_few_see_is_sound(visitors: Visitors, home: Path) -> None:
    with serving(home, KUTIP_USERS=entry("siti", PASSWORD), KUTIP_READ_ONLY="yes") as url:
        page = visitors.context(reduced_motion="reduce").new_page()
        page.goto(f"{url}/#/articles")
        page.get_by_label("User name").fill("siti")
        page.get_by_label("Password").fill("another password")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_be_visible()
        found = sound(page, "log-in refused")
        page.get_by_label("Password").fill(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.locator(".articles-readonly")).to_be_visible()
        found += sound(page, "read-only archive, logged in")
    for file in home.rglob("*.sqlite3"):
        file.write_bytes(b"not a database")
    with serving(home) as url:
        page = visitors.page(url, reduced_motion="reduce")
        expect(page.locator(".welcome")).to_have_attribute("data-state", "problem")
        found += sound(page, "damaged archive")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("view", ["", "check", "articles", "quality"])
def test_nothing_is_cut_off_on_the_narrowest_phone(visit: Visit, view: str) -> None:
    page = visit(f"/#/{view}", viewport=NARROW, has_touch=True, is_mobile=True, locale="id-ID")
    page.get_by_role("heading", level=1).first.wait_for()
    assert overflow(page) == 0
    if not view:
        ask(page, "Apa hadiah Putin untuk Kim?")
        assert overflow(page) == 0
        page.get_by_role("button", name="Tampilkan percakapan").click()
        expect(page.get_by_role("navigation", name="Percakapan")).to_be_visible()
        assert overflow(page) == 0
    small = page.locator("button:visible, a:visible, select:visible, input:visible").evaluate_all(
        """(all) => all.filter((one) => one.closest('.kutip-view, .kutip') && !one.closest('p')).map((one) => {
          const box = one.getBoundingClientRect();
          return [one.className, box.width, box.height];
        }).filter(([, width, height]) => width > 1 && (width < 24 || height < 24))"""
    )
    assert small == [], "targets are at least 24 px"


def test_the_theme_is_chosen_and_kept(visit: Visit) -> None:
    page = visit(color_scheme="dark")
    paper = "() => getComputedStyle(document.body).backgroundColor"
    assert page.locator("html").get_attribute("data-theme") == "dark"
    dark = page.evaluate(paper)
    theme = page.get_by_role("button", name="Theme:")
    expect(theme).to_have_accessible_name("Theme: like the device. Change to light.")
    theme.click()
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    light = page.evaluate(paper)
    assert sum(_channels(light)) > 600 > 200 > sum(_channels(dark))
    page.reload()
    expect(theme).to_have_accessible_name("Theme: light. Change to dark.")
    assert page.evaluate(paper) == light
    theme.click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    theme.click()
    page.emulate_media(color_scheme="light")
    expect(page.locator("html")).to_have_attribute("data-theme", "light")


def _channels(colour: str) -> list[int]:
    return [int(part) for part in colour.removeprefix("rgb(").removesuffix(")").split(",")]


def test_landmarks_headings_and_the_title(visit: Visit) -> None:
    page = visit()
    for landmark in ("main", "navigation"):
        assert page.get_by_role(landmark).count() >= 1  # type: ignore[arg-type]
    assert page.title() == "Kutip"
    ask(page)
    levels = page.locator("h1:visible, h2:visible, h3:visible, h4:visible").evaluate_all(
        "(all) => all.filter((one) => one.closest('.ask-main')).map((one) => Number(one.localName[1]))"
    )
    assert levels[0] == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))
