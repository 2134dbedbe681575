"""Checking a text on the chat page: progress by sentence, verdicts with whole citations, stopping."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.api_server import until
from tests.chat_page import Page

TEXT = "Putin memberi Kim sarung tangan kosmonot dan senapan. Kim meninggalkan Rusia pada hari Selasa. Benarkah?"


@pytest.fixture
def page(api: str) -> Iterator[Page]:
    page = Page(api)
    yield page
    page.close()


def sent(text: Any, **more: Any) -> dict[str, Any]:
    return {"run": "r1", "text": text, "language": "id", **more}


def test_verdicts_come_sentence_by_sentence(page: Page) -> None:
    states = page.trigger("check", "check", sent(TEXT))
    assert {state["run"] for state in states} == {"r1"}
    assert [state["done"] for state in states[1:]] == [0, 1, 2, 3, 3]
    assert [state["state"] for state in states] == ["working"] * 5 + ["done"]
    assert all(len(state["result"]["sentences"]) == state["done"] for state in states[1:])
    verdicts = [sentence["verdict"] for sentence in states[-1]["result"]["sentences"]]
    assert verdicts == ["supported", "contradicted", "not checked"]
    assert states[-1]["result"]["counts"]["supported"] == 1


def test_evidence_is_a_whole_citation(page: Page) -> None:
    for sentence in page.trigger("check", "check", sent(TEXT))[-1]["result"]["sentences"]:
        assert TEXT[sentence["start"] : sentence["end"]] == sentence["text"]
        assert [citation["id"] for citation in sentence["evidence"]] == [1, 2, 3][: len(sentence["evidence"])]
        for citation in sentence["evidence"]:
            article = page.call("ask", "article", citation["article_id"])
            assert article["text"][citation["start"] : citation["end"]] == citation["quote"]
            assert (citation["publisher"], citation["published"]) == (article["publisher"], article["published"])


def test_a_long_text_is_told_in_few_steps(page: Page) -> None:
    states = page.trigger("check", "check", sent("Kim pergi. " * 150))
    assert states[-1]["done"] == states[-1]["of"] == 150
    assert len(states) <= 44


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (sent(" … "), "empty"), (sent("a" * 200_001), "too-long"), (sent(None), "bad-request"), (3, "bad-request"),
        ({"text": "Kim."}, "bad-request"),
    ],
)  # fmt: skip
def test_nonsense_is_one_sentence(page: Page, value: Any, kind: str) -> None:
    (state,) = page.trigger("check", "check", value)
    assert state["state"] == "failed"
    assert state["error"]["kind"] == kind
    assert state["error"]["message"]


def test_stopping_ends_the_work(page: Page) -> None:
    many = "Vladimir Putin memberi Kim Jong Un sarung tangan kosmonot dan sebuah senapan buatan Rusia. " * 1_500
    id = page.begin("check", "check", sent(many))
    states = page.values()
    until(lambda: next(states)["of"], "the first state")
    page.stop("check", "check", id)
    held = "kutip_work_held 0.0"
    until(lambda: held in page.http.get("/metrics").text, "the work to stop", seconds=10)
