"""Row → scores: every metric of one example, from what its row holds and nothing else.

A row (plain JSON types, as the runner writes it) comes in, ``{metric: value or None}`` goes out; None is n/a. So a run
can be scored again without asking anything again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from evals import metrics
from evals.dataset import Case, case_of
from evals.matching import any_form
from rag.language.words import detect
from rag.types import Span

Row = Mapping[str, Any]
Scores = dict[str, float | None]


def score(row: Row) -> Scores:
    """All metrics of a row, in a fixed order.

    A failed example (``error`` set) counts as an answer without any fact: never as an abstention, never as left out.
    """
    case = case_of(row["case"])
    answer = row["answer"] or {}
    return {
        **_retrieval(row),
        **_answer(case, row, answer),
        **_abstention(case, row, answer),
        **_judged(row),
        **_effort(row, answer),
    }


def needs(row: Row) -> list[list[metrics.Place]]:
    """The located gold evidence of a row: for each need, its alternatives."""
    return [[_place(gold) for gold in alternatives] for alternatives in row["gold"]]


def _place(value: Mapping[str, Any]) -> metrics.Place:
    return value["article_id"], Span(value["start"], value["end"])


def _retrieval(row: Row) -> Scores:
    ranks = metrics.need_ranks([_place(hit) for hit in row["hits"]], needs(row))
    return {
        "recall@1": metrics.recall_at(ranks, 1),
        "recall@5": metrics.recall_at(ranks, 5),
        "recall@10": metrics.recall_at(ranks, 10),
        "mrr": metrics.reciprocal_rank(ranks),
        "ndcg@10": metrics.ndcg(ranks, 10),
    }


def _answer(case: Case, row: Row, answer: Mapping[str, Any]) -> Scores:
    texts = [claim["text"] for claim in answer.get("claims", ())]
    found = [any_form(texts, fact.forms) is not None for fact in case.facts]
    required = [hit for hit, fact in zip(found, case.facts, strict=True) if fact.required]
    forbidden = any_form(texts, case.forbidden) is not None
    correct = metrics.correctness(required, forbidden=forbidden)
    citations = answer.get("citations", ())
    cited = [_place(citation) for citation in citations]
    shown = texts or ([answer["reason"]] if answer.get("reason") else [])
    return {
        "evidence_recall": metrics.evidence_recall(cited, needs(row)),
        "evidence_precision": metrics.evidence_precision(cited, needs(row)),
        "correctness": correct,
        "fully_correct": None if correct is None else float(correct == 1.0),
        "completeness": metrics.correctness(found, forbidden=forbidden),
        "forbidden_said": float(forbidden) if case.forbidden else None,
        "quotes_verbatim": _mean([float(c["verbatim"]) for c in citations]),
        "claims_cited": _mean([float(bool(claim["citations"])) for claim in answer.get("claims", ())]),
        "answer_language": float(detect(" ".join(shown)) == case.language) if shown else None,
    }


def _abstention(case: Case, row: Row, answer: Mapping[str, Any]) -> Scores:
    failed = row["error"] is not None
    abstained = bool(answer.get("abstained"))
    texts = [claim["text"] for claim in answer.get("claims", ())]
    required = [any_form(texts, fact.forms) is not None for fact in case.facts if fact.required]
    correct = metrics.correctness(required, forbidden=any_form(texts, case.forbidden) is not None)
    confidence = answer.get("confidence")
    return {
        "abstention_recall": None if case.answerable else float(abstained),
        "abstention_precision": float(not case.answerable) if abstained else None,
        "wrongly_abstained": float(abstained) if case.answerable else None,
        "crag": metrics.crag(answerable=case.answerable, abstained=abstained, correct=correct),
        "confidence": confidence,
        "failed": float(failed),
    }


def _judged(row: Row) -> Scores:
    found: Scores = {}
    for judge, judged in row["judgements"].items():
        claims = [
            metrics.CitedClaim(
                together=claim["together"]["supported"],
                alone=tuple(one["supported"] for one in claim["alone"]),
                without=tuple(one["supported"] for one in claim["without"]),
            )
            for claim in judged["claims"]
        ]
        statements = [statement["supported"] for statement in judged["faithfulness"]]
        found[f"faithfulness/{judge}"] = metrics.faithfulness(statements)
        found[f"citation_recall/{judge}"] = metrics.citation_recall(claims)
        found[f"citation_precision/{judge}"] = metrics.citation_precision(claims)
        verdicts = [*statements, *(claim.together for claim in claims)]
        found[f"unscored/{judge}"] = _mean([float(verdict is None) for verdict in verdicts])
    return found


def _effort(row: Row, answer: Mapping[str, Any]) -> Scores:
    usage = answer.get("usage") or {}
    return {
        "latency_ms": row["times_ms"].get("total"),
        "input_tokens": usage.get("input_tokens"),
        "output_tokens": usage.get("output_tokens"),
        "cost_usd": usage.get("cost_usd"),
    }


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None
