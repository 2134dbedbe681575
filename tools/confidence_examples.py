"""Questions that an archive answers and questions that it does not, over large and small archives; training only."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from training_data import Archive, Question

from rag.glossary import Glossary
from rag.question import Query, analyse

Asked = tuple[Question, Query, Archive | str, str | None]
"""A question, its analysis, the archive to ask (or the name of a large one) and a passage to leave out of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A question asked of an archive, and whether the archive answers it."""

    asked: Asked
    name: str
    """``there``, ``removed`` (the passage is left out), ``near miss`` (so are all but its neighbours), ``off topic``,
    ``left open`` (its passage was meant not to answer it)."""
    small: bool
    """Over an archive of 4 to 60 passages."""

    @property
    def answered(self) -> bool:
        """Whether the archive answers."""
        return self.name == "there"


def confidence_cases(
    asked: Mapping[str, Sequence[Asked]], questions: Mapping[str, Sequence[Question]], large: Mapping[str, Archive]
) -> tuple[list[Case], list[Case]]:
    """Cases to fit on (train) and cases to choose the threshold by (valid)."""
    glossary = Glossary.load()
    train = [*asked["train_id"], *asked["train_en"], *asked["news"]]
    valid = [*asked["valid_id"], *asked["valid_en"]]
    fitted = _there_and_removed(train)
    for question in [q for q in questions["train"] if not q.answers][::3]:
        query = analyse(question.text, glossary)
        fitted.append(Case(asked=(question, query, "wiki", None), name="left open", small=False))
    fitted += small_archives(train, large, seed=1, archives=1200)
    return fitted, _there_and_removed(valid) + small_archives(valid, large, seed=2, archives=250)


def _there_and_removed(asked: Sequence[Asked]) -> list[Case]:
    there = [Case(asked=one, name="there", small=False) for one in asked]
    return there + [Case(asked=(q, query, at, q.passage), name="removed", small=False) for q, query, at, _ in asked]


def small_archives(asked: Sequence[Asked], large: Mapping[str, Archive], *, seed: int, archives: int) -> list[Case]:
    """Archives of 4 to 60 passages, mostly 5: half about one topic, half mixed.

    Args:
        asked: questions over the large archives.
        large: where the passages come from, by name.
        seed: of the draw.
        archives: how many to make.
    """
    rng = random.Random(seed)
    cases: list[Case] = []

    def add(question: Question, query: Query, archive: Archive, name: str) -> None:
        cases.append(Case(asked=(question, query, archive, None), name=name, small=True))

    for number in range(archives):
        size = rng.choice((4, 5, 5, 5, 6, 8)) if number % 5 else rng.choice((15, 30, 60))
        question, query, place, _ = rng.choice(asked)
        source = large[str(place)]
        near = [chunk.id for chunk in source.candidates(query, 8, question.passage)]
        chosen = near[: size - 1] if number % 2 else near[:1]
        passages = sorted(source.chunks.keys() - {*chosen, question.passage})
        chosen = chosen + rng.sample(passages, size - 1 - len(chosen))
        archive = Archive([source.chunks[id] for id in (*chosen, question.passage)])
        add(question, query, archive, "there")
        if number % 2:
            add(question, query, Archive([source.chunks[id] for id in chosen]), "near miss")
        for away, away_query, *_ in rng.sample(list(asked), 3):
            add(away, away_query, archive, "there" if away.passage in archive.chunks else "off topic")
    return cases
