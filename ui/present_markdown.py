"""Answers → Markdown with footnotes. Pure. Articles, questions and claims are text here, never markup."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.types import Answer, Citation
from ui.present import one_line

_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~!])")
_LABELS = {
    "en": ("Not in the archive.", "only partly supported", "withheld: not supported by the articles"),
    "id": ("Tidak ada di arsip.", "hanya didukung sebagian", "tidak ditampilkan: tidak didukung oleh artikel"),
}


def session_markdown(answers: Sequence[Answer], *, title: str = "Kutip") -> str:
    """A conversation: a heading for each question, claims with footnotes, all footnotes at the end."""
    parts = [f"# {escape(title)}"]
    notes: list[str] = []
    for turn, answer in enumerate(answers, 1):
        parts.append(_turn(turn, answer))
        notes += [f"[^{turn}-{citation.id}]: {_source(citation)}" for citation in answer.citations]
    return "\n\n".join([*parts, *(["\n".join(notes)] if notes else [])]) + "\n"


def escape(text: str) -> str:
    """One line of text in which nothing is markup."""
    return _MARKUP.sub(r"\\\1", one_line(text))


def _turn(turn: int, answer: Answer) -> str:
    not_there, in_part, withheld = _LABELS[answer.language]
    lines = [f"## {escape(answer.question)}"]
    if answer.understood:
        lines.append(f"*{escape(answer.understood)}*")
    if answer.degraded:
        lines.append(f"> {escape(answer.degraded)}")
    if answer.abstained:
        lines.append(f"**{not_there}** {escape(answer.reason or '')}")
    for claim in answer.claims:
        marks = "".join(f"[^{turn}-{n}]" for n in claim.citations)
        partly = f" *({in_part})*" if claim.verdict == "partly" else ""
        lines.append(f"{escape(claim.text)}{marks}{partly}")
    if answer.withheld:
        lines.append(f"*{len(answer.withheld)} {withheld}*")
    return "\n\n".join(lines)


def _source(citation: Citation) -> str:
    named = [citation.title or citation.source, citation.publisher, citation.published]
    where = ", ".join(escape(part) for part in named if part)
    return f"{where}: “{escape(citation.quote)}” ({escape(citation.source)}, {citation.start}–{citation.end})"
