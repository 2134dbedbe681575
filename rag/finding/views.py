"""A chunk's words, looked at once and kept: stems and the classes of words that kinds of answers are made of."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from rag.finding.expecting import MEASURES
from rag.language.words import fold, stem, stop_words, terms, tokens, words
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

_CONTRAST = frozenset(["namun", "tetapi", "tapi", "however", "but"])
_CONTRAST_PAIRS = frozenset(
    {("akan", "tetapi"), ("meski", "demikian"), ("meskipun", "demikian"), ("walau", "demikian"), ("meski", "begitu")}
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
    starts: Ints
    """(n_sentences,) index of each sentence's first word."""
    sentence: Ints
    """(n_words,) sentence of each word."""
    classes: Ints
    """(n_words,) sums of the bits in ``CLASSES``."""
    items: Ints
    """(n_sentences,) things that the longest enumeration of each sentence has (``A, B, dan C``: 3); 0 for none."""
    title: tuple[str, ...]
    """Stems of the article's title; empty when it has none."""


_NAMES = (
    "upper", "number", "year", "calendar", "unit", "place", "cause", "defining", "manner", "stop", "capital",
    "after_place", "negation", "indefinite", "short", "after_name", *MEASURES,
)  # fmt: skip
CLASSES: dict[str, int] = {name: 1 << number for number, name in enumerate(_NAMES)}
"""The bit of each class of words; ``capital`` is one that does not merely open a sentence,
``after_name`` a number of one or two digits right after a name, as an age is told: *Nurlela (46)*."""
_LISTS: dict[str, str] = {
    "number": "numerals", "calendar": "calendar", "unit": "units", "place": "place", "cause": "cause",
    "defining": "defining", "manner": "manner", "negation": "negation", "indefinite": "indefinite",
    **{measure: measure for measure in MEASURES},
}  # fmt: skip


class _Known(dict[str, tuple[str, str, int]]):
    """Folded form, stem and classes by the word as written: one look-up per word of a text."""

    def __missing__(self, word: str) -> tuple[str, str, int]:
        if len(self) >= 300_000:
            self.clear()
        folded = fold(word)
        digit = word[:1].isdigit()
        has = {
            "upper": word[:1].isupper(),
            "year": digit and len(word) == 4 and "1000" <= word <= "2100",
            "short": digit and len(word) <= 2,
            "stop": folded in stop_words("id"),
            **{name: folded in word_class(list_) for name, list_ in _LISTS.items()},
        }
        has["number"] = has["number"] or digit
        self[word] = value = (folded, stem(word), sum(CLASSES[name] for name, yes in has.items() if yes))
        return value


_known = _Known()


def view(chunk: Chunk) -> View:
    """The words of a chunk, cached by text, boundaries and title."""
    spans = tuple((s.start - chunk.start, s.end - chunk.start) for s in chunk.sentences)
    return _view(chunk.text, spans, chunk.title or "")


@lru_cache(maxsize=8_192)
def _view(text: str, spans: tuple[tuple[int, int], ...], title: str) -> View:
    found = [words(text[start:end]) or [""] for start, end in spans]
    sizes = np.array([len(sentence) for sentence in found], dtype=np.int64)
    starts = np.concatenate(([0], np.cumsum(sizes)[:-1]))
    looked = [_known[word] for sentence in found for word in sentence]
    return View(
        words=tuple([entry[0] for entry in looked]),
        stems=tuple([entry[1] for entry in looked]),
        starts=starts,
        sentence=np.repeat(np.arange(len(found)), sizes),
        classes=_in_place(np.array([entry[2] for entry in looked], dtype=np.int64), starts),
        items=np.array([_items(text[start:end]) for start, end in spans], dtype=np.int64),
        title=tuple([_known[word][1] for word in words(title)]),
    )


_JOINT = re.compile(r"\s(?:dan|serta|and)\s|[.;:](?!\d)")
_ITEM = 60
"""Characters of a thing in an enumeration, at most; what comes before the last longer one belongs to something else."""


def _items(sentence: str) -> int:
    """Things in the longest enumeration of a sentence, 0 for none."""
    most = begin = 0
    for joint in _JOINT.finditer(sentence):
        parts = sentence[begin : joint.start()].rstrip(" ,").split(", ")
        begin = joint.end()
        if len(parts) > 1 and joint.group() not in ".;:":
            short = next((n for n, part in enumerate(reversed(parts)) if len(part) > _ITEM), len(parts) - 1)
            most = max(most, short + 2 if short else 0)
    return most


def _in_place(classes: Ints, starts: Ints) -> Ints:
    """Adds what depends on the neighbours.

    A capital opens a sentence anyway: its first word counts as one only when the next word has one too.
    """
    upper = (classes & CLASSES["upper"]) > 0
    opening = np.zeros(len(classes), dtype=bool)
    opening[starts] = True
    capital = upper & ((classes & CLASSES["stop"]) == 0) & (~opening | np.append(upper[1:], False))
    after = capital & np.append(False, (classes[:-1] & CLASSES["place"]) > 0)
    name = upper & ((classes & CLASSES["calendar"]) == 0)
    age = ((classes & CLASSES["short"]) > 0) & np.append(False, name[:-1])
    return np.asarray(
        classes + capital * CLASSES["capital"] + after * CLASSES["after_place"] + age * CLASSES["after_name"]
    )


def content(text: str) -> frozenset[str]:
    """Stems of the content words of a text."""
    return frozenset(terms(text))


def opens_with_pronoun(text: str) -> bool:
    """Whether a sentence starts by pointing at the one before it (``Ia``, ``Keduanya``, ``Sebagai imbalannya``)."""
    opening = [fold(token.text) for token, _ in zip(tokens(text), range(2), strict=False)]
    return bool(opening) and (opening[0] in _POINTING or tuple(opening) in _POINTING_PAIRS)


def opens_with_contrast(text: str) -> bool:
    """Whether a sentence starts by limiting or taking back what the one before it says (``Namun``, ``However``)."""
    opening = [fold(token.text) for token, _ in zip(tokens(text), range(2), strict=False)]
    return bool(opening) and (opening[0] in _CONTRAST or tuple(opening) in _CONTRAST_PAIRS)
