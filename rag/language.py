"""Words of Indonesian and English: tokens, stems, stop words, the language of a question, sentence boundaries.

Text comes in, spans and normalised terms go out; nothing here knows about articles or indexes.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

import Stemmer

from rag.types import Language, Span

RULES_VERSION = "1"
"""Part of an index's fingerprint: raised whenever tokens, stems or sentence boundaries change."""

_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+")


class Token(NamedTuple):
    """A word or number as it stands in a text."""

    text: str
    start: int
    end: int


def tokens(text: str) -> Iterator[Token]:
    """Words and numbers of ``text``; hyphens separate (``Su-35`` is two tokens), ``1.500,75`` is one."""
    for match in _WORD.finditer(text):
        yield Token(match.group(), match.start(), match.end())


@lru_cache(maxsize=200_000)
def fold(word: str) -> str:
    """Lower case without diacritics or compatibility forms, so that ``Édouard`` meets ``edouard``."""
    decomposed = unicodedata.normalize("NFKD", word)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()


@cache
def _stemmer(language: Language) -> Stemmer.Stemmer:
    return Stemmer.Stemmer("indonesian" if language == "id" else "english", 0)


@lru_cache(maxsize=200_000)
def stem(word: str, language: Language = "id") -> str:
    """Snowball stem of the folded word (https://snowballstem.org/algorithms/indonesian/stemmer.html)."""
    return _stemmer(language).stemWord(fold(word))


@cache
def stop_words(language: Language, *, question: bool = False) -> frozenset[str]:
    """Function words of a language; with ``question`` also those that only shape a question."""
    lists = json.loads(files("rag").joinpath("data/stopwords.json").read_text("utf-8"))
    return frozenset(lists[language]) | frozenset(lists[f"{language}_question"] if question else ())


def terms(text: str, language: Language = "id", *, question: bool = False) -> list[str]:
    """Stems of the content words of ``text``, in order, repeated as they repeat."""
    stops = stop_words(language, question=question)
    return [stem(t.text, language) for t in tokens(text) if fold(t.text) not in stops]


def detect(text: str) -> Language:
    """The language of a question: the one with more of its function and question words; Indonesian on a tie."""
    words = [fold(t.text) for t in tokens(text)]
    indonesian, english = stop_words("id", question=True), stop_words("en", question=True)
    score = sum(w in english for w in words) - sum(w in indonesian for w in words)
    return "en" if score > 0 else "id"


_ABBREVIATIONS = frozenset(
    "dr drs dra ir prof h hj kh st jl no tn ny sdr gen kol kapt letkol mayjen brigjen jend irjen komjen mr mrs ms jr sr "
    "inc ltd co dll dsb dst tgl hlm vol pt cv tbk rp yth a.n u.p s.d d.a m.si s.h s.e".split()
)
_BOUNDARY = re.compile(r"(?P<stop>[.!?…]+[\"'”’»)\]]*)(?=\s|$)|(?P<line>\n+)")


def sentences(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """Sentences of ``text[start:end]`` as spans without surrounding white space; a line break always ends one."""
    end = len(text) if end is None else end
    spans: list[Span] = []
    begin = start
    for match in _BOUNDARY.finditer(text, start, end):
        if match["stop"] and not _ends_sentence(text, begin, match):
            continue
        _append(spans, text, begin, match.end())
        begin = match.end()
    _append(spans, text, begin, end)
    return spans


def _ends_sentence(text: str, begin: int, match: re.Match[str]) -> bool:
    if match["stop"][0] in "!?…":
        return _next_starts_sentence(text, match.end())
    before = re.search(r"([^\s(\[\"“‘]+)$", text[begin : match.start()])
    word = before.group(1).casefold() if before else ""
    if word in _ABBREVIATIONS or (len(word) == 1 and word.isalpha()):
        return False
    return _next_starts_sentence(text, match.end())


def _next_starts_sentence(text: str, position: int) -> bool:
    following = re.compile(r"\s*([\"'“‘«(\[]*)(\S?)").match(text, position)
    return following is None or not following[2] or not following[2].islower()


def _append(spans: list[Span], text: str, start: int, end: int) -> None:
    raw = text[start:end]
    stripped = raw.strip()
    if stripped:
        left = start + len(raw) - len(raw.lstrip())
        spans.append(Span(left, left + len(stripped)))
