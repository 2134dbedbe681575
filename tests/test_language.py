from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.language.words import (
    common_words,
    detect,
    fold,
    is_stop_word,
    sentences,
    stem,
    stop_words,
    terms,
    tokens,
)
from rag.types import Language


def _split(text: str) -> list[str]:
    return [text[s.start : s.end] for s in sentences(text)]


def test_tokens_are_words_and_numbers_with_their_places() -> None:
    text = "Su-35 senilai 1.500,75 di Jum'at, kata Putin's D’Arc"
    words = list(tokens(text))
    assert [t.text for t in words] == ["Su", "35", "senilai", "1.500,75", "di", "Jum'at", "kata", "Putin", "s", "D’Arc"]
    assert all(text[t.start : t.end] == t.text for t in words)


@pytest.mark.parametrize(
    ("word", "folded"),
    [
        ("Édouard", "edouard"), ("Jum'at", "jumat"), ("Qur’an", "quran"), ("STRASSE", "strasse"),
        ("straße", "strasse"),
        ("1.500", "1500"), ("1,500", "1500"), ("1.500.000", "1500000"), ("3,05", "3.05"), ("3.05", "3.05"),
        ("1.500,75", "1500.75"), ("1,500.75", "1500.75"), ("2023", "2023"),
    ],
)  # fmt: skip
def test_fold(word: str, folded: str) -> None:
    assert fold(word) == folded


def test_stems_meet_across_forms() -> None:
    assert stem("hadiahnya") == stem("hadiah") == "hadiah"
    assert stem("Gifts", "en") == stem("gift", "en") == "gift"


@pytest.mark.parametrize(
    ("text", "language", "question", "expected"),
    [
        ("Hadiah apa saja dari Putin kepada Kim?", "id", True, ["hadiah", "putin", "kim"]),
        ("Putin's gifts and the Kims", "en", False, ["putin", "gift", "kim"]),
        ("What did the US give us?", "en", True, ["us", "give"]),
        ("WHAT GIFTS WERE EXCHANGED", "en", True, ["gift", "exchang"]),
        ("lima drone", "id", False, ["lima", "drone"]),
        ("", "id", False, []),
    ],
)
def test_terms(text: str, language: Language, question: bool, expected: list[str]) -> None:
    assert terms(text, language, question=question) == expected


def test_terms_repeat_as_the_text_repeats() -> None:
    assert terms("hadiah dan hadiah") == ["hadiah", "hadiah"]


def test_stop_words_of_questions_come_on_top() -> None:
    assert "siapa" in stop_words("id", question=True) - stop_words("id")
    assert {"the", "of"} <= stop_words("en")


def test_stop_words_do_not_swallow_answers() -> None:
    carriers = {"lima", "satu", "dua", "ribu", "hari", "tahun", "timur", "utara", "five", "ten", "north"}
    assert not carriers & (stop_words("id", question=True) | stop_words("en", question=True))


def test_acronyms_are_no_stop_words() -> None:
    assert is_stop_word("us", "en")
    assert not is_stop_word("US", "en")


def test_common_words_have_no_country() -> None:
    assert not {"rusia", "russia", "korea", "putin"} & common_words()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("What gifts were exchanged?", "en"), ("Hadiah apa yang dipertukarkan?", "id"), ("gifts exchanged?", "en"),
        ("kapan Kim pulang", "id"), ("Kim hadiah", "id"), ("Putin gift", "en"), ("berapa drone", "id"),
        ("weapons", "en"), ("senjata", "id"), ("drone", "id"), ("Kim Jong Un", "id"), ("glove", "en"),
        ("North Korea", "en"), ("Korea Utara", "id"), ("who", "en"), ("siapa", "id"), ("Moscow", "en"),
        ("Moskow", "id"), ("armoured train", "en"), ("kereta lapis baja", "id"), ("lunch menu", "en"),
        ("menu makan siang", "id"),
        ("sanctions", "en"), ("sanksi", "id"), ("", "id"), ("2019", "id"), ("?!", "id"),
        ("Kapan film The Anthem of the Heart dirilis?", "id"), ("WHERE DID THEY MEET", "en"),
        ("DI MANA MEREKA", "id"),
        ("Siapa sutradara Beauty and the Beast?", "id"), ("Who composed Indonesia Raya?", "en"),
        ("handshakes", "en"), ("kepemimpinannya", "id"), ("spaceflight", "en"), ("penerbangan", "id"),
    ],
)  # fmt: skip
def test_detect(text: str, language: Language) -> None:
    assert detect(text) == language


