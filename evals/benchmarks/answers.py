"""Question → quoted sentence: do the sentences that the extractive answer quotes hold the answer, over all passages?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tqdm import tqdm

from evals.benchmarks.archive import Question, archive, by_language, load
from evals.benchmarks.baselines import Bm25
from evals.benchmarks.tables import measured, table
from rag.answering.extractive import answer
from rag.finding.question import analyse
from rag.finding.retrieval import KutipRetriever
from rag.language.words import sentences
from rag.pipeline import DEFAULT_K

NAMES = ("first quote", "first three", "answered")


def run(data: Path, split: str, limit: int | None, english: Path | None) -> str:
    """The table, in Markdown."""
    loaded = load(data, split, limit)
    spans = {
        (id, number): text[s.start : s.end]
        for id, text in loaded.passages.items()
        for number, s in enumerate(sentences(text))
    }
    baseline = _Sentences(loaded.passages, spans)
    tables = [
        f"{len(spans):,} sentences of {len(loaded.passages):,} passages, questions of {split}; the answer string "
        "stands in the first quote, in one of the first three; 95 % intervals by cluster bootstrap over passages."
    ]
    with archive(loaded.passages) as retriever:
        for language, questions in by_language(loaded, split, english).items():
            clusters = [question.passage for question in questions]
            best = [
                _held(question, baseline.best(question.text)) for question in tqdm(questions, desc="BM25", leave=False)
            ]
            asked = [
                _quoted(question, retriever) for question in tqdm(questions, desc=f"{language} Kutip", leave=False)
            ]
            rows = [
                ("BM25 of the sentence plus BM25 of its passage", measured(best, NAMES[:2], clusters)),
                ("Kutip, abstentions count as misses", measured([row[0] for row in asked], NAMES, clusters)),
                ("Kutip, never abstaining", measured([row[1] for row in asked], NAMES[:2], clusters)),
            ]
            tables.append(table("Indonesian" if language == "id" else "English", rows))
    return "\n\n".join(tables)


def _held(question: Question, quotes: Sequence[str]) -> list[float]:
    held = [any(text in quote for text in question.answers) for quote in quotes[:3]]
    return [float(any(held[:1])), float(any(held))]


def _quoted(question: Question, retriever: KutipRetriever) -> tuple[list[float], list[float]]:
    """What the answer's claims hold, with abstention and without."""
    query = analyse(question.text, retriever.glossary)
    hits = retriever.hits(query, DEFAULT_K)
    draft = answer(query, hits, retriever.glossary)
    forced = answer(query, hits, retriever.glossary, threshold=0.0)
    held = _held(question, [claim.text for claim in draft.claims])
    return [*held, float(bool(draft.claims))], _held(question, [claim.text for claim in forced.claims])


class _Sentences:
    """Sentences by their own BM25 plus that of their passage, stems of content words."""

    def __init__(self, passages: dict[str, str], spans: dict[tuple[str, int], str]) -> None:
        self._passages = Bm25(passages, stems=True)
        self._texts = {f"{id} {number}": text for (id, number), text in spans.items()}
        self._sentences = Bm25(self._texts, stems=True)
        place = {id: number for number, id in enumerate(self._passages.ids)}
        self._owner = [place[key.split()[0]] for key in self._texts]

    def best(self, question: str) -> list[str]:
        """The three best sentences."""
        scores = self._sentences.scores(question) + self._passages.scores(question)[self._owner]
        return [self._texts[self._sentences.ids[number]] for number in (-scores).argsort(kind="stable")[:3].tolist()]
