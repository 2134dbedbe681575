"""The practice archives as ranking examples and confidence cases; used by the training scripts only.

In: ``evals/practice`` (articles and questions about one event a folder). Out: questions over the archive of their
event, over that of all events, over what is left when the articles that answer are taken out, and over another event.
"""

from __future__ import annotations

import random
from pathlib import Path

from confidence_examples import Asked, Case
from training_data import Archive, Question

from evals.dataset import Case as EvalCase
from evals.dataset import load_split
from evals.dataset_check import gold_sentences
from rag.archive.embeddings import BuiltinEmbeddings
from rag.articles.chunking import chunk
from rag.articles.files import read
from rag.finding.question import Query, analyse
from rag.language.glossary import Glossary
from rag.types import Article, Chunk

PRACTICE = Path(__file__).parent.parent / "evals/practice"
ALL = "practice"
"""Name of the archive of all events."""
Event = tuple[str, tuple[Chunk, ...], list[tuple[Question, Query, EvalCase]]]


def practice_events(folder: Path = PRACTICE) -> list[Event]:
    """Each event for tuning: its name, its chunks, and its questions that are no part of a conversation."""
    glossary, count = Glossary.load(), BuiltinEmbeddings().count_tokens
    events = []
    for file in sorted(folder.glob("*/dev.jsonl")):
        articles = {a.id: a for a in read([file.parent / "articles"]) if isinstance(a, Article)}
        chunks = tuple(c for article in articles.values() for c in chunk(article, count_tokens=count))
        cases = [case for case in load_split("dev", file.parent) if not case.history]
        asked = [
            (_question(file.parent.name, case, articles), analyse(case.question, glossary), case) for case in cases
        ]
        events.append((file.parent.name, chunks, asked))
    return events


def _question(event: str, case: EvalCase, articles: dict[str, Article]) -> Question:
    evidence = [place for need in case.evidence for place in need]
    places = frozenset((one.article, span.start) for one in evidence for span in gold_sentences(one, articles))
    return Question(
        id=f"{event}/{case.id}", text=case.question, language=case.language, passage=f"practice {event}", answers=(),
        places=places,
    )  # fmt: skip


def all_events(events: list[Event]) -> Archive:
    """One archive of all events."""
    return Archive([c for _, chunks, _ in events for c in chunks])


def answered(events: list[Event]) -> list[Asked]:
    """The questions that are answered, over their own archive and over that of all events."""
    cases = practice_cases(events, seed=0)
    return [case.asked for case in cases if case.name == "there"]


def practice_cases(events: list[Event], *, seed: int) -> list[Case]:
    """What is asked of which archive, and whether it answers."""
    rng = random.Random(seed)
    archives = {event: Archive(list(chunks)) for event, chunks, _ in events}
    cases: list[Case] = []

    def add(question: Question, query: Query, archive: Archive | str, name: str) -> None:
        cases.append(Case(asked=(question, query, archive, None), name=name, setting="practice"))

    for event, chunks, asked in events:
        for question, query, case in asked:
            name = "there" if case.answerable else case.type.replace("_", " ")
            add(question, query, archives[event], name)
            add(question, query, ALL, name)
            if case.answerable:
                away = {article for article, _ in question.places}
                left = [c for c in chunks if c.article_id not in away]
                if left:
                    add(question, query, Archive(left), "removed")
                add(question, query, archives[rng.choice(sorted(archives.keys() - {event}))], "off topic")
    return cases
