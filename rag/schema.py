"""The answer object: one JSON shape for the command line, HTTP, the chat page and evaluation."""

from __future__ import annotations

from typing import Any

from rag.types import Answer, Citation, Claim, Hit, Usage

SCHEMA_VERSION = 1
"""Raised only when a field changes its meaning or goes away; new fields do not raise it."""


def answer_object(answer: Answer) -> dict[str, Any]:
    """The answer as plain JSON types, fields in a fixed order."""
    return {
        "schema": SCHEMA_VERSION,
        "question": answer.question,
        "understood": answer.understood,
        "language": answer.language,
        "abstained": answer.abstained,
        "reason": answer.reason,
        "confidence": None if answer.confidence is None else round(answer.confidence, 4),
        "answer": answer.text,
        "claims": [_claim(claim) for claim in answer.claims],
        "withheld": [_claim(claim) for claim in answer.withheld],
        "citations": [_citation(citation) for citation in answer.citations],
        "nearest": [hit_object(hit) for hit in answer.nearest],
        "engine": {"answerer": answer.answerer, "embedder": answer.embedder},
        "degraded": answer.degraded,
        "usage": _usage(answer.usage),
        "timings_ms": {name: round(value, 1) for name, value in answer.timings_ms.items()},
    }


def hit_object(hit: Hit) -> dict[str, Any]:
    """A found passage as plain JSON types; ``text`` is the article's ``[start:end]``."""
    chunk = hit.chunk
    return {
        "article_id": chunk.article_id,
        "source": chunk.source,
        "title": chunk.title,
        "start": chunk.start,
        "end": chunk.end,
        "text": chunk.text,
        "score": round(hit.score, 6),
    }


def _claim(claim: Claim) -> dict[str, Any]:
    return {
        "text": claim.text,
        "citations": list(claim.citations),
        "verdict": claim.verdict,
        "problems": list(claim.problems),
    }


def _citation(citation: Citation) -> dict[str, Any]:
    return {
        "id": citation.id,
        "article_id": citation.article_id,
        "source": citation.source,
        "title": citation.title,
        "publisher": citation.publisher,
        "published": citation.published,
        "quote": citation.quote,
        "start": citation.start,
        "end": citation.end,
    }


def _usage(usage: Usage | None) -> dict[str, Any] | None:
    if usage is None:
        return None
    return {"input_tokens": usage.input_tokens, "output_tokens": usage.output_tokens, "cost_usd": usage.cost_usd}
