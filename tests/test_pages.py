from __future__ import annotations

import pytest

from rag.articles.pages import page

BODY = (
    "<p>Presiden Rusia tiba di Moskow pada hari Rabu bersama rombongan yang besar sekali (15/9/2023).</p>"
    "<p>Ia membawa hadiah yang banyak sekali untuk semua orang di kota itu.</p>"
)


def _page(head: str, body: str = BODY, lang: str = "") -> tuple[str, dict[str, str | None]]:
    article = f"<nav><a href='/'>Beranda</a></nav><article>{body}</article><footer>(c) 12 Jan 2021</footer>"
    return page(f"<html{lang}><head>{head}</head><body>{article}</body></html>".encode())


def test_main_text_and_metadata() -> None:
    head = (
        "<title>Putin Tiba | Kompas</title><meta property='og:title' content='Putin Tiba'>"
        "<meta property='og:site_name' content='Kompas.com'><meta name='author' content='Ani Budi'>"
        "<link rel='canonical' href='https://www.kompas.com/x'>"
        "<meta property='article:published_time' content='2023-09-15T10:30:00+07:00'>"
    )
    text, metadata = _page(head, lang=" lang='id-ID'")
    assert text.startswith("Presiden Rusia tiba")
    assert "Beranda" not in text
    assert metadata == {
        "title": "Putin Tiba", "author": "Ani Budi", "publisher": "Kompas.com", "url": "https://www.kompas.com/x",
        "published": "2023-09-15", "language": "id",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("head", "published"),
    [
        ("", None), ("<meta name='pubdate' content='2023/09/15 10:30:00'>", "2023-09-15"),
        ("<meta itemprop='datePublished' content='2023-09-15'>", "2023-09-15"),
        ('<script type="application/ld+json">{"datePublished": "2023-09-15T01:02:03Z"}</script>', "2023-09-15"),
        ("<meta name='pubdate' content='2023-13-45'><meta name='date' content='2023-09-15'>", "2023-09-15"),
        ("<meta name='pubdate' content='kemarin'>", None),
        ("<link rel='canonical' href='https://www.kompas.com/2023/09/14/x'>", None),
    ],
)  # fmt: skip
def test_the_day_is_never_guessed(head: str, published: str | None) -> None:
    assert _page(head)[1]["published"] == published


def test_a_page_without_a_main_part_gives_all_its_text() -> None:
    text, metadata = page(b"<html><body><div>Kim</div></body></html>")
    assert text.strip() == "Kim"
    assert metadata["title"] is None


@pytest.mark.parametrize("data", [b"", b"   \n", b"\x00\x01\x02"])
def test_what_is_no_page(data: bytes) -> None:
    with pytest.raises(ValueError, match="expected an HTML page, saw none"):
        page(data)
