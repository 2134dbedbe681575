"""Answer → text for a terminal. Pure: no input, no output, no settings.

Articles, questions and model output are untrusted: control characters are made visible before they reach a terminal.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Literal

from rich.text import Text

from rag.types import Answer, Article, Citation, Claim, Hit

_LABELS = {
    "en": {
        "abstained": "Not in the archive.",
        "sources": "Sources",
        "nearest": "Nearest passages",
        "characters": "characters",
        "partly": "only partly supported",
        "withheld": "{} statements withheld: not supported by the articles.",
        "withheld_one": "1 statement withheld: not supported by the articles.",
    },
    "id": {
        "abstained": "Tidak ada di arsip.",
        "sources": "Sumber",
        "nearest": "Kutipan terdekat",
        "characters": "karakter",
        "partly": "hanya didukung sebagian",
        "withheld": "{} pernyataan tidak ditampilkan: tidak didukung oleh artikel.",
        "withheld_one": "1 pernyataan tidak ditampilkan: tidak didukung oleh artikel.",
    },
}
_KEPT_CONTROLS = {"\n", "\t"}
_BIDI = set("\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff")


def clean(text: str) -> str:
    """Text that cannot steer a terminal or reorder a line: control and bidirectional characters become U+FFFD."""
    return "".join(
        "\ufffd" if c in _BIDI or (unicodedata.category(c) == "Cc" and c not in _KEPT_CONTROLS) else c for c in text
    )


def one_line(text: str) -> str:
    """Cleaned text with runs of white space folded, for lists and quotes."""
    return clean(" ".join(text.split()))


def answer_text(answer: Answer, *, show_withheld: bool = False) -> Text:
    """The answer, then its numbered sources; an abstention, then the nearest passages."""
    out = note_text(answer)
    for claim in answer.claims:
        out.append_text(claim_text(claim, answer))
    return out.append_text(rest_text(answer, show_withheld=show_withheld))


def note_text(answer: Answer) -> Text:
    """What is to be known before reading: that a lesser answerer stepped in."""
    return Text(f"{one_line(answer.degraded)}\n\n", style="yellow") if answer.degraded else Text()


def claim_text(claim: Claim, answer: Answer) -> Text:
    """One claim with its markers, and a mark when it is only partly supported."""
    out = Text(one_line(claim.text) + " ")
    out.append("".join(f"[{n}]" for n in claim.citations), style="bold cyan")
    if claim.verdict == "partly":
        out.append(f" ({_LABELS[answer.language]['partly']}{_problems(claim)})", style="yellow")
    return out.append("\n\n")


def rest_text(answer: Answer, *, show_withheld: bool = False) -> Text:
    """What follows the claims: how many were withheld, and the sources; or the abstention."""
    labels = _LABELS[answer.language]
    out = _abstention(answer) if answer.abstained else Text()
    if answer.withheld:
        count = len(answer.withheld)
        told = labels["withheld_one"] if count == 1 else labels["withheld"].format(count)
        out.append("\n" if answer.abstained else "").append(told + "\n", style="yellow")
        for claim in answer.withheld if show_withheld else ():
            out.append("  ✗ ").append(one_line(claim.text), style="strike dim").append(f"{_problems(claim)}\n")
        out.append("" if answer.abstained else "\n")
    if answer.citations:
        out.append(labels["sources"] + "\n", style="bold")
    for citation in answer.citations:
        out.append_text(_source(citation, labels["characters"]))
    return out


def _problems(claim: Claim) -> str:
    return "".join(f"; {one_line(problem)}" for problem in claim.problems)


def _abstention(answer: Answer) -> Text:
    labels = _LABELS[answer.language]
    out = Text()
    out.append(labels["abstained"], style="bold yellow")
    out.append(f" {one_line(answer.reason or '')}\n")
    if answer.nearest:
        out.append(f"\n{labels['nearest']}\n", style="bold")
        for hit in answer.nearest:
            out.append_text(hit_text(hit, "-"))
    return out


def _source(citation: Citation, unit: str) -> Text:
    out = Text()
    out.append(f"[{citation.id}] ", style="bold cyan")
    named = [citation.title or citation.source, citation.publisher, citation.published]
    out.append(", ".join(one_line(part) for part in named if part) + "\n")
    out.append(f"    “{one_line(citation.quote)}”\n")
    out.append(f"    {one_line(citation.source)}, {unit} {citation.start}–{citation.end}\n", style="dim")
    return out


def hit_text(hit: Hit, mark: str) -> Text:
    """One found passage with where it stands."""
    chunk = hit.chunk
    out = Text()
    out.append(f"{mark} ", style="bold cyan")
    out.append(f"{one_line(chunk.title or chunk.source)}\n")
    out.append(f"    {one_line(chunk.text)}\n")
    out.append(f"    {one_line(chunk.source)}, {chunk.start}–{chunk.end}, score {hit.score:.3f}\n", style="dim")
    return out


def hits_text(hits: Sequence[Hit]) -> Text:
    """Found passages, best first."""
    return Text().join(hit_text(hit, f"{rank}.") for rank, hit in enumerate(hits, 1))


ArticleField = Literal["id", "source", "title", "publisher", "author", "published", "url", "language"]
ARTICLE_FIELDS: tuple[ArticleField, ...] = (
    "id",
    "source",
    "title",
    "publisher",
    "author",
    "published",
    "url",
    "language",
)


def article_object(article: Article) -> dict[str, str | int | None]:
    """An article's metadata as plain JSON types."""
    fields: dict[str, str | int | None] = {name: getattr(article, name) for name in ARTICLE_FIELDS}
    return fields | {"characters": len(article.text)}


def articles_text(articles: Sequence[Article]) -> Text:
    """One line per article."""
    out = Text()
    for article in articles:
        out.append(one_line(article.id), style="bold")
        named = [article.title, article.publisher, article.published, article.source]
        out.append("  " + " · ".join(one_line(part) for part in named if part) + "\n")
    return out
