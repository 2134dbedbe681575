"""A word of a question → the ways in which an Indonesian article may say it.

Tokens of a question come in, one group of alternatives for each word or phrase goes out: translations of an English
one, synonyms of an Indonesian one, loan-word spellings of one that no list has.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import NamedTuple

from rag.finding.asking import ASKED
from rag.language.glossary import MAX_WORDS, Glossary
from rag.language.synonyms import synonyms
from rag.language.transliteration import variants
from rag.language.words import Token, fold, is_stop_word, stem, stop_words, tokens

_SYNONYM, _SYNONYM_OF_NAME, _SECOND_MEANING = 0.5, 0.9, 0.7
"""Weights of other ways to say an Indonesian word, and what a second meaning counts beside the first."""
_THESAURUS, _FURTHER, _MOST_SYNONYMS = 0.5, 0.95, 20
"""Weight of the nearest synonym, what each further one counts beside the one before it, and how many are taken; the
weights are chosen on the practice archives."""
_NEXT, _MOST_TRANSLATIONS = 0.97, 40
"""What each further translation of an English word counts beside the one before it, and how many are looked for."""
_NEXT_SURE = 0.8
"""How sure each further translation or synonym is beside the one before it."""


class Alternative(NamedTuple):
    """One way in which an article may say a word of the question."""

    stems: tuple[str, ...]
    """Indonesian stems; several of them stand side by side."""
    weight: float
    """What it counts when the words of the question are looked for, 0 < weight <= 1."""
    words: tuple[str, ...]
    """The same unstemmed, folded."""
    sure: float
    """How sure it is that the word of the question is meant by it, 0 < sure <= weight."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TermGroup:
    """A word or phrase of the question with the ways in which an article may say it."""

    text: str
    """As it stands in the question."""
    alternatives: tuple[Alternative, ...]
    """Best first, never empty."""
    name: bool = False
    """Part of a proper name, as far as capitals tell."""
    known: bool = True
    """False for an English word that the glossary does not have."""
    weight: float = 1.0
    """What the word counts beside the others, 0 < weight <= 1."""


def indonesian_terms(words: Sequence[Token], names: Set[str], glossary: Glossary) -> list[TermGroup]:
    """Of an Indonesian question: each word with its synonyms.

    Args:
        words: the question's.
        names: folded words of proper names.
        glossary: the wide one.
    """
    groups = []
    for token in words:
        if is_stop_word(token.text, "id", question=True):
            continue
        ways = _Ways()
        ways.add(token.text, 1.0)
        for phrase, weight in _synonyms(token.text, glossary):
            ways.add(phrase, weight)
        if fold(token.text) not in names:
            for place, other in enumerate(synonyms(token.text)[:_MOST_SYNONYMS]):
                ways.add(other, _THESAURUS * _FURTHER**place, _THESAURUS * _NEXT_SURE**place)
        groups.append(TermGroup(text=token.text, alternatives=ways.best_first(), name=fold(token.text) in names))
    return groups


def _synonyms(word: str, glossary: Glossary) -> list[tuple[str, float]]:
    """Other ways to say an Indonesian word, through English: what ``Korut`` or ``KTT`` is short for."""
    english = glossary.to_english(word)[:2]
    if not english:
        return []
    first = _SYNONYM_OF_NAME if english[0][:1].isupper() or word.isupper() else _SYNONYM
    return [
        (phrase, first * weight)
        for meaning, weight in zip(english, (1.0, _SECOND_MEANING), strict=False)
        for phrase in glossary.to_indonesian(meaning)[:3]
    ]


def english_terms(words: Sequence[Token], names: Set[str], glossary: Glossary) -> list[TermGroup]:
    """Of an English question: longest phrases of the glossary first, then single words; unknown ones pass through.

    Args:
        words: the question's.
        names: folded words of proper names.
        glossary: the wide one.
    """
    stops = stop_words("en", question=True)
    groups: list[TermGroup] = []
    position = 0
    while position < len(words):
        length, found = _longest(words, position, glossary)
        chunk = words[position : position + length]
        surface = " ".join(t.text for t in chunk)
        is_name = all(fold(t.text) in names for t in chunk)
        if length > 1 or fold(surface) not in stops:
            groups.append(_translated(surface, found, is_name))
        position += length
    plain = " ".join(fold(t.text) for t in words)
    for pattern, indonesian in ASKED:
        if re.search(pattern, plain):
            alternative = Alternative((stem(indonesian),), 0.7, (), 0.7)
            groups.append(TermGroup(text=indonesian, alternatives=(alternative,)))
    return groups


def _longest(words: Sequence[Token], position: int, glossary: Glossary) -> tuple[int, tuple[str, ...]]:
    stops = stop_words("en", question=True)
    for length in range(min(MAX_WORDS, len(words) - position), 0, -1):
        chunk = words[position : position + length]
        if length > 1 and all(fold(t.text) in stops for t in chunk):
            continue
        found = glossary.to_indonesian(" ".join(t.text for t in chunk))
        if found:
            return length, found
    return 1, ()


def _translated(surface: str, found: tuple[str, ...], is_name: bool) -> TermGroup:
    """A group of the translations by rank, the word itself, and its Indonesian spellings."""
    ways = _Ways()
    for place, phrase in enumerate(found[:_MOST_TRANSLATIONS]):
        ways.add(phrase, _NEXT**place, _NEXT_SURE**place)
    if " " not in surface or not found:
        ways.add(surface, 1.0 if is_name or not found else 0.4)
    if not found:
        for spelling in variants(surface):
            ways.add(spelling, 0.5 if is_name else 0.8)
    return TermGroup(text=surface, alternatives=ways.best_first(), name=is_name, known=bool(found))


class _Ways:
    """Alternatives of a group; the same stems count once, with the first weight and all spellings."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, ...], Alternative] = {}

    def add(self, phrase: str, weight: float, sure: float | None = None) -> None:
        """Take in a word or phrase; it is as sure as it weighs when nothing else is said."""
        words = _content(phrase)
        stems = tuple(stem(word) for word in words)
        known = self._found.get(stems)
        self._found[stems] = (
            Alternative(stems, weight, words, weight if sure is None else sure)
            if known is None
            else known._replace(words=(*known.words, *words))
        )

    def best_first(self) -> tuple[Alternative, ...]:
        """By weight, in order of arrival where it is the same."""
        return tuple(sorted(self._found.values(), key=lambda way: -way.weight))


def _content(text: str) -> tuple[str, ...]:
    """Folded words of a phrase without its function words, unless nothing else is left."""
    words = tuple(fold(t.text) for t in tokens(text))
    stops = stop_words("id")
    return tuple(word for word in words if word not in stops) or words
