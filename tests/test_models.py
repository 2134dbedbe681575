from __future__ import annotations

import json
import socket
import threading
import traceback

import pytest

from rag.answering import prompts
from rag.answering.judging import model_judge
from rag.errors import ModelError, SettingsError
from rag.models.chat import MAX_REPLY, Chat, chat_model
from rag.models.faults import Service
from rag.settings import Secret
from tests.wire_server import KEY, Reply, WireServer

HELLO = (("user", "hello"),)


def chat(wire: WireServer, *, timeout: float = 60, retries: int = 0) -> Chat:
    return chat_model("openai:wire-1", key=Secret(KEY), base_url=wire.url, timeout=timeout, retries=retries)


def test_pieces_arrive_one_by_one_and_are_counted(wire: WireServer) -> None:
    wire.say(Reply(text="satu dua tiga empat", pieces=4))
    model = chat(wire)
    meter = model.meter()
    assert list(model.stream(HELLO, meter=meter)) == wire.sent
    assert meter.usage is not None
    assert (meter.usage.input_tokens, meter.usage.output_tokens) == (1, 4)


def test_only_a_schema_that_is_asked_for_is_sent(wire: WireServer) -> None:
    wire.say("x")
    model = chat(wire)
    model.ask(HELLO, meter=model.meter())
    model.ask(HELLO, meter=model.meter(), schema=prompts.JUDGE_SCHEMA)
    assert "response_format" not in wire.requests[0]
    sent = wire.requests[1]["response_format"]["json_schema"]
    assert (sent["strict"], sent["schema"]) == (True, prompts.JUDGE_SCHEMA)


def test_what_a_server_does_not_know_is_remembered(wire: WireServer) -> None:
    wire.formats = set()
    wire.refused_fields = {"temperature", "stream_options"}
    wire.say("x")
    for _ in range(2):
        model = chat(wire)
        assert model.ask(HELLO, meter=model.meter(), schema=prompts.JUDGE_SCHEMA) == "x"
    assert len(wire.refused) == 4  # schema, mode, and the two fields: each once for both models
    assert set(wire.requests[-1]) == {"model", "messages", "stream"}


def test_a_refusal_that_nothing_helps_is_told(wire: WireServer) -> None:
    wire.say(Reply(status=400, error={"error": {"message": "we are closed on Sundays"}}))
    model = chat(wire)
    with pytest.raises(ModelError, match="closed on Sundays") as caught:
        model.ask(HELLO, meter=model.meter())
    assert not caught.value.retryable


