from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from rag.answering.extractive import answer
from rag.archive.embeddings import BuiltinEmbeddings
from rag.archive.index import Index
from rag.archive.lexical import TermIndex
from rag.finding.question import analyse
from rag.finding.retrieval import KutipRetriever
from rag.language.glossary import Glossary

GLOSSARY = Glossary.load()


@pytest.fixture(scope="module")
def retriever(seeds_home: Path) -> Iterator[KutipRetriever]:
    embedder = BuiltinEmbeddings()
    with closing(Index.open(seeds_home, embedder)) as index:
        terms = TermIndex.open(seeds_home, index)
        yield KutipRetriever(index=index, terms=terms, embedder=embedder, glossary=GLOSSARY, k=3)


def test_hits_are_best_first_and_slice_back_to_their_articles(retriever: KutipRetriever) -> None:
    hits = retriever.hits(analyse("Siapa juru bicara Kremlin?", GLOSSARY), 5)
    assert len(hits) == 5
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    texts = retriever.index.articles_by_id(sorted({hit.chunk.article_id for hit in hits}))
    for hit in hits:
        assert texts[hit.chunk.article_id].text[hit.chunk.start : hit.chunk.end] == hit.chunk.text
    assert "Peskov" in hits[0].chunk.text


def test_both_languages_find_the_same_passage(retriever: KutipRetriever) -> None:
    indonesian = retriever.hits(analyse("Berapa jauh rudal itu terbang?", GLOSSARY), 1)[0]
    english = retriever.hits(analyse("How far did the missiles fly?", GLOSSARY), 1)[0]
    assert "650 kilometer" in indonesian.chunk.text
    assert english.chunk.id == indonesian.chunk.id


def test_articles_can_be_left_out(retriever: KutipRetriever) -> None:
    query = analyse("Siapa juru bicara Kremlin?", GLOSSARY)
    best = retriever.hits(query, 1)[0].chunk.article_id
    assert best not in {hit.chunk.article_id for hit in retriever.hits(query, 50, without={best})}


def test_langchain_documents(retriever: KutipRetriever) -> None:
    documents = retriever.invoke("Siapa juru bicara Kremlin?")
    assert len(documents) == 3
    first = documents[0].metadata
    assert first["source"] == f"seeds/{first['article_id']}.txt"
    assert first["end"] > first["start"] >= 0
    assert 0 <= first["score"] <= 1


@pytest.mark.parametrize("question", ["What gifts were exchanged?", "Hadiah apa saja yang dipertukarkan?"])
def test_the_exchanged_gifts(retriever: KutipRetriever, question: str) -> None:
    query = analyse(question, GLOSSARY)
    draft = answer(query, retriever.hits(query, 12), GLOSSARY)
    said = " ".join(claim.text for claim in draft.claims)
    assert "sarung tangan" in said
    assert "Putin memberi Kim senapan" in said or "menghadiahkan rekannya dari Pyongyang sebuah senapan" in said
    assert "Kim memberi Putin senjata" in said or "Kim memberikan senapan kepada Putin" in said
    if query.language == "en":
        assert len({quote.article_id for claim in draft.claims for quote in claim.quotes}) > 1
