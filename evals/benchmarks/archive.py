"""Question sets in IDK-MRC's form become an archive in a temporary home, and questions with known answers.

A folder of ``train.json``, ``valid.json`` and, where it is there, ``test.json`` comes in; every passage of every split
becomes an article of one archive, made by the real indexing run and opened as the real pipeline's parts.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NoReturn

from tqdm import tqdm

from rag.archive.embeddings import BuiltinEmbeddings
from rag.archive.index import Index
from rag.archive.indexing import run
from rag.archive.lexical import TermIndex
from rag.finding.retrieval import KutipRetriever
from rag.language.glossary import Glossary
from rag.types import Language

CASES = Path(__file__).parent.parent / "cases"
SPLITS = ("train", "valid", "test")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question with the passage that answers it."""

    id: str
    text: str
    language: Language
    passage: str
    """Id of its passage's article."""
    answers: tuple[str, ...]
    """Strings as they stand in the passage; empty when the passage does not answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Data:
    """Passages of all splits, questions of one."""

    passages: dict[str, str]
    questions: tuple[Question, ...]
    passage_of: dict[str, str]
    """Text of the passage of every question of every split, by the question's id."""

    def answerable(self) -> list[Question]:
        """The questions that their passage answers."""
        return [question for question in self.questions if question.answers]


def load(folder: Path, split: str, limit: int | None = None) -> Data:
    """Read the question set.

    Args:
        folder: with ``SPLIT.json`` for the splits there are, or with a folder ``idk_mrc`` that has them.
        split: whose questions are asked.
        limit: ask only the first so many answerable ones, and the others up to there.

    Raises:
        FileNotFoundError: there is no file for ``split``.
    """
    folder = folder / "idk_mrc" if (folder / "idk_mrc").is_dir() else folder
    ids: dict[str, str] = {}
    questions: list[Question] = []
    passage_of: dict[str, str] = {}
    for name in SPLITS:
        file = folder / f"{name}.json"
        if not file.exists() and name != split:
            continue
        for entry in json.loads(file.read_text("utf-8")):
            passage = ids.setdefault(entry["context"], f"{name}{len(ids):05d}")
            passage_of |= {str(row["id"]): entry["context"] for row in entry["qas"]}
            if name == split:
                questions += [_question(row, passage) for row in entry["qas"]]
    if limit is not None:
        places = [place for place, question in enumerate(questions) if question.answers]
        questions = questions[: places[limit]] if limit < len(places) else questions
    return Data(passages={id: text for text, id in ids.items()}, questions=tuple(questions), passage_of=passage_of)


def _question(row: dict[str, object], passage: str) -> Question:
    answers = row["answers"]
    assert isinstance(answers, list)  # noqa: S101  # narrows the type; the form is the data set's
    return Question(
        id=str(row["id"]), text=str(row["question"]), language="id", passage=passage,
        answers=tuple(dict.fromkeys(str(answer["text"]) for answer in answers)),
    )  # fmt: skip


def in_english(questions: Sequence[Question], file: Path) -> list[Question]:
    """The answerable questions that ``file`` words in English, ``{"id", "question"}`` a line; none without the file."""
    if not file.exists():
        return []
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip()]
    wording = {row["id"]: row["question"] for row in rows}
    return [replace(q, text=wording[q.id], language="en") for q in questions if q.answers and q.id in wording]


def by_language(data: Data, split: str, english: Path | None) -> dict[Language, list[Question]]:
    """Answerable questions by language; English ones where their wordings are at hand."""
    file = english or CASES / f"idk_mrc_{split}_en.jsonl"
    asked: dict[Language, list[Question]] = {"id": data.answerable(), "en": in_english(data.questions, file)}
    return {language: questions for language, questions in asked.items() if questions}


@contextmanager
def archive(passages: dict[str, str]) -> Iterator[KutipRetriever]:
    """A retriever over the passages, in a home that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="kutip-benchmark-") as folder:
        source = Path(folder) / "passages.jsonl"
        lines = (json.dumps({"id": id, "text": text}, ensure_ascii=False) for id, text in passages.items())
        source.write_text("\n".join(lines) + "\n", "utf-8")
        with opened([source], Path(folder) / "home", total=len(passages)) as retriever:
            yield retriever


@contextmanager
def opened(paths: Sequence[Path], home: Path, *, total: int | None = None) -> Iterator[KutipRetriever]:
    """Index ``paths`` in ``home`` and open it."""
    embedder = BuiltinEmbeddings()
    with tqdm(total=total, desc="indexing", unit=" articles", leave=False) as bar:
        run(paths, home=home, embedder=embedder, progress=lambda done, _, what: _show(bar, done))
    with closing(Index.open(home, embedder)) as index:
        yield KutipRetriever(
            index=index, terms=TermIndex.open(home, index), embedder=embedder, glossary=Glossary.load()
        )  # fmt: skip


def _show(bar: tqdm[NoReturn], done: int) -> None:
    bar.update(done - bar.n)
