"""The command line as people use it: real processes, real index, exit codes and one-sentence errors."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT, SEEDS


def kutip(*args: str, home: Path, stdin: str | bytes | None = None, **env: str) -> subprocess.CompletedProcess[str]:
    """Run the console script's entry point in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "ui.cli", *args],
        input=stdin.encode() if isinstance(stdin, str) else stdin,
        capture_output=True,
        cwd=ROOT,
        env={**os.environ, "KUTIP_HOME": str(home), **env},
        check=False,
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


def answer(home: Path, question: str) -> dict[str, Any]:
    done = kutip("ask", question, "--json", home=home)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def assert_clear_error(done: subprocess.CompletedProcess[str], *words: str, code: int = 2) -> None:
    assert done.returncode == code
    assert "Traceback" not in done.stderr
    assert done.stderr.strip().count("\n") == 0, done.stderr
    for word in words:
        assert word in done.stderr


def test_first_question_needs_no_index(tmp_path: Path) -> None:
    done = kutip("ask", "What gifts were exchanged?", home=tmp_path / "home")
    assert done.returncode == 0, done.stderr
    assert "indexing the bundled articles" in " ".join(done.stderr.split())  # lines end where the path makes them
    assert "sarung tangan" in done.stdout
    assert "senapan" in done.stdout
    assert "Sources" in done.stdout
    assert "\x1b" not in done.stdout


def test_gifts_of_both_leaders_from_two_articles(seeds_home: Path) -> None:
    got = answer(seeds_home, "What gifts were exchanged?")
    quotes = " ".join(c["quote"] for c in got["citations"])
    assert not got["abstained"]
    assert "sarung tangan" in quotes
    assert "senapan" in quotes
    from_kim = ("Kim memberi Putin senjata", "Kim memberikan senapan kepada Putin", "senapan buatan Korea Utara")
    assert any(words in quotes for words in from_kim)
    assert len({c["article_id"] for c in got["citations"]}) >= 2


def test_answer_object_has_the_published_fields(seeds_home: Path) -> None:
    got = answer(seeds_home, "Hadiah apa yang dipertukarkan?")
    assert got["schema"] == 1
    assert got["language"] == "id"
    assert got["engine"] == {"answerer": "extractive", "embedder": "builtin"}
    assert got["usage"] is None
    assert got["timings_ms"]["total"] > 0
    for claim in got["claims"]:
        assert claim["verdict"] == "supported"
        assert claim["citations"]
        assert "".join(f"[{n}]" for n in claim["citations"]) in got["answer"]
    for citation in got["citations"]:
        text = (ROOT / citation["source"]).read_bytes().decode()
        assert text[citation["start"] : citation["end"]] == citation["quote"]


def test_off_topic_question_abstains_with_a_reason(seeds_home: Path) -> None:
    got = answer(seeds_home, "Who won the football World Cup in Qatar?")
    assert got["abstained"]
    assert got["reason"]
    assert got["claims"] == []
    assert got["answer"] == ""
    assert got["nearest"]


def test_search_json(seeds_home: Path) -> None:
    done = kutip("search", "sarung tangan kosmonot", "-k", "3", "--json", home=seeds_home)
    got = json.loads(done.stdout)
    assert got["question"] == "sarung tangan kosmonot"
    assert 1 <= len(got["hits"]) <= 3
    assert "sarung tangan" in got["hits"][0]["text"]
    scores = [hit["score"] for hit in got["hits"]]
    assert scores == sorted(scores, reverse=True)
    for hit in got["hits"]:
        assert list(hit) == [
            "article_id", "source", "title", "publisher", "published", "start", "end", "text", "score",
        ]  # fmt: skip
        text = (ROOT / hit["source"]).read_bytes().decode()
        assert text[hit["start"] : hit["end"]] == hit["text"]


@pytest.mark.parametrize("command", ["ask", "search"])
def test_batch_keeps_order_and_names_bad_lines(command: str, seeds_home: Path) -> None:
    questions = "Hadiah apa yang diberikan Putin?\n\n???\nWhere did they meet?\n"
    done = kutip(command, "--file", "-", home=seeds_home, stdin=questions)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["question"] for row in rows] == ["Hadiah apa yang diberikan Putin?", "???", "Where did they meet?"]
    assert "error" in rows[1]
    assert_clear_error(done, "1 of 3")


