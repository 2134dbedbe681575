"""Conversations and answers on a screen: in one process where that tells as much, as a command where it does not."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from rag.errors import ModelError
from rag.pipeline import Kutip
from tests.conftest import ROOT, OpenAt
from tests.test_generative import GIFT, IN_RETURN, RETURN, RIFLE
from tests.wire_server import KEY, Reply, WireServer, answering, quoted
from ui.chat_command import Chat

FIVE = ("Putin gave Kim five rifles.", [RIFLE])


def talk(kutip: Kutip, *lines: str, show_withheld: bool = False) -> str:
    """What a conversation prints."""
    out = io.StringIO()
    console = Console(file=out, highlight=False, markup=False, width=200)
    source = io.StringIO("".join(f"{line}\n" for line in lines))
    Chat(pipeline=kutip, console=console, source=source, show_withheld=show_withheld).run()
    return out.getvalue()


def test_a_follow_up_is_understood_by_the_model(wire: WireServer, open_at: OpenAt) -> None:
    wire.say(answering(GIFT), "What did Kim give Putin in return?", answering(IN_RETURN))
    said = talk(open_at(wire), "What did Putin give Kim?", "and what did he get in return?")
    assert f"{GIFT[0]} [1]" in said
    assert f"{IN_RETURN[0]} [1]" in said
    assert "What did Putin give Kim?" in wire.prompts[1]
    assert GIFT[0] in wire.prompts[1]


@pytest.mark.parametrize(
    "failing", [Reply(status=500), Reply(text=quoted(("x", []))), Reply(text=""), Reply(text="a\nb")]
)
def test_rules_stand_in_for_the_model(wire: WireServer, open_at: OpenAt, failing: Reply) -> None:
    wire.say(answering(GIFT), failing, answering(IN_RETURN))
    kutip = open_at(wire, KUTIP_RETRIES="0")
    talk(kutip, "What did Putin give Kim?", "and what did he get in return?")
    assert "Question (English): and what did he get in return (Putin, Kim" in wire.prompts[-1]


def test_without_a_model(wire: WireServer, open_at: OpenAt) -> None:
    kutip = open_at(wire, KUTIP_ANSWERER="extractive")
    said = talk(kutip, "What did Putin give Kim?", "and what did he get in return?")
    second = said.partition("> and what")[2]
    assert RETURN in second
    assert wire.requests == []


def test_commands(wire: WireServer, open_at: OpenAt, tmp_path: Path) -> None:
    wire.say(answering(GIFT))
    file = tmp_path / "talk.md"
    said = talk(
        open_at(wire), "/sources", "/save x.md", "What did Putin give Kim?", "/sources", f"/save {file}",
        f"/save {file}", "/save /no/such/place.md", "/frob", "/help", "/quit", "never asked",
    )  # fmt: skip
    assert "Nothing has been answered yet." in said
    assert "Expected /save FILE.md after an answer." in said
    assert said.count(f"“{RIFLE}”") == 2
    assert said.count("Saved 1 answers") == 2
    assert "cannot be written" in said
    assert "/frob is not known here" in said
    assert "Ctrl-C stops an answer" in said
    assert len(wire.requests) == 1
    markdown = file.read_text("utf-8")
    assert "## What did Putin give Kim?" in markdown
    assert f"{GIFT[0]}[^1-1]" in markdown
    assert f"“{RIFLE}”" in markdown.partition("[^1-1]: ")[2]


def test_a_file_that_is_there_is_not_written_over(wire: WireServer, open_at: OpenAt, tmp_path: Path) -> None:
    file = tmp_path / "mine.md"
    file.write_text("mine")
    wire.say(answering(GIFT))
    assert "is there already" in talk(open_at(wire), "What did Putin give Kim?", f"/save {file}")
    assert file.read_text() == "mine"


def test_withheld_statements_are_counted_and_shown_on_demand(wire: WireServer, open_at: OpenAt) -> None:
    wire.say(answering(GIFT, FIVE, ("Putin did not give Kim a rifle.", [RIFLE])))
    kutip = open_at(wire)
    said = talk(kutip, "What did Putin give Kim?")
    assert "2 statements withheld: not supported by the articles." in said
    assert FIVE[0] not in said
    shown = talk(kutip, "What did Putin give Kim?", show_withheld=True)
    assert f"✗ {FIVE[0]}; number" in shown


def test_the_count_is_in_the_language_of_the_question(wire: WireServer, open_at: OpenAt) -> None:
    wire.say(
        answering(("Putin memberi Kim senapan buatan Rusia.", [RIFLE]), ("Putin memberi Kim lima senapan.", [RIFLE]))
    )
    said = talk(open_at(wire), "Apa yang diberikan Putin kepada Kim?")
    assert "1 pernyataan tidak ditampilkan: tidak didukung oleh artikel." in said


def test_a_degraded_answer_says_so_once_before_its_quotes(wire: WireServer, open_at: OpenAt) -> None:
    wire.say(Reply(status=500))
    said = talk(open_at(wire, KUTIP_RETRIES="0"), "What gifts were exchanged?")
    assert said.count("The language model could not answer (the service failed)") == 1
    assert said.index("could not answer") < said.index("[1]")


def test_claims_shown_before_the_model_failed_are_followed_by_the_note(wire: WireServer, open_at: OpenAt) -> None:
    broken = answering(GIFT, IN_RETURN, pieces=20, drop_after=15)
    wire.say(broken)
    said = talk(open_at(wire), "What gifts were exchanged?")
    assert said.index(GIFT[0]) < said.index("the connection broke off") < said.index("Sources")


def test_a_bad_question_does_not_end_the_conversation(wire: WireServer, open_at: OpenAt) -> None:
    wire.say(answering(GIFT))
    said = talk(open_at(wire), "???", "x" * 3_000, "", "What did Putin give Kim?")
    assert "saw no words" in said
    assert "at most 2,000" in said
    assert GIFT[0] in said


def test_a_wrong_key_ends_the_conversation(wire: WireServer, open_at: OpenAt) -> None:
    wire.needs_key = True
    wire.say(answering(GIFT))
    with pytest.raises(ModelError, match="OPENAI_API_KEY"):
        talk(open_at(wire, OPENAI_API_KEY="sk-wrong"), "What did Putin give Kim?")


def test_terminals_are_not_steered(wire: WireServer, open_at: OpenAt) -> None:
    wire.say(quoted(reason="Not \x1b[31mthere\x07 \u202eeht."))
    said = talk(open_at(wire), "What about \x1b[2Jelephants?")
    assert not {"\x1b", "\x07", "\u202e"} & set(said)


def command(home: Path, wire: WireServer, *words: str, **more: str) -> subprocess.Popen[str]:
    env = {k: v for k, v in os.environ.items() if not k.startswith(("KUTIP_", "OPENAI_"))}
    env |= {"KUTIP_HOME": str(home), "KUTIP_RETRIES": "0", **wire.env(), **more}
    return subprocess.Popen(
        [sys.executable, "-m", "ui.cli", *words],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT, env=env,
    )  # fmt: skip


def wait_until(condition: Callable[[], object], seconds: float = 120.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.01)


def test_ask_prints_the_first_claim_before_half_of_the_stream(wire: WireServer, seeds_home: Path) -> None:
    wire.say(answering(GIFT, IN_RETURN, IN_RETURN, IN_RETURN, IN_RETURN, pieces=40, hold_after=19))
    with command(seeds_home, wire, "ask", "What gifts were exchanged?") as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        before = "".join(wire.sent)
        wire.let_go()
        rest, errors = process.communicate(timeout=120)
    assert first.startswith(f"{GIFT[0]} [1]")
    assert len(before) < len("".join(wire.sent)) / 2
    assert IN_RETURN[0] in rest
    assert process.returncode == 0
    assert KEY not in first + rest + errors


def test_ctrl_c_stops_the_answer_and_a_second_one_leaves(wire: WireServer, seeds_home: Path) -> None:
    wire.say(answering(GIFT, IN_RETURN, IN_RETURN, pieces=40, hold_after=25), answering(GIFT, hold_after=1))
    with command(seeds_home, wire, "chat") as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("What gifts were exchanged?\n")
        process.stdin.flush()
        wait_until(wire.holding.is_set)
        assert any(GIFT[0] in line for line in process.stdout)
        process.send_signal(signal.SIGINT)
        assert any("(stopped)" in line for line in process.stdout)
        assert wire.closed_early.wait(60)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=120)
    assert process.returncode == 0
    assert errors == ""


def test_a_wrong_model_name_is_exit_3_and_one_sentence(wire: WireServer, seeds_home: Path) -> None:
    wire.models = set()
    wire.say(answering(GIFT))
    with command(seeds_home, wire, "ask", "What gifts were exchanged?") as process:
        out, errors = process.communicate(timeout=120)
    assert process.returncode == 3
    assert out == ""
    assert len(errors.strip().splitlines()) == 1
    assert "KUTIP_MODEL" in errors
    assert KEY not in errors


def test_the_answerer_option_goes_before_the_setting(wire: WireServer, seeds_home: Path) -> None:
    words = ("ask", "What gifts were exchanged?", "--answerer", "extractive", "--json", "-k", "3")
    with command(seeds_home, wire, *words, KUTIP_ANSWERER="model") as process:
        out, _ = process.communicate(timeout=120)
    assert '"answerer": "extractive"' in out
    assert wire.requests == []
