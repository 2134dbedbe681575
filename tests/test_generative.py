from __future__ import annotations

import json
from pathlib import Path

import pytest

from rag.archive.access import index_paths
from rag.pipeline import Kutip, open_pipeline
from rag.settings import Settings
from rag.types import Answer, Request, Turn
from tests.conftest import OpenAt
from tests.wire_server import Reply, WireServer, answering, quoted

RIFLE = "Putin memberi Kim senapan berkualitas tinggi buatan Rusia"
RETURN = "Kim memberi Putin senjata buatan Korea Utara"
DRONES = "seorang gubernur regional Rusia menghadiahkannya lima drone “kamikaze” yang dapat meledak"
GIFT = ("Putin gave Kim a high-quality Russian-made rifle.", [RIFLE])
IN_RETURN = ("Kim gave Putin a weapon made in North Korea.", [RETURN])


@pytest.fixture
def kutip(wire: WireServer, open_at: OpenAt) -> Kutip:
    return open_at(wire)


def check_citations(answer: Answer, kutip: Kutip) -> None:
    texts = {article.id: article.text for article in kutip.articles()}
    for citation in answer.citations:
        assert texts[citation.article_id][citation.start : citation.end] == citation.quote


def test_a_right_answer(wire: WireServer, kutip: Kutip) -> None:
    wire.say(answering(GIFT, IN_RETURN))
    answer = kutip.invoke("What gifts were exchanged?")
    assert [claim.text for claim in answer.claims] == [GIFT[0], IN_RETURN[0]]
    assert [claim.verdict for claim in answer.claims] == ["supported", "supported"]
    assert [citation.quote for citation in answer.citations] == [RIFLE, RETURN]
    check_citations(answer, kutip)
    assert answer.answerer == "openai:wire-1"
    assert answer.degraded is None
    assert answer.usage is not None
    assert answer.usage.input_tokens > 100
    assert answer.usage.cost_usd is None
    assert set(answer.timings_ms) == {"question", "retrieval", "draft", "verification", "total"}


def test_subtly_wrong_claims_are_withheld(wire: WireServer, kutip: Kutip) -> None:
    wire.say(answering(GIFT, ("Putin gave Kim five rifles.", [RIFLE]), ("Putin did not give Kim a rifle.", [RIFLE])))
    answer = kutip.invoke("What did Putin give Kim?")
    assert [claim.text for claim in answer.claims] == [GIFT[0]]
    assert len(answer.withheld) == 2
    assert all(claim.problems for claim in answer.withheld)


def test_quotes_that_are_not_where_they_are_said_to_be(wire: WireServer, kutip: Kutip) -> None:
    def misplaced(body: dict[str, object]) -> Reply:
        right = json.loads(answering(GIFT)(body).text)["claims"][0]["quotes"][0]["passage"]
        return Reply(
            text=quoted(
                ("Under a wrong number.", [(right + 1, RIFLE)]),
                ("Under no number.", [(99, RIFLE)]),
                ("Invented.", [(right, "Putin memberi Kim seekor kuda putih")]),
                ("Nothing quoted.", []),
            )
        )

    wire.say(misplaced)
    answer = kutip.invoke("What did Putin give Kim?")
    assert answer.abstained
    assert answer.reason
    assert answer.nearest
    assert len(answer.withheld) == 4


def test_the_model_may_say_that_the_passages_do_not_answer(wire: WireServer, kutip: Kutip) -> None:
    wire.say(quoted(reason="Harga beras tidak disebut."))
    answer = kutip.invoke("Berapa harga beras?")
    assert answer.abstained
    assert answer.reason == "Harga beras tidak disebut."
    assert answer.nearest


def test_markers_and_hidden_characters_of_the_model_go(wire: WireServer, kutip: Kutip) -> None:
    wire.say(answering(("Putin gave Kim a \u202ehigh-quality\u202c\n Russian-made rifle [1][2].", [RIFLE])))
    answer = kutip.invoke("What did Putin give Kim?")
    assert [claim.text for claim in answer.claims] == ["Putin gave Kim a high-quality Russian-made rifle."]


