from __future__ import annotations

import pytest

from rag.articles.notices import author_in, is_notice, lines


@pytest.mark.parametrize(
    "line",
    [
        "Exit mobile version", "Editor: Budi", "Penulis: Ani Budi, Cici", "Penulis: Ani Budi Editor: Cici",
        "Reporter: Barratut Taqiyyah Rafie | Editor: Barratut Taqiyyah Rafie", "By Jane Doe", "By Jane Doe, Reuters",
        "Oleh: Budi Santoso", "Oleh Budi Santoso", "Laporan Wartawan Tribunnews.com, Budi Santoso",
        "Dilarang mengambil dan/atau menayangkan ulang sebagian atau keseluruhan artikel di atas tanpa seizin redaksi.",
        "Dilarang keras mengutip isi berita tanpa izin redaksi.",
        "Copyright © ANTARA 2023", "© 2023 Kompas",
        "All rights reserved.",
        'Artikel ini telah tayang di Kompas.com dengan judul "Kim". Klik untuk baca: https://x.id',
        "This article was originally published in The Guardian.", "Advertisement", "ADVERTISEMENT", "Iklan",
        "SCROLL TO CONTINUE WITH CONTENT", "Share this article", "Share this:", "Bagikan:", "Bagikan artikel ini",
        "Follow us on Google News", "Ikuti kami di Google News", "Cek Berita dan Artikel yang lain di Google News",
        "Dapatkan update berita pilihan dan breaking news setiap hari dari Kompas.com. Mari gabung di Grup Telegram.",
        "Baca selengkapnya", "Baca selengkapnya di sini", "Selengkapnya >>", "Read more", "Berita Terkait",
        "Related articles:",
        "Halaman selanjutnya", "Page 1 of 3", "Tags: Putin, Kim", "Sumber: Reuters", "Published: 15 Sep 2023 10:30",
        "Jumat, 15 September 2023 | 10:30 WIB", "Kompas.com - 15/09/2023, 10:30 WIB", "15 September 2023",
        "September 15, 2023",
        "[Gambas:Video CNN]", "(adsbygoogle = window.adsbygoogle || []).push({});", "## Kronologi",
        "![foto](a.png)", "---",
        "(dam)", "[lt/ab]", "Subscribe to our newsletter", "Baca Juga Kim Pulang",
    ],
)  # fmt: skip
def test_notices(line: str) -> None:
    assert is_notice(line)


@pytest.mark.parametrize(
    "line",
    [
        "Kim pulang.", "Editor: kami tidak pernah salah memilih berita, kata dia.", "Editor: siapa yang tahu?",
        "Penulis: orang yang menulis buku tentang perang itu", "Penulis buku itu pulang.", "Reporter itu dibunuh.",
        "Copyright law was changed in Indonesia.", "Follow us to the palace, said Putin.",
        "Share prices fell on Monday.",
        "Advertisement spending rose 5 percent.", "Iklan rokok dilarang.",
        "Dilarang mengambil foto di kawasan itu, kata polisi.",
        "By Friday, the leaders had left.", "Ikuti kami dalam perjalanan ini.", "Artikel ini membahas perang.",
        "Sumber: gempa itu berasal dari laut. Demikian kata BMKG.", "Komentar Putin menuai kritik.",
        "Tags were removed.",
        "Page 3 of the book says so.", "Published in 2019, the book sold well.", "Read more books, he said.",
        "Baca Juga dibaca oleh Kim.", "15 September 2023 adalah hari Jumat.", "Berita terkait perang itu benar.",
        "Oleh karena itu Kim pulang.", "Bagikan makanan itu, kata Putin.", "Loading dock workers went on strike.",
        "Kategori itu luas.", "Dapatkan uang dengan bekerja.",
    ],
)  # fmt: skip
def test_prose_that_starts_alike(line: str) -> None:
    assert not is_notice(line)


@pytest.mark.parametrize(
    ("text", "author"),
    [
        ("Reporter: Barratut Taqiyyah Rafie | Editor: Cici", "Barratut Taqiyyah Rafie"),
        ("Kim pulang.\n\nPenulis : Ani Budi, Cici\nEditor: Dedi", "Ani Budi, Cici"), ("Penulis: Ani Editor: Budi",
        "Ani"),
        ("By Jane Doe\n\nKim left.", "Jane Doe"), ("Oleh: Budi Santoso", "Budi Santoso"), ("Pewarta: Ani/Budi",
        "Ani"),
        ("Editor: Budi", None), ("Kim pulang.", None), ("By Friday, they left.", None), ("", None),
        ("Penulis: saya tidak tahu siapa dia, kata Kim.", None),
    ],
)  # fmt: skip
def test_author(text: str, author: str | None) -> None:
    assert author_in(text) == author


def test_lines_have_no_white_space_around() -> None:
    text = "\ufeff  Satu \r\n\r\n\tDua tiga\nE"
    assert [text[start:end] for start, end in lines(text)] == ["Satu", "Dua tiga", "E"]
