"""How alike a claim and its evidence are, in numbers: what the learned score is computed from.

A :class:`Comparison` goes in, named features come out: how much of the claim the source says, in what order, what
the rules found, and how often each side negates.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from rag.language import cues
from rag.language.words import sentences
from rag.verifying.alignment import Match, Unit
from rag.verifying.binding import binding
from rag.verifying.evidence import Source
from rag.verifying.problems import Problem
from rag.verifying.scoring import rarity
from rag.verifying.statements import Statement, Word

SAID = 0.5
"""Match score from which a unit counts as said."""

_LIGHT = 0.25
"""Rarity of a word like ``put`` or ``melakukan``."""

_COUNTED = (
    "number", "unit", "date", "name", "role", "negation", "opposite", "speaker", "certainty", "scope", "addition",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A claim beside its evidence."""

    claim: Statement
    source: Source
    pairs: tuple[tuple[Unit, Match], ...]
    problems: tuple[Problem, ...]

    @property
    def across(self) -> bool:
        """Whether the claim is in another language than the evidence."""
        return self.claim.language != self.source.language


def features(compared: Comparison) -> dict[str, float]:
    """Features by name; those of spelling are 0 across languages, where they mean nothing."""
    found = _coverage(compared) | _order(compared) | _turns(compared)
    found |= binding(compared.claim, compared.source.said, compared.pairs)
    for kind in _COUNTED:
        found[f"problem_{kind}"] = max((p.weight for p in compared.problems if p.kind == kind), default=0.0)
    found["conflicts"] = float(sum(p.conflict for p in compared.problems))
    if not compared.across:
        found |= _surface(compared.claim, compared.source.said)
    return found


def unit_rarity(unit: Unit, claim: Statement) -> float:
    """Of the rarest stem of the unit's first form, 0..1; a word that says little by itself is never rare."""
    word = claim.words[unit.words[0]]
    light = len(unit.words) == 1 and not word.name and word.folded in cues.words("light", claim.language)
    return min(_LIGHT if light else 1.0, max(rarity(stem) for stem in unit.forms[0][0]))


def unmatched(compared: Comparison) -> list[str]:
    """Stems of the claim's words, function words included, that the source does not have."""
    return [w.stem for w in compared.claim.words if w.stem not in compared.source.said.places]


def _coverage(compared: Comparison) -> dict[str, float]:
    weights = [unit_rarity(u, compared.claim) for u, _ in compared.pairs]
    total = sum(weights) or 1.0
    scores = [m.score for _, m in compared.pairs]
    missing = [w for w, s in zip(weights, scores, strict=True) if s < SAID]
    return {
        "coverage": sum(w * s for w, s in zip(weights, scores, strict=True)) / total if weights else 1.0,
        "missing": float(len(missing)),
        "missing_mass": sum(missing),
        "missing_most": max(missing, default=0.0),
        "missing_last": float(bool(scores) and scores[-1] < SAID),
        "weak": float(sum(SAID <= s < 0.95 for s in scores)),
        "best_sentence": _best_sentence(compared, weights) / total,
    }


def _best_sentence(compared: Comparison, weights: Sequence[float]) -> float:
    """Weight of the units that the best single sentence says (SummaC's maximum over sentences)."""
    said = compared.source.said
    ends = [s.end for s in sentences(said.text)]
    shares: dict[int, float] = {}
    for weight, (_, found) in zip(weights, compared.pairs, strict=True):
        if found.at is not None:
            number = bisect_left(ends, said.words[found.at].end)
            shares[number] = shares.get(number, 0.0) + weight * found.score
    return max(shares.values(), default=0.0)


def _order(compared: Comparison) -> dict[str, float]:
    places = [m.at for _, m in compared.pairs if m.at is not None and m.score >= SAID]
    steps = list(pairwise(places))
    return {
        "ordered": sum(a < b for a, b in steps) / max(1, len(steps)),
        "spread": math.log1p(max(places) - min(places)) if places else 0.0,
        "log_claim": math.log1p(len(compared.claim.words)),
        "log_source": math.log1p(len(compared.source.said.words)),
    }


def _turns(compared: Comparison) -> dict[str, float]:
    claim, said = compared.claim, compared.source.said
    more = len(claim.negations) - len(said.negations)
    wide = cues.words("universal", claim.language)
    degree = cues.words("degree", claim.language)
    unsaid = [w for w in claim.words if not _says(w, compared)]
    return {
        "negations_claim": float(len(claim.negations)),
        "negations_source": float(len(said.negations)),
        "negations_differ": float(abs(more)),
        "negations_more": float(max(0, more)),
        "hedges_claim": float(len(claim.hedges) + len(claim.futures)),
        "quantities_claim": float(len(claim.numbers) + len(claim.dates)),
        "wide": float(sum(w.folded in wide for w in unsaid)),
        "degree": float(sum(w.folded in degree for w in unsaid)),
    }


def _says(word: Word, compared: Comparison) -> bool:
    """Whether the source has a word; across languages only content words can be told, the others count as said."""
    if not compared.across:
        return word.stem in compared.source.said.places
    for unit, found in compared.pairs:
        if compared.claim.words[unit.words[0]] == word:
            return found.score >= SAID
    return True


def _surface(claim: Statement, said: Statement) -> dict[str, float]:
    told, known = [w.stem for w in claim.words], [w.stem for w in said.words]
    pairs, known_pairs = list(pairwise(told)), set(pairwise(known))
    return {
        "words_in": sum(s in said.places for s in told) / max(1, len(told)),
        "bigrams": sum(p in known_pairs for p in pairs) / max(1, len(pairs)),
        "ratio": len(told) / max(1, len(known)),
    }
