from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from rag.articles.chunking import chunk
from rag.articles.files import make_article
from rag.errors import InputError
from rag.language.glossary import Glossary
from rag.types import Article, Hit
from rag.verifying.checking import MAX_TEXT, CheckedSentence, check_each, check_text, corroborating
from ui.present_check import check_markdown, check_object, check_text_table, summary

GLOSSARY = Glossary.load()
TEXT = (
    "Kim Jong Un meninggalkan Rusia pada hari Minggu (17/9/2023).\n"
    "Seorang gubernur menghadiahkan lima drone kepada Kim Jong Un.\n"
    "Putin memberi Kim Jong Un sebuah senapan.\n"
)
ARTICLE = make_article(id="a", source="a.txt", origin="/a.txt", text=TEXT)
HITS = [Hit(chunk=c, score=1.0) for c in chunk(ARTICLE, count_tokens=lambda text: len(text.split()))]


def articles(ids: Sequence[str]) -> Mapping[str, Article]:
    return {id: ARTICLE for id in ids if id == "a"}


def checked(text: str) -> tuple[CheckedSentence, ...]:
    return check_text(text, search=lambda _: HITS, articles=articles, glossary=GLOSSARY)


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Kim Jong Un left Russia on Sunday.", "supported"),
        ("Putin memberi Kim Jong Un senapan.", "supported"),
        ("JAKARTA (ANTARA) - Putin memberi Kim Jong Un senapan.", "supported"),
        ("Kim Jong Un left Russia on Tuesday.", "contradicted"),
        ("Seorang gubernur menghadiahkan sembilan drone kepada Kim Jong Un.", "contradicted"),
        ("Kim Jong Un memberi Putin sebuah senapan.", "contradicted"),
        ("Putin tidak memberi Kim Jong Un senapan.", "contradicted"),
        ("The price of rice rose in Jakarta.", "not found"),
        ("Did Kim leave Russia?", "not checked"),
        ("# Gifts for Kim", "not checked"),
        ("Kim pulang dari Rusia", "not checked"),
    ],
)
def test_verdicts(text: str, verdict: str) -> None:
    assert [sentence.verdict for sentence in checked(text)] == [verdict]


def test_a_pronoun_stands_for_what_the_text_was_about() -> None:
    first, second = checked("Kim Jong Un left Russia on Sunday. He received five drones from a governor.")
    assert (first.verdict, second.verdict) == ("supported", "supported")


def test_offsets_are_into_the_text_and_evidence_into_the_article() -> None:
    text = "Kim Jong Un left Russia on Sunday.  Putin gave Kim Jong Un a rifle."
    for sentence in checked(text):
        assert text[sentence.start : sentence.end] == sentence.text
        assert sentence.evidence
        assert all(TEXT[c.start : c.end] == c.quote for c in sentence.evidence)


@pytest.mark.parametrize("text", ["", " \n", "…", "a" * (MAX_TEXT + 1)])
def test_what_is_no_text_is_an_error(text: str) -> None:
    with pytest.raises(InputError, match="Expected a text"):
        checked(text)


def test_nothing_found_is_not_found() -> None:
    (sentence,) = check_text("Putin gave Kim a rifle.", search=lambda _: [], articles=articles, glossary=GLOSSARY)
    assert (sentence.verdict, sentence.evidence) == ("not found", ())


def test_presentations() -> None:
    found = checked("Kim Jong Un left Russia on Tuesday. Putin gave Kim Jong Un a <b>rifle</b>\u202e.")
    assert summary(found).startswith("2 sentences:")
    assert "17/9/2023" in check_text_table(found).plain
    assert "\u202e" not in check_text_table(found).plain
    value = check_object(found)
    assert sum(value["counts"].values()) == len(value["sentences"]) == 2
    assert value["sentences"][0]["verdict"] == "contradicted"
    markdown = check_markdown(found)
    assert "[^1-1]: “" in markdown
    assert "<b>" not in markdown.replace("\\<b\\>", "")


def test_a_text_is_checked_as_far_as_it_is_asked_for() -> None:
    looked_up: list[str] = []

    def search(text: str) -> list[Hit]:
        looked_up.append(text)
        return HITS

    of, verdicts = check_each(
        "Putin memberi Kim Jong Un senapan. Kim Jong Un meninggalkan Rusia.", search=search, articles=articles,
        glossary=GLOSSARY,
    )  # fmt: skip
    assert of == 2
    assert next(verdicts).verdict == "supported"
    assert looked_up == ["Putin memberi Kim Jong Un senapan."]
    assert len(list(verdicts)) == 1


def same(text: str, article_id: str = "b") -> list[str]:
    found = corroborating(text, article_id, search=lambda _: HITS, articles=articles, glossary=GLOSSARY)
    assert all(TEXT[citation.start : citation.end] == citation.quote for citation in (*found.same, *found.near))
    return [citation.quote for citation in found.same]


@pytest.mark.parametrize(
    "text",
    [
        "Putin memberi Kim Jong Un senapan.",
        "Putin gave Kim Jong Un a rifle.",
        "Putin memberi Kim Jong Un sebuah senapan, yang katanya dibuat di Tula oleh para ahli.",
        "Juru bicara Kremlin mengatakan pada hari Kamis bahwa Putin memberi Kim Jong Un sebuah senapan.",
    ],
)
def test_another_article_says_the_same(text: str) -> None:
    assert same(text) == ["Putin memberi Kim Jong Un sebuah senapan."]


@pytest.mark.parametrize(
    "text",
    [
        "Putin menolak undangan Kim Jong Un.",  # the same names only
        "Kim Jong Un memberi Putin sebuah senapan.",
        "Putin memberi Kim Jong Un lima drone.",
        "Senapan diberikan.",
        "Siapa memberi senapan?",
        "",
    ],
)
def test_another_article_says_something_else(text: str) -> None:
    assert same(text) == []


def test_an_article_is_not_its_own_witness() -> None:
    assert same("Putin memberi Kim Jong Un senapan.", "a") == []


def test_another_article_speaks_of_the_same() -> None:
    text = "Putin memberi Kim Jong Un dua senapan."
    found = corroborating(text, "b", search=lambda _: HITS, articles=articles, glossary=GLOSSARY)
    assert found.same == ()
    assert [citation.quote for citation in found.near] == ["Putin memberi Kim Jong Un sebuah senapan."]
    own = corroborating(text, "a", search=lambda _: HITS, articles=articles, glossary=GLOSSARY)
    assert own.near == ()