def test_the_first_claim_is_there_before_half_of_the_stream(wire: WireServer, kutip: Kutip) -> None:
    wire.say(answering(GIFT, IN_RETURN, IN_RETURN, IN_RETURN, IN_RETURN, pieces=40, hold_after=19))
    answers = kutip.stream("What gifts were exchanged?")
    first = next(answers)
    assert [claim.text for claim in first.claims] == [GIFT[0]]
    assert first.claims[0].citations == (1,)
    before = "".join(wire.sent)  # the server holds the rest back until it is told to go on
    wire.let_go()
    *_, last = answers
    whole = "".join(wire.sent)
    assert json.loads(whole)
    assert len(before) < len(whole) / 2
    assert len(last.claims) >= 2
    assert last.usage is not None


def test_a_reader_who_stops_stops_the_request(wire: WireServer, kutip: Kutip) -> None:
    wire.say(answering(GIFT, IN_RETURN, IN_RETURN, IN_RETURN, pieces=40, hold_after=20))
    answers = kutip.stream("What gifts were exchanged?")
    next(answers)
    answers.close()  # type: ignore[attr-defined]
    assert wire.closed_early.wait(60)
    assert not "".join(wire.sent).endswith("}")


@pytest.mark.parametrize(
    ("formats", "tried"),
    [
        ({"json_schema", "json_object"}, ["json_schema"]),
        ({"json_object"}, ["json_schema", "json_object"]),
        (set(), ["json_schema", "json_object", None]),
    ],
    ids=["schema", "mode only", "neither"],
)
def test_formats_are_negotiated_once(
    wire: WireServer, kutip: Kutip, formats: set[str], tried: list[str | None]
) -> None:
    wire.formats = formats
    wire.say(answering(GIFT))
    for _ in range(2):
        assert [claim.text for claim in kutip.invoke("What did Putin give Kim?").claims] == [GIFT[0]]
    asked = [(body.get("response_format") or {}).get("type") for body in [*wire.refused, *wire.requests]]
    assert asked == [*tried, tried[-1]]


@pytest.mark.parametrize("name", ["temperature", "stream_options"])
def test_other_fields_are_left_out_when_refused(wire: WireServer, kutip: Kutip, name: str) -> None:
    wire.refused_fields = {name}
    wire.say(answering(GIFT))
    assert kutip.invoke("What did Putin give Kim?").claims
    assert name not in wire.requests[0]
    assert "response_format" in wire.requests[0]


def test_a_refusal_that_names_nothing_leads_to_the_plainest_request(wire: WireServer, kutip: Kutip) -> None:
    def picky(body: dict[str, object]) -> Reply:
        if {"temperature", "response_format", "stream_options"} & set(body):
            return Reply(status=400, error={"error": "bad request"})
        return answering(GIFT)(body)

    wire.say(picky)
    assert kutip.invoke("What did Putin give Kim?").claims


def test_prose_around_the_object_is_forgiven(wire: WireServer, kutip: Kutip) -> None:
    wire.formats = set()
    wire.say(lambda body: Reply(text=f"Sure!\n```json\n{answering(GIFT)(body).text}\n```"))
    answer = kutip.invoke("What did Putin give Kim?")
    assert [claim.text for claim in answer.claims] == [GIFT[0]]
    assert answer.degraded is None


def test_a_malformed_reply_is_sent_back_once(wire: WireServer, kutip: Kutip) -> None:
    wire.say('{"claims": [{"text": 3}]}', answering(GIFT))
    answer = kutip.invoke("What did Putin give Kim?")
    assert [claim.text for claim in answer.claims] == [GIFT[0]]
    assert answer.degraded is None
    assert len(wire.requests) == 2
    *_, reply, repair = wire.requests[1]["messages"]
    assert (reply["role"], reply["content"]) == ("assistant", '{"claims": [{"text": 3}]}')
    assert 'not an object with a "text"' in repair["content"]


