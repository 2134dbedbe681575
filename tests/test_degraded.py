"""What readers see when the service fails: quotes with a flag for passing faults, one clear sentence for the others."""

from __future__ import annotations

import contextlib
import io
import json
import logging
import time
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest

from rag.errors import ModelError
from rag.pipeline import Kutip
from tests.conftest import OpenAt
from tests.test_generative import GIFT, IN_RETURN
from tests.wire_server import KEY, Reply, WireServer, answering, quoted

QUESTION = "What gifts were exchanged?"
RATE = {"error": {"message": "Rate limit reached", "code": "rate_limit_exceeded"}}
QUOTA = {"error": {"message": "You exceeded your current quota", "code": "insufficient_quota"}}
LONG = {"error": {"message": "This model's maximum context length is 4096 tokens.", "code": "context_length_exceeded"}}


@pytest.mark.parametrize(
    ("replies", "why"),
    [
        ([Reply(status=500)], "the service failed"),
        ([Reply(status=503)], "the service failed"),
        ([Reply(status=429, error=RATE, headers={"retry-after-ms": "1"})], "too many requests"),
        ([Reply(status=429, error=QUOTA, headers={"retry-after-ms": "1"})], "quota is used up"),
        ([Reply(text="")], "an empty reply"),
        ([Reply(text="   \n ")], "an empty reply"),
        ([Reply(text="I am sorry, Dave.")], "cannot be read"),
        ([Reply(text='{"claims": [{"text": "x')], "cannot be read"),
        ([Reply(text=quoted(("x", [(1, "y")])), drop_after=2)], "the connection broke off"),
        ([Reply(text=quoted(("x", [(1, "y")]))[:20], finish=None)], "the connection broke off"),
        ([Reply(text="x" * 100_000, pieces=50)], "far too long"),
        ([Reply(text="no", finish="content_filter")], "content filter"),
        ([Reply(status=400, error=LONG)], "too long for the model"),
    ],
    ids=[
        "500", "503", "429", "quota", "empty", "blank", "malformed twice", "cut twice", "dropped twice", "ends twice",
        "huge", "filter", "overflow",
    ],
)  # fmt: skip
def test_passing_faults_give_quotes_with_a_flag(
    wire: WireServer, open_at: OpenAt, replies: list[Reply], why: str
) -> None:
    wire.say(*replies)
    kutip = open_at(wire, KUTIP_RETRIES="1")
    answer = kutip.invoke(QUESTION)
    assert answer.answerer == "extractive"
    assert answer.claims
    assert answer.degraded is not None
    assert why in answer.degraded
    assert len(wire.requests) <= 5


def test_the_flag_is_in_the_language_of_the_question(wire: WireServer, open_at: OpenAt) -> None:
    wire.say(Reply(status=500))
    answer = open_at(wire, KUTIP_RETRIES="0").invoke("Hadiah apa yang diberikan Putin kepada Kim?")
    assert answer.degraded == (
        "Model bahasa tidak dapat menjawab (gangguan pada layanan); sebagai gantinya artikel dikutip langsung."
    )


def test_a_server_that_is_not_there(wire: WireServer, open_at: OpenAt) -> None:
    kutip = open_at(wire, KUTIP_RETRIES="0", OPENAI_BASE_URL="http://127.0.0.1:9/v1")
    answer = kutip.invoke(QUESTION)
    assert answer.answerer == "extractive"
    assert "could not be reached" in (answer.degraded or "")


@pytest.mark.parametrize("reply", [Reply(silent=60), Reply(text=quoted(reason="x"), hold_after=1)])
def test_silence_is_a_time_out(wire: WireServer, open_at: OpenAt, reply: Reply) -> None:
    wire.silent_holds = True
    wire.say(reply)
    answer = open_at(wire, KUTIP_RETRIES="0", KUTIP_TIMEOUT="1").invoke(QUESTION)
    assert "no answer in time" in (answer.degraded or "")
    assert answer.answerer == "extractive"


@pytest.mark.parametrize(
    "first",
    [
        Reply(status=500),
        Reply(status=429, headers={"retry-after-ms": "5"}),
        Reply(text=quoted(("x", [(1, "y")])), drop_after=1),
        Reply(text=""),
        Reply(text="nonsense"),
    ],
    ids=["500", "429", "dropped", "empty", "malformed"],
)
def test_a_fault_that_passes_leaves_no_trace(wire: WireServer, open_at: OpenAt, first: Reply) -> None:
    wire.say(first, answering(GIFT))
    answer = open_at(wire).invoke(QUESTION)
    assert [claim.text for claim in answer.claims] == [GIFT[0]]
    assert answer.degraded is None
    assert len(wire.requests) == 2


def test_retry_after_is_kept_to(wire: WireServer, open_at: OpenAt) -> None:
    wire.say(Reply(status=429, headers={"Retry-After": "1"}), answering(GIFT))
    kutip = open_at(wire)
    began = time.monotonic()
    assert kutip.invoke(QUESTION).degraded is None
    assert 1.0 <= time.monotonic() - began < 30
    assert len(wire.requests) == 2


