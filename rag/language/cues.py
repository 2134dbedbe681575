"""Words that turn a statement: negations, hedges, verbs of saying and giving, titles, opposites (``data/cues.json``).

The name of a list and a language go in, folded words come out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from rag.language.words import fold, stem
from rag.types import Language

Kind = Literal[
    "negation", "denial", "not_negation", "hedge", "future", "certain", "speech", "speech_after", "title", "pronoun",
    "universal", "receive", "give", "symmetric", "intransitive", "soft", "empty", "preposition", "passed",
    "degree", "bare_verb", "not_verb", "break", "light", "joint", "of_things",
]  # fmt: skip


@cache
def _tables() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(files("rag").joinpath("data/cues.json").read_text("utf-8"))
    return found


@cache
def words(kind: Kind, language: Language) -> frozenset[str]:
    """The words and phrases of one list, folded, phrases with single spaces."""
    return frozenset(fold(word) for word in _tables()[kind][language])


@cache
def longest(kind: Kind, language: Language) -> int:
    """Words in the longest phrase of a list."""
    return max(len(word.split()) for word in words(kind, language))


@cache
def opposites(language: Language) -> Mapping[str, frozenset[str]]:
    """For each stem that has an opposite, the stems of its opposites."""
    found: dict[str, set[str]] = {}
    for left, right in _tables()["opposites"][language]:
        sides = [{stem(word, language) for word in side if " " not in word} for side in (left, right)]
        for one, other in (sides, sides[::-1]):
            for word in one:
                found.setdefault(word, set()).update(other)
    return {word: frozenset(others - {word}) for word, others in found.items()}
