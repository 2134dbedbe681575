from __future__ import annotations

import pytest

from evals.matching import any_form, contains


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("selama 40 detik.", "40 detik"),
        ("menghadiahkannya lima drone", "five"),
        ("five drones", "5 drones"),
        ("1,5 juta orang", "1.5 million"),
        ("pada hari Minggu (17/9/2023).", "17 September"),
        ("pada hari Minggu (17/9/2023).", "Sunday"),
        ("on September 17, 2023", "17 September 2023"),
        ("Kosmodrom Vostochny", "kosmodrom VOSTOCHNY"),
        ("senapan dan sarung tangan kosmonot", "senapan … sarung tangan"),
        ("the fighter Su-35 and", "Su 35"),
        ("café", "cafe"),
    ],
)
def test_stands_in_it(text: str, form: str) -> None:
    assert contains(text, form)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("selama 40 detik", "4 detik"),
        ("selama 140 detik", "40 detik"),
        ("pada 17 September", "7 September"),
        ("sarung tangan dan senapan", "senapan … sarung tangan"),
        ("pemberian", "beri"),
        ("", "x"),
        ("apa pun", "!!!"),
        ("1.500 orang", "15 orang"),
    ],
)
def test_does_not(text: str, form: str) -> None:
    assert not contains(text, form)


def test_the_first_form_found_in_any_text() -> None:
    assert any_form(["Kim memberi senapan", "a glove"], ["glove", "senapan"]) == "glove"
    assert any_form(["Kim"], ["glove"]) is None
    assert any_form([], ["glove"]) is None


def test_a_form_does_not_span_two_texts() -> None:
    assert any_form(["Kim memberi", "senapan kepada Putin"], ["memberi senapan"]) is None
