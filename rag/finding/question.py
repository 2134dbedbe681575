"""What a question asks for: its language, the kind of answer, and the terms to look for, in Indonesian.

A question comes in as text; a :class:`Query` goes out, with English words translated through the glossary. Retrieval
and ranking only ever see the query, so that they work the same for both languages.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import NamedTuple

from rag.finding.asking import ASKED, Kind, asks_for_several, focus, is_negated, kind_of
from rag.finding.expecting import Measure, measure_of
from rag.finding.premises import premise_of
from rag.finding.slots import Slot, slot_of
from rag.language.glossary import MAX_WORDS, Glossary
from rag.language.informal import formal
from rag.language.synonyms import synonyms
from rag.language.transliteration import variants
from rag.language.words import Token, detect, fold, is_stop_word, sentences, stem, stop_words, tokens
from rag.types import Language


class Alternative(NamedTuple):
    """One way in which an article may say a word of the question."""

    stems: tuple[str, ...]
    """Indonesian stems; several of them stand side by side."""
    weight: float
    """How sure it is that this is meant, 0 < weight <= 1."""
    words: tuple[str, ...] = ()
    """The same unstemmed, folded."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A question, taken apart."""

    text: str
    language: Language
    kind: Kind
    negated: bool
    """Asks about what is not so (``yang tidak hadir``)."""
    several: bool
    """Asks for a list (``apa saja``, ``which countries``)."""
    groups: tuple[TermGroup, ...]
    focus: int
    """Number of the group that says what is asked for (*tank* in ``berapa tank``); -1 when there is none."""
    measure: Measure | None
    """What an amount asked for is measured in (*money* in ``how much did it cost``); None for other questions."""
    slot: Slot
    """What the answer would be made of."""
    premise: str
    """What the question takes for granted: its words without those that ask."""
    names: tuple[str, ...]
    """Proper names as they stand in the question."""
    numbers: tuple[str, ...]
    """Numbers as they stand in the question."""
    cues: tuple[str, ...]
    """Indonesian stems of all words, question words included: what the association table is looked up with."""
    embedding_text: str
    """The question in Indonesian words, for the embedder."""

    @property
    def stems(self) -> tuple[str, ...]:
        """The first-choice stems of all groups, in order."""
        return tuple(s for group in self.groups for s in group.alternatives[0].stems)


_QUESTION_STEMS: dict[Kind, str] = {
    "who": "siapa",
    "when": "kapan",
    "where": "mana",
    "how_many": "berapa",
    "how_long": "berapa",
    "why": "mengapa",
    "how": "bagaimana",
    "definition": "maksud",
    "yes_no": "apakah",
    "what": "apa",
}
_SYNONYM, _SYNONYM_OF_NAME, _SECOND_MEANING = 0.5, 0.9, 0.7
"""Weights of other ways to say an Indonesian word, and what a second meaning counts beside the first."""
_THESAURUS, _FURTHER, _MOST_SYNONYMS = 0.5, 0.95, 20
"""Weight of the nearest synonym, what each further one counts beside the one before it, and how many are taken; the
weights are chosen on the practice archives."""
_BRACKETS = re.compile(r"\([^()]*\)")
_ASIDE = 0.4
"""Weight of a word in brackets, as words of the turn before are put; chosen on the practice archives."""
_HYPHENATED = 4
"""Letters of a lower-case word after a hyphen that still belongs to a name, at most."""
_NEXT, _MOST_TRANSLATIONS = 0.97, 40
"""What each further translation of an English word counts beside the one before it, and how many are looked for."""


def analyse(text: str, glossary: Glossary) -> Query:
    """Take a question apart.

    Args:
        text: the question as typed, not empty; of several sentences the questions count.
        glossary: translates the words of an English question, and gives Indonesian ones their synonyms.
    """
    glossary = glossary.wide
    written_out = formal(text)
    language = detect(written_out)
    asked = _asked(written_out if language == "id" else text)
    plain = re.sub(r"\s+", " ", fold(asked)).strip()
    kind = kind_of(plain, language)
    words = list(tokens(asked))
    names = _names(words, asked, language)
    spoken = {fold(t.text) for name in names for t in tokens(name)}
    groups = _indonesian(words, spoken, glossary) if language == "id" else _english(words, spoken, plain, glossary)
    groups = _weighed(groups, asked)
    measure = measure_of(plain, language)
    return Query(
        text=text,
        language=language,
        kind=kind,
        negated=is_negated(plain, language),
        several=asks_for_several(plain, language),
        groups=tuple(groups),
        focus=focus([fold(t.text) for t in words], [(fold(group.text), group.name) for group in groups]),
        measure=measure,
        slot=slot_of(plain, language, kind, measure),
        premise=premise_of(asked, language),
        names=names,
        numbers=tuple(t.text for t in words if t.text[0].isdigit()),
        cues=_cues(words, groups, kind, language),
        embedding_text=asked if language == "id" else _in_indonesian(groups, kind),
    )


