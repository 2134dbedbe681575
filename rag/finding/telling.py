"""What tells candidates about one topic apart: names as wholes, words few candidates have, the word that is asked for.

Evidence comes in, named columns of numbers, one for each sentence, go out. In an archive about one meeting every
sentence has its names, and *father* or *tank* is all that counts; `rag.finding.features` weighs words by how rare they
are at large, this file by how rare they are among the candidates.
"""

from __future__ import annotations

import math
import re

import numpy as np

from rag.finding.clues import fitting, gaps
from rag.finding.question import Query
from rag.finding.sightings import Evidence, Floats
from rag.finding.views import CLASSES
from rag.language.cues import opposites


def telling(query: Query, seen: Evidence) -> dict[str, Floats]:
    """The columns, each (n_sentences,)."""
    whole = _by_name(query, seen.covered)
    idf = _unit_idf(query, seen)
    around = with_neighbours(seen, whole)
    rare = rarity_here(whole) * idf
    plain = idf * ~_is_name(query)
    digits = np.array([any(c.isdigit() for c in group.text) for group in query.groups])

    def share(covered: Floats, weights: Floats) -> Floats:
        return covered @ weights / weights.sum() if weights.sum() > 0 else np.ones(len(covered))

    return {
        "units": share(whole, idf),
        "units_around": share(around, idf),
        "rare_here": share(whole, rare),
        "rare_here_around": share(around, rare),
        "plain_missing": ((1 - whole) * plain).max(axis=1),
        "plain_missing_around": ((1 - around) * plain).max(axis=1),
        "digits_missing": ((1 - seen.covered) * digits).sum(axis=1),
        **_focus(query, seen, around),
        **_negation(query, seen),
        **_measured(query, seen),
        "opposed": _opposed(query, seen, around),
    }


def _is_name(query: Query) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return np.array([group.name for group in query.groups])


def _owners(query: Query) -> list[int]:
    """For each group the first group of the name that it is part of, or itself."""
    owners: list[int] = []
    for number, group in enumerate(query.groups):
        left = query.groups[number - 1] if number else None
        run = left is not None and left.name and group.name and _side_by_side(left.text, group.text, query.names)
        owners.append(owners[-1] if run else number)
    return owners


def _side_by_side(left: str, right: str, names: tuple[str, ...]) -> bool:
    pattern = rf"(?<!\w){re.escape(left)}[\s.\-'’]*{re.escape(right)}(?!\w)"
    return any(re.search(pattern, name) for name in names)


def _by_name(query: Query, covered: Floats) -> Floats:
    """(n_sentences, n_groups) coverage in which any part of a name stands for the whole (``Kim`` for *Kim Jong Un*)."""
    whole = covered.copy()
    owners = np.array(_owners(query))
    for owner in set(owners.tolist()):
        parts = owners == owner
        whole[:, parts] = covered[:, parts].max(axis=1, keepdims=True)
    return whole


def _unit_idf(query: Query, seen: Evidence) -> Floats:
    """(n_groups,) idf, of a name with several words that of its rarest word in all."""
    owners = np.array(_owners(query))
    idf = seen.idf.copy()
    for owner in set(owners.tolist()):
        parts = owners == owner
        idf[parts] = idf[parts].max() / parts.sum()
    return idf


def rarity_here(whole: Floats) -> Floats:
    """(n_groups,) log(sentences / those that have it), 0 for what no candidate has: that tells none apart."""
    count = len(whole)
    with_it = whole.sum(axis=0)
    return np.where(with_it > 0, np.log((count + 1.0) / np.maximum(with_it, 0.5)), 0.0) / math.log(count + 1.0)


def with_neighbours(seen: Evidence, covered: Floats) -> Floats:
    """Coverage by the sentence with the ones before and after it in its chunk."""
    around = covered.copy()
    same = (seen.chunk[1:] == seen.chunk[:-1])[:, None]
    around[1:] = np.maximum(around[1:], covered[:-1] * same)
    around[:-1] = np.maximum(around[:-1], covered[1:] * same)
    return around


