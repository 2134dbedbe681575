from __future__ import annotations

from rag.finding.views import CLASSES, content, opens_with_contrast, opens_with_pronoun, view
from rag.types import Chunk, Span


def chunk_of(*sentences: str, id: str = "a", title: str | None = None) -> Chunk:
    """A chunk of sentences with a space between."""
    spans, at = [], 0
    for sentence in sentences:
        spans.append(Span(at, at + len(sentence)))
        at += len(sentence) + 1
    text = " ".join(sentences)
    return Chunk(
        id=id,
        article_id=id,
        article_sha256="",
        source=id,
        start=0,
        end=len(text),
        text=text,
        sentences=tuple(spans),
        title=title,
    )


def flagged(name: str, *sentences: str) -> list[str]:
    looked = view(chunk_of(*sentences))
    return [word for word, row in zip(looked.words, looked.classes.tolist(), strict=True) if row & CLASSES[name]]


def test_words_and_sentences() -> None:
    looked = view(chunk_of("Kim bertemu Putin.", "Putin menulis."))
    assert looked.words == ("kim", "bertemu", "putin", "putin", "menulis")
    assert looked.stems[1] == "temu"
    assert looked.starts.tolist() == [0, 3]
    assert looked.sentence.tolist() == [0, 0, 0, 1, 1]


def test_a_sentence_opening_capital_counts_with_another_one_only() -> None:
    assert flagged("capital", "Presiden Vladimir Putin tiba.", "Kereta berhenti.") == ["presiden", "vladimir", "putin"]


def test_classes_of_words() -> None:
    assert flagged("year", "Pada 25 April 2019 ada 4500 orang.") == ["2019"]
    assert flagged("number", "Ada lima drone dan 2 rompi.") == ["lima", "2"]
    assert flagged("calendar", "Pada Rabu 13 September.") == ["rabu", "september"]
    assert flagged("after_place", "Ia tiba di Vladivostok dari Sochi.") == ["vladivostok", "sochi"]
    assert flagged("defining", "Pelmeni adalah pangsit.") == ["adalah"]


def test_a_sentence_without_words_has_a_place_all_the_same() -> None:
    assert view(chunk_of("...", "Ada.")).starts.tolist() == [0, 1]


def test_sentences_that_point_back() -> None:
    assert opens_with_pronoun("Ia menambahkan hal itu.")
    assert opens_with_pronoun("“Sebagai imbalannya, Kim memberi senjata.")
    assert not opens_with_pronoun("Putin memberi Kim senapan.")
    assert not opens_with_pronoun("...")


def test_sentences_that_take_back_the_one_before() -> None:
    assert opens_with_contrast("Namun kunjungan itu batal.")
    assert opens_with_contrast("“Akan tetapi, ia pulang.”")
    assert opens_with_contrast("However, it was cancelled.")
    assert not opens_with_contrast("Akan ada tetapi tidak banyak.")
    assert not opens_with_contrast("...")


def test_content_is_stems_without_function_words() -> None:
    assert content("Kim memberikan senapan kepada Putin") == content("Putin diberi senapan oleh Kim")


def test_things_of_an_enumeration() -> None:
    def items(sentence: str) -> int:
        return int(view(chunk_of(sentence)).items[0])

    assert items("Ia membawa lima ton beras, 800 selimut, dan 50 tenda.") == 3
    assert items("Ia membawa ransel, buku dan pensil.") == 3
    assert items("Beras dan selimut datang.") == 0
    assert items(f"Ia pulang {'lewat jalan yang masih tertutup lumpur ' * 2}, dan ibunya pulang.") == 0
