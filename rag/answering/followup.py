"""A question of a conversation → a question that stands by itself, by a language model or by rules."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rag.answering import prompts
from rag.answering.passages import clean, conversation
from rag.errors import ModelError
from rag.finding.question import Query, analyse
from rag.finding.terms import TermGroup
from rag.language.glossary import Glossary
from rag.language.words import fold, tokens
from rag.types import Language, Turn

if TYPE_CHECKING:
    from langchain_core.runnables import RunnableConfig

    from rag.models.chat import Chat, Meter

MAX_REWRITTEN = 400
"""Characters; a model that writes more has not written a question."""
_TURNS = 3
_CARRIED = 8
"""Words or names taken over at most."""
_NAMES_OF_ANSWER = 2
_WORDS_OF_ANSWER = 3

_REFERS: dict[Language, frozenset[str]] = {
    "id": frozenset(
        [
            "dia",
            "ia",
            "beliau",
            "mereka",
            "itu",
            "tersebut",
            "ini",
            "sana",
            "situ",
            "nya",
            "keduanya",
            "semuanya",
            "begitu",
            "demikian",
            "tadi",
        ]
    ),
    "en": frozenset(
        [
            "he",
            "she",
            "it",
            "they",
            "him",
            "her",
            "his",
            "hers",
            "its",
            "their",
            "theirs",
            "them",
            "that",
            "this",
            "those",
            "these",
            "there",
            "both",
            "then",
            "so",
        ]
    ),
}
_OPENS: dict[Language, re.Pattern[str]] = {
    "id": re.compile(
        r"(?:dan|lalu|lantas|terus|kemudian|tapi|tetapi|kalau|jika|bagaimana (?:dengan|kalau)|sedangkan)\b"
    ),
    "en": re.compile(r"(?:and|but|or|then|so|also|what about|how about|what if|what else|who else|where else)\b"),
}
_PERSONAL = frozenset(
    ["dia", "ia", "beliau", "mereka", "he", "she", "him", "her", "his", "hers", "they", "them", "their", "theirs"]
)
_DEFINES = re.compile(r"(?:apa|siapa|apakah)(?:kah)? itu [^\W\d_]+")
_POSSESSED = re.compile(r"[a-z]{3,}nya")
_NOT_POSSESSED = frozenset(
    ["hanya", "tanya", "punya", "bertanya", "biasanya", "akhirnya", "sebelumnya", "sebenarnya", "misalnya"]
)


def full_question(
    question: str,
    history: Sequence[Turn],
    glossary: Glossary,
    *,
    chat: Chat | None = None,
    meter: Meter | None = None,
    config: RunnableConfig | None = None,
) -> str:
    """The question, complete in itself.

    Args:
        question: as asked, not empty.
        history: earlier turns, oldest first.
        glossary: for taking questions apart.
        chat: asked in one short call when there is one; rules stand in when it fails for the moment.
        meter: told what the service counted.
        config: LangChain's callbacks, tags, …

    Raises:
        ModelError: the key or the model's name is wrong.
    """
    if not history:
        return question
    rewritten = _by_model(question, history, glossary, chat, meter or chat.meter(), config) if chat else None
    return rewritten or by_rules(question, history, glossary)


def _by_model(
    question: str, history: Sequence[Turn], glossary: Glossary, chat: Chat, meter: Meter, config: RunnableConfig | None
) -> str | None:
    language = prompts.LANGUAGES[_language(question, history, glossary)]
    turns = conversation(history[-_TURNS:])
    asked = prompts.FOLLOW_UP_QUESTION.format(turns=turns, language=language, question=clean(question)[0])
    try:
        reply = chat.ask((("system", prompts.FOLLOW_UP_SYSTEM), ("user", asked)), meter=meter, config=config)
    except ModelError as error:
        if error.retryable:
            return None
        raise
    line = clean(reply)[0].strip().strip("\"“”'")
    usable = len(line) <= MAX_REWRITTEN and "\n" not in line and "{" not in line and any(c.isalnum() for c in line)
    return line if usable else None


def by_rules(question: str, history: Sequence[Turn], glossary: Glossary) -> str:
    """The question with names and words of the turn before it in brackets, when it leans on them; else as it is."""
    if not history or not leans(question, history, glossary):
        return question
    before, asked = analyse(history[-1].question, glossary), analyse(question, glossary)
    carried = _carried(asked, before, history[-1], glossary)
    if not carried:
        return question
    body, mark = re.fullmatch(r"(.*?)([?.!\s]*)", question, re.DOTALL).groups()  # type: ignore[union-attr]  # matches all
    return f"{body} ({', '.join(carried)}){mark.strip() or '?'}"


def leans(question: str, history: Sequence[Turn], glossary: Glossary) -> bool:
    """Whether a question cannot be understood without what came before it."""
    language = _language(question, history, glossary)
    query = analyse(question, glossary)
    plain = " ".join(fold(question).split())
    if _OPENS[language].match(plain):
        return True
    content = [group for group in query.groups if fold(group.text) not in _REFERS[language]]
    if not content or len(list(tokens(question))) == len(_words(" ".join(query.names))):
        return True
    if _DEFINES.match(plain):
        return False
    if language == "id" and len(content) == 1 and not query.names and _is_affixed(content[0]):
        return True
    reference = _first_reference(question, language)
    return reference is not None and not any(question.find(name) < reference for name in query.names)


def _is_affixed(group: TermGroup) -> bool:
    """Whether the word is derived, most often a verb (``siapa yang memberi?``): by itself it names nothing."""
    return group.alternatives[0].stems != (fold(group.text),)


def _first_reference(question: str, language: Language) -> int | None:
    """Where the first word stands that points to something said before."""
    for token in tokens(question):
        word = fold(token.text)
        possessed = language == "id" and _POSSESSED.fullmatch(word) and word not in _NOT_POSSESSED
        if word in _REFERS[language] or possessed:
            return token.start
    return None


def _carried(asked: Query, before: Query, turn: Turn, glossary: Glossary) -> list[str]:
    """Names of the earlier question and answer first, then other words of either; nothing said twice.

    A question with a name of its own has left the earlier ones behind, unless it says ``he``.
    """
    has = _words(asked.text)
    personal = bool(has & _PERSONAL)
    told = analyse(turn.answer, glossary) if turn.answer.strip() else None
    new_name = any(not _words(name) <= _words(before.text) for name in asked.names)
    names = [] if new_name and not personal else _names(before)
    if told and (personal or not asked.names) and (not names or before.kind == "who"):
        new = [name for name in _names(told) if not any(_words(known) <= _words(name) for known in names)]
        names += new[: 1 if asked.names else _NAMES_OF_ANSWER]
    others = [group.text for group in before.groups if group.text not in names]
    named = _words(" ".join(before.names))
    if told and not (personal and names) and all(_words(word) <= named for word in others):
        others += [group.text for group in told.groups if not group.name][:_WORDS_OF_ANSWER]
    carried: list[str] = []
    for phrase in (*names, *(other for other in others if not new_name or other not in _name_words(before))):
        words = _words(phrase)
        if words and not words <= has:
            carried.append(phrase)
            has |= words
    return carried[:_CARRIED]


def _names(query: Query) -> list[str]:
    """Names of a question or statement, but for a single word that may be capital only because it comes first."""
    return [name for name in query.names if len(_words(name)) > 1 or not query.text.lstrip().startswith(name)]


def _name_words(query: Query) -> set[str]:
    return {token.text for name in _names(query) for token in tokens(name)}


def _words(text: str) -> set[str]:
    return {fold(token.text) for token in tokens(text)}


def _language(question: str, history: Sequence[Turn], glossary: Glossary) -> Language:
    """Of the question when its words tell, else of the turn before."""
    words = _words(question)
    told = analyse(question, glossary).language
    if told == "en" or not history or words & _REFERS["id"] or _OPENS["id"].match(fold(question).strip()):
        return told
    return told if any(word in _QUESTION_WORDS for word in words) else analyse(history[-1].question, glossary).language


_QUESTION_WORDS = frozenset(
    ["apa", "siapa", "kapan", "mana", "di", "berapa", "bagaimana", "mengapa", "kenapa", "apakah", "ke", "dari"]
)
