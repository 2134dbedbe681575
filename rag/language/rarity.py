"""How rare a word is: counts of the archive at hand, steadied by counts of Indonesian text at large.

With five articles the archive's own counts say almost nothing; with a million they say it all. The background counts
in as many passages as ``WEIGHT`` says.
"""

from __future__ import annotations

import math
from functools import cache
from importlib.resources import files

WEIGHT = 300.0
"""Passages that the background counts as."""


@cache
def background() -> tuple[dict[str, float], float]:
    """Share of passages at large that have a stem (``rag/data/background.tsv``), and the least of the shares."""
    return _shares("background.tsv")


@cache
def usage() -> tuple[dict[str, float], float]:
    """The same for words as they are written, folded (``rag/data/usage.tsv``)."""
    return _shares("usage.tsv")


def _shares(name: str) -> tuple[dict[str, float], float]:
    lines = files("rag").joinpath(f"data/{name}").read_text("utf-8").splitlines()
    total = int(lines[0].split("\t")[1])
    shares = {word: int(count) / total for word, count in (line.split("\t") for line in lines[1:])}
    return shares, min(shares.values())


def rarity(stem: str, *, count: int, size: int) -> float:
    """Estimated share of passages that have ``stem``, 0 < share < 1.

    Args:
        stem: an Indonesian stem.
        count: chunks of the archive that have it.
        size: chunks of the archive.
    """
    shares, least = background()
    return (count + WEIGHT * shares.get(stem, 0.5 * least)) / (size + WEIGHT)


def idf(share: float) -> float:
    """Inverse document frequency of a share of passages: natural log, > 0."""
    return math.log(1.0 / min(max(share, 1e-7), 0.9))
