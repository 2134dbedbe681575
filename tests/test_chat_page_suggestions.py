"""Suggested questions: made from any archive's own sentences, in both languages, and tried before they are shown."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from rag.archive.access import index_paths
from rag.articles.files import make_article
from rag.language.glossary import Glossary
from rag.pipeline import Kutip, open_pipeline
from rag.settings import Settings
from rag.types import Language, Request, Span
from rag.verifying.statements import read
from ui.chat.names import Names
from ui.chat.questions import Candidate, Sentence, candidates, choose, merged
from ui.chat.suggestions import answers, suggested

GLOSSARY = Glossary.load()


def made(text: str, wanted: Language, *, written: Language = "id") -> set[str]:
    """The questions made of an article with one sentence on each line."""
    statements = [read(line, written, GLOSSARY) for line in text.splitlines()]
    names = Names(GLOSSARY)
    names.learn(statements)
    sentences = [
        Sentence(article_id="a", span=Span(n, n + 1), place=n, statement=statement)
        for n, statement in enumerate(statements)
    ]
    return {c.text for s in sentences for c in candidates(s, names, GLOSSARY, wanted)}


@pytest.mark.parametrize(
    ("text", "indonesian", "english"),
    [
        (
            "Presiden Brasil Ana Souza mengunjungi Jerman pada 3 Mei 2022.",
            {"Kapan Ana Souza mengunjungi Jerman?", "Siapa yang mengunjungi Jerman?", "Siapa Ana Souza?"},
            {"When did Ana Souza visit Germany?", "Who visited Germany?", "Who is Ana Souza?"},
        ),
        (
            "Rina Wijaya meluncurkan lima satelit dari Biak.",
            {"Apa yang diluncurkan Rina Wijaya?", "Berapa satelit yang diluncurkan Rina Wijaya?"},
            {"What did Rina Wijaya launch?", "How many satellites did Rina Wijaya launch?"},
        ),
        (
            "Sebanyak 14 orang tewas di Kabupaten Garut akibat longsor.",
            {"Berapa orang yang tewas di Garut?"},
            {"How many people were killed in Garut?"},
        ),
        (
            "Ana Souza memberikan sebuah lukisan kepada Rina Wijaya.",
            {"Apa yang diberikan Ana Souza kepada Rina Wijaya?"},
            {"What did Ana Souza give Rina Wijaya?"},
        ),
        (
            "Polisi menangkap Tirto Hartanto di Surabaya karena penipuan.",
            {"Mengapa polisi menangkap Tirto Hartanto?", "Di mana polisi menangkap Tirto Hartanto?"},
            {"Why did the police arrest Tirto Hartanto?", "Where did the police arrest Tirto Hartanto?"},
        ),
        (
            "BPXD (Badan Penanggulangan Bencana Daerah) adalah lembaga daerah.\nTirto Hartanto adalah seorang penulis.",
            {"Apa itu BPXD?", "Siapa Tirto Hartanto?"},
            {"What is BPXD?", "Who is Tirto Hartanto?"},
        ),
        (
            "Menteri Keuangan Ana Souza bertemu Rina Wijaya.\nSouza mengundang Wijaya pada 4 Mei 2022.",
            {"Kapan Ana Souza mengundang Rina Wijaya?", "Kapan Souza mengundang Wijaya?"},
            {"When did Ana Souza invite Rina Wijaya?", "Who invited Rina Wijaya?"},
        ),
    ],
)
def test_what_a_sentence_tells_is_asked(text: str, indonesian: set[str], english: set[str]) -> None:
    assert indonesian <= made(text, "id")
    assert english <= made(text, "en")


def test_english_articles_are_asked_about_in_both_languages() -> None:
    text = "President Ana Souza visited Germany on May 3, 2022.\nPolice arrested Tom Baker in London on April 2, 2024."
    assert {"When did Ana Souza visit Germany?", "Who visited Germany?"} <= made(text, "en", written="en")
    assert "When did the police arrest Tom Baker?" in made(text, "en", written="en")
    assert "Kapan Ana Souza mengunjungi Jerman?" in made(text, "id", written="en")


@pytest.mark.parametrize(
    "text",
    [
        "Ana Souza tidak mengunjungi Jerman pada 3 Mei 2022.",
        "Apakah Ana Souza mengunjungi Jerman pada 3 Mei 2022?",
        "Media Jerman mengumumkan kabar itu.",
        "Delegasi Brasil mengunjungi Jerman.",
        "Dia mengunjungi kota itu kemarin.",
        "",
    ],
)
def test_nothing_is_asked_where_nothing_is_told_plainly(text: str) -> None:
    assert not {
        q for wanted in ("id", "en") for q in made(text, wanted) if "Siapa yang" not in q and "Who vis" not in q
    }


def test_markup_and_overlong_names_make_no_question() -> None:
    text = f"Presiden <b>Ana Souza</b><script> mengunjungi {'Jerman ' * 40} pada 3 Mei 2022."
    assert not {q for q in made(text, "id") if "<" in q or len(q) > 112}


def candidate(text: str, kind: str = "what", weight: float = 1.0, article: str = "a") -> Candidate:
    return Candidate(text=text, kind=kind, sources=((article, Span(0, 1)),), names=(), weight=weight)


def test_the_chosen_ones_are_good_new_and_unlike() -> None:
    found = [
        candidate("Kapan Souza mengunjungi Jerman?", "when", 3.0),
        candidate("Kapan Ana Souza mengunjungi Jerman?", "when", 2.9),
        candidate("Apa yang dijanjikan Wijaya?", "what", 2.0, "b"),
        candidate("Siapa Tom Baker?", "person", 1.0, "c"),
    ]
    tried: list[str] = []

    def good(one: Candidate) -> bool:
        tried.append(one.text)
        return "Tom" not in one.text

    assert choose(found, 3, good=good, tries=9) == ["Kapan Souza mengunjungi Jerman?", "Apa yang dijanjikan Wijaya?"]
    assert tried == ["Kapan Souza mengunjungi Jerman?", "Apa yang dijanjikan Wijaya?", "Siapa Tom Baker?"]
    assert choose(found, 3, good=lambda _: True, tries=1) == ["Kapan Souza mengunjungi Jerman?"]
    asked = ["kapan Souza mengunjungi Jerman", "Apa yang dijanjikan Wijaya?"]
    assert choose(found, 3, good=lambda _: True, without=asked, tries=9) == ["Siapa Tom Baker?"]


def test_a_question_of_several_sentences_is_one() -> None:
    one, other = candidate("Siapa Tom?", weight=1.0), candidate("Siapa Tom?", weight=2.0, article="b")
    (both,) = merged([one, other])
    assert both.weight == 2.0
    assert [id for id, _ in both.sources] == ["a", "b"]


ARTICLES = {
    "pabrik": "Perusahaan Sumber Terang membuka pabrik panel surya di Kendal.\n"
    "Direktur Utama Sumber Terang Lestari Wibowo menandatangani kontrak dengan Siemens pada 12 Juni 2023.\n"
    "Lestari Wibowo mengunjungi Jerman pada 2 Mei 2023.\n",
    "panen": "Gubernur Sulawesi Selatan Hasan Basri meresmikan bendungan di Gowa pada 3 Agustus 2022.\n"
    "Hasan Basri menjanjikan pupuk murah untuk petani.\n"
    "“Panen tahun ini naik,” kata Hasan Basri.\n",
}


@pytest.fixture(scope="module")
def other_archive(tmp_path_factory: pytest.TempPathFactory) -> Kutip:
    folder = tmp_path_factory.mktemp("other")
    for name, text in ARTICLES.items():
        (folder / f"{name}.txt").write_text(text)
    settings = Settings.from_env({"KUTIP_HOME": str(tmp_path_factory.mktemp("home"))})
    index_paths(settings, [folder])
    return open_pipeline(settings)


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_archive_has_its_questions(other_archive: Kutip, language: Language) -> None:
    found = suggested(other_archive, other_archive.articles(), language)
    chosen = choose(found, 4, good=lambda c: answers(other_archive, c), tries=30)
    assert len(chosen) >= 2
    assert_answered(other_archive, chosen, found)


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_bundled_articles_have_theirs(seeds_home: Path, language: Language) -> None:
    kutip = open_pipeline(Settings.from_env({"KUTIP_HOME": str(seeds_home)}))
    found = suggested(kutip, kutip.articles(), language)
    chosen = choose(found, 4, good=lambda c: answers(kutip, c), tries=60)
    assert len(chosen) == 4
    assert_answered(kutip, chosen, found)


def assert_answered(kutip: Kutip, chosen: Sequence[str], found: Sequence[Candidate]) -> None:
    """Each question is answered first by a sentence that it was made from."""
    sources = {candidate.text: candidate.sources for candidate in found}
    for question in chosen:
        answer = kutip.invoke(Request(text=question, answerer="extractive"))
        first = [c for c in answer.citations if c.id in answer.claims[0].citations]
        assert any(
            c.article_id == id and c.start < span.end and span.start < c.end
            for c in first
            for id, span in sources[question]
        ), question


def test_an_article_without_events_has_no_questions(other_archive: Kutip) -> None:
    article = make_article(id="x", source="x.txt", origin="/x", text="Cuaca cerah sepanjang hari ini.")
    assert suggested(other_archive, [article], "id") == []
