"""Turns questions with known answers into feature matrices and into the association table; training only."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from training_data import Archive, Question, gold_sentences

from rag.finding.features import Statistics, sentence_features
from rag.finding.question import Query
from rag.finding.sightings import Evidence
from rag.finding.views import view

Links = dict[str, dict[str, float]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Example:
    """A question over an archive, with the features of every candidate sentence."""

    question: Question
    query: Query
    rows: NDArray[np.float64]
    seen: Evidence
    gold: NDArray[np.bool_]
    """(n_sentences,) holds the answer and stands in the gold passage, where the question has one."""
    holds: NDArray[np.bool_]
    """(n_sentences,) holds the answer string, whichever passage it is in."""
    passage: int
    """Number of the gold passage among the candidates; -1 when it is not there."""
    size: int
    """Chunks of the archive."""
    ids: tuple[str, ...]
    """Of the candidate chunks."""


def example(
    question: Question, query: Query, archive: Archive, links: Links, *, k: int, without: str | None = None
) -> Example | None:
    """Search and take features; None when the question has no terms or nothing is found."""
    chunks = archive.candidates(query, k, without)
    if not chunks or not query.groups:
        return None
    rows, seen = sentence_features(query, chunks, Statistics(rarity=archive.rarity, links=links))
    gold: list[bool] = []
    holds: list[bool] = []
    for chunk in chunks:
        right = gold_sentences(question, chunk)
        for number, span in enumerate(chunk.sentences):
            gold.append(number in right)
            holds.append(number in right or any(text in chunk.sentence_text(span) for text, _ in question.answers))
    ids = [chunk.id for chunk in chunks]
    passage = ids.index(question.passage) if question.passage in ids else -1
    return Example(
        question=question, query=query, rows=rows, seen=seen, gold=np.array(gold), holds=np.array(holds),
        passage=passage, size=len(archive.chunks), ids=tuple(ids),
    )  # fmt: skip


MIN_CUE, MIN_TOGETHER, MOST, LEAST = 12, 3, 40, 0.4
PRIOR = 8.0
"""Pseudo-count of the words' overall shares."""
FLOOR = 0.002
"""Added to both shares, so that rare words do not get extreme ratios."""


def learn_links(items: Sequence[tuple[Question, Query, Archive]]) -> Links:
    """How much oftener a word stands in the answering sentence than in the others of its passage, by question word.

    ``log((share in answering sentences + FLOOR) / (share in the others + FLOOR))`` with shares smoothed by the word's
    own overall share. Each pair of question word and passage counts once; the question's own words do not count.
    """
    with_cue: tuple[dict[str, Counter[str]], ...] = (defaultdict(Counter), defaultdict(Counter))
    cues: tuple[Counter[str], ...] = (Counter(), Counter())
    words: tuple[Counter[str], ...] = (Counter(), Counter())
    sentences = [0, 0]
    done: set[tuple[str, str]] = set()
    for question, query, archive in items:
        chunk = archive.chunks[question.passage]
        gold = gold_sentences(question, chunk)
        own = {stem for group in query.groups for way in group.alternatives for stem in way.stems}
        fresh = [cue for cue in query.cues if (cue, chunk.id) not in done]
        done.update((cue, chunk.id) for cue in fresh)
        looked = view(chunk)
        for number in range(len(looked.starts)):
            side = int(number not in gold)
            content = {s for s, n in zip(looked.stems, looked.sentence.tolist(), strict=True) if n == number} - own
            sentences[side] += 1
            words[side].update(content)
            for cue in fresh:
                cues[side][cue] += 1
                with_cue[side][cue].update(content)
    links: Links = {}
    for cue, together in with_cue[0].items():
        if cues[0][cue] < MIN_CUE:
            continue
        row = {}
        for word, count in together.items():
            overall = (words[0][word] + words[1][word]) / sum(sentences)
            right = (count + PRIOR * overall) / (cues[0][cue] + PRIOR)
            wrong = (with_cue[1][cue][word] + PRIOR * overall) / (cues[1][cue] + PRIOR)
            value = math.log((right + FLOOR) / (wrong + FLOOR))
            if count >= MIN_TOGETHER and value > LEAST:
                row[word] = round(value, 2)
        links[cue] = dict(sorted(row.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST])
    return {cue: row for cue, row in sorted(links.items()) if row}
