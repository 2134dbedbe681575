"""The command line of the evaluation: ``python -m evals run | report | compare | judge | gates | …``.

Options come in, files and tables go out. Exit codes: 0 fine, 1 a gate is breached or the eval set has problems, 2 bad
usage or input, 3 a service failed.
"""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from rag.errors import InputError, KutipError

app = typer.Typer(
    name="evals",
    help="Measure answers: is what they say in the articles, and how sure are we?",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

_EXTRA = ("matplotlib", "scipy", "tqdm")
"""Libraries of the ``eval`` extra."""

Run = Annotated[Path, typer.Argument(help="A run's folder.")]
Cases = Annotated[Path | None, typer.Option("--cases", help="Folder of dev.jsonl and test.jsonl. Default: built in.")]
Articles = Annotated[Path | None, typer.Option("--articles", help="The archive. Default: the bundled articles.")]
Data = Annotated[Path | None, typer.Option("--data", help="Folder with indonli/val.jsonl and facqa/valid.csv.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress bar.")]
NoCache = Annotated[bool, typer.Option("--no-cache", help="Keep nothing and use nothing kept.")]
CacheFolder = Annotated[Path | None, typer.Option("--cache", help="Where results are kept. Default: the user's cache.")]


@app.callback()
def _options() -> None:
    """Offline, deterministic, and honest about its own error."""


@app.command()
def check(cases: Cases = None, articles: Articles = None) -> None:
    """Check the eval set: schema, quotes in their articles, splits that share nothing."""
    from evals.commands import check_cases

    counts, found = check_cases(cases, articles)
    for line in (*counts, *found):
        typer.echo(line)
    raise typer.Exit(1 if found else 0)


@app.command()
def run(
    out: Annotated[Path, typer.Option("--out", "-o", help="The run's folder.")] = Path("eval-run"),
    answerer: Annotated[
        list[str] | None,
        typer.Option("--answerer", "-a", help="extractive, model, nothing, lead, passage; may be given several times."),
    ] = None,
    judge: Annotated[list[str] | None, typer.Option("--judge", "-j", help="lexical, coverage, model.")] = None,
    split: Annotated[list[str] | None, typer.Option("--split", "-s", help="dev, test. Default: both.")] = None,
    cases: Cases = None,
    articles: Articles = None,
    shard: Annotated[str, typer.Option("--shard", help="Only part i of n, as i/n; put together by merge.")] = "1/1",
    jobs: Annotated[
        int | None, typer.Option("--jobs", min=1, help="Examples at once. Default: 8 with a model, else 1.")
    ] = None,
    cache: CacheFolder = None,
    no_cache: NoCache = False,
    quiet: Quiet = False,
) -> None:
    """Ask every question of the eval set and judge every answer; a run that was killed goes on where it stopped."""
    from evals.cache import default_folder
    from evals.commands import headline
    from evals.run import Options, run
    from rag.settings import Settings

    chosen = {"answerers": answerer, "judges": judge, "splits": split}
    options = Options(
        **{name: tuple(values) for name, values in chosen.items() if values},
        cases=cases, articles=articles, out=out, shard=_shard(shard), jobs=jobs,
        cache=None if no_cache else cache or default_folder(), show=not quiet,
    )  # fmt: skip
    plan, rows = run(options, Settings.from_env(os.environ))
    failed = sum(row["error"] is not None for row in rows)
    typer.echo(headline(rows))
    typer.echo(f"Run {plan.run}: {len(rows)} of {len(plan.units)} examples in {out}, {failed} failed.")


def _shard(text: str) -> tuple[int, int]:
    number, _, of = text.partition("/")
    if not (number.isdecimal() and of.isdecimal()):
        raise InputError(f"Expected --shard as i/n, such as 1/4, saw {text!r}.")
    return int(number), int(of)


@app.command()
def merge(
    shards: Annotated[list[Path], typer.Argument(help="The shards' folders.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="The whole run's folder.")],
) -> None:
    """Put the shards of a run together; the result has the same bytes as the run made whole."""
    from evals.runner import merge

    typer.echo(f"{len(merge(shards, out))} examples in {out}.")


@app.command()
def score(folder: Run) -> None:
    """Work the scores of a run out again from its rows, without asking anything again."""
    from evals.commands import headline
    from evals.runner import read, rescore, write_rows

    rows = rescore(read(folder)[1])
    write_rows(folder, rows)
    typer.echo(headline(rows))


@app.command()
def compare(
    a: Annotated[Path, typer.Argument(help="The earlier run's folder.")],
    b: Annotated[Path, typer.Argument(help="The later run's folder; may be the same.")],
    a_answerer: Annotated[
        str | None, typer.Option(help="Which system of A. Default: the first that is no baseline.")
    ] = None,
    b_answerer: Annotated[str | None, typer.Option(help="Which system of B.")] = None,
    metric: Annotated[list[str] | None, typer.Option("--metric", "-m", help="May be given several times.")] = None,
) -> None:
    """Compare two runs: paired differences, what flipped, and the smallest difference these questions can show."""
    from evals.commands import compare_runs

    typer.echo(compare_runs(a, b, (a_answerer, b_answerer), metric))


@app.command()
def judge(
    data: Data = None,
    judges: Annotated[list[str] | None, typer.Option("--judge", "-j", help="lexical, coverage, model.")] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Also write the standings here, for report.")] = None,
    jobs: Annotated[int, typer.Option("--jobs", min=1, help="Claims at once.")] = 1,
    cache: CacheFolder = None,
    quiet: Quiet = False,
) -> None:
    """Measure the judges: on IndoNLI, and on claims altered in ten ways beside true rewordings."""
    from evals.commands import judge_judges
    from rag.settings import Settings

    names = tuple(judges or ("lexical", "coverage"))
    settings = Settings.from_env(os.environ)
    typer.echo(judge_judges(names, settings, data=data, out=out, jobs=jobs, cache=cache, show=not quiet))


@app.command()
def report(
    folder: Run,
    out: Annotated[Path, typer.Option("--out", "-o", help="Path without suffix; .html and .md are written.")],
    judges: Annotated[Path | None, typer.Option("--judges", help="Standings that judge --out wrote.")] = None,
    before: Annotated[Path | None, typer.Option("--before", help="Folder of the run to compare with.")] = None,
    gates: Annotated[Path | None, typer.Option("--gates", help="File of gates to check.")] = None,
    command: Annotated[str | None, typer.Option("--command", help="What made it, as the report shall tell.")] = None,
    everything: Annotated[bool, typer.Option("--everything", help="Show the examples of test too.")] = False,
) -> None:
    """Write a run as one self-contained page and as Markdown."""
    from evals.commands import write_report

    told = command or shlex.join(["python", "-m", "evals", *sys.argv[1:]])
    options = {"judged": judges, "before": before, "gates": gates}
    for path in write_report(folder, out, command=told, everything=everything, **options):
        typer.echo(str(path))


@app.command()
def gates(
    folder: Run,
    file: Annotated[Path | None, typer.Option("--gates", help="File of gates. Default: the built-in one.")] = None,
    write: Annotated[bool, typer.Option("--write-baseline", help="Make this run the baseline instead.")] = False,
) -> None:
    """Check a run against floors, ceilings and largest drops; exit code 1 and a sentence for each that breaks."""
    from evals.commands import check_gates, make_baseline
    from evals.gates import GATES
    from evals.runner import read

    manifest, rows = read(folder)
    if write:
        typer.echo(f"Baseline written: {make_baseline(rows, manifest['run'], file or GATES)}")
        return
    found = check_gates(rows, file or GATES)
    for sentence in found:
        typer.echo(sentence)
    if found:
        raise typer.Exit(1)
    typer.echo("All gates hold.")


@app.command()
def export(
    folder: Run,
    out: Annotated[Path, typer.Option("--out", "-o", help="JSON lines for RAGAS.")],
    answerer: Annotated[str | None, typer.Option(help="Which system. Default: the first that is no baseline.")] = None,
) -> None:
    """Write a run as samples that RAGAS reads."""
    from evals.commands import export_ragas

    typer.echo(f"{export_ragas(folder, out, answerer)} samples in {out}.")


def main(argv: Sequence[str] | None = None) -> None:
    """Entry point: errors meant for the user become one line on standard error and an exit code."""
    try:
        app(args=list(argv) if argv is not None else None, prog_name="python -m evals")
    except KutipError as error:
        typer.echo(f"evals: {error}", err=True)
        sys.exit(error.exit_code)
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] not in _EXTRA:
            raise
        typer.echo(f"evals: Expected {error.name} for the evaluation, saw none: pip install 'kutip[eval]'.", err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