def _focus(query: Query, seen: Evidence, around: Floats) -> dict[str, Floats]:
    """Is the word that is asked for there, and how near to a fitting answer?"""
    count = len(seen.chunk)
    if query.focus < 0:
        names = ("focus", "focus_around", "focus_chunk", "focus_fit")
        none = {"focus_idf": np.zeros(count), "focus_indefinite": np.zeros(count)}
        return {name: np.ones(count) for name in names} | none
    has = seen.covered[:, query.focus]
    chunk = np.maximum.reduceat(has, seen.first)[seen.chunk]
    asked = np.zeros(len(seen.sentence), dtype=bool)
    asked[seen.match[seen.group == query.focus]] = True
    matched = np.zeros(len(seen.sentence), dtype=bool)
    matched[seen.match] = True
    classes = np.concatenate([view.classes for view in seen.views])
    fit = fitting(query.kind, classes, matched)
    vague = asked & np.append(False, (classes[:-1] & CLASSES["indefinite"]) > 0)
    near = np.where(fit, 1.0 / gaps(asked, seen.sentence), 0.0)
    return {
        "focus": has,
        "focus_around": around[:, query.focus],
        "focus_chunk": chunk,
        "focus_fit": np.maximum.reduceat(near, seen.starts),
        "focus_idf": np.full(count, float(seen.idf[query.focus])),
        "focus_indefinite": np.maximum.reduceat(vague.astype(np.float64), seen.starts),
    }


def _measured(query: Query, seen: Evidence) -> dict[str, Floats]:
    """Is there an amount in a unit of what is asked for, in the sentence and in those beside it?"""
    count = len(seen.chunk)
    if query.measure is None:
        return {"measured": np.ones(count), "measured_around": np.ones(count), "measure_asked": np.zeros(count)}
    classes = np.concatenate([view.classes for view in seen.views])
    unit = (classes & CLASSES[query.measure]) > 0
    number = (classes & CLASSES["number"]) > 0
    told = np.zeros(len(classes), dtype=bool)
    for step in (1, 2):  # Rp 15, 15 juta rupiah
        same = seen.sentence[step:] == seen.sentence[:-step]
        told[step:] |= unit[step:] & number[:-step] & same
        told[:-step] |= unit[:-step] & number[step:] & same
    if query.measure == "age":
        told |= (classes & CLASSES["after_name"]) > 0
    measured = np.maximum.reduceat(told.astype(np.float64), seen.starts)
    return {
        "measured": measured,
        "measured_around": with_neighbours(seen, measured[:, None])[:, 0],
        "measure_asked": np.ones(count),
    }


def _opposed(query: Query, seen: Evidence, around: Floats) -> Floats:
    """(n_sentences,) the greatest idf of a word whose opposite the sentence has, and neither it nor its neighbours."""
    table = opposites("id")
    worst = np.zeros(len(seen.chunk))
    stems = [stem for view in seen.views for stem in view.stems]
    for number, group in enumerate(query.groups):
        against = {o for way in group.alternatives[:3] if len(way.stems) == 1 for o in table.get(way.stems[0], ())}
        if against and not group.name:
            has = np.maximum.reduceat(np.array([stem in against for stem in stems], dtype=np.float64), seen.starts)
            worst = np.maximum(worst, has * (1 - around[:, number]) * seen.idf[number])
    return worst


def _negation(query: Query, seen: Evidence) -> dict[str, Floats]:
    """Is only the question about what is not so, or only the sentence (a *tidak* near the question's words)?"""
    matched = np.zeros(len(seen.sentence), dtype=bool)
    matched[seen.match] = True
    classes = np.concatenate([view.classes for view in seen.views])
    no = (classes & CLASSES["negation"]) > 0
    near = np.maximum.reduceat(np.where(no, 1.0 / gaps(matched, seen.sentence), 0.0), seen.starts)
    asked = float(query.negated)
    said = np.maximum.reduceat(no.astype(np.float64), seen.starts)
    return {"negation_asked": asked * (1 - said), "negation_said": (1 - asked) * near}
