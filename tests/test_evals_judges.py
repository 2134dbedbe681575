from __future__ import annotations

import json
from typing import Any

import pytest

from evals.judge_model import Model
from evals.judges import Coverage, Lexical
from evals.run import make_judges, model_judge
from evals.runner import judge_claim
from rag.errors import SettingsError
from rag.language.glossary import Glossary
from rag.settings import Settings
from rag.types import Usage
from tests.wire_server import Reply, WireServer

RIFLE = "Putin memberi Kim senapan berkualitas tinggi buatan Rusia."
GLOSSARY = Glossary.load()


@pytest.mark.parametrize("judge", [Lexical(GLOSSARY, "1"), Coverage(GLOSSARY, "1")], ids=lambda j: j.name)
def test_offline_judges(judge: Lexical | Coverage) -> None:
    assert judge.verdict(RIFLE, [RIFLE]).supported
    assert judge.verdict("Putin gave Kim a rifle made in Russia.", [RIFLE]).supported
    assert judge.verdict("Harga beras naik di Jakarta.", [RIFLE]).supported is False
    assert judge.verdict(RIFLE, []).supported is False


def test_the_lexical_judge_says_why() -> None:
    judged = Lexical(GLOSSARY, "1").verdict("Putin memberi Kim lima senapan buatan Rusia.", [RIFLE])
    assert judged.supported is False
    assert judged.problems


def test_the_best_context_counts() -> None:
    judged = Lexical(GLOSSARY, "1").faithfulness("Siapa?", [RIFLE], ["Harga beras naik.", RIFLE])
    assert [(j.supported, j.evidence) for j in judged] == [(True, RIFLE)]
    assert Lexical(GLOSSARY, "1").faithfulness("Siapa?", [], [RIFLE]) == ()


def test_coverage_by_hand() -> None:
    judge = Coverage(GLOSSARY, "1")
    assert judge.score("Putin memberi Kim pedang", [RIFLE]) == pytest.approx(3 / 4)
    assert judge.score("dan yang itu", [RIFLE]) == 0


class Scripted:
    """Replies in order, and what was asked."""

    def __init__(self, *replies: Any) -> None:
        self.replies = [r if isinstance(r, str) else json.dumps(r) for r in replies]
        self.asked: list[dict[str, Any]] = []

    def __call__(self, instructions: str, content: str) -> tuple[str, Usage | None]:
        self.asked.append(json.loads(content))
        return self.replies[len(self.asked) - 1], Usage(input_tokens=10, output_tokens=2, cost_usd=0.5)


def verdicts(*values: Any) -> dict[str, Any]:
    return {"verdicts": [{"supported": value, "reason": f"because {i}"} for i, value in enumerate(values)]}


def test_statements_first_then_one_verdict_each() -> None:
    ask = Scripted({"statements": ["A gave B.", "B left."]}, verdicts(True, False))
    judged = Model(ask, "m").faithfulness("Who?", ["A gave B and then B left."], ["one", "two"])
    assert ask.asked[0] == {"question": "Who?", "answer": "A gave B and then B left."}
    assert ask.asked[1] == {"sources": ["one", "two"], "statements": ["A gave B.", "B left."]}
    assert [(j.statement, j.supported, j.problems) for j in judged] == [
        ("A gave B.", True, ()),
        ("B left.", False, ("judge: because 1",)),
    ]
    assert judged[0].usage == Usage(input_tokens=20, output_tokens=4, cost_usd=1.0)  # of both requests, told once
    assert judged[1].usage is None


@pytest.mark.parametrize(
    "reply",
    [
        "I think so.", "{", '{"verdicts": true}', '["x"]', verdicts(True, True), verdicts("yes"), {"verdicts": [1]},
        verdicts(None),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_unscored(reply: Any) -> None:
    judged = Model(Scripted(reply), "m").verdict("A gave B.", ["one"])
    assert judged.supported is None
    assert judged.score is None
    assert judged.problems == ("judge: the reply could not be read",)


def test_a_split_that_cannot_be_read_is_unscored() -> None:
    (judged,) = Model(Scripted("no"), "m").faithfulness("Who?", ["A gave B."], ["one"])
    assert judged.supported is None


def test_a_reply_in_a_code_fence_is_read() -> None:
    reply = f"Here:\n```json\n{json.dumps(verdicts(True))}\n```"
    assert Model(Scripted(reply), "m").verdict("A gave B.", ["one"]).supported is True


def test_nothing_is_asked_where_nothing_is_cited_or_claimed() -> None:
    ask = Scripted()
    assert Model(ask, "m").verdict("A gave B.", []).supported is False
    assert Model(ask, "m").faithfulness("Who?", [], ["one"]) == ()
    assert ask.asked == []


def test_verdicts_for_citations() -> None:
    judge = Coverage(GLOSSARY, "1")
    one = judge_claim(judge, RIFLE, [RIFLE])
    assert one["alone"] == [one["together"]]
    assert one["without"][0]["supported"] is False
    two = judge_claim(judge, RIFLE, [RIFLE, "Harga beras naik."])
    assert [v["supported"] for v in two["alone"]] == [True, False]
    assert [v["supported"] for v in two["without"]] == [False, True]
    none = judge_claim(judge, RIFLE, [])
    assert none["together"]["supported"] is False
    assert none["alone"] == none["without"] == []


def test_the_model_judge_over_the_wire(wire: WireServer) -> None:
    settings = Settings.from_env({"KUTIP_RETRIES": "0", **wire.env()})
    wire.say(
        Reply(text=json.dumps({"statements": ["Putin gave Kim a rifle."]})),
        Reply(text=json.dumps(verdicts(True))),
        Reply(text="no verdict"),
    )
    judge = model_judge(settings)
    (judged,) = judge.faithfulness("What?", ["Putin gave Kim a rifle."], [RIFLE])
    assert judged.supported is True
    assert judged.usage is not None
    assert judged.usage.input_tokens > 0
    assert judge.verdict("Putin gave Kim a rifle.", [RIFLE]).supported is None
    assert len(wire.requests) == 3
    assert RIFLE in wire.requests[1]["messages"][1]["content"]
    assert judge.version.startswith("openai:wire-1-")


def test_without_a_model_there_is_no_model_judge() -> None:
    with pytest.raises(SettingsError, match="saw none: set OPENAI_API_KEY"):
        make_judges(["model"], Settings.from_env({}))
