"""The metrics of one example, pure functions of plain values; None is "n/a", never 0 or 1.

Spans, ranks, verdicts and matched forms come in, numbers come out. Averages and intervals are `evals.stats`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from rag.types import Span

Place = tuple[str, Span]
"""Article id and offsets."""

COVERED = 0.5
"""Share of a gold quote's characters that a passage or citation must hold to count as holding it."""


def covers(found: Place, gold: Place) -> bool:
    """Whether ``found`` holds at least half of the gold quote's characters, in the same article."""
    (article, span), (gold_article, gold_span) = found, gold
    shared = min(span.end, gold_span.end) - max(span.start, gold_span.start)
    return article == gold_article and shared >= COVERED * (gold_span.end - gold_span.start)


def need_ranks(found: Sequence[Place], needs: Sequence[Sequence[Place]]) -> tuple[int | None, ...]:
    """For each need, the 1-based rank of the first of ``found`` that covers one of its alternatives; None if none does.

    Args:
        found: retrieved passages or citations, best first.
        needs: for each piece of gold evidence, its alternatives.
    """
    return tuple(
        next((rank for rank, place in enumerate(found, 1) if any(covers(place, gold) for gold in alternatives)), None)
        for alternatives in needs
    )


def recall_at(ranks: Sequence[int | None], k: int) -> float | None:
    """Recall@k: share of the needs met by the first ``k`` passages, 0..1 (Manning et al., IIR 8.4)."""
    return None if not ranks else sum(rank is not None and rank <= k for rank in ranks) / len(ranks)


def reciprocal_rank(ranks: Sequence[int | None]) -> float | None:
    """1 / rank of the first passage that meets any need, 0 if none does, 0..1 (Voorhees, TREC-8 QA)."""
    if not ranks:
        return None
    met = [rank for rank in ranks if rank is not None]
    return 1 / min(met) if met else 0.0


def ndcg(ranks: Sequence[int | None], k: int = 10) -> float | None:
    """nDCG@k, each need a query with one relevant item: mean of 1/log2(1 + rank), 0..1 (Järvelin, Kekäläinen 2002).

    The ideal is every need met at rank 1, so the ideal DCG of each is 1. Departure from the usual form: a passage that
    meets a need already met adds nothing, since overlapping chunks would else be paid twice.
    """
    if not ranks:
        return None
    return sum(1 / math.log2(1 + rank) for rank in ranks if rank is not None and rank <= k) / len(ranks)


def evidence_recall(cited: Sequence[Place], needs: Sequence[Sequence[Place]]) -> float | None:
    """Share of the gold evidence that the answer's citations quote, 0..1; n/a without gold evidence.

    The ID-based context recall of RAGAS, over citations instead of contexts and spans instead of ids.
    """
    ranks = need_ranks(cited, needs)
    return recall_at(ranks, len(cited)) if ranks else None


def evidence_precision(cited: Sequence[Place], needs: Sequence[Sequence[Place]]) -> float | None:
    """Share of the answer's citations that quote gold evidence, 0..1; n/a without citations or gold evidence.

    The ID-based context precision of RAGAS, over citations and spans like `evidence_recall`. A lower bound: what
    a citation says beside the gold evidence may be to the point.
    """
    gold = [place for alternatives in needs for place in alternatives]
    if not cited or not gold:
        return None
    return sum(any(covers(place, one) for one in gold) for place in cited) / len(cited)


def correctness(found: Sequence[bool], *, forbidden: bool) -> float | None:
    """Share of the required facts that the answer states, 0 if it states something forbidden, 0..1; n/a without facts.

    Args:
        found: for each required fact, whether one of its accepted forms stands in the answer.
        forbidden: whether a forbidden form stands in it.
    """
    if not found:
        return None
    return 0.0 if forbidden else sum(found) / len(found)


def faithfulness(verdicts: Sequence[bool | None]) -> float | None:
    """Share of the scored statements that the context entails, 0..1; n/a when none was scored.

    RAGAS faithfulness (Es et al. 2023, arXiv 2309.15217) and AIS (Rashkin et al. 2021, arXiv 2112.12870).

    Args:
        verdicts: for each statement, the judge's verdict; None for a statement it failed to judge, which is left out.
    """
    scored = [verdict for verdict in verdicts if verdict is not None]
    return sum(scored) / len(scored) if scored else None


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedClaim:
    """A judge's verdicts on one claim and the citations it carries; None where the judge failed."""

    together: bool | None
    """All its citations, read together, entail the claim. False for a claim without citations."""
    alone: tuple[bool | None, ...] = ()
    """For each citation: by itself it entails the claim."""
    without: tuple[bool | None, ...] = ()
    """For each citation: the others together entail the claim."""


def citation_recall(claims: Sequence[CitedClaim]) -> float | None:
    """Share of the claims that their citations together entail, 0..1 (ALCE, Gao et al. 2023, arXiv 2305.14627, 4.2)."""
    return faithfulness([claim.together for claim in claims])


def citation_precision(claims: Sequence[CitedClaim]) -> float | None:
    """Share of the citations that are needed or sufficient, 0..1 (ALCE 4.2); n/a when none could be scored.

    A citation counts when its claim has recall 1 and it is not irrelevant: irrelevant means that it does not entail
    the claim by itself while the others together do.
    """
    verdicts: list[bool] = []
    for claim in claims:
        if claim.together is None:
            continue
        for alone, without in zip(claim.alone, claim.without, strict=True):
            if claim.together and (alone is None or without is None):
                continue
            verdicts.append(claim.together and bool(alone or not without))
    return sum(verdicts) / len(verdicts) if verdicts else None


def crag(*, answerable: bool, abstained: bool, correct: float | None) -> float:
    """CRAG score of one answer, -1..1 (Yang et al. 2024, arXiv 2406.04744): right 1, partly .5, missing 0, wrong -1.

    An abstention is right when the archive does not answer and "missing" when it does. Any answer to a question that
    the archive does not answer is wrong; so is one without a single required fact.
    """
    if abstained:
        return 0.0 if answerable else 1.0
    if not answerable or not correct:
        return -1.0
    return 1.0 if correct == 1.0 else 0.5
