from __future__ import annotations

import time

import pytest

from rag.articles.files import make_article
from rag.types import Quote, Span
from rag.verifying.locating import locate, normalise

TEXT = (
    "Militer Korea Selatan mengatakan rudal tersebut terbang sejauh sekitar 650 kilometer.\n"
    "Putin menjawab, “Itulah sebabnya kami datang ke sini,” menurut media pemerintah Rusia.\n"
    "Baca Juga: Kim Jong Un Kunjungi Pabrik\n"
    "Amerika Serikat mengulangi peringatan kepada Korea Utara "
    "agar tidak memberikan amunisi kepada Rusia untuk perang.\n"
)
ARTICLE = make_article(id="a", source="a.txt", origin="/a.txt", text=TEXT)


def found(text: str, within: Span | None = None, start: int | None = None, end: int | None = None) -> str | None:
    span = locate(Quote(text=text, article_id="a", within=within, start=start, end=end), ARTICLE)
    return None if span is None else TEXT[span.start : span.end]


@pytest.mark.parametrize(
    ("quote", "source"),
    [
        ("terbang sejauh sekitar 650 kilometer", "terbang sejauh sekitar 650 kilometer"),
        ('"Itulah sebabnya  kami datang ke sini," menurut', "“Itulah sebabnya kami datang ke sini,” menurut"),
        ("TERBANG SEJAUH", "terbang sejauh"),
        ("ter\u200bbang\u202e sejauh sekitar", "terbang sejauh sekitar"),
        ("Militer Korea Selatan mengatakn rudal tersebut", "Militer Korea Selatan mengatakan rudal tersebut"),
    ],
)
def test_written_otherwise_but_the_same(quote: str, source: str) -> None:
    assert found(quote) == source


@pytest.mark.parametrize(
    "quote",
    [
        "terbang sejauh sekitar 65 kilometer",  # another number
        "50 kilometer",  # half a number
        "bang sejauh sekitar 650",  # half a word, and more than two characters to whole ones
        "Militer Korea Selatn mengatakan rudal tersebut",  # a name
        "agar memberikan amunisi kepada Rusia untuk perang.",  # "tidak" left out
        "Militer Korea Selatan mengatakan … menurut media pemerintah Rusia",  # stitched
        "Militer Korea Selatan mengatakan menurut media pemerintah Rusia",  # stitched without a sign
        "Rudal itu melesat ratusan kilometer",  # invented
        "Kim Jong Un Kunjungi Pabrik",  # boilerplate
        "...",
        "",
        "x" * 1_000_000,
    ],
)
def test_not_in_the_source(quote: str) -> None:
    assert found(quote) is None


def test_only_within_the_passage_that_is_named() -> None:
    first = Span(0, TEXT.index("\n"))
    assert found("sekitar 650 kilometer", within=first) == "sekitar 650 kilometer"
    assert found("menurut media pemerintah Rusia", within=first) is None


def test_a_known_place_is_taken_only_when_the_words_stand_there() -> None:
    at = TEXT.rindex("Rusia")
    assert locate(Quote(text="Rusia", article_id="a", start=at, end=at + 5), ARTICLE) == Span(at, at + 5)
    wrong = locate(Quote(text="Rusia", article_id="a", start=at + 1, end=at + 6), ARTICLE)
    assert wrong is not None
    assert TEXT[wrong.start : wrong.end] == "Rusia"


def test_offsets_map_back() -> None:
    text = "Ｅｄｏｕａｒｄ\u00a0  É…"
    form = normalise(text)
    assert form.text == "edouard e..."
    assert text[form.offsets[8]] == "É"


def test_a_million_characters_stay_fast() -> None:
    started = time.thread_time()
    assert found("sekitar 650 kilometer " * 45_000) is None
    assert time.thread_time() - started < 0.5
