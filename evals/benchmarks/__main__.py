"""The benchmarks' command line: ``python -m evals.benchmarks retrieval|answers|abstention|verification|…``."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(add_completion=False, no_args_is_help=True, help=__doc__)

DataOption = Annotated[Path, typer.Option("--data", help="Folder with the question set (train.json, valid.json, …).")]
SplitOption = Annotated[str, typer.Option("--split", help="Whose questions are asked; all passages are searched.")]
LimitOption = Annotated[int | None, typer.Option("--limit", min=1, help="Ask only so many answerable questions.")]
EnglishOption = Annotated[
    Path | None, typer.Option("--english", help="English wordings, a line each; default: those of evals/cases.")
]


@app.command()
def retrieval(
    data: DataOption, split: SplitOption = "valid", limit: LimitOption = None, english: EnglishOption = None
) -> None:
    """Question to passage: R@1, R@5, R@10, MRR."""
    _run("retrieval", data, split, limit, english)


@app.command()
def answers(
    data: DataOption, split: SplitOption = "valid", limit: LimitOption = None, english: EnglishOption = None
) -> None:
    """Question to quoted sentence: does it hold the answer?"""
    _run("answers", data, split, limit, english)


@app.command()
def abstention(
    data: DataOption, split: SplitOption = "valid", limit: LimitOption = None, english: EnglishOption = None
) -> None:
    """Does it know when there is no answer?"""
    _run("abstention", data, split, limit, english)


@app.command()
def verification() -> None:
    """How much of a subtly wrong draft is caught?"""
    module = import_module("evals.benchmarks.verification")
    typer.echo(module.table(module.run()))


@app.command()
def practice() -> None:
    """The keyless engine on the practice archives: news on other events, tuned on and held out."""
    typer.echo(import_module("evals.benchmarks.practice").run())


@app.command()
def support(data: DataOption, split: SplitOption = "val") -> None:
    """The support check as a judge of entailment (IndoNLI), beside baselines."""
    _table("support", data, split)


@app.command()
def corruptions(data: DataOption, split: SplitOption = "valid") -> None:
    """Sentences of IDK-MRC changed by rule: what of it is caught?"""
    _table("corruptions", data, split)


def _table(name: str, data: Path, split: str) -> None:
    try:
        typer.echo(import_module(f"evals.benchmarks.{name}").run(data, split))
    except FileNotFoundError as error:
        typer.echo(f"Expected a data set, saw no file {error.filename}: give its folder with --data.", err=True)
        raise typer.Exit(2) from error


def _run(name: str, data: Path, split: str, limit: int | None, english: Path | None) -> None:
    try:
        table: str = import_module(f"evals.benchmarks.{name}").run(data, split, limit, english)
    except FileNotFoundError as error:
        typer.echo(f"Expected a question set, saw no file {error.filename}: give its folder with --data.", err=True)
        raise typer.Exit(2) from error
    typer.echo(table)


if __name__ == "__main__":
    app()
