"""Question → passage: is the passage a question was asked of found first, among all passages of all splits?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from tqdm import tqdm

from evals.benchmarks.archive import Question, archive, by_language, load
from evals.benchmarks.baselines import Bm25
from evals.benchmarks.tables import measured, table
from rag.finding.question import analyse

DEPTH = 40
NAMES = ("R@1", "R@5", "R@10", "MRR")


def run(data: Path, split: str, limit: int | None, english: Path | None) -> str:
    """The table, in Markdown."""
    loaded = load(data, split, limit)
    plain, stemmed = Bm25(loaded.passages, stems=False), Bm25(loaded.passages, stems=True)
    tables = [
        f"{len(loaded.passages):,} passages, questions of {split}; 95 % intervals by cluster bootstrap over passages."
    ]
    with archive(loaded.passages) as retriever:

        def found(text: str) -> list[str]:
            hits = retriever.hits(analyse(text, retriever.glossary), DEPTH)
            return list(dict.fromkeys(hit.chunk.article_id for hit in hits))

        systems: tuple[tuple[str, Callable[[str], list[str]]], ...] = (
            ("BM25, words", lambda text: plain.best(text, DEPTH)),
            ("BM25, stems, no stop or question words", lambda text: stemmed.best(text, DEPTH)),
            ("Kutip", found),
        )
        for language, questions in by_language(loaded, split, english).items():
            rows = []
            for name, search in systems:
                ranks = _ranks(questions, search, f"{language} {name}")
                values = [[rank == 1, rank <= 5, rank <= 10, 1 / rank] for rank in ranks]
                rows.append((name, measured(values, NAMES, [question.passage for question in questions])))
            tables.append(table("Indonesian" if language == "id" else "English", rows))
    return "\n\n".join(tables)


def _ranks(questions: Sequence[Question], search: Callable[[str], list[str]], name: str) -> list[float]:
    """1 for the first place; infinite when the passage is not among the first ``DEPTH``."""
    ranks = []
    for question in tqdm(questions, desc=name, leave=False):
        found = search(question.text)
        ranks.append(found.index(question.passage) + 1 if question.passage in found else float("inf"))
    return ranks
