from __future__ import annotations

import numpy as np
import pytest

from rag.finding.features import SENTENCE_FEATURES, Statistics, sentence_features
from rag.finding.question import analyse
from rag.language.glossary import Glossary
from tests.test_views import chunk_of

GLOSSARY = Glossary([("hadiah", ("gift",))])
EVEN = Statistics(rarity=lambda stem: 0.01, links={"kapan": {"september": 2.0}})


def column(name: str, question: str, *chunks: tuple[str, ...]) -> list[float]:
    cut = [chunk_of(*sentences, id=str(number)) for number, sentences in enumerate(chunks)]
    rows, _ = sentence_features(analyse(question, GLOSSARY), cut, EVEN)
    assert rows.shape[1] == len(SENTENCE_FEATURES)
    assert np.isfinite(rows).all()
    return [round(value, 4) for value in rows[:, SENTENCE_FEATURES.index(name)].tolist()]


def test_shares_of_the_question() -> None:
    chunks = (("Kim tiba.", "Putin menyambut."), ("Hujan turun.",))
    one = column("share", "Kapan Kim bertemu Putin?", *chunks)[0]  # the names are as rare as each other
    assert 0.33 < one < 0.5
    assert column("share", "Kapan Kim bertemu Putin?", *chunks) == [one, one, 0]
    assert column("share_chunk", "Kapan Kim bertemu Putin?", *chunks) == pytest.approx([2 * one, 2 * one, 0], abs=2e-4)
    assert column("share_before", "Kapan Kim bertemu Putin?", *chunks) == pytest.approx([one, 2 * one, 0], abs=2e-4)
    assert column("share_names", "Kapan Kim bertemu Putin?", *chunks) == [0.5, 0.5, 0]


def test_bm25_is_a_share_of_the_highest() -> None:
    values = column("bm25_chunk", "Kapan Kim tiba?", ("Kim tiba.",), ("Kim pulang.",), ("Hujan.",))
    assert 1 > values[0] > values[1] > values[2] == 0
    assert column("bm25_relative", "Kapan Kim tiba?", ("Kim tiba.",), ("Hujan.",)) == [1, 0]


def test_fitting_words_near_the_match() -> None:
    near = column("fit_nearest", "Kapan Kim tiba?", ("Kim tiba 13 September 2023.",), ("Kim tiba.",))
    assert near == [0.5, 0]  # "September" is two words from "tiba"
    assert column("fit", "Berapa rudal?", ("Ada dua rudal.",), ("Ada rudal.",)) == [1, 0]
    assert column("fit", "Siapa yang tiba?", ("Pemimpin Kim tiba.",), ("Kereta tiba.",)) == [2, 0]


def test_learnt_associations() -> None:
    assert column("link_best", "Kapan Kim tiba?", ("Kim tiba September.",), ("Kim tiba.",)) == [2, 0]


def test_order_of_the_question() -> None:
    order = column("order", "Siapa Kim Jong Un?", ("Kim Jong Un.",), ("Jong dan Kim.",))
    assert order[0] > order[1] == 0


def test_what_is_said_for_sure_is_told_from_what_is_said_by_a_distant_way() -> None:
    between = [(f"kata{n}", ("word", "gift")) for n in range(9)]
    glossary = Glossary([("hadiah", ("gift",)), *between, ("bingkisan", ("parcel", "box", "gift"))])
    query = analyse("Which gift?", glossary)
    rows, _ = sentence_features(query, [chunk_of("Hadiah tiba."), chunk_of("Bingkisan tiba.")], EVEN)
    share, sure = (rows[:, SENTENCE_FEATURES.index(name)] for name in ("share", "sure"))
    assert share[1] > 0.7 * share[0]
    assert sure[1] < 0.2 * sure[0]
