from __future__ import annotations

import math

import pytest

from evals.scoring import score
from tests.evals_rows import row


def test_a_right_answer() -> None:
    scores = row("q")["scores"]
    assert scores["recall@1"] == 0  # the gold passage is the second
    assert scores["recall@5"] == 1
    assert scores["mrr"] == 0.5
    assert scores["ndcg@10"] == pytest.approx(1 / math.log2(3))
    assert scores["evidence_recall"] == scores["correctness"] == scores["fully_correct"] == scores["crag"] == 1
    assert scores["evidence_precision"] == 1
    assert scores["citation_recall/lexical"] == scores["citation_precision/lexical"] == 1
    assert scores["faithfulness/lexical"] == scores["quotes_verbatim"] == scores["claims_cited"] == 1
    assert scores["wrongly_abstained"] == scores["forbidden_said"] == scores["failed"] == 0
    assert scores["abstention_recall"] is None
    assert scores["abstention_precision"] is None
    assert scores["answer_language"] == 1
    assert scores["latency_ms"] == 12.5
    assert scores["cost_usd"] is None


def test_a_wrong_and_a_forbidden_answer() -> None:
    assert row("q", said="sebentar")["scores"]["correctness"] == 0
    forbidden = row("q", said="40 detik, bukan 40 jam")["scores"]
    assert forbidden["correctness"] == 0
    assert forbidden["forbidden_said"] == 1
    assert forbidden["crag"] == -1


def test_abstentions() -> None:
    right = row("q", type="near_miss", said=None)["scores"]
    assert (right["abstention_recall"], right["abstention_precision"], right["crag"]) == (1, 1, 1)
    assert right["correctness"] is None
    assert right["evidence_recall"] is None
    assert right["faithfulness/lexical"] is None
    wrong = row("q", said=None)["scores"]
    assert (wrong["wrongly_abstained"], wrong["abstention_precision"], wrong["crag"]) == (1, 0, 0)
    answered = row("q", type="off_topic")["scores"]
    assert (answered["abstention_recall"], answered["crag"]) == (0, -1)


def test_a_failure_is_neither_an_abstention_nor_left_out() -> None:
    failed = row("q", error="gone")["scores"]
    assert failed["failed"] == 1
    assert failed["correctness"] == failed["evidence_recall"] == failed["wrongly_abstained"] == 0
    assert failed["crag"] == -1
    assert failed["answer_language"] is None
    assert row("q", type="off_topic", error="gone")["scores"]["abstention_recall"] == 0


def test_scoring_again_needs_the_row_only() -> None:
    made = row("q")
    assert score({name: value for name, value in made.items() if name != "scores"}) == made["scores"]


def test_an_unreadable_verdict_is_unscored() -> None:
    made = row("q")
    judged = made["judgements"]["lexical"]
    judged["claims"][0] = {**judged["claims"][0], "together": {**judged["claims"][0]["together"], "supported": None}}
    scores = score(made)
    assert scores["citation_recall/lexical"] is None
    assert scores["unscored/lexical"] == 0.5
