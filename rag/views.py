"""A chunk's words, looked at once and kept: stems and the classes of words that kinds of answers are made of."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from rag.language import fold, stem, stop_words, terms, tokens
from rag.types import Chunk

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_POINTING = frozenset(["ia", "dia", "mereka", "beliau", "keduanya", "ketiganya", "he", "she", "they", "it", "both"])
_POINTING_PAIRS = frozenset(
    {
        ("sebagai", "imbalannya"),
        ("sebagai", "balasannya"),
        ("hal", "itu"),
        ("hal", "ini"),
        ("hal", "tersebut"),
        ("in", "return"),
    }
)


@cache
def word_class(name: str) -> frozenset[str]:
    """Folded words of a class, Indonesian (``rag/data/word_classes.json``)."""
    lists: dict[str, list[str]] = json.loads(files("rag").joinpath("data/word_classes.json").read_text("utf-8"))
    return frozenset(lists[name])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class View:
    """The words of a chunk, sentence after sentence."""

    words: tuple[str, ...]
    """Folded, function words included."""
    stems: tuple[str, ...]
    places: dict[str, list[int]]
    """Where each stem stands."""
    starts: Ints
    """(n_sentences,) index of each sentence's first word."""
    sentence: Ints
    """(n_words,) sentence of each word."""
    classes: Bools
    """(n_words, n_classes) columns as in ``CLASSES``."""
    title: tuple[str, ...]
    """Stems of the article's title; empty when it has none."""


CLASSES = ("capital", "number", "year", "calendar", "unit", "after_place", "cause", "defining", "manner", "stop")


def view(chunk: Chunk) -> View:
    """The words of a chunk, cached by text, boundaries and title."""
    spans = tuple((s.start - chunk.start, s.end - chunk.start) for s in chunk.sentences)
    return _view(chunk.text, spans, chunk.title or "")


@lru_cache(maxsize=8_192)
def _view(text: str, spans: tuple[tuple[int, int], ...], title: str) -> View:
    words: list[str] = []
    sentence: list[int] = []
    starts: list[int] = []
    for number, (start, end) in enumerate(spans):
        starts.append(len(words))
        found = [token.text for token in tokens(text[start:end])] or [""]
        words += found
        sentence += [number] * len(found)
    folded = tuple([fold(word) for word in words])
    stems = tuple([stem(word) for word in words])
    return View(
        words=folded,
        stems=stems,
        places=places(stems),
        starts=np.array(starts, dtype=np.int64),
        sentence=np.array(sentence, dtype=np.int64),
        classes=_classes(words, folded, set(starts)),
        title=tuple(stem(token.text) for token in tokens(title)),
    )


def places(stems: tuple[str, ...]) -> dict[str, list[int]]:
    """Positions of each stem, in order."""
    found: dict[str, list[int]] = {}
    for position, word in enumerate(stems):
        found.setdefault(word, []).append(position)
    return found


def _classes(words: list[str], folded: tuple[str, ...], first: set[int]) -> Bools:
    """A capital opens a sentence anyway: its first word counts as one only when the next word has one too."""
    stops = stop_words("id")
    numerals, calendar, units, places_, cause, defining, manner = map(
        word_class, ("numerals", "calendar", "units", "place", "cause", "defining", "manner")
    )
    upper = [word[:1].isupper() for word in words] + [False]
    rows = []
    before = ""
    for i, (word, low) in enumerate(zip(words, folded, strict=True)):
        digit = word[:1].isdigit()
        stop = low in stops
        capital = upper[i] and not stop and (i not in first or upper[i + 1])
        rows.append(
            (
                capital,
                digit or low in numerals,
                digit and len(word) == 4 and "1000" <= word <= "2100",
                low in calendar,
                low in units,
                capital and before in places_,
                low in cause,
                low in defining,
                low in manner,
                stop,
            )
        )
        before = low
    return np.array(rows, dtype=bool)


def content(text: str) -> frozenset[str]:
    """Stems of the content words of a text."""
    return frozenset(terms(text))


def opens_with_pronoun(text: str) -> bool:
    """Whether a sentence starts by pointing at the one before it (``Ia``, ``Keduanya``, ``Sebagai imbalannya``)."""
    opening = [fold(token.text) for token, _ in zip(tokens(text), range(2), strict=False)]
    return bool(opening) and (opening[0] in _POINTING or tuple(opening) in _POINTING_PAIRS)
