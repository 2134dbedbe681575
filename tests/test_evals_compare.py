from __future__ import annotations

import pytest

from evals.compare import compare, markdown
from rag.errors import InputError
from tests.evals_rows import row


def test_what_changed_and_what_flipped() -> None:
    a = [row(f"q{i}", said="40 detik" if i < 10 else "lama") for i in range(20)]
    b = [row(f"q{i}", said="40 detik" if 1 <= i < 18 else "lama") for i in range(20)]
    found = {one.metric: one for one in compare(a, b)}["correctness"]
    assert (found.a.value, found.b.value) == (0.5, 0.85)
    assert found.paired.difference.value == pytest.approx(0.35)
    assert found.gained == tuple(f"dev/q{i}" for i in range(10, 18))
    assert found.lost == ("dev/q0",)
    assert found.paired.p_mcnemar == pytest.approx(2 * (1 + 9) / 2**9)  # at most one of nine the other way


def test_only_the_cases_that_both_have() -> None:
    found = compare([row("q1"), row("q2")], [row("q2", said="lama"), row("q3")], ["correctness"])
    assert found[0].paired.difference.n == 1
    with pytest.raises(InputError, match="none in common"):
        compare([row("q1")], [row("q2")])
    with pytest.raises(InputError, match="none in common"):
        compare([row("q1")], [row("q1", type="when")])


def test_the_table_names_no_example_of_test() -> None:
    a = [row("q1"), row("q2", split="test"), row("q3", split="test")]
    b = [row("q1", said="lama"), row("q2", split="test", said="lama"), row("q3", split="test")]
    text = markdown(compare(a, b, ["correctness"]))
    assert "| Answer correctness | 1.000" in text
    assert "0 / 2" in text
    assert "Answer correctness down: dev/q1, 1 of test" in text
    assert "q2" not in text


def test_for_a_metric_where_less_is_better_more_is_worse() -> None:
    text = markdown(compare([row("q1"), row("q2")], [row("q1", said=None), row("q2")], ["wrongly_abstained"]))
    assert "| 0 / 1 |" in text
