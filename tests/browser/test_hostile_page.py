"""Articles, questions, file names and a model's words that look like markup show as text, wherever they can appear."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import hostile
from tests.browser.actions import QUESTION as GIFTS
from tests.browser.actions import answer, ask, chip, expect_marked, field, panel, toast
from tests.browser.conftest import Site
from tests.browser.hostile import ALL, FIELDS, IMAGE, LINK, SCRIPT, SENTENCE, harmless
from tests.browser.visitors import Visitors
from tests.test_generative import GIFT, RIFLE
from tests.wire_server import WireServer, answering, quoted


@pytest.fixture
def page(visitors: Visitors, hostile_site: Site) -> Callable[..., Page]:
    """Opens the page over an archive with an article that attacks."""
    return lambda path="/": visitors.page(hostile_site.url + path)


def test_an_article_s_text_in_answers_chips_and_the_panel(page: Callable[..., Page]) -> None:
    shown = page()
    turn = ask(shown, hostile.QUESTION)
    expect(turn.locator(".claim-text").first).to_contain_text(SENTENCE)
    assert chip(turn, 1).get_attribute("aria-label") == f"Source 1: {FIELDS['publisher']}, 15 September 2023"
    chip(turn, 1).hover()
    tip = shown.get_by_role("tooltip")
    expect(tip).to_contain_text(SENTENCE)
    expect(tip).to_contain_text(FIELDS["title"])
    expect(turn.locator(".sources")).to_contain_text(FIELDS["title"])
    harmless(shown)
    chip(turn, 1).click()
    expect_marked(shown, answer(shown)["citations"][0]["quote"])
    expect(panel(shown).get_by_role("heading", level=2)).to_have_text(FIELDS["title"])
    expect(panel(shown).locator(".reader-origin")).to_contain_text(FIELDS["author"])
    expect(panel(shown)).to_contain_text(LINK)
    assert panel(shown).get_by_role("link").count() == 0  # javascript: is no address
    harmless(shown)
    shown.reload()
    expect(shown.locator(".claim-text").first).to_contain_text(SENTENCE)
    harmless(shown)


@pytest.mark.parametrize("attack", [IMAGE, SCRIPT, LINK])
def test_a_question_that_is_markup(visitors: Visitors, site: Site, attack: str) -> None:
    shown = visitors.page(site.url)
    turn = ask(shown, f"Who is {attack}?")
    expect(turn.get_by_role("heading", level=2)).to_have_text(f"Who is {attack}?")
    expect(shown.get_by_role("heading", level=1)).to_have_text(f"Who is {attack}?")
    shown.locator(".conversation").hover()
    expect(shown.get_by_role("button", name=f"Delete “Who is {attack}?”")).to_be_visible()
    shown.locator(".conversation-delete").click()
    expect(shown.locator(".conversation-confirm")).to_contain_text(attack)
    harmless(shown)


def test_what_a_model_writes(visitors: Visitors, writing_site: Site, wire: WireServer) -> None:
    bad = (f"Putin gave Kim a high-quality Russian-made rifle {IMAGE} {SCRIPT} {LINK}.", [RIFLE])
    wire.say(answering(GIFT, bad), quoted(reason=" ".join(ALL)))
    shown = visitors.page(writing_site.url)
    turn = ask(shown, GIFTS)
    withheld = "".join(turn.locator("details.withheld").all_text_contents())
    assert "onerror=" in turn.inner_text() + withheld
    told = ask(shown, "What about elephants?")
    expect(told.locator(".abstention-reason")).to_contain_text("onerror=")
    harmless(shown)


def test_answers_all_of_whose_words_are_markup(visitors: Visitors, site: Site) -> None:
    every = " ".join(ALL)
    citation = {"id": 1, "article_id": every[:100], "source": every, "title": every, "publisher": every,
                "published": every, "quote": every, "start": 0, "end": 9}  # fmt: skip
    hit = {key: citation[key] for key in ("article_id", "source", "title", "publisher", "published", "start", "end")}
    claim = {
        "text": every,
        "citations": [1],
        "verdict": "partly",
        "problems": [f"name: '{every}' not in the cited passage", every],
    }
    common = {"language": "en", "question": every, "understood": f"{every}?", "degraded": every, "reason": every,
              "answer": every, "confidence": 0.5, "engine": {}, "withheld": [claim]}  # fmt: skip
    cited = {**common, "abstained": False, "claims": [claim], "citations": [citation], "nearest": []}
    absent = {
        **common,
        "abstained": True,
        "claims": [],
        "citations": [],
        "nearest": [{**hit, "text": every, "score": 1}],
    }
    rest = {"question": every, "suggestions": [every], "feedback": {"thumbs": every, "reason": every}, "passages": 1}
    turns = [
        {**rest, "id": "a", "state": "done", "answer": cited, "error": None},
        {**rest, "id": "b", "state": "failed", "answer": None, "error": {"kind": every, "message": every}},
        {**rest, "id": "c", "state": "done", "answer": absent, "error": None},
    ]
    told = {"id": "x", "title": every, "created": "2024-01-01", "updated": "2024-01-01"}
    context = visitors.context()
    kept = {"kutip.conversations": json.dumps([told]), "kutip.c.x": json.dumps({**told, "turns": turns})}
    context.add_init_script(f"for (const [k, v] of Object.entries({json.dumps(kept)})) localStorage.setItem(k, v);")
    shown = visitors.tab(context, f"{site.url}/#/c/x")
    expect(shown.locator("article.turn")).to_have_count(3)
    for place in (".claim-text", ".problems", ".understood", ".degraded", ".failed", ".abstention-reason", ".passage",
                  ".sources", ".suggestion", ".ask-title", ".question", ".withheld", ".conversation-open"):  # fmt: skip
        for words in (IMAGE, SCRIPT, LINK):
            assert words in (shown.locator(place).last.text_content() or ""), place
    chip(shown.locator("article.turn").first, 1).hover()
    expect(shown.get_by_role("tooltip")).to_contain_text(every)
    chip(shown.locator("article.turn").first, 1).click()
    expect(panel(shown).locator("blockquote")).to_have_text(every)
    harmless(shown)


def test_exports_keep_it_text(page: Callable[..., Page]) -> None:
    shown = page()
    ask(shown, hostile.QUESTION)
    written = {}
    for kind in ("markdown", "json"):
        shown.locator(".ask-export").click()
        with shown.expect_download() as download:
            shown.locator(f"[data-export={kind}]").click()
        written[kind] = Path(download.value.path()).read_text("utf-8")
    assert "<img" not in re.sub(r"\\<", "", written["markdown"])
    assert "<script" not in re.sub(r"\\<", "", written["markdown"])
    assert not re.search(r"(?<!\\)\[click\]", written["markdown"])
    assert json.loads(written["json"])["turns"][0]["answer"] == answer(shown)


def test_the_list_of_articles_and_its_search(page: Callable[..., Page]) -> None:
    shown = page("/#/articles")
    row = shown.locator(".article", has_text="Judul")
    expect(row.locator(".article-title")).to_have_text(FIELDS["title"])
    expect(row).to_contain_text(FIELDS["publisher"])
    expect(row).to_contain_text(FIELDS["author"])
    assert row.get_by_role("link").count() == 0
    assert FIELDS["publisher"] in shown.locator("#finder-outlet").inner_text()
    harmless(shown)
    finder = shown.get_by_role("searchbox")
    finder.fill(f"harta karun {IMAGE}")
    finder.press("Enter")
    expect(shown.locator(".articles-counted")).to_contain_text(IMAGE)
    expect(shown.locator(".article-excerpt").first).to_contain_text(IMAGE)
    harmless(shown)
    finder.fill(SCRIPT)
    expect(shown.locator(".articles-nothing").or_(shown.locator(".article").first)).to_be_visible()
    harmless(shown)
    shown.get_by_role("searchbox").fill("")
    row.locator(".article-title").click()
    expect(panel(shown)).to_contain_text(SENTENCE)
    harmless(shown)
    row.locator(".article-remove").click()
    expect(shown.get_by_role("dialog").filter(has_text="Remove this article?")).to_contain_text(FIELDS["title"])
    harmless(shown)


def test_a_checked_text(page: Callable[..., Page]) -> None:
    shown = page("/#/check")
    shown.get_by_role("textbox", name="Text to check").fill(
        f"{SENTENCE}\n\nPutin memberi Kim {IMAGE} {SCRIPT} seekor kuda. {LINK}"
    )
    shown.get_by_role("button", name="Check", exact=True).click()
    expect(shown.locator(".check[data-phase=done]")).to_be_visible()
    expect(shown.locator(".check-text").first).to_contain_text(IMAGE)
    expect(shown.locator(".check-quoted").first).to_contain_text(IMAGE)
    harmless(shown)
    shown.reload()
    expect(shown.locator(".check-text").first).to_contain_text(IMAGE)
    harmless(shown)


def test_the_name_of_a_file(page: Callable[..., Page], tmp_path: Path) -> None:
    shown = page("/#/articles")
    names = [f"{IMAGE.replace('/', '')}.txt", "<b onclick=pwned()>.exe"]
    files = [tmp_path / name for name in names]
    for file in files:
        file.write_text("Exit")
    shown.locator(".dropzone-input").set_input_files(files)
    for name in names:
        row = shown.locator(".upload", has_text=name)
        expect(row).to_have_attribute("data-state", re.compile("done|failed"))
        expect(row.locator(".upload-name")).to_contain_text(name)
    expect(shown.locator(".upload", has_text=".exe")).to_contain_text("Only .txt")
    harmless(shown)


def test_what_the_browser_s_storage_holds(visitors: Visitors, site: Site) -> None:
    context = visitors.context()
    kept = {"kutip.language": IMAGE, "kutip.theme": SCRIPT, "kutip.draft": IMAGE, "kutip.check": "{",
            "kutip.conversations": json.dumps([{"id": IMAGE, "title": IMAGE, "created": "x", "updated": "x"}, 3, None]),
            f"kutip.c.{IMAGE}": json.dumps({"id": IMAGE, "title": SCRIPT, "turns": []})}  # fmt: skip
    context.add_init_script(f"for (const [k, v] of Object.entries({json.dumps(kept)})) localStorage.setItem(k, v);")
    shown = visitors.tab(context, site.url)
    expect(field(shown)).to_have_value(IMAGE)
    expect(shown.locator(".conversation-open")).to_have_text(IMAGE)
    harmless(shown)
    field(shown).fill("")
    shown.locator(".conversation-open").click()
    expect(shown.get_by_role("heading", level=1).or_(toast(shown))).not_to_have_count(0)
    harmless(shown)
