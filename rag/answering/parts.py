"""The parts of a question that asks two things at once (*when did the bridge fall, and who had built it?*).

A question comes in, one to three questions that stand by themselves go out; each is looked for on its own.
"""

from __future__ import annotations

import re

from rag.answering.followup import by_rules
from rag.language.glossary import Glossary
from rag.language.informal import formal
from rag.language.words import fold, stop_words, tokens
from rag.types import Language, Turn

MOST = 3
"""Parts."""
_WORDS: dict[Language, frozenset[str]] = {
    "id": frozenset(
        f"{word}{ending}"
        for word in ("siapa", "apa", "mana", "berapa", "seberapa", "kapan", "mengapa", "kenapa", "bagaimana")
        for ending in ("", "kah")
    ),
    "en": frozenset({"who", "whom", "whose", "what", "which", "when", "where", "why", "how"}),
}
_JOINTS: dict[Language, re.Pattern[str]] = {
    "id": re.compile(
        r"\s*(?:[,;?]\s*(?:(?:dan|serta|lalu|terus|kemudian|sedangkan)\b)?|\b(?:dan|serta|lalu|terus)\b)\s+"
    ),
    "en": re.compile(r"\s*(?:[,;?]\s*(?:(?:and|but|then)\b)?|\band\b)\s+"),
}
_BEFORE = frozenset({"in", "on", "at", "to", "from", "for", "by", "with", "since", "until", "of", "about", "against"})
"""English words that a second part may have before its question word; after others it may open a relative clause."""
_SAME = re.compile(r"\b(beda|berbeda|sama)\b")
"""*Kok angkanya beda?* asks for the same numbers again."""
_OPENING = 3
"""English words among which the first part has its question word."""


def parts(question: str, language: Language, glossary: Glossary) -> tuple[str, ...]:
    """The questions in a question, each complete in itself; the question alone when it asks one thing.

    Args:
        question: complete in itself.
        language: of the question.
        glossary: for taking questions apart.
    """
    pieces = _split(formal(question) if language == "id" else question, language)
    if len(pieces) < 2:
        return (question,)
    whole = [pieces[0]]
    for piece in pieces[1:]:
        whole.append(by_rules(piece, (Turn(question=whole[0]),), glossary))
    return tuple(whole)


def _split(text: str, language: Language) -> list[str]:
    pieces: list[str] = []
    begin = 0
    for joint in _JOINTS[language].finditer(text):
        left, right = text[begin : joint.start()], text[joint.end() :]
        if len(pieces) + 1 < MOST and _asks(left, language) and _goes_on(right, language):
            pieces.append(f"{left.strip()}?")
            begin = joint.end()
    return [*pieces, text[begin:].strip()]


def _asks(text: str, language: Language) -> bool:
    """Whether a first part asks about something (not *when and where …*) and does not end in the middle of it."""
    words = [fold(token.text) for token in tokens(text)]
    content = [word for word in words if word not in stop_words(language, question=True)]
    asking = [place for place, word in enumerate(words) if word in _WORDS[language]]
    if not asking or not content:
        return False
    if text.count('"') % 2 or text.count("“") != text.count("”"):
        return False
    return language == "id" or (asking[0] < _OPENING and words[-1] not in _WORDS["en"])


def _goes_on(text: str, language: Language) -> bool:
    """Whether what follows asks again."""
    words = [fold(token.text) for token in tokens(text)]
    asking = [place for place, word in enumerate(words) if word in _WORDS[language]]
    if not asking or len(words) < 2:
        return False
    if language == "id":
        return _SAME.search(" ".join(words)) is None
    return asking[0] == 0 or (asking[0] == 1 and words[0] in _BEFORE)
