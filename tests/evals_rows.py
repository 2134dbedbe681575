"""Rows made by hand for tests of what comes after a run."""

from __future__ import annotations

from typing import Any

from evals.scoring import score

SUPPORTED = {"supported": True, "score": 1.0, "statement": "", "evidence": None, "problems": [], "usage": None}


def row(
    id: str, *, answerer: str = "extractive", split: str = "dev", language: str = "id", type: str = "fact",
    said: str | None = "40 detik", confidence: float | None = 0.9, group: str | None = None, error: str | None = None,
    answerable: bool | None = None,
) -> dict[str, Any]:  # fmt: skip
    """One example: ``said`` is its only claim (None: it abstained); right is ``40 detik``, forbidden ``40 jam``."""
    answers = type not in {"off_topic", "near_miss", "false_premise"} if answerable is None else answerable
    case = {
        "id": id, "split": split, "language": language, "question": f"Berapa lama? <{id}>", "history": [],
        "type": type, "answerable": answers,
        "evidence": [[{"article": "a", "quote": "selama 40 detik"}]] if answers else [],
        "facts": [{"forms": ["40 detik", "40 seconds"], "required": True}] if answers else [],
        "forbidden": ["40 jam"], "group": group or id, "note": "",
    }  # fmt: skip
    citation = {
        "id": 1, "article_id": "a", "source": "a.txt", "title": None, "publisher": None, "published": None,
        "quote": "selama 40 detik", "start": 100, "end": 115, "verbatim": True,
    }  # fmt: skip
    abstained = said is None
    answer = {
        "schema": 1, "question": case["question"], "language": language, "abstained": abstained,
        "reason": "Arsip tidak menjawab." if abstained else None, "confidence": confidence, "answer": said or "",
        "claims": [] if abstained else [{"text": said, "citations": [1], "verdict": "supported", "problems": []}],
        "withheld": [], "citations": [] if abstained else [citation], "nearest": [], "usage": None,
    }  # fmt: skip
    claim = {"together": SUPPORTED, "alone": [SUPPORTED], "without": [{**SUPPORTED, "supported": False}]}
    made: dict[str, Any] = {
        "schema": 1, "run": "0123456789ab", "key": f"{answerer}/{split}/{id}", "answerer": answerer, "split": split,
        "case": case, "gold": [[{"article_id": "a", "start": 100, "end": 115}]] if answers else [],
        "hits": [
            {"article_id": "b", "start": 0, "end": 50, "text": "lain", "score": 0.9},
            {"article_id": "a", "start": 90, "end": 200, "text": "jabat tangan selama 40 detik", "score": 0.8},
        ],
        "answer": None if error else answer,
        "judgements": {} if error else {
            "lexical": {
                "version": "1", "claims": [] if abstained else [claim],
                "faithfulness": [] if abstained else [SUPPORTED],
            }
        },
        "error": {"type": "ModelError", "message": error} if error else None,
        "versions": {"engine": "e", "evals": "v", "answerers": {answerer: "-"}, "judges": {"lexical": "1"}},
        "times_ms": {} if error else {"total": 12.5},
    }  # fmt: skip
    return {**made, "scores": score(made)}


def manifest(*rows: dict[str, Any]) -> dict[str, Any]:
    """What a run's folder holds besides its rows."""
    config = {
        "engine": "e", "evals": "v", "answerers": {r["answerer"]: "-" for r in rows}, "judges": {"lexical": "1"},
    }  # fmt: skip
    return {"run": "0123456789ab", "config": config, "keys": [r["key"] for r in rows]}
