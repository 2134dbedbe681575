from __future__ import annotations

import numpy as np

from rag.finding.question import Query, analyse
from rag.finding.sightings import gather, group_idf, matches, ways
from rag.finding.views import view
from rag.language.glossary import Glossary
from tests.test_views import chunk_of

GLOSSARY = Glossary([("juru bicara", ("spokesman",)), ("bertemu", ("meet",)), ("jumpa", ("meet",))])


def ask(text: str) -> Query:
    return analyse(text, GLOSSARY)


def test_matches_have_position_group_and_exactness() -> None:
    query = ask("Kapan Kim bertemu Putin?")
    looked = view(chunk_of("Pertemuan Kim dan Putin."))
    found = matches(looked, ways(query))
    assert [(hit.position, hit.group, hit.exact) for hit in found] == [(0, 1, False), (1, 0, True), (3, 2, True)]


def test_a_phrase_matches_as_a_whole_only() -> None:
    table = ways(ask("Who is the spokesman?"))
    whole, part = view(chunk_of("Ia juru bicara Kremlin.")), view(chunk_of("Ia bicara lama."))
    assert [hit.position for hit in matches(whole, table)] == [1]
    assert matches(part, table) == []


def test_evidence_counts_sentences_over_all_chunks() -> None:
    query = ask("Kapan Kim bertemu Putin?")
    chunks = [
        chunk_of("Kim tiba.", "Ia bertemu Putin.", id="a"),
        chunk_of("Cuaca cerah.", id="b", title="Kim di Rusia"),
    ]
    seen = gather(query, chunks, lambda stem: 0.01)
    assert seen.first.tolist() == [0, 2]
    assert seen.chunk.tolist() == [0, 0, 1]
    assert seen.covered.tolist() == [[1, 0, 0], [0, 1, 1], [0, 0, 0]]
    assert seen.titles.tolist() == [[0, 0, 0], [1, 0, 0]]
    assert seen.everywhere.tolist() == [1, 1, 1]


def test_a_group_is_as_frequent_as_its_ways_together_as_far_as_they_are_sure() -> None:
    shares = {"temu": 0.04, "jumpa": 0.01}
    idf = group_idf(ask("Did they meet?"), lambda stem: shares.get(stem, 1e-9))
    expected = -np.log(0.04 * 1.0 + 0.01 * 0.8)  # how sure the first and second translation are
    assert np.isclose(idf[0], expected, atol=1e-3)
