"""Rows → the samples that RAGAS reads, one JSON object a line.

Field names are those of RAGAS's ``SingleTurnSample``: ``user_input``, ``response``, ``retrieved_contexts``,
``reference_contexts``, ``reference`` (https://docs.ragas.io/en/stable/concepts/components/eval_sample/).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any


def sample(row: Mapping[str, Any]) -> dict[str, Any] | None:
    """One row as a RAGAS sample; None for a failed one.

    ``reference`` lists the required facts in their first form, or says that the archive does not answer. The
    ``response`` of an abstention is its reason.
    """
    answer = row["answer"]
    if answer is None:
        return None
    case = row["case"]
    facts = [fact["forms"][0] for fact in case["facts"] if fact["required"]]
    response = " ".join(claim["text"] for claim in answer["claims"]) or answer["reason"] or ""
    return {
        "user_input": "\n".join([*case["history"], case["question"]]),
        "response": response,
        "retrieved_contexts": [hit["text"] for hit in row["hits"]],
        "reference_contexts": [need[0]["quote"] for need in case["evidence"]],
        "reference": "; ".join(facts) or "The archive does not answer this question.",
    }


def export(rows: Iterable[Mapping[str, Any]], path: Path) -> int:
    """Write the samples of ``rows`` as JSON lines; how many there are."""
    samples = [found for row in rows if (found := sample(row)) is not None]
    path.write_text("".join(json.dumps(value, ensure_ascii=False) + "\n" for value in samples), "utf-8")
    return len(samples)
