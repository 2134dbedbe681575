from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
import tiktoken
from hypothesis import given
from hypothesis import strategies as st

from rag.models.tokens import counter, estimate
from tests.conftest import SEEDS

# The least that a byte-level vocabulary knows: all bytes and all pairs of lower-case letters, alone and after a space.
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_RANKS = {bytes([b]): b for b in range(256)}
_RANKS |= {(a + b).encode(): 256 + i for i, (a, b) in enumerate((a, b) for a in _LETTERS for b in _LETTERS)}
_RANKS |= {(" " + a).encode(): 1000 + i for i, a in enumerate(_LETTERS)}
_PATTERN = r"[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+|\s+"
POOR = tiktoken.Encoding("poor", pat_str=_PATTERN, mergeable_ranks=_RANKS, special_tokens={})


@given(st.text(max_size=200) | st.text(alphabet=_LETTERS + " .,", max_size=200))
def test_the_estimate_is_never_below_a_poor_vocabulary(text: str) -> None:
    assert estimate(text) >= len(POOR.encode_ordinary(text))


def test_the_estimate_of_news_is_below_its_characters() -> None:
    text = "".join(path.read_text("utf-8") for path in sorted(SEEDS.iterdir()))
    assert len(text) / 3 < estimate(text) < len(text)


def test_of_nothing_there_is_nothing() -> None:
    assert estimate("") == 0


def test_nothing_is_fetched_when_the_vocabulary_is_not_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path))
    name = "gpt-4o-2024-08-06"  # each name is looked up once for the process, so this test has its own
    assert counter(name)("sepuluh kata") == estimate("sepuluh kata")


def test_a_damaged_vocabulary_is_left_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    address = "https://openaipublic.blob.core.windows.net/encodings/o200k_base.tiktoken"
    file = tmp_path / hashlib.sha1(address.encode(), usedforsecurity=False).hexdigest()
    file.write_text("not a vocabulary")
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path))
    assert counter("gpt-4.1-2025-04-14")("satu") == estimate("satu")
    assert file.read_text() == "not a vocabulary"


def test_an_unknown_model_is_estimated() -> None:
    assert counter("llama3.2:3b") is estimate
