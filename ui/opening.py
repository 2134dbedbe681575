"""From the environment to an open archive, for the commands: settings, pipeline, indexing with a progress bar."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ui.terminal import console

if TYPE_CHECKING:
    from rag.pipeline import Kutip
    from rag.settings import Settings


def settings() -> Settings:
    """Settings of this process."""
    from rag.settings import Settings

    return Settings.from_env(os.environ)


def pipeline(question: str | None = None, *, answerer: Literal["auto", "extractive", "model"] | None = None) -> Kutip:
    """The pipeline over the index; with no index yet, one is first made of the bundled articles.

    A question is checked first, so that a bad one costs nothing.
    """
    with _no_collecting():
        return _opened(question, answerer)


@contextmanager
def _no_collecting() -> Iterator[None]:
    """Importing makes a great many objects and no garbage: looking for it takes a seventh of the time to an answer."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def _opened(question: str | None, answerer: Literal["auto", "extractive", "model"] | None) -> Kutip:
    from rag.archive.access import exists
    from rag.pipeline import SEEDS, check_question, open_pipeline

    given = settings() if answerer is None else replace(settings(), answerer=answerer)
    if question is not None:
        check_question(question)
    notes = console(stderr=True)
    if not exists(given) and SEEDS.is_dir():
        notes.print(f"No index in {given.chroma or given.home} yet: indexing the bundled articles in {SEEDS.name}/.")
        index(given, [SEEDS])
    opened = open_pipeline(given)
    for note in opened.notes:
        notes.print(note)
    return opened


def index(given: Settings, paths: Sequence[Path], *, prune: bool = False, rebuild: bool = False) -> None:
    """Index with a progress bar on standard error, then say what was done."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from rag.archive.access import index_paths, indexing_note

    notes = console(stderr=True)
    if not rebuild and (note := indexing_note(given)):
        notes.print(note)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=notes, transient=True) as bar:
        task = bar.add_task("Indexing", total=None)

        def progress(done: int, total: int | None, label: str) -> None:
            bar.update(task, completed=done, total=total, description=label)

        report = index_paths(given, paths, prune=prune, rebuild=rebuild, progress=progress)
    for sentence in report.skipped:
        notes.print(f"Skipped: {sentence}")
    notes.print(
        f"{report.added} added, {report.changed} changed, {report.unchanged} unchanged, {report.removed} removed, "
        f"{len(report.skipped)} skipped."
    )
