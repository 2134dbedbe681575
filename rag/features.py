"""What a passage shows about a question: numbers per sentence and per chunk that the ranker weighs.

In come a query, candidate chunks and term statistics; out come two feature matrices with named columns. Everything is
a share, a count or a distance that can be read off the text: no feature knows where the text comes from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.question import Kind, Query
from rag.rarity import idf
from rag.types import Chunk
from rag.matching import Match, matches, ways
from rag.views import CLASSES, Bools, Ints, View, places, view

Floats = NDArray[np.float64]

_KIND_ORDER: tuple[Kind, ...] = (
    "who", "when", "where", "how_many", "how_long", "why", "how", "definition", "yes_no", "what",
)


SENTENCE_FEATURES: tuple[str, ...] = (
    "share", "share_chunk", "exact", "exact_chunk", "share_before", "share_opening", "share_names", "share_names_chunk", "share_names_opening",
    "share_rest", "share_rest_chunk", "rarest", "rarest_chunk", "missing", "missing_chunk", "bm25", "bm25_chunk",
    "bm25_relative", "rank_chunk", "bm25_best", "share_relative", "order", "order_chunk", "often_chunk", "nearness", "density", "length", "place", "fit", "fit_near", "fit_nearest",
    "new_names", "new_names_near", "numbers", "defining_after", "subject", "subject_opening", "link", "link_best", "link_near", "novel",
    "groups", "mass", "chunk_sentences", "several",
    *(f"kind_{kind}" for kind in _KIND_ORDER),
)
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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Evidence:
    """Where the words of a query stand in the candidates."""

    views: tuple[View, ...]
    first: Ints
    """(n_chunks,) each chunk's first sentence."""
    chunk: Ints
    """(n_sentences,) chunk of each sentence."""
    sentence: Ints
    """(n_words,) sentence of each word, counted over all candidates."""
    starts: Ints
    """(n_sentences,) first word of each sentence."""
    match: Ints
    """(n_matches,) positions of words that match."""
    group: Ints
    """(n_matches,) the term group matched."""
    weight: Floats
    """(n_matches,) 0..1"""
    idf: Floats
    """(n_groups,) natural log, > 0"""
    exact: Bools
    """(n_matches,) the word is written as in the question or its translation, not only of the same stem."""
    covered: Floats
    """(n_sentences, n_groups) 0..1"""
    titles: Floats
    """(n_chunks, n_groups) 0..1, in the article's title."""
    everywhere: Floats
    """(n_groups,) the most that any candidate has of a group, 0..1."""


def gather(query: Query, chunks: Sequence[Chunk], rarity: Callable[[str], float]) -> Evidence:
    """Find the query's terms in the candidates.

    Args:
        query: with at least one term group.
        chunks: candidates, at least one, each with at least one sentence.
        rarity: share of passages that have a stem.
    """
    views = tuple(view(chunk) for chunk in chunks)
    counts = np.array([len(v.starts) for v in views])
    lengths = np.array([len(v.stems) for v in views])
    first = np.concatenate(([0], np.cumsum(counts)[:-1]))
    offsets = np.concatenate(([0], np.cumsum(lengths)[:-1]))
    table = ways(query)
    found: list[Match] = []
    titles = np.zeros((len(views), len(query.groups)))
    for row, (v, offset) in enumerate(zip(views, offsets.tolist(), strict=True)):
        found += [hit._replace(position=hit.position + offset) for hit in matches(v.stems, v.words, v.places, table)]
        if v.title:
            for hit in matches(v.title, v.title, places(v.title), table):
                titles[row, hit.group] = max(titles[row, hit.group], hit.weight)
    columns = np.array(found, dtype=np.float64).reshape(-1, 4)
    match, group = columns[:, 0].astype(np.int64), columns[:, 1].astype(np.int64)
    sentence = np.repeat(first, lengths) + np.concatenate([v.sentence for v in views])
    covered = np.zeros((int(counts.sum()), len(query.groups)))
    np.maximum.at(covered, (sentence[match], group), columns[:, 2])
    return Evidence(
        views=views, first=first, chunk=np.repeat(np.arange(len(views)), counts), sentence=sentence,
        starts=np.repeat(offsets, counts) + np.concatenate([v.starts for v in views]), match=match, group=group,
        weight=columns[:, 2], exact=columns[:, 3] > 0, titles=titles, everywhere=covered.max(axis=0),
        idf=group_idf(query, rarity), covered=covered,
    )  # fmt: skip


