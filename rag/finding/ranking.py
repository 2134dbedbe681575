"""Candidates in, ranked hits out: how well each sentence and each chunk answers the question.

A sentence's score is a sum of boosted trees over its features (LambdaMART, fitted by ``tools/train_ranking.py``); a
chunk's is that of its best sentence, plus its cosine by a fitted weight. Scores are shown on the scale of the
confidence: the best sentence has the probability that the archive answers the question, the others less.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib.resources import files

import numpy as np

from rag.finding.confidence import confidence_features, confidence_model
from rag.finding.features import SENTENCE_FEATURES, Statistics, sentence_features
from rag.finding.question import Query
from rag.finding.sightings import Evidence
from rag.finding.views import Bools
from rag.language.rarity import idf
from rag.trees import Floats, Trees
from rag.types import Chunk, Hit

SCALE = 2.0
"""Score points by which a sentence falls to 1/e of the best one's probability."""
_RARE_HERE = 1.0
"""Score points for a sentence that has, with its neighbours, all words of the question that tell candidates apart.

The trees learn from an encyclopedia too, where a name finds the passage; in an archive about one event it finds them
all. Any value up to 1.5 leaves the numbers on valid and on the practice archives as they are."""
_SURE = 0.9
"""Weight from which a way to say a word counts as its surest translation."""
_OF_CHUNK = [
    SENTENCE_FEATURES.index(name)
    for name in SENTENCE_FEATURES
    if (name.endswith("_chunk") and name not in ("missing_chunk", "rank_chunk")) or name == "bm25_relative"
]
_OF_CHUNK_LEAST = [SENTENCE_FEATURES.index(name) for name in ("missing_chunk", "rank_chunk")]


@cache
def _ranker() -> tuple[Trees, float]:
    model = json.loads(files("rag").joinpath("data/ranking.json").read_text("utf-8"))
    return Trees(model), float(model["dense"])


@cache
def _links() -> dict[str, dict[str, float]]:
    links: dict[str, dict[str, float]] = json.loads(files("rag").joinpath("data/links.json").read_text("utf-8"))
    return links


def rank(
    query: Query,
    chunks: Sequence[Chunk],
    *,
    rarity: Callable[[str], float],
    size: int,
    lexical: Mapping[str, float],
    dense: Mapping[str, float],
    dense_weight: float | None = None,
) -> tuple[Hit, ...]:
    """Rank candidates.

    Args:
        query: the question.
        chunks: candidates, without repeats.
        rarity: share of passages that have a stem, 0 < share < 1.
        size: chunks in the archive, > 0.
        lexical: BM25 by chunk id; 0 for a chunk that only the vectors found.
        dense: cosine by chunk id; for a chunk that only the terms found, the most it can be.
        dense_weight: score points per unit of cosine; the fitted weight of the built-in embedder by default.

    Returns:
        All candidates, best first, with scores for each of their sentences.
    """
    if not chunks:
        return ()
    chunks = sorted(chunks, key=lambda chunk: chunk.id)  # ties must not depend on how they were found
    cosines = np.array([dense.get(chunk.id, 0.0) for chunk in chunks])
    if query.groups:
        pull = cosines * (_ranker()[1] if dense_weight is None else dense_weight)
        whole, sentences = _scores(query, chunks, Statistics(rarity=rarity, links=_links()), pull, size)
    else:
        whole, sentences = np.maximum(cosines, 0.0), [np.zeros(len(chunk.sentences)) for chunk in chunks]
    hits = [
        Hit(
            chunk=chunk,
            score=float(score),
            lexical=lexical.get(chunk.id, 0.0),
            dense=float(cosine),
            sentence_scores=tuple(part.tolist()),
        )
        for chunk, score, cosine, part in zip(chunks, whole, cosines, sentences, strict=True)
    ]
    return tuple(sorted(hits, key=lambda hit: (-hit.score, hit.chunk.id)))


def _scores(
    query: Query, chunks: Sequence[Chunk], statistics: Statistics, pull: Floats, size: int
) -> tuple[Floats, list[Floats]]:
    """(n_chunks,) scores of chunks and, for each, those of its sentences; all 0..1."""
    trees, _ = _ranker()
    rows, seen = sentence_features(query, chunks, statistics)
    raw = with_rare_words(trees.score(rows, SENTENCE_FEATURES), rows)
    confidence = confidence_model()(confidence_features(query, rows, seen, raw, size))
    raw = raw + pull[seen.chunk]
    best = raw.max()
    if query.several:
        level = with_rare_words(trees.score(_on_a_par(rows), SENTENCE_FEATURES), rows)
        raw = np.where(_names_a_thing(query, seen, statistics), np.maximum(raw, np.minimum(level, best)), raw)
    scaled = confidence * np.exp((raw - best) / SCALE)
    return np.maximum.reduceat(scaled, seen.first), np.split(scaled, seen.first[1:])


def with_rare_words(scores: Floats, rows: Floats) -> Floats:
    """The trees' scores with what the sentence has of the words that few candidates have.

    Args:
        scores: (n_sentences,) of the trees.
        rows: (n_sentences, n_features), columns as in ``SENTENCE_FEATURES``.
    """
    return np.asarray(scores + _RARE_HERE * rows[:, SENTENCE_FEATURES.index("rare_here_around")])


def _on_a_par(rows: Floats) -> Floats:
    """The features as if every chunk were as good a one as the best: a list may be spread over many of them."""
    level = rows.copy()
    for column in _OF_CHUNK:
        level[:, column] = rows[:, column].max()
    for column in _OF_CHUNK_LEAST:
        level[:, column] = rows[:, column].min()
    return level


def _names_a_thing(query: Query, seen: Evidence, statistics: Statistics) -> Bools:
    """(n_sentences,) has, in its surest translation, one of the question's telling words that is no name."""
    surest = [min(statistics.rarity(stem) for stem in group.alternatives[0].stems) for group in query.groups]
    weights = np.array([idf(share) for share in surest])
    telling = (weights >= 0.5 * weights.max()) & ~np.array([group.name for group in query.groups])
    return np.asarray((seen.covered[:, telling] >= _SURE).any(axis=1))
