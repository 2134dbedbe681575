"""Questions that an archive answers and questions that it does not, over large and small archives; training only."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from near_misses import NearMisses
from training_data import Archive, Question

from rag.finding.question import Query, analyse
from rag.language.glossary import Glossary

Asked = tuple[Question, Query, Archive | str, str | None]
"""A question, its analysis, the archive to ask (or the name of a large one) and a passage to leave out of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A question asked of an archive, and whether the archive answers it."""

    asked: Asked
    name: str
    """``there``, ``removed`` (the passage is left out), ``near miss`` (so are all but its neighbours), ``off topic``,
    ``left open`` (its passage was meant not to answer it), ``other focus`` and ``other name`` (changed so that it does
    not); of the practice archives also the types of their questions."""
    setting: Literal["large", "small", "practice"]
    """``small``: over an archive of 4 to 60 passages; ``practice``: a question about news, see `practice_examples`."""

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
    fitted += _left_open(questions["train"], glossary) + changed(train, large, seed=4)[::2]
    fitted += small_archives(train, large, seed=1, archives=1200)
    tested = _there_and_removed(valid) + _left_open(questions["valid"], glossary) + changed(valid, large, seed=5)
    return fitted, tested + small_archives(valid, large, seed=2, archives=250)


def _left_open(questions: Sequence[Question], glossary: Glossary) -> list[Case]:
    return [
        Case(asked=(question, analyse(question.text, glossary), "wiki", None), name="left open", setting="large")
        for question in questions
        if not question.answers
    ]


def changed(asked: Sequence[Asked], large: Mapping[str, Archive], *, seed: int) -> list[Case]:
    """Each question over its large archive with another focus or another name, by turns, where that can be done."""
    swaps = NearMisses([(question, query) for question, query, *_ in asked], Glossary.load(), seed)
    cases: list[Case] = []
    for number, (question, query, place, _) in enumerate(asked):
        archive = large[str(place)]
        text = {question.passage: archive.chunks[question.passage].text}
        new = swaps.other_name(question, query, text) if number % 2 else swaps.other_focus(question, query, archive)
        if new:
            name = "other name" if number % 2 else "other focus"
            cases.append(Case(asked=(*new, place, None), name=name, setting="large"))
    return cases


def _there_and_removed(asked: Sequence[Asked]) -> list[Case]:
    there = [Case(asked=one, name="there", setting="large") for one in asked]
    return there + [Case(asked=(q, query, at, q.passage), name="removed", setting="large") for q, query, at, _ in asked]


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
    swaps = NearMisses([(question, query) for question, query, *_ in asked], Glossary.load(), seed)

    def add(question: Question, query: Query, archive: Archive, name: str) -> None:
        cases.append(Case(asked=(question, query, archive, None), name=name, setting="small"))

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
        for name, new in (
            ("other focus", swaps.other_focus(question, query, archive)),
            ("other name", swaps.other_name(question, query, {id: c.text for id, c in archive.chunks.items()})),
        ):
            if new:
                add(*new, archive, name)
        for away, away_query, *_ in rng.sample(list(asked), 3):
            add(away, away_query, archive, "there" if away.passage in archive.chunks else "off topic")
    return cases
