from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.articles.boilerplate import boilerplate


def _found(text: str) -> list[str]:
    return [text[span.start : span.end] for span in boilerplate(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Presiden tiba. Lihat juga: Kim Pulang Hari Ini", ["Lihat juga: Kim Pulang Hari Ini"]),
        ("Simak juga: Kim Pulang", ["Simak juga: Kim Pulang"]),
        ("Read also: Putin gives Kim a rifle", ["Read also: Putin gives Kim a rifle"]),
        ("Pilihan Editor: Kim Pulang", ["Pilihan Editor: Kim Pulang"]),
        ("Baca: Kim Pulang ke Pyongyang", ["Baca: Kim Pulang ke Pyongyang"]),
        ("Baca Juga Kim Jong Un Pulang", ["Baca Juga Kim Jong Un Pulang"]),
        ("Presiden tiba. (Baca juga: Kim Pulang) Ia lalu pergi.", ["(Baca juga: Kim Pulang)"]),
        ("Presiden tiba. [BACA JUGA: Kim Pulang", ["[BACA JUGA: Kim Pulang"]),
        ("Putin pulang.Baca Juga: Kim Pergi", ["Baca Juga: Kim Pergi"]),
        ("Baca Juga: Putin Menang! Ini Kata Kim", ["Baca Juga: Putin Menang! Ini Kata Kim"]),
        ("Related stories: Kim leaves", ["Related stories: Kim leaves"]),
    ],
)
def test_links_to_other_articles(text: str, expected: list[str]) -> None:
    assert _found(text) == expected


PROSE = "Kim dan Putin dilaporkan membahas kerja sama di kota itu."


@pytest.mark.parametrize(
    "link",
    [
        "BACA JUGA: Kim Jong Un: Hubungan adalah 'Prioritas Nomor Satu'",
        "BACA JUGA: Kim Jong Un Tiba di Rusia",
        "Baca juga: Kim Tiba pada 2023",
        "Baca Juga: Cara Pakai WhatsApp di Rusia",
        "Baca Juga: McDonald Tutup di Rusia",
        "Baca Juga: Judul Berita.",
        "Baca Juga: Kim: “Kami Siap”",
        "Read also: Kim arrives (again)",
    ],
)
@pytest.mark.parametrize("opening", ["", "Presiden tiba di kota pelabuhan itu. "])
def test_news_glued_to_a_link_stays(link: str, opening: str) -> None:
    assert _found(opening + link + PROSE) == [link]


def test_news_after_a_link_and_a_full_stop_stays() -> None:
    assert _found(f"BACA JUGA: Putin Datang. {PROSE}") == ["BACA JUGA: Putin Datang."]
    assert _found("BACA JUGA: Putin Datang. Kim Senang") == ["BACA JUGA: Putin Datang. Kim Senang"]


def test_two_links_in_a_line() -> None:
    text = f"Baca Juga: Kim Pulang{PROSE} Baca Juga: Putin Pulang"
    assert _found(text) == ["Baca Juga: Kim Pulang", "Baca Juga: Putin Pulang"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Baca juga:\nKim Pulang ke Korea\n\nPresiden tiba di Moskow.", ["Baca juga:\nKim Pulang ke Korea"]),
        ("Baca juga:\n\nKim Pulang\nPutin Pergi\nPresiden tiba.", ["Baca juga:\n\nKim Pulang\nPutin Pergi"]),
        ("Baca juga:\nPresiden tiba di Moskow.", ["Baca juga:"]),
        ("Baca juga:", ["Baca juga:"]),
    ],
)
def test_headlines_below_a_bare_link(text: str, expected: list[str]) -> None:
    assert _found(text) == expected


