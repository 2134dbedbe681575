"""Speed, as ratios against Chroma alone, both sides in turn in one run: ``python -m benchmarks.speed``.

Each measurement is a process of its own, so that neither side finds warm caches of the other. Times on a machine that
does other things are noisy; the ratios of medians taken in turn are less so.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "seeds"
CHUNKS_PER_ARTICLE = 3.0
"""Of the generated articles."""


def main() -> None:
    """Measure what is asked for and print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chunks", type=int, default=20_000, help="about how many chunks to index (20000)")
    parser.add_argument("--repeats", type=int, default=3, help="measurements of each side of the indexing (3)")
    parser.add_argument("--only", choices=MEASURES, help="one row of the table")
    arguments = parser.parse_args()
    print(f"Python {platform.python_version()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} before.\n")
    print("| what | Kutip | Chroma alone | ratio | aim |\n|---|---|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory(prefix="kutip-speed-") as folder:
        for name, measure in MEASURES.items():
            if arguments.only in (None, name):
                print(measure(Path(folder), arguments.chunks, arguments.repeats), flush=True)


def indexing(folder: Path, chunks: int, repeats: int) -> str:
    """A whole run over JSON lines (read, cut, embed, write, terms) against adding the rows it made."""
    _prepare(folder, chunks)
    pairs = [(_rows(folder, "index"), _rows(folder, "add")) for _ in range(repeats)]
    ours, theirs = (statistics.median(rates) for rates in zip(*pairs, strict=True))
    aim = "≥ 0.7"
    return f"| indexing {chunks:,} chunks | {ours:,.0f}/s | {theirs:,.0f}/s | {ours / theirs:.2f} | {aim} |"


def search(folder: Path, chunks: int, repeats: int) -> str:
    """A search in process (question to ranked passages) against a bare query for ten rows."""
    _prepare(folder, chunks)
    if not (folder / "bare").exists():
        _rows(folder, "index")
        _rows(folder, "add")
    ours, theirs = json.loads(_worker("search", folder))
    return f"| search among {chunks:,} chunks | {ours:.2f} ms | {theirs:.2f} ms | {ours / theirs:.2f} | ≤ 3 |"


def help_page(folder: Path, chunks: int, repeats: int) -> str:
    """``kutip --help`` against importing chromadb."""
    ours, theirs = _in_turn(lambda: _run("-m", "ui.cli", "--help"), lambda: _run("-c", "import chromadb"))
    return f"| `kutip --help` | {ours:.2f} s | {theirs:.2f} s | {ours / theirs:.2f} | < 0.25 |"


def ask(folder: Path, chunks: int, repeats: int) -> str:
    """``kutip ask`` on a ready index against importing chromadb."""
    home = {"KUTIP_HOME": str(folder / "seeds")}
    _run("-m", "ui.cli", "index", str(SEEDS), **home)
    command = ("-m", "ui.cli", "ask", "What gifts were exchanged?")
    ours, theirs = _in_turn(lambda: _run(*command, **home), lambda: _run("-c", "import chromadb"))
    return f"| `kutip ask`, index ready | {ours:.2f} s | {theirs:.2f} s | {ours / theirs:.2f} | < 1.8 |"


MEASURES: dict[str, Callable[[Path, int, int], str]] = {
    "indexing": indexing,
    "search": search,
    "help": help_page,
    "ask": ask,
}


def _prepare(folder: Path, chunks: int) -> None:
    from benchmarks.corpus import Corpus

    file = folder / "news.jsonl"
    if not file.exists():
        file.write_text("".join(Corpus().lines(round(chunks / CHUNKS_PER_ARTICLE))), "utf-8")


def _rows(folder: Path, job: str) -> float:
    """Rows a second of one process that indexes or adds."""
    return float(_worker(job, folder))


def _worker(job: str, folder: Path) -> str:
    return _run("-m", "benchmarks.worker", job, str(folder)).strip().splitlines()[-1]


def _run(*arguments: str, **environment: str) -> str:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("KUTIP_", "OPENAI_"))}
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=kept | {"PYTHONWARNINGS": "ignore"} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"{' '.join(arguments)} failed:\n{done.stderr}")
    return done.stdout


def _in_turn(ours: Callable[[], object], theirs: Callable[[], object], *, times: int = 9) -> tuple[float, float]:
    """Median seconds of each, after one turn that does not count."""
    pairs = [(_seconds(ours), _seconds(theirs)) for _ in range(times + 1)][1:]
    mine, others = zip(*pairs, strict=True)
    return statistics.median(mine), statistics.median(others)


def _seconds(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def quantile(values: Sequence[float], share: float) -> float:
    """The value that ``share`` of them do not exceed."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


if __name__ == "__main__":
    main()
