"""What the chat page keeps and hands out: feedback, a conversation as Markdown, the evaluation report."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rag.errors import InputError
from rag.schema import read_answer
from tests.api_server import copy_of, serving
from tests.chat_page import Page
from ui.chat import feedback
from ui.chat.quality import headline

HOSTILE = "<img src=x onerror=alert(1)> [x](javascript:alert(1)) \u202e"


@pytest.fixture(scope="module")
def home(seeds_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_of(seeds_home, tmp_path_factory.mktemp("records") / "home")


@pytest.fixture(scope="module")
def page(home: Path) -> Iterator[Page]:
    with serving(home) as url:
        page = Page(url)
        yield page
        page.close()


@pytest.fixture(scope="module")
def answer(page: Page) -> dict[str, Any]:
    question = {"turn": "t", "question": "What gifts were exchanged?", "history": [], "language": "en"}
    found: dict[str, Any] = page.trigger("ask", "ask", question)[-1]["answer"]
    return found


def given(answer: Any, **more: Any) -> dict[str, Any]:
    return {"turn": "t1", "thumbs": "down", "reason": "incomplete", "comment": "kurang", "answer": answer, **more}


def rows(home: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (home / feedback.NAME).read_text("utf-8").splitlines()]


def test_feedback_is_a_line_with_the_answer(page: Page, home: Path, answer: dict[str, Any]) -> None:
    assert page.call("ask", "feedback", given(answer, comment=HOSTILE, language="id")) == {"ok": True}
    row = rows(home)[-1]
    assert set(row) == {"time", "user", "language", "turn", "thumbs", "reason", "comment", "answer"}
    assert row["answer"] == answer
    assert row["comment"] == HOSTILE
    assert (row["user"], row["language"], row["thumbs"], row["reason"]) == (None, "id", "down", "incomplete")
    assert row["time"].startswith("20")


def test_feedback_of_many_at_once_is_whole(page: Page, home: Path, answer: dict[str, Any]) -> None:
    before = len(rows(home))
    pages = [Page(str(page.http.base_url)) for _ in range(8)]
    sent = [threading.Thread(target=p.call, args=("ask", "feedback", given(answer))) for p in pages for _ in range(4)]
    for thread in sent:
        thread.start()
    for thread in sent:
        thread.join()
    assert len(rows(home)) == before + 32
    for other in pages:
        other.close()


@pytest.mark.parametrize(
    "change",
    [
        {"thumbs": "sideways"}, {"reason": "because"}, {"comment": "x" * 2_001}, {"comment": 3}, {"answer": {}},
        {"answer": None}, {"answer": {"language": "fr"}}, {"turn": ""}, {"turn": None},
    ],
)  # fmt: skip
def test_feedback_that_is_none(page: Page, home: Path, answer: dict[str, Any], change: dict[str, Any]) -> None:
    before = rows(home)
    assert set(page.call("ask", "feedback", {**given(answer), **change})["error"]) == {"kind", "message"}
    assert rows(home) == before


def test_feedback_that_is_too_long(page: Page, answer: dict[str, Any]) -> None:
    error = page.call("ask", "feedback", given({**answer, "reason": "x" * 600_000}, language="id"))["error"]
    assert error["kind"] == "too-long"


def test_a_place_that_cannot_be_written_is_told(page: Page, home: Path, answer: dict[str, Any]) -> None:
    file = home / feedback.NAME
    kept = file.read_bytes() if file.exists() else b""
    file.unlink(missing_ok=True)
    file.mkdir()
    error = page.call("ask", "feedback", given(answer, language="id"))["error"]
    file.rmdir()
    file.write_bytes(kept)
    assert error["kind"] == "not-stored"
    assert str(home) not in error["message"]


def test_a_conversation_as_markdown(page: Page, answer: dict[str, Any]) -> None:
    sent = {"title": HOSTILE, "answers": [answer, {**answer, "question": HOSTILE}]}
    written = page.call("ask", "markdown", sent)["markdown"]
    assert written.startswith("# \\<img")
    assert "<img" not in written.replace("\\<img", "")
    assert "](" not in written.replace("\\](", "")
    assert "\u202e" not in written
    assert written.count("\n## ") == 2
    for number, citation in enumerate(answer["citations"], 1):
        assert f"[^1-{number}]: " in written
        assert f"{citation['start']}–{citation['end']}" in written


@pytest.mark.parametrize(
    "sent",
    [
        None, {}, {"answers": 3}, {"answers": [3]}, {"answers": [{}]}, {"title": "x" * 301, "answers": []},
        {"answers": [{}] * 501},
    ],
)  # fmt: skip
def test_a_conversation_that_is_none(page: Page, sent: Any) -> None:
    assert set(page.call("ask", "markdown", sent)["error"]) == {"kind", "message"}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("question",), 3), (("language",), "fr"), (("abstained",), "no"), (("claims",), {}), (("claims", 0), "x"),
        (("claims", 0, "verdict"), "true"), (("claims", 0, "citations"), [99]), (("claims", 0, "citations"), ["1"]),
        (("claims", 0, "citations"), [True]), (("citations", 0, "start"), "0"), (("citations", 0, "quote"), None),
        (("citations",), None), (("engine",), []), (("confidence",), "high"), (("withheld",), [None]),
    ],
)  # fmt: skip
def test_no_answer_object(answer: dict[str, Any], path: tuple[Any, ...], value: Any) -> None:
    broken = json.loads(json.dumps(answer))
    place = broken
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    with pytest.raises(InputError, match=r"^Expected .*\.$"):
        read_answer(broken)


def test_the_report_is_shown_by_itself(page: Page) -> None:
    told = page.call("quality", "report")
    assert told["url"] == "page/report"
    assert told["split"] == "test"
    assert told["answerer"] == "extractive"
    names = [figure["name"] for figure in told["headline"]]
    assert {"Answer correctness", "Abstention recall"} <= set(names)
    for figure in told["headline"]:
        assert figure["interval"][0] <= figure["value"] <= figure["interval"][1]
        assert figure["n"] > 0
    response = page.http.get("/page/report")
    assert response.headers["content-type"].startswith("text/html")
    policy = response.headers["content-security-policy"]
    assert "sandbox;" in policy
    assert "default-src 'none'" in policy
    assert "script" not in policy
    assert "<script" not in response.text
    assert page.call("header", "about", "en")["quality"]


def test_another_report_and_none(seeds_home: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.html").write_text("<!doctype html><p>Mine.")
    with serving(seeds_home, KUTIP_REPORT=str(tmp_path / "mine.html")) as url:
        page = Page(url)
        assert page.http.get("/page/report").text == "<!doctype html><p>Mine."
        assert page.call("quality", "report")["headline"] == []
        (tmp_path / "mine.html").unlink()
        assert page.call("quality", "report")["url"] is None
        assert page.http.get("/page/report").status_code == 404
        assert not page.call("header", "about", "en")["quality"]
        page.close()


REPORT = """# Kutip, measured

## Results on dev

| metric | n | extractive | nothing (baseline) |
| --- | --- | --- | --- |
| Answer correctness | 79 | 0.700 [0.600, 0.800] | 0.000 |

## Results on test

| metric | n | extractive | nothing (baseline) |
| --- | --- | --- | --- |
| Recall@1 | 101 | 0.762 [0.673, 0.874] | n/a |
| Answer correctness | 101 | 0.748 [0.646, 0.859] | 0.000 |
| Quotes verbatim | 0 | n/a | n/a |
| Latency (ms) | 143 | 10.0 | 0.000 |

## Aims
"""


def test_the_headline_is_read_off_the_report() -> None:
    assert headline(REPORT) == {
        "split": "test",
        "answerer": "extractive",
        "headline": [
            {"name": "Answer correctness", "value": 0.748, "interval": [0.646, 0.859], "n": 101},
            {"name": "Latency (ms)", "value": 10.0, "interval": None, "n": 143},
        ],
    }
    assert headline(REPORT.replace("test", "other"))["split"] == "other"
    assert headline("Nothing of the kind.")["headline"] == []
