"""The command line of the evaluation: ``python -m evals run | merge | score | compare | judge | report | gates | …``.

Options come in, files and tables go out. Exit codes: 0 fine, 1 a gate is breached or the eval set has problems, 2 bad
usage or input, 3 a service failed.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from rag.errors import KutipError

app = typer.Typer(
    name="evals",
    help="Measure answers: is what they say in the articles, and how sure are we?",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Folder = Annotated[Path, typer.Argument(help="A run's folder.")]
Cases = Annotated[Path | None, typer.Option("--cases", help="Folder of dev.jsonl and test.jsonl. Default: built in.")]
Articles = Annotated[Path | None, typer.Option("--articles", help="The archive. Default: the bundled articles.")]


@app.callback()
def _options() -> None:
    """Offline, deterministic, and honest about its own error."""


@app.command()
def check(cases: Cases = None, articles: Articles = None) -> None:
    """Check the eval set: schema, quotes in their articles, splits that share nothing."""
    from evals.commands import check_cases

    found = check_cases(cases, articles)
    for problem in found:
        typer.echo(problem)
    raise typer.Exit(1 if found else 0)


def main(argv: Sequence[str] | None = None) -> None:
    """Entry point: errors meant for the user become one line on standard error and an exit code."""
    try:
        app(args=list(argv) if argv is not None else None, prog_name="python -m evals")
    except KutipError as error:
        typer.echo(f"evals: {error}", err=True)
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
