"""Rows → the samples that RAGAS reads, one JSON object a line.

Field names are those of RAGAS's ``SingleTurnSample``: ``user_input``, ``response``, ``retrieved_contexts``,
``reference_contexts``, ``reference``, and ids of both kinds of contexts (https://docs.ragas.io/en/stable/concepts/components/eval_sample/).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from evals.metrics import need_ranks
from evals.scoring import needs
from rag.types import Span


def sample(row: Mapping[str, Any]) -> dict[str, Any] | None:
    """One row as a RAGAS sample; None for a failed one.

    ``reference`` lists the required facts in their first form, or says that the archive does not answer. The
    ``response`` of an abstention is its reason.
    """
    answer = row["answer"]
    if answer is None:
        return None
    case = row["case"]
    gold = list(dict.fromkeys(_gold(row)))
    facts = [fact["forms"][0] for fact in case["facts"] if fact["required"]]
    response = " ".join(claim["text"] for claim in answer["claims"]) or answer["reason"] or ""
    return {
        "user_input": "\n".join([*case["history"], case["question"]]),
        "response": response,
        "retrieved_contexts": [hit["text"] for hit in row["hits"]],
        "retrieved_context_ids": [_id(hit) for hit in row["hits"]],
        "reference_contexts": [text for _, text in gold],
        "reference_context_ids": [id for id, _ in gold],
        "reference": "; ".join(facts) or "The archive does not answer this question.",
    }


def _id(place: Mapping[str, Any]) -> str:
    return f"{place['article_id']}:{place['start']}-{place['end']}"


def _gold(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """For each need the passage found that meets it, else its gold quote, with an id: RAGAS compares like with like."""
    found = [(hit["article_id"], Span(hit["start"], hit["end"])) for hit in row["hits"]]
    ranks = need_ranks(found, needs(row))
    for places, quoted, rank in zip(row["gold"], row["case"]["evidence"], ranks, strict=True):
        hit = row["hits"][rank - 1] if rank else {**places[0], "text": quoted[0]["quote"]}
        yield _id(hit), hit["text"]


def export(rows: Iterable[Mapping[str, Any]], path: Path) -> int:
    """Write the samples of ``rows`` as JSON lines; how many there are."""
    samples = [found for row in rows if (found := sample(row)) is not None]
    path.write_text("".join(json.dumps(value, ensure_ascii=False) + "\n" for value in samples), "utf-8")
    return len(samples)
