"""Where the terms of a question stand in its candidates: chunks come in, positions of matches go out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rag.finding.question import Query
from rag.finding.views import Bools, Ints, View, view
from rag.language.rarity import idf
from rag.types import Chunk

Floats = NDArray[np.float64]


class Match(NamedTuple):
    """A word of the text that a term group of the question asks for."""

    position: int
    group: int
    weight: float
    """Of the way to say it, 0..1."""
    exact: bool
    """Written as in the question or its translation, not only of the same stem."""
    sure: float
    """How sure it is that it says the same, 0..1."""


class Way(NamedTuple):
    """How to recognise a group by its first stem."""

    group: int
    weight: float
    sure: float
    rest: tuple[str, ...]
    """Stems that must follow."""
    words: tuple[str, ...]
    """Spellings that count as exact."""


def ways(query: Query) -> dict[str, list[Way]]:
    """The ways to say the query's groups, by first stem."""
    table: dict[str, list[Way]] = {}
    for number, group in enumerate(query.groups):
        for way in group.alternatives:
            table.setdefault(way.stems[0], []).append(Way(number, way.weight, way.sure, way.stems[1:], way.words))
    return table


def matches(looked: View, table: Mapping[str, list[Way]], offset: int = 0) -> list[Match]:
    """Matches in reading order, for each position the best way of each group.

    Args:
        looked: the text.
        table: from :func:`ways`.
        offset: added to the positions.
    """
    found = []
    for position, word in enumerate(looked.stems):
        if word not in table:
            continue
        best: dict[int, tuple[float, float]] = {}
        exact = set()
        for group, weight, sure, rest, words in table[word]:
            if weight > best.get(group, _NOTHING)[0] and (not rest or _follows(looked.stems, position, rest)):
                best[group] = weight, sure
            if looked.words[position] in words:
                exact.add(group)
        at = offset + position
        found += [Match(at, group, weight, group in exact, sure) for group, (weight, sure) in best.items()]
    return found


_NOTHING = (0.0, 0.0)


def _in_title(title: Sequence[str], table: Mapping[str, list[Way]]) -> dict[int, float]:
    """The weight of each group that a title has."""
    found: dict[int, float] = {}
    for position, word in enumerate(title):
        for way in table.get(word, ()):
            if _follows(title, position, way.rest):
                found[way.group] = max(found.get(way.group, 0.0), way.weight)
    return found


def _follows(stems: Sequence[str], position: int, rest: tuple[str, ...]) -> bool:
    """Whether ``rest`` comes next, with at most one other word before each."""
    for word in rest:
        window = stems[position + 1 : position + 3]
        if word not in window:
            return False
        position += 1 + window.index(word)
    return True


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
    sure: Floats
    """(n_sentences, n_groups) 0..1, how sure it is that the sentence says it."""
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
        found += matches(v, table, offset)
        for group, weight in _in_title(v.title, table).items():
            titles[row, group] = weight
    columns = np.array(found, dtype=np.float64).reshape(-1, 5)
    match, number = columns[:, 0].astype(np.int64), columns[:, 1].astype(np.int64)
    sentence = np.repeat(first, lengths) + np.concatenate([v.sentence for v in views])
    covered = np.zeros((int(counts.sum()), len(query.groups)))
    np.maximum.at(covered, (sentence[match], number), columns[:, 2])
    sure = np.zeros_like(covered)
    np.maximum.at(sure, (sentence[match], number), columns[:, 4])
    return Evidence(
        views=views,
        first=first,
        chunk=np.repeat(np.arange(len(views)), counts),
        sentence=sentence,
        starts=np.repeat(offsets, counts) + np.concatenate([v.starts for v in views]),
        match=match,
        group=number,
        weight=columns[:, 2],
        exact=columns[:, 3] > 0,
        titles=titles,
        everywhere=covered.max(axis=0),
        idf=group_idf(query, rarity),
        covered=covered,
        sure=sure,
    )


def group_idf(query: Query, rarity: Callable[[str], float]) -> Floats:
    """(n_groups,) inverse document frequency, log(1 / share), times the group's weight.

    A group's share is the sum over its ways, each as far as it is sure: far-fetched ways do not make a word common.
    """
    shares = [sum(way.sure * min(rarity(s) for s in way.stems) for way in group.alternatives) for group in query.groups]
    weights = np.array([group.weight for group in query.groups])
    return np.asarray(weights * np.array([idf(share) for share in shares]))
