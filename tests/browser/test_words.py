"""The words of the page: the same keys in both languages, all that are used and no others; no way to make HTML."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Site
from tests.browser.visitors import Visitors
from ui.chat.mounting import FILES

SOURCES = sorted(FILES.rglob("*.js"))
FORBIDDEN = (
    "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "DOMParser", "eval(", "new Function", "setHTML",
    "srcdoc", "javascript:", "createContextualFragment", "Function(", "setTimeout('", 'setTimeout("', "parseHTML",
)  # fmt: skip
PARTS = (
    "common",
    "header",
    "ask",
    "reader",
    "check",
    "articles",
    "skipped",
    "quality",
    "feedback",
    "export",
    "problem",
)


@pytest.fixture(scope="module")
def code() -> dict[str, str]:
    """The modules that use words, without their comments."""
    return {
        path.relative_to(FILES).as_posix(): re.sub(
            r"^\s*(//[^\n]*|/\*\*.*?\*/)", "", path.read_text("utf-8"), flags=re.M | re.S
        )
        for path in SOURCES
        if path.parent.name != "words"
    }


@pytest.fixture
def words(visitors: Visitors, site: Site) -> dict[str, dict[str, str]]:
    """All words by language, read as the browser reads them."""
    page: Page = visitors.page(site.url)
    names = [path.stem for path in SOURCES if path.parent.name == "words"]
    read: dict[str, dict[str, str]] = page.evaluate(
        """async (names) => {
      const all = { en: {}, id: {} };
      for (const name of names) {
        const { words } = await import(new URL(`page/static/words/${name}.js`, document.baseURI));
        for (const language of Object.keys(words)) {
          for (const key of Object.keys(words[language])) {
            if (key in all[language]) throw new Error(`${key} is said twice`);
          }
          Object.assign(all[language], words[language]);
        }
      }
      return all;
    }""",
        names,
    )
    return read


def test_both_languages_have_the_same_words(words: dict[str, dict[str, str]]) -> None:
    assert set(words) == {"en", "id"}
    assert set(words["en"]) == set(words["id"])
    assert len(words["en"]) > 200
    for key, english in words["en"].items():
        indonesian = words["id"][key]
        assert english.strip()
        assert indonesian.strip()
        assert _holes(english) == _holes(indonesian) or key.endswith("_one"), key


def _holes(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


def test_every_word_that_is_used_is_there(words: dict[str, dict[str, str]], code: dict[str, str]) -> None:
    known = set(words["en"])
    stems = {re.sub(r"_(one|other)$", "", key) for key in known}
    whole = {
        (name, key)
        for name, text in code.items()
        for key in re.findall(rf"['\"`]((?:{'|'.join(PARTS)})\.[a-z][a-z0-9.-]*)['\"`]", text)
    }
    assert len(whole) > 150
    assert {(name, key) for name, key in whole if key not in known | stems} == set()
    open_ended = {
        key for text in code.values() for key in re.findall(rf"`((?:{'|'.join(PARTS)})\.[a-z.-]*)\$\{{", text)
    }
    assert all(any(key.startswith(part) for key in known) for part in open_ended)
    used = {key for _, key in whole}
    unused = {
        key for key in known
        if re.sub(r"_(one|other)$", "", key) not in used and key not in used
        and not any(key.startswith(part) for part in open_ended)
    }  # fmt: skip
    assert unused == set(), "words that nobody says"


def test_what_a_module_gives_others_use(code: dict[str, str]) -> None:
    given = {
        (name, export)
        for name, text in code.items()
        for export in re.findall(r"^export (?:async )?(?:function|const|class) (\w+)", text, flags=re.M)
    }
    assert len(given) > 50
    loaded = {"main.js", "words.js"} | {f"{view}.js" for view in ("header", "ask", "check", "articles", "quality")}
    unused = {
        (name, export)
        for name, export in given
        if name not in loaded  # by the page, as a whole, or by its view's name
        and not any(re.search(rf"import [^;]*\b{export}\b[^;]*/{name}'", text, re.S) for text in code.values())
    }
    assert unused == set()


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(FILES).as_posix())
def test_no_module_can_make_html(path: Path) -> None:
    text = path.read_text("utf-8")
    assert [way for way in FORBIDDEN if way in text] == []
    assert len(text.splitlines()) <= 300
