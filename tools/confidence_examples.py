"""Small made-up archives with questions that they answer and questions that they do not; training only."""

from __future__ import annotations

import random
from collections.abc import Sequence

from training_data import Archive, Question

from rag.question import Query

Asked = tuple[Question, Query, Archive | None, str | None]
"""A question, its analysis, the archive to ask (None: the large one) and a passage to leave out of it."""


def small_archives(asked: Sequence[Asked], large: Archive, *, seed: int, archives: int) -> list[tuple[Asked, int]]:
    """Archives of 4 to 60 passages, mostly 5: half about one topic, half mixed.

    Args:
        asked: questions over the large archive.
        large: where the passages come from.
        seed: of the draw.
        archives: how many to make.

    Returns:
        Questions with 1 when their archive answers them, 0 when it does not: their passage is another one (off topic),
        or left out of an archive that has its neighbours (near miss).
    """
    rng = random.Random(seed)
    pairs: list[tuple[Asked, int]] = []
    passages = list(large.chunks)
    for number in range(archives):
        size = rng.choice((4, 5, 5, 5, 6, 8)) if number % 5 else rng.choice((15, 30, 60))
        question, query, *_ = rng.choice(asked)
        near = [chunk.id for chunk in large.candidates(query, 8, question.passage)]
        chosen = near[: size // 2] if number % 2 else near[:1]
        while len(chosen) < size - 1:
            other = rng.choice(passages)
            if other not in chosen and other != question.passage:
                chosen.append(other)
        with_gold = Archive([large.chunks[id] for id in (*chosen, question.passage)])
        without = Archive([large.chunks[id] for id in chosen])
        pairs.append(((question, query, with_gold, None), 1))
        if number % 2:
            pairs.append(((question, query, without, None), 0))
        for away, away_query, *_ in rng.sample(list(asked), 2):
            inside = away.passage in with_gold.chunks
            pairs.append(((away, away_query, with_gold, None), int(inside)))
    return pairs
