from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.articles.boilerplate import boilerplate
from rag.articles.chunking import BUDGET, chunk
from rag.articles.files import make_article, read
from rag.types import Article, Chunk
from tests.conftest import SEEDS


def _words(text: str) -> int:
    return len(text.split())


def _article(text: str, id: str = "a") -> Article:
    return make_article(id=id, source="s/a.txt", origin="/s/a.txt", text=text)


def _texts(article: Article, *, budget: int, overlap: int = 1) -> list[str]:
    return [c.text for c in chunk(article, count_tokens=_words, budget=budget, overlap=overlap)]


FOUR = "Satu dua tiga. Empat lima enam. Tujuh delapan sembilan. Sepuluh sebelas belas."


@pytest.mark.parametrize(
    ("budget", "overlap", "expected"),
    [
        (12, 1, [FOUR]),
        (6, 0, ["Satu dua tiga. Empat lima enam.", "Tujuh delapan sembilan. Sepuluh sebelas belas."]),
        (
            6,
            1,
            [
                "Satu dua tiga. Empat lima enam.",
                "Empat lima enam. Tujuh delapan sembilan.",
                "Tujuh delapan sembilan. Sepuluh sebelas belas.",
            ],
        ),
        (
            9,
            1,
            [
                "Satu dua tiga. Empat lima enam. Tujuh delapan sembilan.",
                "Tujuh delapan sembilan. Sepuluh sebelas belas.",
            ],
        ),
        (3, 1, ["Satu dua tiga.", "Empat lima enam.", "Tujuh delapan sembilan.", "Sepuluh sebelas belas."]),
        (1, 2, ["Satu dua tiga.", "Empat lima enam.", "Tujuh delapan sembilan.", "Sepuluh sebelas belas."]),
    ],
)
def test_windows_by_hand(budget: int, overlap: int, expected: list[str]) -> None:
    assert _texts(_article(FOUR), budget=budget, overlap=overlap) == expected


def test_a_long_sentence_stands_alone() -> None:
    text = "Satu dua. Satu dua tiga empat lima enam. Tujuh delapan."
    assert _texts(_article(text), budget=4) == ["Satu dua.", "Satu dua tiga empat lima enam.", "Tujuh delapan."]


def test_chunks_break_at_boilerplate() -> None:
    text = "Kim tiba di kota.\nBaca Juga: Putin Pulang\nKim pergi lagi.\n\nIa senang. (dam)\nExit mobile version\n"
    assert _texts(_article(text), budget=100) == ["Kim tiba di kota.", "Kim pergi lagi.\n\nIa senang."]


def test_nothing_to_quote_makes_no_chunk() -> None:
    assert chunk(_article("Exit mobile version"), count_tokens=_words) == ()


@pytest.mark.parametrize(("budget", "overlap"), [(0, 1), (-1, 1), (10, -1)])
def test_senseless_limits_are_refused(budget: int, overlap: int) -> None:
    with pytest.raises(ValueError, match="expected budget > 0 and overlap >= 0"):
        chunk(_article(FOUR), count_tokens=_words, budget=budget, overlap=overlap)


def test_a_chunk_carries_its_article() -> None:
    article = _article("Judul\n\nKOMPAS.com - Kim tiba, Jumat (15/9/2023).")
    (one,) = chunk(article, count_tokens=_words)
    assert (one.article_id, one.article_sha256, one.source) == ("a", article.sha256, "s/a.txt")
    assert (one.title, one.publisher, one.published) == ("Judul", "KOMPAS.com", "2023-09-15")
    assert one.sentence_text(one.sentences[0]) == one.text == "Kim tiba, Jumat (15/9/2023)."


def test_ids_depend_on_article_version_and_place_only() -> None:
    ids = [c.id for c in chunk(_article(FOUR), count_tokens=_words, budget=6)]
    assert ids == [c.id for c in chunk(_article(FOUR), count_tokens=_words, budget=6)]
    assert len({*ids, *(c.id for c in chunk(_article(FOUR, "b"), count_tokens=_words, budget=6))}) == 6
    changed = chunk(_article(FOUR + " Baru."), count_tokens=_words, budget=6)
    assert not {*ids} & {c.id for c in changed}


def test_every_sentence_is_counted_once() -> None:
    counted: list[str] = []

    def count(text: str) -> int:
        counted.append(text)
        return _words(text)

    chunk(_article(FOUR), count_tokens=count, budget=6)
    assert counted == FOUR.replace(". ", ".\n").split("\n")


def _check(article: Article, chunks: tuple[Chunk, ...], *, budget: int, overlap: int) -> None:
    plates = boilerplate(article.text)
    assert len({c.id for c in chunks}) == len(chunks)
    numbers = {span: n for n, span in enumerate(article.sentences)}
    next_new = 0
    for one in chunks:
        assert one.text == article.text[one.start : one.end]
        assert not any(one.start < plate.end and plate.start < one.end for plate in plates)
        inside = [numbers[s] for s in one.sentences]
        assert inside == list(range(inside[0], inside[-1] + 1)), "consecutive"
        assert (one.sentences[0].start, one.sentences[-1].end) == (one.start, one.end)
        assert inside[0] <= next_new <= inside[-1], "nothing left out, something new"
        assert next_new - inside[0] <= overlap
        size = sum(_words(one.sentence_text(s)) for s in one.sentences)
        assert size <= budget or len(one.sentences) == 1
        next_new = inside[-1] + 1
    assert next_new == len(article.sentences), "every sentence is in a chunk"


PIECES = ["Kim tiba di Moskow. ", "Putin pulang. ", "Ya. ", "\n", "\n\n", "Baca Juga: Kim", "Exit mobile version",
          "(dam)", "Ia membawa hadiah yang banyak sekali untuk semua orang di kota itu. ", "\ufeff", "😀 "]  # fmt: skip


@given(
    st.lists(st.sampled_from(PIECES), max_size=30).map("".join),
    st.integers(min_value=1, max_value=25),
    st.integers(min_value=0, max_value=3),
)
def test_chunks_hold_every_sentence_and_no_boilerplate(text: str, budget: int, overlap: int) -> None:
    article = _article(text)
    _check(article, chunk(article, count_tokens=_words, budget=budget, overlap=overlap), budget=budget, overlap=overlap)


@pytest.mark.parametrize("budget", [20, 60, BUDGET])
def test_the_seeds(budget: int) -> None:
    for article in read([SEEDS]):
        assert isinstance(article, Article)
        _check(article, chunk(article, count_tokens=_words, budget=budget), budget=budget, overlap=1)


@pytest.mark.parametrize("filler", ["kata ", "kata. ", "Kata kata kata. ", "x", "kata\n"])
def test_a_line_of_a_megabyte(filler: str) -> None:
    article = _article("Awal " + filler * (1_000_000 // len(filler)))
    chunks = chunk(article, count_tokens=lambda text: len(text) // 4 + 1)
    assert max(len(c.text) // 4 + 1 for c in chunks) <= 4 * BUDGET