def group_idf(query: Query, rarity: Callable[[str], float]) -> Floats:
    """(n_groups,) inverse document frequency, log(1 / share); a group's share is the weighted sum over its ways."""
    shares = [
        sum(way.weight * min(rarity(s) for s in way.stems) for way in group.alternatives) for group in query.groups
    ]
    return np.array([idf(share) for share in shares])


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
    columns |= _order(seen)
    columns |= _shape(query, seen)
    columns |= _links(query, seen, statistics.links)
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
        "share": share(covered), "share_chunk": share(whole), "exact": share(exact), "exact_chunk": share(exact_chunk),
        "share_before": share(before),
        "share_opening": share(opening), "share_names": share(covered, names), "share_names_chunk": share(whole, names),
        "share_names_opening": share(opening, names), "share_rest": share(covered, ~names),
        "share_rest_chunk": share(whole, ~names), "rarest": covered[:, rarest], "rarest_chunk": whole[:, rarest],
        "missing": ((1 - covered) * seen.idf).max(axis=1), "missing_chunk": ((1 - whole) * seen.idf).max(axis=1),
    }  # fmt: skip


def _scores(seen: Evidence, shares: dict[str, Floats]) -> dict[str, Floats]:
    """BM25 of the sentence and of its chunk as shares of the highest possible, and beside the best candidate."""
    lengths = np.diff(np.append(seen.starts, len(seen.sentence)))
    frequency = np.zeros_like(seen.covered)
    np.add.at(frequency, (seen.sentence[seen.match], seen.group), seen.weight)
    sentence = _bm25(frequency, lengths, seen.idf, SENTENCE_WORDS)
    chunk = _bm25(
        np.add.reduceat(frequency, seen.first), np.add.reduceat(lengths, seen.first), seen.idf, CHUNK_WORDS
    )
    often = np.log1p(np.add.reduceat(frequency, seen.first)) @ (seen.idf / seen.idf.sum())
    ranks = np.log1p((-chunk).argsort(kind="stable").argsort())
    top, best = max(float(chunk.max()), 1e-9), max(float(sentence.max()), 1e-9)
    return {
        "bm25": sentence, "bm25_chunk": chunk[seen.chunk], "bm25_relative": chunk[seen.chunk] / top,
        "bm25_best": sentence / best, "share_relative": shares["share"] / max(float(shares["share"].max()), 1e-9),
        "length": np.log1p(lengths), "rank_chunk": ranks[seen.chunk], "often_chunk": often[seen.chunk],
    }  # fmt: skip


def _bm25(frequency: Floats, lengths: Ints, idf: Floats, average: float) -> Floats:
    """Okapi BM25 (Robertson and Zaragoza 2009), divided by its upper bound ``sum(idf) * (K1 + 1)``: 0..1."""
    damp = K1 * (1 - B + B * lengths / average)
    weighted = frequency * (K1 + 1) / (frequency + damp[:, None])
    return weighted @ idf / (idf.sum() * (K1 + 1))


def _order(seen: Evidence) -> dict[str, Floats]:
    """Do matched words stand in the question's order, and near each other?"""
    count = len(seen.chunk)
    order, nearness = np.zeros(count), np.zeros(count)
    share = seen.idf / seen.idf.sum()
    sentence = seen.sentence[seen.match]
    for step in range(1, 5):
        distance = seen.match[step:] - seen.match[:-step]
        left, right = seen.group[:-step], seen.group[step:]
        same = (sentence[step:] == sentence[:-step]) & (left != right) & (distance <= 10)
        value = np.sqrt(share[left] * share[right]) * seen.weight[step:] * seen.weight[:-step] / np.maximum(distance, 1)
        np.maximum.at(nearness, sentence[step:][same], value[same])
        follows = same & (right == left + 1) & (distance <= 3)
        np.add.at(order, sentence[step:][follows], (share[left] + share[right])[follows])
    hits = np.bincount(sentence, minlength=count)
    lengths = np.diff(np.append(seen.starts, len(seen.sentence)))
    order_chunk = np.maximum.reduceat(order, seen.first)[seen.chunk]
    return {"order": order, "order_chunk": order_chunk, "nearness": nearness, "density": hits / lengths}


