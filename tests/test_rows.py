"""Articles and chunks survive the way into plain rows and back."""

from __future__ import annotations

from dataclasses import replace

from rag.archive.rows import article_of, article_row, chunk_of, chunk_row, pack, unpack
from rag.types import Article, Chunk, Span

ARTICLE = Article(
    id="a", source="x/a.txt", origin="/x/a.txt", text="Satu. Dua.", sha256="00ff", sentences=(Span(0, 5), Span(6, 10))
)
CHUNK = Chunk(
    id="c",
    article_id="a",
    article_sha256="00ff",
    source="x/a.txt",
    start=0,
    end=10,
    text="Satu. Dua.",
    sentences=(Span(0, 5), Span(6, 10)),
)


def test_spans_as_a_string() -> None:
    assert pack(ARTICLE.sentences) == "0-5 6-10"
    assert unpack("0-5 6-10") == ARTICLE.sentences
    assert unpack("") == ()


def test_an_article_comes_back_with_and_without_its_metadata() -> None:
    full = replace(
        ARTICLE, title="T", publisher="P", author="A", published="2023-09-15", url="https://x.id/a", language="id"
    )
    for article in (ARTICLE, full, replace(ARTICLE, sentences=())):
        row = article_row(article)
        assert None not in row.values()
        assert article_of("a", row) == article


def test_a_chunk_comes_back_with_and_without_its_metadata() -> None:
    for chunk in (CHUNK, replace(CHUNK, title="T", publisher="P", published="2023-09-15")):
        row = chunk_row(chunk)
        assert None not in row.values()
        assert chunk_of("c", chunk.text, row) == chunk
