from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.proper_names import name_key, names


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Melansir Fox News, Kim bertemu Putin.", ["Fox News", "Kim", "Putin"]),
        ("Putin's gifts to Kim Jong-un's daughter. The Kremlin said so.", ["Putin", "Kim Jong-un", "Kremlin"]),
        ("Osama bin Laden dan Ursula von der Leyen bertemu.", ["Osama bin Laden", "Ursula von der Leyen"]),
        ("Pada Rabu, Imam al-Ghazali pergi ke Komsomolsk-on-Amur.", ["Imam al-Ghazali", "Komsomolsk-on-Amur"]),
        ("“Kami siap,” kata Peskov. “Di Rusia,” katanya.", ["Peskov", "Rusia"]),
        ("B.J. Habibie membeli Su-35.", ["B.J. Habibie", "Su-35"]), ("What did the US give?", ["US"]),
        ("Who is Joko Widodo?", ["Joko Widodo"]), ("WHO GAVE IT", []), ("", []), ("hadiah itu", []),
        ("Putin pulang. Hadiah itu besar.", ["Putin"]), ("Senapan. Ia suka Senapan.", ["Senapan", "Senapan"]),
        ("Pada September itu ia ke Rusia", ["Rusia"]),
    ],
)  # fmt: skip
def test_names(text: str, expected: list[str]) -> None:
    found = names(text)
    assert [n.text for n in found] == expected
    assert all(text[n.start : n.end] == n.text for n in found)


def test_more_common_words_can_be_given() -> None:
    assert [n.text for n in names("Vila itu hitam.")] == ["Vila"]
    assert names("Vila itu hitam.", common={"vila"}) == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kim Jong-un", "Kim Jong Un"), ("Moskow", "Moskwa"), ("Moskow", "Moscow"), ("Zelensky", "Zelenskyy"),
        ("Zelensky", "Zelenskiy"), ("Soekarno", "Sukarno"), ("Djakarta", "Jakarta"), ("Putin's", "Putin"),
        ("Mohammed", "Muhammad"), ("Lavrov", "Lavrow"), ("Vladimir", "Wladimir"), ("Qatar", "Katar"),
        ("The Telegraph", "Telegraph"), ("Jum'at", "Jumat"), ("Erdoğan", "Erdogan"), ("Sergei", "Sergey"),
        ("Alexander", "Aleksander"), ("Vostochny", "Vostochniy"), ("KIM", "Kim"),
    ],
)  # fmt: skip
def test_spellings_of_one_name(one: str, other: str) -> None:
    assert name_key(one) == name_key(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [("Kim Jong-un", "Kim Jong-il"), ("Putin", "Putri"), ("Kim", "Kin"), ("Tiongkok", "Cina"), ("Rusia", "Rusi"),
     ("Korea Utara", "Korea Selatan"), ("The", "Thea")],
)  # fmt: skip
def test_names_that_differ(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


@given(st.text(max_size=60))
def test_any_text_gives_names_inside_it(text: str) -> None:
    for name in names(text):
        assert text[name.start : name.end] == name.text
        assert name_key(name.text) == name_key(name.text.upper()) or not name.text.isascii()
