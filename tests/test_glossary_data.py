"""The glossary file itself: sorted, complete, without repeats, and every entry found from either side."""

from __future__ import annotations

from collections import Counter

from rag.language.glossary import Glossary, parse
from rag.language.words import fold, tokens
from tests.conftest import ROOT

TEXT = (ROOT / "rag/data/glossary.tsv").read_text("utf-8")
ENTRIES = parse(TEXT, "glossary.tsv")


def _words(text: str) -> list[str]:
    return [fold(token.text) for token in tokens(text)]


def test_one_sorted_entry_a_line() -> None:
    heads = [line.split("\t")[0] for line in TEXT.splitlines()]
    assert len(ENTRIES) == len(heads) >= 6_000
    assert heads == sorted(heads)
    assert [head for head, count in Counter(heads).items() if count > 1] == []


def test_no_empty_or_repeated_sides() -> None:
    for line, (head, translations) in zip(TEXT.splitlines(), ENTRIES, strict=True):
        assert line == f"{head}\t{'; '.join(translations)}"
        assert len({english.casefold() for english in translations}) == len(translations), head
        assert _words(head), line
        assert all(_words(english) for english in translations), line
        assert len(translations) > 1 or _words(translations[0]) != _words(head), f"{head} translates to itself only"


def test_both_directions_resolve() -> None:
    glossary = Glossary.load()
    for head, translations in ENTRIES:
        assert set(translations) <= set(glossary.to_english(head)), head
        for english in translations:
            assert head in glossary.to_indonesian(english), f"{english} does not lead back to {head}"


def test_inflected_forms_of_short_words_are_found() -> None:
    glossary = Glossary.load()
    for asked, base in (("flew", "fly"), ("flies", "fly"), ("cries", "cry"), ("tried", "try"), ("skies", "sky")):
        assert set(glossary.to_indonesian(base)) <= set(glossary.to_indonesian(asked)), asked
