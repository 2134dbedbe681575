"""Where the terms of a question stand in a run of words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from rag.question import Query


class Match(NamedTuple):
    """A word of the text that a term group of the question asks for."""

    position: int
    group: int
    weight: float
    """Of the way to say it, 0..1."""
    exact: bool
    """Written as in the question or its translation, not only of the same stem."""


class Way(NamedTuple):
    """How to recognise a group by its first stem."""

    group: int
    weight: float
    rest: tuple[str, ...]
    """Stems that must follow."""
    words: tuple[str, ...]
    """Spellings that count as exact."""


def ways(query: Query) -> dict[str, list[Way]]:
    """The ways to say the query's groups, by first stem."""
    table: dict[str, list[Way]] = {}
    for number, group in enumerate(query.groups):
        for way in group.alternatives:
            table.setdefault(way.stems[0], []).append(Way(number, way.weight, way.stems[1:], way.words))
    return table


def matches(
    stems: Sequence[str], words: Sequence[str], places: Mapping[str, Sequence[int]], table: Mapping[str, list[Way]]
) -> list[Match]:
    """Matches in reading order, for each position the best way of each group.

    Args:
        stems: of the text.
        words: folded, one for each stem.
        places: positions of each stem.
        table: from :func:`ways`.
    """
    best: dict[tuple[int, int], Match] = {}
    for first in table.keys() & places.keys():
        for way in table[first]:
            for position in places[first]:
                known = best.get((position, way.group))
                if (known is None or way.weight > known.weight) and _follows(stems, position, way.rest):
                    exact = words[position] in way.words
                    best[position, way.group] = Match(position, way.group, way.weight, exact)
    return [best[key] for key in sorted(best)]


def _follows(stems: Sequence[str], position: int, rest: tuple[str, ...]) -> bool:
    """Whether ``rest`` comes next, with at most one other word before each."""
    for word in rest:
        window = stems[position + 1 : position + 3]
        if word not in window:
            return False
        position += 1 + window.index(word)
    return True