def _asked(text: str) -> str:
    """The sentences with a question mark, when there are others and these have words enough to be understood."""
    parts = [text[span.start : span.end] for span in sentences(text)]
    questions = " ".join(part for part in parts if part.rstrip("\"'”’)» ").endswith("?"))
    content = [t for t in tokens(questions) if fold(t.text) not in stop_words(detect(questions), question=True)]
    return questions if len(content) > 1 else text


def _weighed(groups: list[TermGroup], text: str) -> list[TermGroup]:
    """Words that only stand in brackets count less: they tell what the question is about, not what it asks."""
    aside = {fold(t.text) for match in _BRACKETS.finditer(text) for t in tokens(match.group())}
    asked = {fold(t.text) for t in tokens(_BRACKETS.sub(" ", text))}
    only = aside - asked
    return [replace(g, weight=_ASIDE) if {fold(t.text) for t in tokens(g.text)} <= only else g for g in groups]


def _indonesian(words: list[Token], names: set[str], glossary: Glossary) -> list[TermGroup]:
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
                ways.add(other, _THESAURUS * _FURTHER**place)
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


def _english(words: list[Token], names: set[str], plain: str, glossary: Glossary) -> list[TermGroup]:
    """Longest phrases of the glossary first, then single words; what it does not know passes through."""
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
    for pattern, indonesian in ASKED:
        if re.search(pattern, plain):
            alternative = Alternative(tuple(stem(t.text) for t in tokens(indonesian)), 0.7)
            groups.append(TermGroup(text=indonesian, alternatives=(alternative,)))
    return groups


def _longest(words: list[Token], position: int, glossary: Glossary) -> tuple[int, tuple[str, ...]]:
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
        ways.add(phrase, _NEXT**place)
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

    def add(self, phrase: str, weight: float) -> None:
        """Take in a word or phrase."""
        words = _content(phrase)
        stems = tuple(stem(word) for word in words)
        known = self._found.get(stems)
        self._found[stems] = (
            Alternative(stems, weight, words) if known is None else known._replace(words=(*known.words, *words))
        )

    def best_first(self) -> tuple[Alternative, ...]:
        """By weight, in order of arrival where it is the same."""
        return tuple(sorted(self._found.values(), key=lambda way: -way.weight))


def _content(text: str) -> tuple[str, ...]:
    """Folded words of a phrase without its function words, unless nothing else is left."""
    words = tuple(fold(t.text) for t in tokens(text))
    stops = stop_words("id")
    return tuple(word for word in words if word not in stops) or words


def _names(words: list[Token], text: str, language: Language) -> tuple[str, ...]:
    """Runs of capitalised words or single letters, apart from the question's first word when it is a common one."""
    stops = stop_words(language, question=True)
    runs: list[list[Token]] = []
    previous = None
    for index, token in enumerate(words):
        capital = token.text[0].isupper() and not (fold(token.text) in stops and (index == 0 or token.text.istitle()))
        capital = capital or (previous is not None and _hyphenated(text[previous.end : token.start], token))
        if capital and previous is not None and re.fullmatch(r"[\s.\-'’]*", text[previous.end : token.start]):
            runs[-1].append(token)
        elif capital:
            runs.append([token])
        previous = token if capital else None
    return tuple(text[run[0].start : run[-1].end] for run in runs)


def _hyphenated(between: str, token: Token) -> bool:
    """Whether a short lower-case word ends a name: ``Jong-il``."""
    return between == "-" and token.text.isalpha() and len(token.text) <= _HYPHENATED


def _cues(words: list[Token], groups: list[TermGroup], kind: Kind, language: Language) -> tuple[str, ...]:
    """Stems that tell what is asked; for English the question word and the first translations stand for them."""
    if language == "id":
        return tuple(dict.fromkeys(stem(t.text) for t in words))
    translated = (s for group in groups if not group.name for s in group.alternatives[0].stems)
    return tuple(dict.fromkeys((stem(_QUESTION_STEMS[kind]), *translated)))


def _in_indonesian(groups: list[TermGroup], kind: Kind) -> str:
    words = [_QUESTION_STEMS[kind]]
    for group in groups:
        words.append(group.text if group.name or not group.known else " ".join(group.alternatives[0].stems))
    return " ".join(words)
