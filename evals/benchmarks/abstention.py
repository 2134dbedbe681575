"""Does the engine know when the archive has no answer? Three ways of having none, and what is lost by abstaining.

Answerable questions with and without their passage in the archive; questions that their passage was written to leave
open (IDK-MRC's unanswerable ones); and, over a small archive of articles on something else, every question.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Collection, Mapping
from pathlib import Path

from tqdm import tqdm

from evals.benchmarks.archive import CASES, Question, archive, by_language, load, opened
from evals.benchmarks.tables import Row, measured, table
from evals.stats import Estimate, auc, labelled
from rag.answering.extractive import answer
from rag.finding.question import analyse
from rag.finding.retrieval import KutipRetriever
from rag.language.words import detect
from rag.pipeline import DEFAULT_K

SEEDS = Path(__file__).parent.parent.parent / "seeds"


def run(data: Path, split: str, limit: int | None, english: Path | None) -> str:
    """The tables, in Markdown."""
    loaded = load(data, split, limit)
    asked = by_language(loaded, split, english)
    unanswerable = [question for question in loaded.questions if not question.answers]
    tables = [
        f"{len(loaded.passages):,} passages, questions of {split}; 95 % intervals by cluster bootstrap over passages."
    ]
    with archive(loaded.passages) as retriever:
        for language, questions in asked.items():
            there = [Outcome(q, retriever) for q in tqdm(questions, desc=f"{language} passage there", leave=False)]
            gone = [Outcome(q, retriever, {q.passage}) for q in tqdm(questions, desc="passage removed", leave=False)]
            sets = {"passage removed": gone}
            if language == "id":
                sets["question left open"] = [
                    Outcome(q, retriever) for q in tqdm(unanswerable, desc="open", leave=False)
                ]
            rows = [("passage there: wrongly abstained", _rate(there))]
            rows += [(f"{name}: rightly abstained", _rate(found) | _auc(there, found)) for name, found in sets.items()]
            tables.append(table("Indonesian" if language == "id" else "English", rows))
    with tempfile.TemporaryDirectory(prefix="kutip-benchmark-") as folder, opened([SEEDS], Path(folder)) as retriever:
        rows = []
        for language, questions in asked.items():
            found = [Outcome(q, retriever) for q in tqdm(questions, desc=f"{language} off topic", leave=False)]
            rows.append(
                (f"off topic, {'Indonesian' if language == 'id' else 'English'}: rightly abstained", _rate(found))
            )
        tables.append(table("over the five bundled articles", rows))
    small = _small(loaded.passage_of)
    return "\n\n".join([*tables, table("small archives made up of training passages", small)] if small else tables)


def _small(passage_of: Mapping[str, str]) -> list[Row]:
    """Questions of ours over archives of five passages; none when the training passages are not at hand."""
    cases = json.loads((CASES / "small_archives.json").read_text("utf-8"))
    found: dict[str, list[Outcome]] = {}
    for name, ids in cases["archives"].items():
        if any(id not in passage_of for id in ids):
            return []
        with archive({f"{name}{number}": passage_of[id] for number, id in enumerate(ids)}) as retriever:
            for row in (row for row in cases["questions"] if row["archive"] == name):
                language = detect(row["question"])
                asked = Question(id="", text=row["question"], language=language, passage=row["question"], answers=())
                group = f"{row['kind']}, {'Indonesian' if language == 'id' else 'English'}: abstained"
                found.setdefault(group, []).append(Outcome(asked, retriever))
    return [(group, _rate(outcomes)) for group, outcomes in sorted(found.items())]


class Outcome:
    """What became of a question."""

    def __init__(self, question: Question, retriever: KutipRetriever, without: Collection[str] = ()) -> None:
        query = analyse(question.text, retriever.glossary)
        draft = answer(query, retriever.hits(query, DEFAULT_K, without=without), retriever.glossary)
        self.passage = question.passage
        self.abstained = not draft.claims
        self.confidence = draft.confidence or 0.0


def _rate(found: list[Outcome]) -> dict[str, Estimate]:
    return measured([[float(one.abstained)] for one in found], ["abstained"], [one.passage for one in found])


def _auc(there: list[Outcome], gone: list[Outcome]) -> dict[str, Estimate]:
    every = there + gone
    scores = [one.confidence for one in every]
    labels = [True] * len(there) + [False] * len(gone)
    return {"AUC": labelled(auc, scores, labels, [one.passage for one in every])}
