"""What the commands do, free of options: paths and names come in, files are written and lines to print come out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from evals.dataset import CASES, SEEDS, Case, load_split
from evals.dataset_check import problems
from evals.judges import JUDGES
from rag.articles.files import read as read_articles
from rag.errors import InputError, KutipError
from rag.settings import Settings
from rag.types import Article

SPLITS = ("dev", "test")


def load_cases(folder: Path | None, splits: Sequence[str] = SPLITS) -> tuple[Case, ...]:
    """The cases of some splits, split by split.

    Raises:
        CaseError: when a file is missing or a line of it is not a case.
        InputError: for a split that there is none of.
    """
    for split in splits:
        if split not in SPLITS:
            raise InputError(f"Expected splits among {', '.join(SPLITS)}, saw {split!r}.")
    return tuple(case for split in dict.fromkeys(splits) for case in load_split(split, folder or CASES))


def load_articles(path: Path | None) -> dict[str, Article]:
    """The articles of a file or folder by id.

    Raises:
        KutipError: when one cannot be read.
    """
    found: dict[str, Article] = {}
    for item in read_articles([path or SEEDS]):
        if isinstance(item, KutipError):
            raise item
        found[item.id] = item
    return found


def check_cases(folder: Path | None, articles: Path | None) -> tuple[list[str], list[str]]:
    """Counts of an eval set, and sentences about what is wrong with it."""
    found: list[str] = []
    cases: list[Case] = []
    for split in SPLITS:
        try:
            cases += load_split(split, folder or CASES)
        except KutipError as error:
            found.append(str(error))
    counts = [_counts(split, [case for case in cases if case.split == split]) for split in SPLITS]
    return counts, found + problems(cases, load_articles(articles))


def _counts(split: str, cases: Sequence[Case]) -> str:
    languages = Counter(case.language for case in cases)
    kinds = ", ".join(f"{kind} {n}" for kind, n in sorted(Counter(case.type for case in cases).items()))
    return (
        f"{split}: {len(cases)} cases in {len({case.group for case in cases})} groups, "
        f"{sum(not case.answerable for case in cases)} unanswerable, "
        f"{languages['id']} Indonesian, {languages['en']} English; {kinds or 'nothing'}."
    )


def headline(rows: Sequence[dict[str, Any]]) -> str:
    """The headline tables of a run for the terminal."""
    from evals.report import headlines
    from evals.report_markdown import grid

    return "\n".join(f"{title}\n{grid(table)}" for title, table in headlines(rows))


def write_report(
    folder: Path,
    out: Path,
    *,
    command: str,
    judged: Path | None = None,
    before: Path | None = None,
    gates: Path | None = None,
    everything: bool = False,
) -> list[Path]:
    """Write ``out.html`` and ``out.md`` for a run.

    Args:
        folder: of the run.
        out: path of the report without a suffix.
        command: what made it, as told in the report.
        judged: standings of the judges.
        before: folder of the run to compare with.
        gates: file of gates to check.
        everything: show the examples of ``test`` too.

    Raises:
        InputError: when a file is not what it should be, or matplotlib is missing.
    """
    from evals.compare import compare
    from evals.judge_report import read as read_standings
    from evals.report import Beside, sections
    from evals.report_html import page
    from evals.report_markdown import markdown
    from evals.runner import ROWS, read

    manifest, rows = read(folder)
    now = _one_system(rows, None)
    beside = Beside(
        command=command,
        day=datetime.fromtimestamp((folder / ROWS).stat().st_mtime, UTC).date(),
        judged=read_standings(judged) if judged else None,
        changes=compare(_one_system(read(before)[1], None), now) if before else None,
        breaches=check_gates(rows, gates) if gates else None,
    )
    found = list(sections(manifest, rows, beside))
    title = f"Kutip, measured: run {manifest['run']}"
    out.parent.mkdir(parents=True, exist_ok=True)
    written = [out.with_suffix(".html"), out.with_suffix(".md")]
    written[0].write_text(page(found, rows, title, hide=not everything), "utf-8")
    written[1].write_text(markdown(found, title), "utf-8")
    return written


def check_gates(rows: Sequence[dict[str, Any]], path: Path) -> list[str]:
    """A sentence for each gate of a file that a run's rows break."""
    from evals.gates import breaches, load, values
    from evals.summary import all_tables

    gates, baseline = load(path)
    return breaches(gates, values(all_tables(rows)), baseline)


def compare_runs(a: Path, b: Path, systems: tuple[str | None, str | None], metrics: Sequence[str] | None) -> str:
    """The comparison of two runs, or of two systems, as Markdown."""
    from evals.compare import compare, markdown
    from evals.runner import read

    one, other = (_one_system(read(folder)[1], name) for folder, name in zip((a, b), systems, strict=True))
    return markdown(compare(one, other, metrics))


def _one_system(rows: Sequence[dict[str, Any]], name: str | None) -> list[dict[str, Any]]:
    """The rows of one system: the one named, or the first that is no baseline."""
    from evals.plan import BASELINES

    known = list(dict.fromkeys(row["answerer"] for row in rows))
    chosen = name or next((n for n in known if n not in BASELINES), known[0] if known else "")
    if chosen not in known:
        raise InputError(f"Expected an answerer among {', '.join(known) or 'none'}, saw {chosen!r}.")
    return [row for row in rows if row["answerer"] == chosen]


def judge_judges(
    names: Sequence[str],
    settings: Settings,
    *,
    data: Path | None,
    out: Path | None,
    jobs: int,
    cache: Path | None,
    show: bool,
) -> str:
    """Measure judges and tell their standings as Markdown; ``out`` also gets them as data.

    Args:
        names: of the judges.
        settings: for the model, when it is among them.
        data: folder of the public data; None for the hand-written suite alone.
        out: file to write.
        jobs: claims at once.
        cache: where a model's verdicts are kept; None for the user's cache.
        show: progress bars.

    Raises:
        KutipError: for unknown names, data that are not as expected, a model that is not set.
    """
    from evals.cache import Cache, default_folder
    from evals.judge_report import markdown, to_json
    from evals.judging import ask, collect, standings, with_baseline
    from evals.run import check_names, make_judges

    check_names("judge", names, JUDGES)
    probes = collect(data)
    kept = Cache(cache or default_folder())
    judges = make_judges(names, settings)
    given = {j.name: ask(j, probes, jobs=jobs, show=show, cache=kept if j.name == "model" else None) for j in judges}
    verdicts = with_baseline(given, probes)
    found = list(standings(probes, verdicts))
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(to_json(probes, verdicts, found, {j.name: j.version for j in judges}), "utf-8")
    return markdown(found)


def make_baseline(rows: Sequence[dict[str, Any]], run: str, gates: Path) -> Path:
    """Write a run's values as the baseline that a file of gates names.

    Raises:
        InputError: when it names none.
    """
    from evals.gates import baseline_path, write_baseline
    from evals.summary import all_tables

    path = baseline_path(gates)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_baseline(path, all_tables(rows), run)
    return path


def export_ragas(folder: Path, out: Path, answerer: str | None) -> int:
    """Write one system's rows as RAGAS samples; how many."""
    from evals.ragas import export
    from evals.runner import read

    return export(_one_system(read(folder)[1], answerer), out)
