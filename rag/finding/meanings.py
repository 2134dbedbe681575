"""How near two words are in meaning, by vectors made of the word lists: a question and its evidence in, numbers out.

Two Indonesian stems are near when they share translations and synonyms, or share them with words that do: *keluh* and
*protes*, *runtuh* and *ambrol*. The vectors (``rag/data/meanings.npy``, made by ``tools/build_meanings.py``) hold
singular vectors of the table of stems by translations and synonyms, so that words meet which no list puts side by side.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.resources import as_file, files
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rag.finding.question import Query
from rag.finding.sightings import Evidence, Floats
from rag.finding.telling import rarity_here, with_neighbours

_WAYS = 3
"""Ways to say a word of the question that are compared."""
_LEAST = 0.4
"""Cosine from which two words are taken for related."""


class _Table(NamedTuple):
    rows: dict[str, int]
    vectors: NDArray[np.int8]
    """(n_stems, dimensions), -127..127, on the disk until it is needed."""

    def of(self, stems: Iterable[str]) -> Floats:
        """(n, dimensions), unit length; zeros for words that the lists do not have."""
        places = np.array([self.rows.get(stem, -1) for stem in stems], dtype=np.int64)
        found = self.vectors[places].astype(np.float64)
        found[places < 0] = 0
        return np.asarray(found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9))


@cache
def _table() -> _Table:
    stems = files("rag").joinpath("data/meanings.txt").read_text("utf-8").split()
    with as_file(files("rag").joinpath("data/meanings.npy")) as path:
        return _Table({stem: n for n, stem in enumerate(stems)}, np.load(path, mmap_mode="r"))


def meant(query: Query, seen: Evidence) -> Floats:
    """What each sentence has of each group of the question, or of a word near it in meaning.

    Returns:
        (n_sentences, n_groups) 0..1; of names only the name itself counts.
    """
    table = _table()
    stems = [stem for view in seen.views for stem in view.stems]
    unique = {stem: n for n, stem in enumerate(dict.fromkeys(stems))}
    words = table.of(unique)
    place = np.array([unique[stem] for stem in stems])
    near = seen.covered.copy()
    for number, group in enumerate(query.groups):
        ways = [way for way in group.alternatives[:_WAYS] if all(stem in table.rows for stem in way.stems)]
        if group.name or not ways:
            continue
        wanted = np.array([table.of(way.stems).sum(axis=0) for way in ways])
        wanted /= np.maximum(np.linalg.norm(wanted, axis=1, keepdims=True), 1e-9)
        likeness = (words @ wanted.T * [way.weight for way in ways]).max(axis=1)
        best = np.maximum.reduceat(np.where(likeness < _LEAST, 0.0, likeness)[place], seen.starts)
        near[:, number] = np.maximum(near[:, number], np.minimum(best, 1.0))
    return near


def meanings(query: Query, seen: Evidence) -> dict[str, Floats]:
    """The columns, each (n_sentences,): shares of the question by idf with words near in meaning counted."""
    near = meant(query, seen)
    around = with_neighbours(seen, near)
    chunk = np.maximum.reduceat(near, seen.first)[seen.chunk]
    here = seen.idf * rarity_here(near)
    share = near @ (seen.idf / seen.idf.sum())
    focus, beside = (near[:, query.focus], around[:, query.focus]) if query.focus >= 0 else np.ones((2, len(near)))

    def of_rare(covered: Floats) -> Floats:
        return covered @ here / here.sum() if here.sum() > 0 else np.ones(len(covered))

    return {
        "meant": share,
        "meant_chunk": chunk @ (seen.idf / seen.idf.sum()),
        "meant_around": around @ (seen.idf / seen.idf.sum()),
        "meant_relative": share / max(float(share.max()), 1e-9),
        "meant_missing": ((1 - near) * seen.idf).max(axis=1),
        "meant_missing_around": ((1 - around) * seen.idf).max(axis=1),
        "meant_here": of_rare(near),
        "meant_here_around": of_rare(around),
        "meant_focus": focus,
        "meant_focus_around": beside,
    }
