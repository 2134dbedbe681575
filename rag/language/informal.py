"""Indonesian as it is typed in a hurry, in the words that articles use: ``brp lama ketemunya`` as ``berapa lama``."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files

from rag.language.rarity import usage
from rag.language.stemming import root
from rag.language.words import fold

_WORD = re.compile(r"[^\W\d_]+2?")


@cache
def _table() -> dict[str, str]:
    table: dict[str, str] = json.loads(files("rag").joinpath("data/informal.json").read_text("utf-8"))
    return table


def formal(text: str) -> str:
    """The text with colloquial words and abbreviations written out, and ``oleh2`` as ``oleh-oleh``."""
    return re.sub(r"\s+", " ", _WORD.sub(_formal, text)).strip()


def _formal(match: re.Match[str]) -> str:
    word = match.group()
    folded = fold(word)
    if folded in _table() and not word.isupper():
        return _table()[folded]
    if word.islower() and _lost_its_prefix(folded):
        return f"me{folded}"
    if word.endswith("2") and len(word) > 3:
        return f"{word[:-1]}-{word[:-1]}"
    if word.islower() and (whole := _with_its_suffix(folded)):
        return whole
    if len(word) > 5 and folded.endswith("nya") and folded[:-3] in _table():
        return _table()[folded[:-3]]
    return word


def _with_its_suffix(word: str) -> str | None:
    """A verb said with ``-in`` as written, ``bandingkan`` for ``bandingin``; None for other words."""
    if not word.endswith("in") or len(word) < 6 or word in usage()[0] or root(word) is not None:
        return None
    written = f"{word[:-2]}kan"
    forms = (written, f"me{written}", f"men{written}", f"mem{written}", f"meng{written}")
    return next((form for form in forms if root(form) is not None), None)


def _lost_its_prefix(word: str) -> bool:
    """Whether a verb is said without its ``me``: ``nulis`` for ``menulis``; no word that articles use is one.

    One that begins with ``me`` already (``meluap``) is one only when articles use the longer word (``memeriksa``).
    """
    if word[0] not in "mn" or word in usage()[0] or root(word) is not None:
        return False
    return root(f"me{word}") is not None and (not word.startswith("me") or f"me{word}" in usage()[0])
