"""The five articles of the checkout: what of them may be quoted, worked out by hand."""

from __future__ import annotations

import pytest

from rag.articles.files import read
from rag.types import Article
from tests.conftest import SEEDS

BYLINE = "Reporter: Barratut Taqiyyah Rafie | Editor: Barratut Taqiyyah Rafie"
UNQUOTABLE = {
    "000_fccb8930a89d7da2": [
        BYLINE,
        "KONTAN.CO.ID - MOSKOW.",
        "Baca Juga: Korea Selatan Peringatkan Korea Utara dan Rusia agar Tidak Melanggar Resolusi PBB",
        "Baca Juga: Vladimir Putin dan Kim Jong Un Saling Tukar Janji Dukungan",
    ],
    "001_10afbb6f50542c20": [
        "Kim Jong Un dan Vladimir Putin Saling Tukar Hadiah Senapan",
        "Kim Jong Un dan Vladimir Putin Saling Tukar Hadiah Senapan - putin kim jong un IP - www.indopos.co.id",
        "Foto: Al Jazeera",
        "INDOPOS.CO.ID –",
        "(dam)",
        "Exit mobile version",
    ],
    "002_19006d3bcdfae894": [
        BYLINE,
        "KONTAN.CO.ID - MOSKOW.",
        "Baca Juga: Kim Jong Un Kunjungi Pabrik Penerbangan Militer di Rusia",
        "Baca Juga: Bertemu Kim Jong Un, Vladimir Putin Memberikan Hadiah Sarung Tangan & Senapan",
    ],
    "003_f435064e29848ece": [
        "Pertemuan Vladimir Putin Dan Kim Jong Un Bahas Masalah Militer Hingga Perang Ukraina",
        "AKURAT.CO,",
        "Baca Juga: 8 Musuh Vladimir Putin Berakhir Tragis, Dipenjara Hingga Mati Misterius",
        "Baca Juga: Korea Utara Luncurkan Kapal Selam Taktis Penyerang Nuklir Baru",
        "Dilarang mengambil dan/atau menayangkan ulang sebagian atau keseluruhan artikel di atas untuk konten akun "
        "media sosial komersil tanpa seizin redaksi.",
    ],
    "004_27c3f9d153454739": [
        "BACA JUGA: Kim Jong Un Bilang kepada Putin: Pererat Hubungan adalah 'Prioritas Nomor Satu'",
        "BACA JUGA: Ditengarai Jalin Kesepakatan soal Jual Beli Senjata, Kim Jong Un Tiba di Rusia",
        "[lt/ab]",
    ],
}  # fmt: skip
METADATA = {  # title, publisher, author, published; sentences
    "000_fccb8930a89d7da2": (None, "KONTAN.CO.ID", "Barratut Taqiyyah Rafie", None, 16),
    "001_10afbb6f50542c20": (UNQUOTABLE["001_10afbb6f50542c20"][0], "INDOPOS.CO.ID", None, "2023-09-15", 26),
    "002_19006d3bcdfae894": (None, "KONTAN.CO.ID", "Barratut Taqiyyah Rafie", "2023-09-17", 18),
    "003_f435064e29848ece": (UNQUOTABLE["003_f435064e29848ece"][0], "AKURAT.CO", None, "2023-09-14", 18),
    "004_27c3f9d153454739": (None, None, None, None, 14),
}


def _quotable(article: Article) -> list[str]:
    return [article.text[s.start : s.end] for s in article.sentences]


def _unquotable(article: Article) -> list[str]:
    """What lies between the quotable sentences, line by line."""
    gaps, end = [], 0
    for start, stop in [*article.sentences, (len(article.text), len(article.text))]:
        gaps += article.text[end:start].split("\n")
        end = stop
    return [line.strip() for line in gaps if line.strip()]


@pytest.fixture(scope="module")
def seeds() -> dict[str, Article]:
    return {a.id: a for a in read([SEEDS]) if isinstance(a, Article)}


@pytest.mark.parametrize("id", UNQUOTABLE)
def test_the_seeds(seeds: dict[str, Article], id: str) -> None:
    article = seeds[id]
    assert article.text == (SEEDS / f"{id}.txt").read_bytes().decode()
    assert article.source == f"seeds/{id}.txt"
    assert article.origin == str(SEEDS / f"{id}.txt")
    assert _unquotable(article) == UNQUOTABLE[id]
    found = (article.title, article.publisher, article.author, article.published, len(article.sentences))
    assert found == METADATA[id]


def test_the_sentences_glued_to_links_are_quotable(seeds: dict[str, Article]) -> None:
    quotable = _quotable(seeds["004_27c3f9d153454739"])
    assert (
        "Sementara Kim mengunjungi Rusia, Korea Utara pada Rabu (13/9) menembakkan dua rudal balistik jarak pendek ke "
        "laut lepas pantai timurnya."
    ) in quotable
    assert any(s.startswith("Kim dan Putin dilaporkan membahas") for s in quotable)
    assert quotable[-1].endswith("pelabuhan Rusia, Vladivostok.")


def test_sentences_after_datelines_and_before_signatures_are_quotable(seeds: dict[str, Article]) -> None:
    assert _quotable(seeds["000_fccb8930a89d7da2"])[0].startswith("Presiden Rusia Vladimir Putin menghadiahkan")
    assert _quotable(seeds["003_f435064e29848ece"])[0].startswith("Pemimpin Korea Utara, Kim Jong Un dan")
    assert _quotable(seeds["001_10afbb6f50542c20"])[-1].endswith("dengan cermat,” katanya.")
