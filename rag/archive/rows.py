"""Articles and chunks as rows of the store, and back: plain values only, as a vector store's metadata allows them.

A row's metadata holds strings and whole numbers; a field that is None is left out, because None is not storable.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rag.types import Article, Chunk, Span

Value = str | int | float | bool
Row = dict[str, Value]

_OPTIONAL_OF_CHUNK = ("title", "publisher", "published")
_OPTIONAL_OF_ARTICLE = (*_OPTIONAL_OF_CHUNK, "author", "url", "language")


def pack(spans: Iterable[Span]) -> str:
    """Spans as one string: ``"0-45 46-100"``."""
    return " ".join(f"{start}-{end}" for start, end in spans)


def unpack(packed: str) -> tuple[Span, ...]:
    """The spans of `pack`."""
    return tuple(Span(int(start), int(end)) for start, _, end in (part.partition("-") for part in packed.split()))


def chunk_row(chunk: Chunk) -> Row:
    """Metadata of a chunk; its text is the row's document."""
    return {
        "article_id": chunk.article_id,
        "article_sha256": chunk.article_sha256,
        "source": chunk.source,
        "start": chunk.start,
        "end": chunk.end,
        "sentences": pack(chunk.sentences),
        **_given(chunk, _OPTIONAL_OF_CHUNK),
    }


def chunk_of(id: str, text: str, row: Mapping[str, Value]) -> Chunk:
    """The chunk of a row."""
    return Chunk(
        id=id,
        article_id=str(row["article_id"]),
        article_sha256=str(row["article_sha256"]),
        source=str(row["source"]),
        start=int(row["start"]),
        end=int(row["end"]),
        text=text,
        sentences=unpack(str(row["sentences"])),
        **_taken(row, _OPTIONAL_OF_CHUNK),
    )


def article_row(article: Article) -> Row:
    """Metadata of an article, its text included: a document would be indexed a second time for substring search."""
    return {
        "sha256": article.sha256,
        "source": article.source,
        "origin": article.origin,
        "text": article.text,
        "sentences": pack(article.sentences),
        **_given(article, _OPTIONAL_OF_ARTICLE),
    }


def article_of(id: str, row: Mapping[str, Value]) -> Article:
    """The article of a row."""
    return Article(
        id=id,
        source=str(row["source"]),
        origin=str(row["origin"]),
        text=str(row["text"]),
        sha256=str(row["sha256"]),
        sentences=unpack(str(row["sentences"])),
        **_taken(row, _OPTIONAL_OF_ARTICLE),
    )


def _given(record: Article | Chunk, names: Iterable[str]) -> Row:
    values = ((name, getattr(record, name)) for name in names)
    return {name: value for name, value in values if value is not None}


def _taken(row: Mapping[str, Value], names: Iterable[str]) -> dict[str, str]:
    return {name: str(row[name]) for name in names if name in row}
