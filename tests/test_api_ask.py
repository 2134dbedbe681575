"""Questions over HTTP: the answer object of the command line, streams, hang-ups, a full line, problems."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from rag.pipeline import open_pipeline
from rag.schema import answer_object
from rag.settings import Settings
from rag.types import Request, Turn
from tests.api_server import serving, until
from tests.conftest import SEEDS
from tests.wire_server import Reply, WireServer, quoted

GIFTS = "What gifts were exchanged?"


@pytest.fixture
def client(api: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=api, timeout=60) as client:
        yield client


def events(response: httpx.Response) -> list[tuple[str, Any]]:
    """Names and data of the events of a whole stream."""
    found = []
    for block in response.text.strip().split("\n\n"):
        name, _, data = block.partition("\n")
        found.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return found


def untimed(answer: dict[str, Any]) -> str:
    """The answer as it is written, without its times."""
    return json.dumps({**answer, "timings_ms": sorted(answer["timings_ms"])}, ensure_ascii=False)


def problem(response: httpx.Response, status: int) -> dict[str, Any]:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    document: dict[str, Any] = response.json()
    assert document["status"] == status
    assert document["detail"]
    assert document["request_id"] == response.headers["x-request-id"]
    return document


def test_the_answer_object_is_that_of_the_pipeline(client: httpx.Client, seeds_home: Path) -> None:
    kutip = open_pipeline(Settings.from_env({"KUTIP_HOME": str(seeds_home)}))
    turn = Turn(question="Who is Kim Jong Un?", answer="The leader.")
    for body, request in (
        ({"question": GIFTS}, Request(text=GIFTS)),
        ({"question": "Berapa harga beras?"}, Request(text="Berapa harga beras?")),
        ({"question": GIFTS, "k": 3}, Request(text=GIFTS, k=3)),
        (
            {"question": "When did he arrive?", "history": [{"question": turn.question, "answer": turn.answer}]},
            Request(text="When did he arrive?", history=(turn,)),
        ),
    ):
        response = client.post("/v1/ask", json=body)
        assert response.status_code == 200
        assert untimed(response.json()) == untimed(answer_object(kutip.invoke(request)))


def test_quotes_are_where_the_answer_says(client: httpx.Client) -> None:
    answer = client.post("/v1/ask", json={"question": GIFTS}).json()
    assert answer["citations"]
    for citation in answer["citations"]:
        article = client.get(f"/v1/articles/{citation['article_id']}").json()
        assert article["text"][citation["start"] : citation["end"]] == citation["quote"]
        assert article["text"].encode() == (SEEDS / f"{citation['article_id']}.txt").read_bytes()


def test_a_stream_has_passages_claims_and_the_answer(client: httpx.Client) -> None:
    whole = client.post("/v1/ask", json={"question": GIFTS}).json()
    response = client.post("/v1/ask", json={"question": GIFTS, "stream": True})
    assert response.headers["content-type"].startswith("text/event-stream")
    got = events(response)
    assert [name for name, _ in got] == ["passages", *["claim"] * len(whole["claims"]), "answer"]
    assert len(got[0][1]) == 12
    assert untimed(got[-1][1]) == untimed(whole)
    for (_, claim), expected in zip(got[1:-1], whole["claims"], strict=True):
        assert claim["text"] == expected["text"]
        assert [citation["id"] for citation in claim["citations"]] == expected["citations"]
        assert all(citation["quote"] for citation in claim["citations"])


def test_search_gives_passages_of_the_articles(client: httpx.Client) -> None:
    hits = client.post("/v1/search", json={"question": "sarung tangan kosmonot", "k": 3}).json()["hits"]
    assert len(hits) == 3
    assert "sarung tangan" in hits[0]["text"]
    text = (SEEDS / f"{hits[0]['article_id']}.txt").read_bytes().decode()
    assert text[hits[0]["start"] : hits[0]["end"]] == hits[0]["text"]


def test_verify_tells_true_from_false(client: httpx.Client) -> None:
    text = "Putin memberi Kim sarung tangan kosmonot dan senapan. Kim memberi Putin sebuah kapal selam."
    checked = client.post("/v1/verify", json={"text": text}).json()
    assert [text[s["start"] : s["end"]] for s in checked["sentences"]] == [s["text"] for s in checked["sentences"]]
    assert checked["sentences"][0]["verdict"] == "supported"
    assert checked["sentences"][1]["verdict"] != "supported"


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ({}, 422, "question"),
        ({"question": ""}, 422, "question"),
        ({"question": " ?! "}, 422, "no words"),
        ({"question": "a" * 2_001}, 422, "2000"),
        ({"question": "Apa?", "k": 0}, 422, "k"),
        ({"question": "Apa?", "k": "3"}, 422, "k"),
        ({"question": "Apa?", "qq": 1}, 422, "qq"),
        ({"question": "Apa?", "history": [{}] * 51}, 422, "history"),
        ({"question": "Apa?", "answerer": "model"}, 400, "OPENAI_API_KEY"),
        ([], 422, "body"),
    ],
)
def test_bad_questions_are_told_what_is_bad(client: httpx.Client, body: Any, status: int, said: str) -> None:
    assert said in json.dumps(problem(client.post("/v1/ask", json=body), status))
    if isinstance(body, dict) and body:
        problem(client.post("/v1/ask", json={**body, "stream": True}), status)


def test_other_problems(client: httpx.Client) -> None:
    problem(client.get("/nothing"), 404)
    assert "POST" in client.get("/v1/ask").headers["allow"]
    problem(client.get("/v1/ask"), 405)
    problem(client.post("/v1/ask", content=b"{", headers={"Content-Type": "application/json"}), 400)
    problem(client.post("/v1/ask", content=b" " * 1_000_001, headers={"Content-Type": "application/json"}), 413)


def test_a_request_id_is_taken_over_when_it_is_plain(client: httpx.Client) -> None:
    assert client.get("/healthz", headers={"X-Request-ID": "news-7"}).headers["x-request-id"] == "news-7"
    for bad in ("a b", "x" * 65, "<script>"):
        assert client.get("/healthz", headers={"X-Request-ID": bad}).headers["x-request-id"] != bad


def test_counters_tell_of_questions(client: httpx.Client) -> None:
    def counted(line: str) -> float:
        lines = client.get("/metrics").text.splitlines()
        return sum(float(found.rpartition(" ")[2]) for found in lines if found.startswith(line))

    names = [
        'kutip_answers_total{answerer="extractive",outcome="answered"}',
        'kutip_answers_total{answerer="extractive",outcome="abstained"}',
        'kutip_stage_seconds_count{stage="retrieval"}',
        'kutip_requests_total{method="POST",route="/v1/ask",status="200"}',
    ]
    before = [counted(name) for name in names]
    client.post("/v1/ask", json={"question": GIFTS})
    client.post("/v1/ask", json={"question": "Berapa harga beras?"})
    assert [counted(name) - was for name, was in zip(names, before, strict=True)] == [1, 1, 2, 2]


def test_the_documentation_needs_no_internet(client: httpx.Client) -> None:
    page = client.get("/docs")
    assert "'unsafe-inline'" not in page.headers["content-security-policy"].partition("script-src")[2].split(";")[0]
    assert "http" not in page.text.replace("http-equiv", "")
    for part in page.text.split('"'):
        if part.startswith("docs/"):
            assert client.get(f"/{part}").status_code == 200, part
    paths = client.get("/openapi.json").json()["paths"]
    assert {"/v1/ask", "/v1/search", "/v1/verify", "/v1/articles", "/v1/chat/completions"} <= set(paths)


def test_hanging_up_stops_the_model(seeds_home: Path, wire: WireServer) -> None:
    wire.say(Reply(text=quoted(reason="No."), hold_after=1))
    with serving(seeds_home, KUTIP_RETRIES="0", **wire.env()) as url, httpx.Client(base_url=url, timeout=60) as client:
        with client.stream("POST", "/v1/ask", json={"question": GIFTS, "stream": True}) as response:
            lines = response.iter_lines()  # kept: the connection is closed with it
            assert next(lines) == "event: passages"
            assert wire.holding.wait(60)
        assert wire.closed_early.wait(60)
        until(lambda: "kutip_abandoned_answers_total 1.0" in client.get("/metrics").text, "the work to stop")


def test_a_full_line_is_told_at_once(seeds_home: Path, wire: WireServer) -> None:
    wire.say(Reply(text=quoted(reason="No."), hold_after=1))
    env = {"KUTIP_ANSWERS": "1", "KUTIP_QUEUE": "0", "KUTIP_RETRIES": "0", **wire.env()}
    with serving(seeds_home, **env) as url, httpx.Client(base_url=url, timeout=60) as client:
        first = threading.Thread(target=lambda: client.post("/v1/ask", json={"question": GIFTS}))
        first.start()
        until(lambda: wire.requests, "the first question to reach the model")
        response = client.post("/v1/ask", json={"question": GIFTS})
        assert "try again" in problem(response, 503)["detail"]
        assert int(response.headers["retry-after"]) > 0
        assert client.get("/healthz").status_code == 200
        wire.let_go()
        first.join()
