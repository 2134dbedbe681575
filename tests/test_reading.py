from __future__ import annotations

import pytest

from rag.answering.reading import leaves_speaker_unnamed, readable
from tests.test_views import chunk_of


def quoted(number: int, *sentences: str) -> str:
    chunk = chunk_of(*sentences)
    start, end = readable(chunk, number)
    return chunk.text[start:end]


def test_a_sentence_that_stands_for_itself_is_quoted_alone() -> None:
    assert quoted(1, "Hujan turun.", "Kim tiba.", "Putin pergi.") == "Kim tiba."


def test_a_pronoun_brings_the_sentence_before() -> None:
    assert quoted(1, "Kim tiba.", "Ia lalu makan.") == "Kim tiba. Ia lalu makan."


def test_words_of_somebody_bring_the_sentence_that_names_him() -> None:
    said = ("Bupati Sari menolak.", '"Kami rugi," katanya.', '"Warga pun rugi," tutur dia.', "Pasar tutup.")
    assert quoted(1, *said) == " ".join(said[:2])
    assert quoted(2, *said) == " ".join(said[:3])
    assert quoted(3, *said) == said[3]


def test_no_more_than_two_sentences_before() -> None:
    said = ("Bupati Sari menolak.", "Ia marah.", "Ia pergi.", '"Rugi," ujarnya.')
    assert quoted(3, *said) == " ".join(said[1:])


def test_what_is_taken_back_comes_with_what_takes_it_back() -> None:
    assert quoted(0, "Kim akan datang.", "Namun, ia batal.") == "Kim akan datang. Namun, ia batal."


@pytest.mark.parametrize("text", ['"Rugi," katanya.', '"Rugi," ujar dia.', "Menurut dia, itu rugi.", '"No," she said.'])
def test_a_speaker_without_name(text: str) -> None:
    assert leaves_speaker_unnamed(text)


@pytest.mark.parametrize("text", ['"Rugi," kata Sari.', "Katedral itu tua.", "Namanya Sari.", "She left."])
def test_no_speaker_or_a_named_one(text: str) -> None:
    assert not leaves_speaker_unnamed(text)
