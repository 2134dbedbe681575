from __future__ import annotations

import json

import pytest

from rag.answering.replies import MAX_CLAIMS, MalformedError, ReplyReader

WHOLE = json.dumps(
    {
        "claims": [
            {"text": 'Kim said "yes"', "quotes": [{"passage": 2, "quote": "a } in { a quote"}]},
            {"text": "Second", "quotes": []},
        ],
        "reason": None,
    }
)


def read(text: str, size: int = 1) -> ReplyReader:
    reader = ReplyReader()
    for at in range(0, len(text), size):
        reader.feed(text[at : at + size])
    return reader


@pytest.mark.parametrize("size", [1, 3, 7, 1000])
def test_claims_come_out_of_pieces_of_any_size(size: int) -> None:
    reader = read(WHOLE, size)
    assert [claim.text for claim in reader.claims] == ['Kim said "yes"', "Second"]
    assert reader.claims[0].quotes[0].passage == 2
    assert reader.claims[0].quotes[0].text == "a } in { a quote"
    assert reader.finish() is None


def test_a_claim_comes_out_with_its_last_character() -> None:
    end = WHOLE.index("}]}") + 3
    assert read(WHOLE[: end - 1]).claims == []
    assert len(read(WHOLE[:end]).claims) == 1


@pytest.mark.parametrize(
    "text",
    [
        f"Here you are:\n```json\n{WHOLE}\n```\nHope it helps!",
        f'<think>{{"claims": [{{"text": "no"}}]}} hmm</think>\n{WHOLE}',
        WHOLE[:-1],
        WHOLE[: WHOLE.index(', "reason"')],
    ],
    ids=["fenced", "thoughts", "brace missing", "cut after the list"],
)
def test_what_models_wrap_around_it_is_forgiven(text: str) -> None:
    reader = read(text, 5)
    assert reader.finish() is None
    assert [claim.text for claim in reader.claims] == ['Kim said "yes"', "Second"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("I am sorry.", "no JSON object"),
        ("", "no JSON object"),
        (WHOLE[:40], "breaks off"),
        ('{"claims": {"text": "x"}}', "not a list"),
        ('{"claims": [{"words": "x"}]}', '"text"'),
        ('{"claims": [{"text": "x", "quotes": ["y"]}]}', '"quote"'),
        ('{"claims": [}]}', "invalid"),
    ],
)
def test_what_cannot_be_read_says_why(text: str, why: str) -> None:
    with pytest.raises(MalformedError, match=why):
        read(text).finish()


def test_a_reason_is_one_line() -> None:
    assert read('{"claims": [], "reason": "not\\n there "}').finish() == "not there"


@pytest.mark.parametrize(
    ("given", "number"), [("3", 3), ("[3]", 3), ("Passage 3", 3), (True, None), (None, None), (1.5, None)]
)
def test_numbers_of_passages(given: object, number: int | None) -> None:
    reader = read(json.dumps({"claims": [{"text": "x", "quotes": [{"passage": given, "quote": "y"}]}]}))
    reader.finish()
    assert reader.claims[0].quotes[0].passage == number


def test_there_is_an_end_to_claims() -> None:
    reader = read(json.dumps({"claims": [{"text": str(n), "quotes": []} for n in range(100)]}), 50)
    reader.finish()
    assert len(reader.claims) == MAX_CLAIMS
