"""What a passage shows about a question: numbers per sentence and per chunk that the ranker weighs.

In come a query, candidate chunks and term statistics; out come two feature matrices with named columns. Everything is
a share, a count or a distance that can be read off the text: no feature knows where the text comes from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from rag.finding.asking import Kind
from rag.finding.clues import associations, order, shape
from rag.finding.meanings import meanings
from rag.finding.question import Query
from rag.finding.sightings import Evidence, Floats, gather
from rag.finding.telling import telling, with_neighbours
from rag.finding.views import Bools, Ints
from rag.types import Chunk

_KIND_ORDER: tuple[Kind, ...] = (
    "who",
    "when",
    "where",
    "how_many",
    "how_long",
    "why",
    "how",
    "definition",
    "yes_no",
    "what",
)


_LOOKED_UP = (
    "share",
    "share_chunk",
    "exact",
    "exact_chunk",
    "share_before",
    "share_opening",
    "share_names",
    "share_names_chunk",
    "share_names_opening",
    "share_rest",
    "share_rest_chunk",
    "rarest",
    "rarest_chunk",
    "missing",
    "missing_chunk",
    "bm25",
    "bm25_chunk",
    "bm25_relative",
    "rank_chunk",
    "bm25_best",
    "share_relative",
    "order",
    "order_chunk",
    "often_chunk",
    "nearness",
    "density",
    "length",
    "place",
    "fit",
    "fit_near",
    "fit_nearest",
    "new_names",
    "new_names_near",
    "numbers",
    "defining_after",
    "subject",
    "subject_opening",
    "link",
    "link_best",
    "link_near",
    "novel",
    "groups",
    "mass",
    "chunk_sentences",
    "items",
    "measured",
    "measured_around",
    "measure_asked",
    "several",
    *(f"kind_{kind}" for kind in _KIND_ORDER),
)
TELLING_FEATURES: tuple[str, ...] = (
    "units",
    "units_around",
    "rare_here",
    "rare_here_around",
    "plain_missing",
    "plain_missing_around",
    "digits_missing",
    "focus",
    "focus_around",
    "focus_chunk",
    "focus_fit",
    "focus_idf",
    "focus_indefinite",
    "negation_asked",
    "negation_said",
    "opposed",
)
"""Columns of `rag.finding.telling`."""
MEANING_FEATURES: tuple[str, ...] = (
    "meant",
    "meant_chunk",
    "meant_around",
    "meant_relative",
    "meant_missing",
    "meant_missing_around",
    "meant_here",
    "meant_here_around",
    "meant_focus",
    "meant_focus_around",
)
"""Columns of `rag.finding.meanings`."""
SURE_FEATURES: tuple[str, ...] = ("sure", "sure_chunk", "sure_around", "sure_missing", "sure_missing_around")
"""Columns of `_sureness`."""
SENTENCE_FEATURES: tuple[str, ...] = (*_LOOKED_UP, *TELLING_FEATURES, *MEANING_FEATURES, *SURE_FEATURES)
"""Columns of :func:`sentence_features`."""

K1, B = 1.2, 0.75
CHUNK_WORDS, SENTENCE_WORDS = 85.0, 19.0
"""Average lengths in words on which the length normalisation of BM25 rests."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """What is known about words at large."""

    rarity: Callable[[str], float]
    """Share of passages that have a stem, 0 < share <= 1."""
    links: Mapping[str, Mapping[str, float]]
    """``links[question stem][sentence stem]``: how much oftener an answering sentence has the second, log ratio."""


def sentence_features(query: Query, chunks: Sequence[Chunk], statistics: Statistics) -> tuple[Floats, Evidence]:
    """Features of every sentence of the candidates.

    Returns:
        (n_sentences, n_features) in the order of the chunks' sentences, columns as in ``SENTENCE_FEATURES``, and the
        evidence they rest on.
    """
    seen = gather(query, chunks, statistics.rarity)
    columns: dict[str, Floats] = {}
    columns |= _shares(query, seen)
    columns |= _scores(seen, columns)
    columns |= order(seen)
    columns |= shape(query, seen)
    columns |= associations(query, seen, statistics.links)
    columns |= telling(query, seen)
    columns |= meanings(query, seen)
    columns |= _sureness(seen)
    count = len(seen.chunk)
    columns["groups"] = np.full(count, len(query.groups))
    columns["mass"] = np.full(count, float(seen.idf.sum()))
    columns["several"] = np.full(count, float(query.several))
    for kind in _KIND_ORDER:
        columns[f"kind_{kind}"] = np.full(count, float(query.kind == kind))
    return np.column_stack([columns[name] for name in SENTENCE_FEATURES]), seen


def _shares(query: Query, seen: Evidence) -> dict[str, Floats]:
    """How much of the question, weighted by idf, the sentence, its neighbours and its chunk hold."""
    covered, chunk = seen.covered, seen.chunk
    whole = np.maximum.reduceat(covered, seen.first)[chunk]
    before = covered.copy()
    before[1:] = np.where((chunk[1:] == chunk[:-1])[:, None], np.maximum(covered[1:], covered[:-1]), covered[1:])
    opening = np.maximum(covered, np.maximum(covered[seen.first], seen.titles)[chunk])
    exact = np.zeros_like(covered)
    np.maximum.at(exact, (seen.sentence[seen.match], seen.group), seen.weight * seen.exact)
    exact_chunk = np.maximum.reduceat(exact, seen.first)[chunk]
    names = np.array([group.name for group in query.groups])
    rarest = int(seen.idf.argmax())

    def share(matrix: Floats, mask: Bools | None = None) -> Floats:
        idf = seen.idf if mask is None else seen.idf * mask
        return matrix @ (idf / idf.sum()) if idf.sum() > 0 else np.ones(len(matrix))

    return {
        "share": share(covered),
        "share_chunk": share(whole),
        "exact": share(exact),
        "exact_chunk": share(exact_chunk),
        "share_before": share(before),
        "share_opening": share(opening),
        "share_names": share(covered, names),
        "share_names_chunk": share(whole, names),
        "share_names_opening": share(opening, names),
        "share_rest": share(covered, ~names),
        "share_rest_chunk": share(whole, ~names),
        "rarest": covered[:, rarest],
        "rarest_chunk": whole[:, rarest],
        "missing": ((1 - covered) * seen.idf).max(axis=1),
        "missing_chunk": ((1 - whole) * seen.idf).max(axis=1),
    }


def _sureness(seen: Evidence) -> dict[str, Floats]:
    """What of the question a sentence says for sure, not by a far-fetched synonym: shares by idf and the rarest gap."""
    share = seen.idf / seen.idf.sum()
    chunk = np.maximum.reduceat(seen.sure, seen.first)[seen.chunk]
    around = with_neighbours(seen, seen.sure)
    return {
        "sure": seen.sure @ share,
        "sure_chunk": chunk @ share,
        "sure_around": around @ share,
        "sure_missing": ((1 - seen.sure) * seen.idf).max(axis=1),
        "sure_missing_around": ((1 - around) * seen.idf).max(axis=1),
    }


def _scores(seen: Evidence, shares: dict[str, Floats]) -> dict[str, Floats]:
    """BM25 of the sentence and of its chunk as shares of the highest possible, and beside the best candidate."""
    lengths = np.diff(np.append(seen.starts, len(seen.sentence)))
    frequency = np.zeros_like(seen.covered)
    np.add.at(frequency, (seen.sentence[seen.match], seen.group), seen.weight)
    sentence = _bm25(frequency, lengths, seen.idf, SENTENCE_WORDS)
    chunk = _bm25(np.add.reduceat(frequency, seen.first), np.add.reduceat(lengths, seen.first), seen.idf, CHUNK_WORDS)
    often = np.log1p(np.add.reduceat(frequency, seen.first)) @ (seen.idf / seen.idf.sum())
    ranks = np.log1p((-chunk).argsort(kind="stable").argsort())
    top, best = max(float(chunk.max()), 1e-9), max(float(sentence.max()), 1e-9)
    return {
        "bm25": sentence,
        "bm25_chunk": chunk[seen.chunk],
        "bm25_relative": chunk[seen.chunk] / top,
        "bm25_best": sentence / best,
        "share_relative": shares["share"] / max(float(shares["share"].max()), 1e-9),
        "length": np.log1p(lengths),
        "rank_chunk": ranks[seen.chunk],
        "often_chunk": often[seen.chunk],
    }


def _bm25(frequency: Floats, lengths: Ints, idf: Floats, average: float) -> Floats:
    """Okapi BM25 (Robertson and Zaragoza 2009), divided by its upper bound ``sum(idf) * (K1 + 1)``: 0..1."""
    damp = K1 * (1 - B + B * lengths / average)
    weighted = frequency * (K1 + 1) / (frequency + damp[:, None])
    return np.asarray(weighted @ idf / (idf.sum() * (K1 + 1)))
