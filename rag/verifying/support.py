"""Claim × evidence → support: a verdict with a score and the reasons, within Indonesian, within English and across.

Rules find what can be pointed at (`rag.verifying.facts`, `rag.verifying.roles`); a small learned combination of
what they see and of how much of the claim its evidence says gives the score.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.language.glossary import Glossary
from rag.language.words import tokens
from rag.types import Verdict
from rag.verifying.alignment import Match, Unit, align
from rag.verifying.evidence import Evidence, Source, gather, language_of
from rag.verifying.facts import date_problems, duration_problems, number_problems
from rag.verifying.likeness import SAID, Comparison, features, unit_rarity, unmatched
from rag.verifying.locating import normalise
from rag.verifying.names import name_problems
from rag.verifying.problems import Problem
from rag.verifying.roles import role_problems, speaker_problems
from rag.verifying.scoring import probability
from rag.verifying.statements import Statement, read
from rag.verifying.swaps import swap_problems
from rag.verifying.turns import turn_problems

MAX_CLAIM = 2_000
"""Characters; what is longer is not one statement and is not supported by a few quotes."""

SUPPORTED, PARTLY = 0.45, 0.12
"""Score from which a claim without problems is supported, and from which it is supported partly."""

CLEAR = 0.65
"""Share of a claim that the evidence must say before a difference in the rest counts as a contradiction."""

ADDED = 0.85
"""Rarity of the things a claim names and the evidence does not, in sum, from which it is marked: one rare noun."""

LOWERED: dict[Verdict, float] = {"supported": 1.0, "partly": 0.85, "unsupported": 0.3}
"""What the score is multiplied by, so that what the rules found counts in it."""

GRAVE = 0.5
"""Weight from which a single problem makes a claim unsupported."""

_OUTSIDE = 0.6
"""What a word counts that the quoted sentence says outside the quoted words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Support:
    """What evidence does for a claim."""

    verdict: Verdict
    score: float
    """Estimated probability that the evidence entails the claim, lowered by the gravest problem, 0..1."""
    problems: tuple[str, ...] = ()
    contradicted: bool = False
    """The evidence says most of the claim, and the rest otherwise."""
    coverage: float = 0.0
    """Share of the claim's content words that the evidence says, weighed by rarity, 0..1."""


def check(claim: str, evidence: Sequence[Evidence], glossary: Glossary) -> Support:
    """Whether the evidence says what the claim says.

    Args:
        claim: one statement, as an answerer wrote it.
        evidence: the located quotes.
        glossary: for claims in another language than the evidence.
    """
    text = plain(claim)
    if len(text) > MAX_CLAIM:
        return _refused(f"length: a statement of {len(text):,} characters is too long to check")
    if not any(c.isalnum() for c in text):
        return _refused("length: the statement has no words")
    telling = [e for e in (item.capped() for item in evidence) if _tells(e.quote)]
    if not telling:
        return _refused("quote: too short to support a statement")
    if _whole_sentences(text, telling):
        return Support(verdict="supported", score=1.0, coverage=1.0)
    compared = compare(text, telling, glossary)
    seen = features(compared)
    if _verbatim(text, telling):
        cropped = tuple(p for p in compared.problems if p.kind in {"negation", "certainty"})
        return _verdict(cropped, 1.0, seen["coverage"])
    return _verdict(compared.problems, likelihood(compared, seen), seen["coverage"])


def plain(text: str) -> str:
    """The claim in plain characters: compatibility forms resolved, invisible ones and citation markers gone."""
    if len(text) > 2 * MAX_CLAIM:
        return text
    resolved = unicodedata.normalize("NFKC", text)
    visible = "".join(c for c in resolved if unicodedata.category(c) not in {"Cf", "Cc"} or c in "\n\t")
    return re.sub(r"\s+", " ", re.sub(r"(?:\s*\[\d{1,3}\])+", "", visible)).strip()


