"""Sentences of articles in, the questions to suggest out: weighed, each once, unlike each other.

Whether the archive's own answer to a question is the sentence that it was made from is found out by whoever asks it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from rag.language.glossary import Glossary
from rag.language.words import is_stop_word, stem
from rag.types import Language, Span
from rag.verifying.statements import Statement
from ui.chat.names import Names
from ui.chat.phrasing import Maker

_WORTH = {
    "give": 1.3, "what": 1.2, "why": 1.2, "how_many": 1.3, "when": 1.0, "where": 0.9, "who": 0.8, "said": 0.8,
    "person": 0.7,
}  # fmt: skip
"""How interesting a kind of question is."""
_KNOWN = 20.0
"""Sentences from which on a name counts no more for being mentioned oftener."""


_ALIKE = 0.75
"""Share of the shorter question's words from which two questions are the same to a reader."""
_ASKING = frozenset({
    "apa", "siapa", "kapan", "mana", "berapa", "mengapa", "what", "who", "when", "where", "how", "why",
})  # fmt: skip
_PLAIN = re.compile(r"[\w .,'’&/-]{8,110}\?")
"""What a question may look like: names come from articles, and anything may stand in those."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A question and the sentence that it was made from."""

    text: str
    kind: str
    sources: tuple[tuple[str, Span], ...]
    """Articles' ids and the sentences that it was made from, the first one first."""
    names: tuple[str, ...]
    """What it is about, as the archive mostly has it."""
    weight: float
    """How good it is to show, > 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence of an article, read."""

    article_id: str
    span: Span
    place: int
    """Number within its article."""
    statement: Statement


def candidates(sentence: Sentence, names: Names, glossary: Glossary, language: Language) -> list[Candidate]:
    """Questions in ``language`` that a sentence answers.

    Args:
        sentence: the sentence.
        names: of the archive.
        glossary: translates what is counted.
        language: of the questions.
    """
    made: dict[str, Candidate] = {}
    makers = [Maker(sentence.statement, names, glossary, language, whole) for whole in (True, False)]
    for kind, text, mentioned in chain.from_iterable(maker.questions() for maker in makers):
        known = 0.0 if kind == "person" else sum(min(names.weight(name), _KNOWN) for name in mentioned)
        weight = _WORTH[kind] * (1 + known**0.5 / 4) / (1 + sentence.place / 40)
        asked = text[0].upper() + text[1:] + "?"
        if not _PLAIN.fullmatch(asked):
            continue
        source = (sentence.article_id, sentence.span)
        made.setdefault(
            asked, Candidate(text=asked, kind=kind, sources=(source,), names=mentioned, weight=weight)
        )  # fmt: skip
    return list(made.values())


def merged(found: Iterable[Candidate]) -> list[Candidate]:
    """Each question once, with all the sentences that it was made from, and the greatest weight."""
    by_text: dict[str, Candidate] = {}
    for candidate in found:
        known = by_text.get(candidate.text)
        if known is not None:
            weight = max(known.weight, candidate.weight)
            candidate = replace(known, sources=(*known.sources, *candidate.sources), weight=weight)
        by_text[candidate.text] = candidate
    return list(by_text.values())


def choose(
    found: Sequence[Candidate], most: int, *, good: Callable[[Candidate], bool], without: Sequence[str] = (), tries: int
) -> list[str]:
    """The best questions that are unlike each other.

    Args:
        found: candidates.
        most: how many at most.
        good: whether the archive answers a question well; slow.
        without: questions that are not to be asked again.
        tries: how many candidates are tried at most.
    """
    chosen: list[Candidate] = []
    taken = [_stems(text) for text in without]
    left = sorted(found, key=lambda c: (-c.weight, c.text))
    while left and len(chosen) < most and tries > 0:
        candidate = max(left, key=lambda c: c.weight * _fresh(c, chosen))
        left.remove(candidate)
        stems = _stems(candidate.text)
        if any(_alike(stems, other) for other in taken):
            continue
        tries -= 1
        if good(candidate):
            chosen.append(candidate)
            taken.append(stems)
    return [candidate.text for candidate in chosen]


def _fresh(candidate: Candidate, chosen: Sequence[Candidate]) -> float:
    """Less for what has been asked of: the same kind of question, article, sentence or name."""
    share = 1.0
    for other in chosen:
        share *= 0.45 if other.kind == candidate.kind else 1.0
        share *= 0.6 if other.sources[0][0] == candidate.sources[0][0] else 1.0
        share *= 0.3 if other.sources[0] == candidate.sources[0] else 1.0
        share *= 0.75 if set(other.names) & set(candidate.names) else 1.0
    return share


def _stems(text: str) -> frozenset[str]:
    """What a question is about: its content words, and what kind of answer it wants."""
    words = re.findall(r"\w+", text.casefold())
    return frozenset(stem(w) for w in words if w in _ASKING or not (is_stop_word(w, "id") or is_stop_word(w, "en")))


def _alike(left: frozenset[str], right: frozenset[str]) -> bool:
    return len(left & right) > _ALIKE * min(len(left), len(right))
