from __future__ import annotations

import math

import pytest

from evals.metrics import (
    CitedClaim,
    citation_precision,
    citation_recall,
    correctness,
    covers,
    crag,
    evidence_precision,
    evidence_recall,
    faithfulness,
    ndcg,
    need_ranks,
    recall_at,
    reciprocal_rank,
)
from rag.types import Span

GOLD = ("a", Span(100, 120))


@pytest.mark.parametrize(
    ("place", "holds"),
    [
        (("a", Span(0, 200)), True),
        (("a", Span(110, 200)), True),  # half of it
        (("a", Span(111, 200)), False),
        (("a", Span(0, 109)), False),
        (("b", Span(0, 200)), False),
    ],
)
def test_half_of_a_gold_quote_counts(place: tuple[str, Span], holds: bool) -> None:
    assert covers(place, GOLD) is holds


def test_ranks_of_needs_with_alternatives() -> None:
    found = [("b", Span(0, 50)), ("a", Span(90, 130)), ("c", Span(0, 9))]
    needs = [[GOLD, ("c", Span(0, 9))], [("d", Span(0, 9))], [("b", Span(10, 20))]]
    assert need_ranks(found, needs) == (2, None, 1)


def test_retrieval_by_hand() -> None:
    ranks = (2, None, 1)
    assert recall_at(ranks, 1) == pytest.approx(1 / 3)
    assert recall_at(ranks, 5) == pytest.approx(2 / 3)
    assert reciprocal_rank(ranks) == 1
    assert ndcg(ranks) == pytest.approx((1 / math.log2(3) + 1) / 3)
    assert reciprocal_rank((None,)) == 0


def test_nothing_to_measure_is_not_a_number() -> None:
    assert recall_at((), 5) is None
    assert reciprocal_rank(()) is None
    assert ndcg(()) is None
    assert evidence_recall([], []) is None
    assert evidence_precision([], [[GOLD]]) is None
    assert evidence_precision([GOLD], []) is None
    assert correctness([], forbidden=False) is None
    assert faithfulness([]) is None
    assert faithfulness([None]) is None
    assert citation_recall([]) is None
    assert citation_precision([]) is None
    assert citation_precision([CitedClaim(together=False)]) is None


def test_evidence_and_facts() -> None:
    assert evidence_recall([("a", Span(100, 120))], [[GOLD], [("b", Span(0, 5))]]) == 0.5
    assert evidence_recall([], [[GOLD]]) == 0
    assert evidence_precision([GOLD, ("a", Span(500, 520))], [[GOLD], [("b", Span(0, 5))]]) == 0.5
    assert evidence_precision([("b", Span(0, 5)), GOLD], [[("b", Span(0, 5)), GOLD]]) == 1
    assert correctness([True, False], forbidden=False) == 0.5
    assert correctness([True, True], forbidden=True) == 0


def test_unscored_statements_are_left_out() -> None:
    assert faithfulness([True, None, False, True]) == pytest.approx(2 / 3)


def test_citations_by_hand() -> None:
    needed = CitedClaim(together=True, alone=(True, False), without=(False, True))  # first supports, second is idle
    jointly = CitedClaim(together=True, alone=(False, False), without=(False, False))  # only both together
    wrong = CitedClaim(together=False, alone=(False,), without=(False,))
    bare = CitedClaim(together=False)
    unknown = CitedClaim(together=None, alone=(True,), without=(False,))
    assert citation_recall([needed, jointly, wrong, bare]) == 0.5
    assert citation_recall([needed, unknown]) == 1
    assert citation_precision([needed]) == 0.5
    assert citation_precision([jointly]) == 1
    assert citation_precision([needed, jointly, wrong, unknown]) == pytest.approx(3 / 5)


@pytest.mark.parametrize(
    ("answerable", "abstained", "correct", "score"),
    [
        (True, False, 1.0, 1.0), (True, False, 0.5, 0.5), (True, False, 0.0, -1.0), (True, True, 0.0, 0.0),
        (False, True, None, 1.0), (False, False, None, -1.0),
    ],
)  # fmt: skip
def test_crag(answerable: bool, abstained: bool, correct: float | None, score: float) -> None:
    assert crag(answerable=answerable, abstained=abstained, correct=correct) == score
