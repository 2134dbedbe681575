"""Sections → Markdown; plots are on the page only."""

from __future__ import annotations

from collections.abc import Iterable

from evals.report import Grid, Plot, Section


def markdown(sections: Iterable[Section], title: str) -> str:
    """The report as text."""
    parts = [f"# {title}\n"]
    for section in sections:
        parts.append(f"\n## {section.title}\n")
        for part in section.parts:
            if isinstance(part, Grid):
                parts.append(grid(part))
            elif not isinstance(part, Plot):
                parts.append(f"\n{part}\n")
    return "".join(parts)


def grid(table: Grid) -> str:
    """A table; pipes in cells are escaped."""
    lines = [table.head, ("---",) * len(table.head), *table.rows]
    return "\n" + "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines)
