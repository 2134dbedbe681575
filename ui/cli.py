"""The command line: ``kutip ask | chat | search | index | articles | serve``.

Nothing heavy is imported until a command needs it, so ``kutip --help`` is instant.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from rag.errors import InputError, KutipError
from ui.serve_command import serve

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from rag.pipeline import Kutip
    from rag.settings import Settings
    from rag.types import Answer

app = typer.Typer(
    name="kutip",
    help="Ask a news archive in Indonesian or English; every sentence of an answer is tied to a verbatim passage.",
    epilog="Settings: KUTIP_HOME, KUTIP_GLOSSARY, KUTIP_ANSWERER, KUTIP_MODEL, KUTIP_EMBEDDER, KUTIP_VERIFY, "
    "KUTIP_TIMEOUT, KUTIP_RETRIES, KUTIP_CONTEXT, OPENAI_API_KEY, OPENAI_BASE_URL; see docs/models.md.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
Questions = Annotated[
    Path | None,
    typer.Option(
        "--file", "-f", help="Read one question a line ('-' for standard input), print one JSON object a line."
    ),
]

Answerer = Annotated[
    Literal["auto", "extractive", "model"] | None,
    typer.Option(help="Quote sentences, have a model write, or (auto) the model when one is set."),
]
Passages = Annotated[int | None, typer.Option("-k", min=1, max=100, help="How many passages the answer is made from.")]
Unsupported = Annotated[bool, typer.Option("--show-unsupported", help="Show withheld statements too, struck out.")]


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"kutip {version('kutip')}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Settings come from KUTIP_* variables; the index lives in KUTIP_HOME."""


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(help="A question in Indonesian or English.")] = None,
    as_json: Json = False,
    file: Questions = None,
    answerer: Answerer = None,
    k: Passages = None,
    show_unsupported: Unsupported = False,
) -> None:
    """Answer a question, every sentence with its sources.

    When the archive does not answer it, that is said, with the reason and the nearest passages.
    """
    from rag.schema import answer_object
    from rag.types import Request

    def answered(text: str) -> Answer:
        return pipeline.invoke(Request(text=text, k=k))

    if file is not None:
        lines = _questions(question, file)
        pipeline = _pipeline(answerer=answerer)
        return _batch(lines, lambda text: answer_object(answered(text)))
    pipeline = _pipeline(_one(question), answerer=answerer)
    if as_json:
        return _print_json(answer_object(answered(_one(question))))
    from ui.growing import show_growing

    show_growing(pipeline.stream(Request(text=_one(question), k=k)), _show, show_withheld=show_unsupported)
    return None


@app.command()
def chat(answerer: Answerer = None, k: Passages = None, show_unsupported: Unsupported = False) -> None:
    """Ask in a conversation: follow-up questions are understood, each statement is shown once it is verified."""
    pipeline = _pipeline(answerer=answerer)
    from ui.chat_command import Chat

    Chat(pipeline=pipeline, console=_console(), k=k, show_withheld=show_unsupported).run()


@app.command()
def search(
    question: Annotated[str | None, typer.Argument(help="A question or words to look for.")] = None,
    k: Annotated[int, typer.Option("-k", min=1, max=1000, help="How many passages.")] = 10,
    as_json: Json = False,
    file: Questions = None,
) -> None:
    """Show the passages found for a question, best first."""
    from rag.schema import hit_object

    def found(text: str) -> dict[str, Any]:
        return {"question": text, "hits": [hit_object(hit) for hit in pipeline.search(text, k=k)]}

    if file is not None:
        lines = _questions(question, file)
        pipeline = _pipeline(answerer="extractive")
        return _batch(lines, found)
    pipeline = _pipeline(_one(question), answerer="extractive")
    if as_json:
        return _print_json(found(_one(question)))
    from ui.present import hits_text

    return _show(hits_text(pipeline.search(_one(question), k=k)))


@app.command()
def articles(as_json: Json = False) -> None:
    """List the articles of the archive."""
    from ui.present import article_object, articles_text

    found = _pipeline(answerer="extractive").articles()
    if as_json:
        return _print_json([article_object(article) for article in found])
    return _show(articles_text(found))


