from __future__ import annotations

from collections.abc import Sequence

from rag.answering.extractive import MAX_CLAIMS, answer
from rag.answering.second_look import second_look
from rag.finding.question import Query, analyse
from rag.language.glossary import Glossary
from rag.types import Draft, Hit
from tests.test_views import chunk_of

GLOSSARY = Glossary.load()
ONE = analyse("Kapan Kim tiba?", GLOSSARY)
SEVERAL = analyse("Hadiah apa saja yang diterima Kim?", GLOSSARY)


def hit(id: str, *scored: tuple[str, float]) -> Hit:
    chunk = chunk_of(*(sentence for sentence, _ in scored), id=id)
    return Hit(
        chunk=chunk, score=max(score for _, score in scored), sentence_scores=tuple(score for _, score in scored)
    )


def quoted(query: Query, hits: Sequence[Hit]) -> Draft:
    """An answer in any case."""
    return answer(query, hits, GLOSSARY, threshold=0.0)


def claims(draft: Draft) -> list[tuple[str, list[str]]]:
    return [(claim.text, [quote.article_id for quote in claim.quotes]) for claim in draft.claims]


def test_the_best_sentence_is_quoted_verbatim_with_its_offsets() -> None:
    found = hit("a", ("Hujan turun.", 0.05), ("Kim tiba 12 September.", 0.9))
    draft = quoted(ONE, [found])
    assert claims(draft) == [("Kim tiba 12 September.", ["a"])]
    quote = draft.claims[0].quotes[0]
    assert found.chunk.text[quote.start : quote.end] == quote.text
    assert (draft.reason, draft.answerer) == (None, "extractive")
    assert 0 < (draft.confidence or 0) < 1


def test_weak_sentences_do_not_pad_the_answer() -> None:
    draft = quoted(
        ONE,
        [
            hit("a", ("Kim tiba 12 September.", 0.9), ("Cuaca buruk sekali.", 0.05)),
            hit("b", ("Kim datang Selasa pagi.", 0.8)),
        ],
    )
    assert [text for text, _ in claims(draft)] == ["Kim tiba 12 September.", "Kim datang Selasa pagi."]


def test_sentences_that_say_the_same_are_one_claim_with_several_quotes() -> None:
    hits = [
        hit("a", ("Kim tiba di Rusia pada 12 September 2023.", 0.9)),
        hit("b", ("Pada 12 September 2023 Kim tiba di Rusia.", 0.02)),
        hit("c", ("Kim tiba di Rusia pada 12 September 2023.", 0.7)),
    ]
    assert claims(quoted(ONE, hits)) == [("Kim tiba di Rusia pada 12 September 2023.", ["a", "c", "b"])]


def test_overlapping_chunks_quote_a_sentence_once() -> None:
    same = hit("a", ("Kim tiba 12 September.", 0.9))
    assert claims(quoted(ONE, [same, same])) == [("Kim tiba 12 September.", ["a"])]


def test_a_sentence_that_points_back_brings_the_one_before_it() -> None:
    draft = quoted(ONE, [hit("a", ("Kim naik kereta.", 0.1), ("Ia tiba 12 September.", 0.9))])
    assert claims(draft) == [("Kim naik kereta. Ia tiba 12 September.", ["a"])]


def test_a_list_takes_in_weaker_sentences_that_add_something() -> None:
    gifts = (
        ("Kim menerima senapan buatan Rusia.", 0.9), ("Kim juga mendapat lima drone dan rompi antipeluru.", 0.2),
        ("Senapan buatan Rusia diterima Kim.", 0.3), ("Hujan turun deras.", 0.01),
    )  # fmt: skip
    assert [text for text, _ in claims(quoted(SEVERAL, [hit("a", *gifts)]))] == [gifts[0][0], gifts[1][0]]


def test_a_list_of_one_article_takes_in_another_one_that_has_the_thing_asked_for() -> None:
    own = (
        ("Kim menerima hadiah berupa senapan.", 0.9), ("Drone lima buah diserahkan gubernur.", 0.9),
        ("Rompi antipeluru ikut dibawa pulang.", 0.9), ("Sarung tangan kosmonot dipajang.", 0.9),
        ("Topi musim dingin dikenakan Kim.", 0.9), ("Lukisan kuda tiba belakangan.", 0.9),
        ("Buku bersampul merah disimpan museum.", 0.9), ("Meja kayu jati dipasang.", 0.9),
    )  # fmt: skip
    other = hit("b", ("Hujan turun deras sekali.", 0.2), ("Putin menyiapkan hadiah untuk Kim.", 0.1))
    found = claims(quoted(SEVERAL, [hit("a", *own), other]))
    assert [ids for _, ids in found] == [["a"]] * (MAX_CLAIMS - 1) + [["b"]]
    assert found[-1][0] == "Putin menyiapkan hadiah untuk Kim."
    weak = hit("b", ("Putin menyiapkan hadiah untuk Kim.", 0.01))
    assert [ids for _, ids in claims(quoted(SEVERAL, [hit("a", *own), weak]))] == [["a"]] * MAX_CLAIMS


def test_a_further_sentence_needs_a_quarter_of_the_best_score() -> None:
    said = (("Kim tiba 12 September.", 0.8), ("Putin datang sore.", 0.21), ("Wartawan menunggu lama.", 0.19))
    assert [text for text, _ in claims(quoted(ONE, [hit("a", *said)]))] == [text for text, _ in said[:2]]


def test_words_around_a_sentence_are_left_out_when_they_are_quoted_already() -> None:
    said = (("Bupati Sari menolak.", 0.9), ('"Kami rugi," katanya.', 0.8))
    assert [text for text, _ in claims(quoted(ONE, [hit("a", *said)]))] == [text for text, _ in said]


def test_a_sentence_brings_the_one_that_takes_it_back() -> None:
    fleet = hit("a", ("Kim akan melihat armada.", 0.9), ("Namun kunjungan itu batal.", 0.05), ("Hujan turun.", 0.01))
    assert claims(quoted(ONE, [fleet])) == [("Kim akan melihat armada. Namun kunjungan itu batal.", ["a"])]


def test_not_more_claims_than_the_most() -> None:
    names = ("Andi", "Budi", "Citra", "Dewi", "Eko", "Fajar", "Gita", "Hadi", "Indra", "Joko", "Kiki", "Lina")
    found = [hit("a", *((f"{name} membeli {name.lower()}wati.", 0.9) for name in names))]
    assert len(quoted(ONE, found).claims) == len(quoted(SEVERAL, found).claims) == MAX_CLAIMS


def test_abstains_below_the_threshold_with_a_reason() -> None:
    found = [hit("a", ("Hujan turun.", 0.05))]
    draft = answer(ONE, found, GLOSSARY)
    assert draft.claims == ()
    assert (draft.confidence or 0) < second_look().threshold
    assert draft.reason == "Arsip tidak menyebut “Kim”."
    assert quoted(ONE, found).claims


def test_no_hits() -> None:
    draft = answer(ONE, [], GLOSSARY)
    assert (draft.claims, draft.confidence) == ((), 0.0)
    assert draft.reason
