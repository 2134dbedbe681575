from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.articles.jsonlines import METADATA, parse


def test_all_fields() -> None:
    line = (
        '{"id": "a", "text": "Kim tiba.", "title": "Judul", "url": "https://x.id", "publisher": "X", "author": "Ani",'
        ' "published": "2023-09-15T10:00:00+07:00", "language": "id", "unknown": [1]}'
    )
    id, text, metadata = parse(line.encode())
    assert (id, text) == ("a", "Kim tiba.")
    assert metadata == {
        "title": "Judul", "publisher": "X", "author": "Ani", "published": "2023-09-15", "url": "https://x.id",
        "language": "id",
    }  # fmt: skip


def test_only_the_text_is_needed() -> None:
    id, text, metadata = parse(b'{"text": "Kim tiba.", "title": null, "author": "  "}')
    assert id == parse(b'{"text": "Kim tiba."}').id != parse(b'{"text": "Kim pulang."}').id
    assert len(id) == 16
    assert text == "Kim tiba."
    assert metadata == dict.fromkeys(METADATA)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b"{", "expected a JSON object on one line, saw a fault"), (b'{"text": "a"} x', "extra data at column 15"),
        (b"[1]", "expected a JSON object, saw [1]"), (b'"a"', 'saw "a"; write one object a line'),
        (b"{}", "under 'text', saw null"), (b'{"text": ""}', "under 'text', saw \"\""), (b'{"text": 5}', "saw 5"),
        (b'{"text": " \\n"}', "expected the article's words"), (b'{"text": ["a"]}', 'saw ["a"]'),
        (b'{"text": "a", "title": 5}', "expected a string or null under 'title', saw 5"),
        (b'{"text": "a", "id": 7}', "under 'id', saw 7; put it in quotation marks"),
        (b'{"text": "a", "published": "15/9/2023"}', "expected an ISO 8601 date under 'published', saw '15/9/2023'"),
        (b'{"text": "a\\u0000"}', "under 'text', saw NUL or half"),
        (b'{"text": "a\\ud800"}', "half a surrogate pair"),
        (b'{"text": "a", "title": "\\udc00"}', "under 'title'"),
        (b'{"text": "\xff"}', "expected UTF-8, saw the byte 0xff"),
        (b"[" * 200_000, "nested too deep"), (b'{"text": {"a": "' + b"x" * 90 + b'"}}', "…"),
    ],
)  # fmt: skip
def test_faults_are_named(line: bytes, message: str) -> None:
    with pytest.raises(ValueError, match="expected") as caught:
        parse(line)
    assert message in str(caught.value)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)


@given(st.dictionaries(st.sampled_from(["id", "text", *METADATA]), JSON) | JSON)
def test_any_json_is_read_or_refused(value: object) -> None:
    try:
        fields = parse(json.dumps(value).encode())
    except ValueError:
        return
    assert isinstance(value, dict)
    assert fields.text == value["text"]
    assert fields.text.encode()
