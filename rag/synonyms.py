"""Indonesian words that news and those who ask about it use for one another (``rag/data/synonyms.tsv``).

A word comes in, words and short phrases that may stand for it go out, the nearest first. Lines of the file are
``word<TAB>other; other``; a word without a line of its own is looked up by its stem.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from rag.language import fold, stem

BACK = 2
"""A word is given for another one that its own line has among the first so many."""


def synonyms(word: str) -> tuple[str, ...]:
    """Other ways to say an Indonesian word; empty when none is known.

    The line of the very word goes before those of its other forms (*pelaku* has nothing to do with *berlaku*).
    """
    root = stem(word)
    others = _table().get(fold(word)) or _by_stem().get(root, {})
    return tuple(other for other in others if stem(other) != root)


@cache
def _table() -> dict[str, dict[str, None]]:
    lines = files("rag").joinpath("data/synonyms.tsv").read_text("utf-8").splitlines()
    found: dict[str, dict[str, None]] = {}
    back: list[tuple[str, str]] = []
    for line in lines:
        head, _, right = line.partition("\t")
        others = [other.strip() for other in right.split(";")]
        found.setdefault(fold(head), {}).update(dict.fromkeys(others))
        back += [(fold(other), head) for other in others[:BACK] if " " not in other]
    for key, head in back:
        found.setdefault(key, {}).setdefault(head)
    return found


@cache
def _by_stem() -> dict[str, dict[str, None]]:
    found: dict[str, dict[str, None]] = {}
    for word, others in _table().items():
        found.setdefault(stem(word), {}).update(others)
    return found