@pytest.mark.parametrize(
    ("text", "tail"),
    [
        ("Presiden tiba. (dam)", "(dam)"), ("Kota pelabuhan, Vladivostok. [lt/ab]", "[lt/ab]"),
        ("“Siap,” katanya. (mdk/ray)", "(mdk/ray)"), ("Kata Putin, “Kami siap.” (Ant)", "(Ant)"),
        ("Presiden tiba. (dam) (red)", "(dam) (red)"), ("Presiden tiba. ***", "***"), ("Presiden tiba. (*)", "(*)"),
        ("Presiden tiba. Foto: Al Jazeera", "Foto: Al Jazeera"), ("Presiden tiba. (Foto: Reuters)",
        "(Foto: Reuters)"),
        ("Presiden tiba (ANTARA FOTO/Budi Santoso)", "(ANTARA FOTO/Budi Santoso)"),
        ("Presiden tiba. (Foto: Reuters) (dam)", "(Foto: Reuters) (dam)"),
        ("Presiden tiba. - putin kim IP - www.indopos.co.id", "- putin kim IP - www.indopos.co.id"),
        ("Presiden tiba. putin-kim.jpg", "putin-kim.jpg"),
    ],
)  # fmt: skip
def test_what_trails_a_line(text: str, tail: str) -> None:
    assert _found(f"{text}\r\nKim pulang.") == [tail]


@pytest.mark.parametrize(
    "line",
    [
        "Presiden Datang - putin kim IP - www.indopos.co.id", "putin-kim_2.jpg", "Foto: Al Jazeera",
        "Photo: Getty Images",
        "Exit mobile version", "Reporter: Ani Budi | Editor: Cici", "# Judul", "***", "(dam)",
    ],
)  # fmt: skip
def test_whole_lines(line: str) -> None:
    assert _found(f"Kim tiba.\n{line}\nKim pulang.") == [line]


@pytest.mark.parametrize(
    "text",
    [
        "Presiden menulis: baca juga kitab itu.", "Mereka juga mencoba mengembangkan (program) antariksa.",
        "Kim bertemu Putin (Rusia).", "Kata dia (pbb) benar.",
        "Foto: Putin memberikan senapan kepada Kim pada hari Rabu.",
        "Foto: Putin memberikan senapan. Kim tersenyum.", "Kim Jong Un: Baca kitab itu.", "Lihat: itu benar.",
        "Ia bekerja di Komsomolsk-on-Amur - kota di timur - sejak 2019.", "Lihat situs www.kremlin.ru", "Ini a.jpg.",
        "Ia menulis surat: lihat juga lampirannya.", "Baca: kitab itu tebal.", "Kelompok itu (G20) bertemu di Bali",
        "Mereka bertanya, “Siapa (dia)?”",
    ],
)  # fmt: skip
def test_prose_that_looks_alike_stays(text: str) -> None:
    assert _found(text) == []
    assert _found(f"Kim tiba.\n{text}\nKim pulang.") == []


def test_front_matter_of_markdown() -> None:
    assert _found("---\ntitle: Judul\ntags:\n  - satu\n---\nKim tiba.") == ["---\ntitle: Judul\ntags:\n  - satu\n---"]


def test_a_dateline_is_left_out_and_its_sentence_stays() -> None:
    assert _found("KONTAN.CO.ID - MOSKOW. Presiden tiba.\nKONTAN.CO.ID - MOSKOW. Lagi.") == ["KONTAN.CO.ID - MOSKOW."]
    assert _found("KOMPAS.com - Kim tiba. (dam)") == ["KOMPAS.com -", "(dam)"]


PIECES = st.sampled_from(
    ["Baca Juga: ", "BACA JUGA: ", "Kim Pulang", "Putin", "kata dia", ". ", ".", "\n", "\n\n", "\r\n", "(dam)",
    "[lt/ab]",
     "Foto: AP", "Exit mobile version", "Reporter: Ani", "KOMPAS.com - ", "Jakarta - ", " - www.a.id", "“", "”",
     "'", "(",
     ")", "---\n", "# ", "\ufeff", " ", "Baca: ", "Editor:", "www."]
)  # fmt: skip


@given(st.lists(PIECES, max_size=30).map("".join) | st.text(max_size=60))
def test_spans_are_ordered_disjoint_and_stripped(text: str) -> None:
    end = 0
    for span in boilerplate(text):
        assert end <= span.start < span.end <= len(text)
        assert text[span.start : span.end] == text[span.start : span.end].strip()
        end = span.end
