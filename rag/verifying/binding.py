"""How well a claim's names and clauses hold together in the evidence: is the right one said of the right thing?

A claim and a source with the places where the source says the claim's words go in, features go out. A name fits where
its neighbours in the claim are near it in the source too; where another name of the source, which the claim leaves out,
fits better, the claim may have put one in the other's place.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from rag.language import cues
from rag.language.quantities import compare_dates, compare_numbers
from rag.types import Span
from rag.verifying.alignment import Match, Unit
from rag.verifying.statements import Mention, Statement

SAID = 0.5
"""Match score from which a unit counts as said."""
_NEAR, _RIVALS, _PLACES = 4, 16, 6
"""Neighbours of a name, other names, and places of a word that are looked at."""
_STEP, _SENTENCE = 4.0, 12.0
"""What crossing a clause and a sentence costs, in words."""
_DECAY = 5.0
"""Words after which nearness has fallen by half."""
_BREAK = re.compile(r"[,;:()\"“”–—]|[.!?\n]\s*")
_END = re.compile(r"[.!?]\W*\s|\n")
_JOINTS = cues.words("joint", "id") | cues.words("joint", "en")
_LEADS = {
    "ke": "to", "kepada": "to", "untuk": "to", "bagi": "to", "terhadap": "to", "to": "to", "for": "to",
    "dari": "from", "from": "from", "oleh": "by", "by": "by", "menurut": "by", "di": "in", "pada": "in", "dalam": "in",
    "in": "in", "at": "in", "on": "in", "dengan": "with", "bersama": "with", "with": "with",
}  # fmt: skip
_PASSED = frozenset({"the", "a", "an", "para", "sang", "kota", "negara", "provinsi", "pulau"})

Places = Mapping[int, Sequence[int]]
"""For each word of the claim that the source says, the numbers of the source's words that say it."""


class _Layout(NamedTuple):
    """A statement's clauses: for each word its clause and its sentence, both counted from 0."""

    clause: tuple[int, ...]
    sentence: tuple[int, ...]


def binding(claim: Statement, said: Statement, pairs: Sequence[tuple[Unit, Match]]) -> dict[str, float]:
    """Features by name: nearness of neighbours, fit of names, rivals, and the least supported clause."""
    places = _places(said, pairs)
    fits = [_fit(claim, said, mention, places) for mention in claim.mentions]
    known = [fit for fit in fits if fit is not None]
    return {
        "fit_least": min((fit for fit, _ in known), default=1.0),
        "fit_mean": sum(fit for fit, _ in known) / len(known) if known else 1.0,
        "rival_most": max((rival - fit for fit, rival in known), default=-1.0),
        "rivals": float(sum(rival > fit + 0.05 for fit, rival in known)),
        **_predicates(claim, said, pairs, places),
        **_couples(claim, said, places),
        **_amounts(claim, said, places),
        **_nearness(claim, said, pairs, places),
        **_clauses(claim, pairs),
    }


def _places(said: Statement, pairs: Sequence[tuple[Unit, Match]]) -> dict[int, tuple[int, ...]]:
    found: dict[int, tuple[int, ...]] = {}
    for unit, match in pairs:
        if match.at is not None and match.score >= SAID:
            for word in unit.words:
                found[word] = said.places[said.words[match.at].stem][:_PLACES]
    return found


@lru_cache(maxsize=4096)
def _layout(statement: Statement) -> _Layout:
    clauses, sentences = [0], [0]
    for one, two in pairwise(statement.words):
        between = statement.text[one.end : two.start]
        broken = _BREAK.search(between) is not None or two.folded in _JOINTS
        clauses.append(clauses[-1] + broken)
        sentences.append(sentences[-1] + (_END.search(between) is not None))
    return _Layout(tuple(clauses), tuple(sentences))


def _distance(layout: _Layout, one: int, two: int) -> float:
    """Words between two words, with what the clause and sentence boundaries between them cost."""
    clauses = abs(layout.clause[one] - layout.clause[two])
    apart = layout.sentence[one] != layout.sentence[two]
    return abs(one - two) - 1 + _STEP * min(clauses, 3) + _SENTENCE * apart


def _closeness(layout: _Layout, place: int, others: Sequence[int]) -> float:
    return max(1.0 / (1.0 + max(0.0, _distance(layout, place, other)) / _DECAY) for other in others)


def _fit(claim: Statement, said: Statement, mention: Mention, places: Places) -> tuple[float, float] | None:
    """How near a name is to its neighbours in the source, and the best of the names that the claim leaves out, 0..1.

    None for a name without places or neighbours in the source.
    """
    own = [place for n in range(mention.first, mention.last + 1) for place in places.get(n, ())]
    near = _neighbours(claim, mention, places)
    if not own or not near:
        return None
    layout, lead = _layout(said), _lead(claim, mention.first)
    taken = {place for found in places.values() for place in found}
    told = {name for m in claim.mentions for name in m.names}
    fit = max(_suits(said, layout, place, _lead(said, place), lead, near) for place in own)
    rivals = [
        m for m in said.mentions
        if not told & set(m.names) and not any(p in taken for p in range(m.first, m.last + 1))
    ][:_RIVALS]  # fmt: skip
    best = max((_suits(said, layout, m.last, _lead(said, m.first), lead, near) for m in rivals), default=-1.0)
    return fit, best