def compare(text: str, evidence: Sequence[Evidence], glossary: Glossary) -> Comparison:
    """Lay a claim beside its evidence."""
    claim = read(text, language_of(text, glossary), glossary)
    source = gather(evidence, glossary)
    aligned = align(claim, source.said, glossary, source.core)
    pairs = tuple((unit, _weighed(found, source)) for unit, found in aligned)
    problems = [
        *number_problems(claim, source),
        *duration_problems(claim, source),
        *date_problems(claim, source),
        *name_problems(claim, source, glossary),
        *turn_problems(claim, source, pairs),
        *role_problems(claim, source, pairs, glossary),
        *speaker_problems(claim, source, glossary),
        *swap_problems(claim, source),
    ]
    problems += _additions(claim, pairs)
    return Comparison(claim=claim, source=source, pairs=pairs, problems=tuple(problems))


def likelihood(compared: Comparison, seen: Mapping[str, float]) -> float:
    """Estimated probability that the evidence entails the claim, before the rules have their say, 0..1."""
    across = compared.across
    return probability(seen, across=across, unmatched=() if across else unmatched(compared))


def _weighed(found: Match, source: Source) -> Match:
    if found.at is None or source.core(found.at):
        return found
    return found._replace(score=found.score * _OUTSIDE)


def _additions(claim: Statement, pairs: Sequence[tuple[Unit, Match]]) -> list[Problem]:
    """Content words that the evidence does not say, weighed by how rare the things among them are."""
    missing = [u for u, m in pairs if m.score < SAID and not u.name]
    if not missing:
        return []
    giving = any(u.words[0] in claim.places.get("@transfer", ()) for u in missing)
    either = 0.5 if claim.language == "en" else 0.0  # an English verb may as well be a noun: a watch
    things = sum(unit_rarity(u, claim) * (either if u.verb else 1.0) for u in missing) + ADDED * giving
    shown = ", ".join(f"'{_text(u, claim)}'" for u in missing[:4])
    return [Problem("addition", f"{shown} not in the cited passage", False, 0.4 if things >= ADDED else 0.0)]


def _text(unit: Unit, claim: Statement) -> str:
    return claim.text[claim.words[unit.words[0]].start : claim.words[unit.words[-1]].end]


def _verdict(problems: Sequence[Problem], likely: float, coverage: float) -> Support:
    gravest = max((p.weight for p in problems), default=0.0)
    if gravest >= GRAVE or likely < PARTLY:
        verdict: Verdict = "unsupported"
    elif gravest > 0.0 or likely < SUPPORTED:
        verdict = "partly"
    else:
        verdict = "supported"
    shown = [str(p) for p in problems if p.weight > 0.0 or verdict != "supported"]
    if verdict != "supported" and not shown:
        shown = ["addition: the cited passage says too little of this"]
    against = any(p.conflict and p.weight >= GRAVE for p in problems)
    unnamed = any(p.kind == "name" and not p.conflict for p in problems)
    return Support(
        verdict=verdict, score=likely * LOWERED[verdict], problems=tuple(shown), coverage=coverage,
        contradicted=against and not unnamed and coverage >= CLEAR,
    )  # fmt: skip


def _refused(problem: str) -> Support:
    return Support(verdict="unsupported", score=0.0, problems=(problem,))


def _tells(quote: str) -> bool:
    """Whether a quote can support anything: three words, or a number or a name."""
    words = [t.text for t in tokens(quote)]
    return len(words) >= 3 or any(w[0].isdigit() or w[0].isupper() for w in words)


def _whole_sentences(text: str, evidence: Sequence[Evidence]) -> bool:
    wanted = normalise(text).text.strip('". ')
    return any(wanted == normalise(e.sentence or e.quote).text.strip('". ') for e in evidence)


def _verbatim(text: str, evidence: Sequence[Evidence]) -> bool:
    wanted = normalise(text).text.strip('". ')
    return any(re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", normalise(e.quote).text) is not None for e in evidence)
