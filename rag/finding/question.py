"""What a question asks for: its language, the kind of answer, and the terms to look for, in Indonesian.

A question comes in as text; a :class:`Query` goes out, with English words translated through the glossary. Retrieval
and ranking only ever see the query, so that they work the same for both languages.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from rag.finding.asking import Kind, asks_for_several, focus, is_negated, kind_of
from rag.finding.expecting import Measure, measure_of
from rag.finding.premises import premise_of
from rag.finding.slots import Slot, slot_of
from rag.finding.terms import TermGroup, english_terms, indonesian_terms
from rag.language.glossary import Glossary
from rag.language.informal import formal
from rag.language.words import Token, detect, fold, sentences, stem, stop_words, tokens
from rag.types import Language


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
_BRACKETS = re.compile(r"\([^()]*\)")
_ASIDE = 0.4
"""Weight of a word in brackets, as words of the turn before are put; chosen on the practice archives."""
_HYPHENATED = 4
"""Letters of a lower-case word after a hyphen that still belongs to a name, at most."""


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
    terms = indonesian_terms if language == "id" else english_terms
    groups = _weighed(terms(words, spoken, glossary), asked)
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
