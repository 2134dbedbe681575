"""Passages as a model is shown them: hits come in, numbered text within a token budget goes out, and back again.

What is shown is cleaned, so that an article can neither imitate the lines that set passages apart nor hide words. Each
shown character remembers where it stands in the article, so that a quote of what was shown is a quote of the source.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256

from rag.answering import prompts
from rag.types import Chunk, Hit, Quote, Span, Turn

_LABEL = 120
"""Characters of a title or publisher that are shown."""
_TURN = 300
"""Characters of each part of a turn that are shown."""
_BRACKETS = {"<": "‹", ">": "›"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """One numbered passage of a prompt."""

    number: int
    chunk: Chunk
    span: Span
    """What is shown of the article; the chunk, or its first sentences."""
    shown: str
    offsets: tuple[int, ...]
    """For each character of ``shown``, its offset in the article."""

    def quote(self, text: str) -> Quote:
        """The quote that a model means with ``text``, placed exactly when it is word for word what was shown."""
        wanted = text.strip()
        at = self.shown.find(wanted) if wanted else -1
        if at < 0:
            return Quote(text=text, article_id=self.chunk.article_id, within=self.span)
        start, end = self.offsets[at], self.offsets[at + len(wanted) - 1] + 1
        words = self.chunk.text[start - self.chunk.start : end - self.chunk.start]
        return Quote(text=words, article_id=self.chunk.article_id, start=start, end=end, within=self.span)


def clean(text: str, start: int = 0) -> tuple[str, tuple[int, ...]]:
    """Text without what cannot be seen, and where each of its characters stands.

    Controls become spaces; format characters (zero-width, bidirectional), surrogates and unassigned code points go;
    angle brackets become single quotation marks of their shape.
    """
    kept = [(_shown(c), start + at) for at, c in enumerate(text)]
    return "".join(c for c, _ in kept), tuple(at for c, at in kept if c)


@cache
def _shown(character: str) -> str:
    if character == "\n":
        return character
    category = unicodedata.category(character)
    if category == "Cc":
        return " "
    if category in {"Cf", "Cs", "Cn", "Co"}:
        return ""
    return _BRACKETS.get(character, character)


def one_line(text: str, limit: int = _LABEL) -> str:
    """Cleaned text without line breaks, cut to ``limit`` characters."""
    return " ".join(clean(text[: 4 * limit])[0].split())[:limit]


def pack(hits: Sequence[Hit], *, budget: int, count_tokens: Callable[[str], int]) -> tuple[Passage, ...]:
    """As many passages as fit, best first; the first one that does not fit is cut after the last sentence that does.

    Args:
        hits: best first.
        budget: tokens for all passages with the lines around them.
        count_tokens: the model's counter.
    """
    packed: list[Passage] = []
    left = budget
    for hit in hits:
        found = _fitting(len(packed) + 1, hit.chunk, left, count_tokens)
        if found is None:
            break
        passage, cost = found
        packed.append(passage)
        left -= cost
        if passage.span.end < hit.chunk.end:
            break
    return tuple(packed)


def _fitting(number: int, chunk: Chunk, budget: int, count_tokens: Callable[[str], int]) -> tuple[Passage, int] | None:
    """As many sentences of a chunk as fit, and their cost; a chunk of a few words may be a million characters long."""
    ends: list[int] = []
    total = 0
    for sentence in chunk.sentences:
        total += count_tokens(chunk.sentence_text(sentence))
        if total > budget:
            break
        ends.append(sentence.end)
    while ends:  # the lines around a passage cost something too
        passage = _passage(number, chunk, Span(chunk.start, ends.pop()))
        cost = count_tokens(_block(passage, "0" * 8))
        if cost <= budget:
            return passage, cost
    return None


def _passage(number: int, chunk: Chunk, span: Span) -> Passage:
    shown, offsets = clean(chunk.text[: span.end - chunk.start], chunk.start)
    return Passage(number=number, chunk=chunk, span=span, shown=shown, offsets=offsets)


def boundary(passages: Sequence[Passage], question: str) -> str:
    """A word that no article can know beforehand, as it depends on all passages and the question: 8 hex digits."""
    everything = "\0".join((question, *(passage.shown for passage in passages)))
    return sha256(everything.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def fences(number: int | str, mark: str) -> tuple[str, str]:
    """The lines before and after a passage."""
    return f"<<<PASSAGE {number} {mark}>>>", f"<<<END {number} {mark}>>>"


def show(passages: Sequence[Passage], mark: str) -> str:
    """All passages as the prompt has them."""
    return "\n\n".join(_block(passage, mark) for passage in passages)


def _block(passage: Passage, mark: str) -> str:
    begin, end = fences(passage.number, mark)
    chunk = passage.chunk
    labels = [one_line(label) for label in (chunk.title, chunk.publisher, chunk.published) if label]
    source = re.sub(r"\s+", " ", " | ".join(labels)) or one_line(chunk.article_id)
    return f"{begin} ({source})\n{passage.shown}\n{end}"


def conversation(turns: Sequence[Turn]) -> str:
    """Turns as a prompt shows them; empty when there are none."""
    if not turns:
        return ""
    lines = [f"- {one_line(turn.question, _TURN)}\n  {one_line(turn.answer, _TURN) or '(no answer)'}" for turn in turns]
    return prompts.TURNS.format(turns="\n".join(lines))