@pytest.mark.parametrize(
    "text",
    [
        "Anggaran Rp1,5 triliun atau Rp 1.500.000 disiapkan.",
        "Pada Rabu (13/9) jet Su-35 terbang pukul 10.30 WIB.",
        "Drs. H. Ahmad dan Jend. (Purn.) Prabowo hadir.",
        "Lihat No. 5 dan Art. 3 dari PT. X Tbk. itu.",
        "Surat a.n. Budi, S.H., M.Si. tiba.",
        "Prof. Dr. Ir. H. M. Soeharto wafat.",
        "J. K. Rowling dan B.J. Habibie bertemu.",
        "U.S. President Biden met Mr. Putin.",
        "At 5 p.m. Monday the U.S. Senate met on Sept. 17 in St. Petersburg.",
        "Buku, pensil, dll. dibawa pulang.",
        "Nilainya 3.5 atau 3,5.",
        "Ia... pergi … lalu pulang.",
        "Lihat https://www.kompas.com/a.html?b=1.2 di KOMPAS.com sekarang.",
        "“Apa itu?” kata Putin.",
        '"Kami siap." kata Kim.',
        "‘Siap!’ ujarnya.",
        "„Kami siap.“ kata Kim.",
        "»Kami siap.« kata Kim.",
        "1. Senapan buatan Rusia.",
        "Apple Inc. CEO Tim Cook datang.",
        "Kim Jr. datang.",
    ],
)
def test_one_sentence_stays_one(text: str) -> None:
    assert _split(text) == [text]


@pytest.mark.parametrize(
    "parts",
    [
        ["Kim datang.", "Putin pulang!", "Benar?", "Ya."],
        ["PT Telkom Tbk.", "Namun laba naik."],
        ["Ia dari U.S.", "The president left at 5 p.m.", "He slept."],
        ["Buku, pensil, dll.", "Mereka pergi."],
        ["Kata dia.[1]", "Kemudian pulang.[2][3]", "Lalu tidur."],
        ["Dia pergi...", "Lalu pulang."],
        ["“Kami siap.”", "Putin pulang."],
        ["„Kami siap.“", "Putin pulang."],
        ["('Baik.')", "Dia pergi."],
        ["Pada tahun 2019.", "Kemudian 40 orang tewas.", "40 orang lain luka."],
        ["Uang 50 sen.", "Putin datang."],
        ["Vitamin C.", "Namun begitu."],
        ["Dalamnya 500 m.", "Kedalaman itu besar."],
        ["A. Senapan.", "B. Sarung tangan."],
        ["No.", "I do not."],
        ["Ia suka apel.", "„Saya juga,“ kata dia."],
    ],
)
def test_sentences_are_parted(parts: list[str]) -> None:
    assert _split(" ".join(parts)) == parts


def test_a_missing_space_after_a_full_stop_parts_but_not_inside_a_domain() -> None:
    assert _split("Mereka selesai.Kemudian pulang.") == ["Mereka selesai.", "Kemudian pulang."]
    assert _split("Ia membaca tiket.com kemarin.") == ["Ia membaca tiket.com kemarin."]


def test_lines_end_sentences_unless_they_go_on_in_small_letters() -> None:
    assert _split("Judul berita\n\nKim datang\nPutin pulang") == ["Judul berita", "Kim datang", "Putin pulang"]
    assert _split("Kim datang\nke Moskow.") == ["Kim datang\nke Moskow."]
    assert _split("Hadiah:\r\n- senapan\r\n- sarung tangan\r\n") == ["Hadiah:", "- senapan", "- sarung tangan"]


def test_wrapped_lines_are_one_sentence() -> None:
    text = (
        "The leaders of North Korea and Russia met on Wednesday at a\n"
        "spaceport in the far east of Russia, where President\n"
        "Vladimir Putin gave Kim a glove from a space suit. Then\n"
        "Kim gave a rifle to the president of the\n"
        "Russian Federation.\n"
    )
    assert len(_split(text)) == 2


def test_text_without_capitals_is_parted_at_full_stops() -> None:
    assert _split("kim datang. putin pulang.") == ["kim datang.", "putin pulang."]


def test_marks_that_cannot_be_seen_are_left_out() -> None:
    assert _split("\ufeffHalo. \u200bApa kabar?\u200b\n") == ["Halo.", "Apa kabar?"]


def test_a_range_can_be_split_on_its_own() -> None:
    text = "Satu. Dua. Tiga."
    assert [text[s.start : s.end] for s in sentences(text, 6, 10)] == ["Dua."]
    assert sentences("") == []
    assert sentences("  \n ") == []


PARTS = st.sampled_from(
    ["Kim", "kata", "dr", "No", "5", "3,5", ".", "...", "?", "!", "”", '"', "“", "(", ")", "[1]", " ", "  ", "\n",
     "\n\n", "\r\n", "\ufeff", "U.S", "dll", "Tbk", "é", "😀", "a.n", "…", ",", "-"]
)  # fmt: skip


@given(st.lists(PARTS, max_size=40).map("".join) | st.text(max_size=80))
def test_sentences_are_ordered_disjoint_stripped_and_complete(text: str) -> None:
    spans = sentences(text)
    end = 0
    for span in spans:
        assert end <= span.start < span.end <= len(text)
        assert text[span.start : span.end] == text[span.start : span.end].strip()
        assert not any(c.isalnum() for c in text[end : span.start])
        end = span.end
    assert not any(c.isalnum() for c in text[end:])


@given(st.text(max_size=60))
def test_any_text_has_a_language_and_terms(text: str) -> None:
    assert detect(text) in ("id", "en")
    assert all(terms(text)), "no empty term"
    assert [t.text for t in tokens(text)] == [text[t.start : t.end] for t in tokens(text)]


@pytest.mark.parametrize("text", ["." * 300_000, " " * 300_000, '."' * 150_000, "Dr. " * 75_000, "\n" * 300_000])
def test_hostile_text_is_split_in_linear_time(text: str) -> None:
    sentences(text)
