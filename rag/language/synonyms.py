"""Indonesian words that news and those who ask about it use for one another (``rag/data/synonyms.tsv``).

A word comes in, words and short phrases that may stand for it go out, the nearest first. Lines of the file are
``word<TAB>other; other``; a word without a line of its own is looked up by its stem.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from rag.language.words import fold, stem

BACK = 2
"""A word is given for another one that its own line has among the first so many."""


def synonyms(word: str) -> tuple[str, ...]:
    """Other ways to say an Indonesian word; empty when none is known.

    The line of the very word goes before those of its other forms (*pelaku* has nothing to do with *berlaku*).
    """
    root, folded = stem(word), fold(word)
    alike = [folded] if folded in _lines() or folded in _back() else _by_stem().get(root, [])
    others = dict.fromkeys(other for one in alike for other in _others(one))
    return tuple(other for other in others if stem(other) != root)


def _others(word: str) -> Iterator[str]:
    """What the word's own line has, then the words that have it in theirs."""
    if word in _lines():
        yield from _lines()[word].split("; ")
    yield from _back().get(word, ())


@cache
def _lines() -> dict[str, str]:
    """The right sides, by folded word; they are taken apart when they are needed."""
    lines = files("rag").joinpath("data/synonyms.tsv").read_text("utf-8").splitlines()
    return {fold(head): right for head, _, right in (line.partition("\t") for line in lines)}


@cache
def _back() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for head, right in _lines().items():
        for other in right.split("; ", BACK)[:BACK]:
            if " " not in other:
                found.setdefault(fold(other), []).append(head)
    return found


@cache
def _by_stem() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for word in dict.fromkeys((*_lines(), *_back())):
        found.setdefault(stem(word), []).append(word)
    return found
