from __future__ import annotations

import numpy as np
import pytest
from scipy import stats as scipy_stats

from evals.stats import agreement, auc, balanced_accuracy, labelled, mean, paired


def test_the_mean_leaves_out_what_is_not_there() -> None:
    found = mean([1.0, None, 0.0, 0.5], ["a", "b", "c", "c"])
    assert (found.value, found.n, found.clusters) == (0.5, 3, 2)


def test_nothing_is_not_a_number_and_one_cluster_has_no_interval() -> None:
    assert mean([None, None], ["a", "b"]).value is None
    one = mean([1.0, 0.0], ["a", "a"])
    assert (one.value, one.low, one.high) == (0.5, None, None)


def test_values_and_clusters_belong_together() -> None:
    with pytest.raises(ValueError, match="saw 2 values and 1 clusters"):
        mean([1.0, 0.0], ["a"])


def test_clusters_widen_the_interval() -> None:
    values = [1.0] * 30 + [0.0] * 30
    alone = mean(values, list(range(60)))
    together = mean(values, [i // 10 for i in range(60)])  # six clusters that each agree with themselves
    assert alone.value == together.value == 0.5
    assert alone.low is not None
    assert alone.high is not None
    assert together.low is not None
    assert together.high is not None
    assert together.high - together.low > 2 * (alone.high - alone.low)
    assert alone.high - alone.low == pytest.approx(2 * 1.96 * (0.25 / 60) ** 0.5, rel=0.1)


def test_all_right_is_not_certain() -> None:
    found = mean([1.0] * 20, list(range(20)))
    assert found.high == 1
    assert found.low == pytest.approx(0.8389, abs=1e-3)  # Wilson, 20 of 20
    assert mean([0.0, 0.0], ["a", "b"], share=False).high == 0


def test_the_same_values_give_the_same_interval() -> None:
    values = [float(i % 3 == 0) for i in range(50)]
    assert mean(values, list(range(50))) == mean(values, list(range(50)))


def test_auc_by_hand_and_beside_scipy() -> None:
    scores, labels = np.array([0.9, 0.8, 0.8, 0.1]), np.array([True, True, False, False])
    assert auc(scores, labels) == 3.5 / 4
    rng = np.random.default_rng(1)
    scores, labels = rng.random(200).round(1), rng.random(200) < 0.3
    u = scipy_stats.mannwhitneyu(scores[labels], scores[~labels]).statistic
    assert auc(scores, labels) == pytest.approx(u / (labels.sum() * (~labels).sum()))
    assert np.isnan(auc(scores[labels], labels[labels]))


def test_balanced_accuracy() -> None:
    labels = np.array([True, True, False, False])
    assert balanced_accuracy(np.array([1.0, 0.0, 0.0, 0.0]), labels) == 0.75
    assert np.isnan(balanced_accuracy(np.array([1.0]), np.array([True])))


def test_labelled_leaves_out_the_unscored() -> None:
    found = labelled(auc, [0.9, None, 0.2], [True, False, False], ["a", "b", "c"], resamples=50)
    assert (found.value, found.n) == (1.0, 2)
    assert labelled(auc, [0.9], [True], ["a"]).value is None
    assert labelled(auc, [], [], []).value is None


def test_a_paired_difference() -> None:
    a = [0.0] * 40 + [1.0] * 60
    b = [1.0] * 12 + [0.0] * 28 + [1.0] * 58 + [0.0] * 2  # 12 gained, 2 lost
    found = paired(a, b, list(range(100)))
    assert (found.gained, found.lost) == (12, 2)
    assert found.difference.value == pytest.approx(0.1)
    assert found.p_mcnemar == pytest.approx(scipy_stats.binomtest(12, 14).pvalue)
    assert found.p_bootstrap is not None
    assert found.p_bootstrap < 0.05
    error = ((0.14 - 0.01) / 100) ** 0.5  # of the mean of 12 ones, 2 minus ones and 86 zeros
    assert found.detectable == pytest.approx(2.80 * error, rel=0.05)


def test_no_difference_and_values_that_are_no_verdicts() -> None:
    same = paired([1.0, 0.0], [1.0, 0.0], ["a", "b"])
    assert same.difference.value == 0
    assert same.p_bootstrap is None
    assert same.p_mcnemar is None
    assert paired([0.5, 0.0], [1.0, None], ["a", "b"]).difference.n == 1
    assert paired([0.5, 0.2], [1.0, 0.9], ["a", "b"]).p_mcnemar is None


def test_kappa_by_hand() -> None:
    one = [True] * 25 + [False] * 15 + [True] * 5 + [False] * 5
    other = [True] * 25 + [False] * 15 + [False] * 5 + [True] * 5
    assert agreement(one, other) == pytest.approx((0.8 - 0.52) / 0.48)
    assert agreement([], []) is None
    assert agreement([True], [True]) is None
