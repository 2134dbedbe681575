"""What a sentence cannot be read without: a chunk and the number of a sentence in, the span to quote out.

The sentences before it, when it only says ``he`` or ``in return`` of what they are about, or quotes somebody whom they
name (``"...," katanya``); the one after it, when that one takes back or limits what it says (``Namun ...``).
"""

from __future__ import annotations

from itertools import pairwise

from rag.finding.views import opens_with_contrast, opens_with_pronoun
from rag.language import cues
from rag.language.words import fold, tokens
from rag.types import Chunk, Span

_BACK = 2
"""Sentences before, at most."""
_PERSON = frozenset({"dia", "ia", "beliau", "he", "she"})


def readable(chunk: Chunk, number: int) -> Span:
    """Where sentence ``number`` of a chunk stands in the article, with what it cannot be read without."""
    first = number
    while first and number - first < _BACK and _points_back(chunk.sentence_text(chunk.sentences[first])):
        first -= 1
    last = number
    if number + 1 < len(chunk.sentences) and opens_with_contrast(chunk.sentence_text(chunk.sentences[number + 1])):
        last += 1
    return Span(chunk.sentences[first].start, chunk.sentences[last].end)


def _points_back(text: str) -> bool:
    return opens_with_pronoun(text) or leaves_speaker_unnamed(text)


def leaves_speaker_unnamed(text: str) -> bool:
    """Whether a sentence gives words of somebody without the name: ``katanya``, ``ujar dia``, ``she said``."""
    words = [fold(token.text) for token in tokens(text)]
    verbs = cues.words("speech", "id") | cues.words("speech", "en")
    attached = any(word.endswith("nya") and word.removesuffix("nya") in verbs for word in words)
    return attached or any({left, right} & verbs and {left, right} & _PERSON for left, right in pairwise(words))
