"""The answer object: one JSON shape for the command line, HTTP, the chat page and evaluation; and back again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rag.errors import InputError
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
        "citations": [citation_object(citation) for citation in answer.citations],
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
        "publisher": chunk.publisher,
        "published": chunk.published,
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


def citation_object(citation: Citation) -> dict[str, Any]:
    """A citation as plain JSON types; ``quote`` is the article's ``[start:end]``."""
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


def read_answer(value: Mapping[str, Any]) -> Answer:
    """The answer that an answer object tells of; its nearest passages are left out, since they are not whole.

    Args:
        value: from anyone; see `answer_object`.

    Raises:
        InputError: it is no answer object, or a claim cites what is not there.
    """
    language = _field(value, "language", str)
    if language not in ("id", "en"):
        raise InputError(f"Expected the answer's language as id or en, saw {language!r:.40}: send an answer object.")
    engine = _field(value, "engine", dict, {})
    answer = Answer(
        question=_field(value, "question", str),
        language=language,
        abstained=_field(value, "abstained", bool),
        reason=_field(value, "reason", str, None),
        claims=tuple(_read_claim(claim) for claim in _field(value, "claims", list)),
        citations=tuple(_read_citation(citation) for citation in _field(value, "citations", list)),
        withheld=tuple(_read_claim(claim) for claim in _field(value, "withheld", list, [])),
        confidence=_field(value, "confidence", (int, float), None),
        answerer=_field(engine, "answerer", str, ""),
        embedder=_field(engine, "embedder", str, ""),
        degraded=_field(value, "degraded", str, None),
        understood=_field(value, "understood", str, None),
    )
    known = {citation.id for citation in answer.citations}
    if not all(known.issuperset(claim.citations) for claim in answer.claims):
        raise InputError("Expected claims that cite the answer's own citations, saw another number: send it whole.")
    return answer


_NEEDED: Any = object()


def _field(value: Any, name: str, kind: type | tuple[type, ...], default: Any = _NEEDED) -> Any:
    """A field of a JSON object.

    Raises:
        InputError: it is of another kind, or not there and has no default.
    """
    if not isinstance(value, Mapping):
        raise InputError(f"Expected an answer object, saw {type(value).__name__} where {name!r} belongs.")
    found = value.get(name)
    if found is None and default is not _NEEDED:
        return default
    if not isinstance(found, kind) or (isinstance(found, bool) and kind is not bool):
        raise InputError(f"Expected an answer object, saw {type(found).__name__} as its {name!r}.")
    return found


def _read_claim(value: Any) -> Claim:
    verdict = _field(value, "verdict", str)
    if verdict not in ("supported", "partly", "unsupported"):
        raise InputError(f"Expected a claim's verdict, saw {verdict!r:.40}: send an answer object.")
    return Claim(
        text=_field(value, "text", str),
        citations=tuple(_field({"citations": n}, "citations", int) for n in _field(value, "citations", list)),
        verdict=verdict,
        problems=tuple(_field({"problems": p}, "problems", str) for p in _field(value, "problems", list, [])),
    )


def _read_citation(value: Any) -> Citation:
    return Citation(
        id=_field(value, "id", int),
        article_id=_field(value, "article_id", str),
        source=_field(value, "source", str),
        title=_field(value, "title", str, None),
        publisher=_field(value, "publisher", str, None),
        published=_field(value, "published", str, None),
        quote=_field(value, "quote", str),
        start=_field(value, "start", int),
        end=_field(value, "end", int),
    )