def _predicates(
    claim: Statement, said: Statement, pairs: Sequence[tuple[Unit, Match]], places: Places
) -> dict[str, float]:
    """How near each name is to the claim's verb that is nearest to it, and whether another name is nearer."""
    verbs = [unit.words[0] for unit, _ in pairs if unit.verb and not unit.name and unit.words[0] in places]
    told, inside, layout = {n for m in claim.mentions for n in m.names}, _layout(claim), _layout(said)
    rivals = [m.last for m in said.mentions if not told & set(m.names)][:_RIVALS]
    least, most = 1.0, -1.0
    for mention in claim.mentions if verbs else ():
        own = [place for n in range(mention.first, mention.last + 1) for place in places.get(n, ())]
        if own:
            verb = places[min(verbs, key=lambda v: _distance(inside, mention.last, v))]
            fit = max(_closeness(layout, place, verb) for place in own)
            least = min(least, fit)
            most = max(most, max((_closeness(layout, place, verb) for place in rivals), default=-1.0) - fit)
    return {"verb_least": least, "verb_rival": most}


def _couples(claim: Statement, said: Statement, places: Places) -> dict[str, float]:
    """How near names that follow each other in the claim are in the source, and whether another one is nearer."""
    told, layout = {n for m in claim.mentions for n in m.names}, _layout(said)
    rivals = [m.last for m in said.mentions if not told & set(m.names)][:_RIVALS]
    found = [[place for n in range(m.first, m.last + 1) for place in places.get(n, ())] for m in claim.mentions]
    least, most = 1.0, -1.0
    for here, there in pairwise(group for group in found if group):
        fit = max(_closeness(layout, place, there) for place in here)
        near = max((max(_closeness(layout, r, there), _closeness(layout, r, here)) for r in rivals), default=-1.0)
        least, most = min(least, fit), max(most, near - fit)
    return {"couple_least": least, "couple_rival": most}


def _amounts(claim: Statement, said: Statement, places: Places) -> dict[str, float]:
    """How near the claim's numbers and dates are to the words beside them; 1 without any."""
    inside, layout = _layout(claim), _layout(said)
    same = [
        (n.span, [o.span for o in said.numbers if compare_numbers(n, o) == "agree"]) for n in claim.numbers
    ] + [(d.span, [o.span for o in said.dates if compare_dates(d, o) == "agree"]) for d in claim.dates]  # fmt: skip
    least = 1.0
    for span, spans in same:
        near = sorted(places, key=lambda word: _distance(inside, _at(claim, span), word))[:2]
        own = [_at(said, one) for one in spans]
        if near and own:
            least = min(least, max(sum(_closeness(layout, o, places[w]) for w in near) / len(near) for o in own))
    return {"amount_least": least}


def _at(statement: Statement, span: Span) -> int:
    """Number of the first word of a span."""
    starts = [word.start for word in statement.words]
    return max(0, bisect_right(starts, span.start) - 1)


def _suits(
    said: Statement, layout: _Layout, place: int, there: str, lead: str, near: Sequence[tuple[float, Sequence[int]]]
) -> float:
    total = sum(weight for weight, _ in near)
    fit = sum(weight * _closeness(layout, place, others) for weight, others in near) / total
    return fit * (0.8 if lead and there and lead != there else 1.0)


def _neighbours(claim: Statement, mention: Mention, places: Places) -> list[tuple[float, Sequence[int]]]:
    """Places in the source of the words beside a name in the claim, weighed by how near they are to it."""
    layout = _layout(claim)
    found = []
    for word, there in places.items():
        if mention.first <= word <= mention.last or claim.words[word].name:
            continue
        edge = mention.first if word < mention.first else mention.last
        found.append((1.0 / (1.0 + max(0.0, _distance(layout, edge, word)) / _DECAY), there))
    return sorted(found, key=lambda pair: -pair[0])[:_NEAR]


def _lead(statement: Statement, first: int) -> str:
    """The kind of preposition before a word, articles passed over; empty when there is none."""
    for word in reversed(statement.words[max(0, first - 2) : first]):
        if word.folded not in _PASSED:
            return _LEADS.get(word.folded, "")
    return ""


def _nearness(
    claim: Statement, said: Statement, pairs: Sequence[tuple[Unit, Match]], places: Places
) -> dict[str, float]:
    """How near words that follow each other in the claim are in the source."""
    layout = _layout(said)
    found = []
    for (one, _), (two, _) in pairwise(pairs):
        here, there = places.get(one.words[-1]), places.get(two.words[0])
        if here and there:
            found.append(max(_closeness(layout, place, there) for place in here))
    return {
        "near_least": min(found, default=1.0),
        "near_mean": sum(found) / len(found) if found else 1.0,
    }


def _clauses(claim: Statement, pairs: Sequence[tuple[Unit, Match]]) -> dict[str, float]:
    """Share of the words said in the clause that is said least, and of the longest run of words not said."""
    layout = _layout(claim)
    starts = [n for n in range(len(claim.words)) if n == 0 or layout.clause[n] != layout.clause[n - 1]]
    shares: dict[int, list[bool]] = {}
    run = longest = 0
    for unit, match in pairs:
        said = match.score >= SAID
        shares.setdefault(bisect_right(starts, unit.words[0]), []).append(said)
        run = 0 if said else run + 1
        longest = max(longest, run)
    parts = [sum(part) / len(part) for part in shares.values()]
    return {
        "clause_least": min(parts, default=1.0),
        "clause_last": parts[-1] if parts else 1.0,
        "longest_missing": float(longest),
        "clauses": float(len(parts)),
    }
