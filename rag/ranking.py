"""Candidates in, ranked hits out: how well each sentence and each chunk answers the question."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from rag.features import SENTENCE_FEATURES, Floats, Statistics, sentence_features
from rag.question import Query
from rag.types import Chunk, Hit

_SENTENCE_WEIGHTS = {"share": 3.0, "share_chunk": 1.5, "bm25": 2.0, "fit_near": 1.0, "nearness": 2.0, "order": 1.0}
_BIAS = -4.0
_CHUNK_WEIGHTS = {"bm25_relative": 0.6}


def rank(
    query: Query, chunks: Sequence[Chunk], *, rarity: Callable[[str], float],
    lexical: Mapping[str, float], dense: Mapping[str, float],
) -> tuple[Hit, ...]:  # fmt: skip
    """Rank candidates.

    Args:
        query: the question.
        chunks: candidates, without repeats.
        rarity: share of passages that have a stem, 0 < share <= 1.
        lexical: BM25 by chunk id; 0 for a chunk that only the vectors found.
        dense: cosine by chunk id.

    Returns:
        All candidates, best first, with scores for each of their sentences.
    """
    if not chunks:
        return ()
    if not query.groups:
        scored = [(dense.get(chunk.id, 0.0), chunk, tuple(0.0 for _ in chunk.sentences)) for chunk in chunks]
    else:
        features, seen = sentence_features(query, chunks, Statistics(rarity=rarity, links={}))
        sentences = 1 / (1 + np.exp(-(_weighted(features, _SENTENCE_WEIGHTS) + _BIAS)))
        best = np.maximum.reduceat(sentences, seen.first)
        whole = best * 0.5 + 0.4 * _weighted(features, {"bm25_relative": 1.0})[seen.first]
        parts = np.split(sentences, seen.first[1:])
        scored = [
            (min(1.0, float(score) + 0.1 * max(0.0, dense.get(chunk.id, 0.0))), chunk, tuple(part.tolist()))
            for score, chunk, part in zip(whole, chunks, parts, strict=True)
        ]
    scored.sort(key=lambda item: (-item[0], item[1].id))
    return tuple(
        Hit(
            chunk=chunk, score=max(score, 0.0), lexical=lexical.get(chunk.id, 0.0), dense=dense.get(chunk.id, 0.0),
            sentence_scores=parts,
        )
        for score, chunk, parts in scored
    )  # fmt: skip


def _weighted(features: Floats, weights: Mapping[str, float]) -> Floats:
    total = np.zeros(len(features))
    for name, weight in weights.items():
        total += weight * features[:, SENTENCE_FEATURES.index(name)]
    return total