def test_articles_lists_metadata(seeds_home: Path) -> None:
    rows = json.loads(kutip("articles", "--json", home=seeds_home).stdout)
    assert [row["source"] for row in rows] == [f"seeds/{path.name}" for path in sorted(SEEDS.iterdir())]
    assert rows[1]["publisher"] == "INDOPOS.CO.ID"
    assert rows[1]["published"] == "2023-09-15"
    assert rows[4]["title"] is None


def test_index_reports_and_goes_on_past_bad_files(tmp_path: Path) -> None:
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "good.txt").write_text("Gempa mengguncang Cianjur pada Senin. Tidak ada korban jiwa.", "utf-8")
    (folder / "bad.txt").write_bytes(b"\x00\xff\xfe")
    (folder / "bulk.jsonl").write_text('{"text": "Banjir melanda Demak."}\n{"text": 3}\nnot json\n', "utf-8")
    done = kutip("index", str(folder), home=tmp_path / "home")
    assert done.returncode == 0, done.stderr
    assert "bad.txt" in done.stderr
    assert "bulk.jsonl:2" in done.stderr
    assert "bulk.jsonl:3" in done.stderr
    assert "2 added" in done.stderr
    again = kutip("index", str(folder), home=tmp_path / "home")
    assert "0 added" in again.stderr
    assert "2 unchanged" in again.stderr


def test_bad_input_is_one_sentence(tmp_path: Path, seeds_home: Path) -> None:
    home = tmp_path / "home"
    assert_clear_error(kutip("ask", "", home=home), "Expected a question")
    assert not home.exists()
    assert_clear_error(kutip("ask", "x" * 100_000, home=home), "100,000")
    assert_clear_error(kutip("ask", home=home), "Expected a question")
    assert_clear_error(kutip("index", str(tmp_path / "nowhere"), home=home), "nowhere")
    assert_clear_error(kutip("index", home=home), "Expected at least one")
    assert_clear_error(kutip("ask", "apa", "--file", "-", home=seeds_home), "both")
    assert_clear_error(kutip("ask", "--file", str(tmp_path / "none.txt"), home=seeds_home), "none.txt")
    assert_clear_error(kutip("ask", "--file", "-", home=seeds_home, stdin=b"\xff\xfe"), "UTF-8")
    assert_clear_error(kutip("ask", "apa?", home=seeds_home, KUTIP_HOEM="x"), "KUTIP_HOEM", "KUTIP_HOME")


def test_unwritable_home(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", "utf-8")
    done = kutip("ask", "Hadiah apa?", home=tmp_path / "file" / "home")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "KUTIP_HOME" in done.stderr


def test_damaged_index_says_how_to_rebuild(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert kutip("index", str(SEEDS), home=home).returncode == 0
    for database in home.rglob("chroma.sqlite3"):
        database.write_bytes(b"garbage" * 1000)
    done = kutip("ask", "Hadiah apa?", home=home)
    assert_clear_error(done, "kutip index")


DRAFT = "Kim meninggalkan Rusia setelah perjalanan delapan hari. Kim gave Putin a rifle. Presiden Prancis menyesal."


def test_verify_checks_a_text_sentence_by_sentence(seeds_home: Path, tmp_path: Path) -> None:
    file = tmp_path / "draft.txt"
    file.write_text(DRAFT, "utf-8")
    done = kutip("verify", str(file), "--json", home=seeds_home)
    got = json.loads(done.stdout)
    assert [row["verdict"] for row in got["sentences"]] == ["contradicted", "supported", "not found"]
    assert any("enam" in problem or "delapan" in problem for problem in got["sentences"][0]["problems"])
    for row in got["sentences"]:
        for evidence in row["evidence"]:
            text = (ROOT / evidence["source"]).read_bytes().decode()
            assert text[evidence["start"] : evidence["end"]] == evidence["quote"]
    table = kutip("verify", "-", home=seeds_home, stdin=DRAFT)
    assert "contradicted" in table.stdout
    assert "1 contradicted" in table.stdout
    assert kutip("verify", "-", "--markdown", home=seeds_home, stdin=DRAFT).stdout.startswith(("#", "|", "-", "1", "*"))
    assert_clear_error(kutip("verify", "-", "--markdown", "--json", home=seeds_home, stdin=DRAFT), "both")
    assert_clear_error(kutip("verify", str(tmp_path / "none.txt"), home=seeds_home), "none.txt")


def test_version_and_usage_errors() -> None:
    assert kutip("--version", home=Path("unused")).stdout.startswith("kutip 0.")
    assert kutip("nonsense", home=Path("unused")).returncode == 2
