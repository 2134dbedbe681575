from __future__ import annotations

import pytest

from rag.language.transliteration import variants


@pytest.mark.parametrize(
    ("english", "indonesian"),
    [
        ("democracy", "demokrasi"),
        ("photography", "fotografi"),
        ("electricity", "elektrisitas"),
        ("culture", "kultur"),
        ("Baltic", "baltik"),
        ("theory", "teori"),
        ("process", "proses"),
        ("philosophy", "filosofi"),
        ("access", "akses"),
    ],
)
def test_loan_words(english: str, indonesian: str) -> None:
    assert indonesian in variants(english)


@pytest.mark.parametrize("word", ["Kim", "2019", "Su-35", ""])
def test_short_words_and_numbers_have_none(word: str) -> None:
    assert variants(word) == ()


def test_the_word_itself_is_not_among_them() -> None:
    assert "putin" not in variants("Putin")
