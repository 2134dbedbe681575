"""Plots as inline SVG, drawn by matplotlib (the ``eval`` extra): numbers come in, one ``<svg>`` element goes out.

The same numbers give the same bytes: ids are fixed and no date is written. Text stays text, so it can be searched.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.figure import Figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from evals.stats import Estimate

COLOURS = ("#1b6ca8", "#d1622b", "#3a8f5c", "#7d5ba6", "#8c8c8c", "#b8860b")
_LEFT = 0.14
"""Share of the width left of the axes."""
Points = Sequence[tuple[float, float]]


@contextmanager
def _axes(
    size: tuple[float, float], title: str, x: str, y: str, left: float = _LEFT
) -> Iterator[tuple[Axes, list[str]]]:
    """Axes to draw on; afterwards the list holds the SVG."""
    settings: Any = {"svg.hashsalt": "kutip", "svg.fonttype": "none", "font.family": "sans-serif", "font.size": 9}
    drawn: list[str] = []
    with mpl.rc_context(settings):
        figure = Figure(figsize=size)
        axes = figure.subplots()
        inch = 1 / size[1]
        figure.subplots_adjust(left=left, right=0.97, bottom=0.45 * inch, top=1 - 0.3 * inch)
        axes.set(title=title, xlabel=x, ylabel=y)
        axes.spines[["top", "right"]].set_visible(False)
        axes.grid(alpha=0.25, linewidth=0.6)
        yield axes, drawn
        names = axes.get_legend_handles_labels()[1]
        if names and left > _LEFT:  # bars fill the axes: the legend goes under them
            figure.legend(frameon=False, fontsize=8, loc="lower right", ncols=len(names))
        elif names:
            axes.legend(frameon=False, fontsize=8)
        buffer = io.StringIO()
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    drawn.append(_inline(buffer.getvalue(), title))


def _inline(svg: str, title: str) -> str:
    """The bare element, without prologue and metadata, its ids made unique on a page by the title."""
    body = svg[svg.index("<svg") :]
    body = re.sub(r"<metadata>.*?</metadata>", "", body, flags=re.DOTALL)
    prefix = re.sub(r"\W+", "-", title.lower())
    body = re.sub(r'(\bid="|url\(#|xlink:href="#)', rf"\g<1>{prefix}-", body)
    return "\n".join(line.rstrip() for line in body.splitlines())


def curves(lines: Mapping[str, Points], *, title: str, x: str, y: str, diagonal: bool = False) -> str:
    """Lines in the unit square, named in a legend; with ``diagonal`` a dashed one for reference."""
    with _axes((4.2, 3.3), title, x, y) as (axes, drawn):
        if diagonal:
            axes.plot([0, 1], [0, 1], color="#999", linestyle="--", linewidth=0.8)
        for (name, points), colour in zip(lines.items(), COLOURS * 3, strict=False):
            axes.plot([p[0] for p in points], [p[1] for p in points], color=colour, label=name, linewidth=1.6)
        axes.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02))
    return drawn[0]


def calibration(points: Sequence[tuple[float, Estimate]], *, title: str, x: str, y: str) -> str:
    """Bins of confidence against what came true, with intervals, beside the diagonal."""
    with _axes((4.2, 3.3), title, x, y) as (axes, drawn):
        axes.plot([0, 1], [0, 1], color="#999", linestyle="--", linewidth=0.8)
        known = [(at, e.value, e.low, e.high) for at, e in points if e.value is not None]
        low = [max(0.0, v - (lo if lo is not None else v)) for _, v, lo, _ in known]
        high = [max(0.0, (hi if hi is not None else v) - v) for _, v, _, hi in known]
        values = [v for _, v, _, _ in known]
        axes.errorbar([k[0] for k in known], values, yerr=[low, high], fmt="o-", color=COLOURS[0], capsize=3)
        axes.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02))
    return drawn[0]


def bars(groups: Mapping[str, Mapping[str, Estimate]], *, title: str, x: str, chance: float | None = None) -> str:
    """Horizontal bars with intervals: for each label, one bar per series; ``chance`` draws a dashed line."""
    series = list(dict.fromkeys(name for values in groups.values() for name in values))
    height = 0.8 / max(1, len(series))
    with _axes((6.4, 0.6 + 0.32 * len(groups) * max(1, len(series)) ** 0.6), title, x, "", 0.24) as (axes, drawn):
        for number, (name, colour) in enumerate(zip(series, COLOURS * 3, strict=False)):
            places = [place - 0.4 + height * (number + 0.5) for place in range(len(groups))]
            found = [(p, values.get(name)) for p, values in zip(places, groups.values(), strict=True)]
            known: list[tuple[float, Any]] = [(p, e) for p, e in found if e is not None and e.value is not None]
            axes.barh([p for p, _ in known], [e.value for _, e in known], height=height * 0.9, color=colour, label=name)
            for place, e in known:
                if e.low is not None and e.high is not None:
                    axes.plot([e.low, e.high], [place, place], color="#222", linewidth=0.8)
        if chance is not None:
            axes.axvline(chance, color="#999", linestyle="--", linewidth=0.8)
        axes.set(yticks=range(len(groups)), yticklabels=list(groups), xlim=(0, 1.0))
        axes.invert_yaxis()
    return drawn[0]


def histogram(values: Mapping[str, Sequence[float]], *, title: str, x: str) -> str:
    """How values are spread, one outline per series."""
    with _axes((4.2, 3.0), title, x, "examples") as (axes, drawn):
        for (name, found), colour in zip(values.items(), COLOURS * 3, strict=False):
            axes.hist(list(found), bins=24, color=colour, alpha=0.55, label=name)
    return drawn[0]
