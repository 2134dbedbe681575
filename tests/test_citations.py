"""Every citation of many questions points at the very words of its article, and none of them is boilerplate."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rag.articles.boilerplate import boilerplate
from rag.pipeline import Kutip, open_pipeline
from rag.settings import Settings
from tests.conftest import ROOT

QUESTIONS = [json.loads(line)["question"] for line in (ROOT / "evals/cases/dev.jsonl").read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def pipeline(seeds_home: Path) -> Kutip:
    return open_pipeline(Settings.from_env({"KUTIP_HOME": str(seeds_home)}))


def test_citations_are_the_articles_own_words(pipeline: Kutip) -> None:
    cited = 0
    for question in QUESTIONS:
        answer = pipeline.invoke(question)
        assert {n for claim in answer.claims for n in claim.citations} == {c.id for c in answer.citations}
        for citation in answer.citations:
            text = (ROOT / citation.source).read_bytes().decode()
            assert text[citation.start : citation.end] == citation.quote
            for span in boilerplate(text):
                assert not (citation.start < span.end and span.start < citation.end), citation.quote
            cited += 1
    assert len(QUESTIONS) >= 40
    assert cited >= 80


def test_passages_shown_are_free_of_boilerplate_too(pipeline: Kutip) -> None:
    for question in QUESTIONS[:40]:
        for hit in pipeline.search(question, k=20):
            text = (ROOT / hit.chunk.source).read_bytes().decode()
            assert text[hit.chunk.start : hit.chunk.end] == hit.chunk.text
            assert "baca juga" not in hit.chunk.text.lower()
            assert "Exit mobile version" not in hit.chunk.text