@pytest.mark.parametrize(
    ("reply", "fault"),
    [
        (Reply(status=401), "key"),
        (Reply(status=403), "key"),
        (Reply(status=404), "model"),
        (Reply(status=400, error={"error": "model `x` does not exist"}), "model"),
        (Reply(status=408), "timeout"),
        (Reply(status=429), "rate"),
        (Reply(status=500), "server"),
        (Reply(status=529), "server"),
        (Reply(status=400, error={"error": "the request exceeds the available context size"}), "overflow"),
        (Reply(status=413, error={"error": "too many tokens"}), "overflow"),
        (Reply(text="abc", drop_after=0), "unreachable"),
        (Reply(text="abc def", drop_after=2), "dropped"),
        (Reply(text="abc", finish=None), "dropped"),
        (Reply(text="abc", finish="content_filter"), "filter"),
        (Reply(text=""), "empty"),
        (Reply(text="y" * (MAX_REPLY + 10), pieces=9), "huge"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_faults(wire: WireServer, reply: Reply, fault: str) -> None:
    wire.say(reply)
    model = chat(wire)
    with pytest.raises(ModelError) as caught:
        model.ask(HELLO, meter=model.meter())
    assert caught.value.fault == fault
    message = str(caught.value)
    assert "\n" not in message
    assert message.startswith("Expected")
    assert KEY not in message


def test_a_connection_that_says_nothing_is_a_time_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        held: list[object] = []
        threading.Thread(target=lambda: held.append(silent.accept()), daemon=True).start()
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/v1"
        model = chat_model("openai:wire-1", key=None, base_url=url, timeout=0.3, retries=0)
        with pytest.raises(ModelError) as caught:
            model.ask(HELLO, meter=model.meter())
    assert caught.value.fault == "timeout"
    assert "127.0.0.1" in str(caught.value)


def event(choices: list[object], **more: object) -> str:
    head = {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "m"}
    return f"data: {json.dumps({**head, 'choices': choices, **more})}"


START = event([{"index": 0, "delta": {"role": "assistant", "content": None}, "finish_reason": None}])
WORDS = [event([{"index": 0, "delta": {"content": word}, "finish_reason": None}]) for word in ("satu ", "dua")]
END = event([{"index": 0, "delta": {}, "finish_reason": "stop"}])
USED = {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5}


@pytest.mark.parametrize(
    "lines",
    [
        [START, *WORDS, END, "data: [DONE]"],
        [event([], prompt_filter_results=[]), START, *WORDS, END, "data: [DONE]"],
        [": ping", START, "", *WORDS, "event: message\n" + END, "data: [DONE]"],
        [START, *WORDS, END],
        [START, WORDS[0], event([{"index": 0, "delta": {"content": "dua"}, "finish_reason": "stop"}], usage=USED)],
        [
            *[
                event([{"index": 0, "delta": {"content": w}, "finish_reason": None}], usage=USED)
                for w in ("satu ", "dua")
            ],
            END,
        ],
        [event([{"index": 0, "delta": {"reasoning_content": "hmm"}, "finish_reason": None}]), *WORDS, END],
    ],
    ids=["plain", "empty choices first", "comments", "no goodbye", "end with words", "usage in all", "thoughts"],
)
@pytest.mark.parametrize("ending", ["\n\n", "\r\n\r\n"])
def test_streams_of_other_makes(wire: WireServer, lines: list[str], ending: str) -> None:
    wire.say(Reply(raw="".join(line + ending for line in lines).encode()))
    model = chat(wire)
    meter = model.meter()
    assert model.ask(HELLO, meter=meter) == "satu dua"
    if "usage" in "".join(lines):
        assert meter.usage is not None
        assert (meter.usage.input_tokens, meter.usage.output_tokens) == (3, 2)


def test_an_error_inside_a_stream(wire: WireServer) -> None:
    wire.say(Reply(text="abc", event={"error": {"message": "overloaded", "type": "server_error"}}))
    model = chat(wire)
    with pytest.raises(ModelError) as caught:
        model.ask(HELLO, meter=model.meter())
    assert caught.value.fault == "server"


def test_several_threads_share_a_model(wire: WireServer) -> None:
    wire.say(lambda body: Reply(text=body["messages"][0]["content"] * 3))
    model = chat(wire)
    got: dict[str, str] = {}

    def ask(word: str) -> None:
        got[word] = model.ask((("user", word),), meter=model.meter())

    threads = [threading.Thread(target=ask, args=(f"kata{n}",)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert got == {f"kata{n}": f"kata{n}" * 3 for n in range(8)}


@pytest.mark.parametrize("name", ["nosuchprovider:x", "mistralai:x"])
def test_a_provider_that_cannot_be_had(name: str) -> None:
    with pytest.raises(SettingsError) as caught:
        chat_model(name, key=None, base_url=None, timeout=1, retries=0)
    assert "KUTIP_MODEL" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("key", ["my-own-password", "sk-other-0123456789"])
def test_a_key_of_any_form_is_left_out_of_what_the_service_says(wire: WireServer, key: str) -> None:
    wire.say(Reply(status=400, error={"error": {"message": f"odd header: {key} (Bearer {key})"}}))
    model = chat_model("openai:wire-1", key=Secret(key), base_url=wire.url, timeout=60, retries=0)
    with pytest.raises(ModelError, match="odd header") as caught:
        model.ask(HELLO, meter=model.meter())
    assert key not in "".join(traceback.format_exception(caught.value))


def test_services_are_named_by_host() -> None:
    assert Service(model="m", url="http://localhost:11434/v1").host == "localhost:11434"


@pytest.mark.parametrize(
    ("reply", "verdict"),
    [
        ('{"verdict": "partly"}', "partly"),
        ('I think:\n{"verdict": "unsupported"}', "unsupported"),
        ("supported", None),
        ('{"verdict": "maybe"}', None),
        ('{"verdict": "supported"} or {"verdict": "partly"}', None),
        (Reply(status=500), None),
    ],
)
def test_the_judge_gives_a_verdict_or_none(wire: WireServer, reply: str | Reply, verdict: str | None) -> None:
    wire.say(reply)
    model = chat(wire)
    assert model_judge(model, meter=model.meter())("Kim came.", ["Kim datang."]) == verdict
    assert "Kim datang." in wire.prompts[0]


def test_a_judge_with_a_wrong_key_is_an_error(wire: WireServer) -> None:
    wire.say(Reply(status=401))
    model = chat(wire)
    with pytest.raises(ModelError):
        model_judge(model, meter=model.meter())("Kim came.", ["Kim datang."])
