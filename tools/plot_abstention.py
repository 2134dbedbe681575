"""Draws ``docs/abstention.svg``: what each confidence threshold costs and brings, on questions of IDK-MRC valid.

``python tools/plot_abstention.py --data DIR``; needs matplotlib.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib import pyplot

from evals.benchmarks.abstention import SEEDS, Outcome
from evals.benchmarks.archive import archive, by_language, load, opened
from rag.answering.second_look import second_look

OUT = Path(__file__).parent.parent / "docs/abstention.svg"
LINES = {
    "passage there": ("answerable, abstained (lost)", "#b3261e"),
    "passage removed": ("passage removed, abstained", "#1565c0"),
    "off topic": ("off topic over five articles, abstained", "#2e7d32"),
}


def main() -> None:
    """Ask, draw, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--limit", type=int)
    chosen = parser.parse_args()
    loaded = load(chosen.data, "valid", chosen.limit)
    asked = by_language(loaded, "valid", None)
    found: dict[tuple[str, str], list[float]] = {}
    with archive(loaded.passages) as retriever:
        for language, questions in asked.items():
            for question in questions:
                for name, without in (("passage there", set[str]()), ("passage removed", {question.passage})):
                    outcome = Outcome(question, retriever, without)
                    found.setdefault((name, language), []).append(outcome.confidence)
    with tempfile.TemporaryDirectory() as folder, opened([SEEDS], Path(folder)) as retriever:
        for language, questions in asked.items():
            found["off topic", language] = [Outcome(question, retriever).confidence for question in questions]
    draw(found)


def draw(found: dict[tuple[str, str], list[float]]) -> None:
    """Share abstained from, by threshold; one panel for each language, and one for the calibration."""
    mpl.rcParams["svg.hashsalt"] = "kutip"
    figure, panels = pyplot.subplots(1, 3, figsize=(13, 4), layout="constrained")
    thresholds = np.linspace(0, 1, 201)
    for panel, (language, title) in zip(
        panels, (("id", "Indonesian questions"), ("en", "English questions")), strict=False
    ):
        for name, (label, colour) in LINES.items():
            scores = np.array(found[name, language])
            panel.plot(
                thresholds, [(scores < t).mean() for t in thresholds], color=colour, label=f"{label} (n={len(scores)})"
            )
        panel.axvline(second_look().threshold, color="#555", linestyle=":", label="threshold")
        panel.set(title=title, xlabel="confidence threshold", ylabel="share abstained", xlim=(0, 1), ylim=(0, 1.01))
        panel.legend(loc="lower right", fontsize=8)
    calibration(panels[2], found)
    figure.savefig(OUT, metadata={"Date": None})


def calibration(panel: pyplot.Axes, found: dict[tuple[str, str], list[float]]) -> None:
    """Share of questions that are answered by the archive, by stated confidence, passage there and removed together."""
    panel.plot([0, 1], [0, 1], color="#999", linewidth=1)
    for language, colour in (("id", "#1565c0"), ("en", "#ef6c00")):
        there, removed = np.array(found["passage there", language]), np.array(found["passage removed", language])
        stated, seen = [], []
        for low in np.arange(0, 1, 0.1):
            inside = [((scores >= low) & (scores < low + 0.1)).sum() for scores in (there, removed)]
            if sum(inside) >= 20:
                stated.append(low + 0.05)
                seen.append(inside[0] / sum(inside))
        panel.plot(stated, seen, marker="o", color=colour, label="Indonesian" if language == "id" else "English")
    panel.set(title="calibration", xlabel="stated confidence", ylabel="archive answers", xlim=(0, 1), ylim=(0, 1))
    panel.legend(loc="upper left", fontsize=8)


if __name__ == "__main__":
    main()
