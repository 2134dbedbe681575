"""The command line: ``kutip ask | chat | verify | search | articles | index | serve | password | eval``.

Nothing heavy is imported until a command needs it, so ``kutip --help`` is instant.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from rag.errors import InputError, KutipError
from ui.opening import index as index_with_progress
from ui.opening import pipeline as open_archive
from ui.opening import settings
from ui.password_command import password
from ui.serve_command import serve
from ui.terminal import batch, console, one_question, print_json, questions, show

if TYPE_CHECKING:
    from rag.types import Answer

app = typer.Typer(
    name="kutip",
    help="Ask a news archive in Indonesian or English; every sentence of an answer is tied to a verbatim passage.",
    epilog="Settings: KUTIP_HOME, KUTIP_GLOSSARY, KUTIP_ANSWERER, KUTIP_MODEL, KUTIP_EMBEDDER, KUTIP_VERIFY, "
    "KUTIP_TIMEOUT, KUTIP_RETRIES, KUTIP_CONTEXT, OPENAI_API_KEY, OPENAI_BASE_URL (docs/models.md); KUTIP_CHROMA, "
    "KUTIP_USERS, KUTIP_API_KEYS, KUTIP_READ_ONLY, KUTIP_RATE, KUTIP_ANSWERS, KUTIP_QUEUE, KUTIP_UPLOAD, KUTIP_CORS "
    "(docs/api.md).",
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
        lines = questions(question, file)
        pipeline = open_archive(answerer=answerer)
        return batch(lines, lambda text: answer_object(answered(text)))
    pipeline = open_archive(one_question(question), answerer=answerer)
    if as_json:
        return print_json(answer_object(answered(one_question(question))))
    from ui.growing import show_growing

    show_growing(pipeline.stream(Request(text=one_question(question), k=k)), show, show_withheld=show_unsupported)
    return None


@app.command()
def chat(answerer: Answerer = None, k: Passages = None, show_unsupported: Unsupported = False) -> None:
    """Ask in a conversation: follow-up questions are understood, each statement is shown once it is verified."""
    pipeline = open_archive(answerer=answerer)
    from ui.chat_command import Chat

    Chat(pipeline=pipeline, console=console(), k=k, show_withheld=show_unsupported).run()


@app.command()
def verify(
    file: Annotated[Path, typer.Argument(help="A text file to check; '-' for standard input.")],
    as_json: Json = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print Markdown instead of a table.")] = False,
) -> None:
    """Check a text, sentence by sentence, against the archive.

    Each sentence is supported, partly supported, contradicted or not found, with the best evidence quoted.
    """
    from ui.verify_command import verify_file

    verify_file(open_archive(answerer="extractive"), file, as_json=as_json, markdown=markdown)


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
        lines = questions(question, file)
        pipeline = open_archive(answerer="extractive")
        return batch(lines, found)
    pipeline = open_archive(one_question(question), answerer="extractive")
    if as_json:
        return print_json(found(one_question(question)))
    from ui.present import hits_text

    return show(hits_text(pipeline.search(one_question(question), k=k)))


@app.command()
def articles(as_json: Json = False) -> None:
    """List the articles of the archive."""
    from ui.present import article_object, articles_text

    found = open_archive(answerer="extractive").articles()
    if as_json:
        return print_json([article_object(article) for article in found])
    return show(articles_text(found))


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
    index_with_progress(settings(), paths or [], prune=prune, rebuild=rebuild)


app.command()(serve)
app.command()(password)


@app.command("eval", add_help_option=False, context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def evaluate(context: typer.Context) -> None:
    """Measure answers over the evaluation set."""
    importlib.import_module("evals.__main__").main(["run", *context.args])


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


if __name__ == "__main__":
    main()
