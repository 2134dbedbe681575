"""What the commands do, free of options and output: paths and names come in, results go out."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import typer

from evals.dataset import CASES, SEEDS, Case, load_split
from evals.dataset_check import problems
from rag.articles import read
from rag.errors import KutipError
from rag.types import Article

SPLITS = ("dev", "test")


def load_cases(folder: Path | None, splits: tuple[str, ...] = SPLITS) -> tuple[Case, ...]:
    """The cases of some splits, split by split.

    Raises:
        CaseError: when a file is missing or a line of it is not a case.
    """
    return tuple(case for split in splits for case in load_split(split, folder or CASES))


def load_articles(path: Path | None) -> dict[str, Article]:
    """The articles of a file or folder by id.

    Raises:
        KutipError: when one cannot be read.
    """
    found: dict[str, Article] = {}
    for item in read([path or SEEDS]):
        if isinstance(item, KutipError):
            raise item
        found[item.id] = item
    return found


def check_cases(folder: Path | None, articles: Path | None) -> list[str]:
    """Sentences about what is wrong with an eval set; prints its counts. Stops at the first file that is missing."""
    found: list[str] = []
    cases: list[Case] = []
    for split in SPLITS:
        try:
            cases += load_split(split, folder or CASES)
        except KutipError as error:
            found.append(str(error))
    for split in SPLITS:
        chosen = [case for case in cases if case.split == split]
        unanswerable = sum(not case.answerable for case in chosen)
        languages = Counter(case.language for case in chosen)
        groups = len({case.group for case in chosen})
        kinds = ", ".join(f"{kind} {n}" for kind, n in sorted(Counter(case.type for case in chosen).items()))
        typer.echo(
            f"{split}: {len(chosen)} cases in {groups} groups, {unanswerable} unanswerable, "
            f"{languages['id']} Indonesian, {languages['en']} English; {kinds or 'nothing'}."
        )
    return found + problems(cases, load_articles(articles))