def test_retries_are_not_multiplied(wire: WireServer, open_at: OpenAt) -> None:
    wire.say(Reply(status=500, headers={"retry-after-ms": "1"}))
    open_at(wire, KUTIP_RETRIES="3").invoke(QUESTION)
    assert len(wire.requests) == 4


def test_a_prompt_that_is_too_long_is_made_shorter(wire: WireServer, open_at: OpenAt) -> None:
    def small(body: dict[str, object]) -> Reply:
        return Reply(status=400, error=LONG) if len(str(body["messages"])) > 9_000 else answering(GIFT)(body)

    wire.say(small)
    answer = open_at(wire).invoke(QUESTION)
    assert [claim.text for claim in answer.claims] == [GIFT[0]]
    assert answer.degraded is None
    sizes = [len(prompt) for prompt in wire.prompts]
    assert sizes == sorted(sizes, reverse=True)


def test_a_reply_that_is_whole_but_for_its_end_is_taken(wire: WireServer, open_at: OpenAt) -> None:
    wire.say(answering(GIFT, finish=None))
    answer = open_at(wire).invoke(QUESTION)
    assert answer.degraded is None
    assert len(wire.requests) == 1


def test_claims_shown_before_a_stream_breaks_are_kept_in_order(wire: WireServer, open_at: OpenAt) -> None:
    wire.say(answering(GIFT, IN_RETURN, IN_RETURN, pieces=20, drop_after=12), answering(GIFT, IN_RETURN))
    shown = [[claim.text for claim in answer.claims] for answer in open_at(wire).stream(QUESTION)]
    assert shown[0] == [GIFT[0]]
    assert shown[-1] == [GIFT[0], IN_RETURN[0]]
    assert [len(texts) for texts in shown] == sorted(len(texts) for texts in shown)


def wrong_key(wire: WireServer) -> None:
    wire.needs_key = True


def wrong_model(wire: WireServer) -> None:
    wire.models = {"another"}


@pytest.mark.parametrize(
    ("spoil", "more", "told"),
    [
        (wrong_key, {"OPENAI_API_KEY": "sk-wrong-key-9876543210"}, "OPENAI_API_KEY"),
        (wrong_model, {}, "KUTIP_MODEL"),
    ],
)
def test_what_the_user_must_mend_is_one_sentence(
    wire: WireServer, open_at: OpenAt, spoil: Callable[[WireServer], None], more: dict[str, str], told: str
) -> None:
    spoil(wire)
    wire.say(answering(GIFT))
    with pytest.raises(ModelError) as caught:
        open_at(wire, **more).invoke(QUESTION)
    message = str(caught.value)
    assert not caught.value.retryable
    assert caught.value.exit_code == 3
    assert told in message
    assert "\n" not in message
    assert "sk-" not in message
    assert len(wire.refused) == 1  # and is not tried again


@pytest.mark.parametrize(
    "fault",
    [
        Reply(status=401, error={"error": {"message": f"Incorrect API key provided: {KEY}"}}),
        Reply(status=400, error={"error": {"message": f"Header 'Authorization: Bearer {KEY}' is odd"}}),
        Reply(status=500, error={"error": {"message": f"crash with key={KEY}"}}),
        Reply(status=404, error={"error": {"message": f"no such thing for {KEY}"}}),
    ],
    ids=["401", "400", "500", "404"],
)
def test_the_key_is_in_no_message_log_or_file(
    wire: WireServer, open_at: OpenAt, caplog: pytest.LogCaptureFixture, seeds_home: Path, fault: Reply
) -> None:
    caplog.set_level(logging.DEBUG)
    wire.say(fault)
    kutip = open_at(wire, KUTIP_RETRIES="0")
    out, err = io.StringIO(), io.StringIO()
    told = ""
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            answer = kutip.invoke(QUESTION)
            told = repr(answer)
        except ModelError as error:
            told = "".join(traceback.format_exception(error)) + repr(error)
    assert told
    for text in (told, out.getvalue(), err.getvalue(), caplog.text, repr(kutip), repr(vars(kutip))):
        assert KEY not in text
    assert not [path for path in seeds_home.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()]


def test_usage_counts_every_try(wire: WireServer, open_at: OpenAt) -> None:
    wire.say("nonsense", answering(GIFT))
    used = open_at(wire).invoke(QUESTION).usage
    assert used is not None
    assert used.input_tokens == sum(len(prompt.split()) for prompt in wire.prompts)
    assert used.output_tokens > 1


def test_usage_is_null_when_the_server_tells_none(wire: WireServer, open_at: OpenAt) -> None:
    wire.say(answering(GIFT, usage=False))
    assert open_at(wire).invoke(QUESTION).usage is None


def test_degraded_is_in_the_answer_object(wire: WireServer, open_at: OpenAt) -> None:
    from rag.schema import answer_object

    wire.say("nonsense")
    made = json.loads(json.dumps(answer_object(open_at(wire).invoke(QUESTION))))
    assert "cannot be read" in made["degraded"]
    assert made["engine"]["answerer"] == "extractive"
    assert made["usage"]["input_tokens"] > 0


def test_quoting_needs_no_service(open_at: OpenAt, wire: WireServer) -> None:
    kutip: Kutip = open_at(wire, KUTIP_ANSWERER="extractive")
    assert kutip.invoke(QUESTION).degraded is None
    assert wire.requests == []
