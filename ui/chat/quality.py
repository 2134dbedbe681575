"""The latest evaluation report: where it is, its headline numbers, and the page that shows it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from starlette.responses import HTMLResponse, Response

from rag.settings import Settings
from ui.api.service import Service
from ui.chat.addresses import REPORT
from ui.chat.calls import Caller, JsonObject, Served, served

BUNDLED = Path(__file__).parents[2] / "evals" / "reports" / "keyless.html"
"""The report of a checkout; not there in an installed wheel."""
HEADLINE = (
    "Recall@5", "Evidence recall", "Answer correctness", "Quotes verbatim", "Citation precision", "Abstention recall",
    "Wrongly abstained", "Latency (ms)",
)  # fmt: skip
"""Metrics that are told beside the report, in this order."""

_CSP = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'"
)
_TABLE = re.compile(r"^## Results on (?P<split>\w+)\n\n\|(?P<head>[^\n]*)\n\|[ |:-]*\n(?P<rows>(?:\|[^\n]*\n)+)", re.M)
_MEASURED = re.compile(r"^Run \w+, measured (?P<day>\d{4}-\d\d-\d\d): ", re.M)
_VALUE = re.compile(r"(?P<value>-?[\d.]+)(?: \[(?P<low>-?[\d.]+), (?P<high>-?[\d.]+)\])?")


def report_file(settings: Settings) -> Path | None:
    """The report's page; None when there is none."""
    page = settings.report or BUNDLED
    return page if page.is_file() else None


def report(service: Service) -> Served:
    """The report's address and headline."""

    async def report(_: Any, caller: Caller) -> JsonObject:
        return await service.blocking(lambda: _report(report_file(service.engine.settings)))

    return served("report", report)


def _report(page: Path | None) -> JsonObject:
    if page is None:
        return {"url": None, "created": None, "headline": []}
    beside = page.with_suffix(".md")
    written = beside.read_text("utf-8") if beside.is_file() else ""
    measured = _MEASURED.search(written)
    return {"url": REPORT[1:], "created": measured["day"] if measured else None, **headline(written)}


def headline(markdown: str) -> JsonObject:
    """The first answerer's numbers on the part that was kept for testing, or else on the last part there is.

    Args:
        markdown: a report as ``kutip eval report`` writes it.
    """
    tables = {match["split"]: match for match in _TABLE.finditer(markdown)}
    if not tables:
        return {"split": None, "answerer": None, "headline": []}
    split = "test" if "test" in tables else list(tables)[-1]
    rows = {cells[0]: cells for cells in map(_cells, tables[split]["rows"].splitlines())}
    found = (next((row for name, row in rows.items() if name.startswith(wanted)), None) for wanted in HEADLINE)
    shown = [_figure(name, row) for name, row in zip(HEADLINE, found, strict=True) if row is not None]
    return {"split": split, "answerer": _cells(tables[split]["head"])[2], "headline": [f for f in shown if f]}


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def _figure(name: str, cells: list[str]) -> JsonObject | None:
    """A metric of a row; None when there was nothing to measure."""
    seen = _VALUE.match(cells[2]) if len(cells) > 2 else None
    if seen is None:
        return None
    interval = [float(seen["low"]), float(seen["high"])] if seen["low"] else None
    return {"name": name, "value": float(seen["value"]), "interval": interval, "n": int(cells[1])}


def routes(service: Service) -> APIRouter:
    """The route of the report."""
    router = APIRouter()

    @router.get(REPORT, include_in_schema=False)
    async def page() -> Response:
        found = report_file(service.engine.settings)
        if found is None:
            return HTMLResponse("<!doctype html><title>Kutip</title><p>There is no report.", 404, _headers())
        return HTMLResponse(await service.blocking(found.read_bytes), headers=_headers())

    return router


def _headers() -> dict[str, str]:
    return {"Content-Security-Policy": _CSP, "Cache-Control": "no-store"}
