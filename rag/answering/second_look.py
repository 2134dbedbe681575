"""A second look at the best sentences: do they say what the question takes for granted, and hold what it asks for?

The ranking knows which words of the question a sentence has; this stage reads. The question's premise is laid beside
each of the best sentences as a claim is beside its evidence, and its slot is looked for in them. In come the question
and the sentences with their neighbours, out comes the probability that the archive answers, by boosted trees
(``rag/data/second_look.json``, fitted by ``tools/fit_second_look.py``).
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np

from rag.answering.filling import ASKED_FOR, FILLED, asked_for, filled
from rag.finding.question import Query
from rag.finding.slots import Slot
from rag.language.glossary import Glossary
from rag.trees import Floats, Trees
from rag.types import Chunk, Span
from rag.verifying.evidence import Evidence, full_names
from rag.verifying.likeness import Comparison, features
from rag.verifying.support import compare, likelihood

LOOKED_AT = 4
"""Sentences."""
SEEN = 12
"""Passages among which the articles are counted."""
_PREMISE = (
    "likelihood", "coverage", "missing_most", "missing", "missing_mass", "missing_last", "weak", "best_sentence",
    "near_least", "near_mean", "clause_least", "fit_least", "fit_mean", "rival_most", "verb_least", "verb_rival",
    "amount_least", "couple_least", "log_claim", "conflicts", "negations_differ", "problem_opposite",
    "problem_negation", "problem_role", "problem_name", "problem_number", "problem_unit", "problem_date",
    "problem_speaker", "problem_certainty", "problem_addition",
)  # fmt: skip
"""Features of the support check."""
_GROUPS: dict[Slot, str] = {
    "money": "measure", "mass": "measure", "length": "measure", "area": "measure", "age": "measure",
    "speed": "measure", "share": "measure", "time": "time", "amount": "count", "count": "count", "clock": "date",
    "date": "date", "said": "said", "person": "name", "name": "name", "place": "place", "cause": "cause",
    "definition": "definition",
}  # fmt: skip
"""Slots that are weighed together; ``open`` is not weighed."""
_KINDS = tuple(dict.fromkeys(_GROUPS.values()))
FEATURES: tuple[str, ...] = (
    "log_odds",
    "spread",
    "english",
    *(f"{which}_{name}" for which in ("first", "most", "least") for name in _PREMISE),
    *(f"{which}_{kind}_{name}" for kind in _KINDS for which in ("first", "most") for name in FILLED),
    *(f"{which}_asked_{name}" for which in ("first", "most") for name in ASKED_FOR),
)
"""Columns of :func:`second_features`.

The confidence so far and where the passages are from; of the premise the value of the best sentence, the greatest and
the least; of the slot, by its kind, what the best one and all of them lack; of the word asked for that of the best one
and the greatest.
"""


class Place(NamedTuple):
    """A sentence with the ones on each side of it."""

    evidence: Evidence
    sentence: Span
    """Where the sentence is in ``evidence.quote``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondLook:
    """The fitted model."""

    trees: Trees
    first: float
    """Share of the first look in the log odds, 0..1; the trees have the rest."""
    slope: float
    offset: float
    threshold: float
    """Probability from which an answer is given."""

    def __call__(self, row: Floats) -> float:
        """Probability, 0..1, for one row of features."""
        raw = float(self.trees.score(row[None, :], FEATURES)[0])
        odds = self.first * float(row[0]) + (1 - self.first) * raw
        return 1.0 / (1.0 + math.exp(-(self.slope * odds + self.offset)))


@cache
def second_look() -> SecondLook:
    """The model in ``rag/data/second_look.json``."""
    model = json.loads(files("rag").joinpath("data/second_look.json").read_text("utf-8"))
    numbers = {name: model[name] for name in ("first", "slope", "offset", "threshold")}
    return SecondLook(trees=Trees(model), **numbers)


def place(chunk: Chunk, number: int) -> Place:
    """Sentence ``number`` of a chunk with its neighbours in the chunk."""
    around = chunk.sentences[max(0, number - 1) : number + 2]
    start, end = around[0].start, around[-1].end
    words = chunk.text[start - chunk.start : end - chunk.start]
    sentence = chunk.sentences[number]
    evidence = Evidence(words, words, chunk.title or "", full_names(chunk.text), chunk.published)
    return Place(evidence, Span(sentence.start - start, sentence.end - start))


class Look(NamedTuple):
    """What the second look finds."""

    confidence: float
    """Probability that the archive answers, 0..1."""
    unfilled: bool
    """Nothing in the best sentences can fill the slot of the question."""


def spread(articles: Sequence[str]) -> float:
    """Articles a passage, 0..1: 1 when each passage found is from another article, less in an archive about one event.

    Args:
        articles: the article of each passage found, best first, not empty.
    """
    seen = articles[:SEEN]
    return len(set(seen)) / len(seen)


def look_again(query: Query, places: Sequence[Place], first: float, wide: float, glossary: Glossary) -> Look:
    """Read the best sentences.

    Args:
        query: the question.
        places: the best sentences, best first.
        first: probability by the first look that the archive answers, 0..1; without places or words it stands.
        wide: see `spread`.
        glossary: for premises in English.
    """
    if not places or not query.groups:
        return Look(first, False)
    row = second_features(query, places, first, wide, glossary)
    group = _GROUPS.get(query.slot)
    return Look(second_look()(row), group is not None and row[FEATURES.index(f"most_{group}_inside")] == 1.0)


def second_features(query: Query, places: Sequence[Place], first: float, wide: float, glossary: Glossary) -> Floats:
    """What the second look sees.

    Args:
        query: the question.
        places: the best sentences, best first, at least one.
        first: probability by the first look that the archive answers, 0..1.
        wide: see `spread`.
        glossary: for premises in English.

    Returns:
        (n_features,), columns as in ``FEATURES``.
    """
    compared = [compare(query.premise, [one.evidence], glossary.wide) for one in places[:LOOKED_AT]]
    premise = np.array([_premise(one) for one in compared])
    pairs = list(zip(compared, places, strict=False))
    slot = np.array([filled(query, one, at.sentence) for one, at in pairs])
    asked = np.array([asked_for(query, one, at.sentence, glossary.wide) for one, at in pairs])
    sure = min(max(first, 1e-6), 1 - 1e-6)
    slots = np.zeros((len(_KINDS), 2, len(FILLED)))
    if query.slot in _GROUPS:
        slots[_KINDS.index(_GROUPS[query.slot])] = 1 - np.stack([slot[0], slot.max(axis=0)])
    return np.concatenate(
        [
            [math.log(sure / (1 - sure)), wide, float(query.language == "en")],
            premise[0],
            premise.max(axis=0),
            premise.min(axis=0),
            slots.ravel(),
            asked[0],
            asked.max(axis=0),
        ]
    )


def _premise(compared: Comparison) -> list[float]:
    seen = features(compared)
    seen["likelihood"] = likelihood(compared, seen)
    return [seen.get(name, 0.0) for name in _PREMISE]
