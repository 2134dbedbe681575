from __future__ import annotations

from importlib.resources import files

import numpy as np
import pytest

from rag.finding.meanings import _table, meant
from rag.finding.question import analyse
from rag.finding.sightings import gather
from rag.language.glossary import Glossary, parse
from rag.language.words import is_stop_word, stem, tokens
from tests.test_features import column
from tests.test_views import chunk_of

BARE = Glossary([("hujan", ("rain",))])
"""So small a glossary that nothing but the question's own words is looked for."""


def test_words_are_near_that_share_translations_and_synonyms() -> None:
    query = analyse("Mengapa atapnya runtuh?", BARE)
    chunk = chunk_of("Atap gudang itu ambles.", "Atap gudang itu dicat.", "Atapnya runtuh.")
    seen = gather(query, [chunk], lambda stem: 0.01)
    fallen = next(n for n, group in enumerate(query.groups) if group.text == "runtuh")
    near = meant(query, seen)[:, fallen]
    assert near[2] == 1
    assert near[0] > 0.4 > near[1] == 0


def test_a_name_is_near_nothing_but_itself() -> None:
    query = analyse("Siapa ibu Bintang?", BARE)
    seen = gather(query, [chunk_of("Ibu Bulan pulang."), chunk_of("Ibu Bintang pulang.", id="b")], lambda stem: 0.01)
    name = next(n for n, group in enumerate(query.groups) if group.text == "Bintang")
    assert meant(query, seen)[:, name].tolist() == [0, 1]


def test_shares_and_what_is_missing() -> None:
    chunks = (("Atap runtuh.", "Hujan turun."), ("Atap ambruk.",), ("Menteri tiba.",))
    assert column("meant", "Kapan atap runtuh?", *chunks)[0] == 1
    assert column("meant_chunk", "Kapan atap runtuh?", *chunks)[:2] == [1, 1]
    around = column("meant_around", "Kapan atap runtuh?", *chunks)
    assert around[1] == 1 > around[3]
    missing = column("meant_missing", "Kapan atap runtuh?", *chunks)
    assert missing[0] == 0 < missing[3]


def test_the_table_is_made_of_the_word_lists_as_they_are() -> None:
    """After a change of the lists: ``python tools/build_meanings.py``."""
    known = _table().rows
    for name in ("glossary.tsv", "wider.tsv"):
        heads = parse(files("rag").joinpath("data", name).read_text("utf-8"), name)
        words = {stem(t.text) for head, _ in heads for t in tokens(head) if not is_stop_word(t.text, "id")}
        assert words <= known.keys()


def test_vectors_have_unit_length_and_unknown_words_none() -> None:
    known, unknown = _table().of(["runtuh", "xyzzy"])
    assert np.linalg.norm(known) == pytest.approx(1)
    assert not unknown.any()
