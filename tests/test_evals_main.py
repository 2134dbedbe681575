from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from evals.__main__ import main
from evals.dataset import CASES
from tests.conftest import ROOT
from tests.wire_server import Reply, WireServer, answering


def few(folder: Path, count: int = 4) -> Path:
    """A small eval set: the first cases of each split."""
    folder.mkdir()
    for split in ("dev", "test"):
        lines = (CASES / f"{split}.jsonl").read_text("utf-8").splitlines(keepends=True)
        (folder / f"{split}.jsonl").write_text("".join(lines[:count]), "utf-8")
    return folder


def evals(*arguments: object) -> int:
    try:
        main([str(a) for a in arguments])
    except SystemExit as done:
        return int(done.code or 0)
    return 0


def stripped(folder: Path) -> list[dict[str, object]]:
    rows = [json.loads(line) for line in (folder / "rows.jsonl").read_text("utf-8").splitlines()]
    for row in rows:
        row["times_ms"] = row["scores"]["latency_ms"] = None
    return rows


def test_from_run_to_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cases = few(tmp_path / "cases")
    common = ("--cases", cases, "--cache", tmp_path / "cache", "--quiet")
    assert evals("run", "--out", tmp_path / "whole", *common) == 0
    assert "Results on dev" in capsys.readouterr().out
    for i in (1, 2):
        assert evals("run", "--out", tmp_path / f"part{i}", "--shard", f"{i}/2", "--jobs", 2, *common) == 0
    assert evals("merge", tmp_path / "part2", tmp_path / "part1", "--out", tmp_path / "merged") == 0
    assert (tmp_path / "merged" / "rows.jsonl").read_bytes() == (tmp_path / "whole" / "rows.jsonl").read_bytes()
    assert evals("run", "--out", tmp_path / "again", "--no-cache", "--cases", cases, "--quiet") == 0
    assert stripped(tmp_path / "again") == stripped(tmp_path / "whole")
    before = (tmp_path / "whole" / "rows.jsonl").read_bytes()
    assert evals("score", tmp_path / "whole") == 0
    assert (tmp_path / "whole" / "rows.jsonl").read_bytes() == before
    capsys.readouterr()
    assert evals("compare", tmp_path / "whole", tmp_path / "again", "-m", "correctness") == 0
    assert "| Answer correctness |" in capsys.readouterr().out
    assert evals("report", tmp_path / "whole", "--out", tmp_path / "report", "--before", tmp_path / "again") == 0
    assert (tmp_path / "report.html").exists()
    assert evals("export", tmp_path / "whole", "--out", tmp_path / "ragas.jsonl") == 0
    assert len((tmp_path / "ragas.jsonl").read_text("utf-8").splitlines()) == 8


def test_model_answers_judged_by_a_model(tmp_path: Path, wire: WireServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {**wire.env(), "KUTIP_RETRIES": "0"}.items():
        monkeypatch.setenv(name, value)
    claim = ("Putin gave Kim a high-quality Russian-made rifle.", ["senapan berkualitas tinggi buatan Rusia"])
    case = {
        "id": "rifle-en", "split": "dev", "language": "en", "question": "What rifle did Putin give Kim?",
        "type": "fact", "answerable": True, "group": "rifle",
        "evidence": [[{"article": "001_10afbb6f50542c20", "quote": "senapan berkualitas tinggi buatan Rusia"}]],
        "facts": [{"forms": ["Russian-made rifle"]}],
    }  # fmt: skip
    (tmp_path / "dev.jsonl").write_text(json.dumps(case) + "\n", "utf-8")
    wire.say(
        answering(claim),
        Reply(text=json.dumps({"statements": [claim[0]]})),
        Reply(text=json.dumps({"verdicts": [{"supported": True, "reason": "said"}]})),
        Reply(text="I would rather not say."),
    )
    out = tmp_path / "run"
    code = evals(
        "run", "-a", "model", "-j", "lexical", "-j", "model", "-s", "dev", "--cases", tmp_path, "--out", out,
        "--cache", tmp_path / "cache", "--jobs", 1, "--quiet",
    )  # fmt: skip
    assert code == 0
    (row,) = stripped(out)
    assert row["error"] is None
    scores = row["scores"]
    assert isinstance(scores, dict)
    assert scores["correctness"] == scores["evidence_recall"] == scores["faithfulness/model"] == 1
    assert scores["citation_recall/lexical"] == 1
    assert scores["citation_recall/model"] is None  # the last reply could not be read
    assert scores["unscored/model"] == 0.5
    assert scores["input_tokens"] > 0
    asked = len(wire.requests)
    assert evals(
        "run", "-a", "model", "-j", "lexical", "-j", "model", "-s", "dev", "--cases", tmp_path, "--out", out,
        "--cache", tmp_path / "cache", "--quiet",
    ) == 0  # fmt: skip
    assert len(wire.requests) == asked  # everything was kept


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("run", "-a", "oracle"), "Expected answerers among"),
        (("run", "-j", "vibes"), "Expected judges among"),
        (("run", "-s", "train"), "Expected splits among"),
        (("run", "--shard", "half"), "Expected --shard as i/n"),
        (("run", "-a", "lead", "-a", "lead"), "each once"),
        (("run", "--articles", "nowhere"), "nowhere"),
        (("run", "--cases", "nowhere"), "nowhere"),
        (("run", "-a", "extractive", "-j", "model"), "set OPENAI_API_KEY"),
        (("score", "nowhere"), "a run's folder"),
        (("judge", "--data", "nowhere"), "Expected a folder"),
        (("gates", "nowhere"), "a run's folder"),
    ],
)
def test_bad_usage_is_one_sentence(
    arguments: tuple[str, ...], told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evals(*arguments, *(("--out", tmp_path / "out") if arguments[0] == "run" else ())) == 2
    error = capsys.readouterr().err
    assert told in error
    assert error.count("\n") == 1


def test_a_model_that_is_not_set_is_told_of_every_case(tmp_path: Path) -> None:
    cases = few(tmp_path / "cases", 1)
    assert evals("run", "-a", "model", "--cases", cases, "--out", tmp_path / "out", "--no-cache", "--quiet") == 2


def test_check_tells_counts_and_problems(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evals("check") == 0
    assert capsys.readouterr().out.startswith("dev: ")
    cases = few(tmp_path / "cases")
    (cases / "test.jsonl").write_text("{}\n", "utf-8")
    assert evals("check", "--cases", cases) == 1
    assert "test.jsonl:1: fields: expected" in capsys.readouterr().out


def test_help_is_light() -> None:
    script = (
        "import sys\nfrom evals.__main__ import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "sys.exit(', '.join(sorted({'chromadb', 'scipy', 'matplotlib', 'numpy'} & set(sys.modules))) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr
    assert "compare" in done.stdout


def test_a_missing_library_is_named() -> None:
    script = "import sys\nsys.modules['scipy'] = None\nfrom evals.__main__ import main\nmain(['compare', 'a', 'b'])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 2
    assert "pip install 'kutip[eval]'" in done.stderr
    assert "Traceback" not in done.stderr
