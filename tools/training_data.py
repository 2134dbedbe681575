"""Reads the benchmark files and turns questions into ranking examples; used by the training scripts only.

In: a folder with ``idk_mrc/``, ``facqa/`` and ``indonli/``, and English wordings of some training questions. Out:
passages as chunks, questions with their gold passage and answer, archives to search, and features.
"""

from __future__ import annotations

import ast
import contextlib
import csv
import json
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rag.archive.lexical import TermIndex
from rag.finding.question import Query
from rag.finding.views import view
from rag.language.rarity import rarity
from rag.language.words import sentences
from rag.types import Chunk, Span

FOLDS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question whose answering passage is known."""

    id: str
    text: str
    language: str
    passage: str
    """Id of the passage it was asked of."""
    answers: tuple[tuple[str, int], ...]
    """Answer strings and where they start in the passage; empty when the passage does not answer."""
    places: frozenset[tuple[str, int]] = frozenset()
    """Instead of answers: article and start of every sentence that answers, in however many passages."""

    @property
    def fold(self) -> int:
        """0..FOLDS-1, the same for all questions of a passage."""
        return zlib.crc32(self.passage.encode()) % FOLDS


def make_chunk(id: str, text: str) -> Chunk:
    """A passage as one chunk of whole sentences."""
    spans = tuple(sentences(text)) or (Span(0, len(text)),)
    start, end = spans[0].start, spans[-1].end
    return Chunk(
        id=id, article_id=id, article_sha256="", source=id, start=start, end=end, text=text[start:end], sentences=spans
    )  # fmt: skip


def idk_mrc(folder: Path, splits: Sequence[str]) -> tuple[dict[str, Chunk], dict[str, list[Question]]]:
    """All passages of the splits by id, and the questions of each split."""
    ids: dict[str, str] = {}
    questions: dict[str, list[Question]] = {}
    for split in splits:
        for entry in json.loads((folder / f"{split}.json").read_text("utf-8")):
            passage = ids.setdefault(entry["context"], f"{split}{len(ids):05d}")
            questions.setdefault(split, []).extend(
                Question(
                    id=qa["id"], text=qa["question"], language="id", passage=passage,
                    answers=tuple((a["text"], a["answer_start"]) for a in qa["answers"]),
                )
                for qa in entry["qas"]
            )  # fmt: skip
    return {id: make_chunk(id, text) for text, id in ids.items()}, questions


def in_english(questions: Sequence[Question], file: Path) -> list[Question]:
    """The questions that ``file`` words in English (``{"id", "question"}`` a line)."""
    by_id = {question.id: question for question in questions if question.answers}
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip()]
    return [replace(by_id[row["id"]], text=row["question"], language="en") for row in rows if row["id"] in by_id]


def background_texts(data: Path) -> list[str]:
    """One text for every passage of the train splits."""
    passages = {entry["context"] for entry in json.loads((data / "idk_mrc/train.json").read_text("utf-8"))}
    with (data / "facqa/train.csv").open(encoding="utf-8", newline="") as file:
        passages |= {" ".join(ast.literal_eval(row["passage"])) for row in csv.DictReader(file)}
    lines = (data / "indonli/train.jsonl").read_text("utf-8").splitlines()
    return sorted(passages | {json.loads(line)["premise"] for line in lines if line.strip()})


def facqa(folder: Path, split: str) -> tuple[dict[str, Chunk], list[Question]]:
    """Passages of news and factoid questions over them; the words come apart in the file and are put together here."""
    ids: dict[str, str] = {}
    questions: list[Question] = []
    with (folder / f"{split}.csv").open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file)):
            words, labels = ast.literal_eval(row["passage"]), ast.literal_eval(row["seq_label"])
            inside = [place for place, label in enumerate(labels) if label != "O"]
            if not inside:
                continue
            text, places = _joined(words)
            answer = text[places[inside[0]] : places[inside[-1]] + len(words[inside[-1]])]
            questions.append(
                Question(
                    id=f"facqa-{split}-{number}", text=_joined(ast.literal_eval(row["question"]))[0], language="id",
                    passage=ids.setdefault(text, f"facqa-{split}{len(ids):05d}"),
                    answers=((answer, places[inside[0]]),),
                )
            )  # fmt: skip
    return {id: make_chunk(id, text) for text, id in ids.items()}, questions


def _joined(words: Sequence[str]) -> tuple[str, list[int]]:
    """Words with spaces where text has them, and where each word starts."""
    text, places, tight = "", [], True
    for word in words:
        if not tight and word not in {".", ",", ")", "?", "!", ":", ";", "/", "”", "%"}:
            text += " "
        places.append(len(text))
        text += word
        tight = word in {"(", "/", "“"}
    return text, places


class Archive:
    """Chunks with their term index: what a question is searched in."""

    def __init__(self, chunks: Sequence[Chunk]) -> None:
        self.chunks = {chunk.id: chunk for chunk in chunks}
        self.counts: dict[str, int] = {}
        for chunk in chunks:
            for stem in set(view(chunk).stems):
                self.counts[stem] = self.counts.get(stem, 0) + 1
        self._terms: TermIndex | None = None

    def generation(self) -> str:
        """See `rag.archive.lexical.Source`."""
        return "1"

    def all_chunks(self) -> Iterator[Chunk]:
        """See `rag.archive.lexical.Source`."""
        return iter(self.chunks.values())

    @contextlib.contextmanager
    def try_lock(self) -> Iterator[bool]:
        """See `rag.archive.lexical.Source`."""
        yield True

    def rarity(self, stem: str) -> float:
        """As the retriever has it."""
        return rarity(stem, count=self.counts.get(stem, 0), size=len(self.chunks))

    def candidates(self, query: Query, k: int, without: str | None = None) -> list[Chunk]:
        """The ``k`` best chunks by terms; all of them when the archive has no more than that."""
        if len(self.chunks) <= max(k, 64):
            return [chunk for chunk in self.chunks.values() if chunk.id != without]
        if self._terms is None:
            self._terms = TermIndex.open(Path(tempfile.mkdtemp(prefix="kutip-train-")), self)
        groups = [(1.0, [(way.stems, way.weight) for way in group.alternatives]) for group in query.groups]
        found = [self.chunks[id] for id, _ in self._terms.search(groups, k + 1)] if groups else []
        return [chunk for chunk in found if chunk.id != without][:k]


def gold_sentences(question: Question, chunk: Chunk) -> frozenset[int]:
    """Numbers of the sentences of ``chunk`` that the answers stand in."""
    if question.places:
        starts = enumerate(span.start for span in chunk.sentences)
        return frozenset(number for number, start in starts if (chunk.article_id, start) in question.places)
    if chunk.id != question.passage:
        return frozenset()
    return frozenset(
        number
        for number, span in enumerate(chunk.sentences)
        for text, start in question.answers
        if span.start < start + len(text) and start < span.end
    )