def test_passages_are_packed_into_the_context(wire: WireServer, open_at: OpenAt) -> None:
    wire.say(quoted(reason="No."))
    sizes = []
    for context in ("4500", "6000", "16000"):
        open_at(wire, KUTIP_CONTEXT=context).invoke("What gifts were exchanged?")
        sizes.append(len(wire.prompts[-1]))
    assert sizes[0] < sizes[1] < sizes[2]
    assert sizes[0] < 4500


def test_history_is_shown_but_is_no_source(wire: WireServer, kutip: Kutip) -> None:
    wire.say("What did Kim give Putin in return?", answering(IN_RETURN))
    turn = Turn(question="What did Putin give Kim?", answer="A rifle. [1]")
    answer = kutip.invoke(Request(text="And what did he get in return?", history=(turn,)))
    assert answer.question == "And what did he get in return?"
    assert answer.understood == "What did Kim give Putin in return?"
    assert [claim.text for claim in answer.claims] == [IN_RETURN[0]]
    assert "it is no source" in wire.prompts[1]
    assert "Question (English): What did Kim give Putin in return?" in wire.prompts[1]


def test_a_request_may_ask_for_quotes_only_and_for_fewer_passages(wire: WireServer, kutip: Kutip) -> None:
    wire.say(quoted(reason="No."))
    assert kutip.invoke(Request(text="What gifts were exchanged?", answerer="extractive")).answerer == "extractive"
    assert wire.requests == []
    kutip.invoke(Request(text="What gifts were exchanged?", k=2))
    assert wire.prompts[0].count("<<<PASSAGE") == 2 + 1  # and once in the rules


def test_the_second_pass_can_only_be_stricter(wire: WireServer, open_at: OpenAt) -> None:
    kutip = open_at(wire, KUTIP_VERIFY="model")
    wire.say(answering(GIFT, IN_RETURN), '{"verdict": "unsupported"}', '{"verdict": "supported"}')
    answer = kutip.invoke("What gifts were exchanged?")
    assert [claim.text for claim in answer.claims] == [IN_RETURN[0]]
    assert [claim.text for claim in answer.withheld] == [GIFT[0]]
    assert RIFLE in wire.prompts[1]
    assert wire.requests[1]["response_format"]["json_schema"]["schema"]["properties"]["verdict"]
    assert answer.usage is not None
    words = sum(len(prompt.split()) for prompt in wire.prompts)
    assert answer.usage.input_tokens == words


def test_a_second_pass_that_fails_is_said_so(wire: WireServer, open_at: OpenAt) -> None:
    kutip = open_at(wire, KUTIP_VERIFY="model")
    wire.say(answering(GIFT), "I think it is fine")
    answer = kutip.invoke("What gifts were exchanged?")
    assert [claim.text for claim in answer.claims] == [GIFT[0]]
    assert answer.degraded


def test_growing_answers_are_all_verified(wire: WireServer, kutip: Kutip) -> None:
    wire.say(answering(GIFT, ("Putin gave Kim five rifles.", [RIFLE]), IN_RETURN, pieces=30))
    answers = list(kutip.stream("What gifts were exchanged?"))
    assert [len(answer.claims) for answer in answers] == [1, 2, 2]
    assert len(answers[-1].withheld) == 1
    for answer in answers:
        check_citations(answer, kutip)
        assert not answer.abstained


def test_no_passages_no_request(wire: WireServer, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Exit mobile version")
    settings = Settings.from_env({"KUTIP_HOME": str(tmp_path / "home"), **wire.env()})
    index_paths(settings, [tmp_path / "a.txt"])
    answer = open_pipeline(settings).invoke("What gifts were exchanged?")
    assert answer.abstained
    assert wire.requests == []
