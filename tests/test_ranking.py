from __future__ import annotations

from rag.finding.question import analyse
from rag.finding.ranking import rank
from rag.language.glossary import Glossary
from rag.types import Chunk, Hit
from tests.test_views import chunk_of

GLOSSARY = Glossary.load()
CHUNKS = (
    chunk_of("Cuaca di Jakarta cerah pada hari Senin.", "Warga berjalan kaki di taman kota.", id="weather"),
    chunk_of("Gunung Merapi meletus pada 5 November 2010.", "Ribuan warga mengungsi ke Yogyakarta.", id="merapi"),
    chunk_of("Wali kota meresmikan pasar baru.", "Pasar itu memuat dua ratus kios.", id="market"),
)


def ranked(question: str, chunks: tuple[Chunk, ...] = CHUNKS) -> tuple[Hit, ...]:
    return rank(
        analyse(question, GLOSSARY),
        chunks,
        rarity=lambda stem: 0.01,
        size=len(chunks),
        lexical={"merapi": 7.0},
        dense={"market": 0.5},
    )


def test_the_answering_chunk_and_sentence_come_first() -> None:
    for question in ("Kapan Gunung Merapi meletus?", "When did Mount Merapi erupt?"):
        best = ranked(question)[0]
        assert best.chunk.id == "merapi"
        assert best.sentence_scores[0] > best.sentence_scores[1]


def test_a_word_that_few_candidates_have_outweighs_a_name_that_all_have() -> None:
    others = [chunk_of(f"Kim Jong Un {verb} di Rusia.", id=verb) for verb in ("makan", "pulang", "tiba", "tidur")]
    father = chunk_of("Ayah Kim dimakamkan di Pyongyang.", id="father")
    assert ranked("Siapa ayah Kim Jong Un?", (*others, father))[0].chunk.id == "father"


def test_names_that_differ_in_a_digit_are_two() -> None:
    villages = tuple(chunk_of(f"Banjir merendam Sukamaju{n} pada {n - 90} Mei.", id=str(n)) for n in range(95, 106))
    for n in (99, 100, 101):
        assert ranked(f"Kapan banjir merendam Sukamaju{n}?", villages)[0].chunk.id == str(n)


def test_every_candidate_is_returned_with_its_scores() -> None:
    hits = ranked("Berapa kios di pasar baru?")
    assert {hit.chunk.id for hit in hits} == {"weather", "merapi", "market"}
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    for hit in hits:
        assert len(hit.sentence_scores) == len(hit.chunk.sentences)
        assert all(0 <= score <= 1 for score in (hit.score, *hit.sentence_scores))
    found = {hit.chunk.id: hit for hit in hits}
    assert (found["merapi"].lexical, found["merapi"].dense) == (7.0, 0.0)
    assert (found["market"].lexical, found["market"].dense) == (0.0, 0.5)


def test_the_order_of_candidates_does_not_matter() -> None:
    forwards = ranked("Kapan Gunung Merapi meletus?")
    backwards = ranked("Kapan Gunung Merapi meletus?", CHUNKS[::-1])
    assert [hit.chunk.id for hit in forwards] == [hit.chunk.id for hit in backwards]


def test_confidence_tells_an_answer_from_none() -> None:
    there = ranked("Kapan Gunung Merapi meletus?")[0].score
    elsewhere = ranked("Kapan Gunung Krakatau meletus?")[0].score
    nothing = ranked("Siapa pemenang Piala Dunia 1998?")[0].score
    assert there > 0.5 > elsewhere
    assert nothing < 0.1


def test_nothing_to_rank() -> None:
    assert ranked("Kapan Gunung Merapi meletus?", ()) == ()


def test_a_question_without_terms_has_no_sentence_scores_above_zero() -> None:
    hits = ranked("Apa itu?")
    assert all(set(hit.sentence_scores) == {0.0} for hit in hits)
    assert hits[0].chunk.id == "market"  # the only one with a cosine
