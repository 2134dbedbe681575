"""Questions on the chat page: states as they come, errors in the page's language, stopping, what is read beside it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rag.schema import answer_object, read_answer
from tests.api_server import copy_of, serving, until
from tests.chat_page import Page
from tests.test_generative import GIFT, IN_RETURN
from tests.wire_server import KEY, WireServer, answering

QUESTION = "What gifts were exchanged?"


def asked(question: Any = QUESTION, **more: Any) -> dict[str, Any]:
    return {"turn": "t1", "question": question, "history": [], "language": "en", **more}


@pytest.fixture
def page(api: str) -> Iterator[Page]:
    page = Page(api)
    yield page
    page.close()


def test_an_answer_grows_until_it_is_done(page: Page) -> None:
    states = page.trigger("ask", "ask", asked())
    assert [state["state"] for state in states] == ["working"] * (len(states) - 1) + ["done"]
    assert {state["turn"] for state in states} == {"t1"}
    assert states[0]["answer"] is None
    counts = [len(state["answer"]["claims"]) for state in states if state["answer"]]
    assert counts == sorted(counts)
    last = states[-1]
    assert last["passages"] == 12
    assert last["error"] is None
    for citation in last["answer"]["citations"]:
        article = page.call("ask", "article", citation["article_id"])
        assert article["text"][citation["start"] : citation["end"]] == citation["quote"]


def test_suggestions_are_other_questions_that_are_answered(page: Page) -> None:
    suggested = page.trigger("ask", "ask", asked())[-1]["suggestions"]
    assert 1 <= len(suggested) <= 3
    for question in suggested:
        last = page.trigger("ask", "ask", asked(question))[-1]
        assert not last["answer"]["abstained"]
        assert question not in last["suggestions"]


def test_an_abstention_is_done_too(page: Page) -> None:
    last = page.trigger("ask", "ask", asked("Berapa harga beras di pasar?", language="id"))[-1]
    assert last["state"] == "done"
    assert last["answer"]["abstained"]
    assert last["answer"]["reason"]


def test_earlier_turns_are_heard(page: Page) -> None:
    history = [{"question": "What did Putin give Kim Jong Un?", "answer": "Putin gave Kim Jong Un a rifle."}]
    last = page.trigger("ask", "ask", asked("where did they meet?", history=history * 20))[-1]
    assert "Kim Jong Un" in last["answer"]["understood"]


@pytest.mark.parametrize(
    ("sent", "kind", "words"),
    [
        (asked(" ?! ", language="id"), "empty", "Belum ada kata"),
        (asked(" ?! "), "empty", "no words"),
        (asked("a" * 2_001), "too-long", "2,001"),
        (asked("a" * 2_001, language="id"), "too-long", "Panjangnya 2.001 karakter, paling banyak 2.000: persingkat"),
        (asked(3), "bad-request", "question"),
        (asked(turn="t" * 200), "bad-request", "turn"),
        (asked(language="fr"), "bad-request", "language"),
        (asked(history=[{"question": None}]), "bad-request", "history"),
        ("x", "bad-request", "reload"),
        (None, "bad-request", "reload"),
        ([], "bad-request", "reload"),
    ],
)
def test_nonsense_is_one_sentence(page: Page, sent: Any, kind: str, words: str) -> None:
    (state,) = page.trigger("ask", "ask", sent)
    assert state["state"] == "failed"
    assert state["error"]["kind"] == kind
    assert words in state["error"]["message"]


def test_stopping_ends_the_request_to_a_model_that_is_silent(seeds_home: Path, wire: WireServer) -> None:
    wire.say(answering(GIFT, IN_RETURN, pieces=40, hold_after=25))
    with serving(seeds_home, KUTIP_RETRIES="0", **wire.env()) as url:
        page = Page(url)
        id = page.begin("ask", "ask", asked())
        states = page.values()
        until(lambda: next(states)["answer"], "the first claim")
        page.stop("ask", "ask", id)
        assert wire.closed_early.wait(60)
        until(lambda: "kutip_abandoned_answers_total 1.0" in page.http.get("/metrics").text, "the work", seconds=60)
        page.close()


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_refused_key_is_told_without_it(seeds_home: Path, wire: WireServer, language: str) -> None:
    wire.needs_key = True
    wire.say(answering(GIFT))
    env = {**wire.env(), "OPENAI_API_KEY": "sk-wrong-0123456789abcdef"}
    with serving(seeds_home, **env) as url:
        page = Page(url)
        last = page.trigger("ask", "ask", asked(language=language))[-1]
        page.close()
    assert last["error"]["kind"] == "model-key"
    assert {"id": "kunci", "en": "refuses"}[language] in last["error"]["message"]
    assert "sk-" not in str(last)
    assert KEY not in str(last)


def test_a_model_that_is_away_is_stood_in_for(seeds_home: Path) -> None:
    env = {"OPENAI_BASE_URL": "http://127.0.0.1:9/v1", "KUTIP_MODEL": "openai:x", "KUTIP_RETRIES": "0"}
    with serving(seeds_home, **env) as url:
        page = Page(url)
        about = page.call("header", "about", "en")
        last = page.trigger("ask", "ask", asked())[-1]
        page.close()
    assert about["has_model"]
    assert about["answerer"] == "openai:x"
    assert last["state"] == "done"
    assert last["answer"]["degraded"]


def test_a_full_line_is_told(seeds_home: Path, wire: WireServer) -> None:
    wire.say(answering(GIFT, hold_after=1))
    with serving(seeds_home, KUTIP_ANSWERS="1", KUTIP_QUEUE="0", KUTIP_RETRIES="0", **wire.env()) as url:
        first, second = Page(url), Page(url)
        first.begin("ask", "ask", asked())
        until(lambda: wire.requests, "the first question to reach the model")
        last = second.trigger("ask", "ask", asked(language="id"))[-1]
        wire.let_go()
        assert list(first.values())[-1]["state"] == "done"
        first.close()
        second.close()
    assert last["error"]["kind"] == "busy"


def test_a_missing_and_a_damaged_archive_are_told(seeds_home: Path, tmp_path: Path) -> None:
    home = copy_of(seeds_home, tmp_path / "home")
    for file in home.glob("archive-*/chroma.sqlite3"):
        file.write_bytes(b"nonsense" * 1_000)
    with serving(home) as url:
        page = Page(url)
        about = page.call("header", "about", "id")
        last = page.trigger("ask", "ask", asked(language="id"))[-1]
        listed = page.call("articles", "articles", {"language": "id"})
        page.close()
    assert not about["ready"]
    assert "rebuild" in about["problem"]
    assert last["error"]["kind"] == listed["error"]["kind"] == "archive-damaged"


def test_about_tells_of_the_server(page: Page) -> None:
    about = page.call("header", "about", "en")
    assert about["articles"] == 5
    assert about["answerer"] == "extractive"
    assert about["embedder"] == "builtin"
    assert not about["has_model"]
    assert not about["read_only"]
    assert about["user"] is None
    assert about["ready"]
    assert about["max_question"] == 2_000
    assert about["max_upload"] == 32_000_000
    until(lambda: page.call("header", "about", "en")["suggestions"], "suggestions")


def test_an_article_comes_with_its_quotable_parts(page: Page) -> None:
    article = page.call("ask", "article", "001_10afbb6f50542c20")
    text = article["text"]
    assert len(text) == article["characters"]
    assert any("Exit mobile version" in text[start:end] for start, end in article["boilerplate"])
    assert all("Exit mobile version" not in text[start:end] for start, end in article["sentences"])


@pytest.mark.parametrize("id", [None, 3, [], {}, "", "../../etc/passwd", "x" * 500, "nothing"])
def test_an_article_that_is_not_there(page: Page, id: Any) -> None:
    assert page.call("ask", "article", id)["error"]["kind"] == "gone"


def test_other_articles_that_say_the_same(page: Page) -> None:
    quote = "Presiden Rusia Vladimir Putin menghadiahkan sarung tangan kosmonot dan senapan"
    text = page.call("ask", "article", "000_fccb8930a89d7da2")["text"]
    start = text.index(quote)
    place = {"article_id": "000_fccb8930a89d7da2", "start": start, "end": start + len(quote)}
    claimed = page.call("ask", "corroborate", {**place, "claim": "Putin gave Kim cosmonaut gloves and a rifle."})
    assert [citation["article_id"] for citation in claimed["citations"]] == ["001_10afbb6f50542c20"]
    assert "sarung tangan" in claimed["citations"][0]["quote"]
    false = page.call("ask", "corroborate", {**place, "claim": "Putin gave Kim a submarine and a horse."})
    assert false["citations"] == page.call("ask", "corroborate", place)["citations"]


@pytest.mark.parametrize(
    "place", [None, {}, {"article_id": "x"}, {"article_id": "x", "start": -1, "end": 3}, {"article_id": 1}]
)
def test_a_place_that_is_none(page: Page, place: Any) -> None:
    assert page.call("ask", "corroborate", place)["error"]["kind"] == "bad-request"


def test_a_place_beyond_the_article(page: Page) -> None:
    place = {"article_id": "001_10afbb6f50542c20", "start": 10**6, "end": 10**6 + 5}
    assert page.call("ask", "corroborate", place) == {"citations": [], "near": []}


def test_an_answer_is_read_back(page: Page) -> None:
    told = page.trigger("ask", "ask", asked())[-1]["answer"]
    back = answer_object(read_answer(told))
    kept = set(told) - {"nearest", "usage", "timings_ms"}
    assert {name: back[name] for name in kept} == {name: told[name] for name in kept}
