from __future__ import annotations

from collections import Counter

from evals.benchmarks.verification import CASES, REASONS, SEEDS, cases, judge, run, table, wilson
from rag.articles.files import read
from rag.language.glossary import Glossary
from rag.types import Article

ARTICLES = {article.id: article for article in read([SEEDS]) if isinstance(article, Article)}


def test_enough_of_every_kind_in_both_languages_and_splits() -> None:
    found = list(cases(ARTICLES, CASES))
    counts = Counter((case.kind, case.language) for case in found)
    for language in ("id", "en"):
        assert all(counts[kind, language] >= (6 if kind == "opposite" else 8) for kind in REASONS)
    evidence = {
        split: {c.quote.text for c in found if c.split == split and c.kind == "twin"} for split in ("dev", "test")
    }
    assert not evidence["dev"] & evidence["test"]


def test_twins_are_reworded() -> None:
    assert all(c.text not in c.quote.text for c in cases(ARTICLES, CASES) if c.kind == "twin")


def test_what_must_be_caught_is_caught_and_the_truth_is_not_withheld() -> None:
    found = run(CASES)
    for kind in REASONS:
        caught = [outcome.named for outcome in found if outcome.case.kind == kind]
        floor = 1.0 if kind.endswith("quote") else 0.75 if kind in {"role", "same_name", "opposite"} else 0.9
        assert sum(caught) / len(caught) >= floor, kind
    twins = [outcome.verdict == "unsupported" for outcome in found if outcome.case.kind == "twin"]
    assert sum(twins) / len(twins) <= 0.10
    assert "| twin | en | test |" in table(found)


def test_a_case_is_judged_as_a_draft() -> None:
    case = next(c for c in cases(ARTICLES, CASES) if c.kind == "misplaced quote")
    outcome = judge(case, ARTICLES, Glossary.load())
    assert (outcome.verdict, outcome.named) == ("unsupported", True)


def test_wilson() -> None:
    low, high = wilson(9, 10)  # 0.5958..0.9821, Wilson 1927 with z = 1.96
    assert (round(low, 3), round(high, 3)) == (0.596, 0.982)