def _shape(query: Query, seen: Evidence) -> dict[str, Floats]:
    """Does the sentence bring words of the kind asked for, and near the matched ones?"""
    count = len(seen.chunk)
    matched = np.zeros(len(seen.sentence), dtype=bool)
    matched[seen.match] = True
    classes = np.concatenate([v.classes for v in seen.views])
    def whole(name: str) -> Bools:
        return np.asarray(classes[:, CLASSES.index(name)])
    capital, number, year, defining = whole("capital"), whole("number"), whole("year"), whole("defining")
    new_name = capital & ~matched
    fit = _fitting(query.kind, whole, new_name, matched)
    gap = _gaps(matched, seen.sentence)
    near = np.where(fit, 1.0 / gap, 0.0)
    name_near = np.where(new_name, 1.0 / gap, 0.0)
    position = np.arange(len(seen.sentence)) - seen.starts[seen.sentence]
    early = np.where(matched, np.exp(-position / 6.0) * _token_share(seen), 0.0)
    def per_sentence(values: NDArray[np.generic], how: np.ufunc) -> Floats:
        return np.asarray(how.reduceat(values.astype(np.float64), seen.starts))
    subject = per_sentence(early, np.add)
    last = np.array([len(v.starts) for v in seen.views])
    return {
        "fit": np.minimum(per_sentence(fit, np.add), 4), "fit_near": per_sentence(near, np.add),
        "fit_nearest": per_sentence(near, np.maximum), "new_names": np.minimum(per_sentence(new_name, np.add), 6),
        "new_names_near": per_sentence(name_near, np.maximum), "numbers": np.minimum(per_sentence(number & ~matched, np.add), 6),
        "defining_after": per_sentence(np.where(defining & (position < 14), 1.0 / gap, 0.0), np.maximum),
        "subject": subject, "subject_opening": subject[seen.first][seen.chunk], "place": np.arange(count) - seen.first[seen.chunk],
        "novel": per_sentence(~matched & ~whole("stop"), np.add), "chunk_sentences": last[seen.chunk],
    }  # fmt: skip


def _fitting(kind: Kind, whole: Callable[[str], Bools], new_name: Bools, matched: Bools) -> Bools:
    number, year = whole("number"), whole("year")
    if kind == "when":
        return np.asarray((year | whole("calendar")) & ~matched)
    if kind in ("how_many", "how_long"):
        counted = number & ~year & ~matched
        return np.asarray(counted | (whole("unit") & np.append(False, number[:-1])))
    if kind == "where":
        return np.asarray(whole("after_place") & ~matched)
    if kind == "who":
        return new_name
    if kind == "definition":
        return whole("defining")
    return {"why": whole("cause"), "how": whole("manner")}.get(kind, new_name | (whole("defining")))


def _gaps(matched: Bools, sentence: Ints) -> Floats:
    """(n_words,) distance in words to the nearest matched word of the same sentence, >= 1; 50 when there is none."""
    index = np.arange(len(matched))
    places = np.flatnonzero(matched)
    if not len(places):
        return np.full(len(matched), 50.0)
    after = np.searchsorted(places, index)
    gap = np.full(len(matched), 50.0)
    for side in (np.minimum(after, len(places) - 1), np.maximum(after - 1, 0)):
        distance = np.abs(places[side] - index)
        gap = np.where(sentence[places[side]] == sentence, np.minimum(gap, distance), gap)
    return np.maximum(gap, 1.0)


def _token_share(seen: Evidence) -> Floats:
    values = np.zeros(len(seen.sentence))
    np.maximum.at(values, seen.match, seen.weight * (seen.idf / seen.idf.sum())[seen.group])
    return values


def _links(query: Query, seen: Evidence, links: Mapping[str, Mapping[str, float]]) -> dict[str, Floats]:
    """How much the sentence's other words are those that answer such questions (learnt association)."""
    merged: dict[str, float] = {}
    for cue in query.cues:
        for word, value in links.get(cue, {}).items():
            merged[word] = max(merged.get(word, 0.0), value)
    values = np.zeros(len(seen.sentence))
    offset = 0
    for v in seen.views:
        for word in v.places.keys() & merged.keys():
            for position in v.places[word]:
                values[offset + position] = merged[word]
        offset += len(v.stems)
    matched = np.zeros(len(values), dtype=bool)
    matched[seen.match] = True
    near = values / np.sqrt(_gaps(matched, seen.sentence))
    lengths = np.diff(np.append(seen.starts, len(values)))
    return {
        "link": np.add.reduceat(values, seen.starts) / np.sqrt(lengths),
        "link_best": np.maximum.reduceat(values, seen.starts), "link_near": np.maximum.reduceat(near, seen.starts),
    }  # fmt: skip
