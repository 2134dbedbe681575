"""Roots of Indonesian words: affixes are taken off as long as a known root is under them.

Snowball's rules know no roots and cannot undo what a prefix did to the first letter (``menulis`` and ``ditulis`` get
two stems). Here every reading of a word's affixes is tried, and the first whose rest is in ``rag/data/roots.txt``
wins; a word without one is left to Snowball (``rag.language.words``). Folded words in, roots out.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files

_PARTICLES = ("lah", "kah", "tah", "pun", "nya", "ku", "mu")
_SUFFIXES = ("kan", "an", "i", "wan", "wati")
_NASAL = (  # prefix, what it stands before, the letter it has swallowed
    ("me", "lrmnwy", ""),
    ("meng", "aeioughkq", ""),
    ("meng", "aeiou", "k"),
    ("meny", "aeiou", "s"),
    ("mem", "bfpv", ""),
    ("mem", "aeiou", "p"),
    ("men", "cdjstz", ""),
    ("men", "aeiou", "t"),
    ("peng", "aeioughkq", ""),
    ("peng", "aeiou", "k"),
    ("peny", "aeiou", "s"),
    ("pem", "bfpv", ""),
    ("pem", "aeiou", "p"),
    ("pen", "cdjstz", ""),
    ("pen", "aeiou", "t"),
    ("pe", "lrmnwybgdkjst", ""),
    ("menge", "bcdlprst", ""),
    ("penge", "bcdlprst", ""),
)
_PLAIN = ("di", "ber", "ter", "per", "be", "bel", "pel")
_BEGINS = ("me", "pe", "di", "be", "te", "ke", "se")
_ENDS = (*_PARTICLES, *_SUFFIXES)
_DEPTH = 3
"""Prefixes taken off at most (``memper-``, ``diper-``, ``keber-an``)."""


@cache
def roots() -> frozenset[str]:
    """The known roots."""
    return frozenset(files("rag").joinpath("data/roots.txt").read_text("utf-8").split())


def root(word: str, known: frozenset[str] | None = None) -> str | None:
    """The root of a folded Indonesian word; None when none is known.

    Args:
        word: folded, one word.
        known: roots to accept; the built-in ones by default.
    """
    accepted = roots() if known is None else known
    if word in accepted:
        return word
    if len(word) < 5 or not (word.endswith(_ENDS) or word.startswith(_BEGINS)):
        return None
    return next((reading for reading in readings(word) if reading in accepted), None)


def readings(word: str) -> Iterator[str]:
    """What may be left of a word without some of its affixes, the likelier first."""
    bases = [word]
    for particle in _PARTICLES:
        bases += [base[: -len(particle)] for base in bases if base.endswith(particle) and len(base) > len(particle) + 2]
    for base in bases:
        if base != word:
            yield base
        for suffix in _SUFFIXES:
            if base.endswith(suffix) and len(base) > len(suffix) + 2:
                inner = base[: len(base) - len(suffix)]
                yield inner
                if inner.startswith(_BEGINS):
                    yield from _without_prefix(inner, suffix, _DEPTH)
        if base.startswith(_BEGINS):
            yield from _without_prefix(base, "", _DEPTH)


def _without_prefix(word: str, suffix: str, depth: int) -> Iterator[str]:
    rests = []
    if word[0] in "mp":
        letter = word[1:2]
        for prefix, before, swallowed in _NASAL:
            if letter == "e" and word.startswith(prefix) and word[len(prefix) : len(prefix) + 1] in before:
                rests.append(swallowed + word[len(prefix) :])
    rests += [word[len(prefix) :] for prefix in _PLAIN if word.startswith(prefix)]
    if word.startswith("ke") and (suffix == "an" or depth < _DEPTH):
        rests.append(word[2:])
    if word.startswith("se") and suffix in ("", "an"):
        rests.append(word[2:])
    rests = [rest for rest in rests if len(rest) > 2]
    yield from rests
    if depth > 1:
        for rest in rests:
            if len(rest) > 4 and rest.startswith(_BEGINS):
                yield from _without_prefix(rest, suffix, depth - 1)
