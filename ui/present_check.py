"""Checked sentences → a table for a terminal, plain JSON types, Markdown. Pure.

The checked text and the articles are untrusted: control characters are made visible, markup is escaped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from rich.text import Text

from rag.types import Citation
from rag.verifying.checking import CheckedSentence, Outcome
from ui.present import one_line
from ui.present_markdown import escape

_MARKS: dict[Outcome, tuple[str, str]] = {
    "supported": ("✓", "green"),
    "partly": ("~", "yellow"),
    "contradicted": ("✗", "bold red"),
    "not found": ("?", "magenta"),
    "not checked": ("·", "dim"),
}


def check_text_table(checked: Sequence[CheckedSentence]) -> Text:
    """One block a sentence: its verdict, the sentence, what does not match, the evidence; a count at the end."""
    out = Text()
    for sentence in checked:
        mark, style = _MARKS[sentence.verdict]
        out.append(f"{mark} {sentence.verdict:<12}", style=style)
        out.append(f" {one_line(sentence.text)}\n")
        for problem in sentence.problems:
            out.append(f"    {one_line(problem)}\n", style="yellow")
        for citation in sentence.evidence:
            out.append(f"    “{one_line(citation.quote)}”\n")
            out.append(f"    {_place(citation)}\n", style="dim")
    out.append(summary(checked) + "\n", style="bold")
    return out


def summary(checked: Sequence[CheckedSentence]) -> str:
    """``3 sentences: 2 supported, 1 contradicted``."""
    counts = Counter(sentence.verdict for sentence in checked)
    told = ", ".join(f"{counts[verdict]} {verdict}" for verdict in _MARKS if counts[verdict])
    return f"{len(checked)} sentence{'' if len(checked) == 1 else 's'}: {told}"


def check_object(checked: Sequence[CheckedSentence]) -> dict[str, Any]:
    """Plain JSON types; ``evidence[].quote`` is the article's ``[start:end]``."""
    counts = Counter(sentence.verdict for sentence in checked)
    return {
        "schema": 1,
        "counts": {verdict: counts[verdict] for verdict in _MARKS},
        "sentences": [
            {
                "text": s.text,
                "start": s.start,
                "end": s.end,
                "verdict": s.verdict,
                "score": round(s.score, 4),
                "problems": list(s.problems),
                "evidence": [_citation(c) for c in s.evidence],
            }
            for s in checked
        ],
    }


def check_markdown(checked: Sequence[CheckedSentence]) -> str:
    """A table with a row for each sentence, evidence as footnotes."""
    lines = [f"**{summary(checked)}**", "", "| | sentence | verdict |", "|---|---|---|"]
    notes: list[str] = []
    for number, sentence in enumerate(checked, 1):
        marks = "".join(f"[^{number}-{c.id}]" for c in sentence.evidence)
        why = "".join(f"<br>{escape(p)}" for p in sentence.problems)
        mark = _MARKS[sentence.verdict][0]
        lines.append(f"| {mark} | {escape(sentence.text)}{marks} | {sentence.verdict}{why} |")
        notes += [f"[^{number}-{c.id}]: “{escape(c.quote)}” ({escape(_place(c))})" for c in sentence.evidence]
    return "\n".join([*lines, "", *notes]).rstrip() + "\n"


def _place(citation: Citation) -> str:
    named = [citation.title, citation.publisher, citation.published, citation.source]
    return ", ".join(one_line(part) for part in named if part) + f", {citation.start}–{citation.end}"


def _citation(citation: Citation) -> dict[str, Any]:
    return {
        "article_id": citation.article_id,
        "source": citation.source,
        "title": citation.title,
        "quote": citation.quote,
        "start": citation.start,
        "end": citation.end,
    }