@app.command()
def index(
    paths: Annotated[list[Path] | None, typer.Argument(help=".txt, .md, .html or .jsonl files, or folders.")] = None,
    prune: Annotated[bool, typer.Option("--prune", help="Remove articles whose file under PATHS is gone.")] = False,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Make the index anew from the articles it holds (and PATHS).")
    ] = False,
) -> None:
    """Add articles to the archive, or bring it up to date.

    Only new and changed articles cost anything; an interrupted run goes on where it stopped.
    """
    if not paths and not rebuild:
        raise InputError("Expected at least one file or folder to index, saw none: run kutip index PATH…")
    _index(_settings(), paths or [], prune=prune, rebuild=rebuild)


app.command()(serve)


def main(argv: Sequence[str] | None = None) -> None:
    """Entry point: errors meant for the user become one line on standard error and an exit code."""
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    try:
        app(args=list(argv) if argv is not None else None)
    except KutipError as error:
        from ui.present import one_line

        print(f"kutip: {one_line(str(error))}", file=sys.stderr)  # noqa: T201
        sys.exit(error.exit_code)
    except BrokenPipeError:  # the reader (head, less) went away
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


def _settings() -> Settings:
    from rag.settings import Settings

    return Settings.from_env(os.environ)


def _one(question: str | None) -> str:
    if question is None:
        raise InputError('Expected a question, saw none: run kutip ask "…", or give --file FILE.')
    return question


def _questions(question: str | None, file: Path) -> list[str]:
    if question is not None:
        raise InputError("Expected either a question or --file, saw both: leave one out.")
    try:
        raw = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
        text = raw.decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"Expected a file of questions at {file}, saw {error.strerror}: check the path.") from error
    except UnicodeDecodeError as error:
        raise InputError(f"Expected UTF-8 text in {file}, saw other bytes at {error.start}: convert it.") from error
    return [line.strip() for line in text.split("\n") if line.strip()]


def _batch(lines: Sequence[str], work: Callable[[str], Any]) -> None:
    """One JSON object per line, in order; a line that cannot be used gets an object with ``error``, and exit code 2."""
    bad = 0
    for text in lines:
        try:
            _print_json(work(text))
        except InputError as error:
            bad += 1
            _print_json({"question": text[:200], "error": str(error)})
    if bad:
        raise InputError(f"Expected usable questions only, saw {bad} of {len(lines)} that are not: see their 'error'.")


def _print_json(value: Any) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def _console(*, stderr: bool = False) -> Console:
    from rich.console import Console

    return Console(stderr=stderr, highlight=False, markup=False)


def _show(text: Text) -> None:
    """Print for a reader: wrapped and coloured on a terminal, one line per paragraph and plain in a pipe."""
    console = _console()
    console.print(text, soft_wrap=not console.is_terminal)


def _pipeline(question: str | None = None, *, answerer: Answerer = None) -> Kutip:
    """The pipeline over the index; with no index yet, one is first made of the bundled articles.

    A question is checked first, so that a bad one costs nothing.
    """
    from rag.archive import exists
    from rag.pipeline import SEEDS, check_question, open_pipeline

    settings = _settings() if answerer is None else replace(_settings(), answerer=answerer)
    if question is not None:
        check_question(question)
    if not exists(settings) and SEEDS.is_dir():
        place = settings.chroma or settings.home
        _console(stderr=True).print(f"No index in {place} yet: indexing the bundled articles in {SEEDS.name}/.")
        _index(settings, [SEEDS])
    pipeline = open_pipeline(settings)
    for note in pipeline.notes:
        _console(stderr=True).print(note)
    return pipeline


def _index(settings: Settings, paths: Sequence[Path], *, prune: bool = False, rebuild: bool = False) -> None:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from rag.pipeline import index_paths, indexing_note

    console = _console(stderr=True)
    if not rebuild and (note := indexing_note(settings)):
        console.print(note)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("Indexing", total=None)

        def progress(done: int, total: int | None, label: str) -> None:
            bar.update(task, completed=done, total=total, description=label)

        report = index_paths(settings, paths, prune=prune, rebuild=rebuild, progress=progress)
    for sentence in report.skipped:
        console.print(f"Skipped: {sentence}")
    console.print(
        f"{report.added} added, {report.changed} changed, {report.unchanged} unchanged, {report.removed} removed, "
        f"{len(report.skipped)} skipped."
    )


if __name__ == "__main__":
    main()
