"""Words of Indonesian and English: tokens, stems, stop words, the language of a question, sentence ends.

Text comes in, spans and normalised terms go out; nothing here knows about articles or indexes.
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

import Stemmer

from rag.language.stemming import root
from rag.types import Language, Span

RULES_VERSION = "3"
"""Part of an index's fingerprint: raised whenever tokens, stems or sentence boundaries change."""

_APOSTROPHES = "'’‘ʼ`"
# An apostrophe joins (Jum'at, O'Brien) unless an English ending follows it (Putin's, don't).
_WORD = re.compile(rf"[^\W\d_]+(?:[{_APOSTROPHES}](?!(?:ll|re|ve|LL|RE|VE)\b)[^\W\d_]{{2,}})?|\d+(?:[.,]\d+)*")
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+|[1-9]\d{0,2}(?:,\d{3})+")


class Token(NamedTuple):
    """A word or number as it stands in a text."""

    text: str
    start: int
    end: int


def tokens(text: str) -> Iterator[Token]:
    """Words and numbers of ``text``; hyphens separate (``Su-35`` is two tokens), ``1.500,75`` is one."""
    for match in _WORD.finditer(text):
        yield Token(match.group(), match.start(), match.end())


def words(text: str) -> list[str]:
    """Words and numbers of ``text`` without their places."""
    return _WORD.findall(text)


@lru_cache(maxsize=200_000)
def fold(word: str) -> str:
    """Lower case without diacritics or compatibility forms, so that ``Édouard`` meets ``edouard``.

    Apostrophes inside a word go too (``Jum'at`` meets ``Jumat``); of numbers, grouping goes and the point is ``.``
    (``1.500`` and ``1,500`` become ``1500``, ``3,05`` becomes ``3.05``).
    """
    if word[:1].isdigit():
        return _fold_number(word)
    if word.isascii():
        return word.lower().replace("'", "").replace("`", "")
    decomposed = unicodedata.normalize("NFKD", word)
    return "".join(c for c in decomposed if not unicodedata.combining(c) and c not in _APOSTROPHES).casefold()


def _fold_number(word: str) -> str:
    if _GROUPED.fullmatch(word):
        return re.sub("[.,]", "", word)
    point = max(word.rfind("."), word.rfind(","))
    if "." in word and "," in word:
        return f"{re.sub('[.,]', '', word[:point])}.{word[point + 1 :]}"
    return word.replace(",", ".")


@cache
def _stemmer(language: Language) -> Stemmer.Stemmer:
    return Stemmer.Stemmer("indonesian" if language == "id" else "english", 0)


@lru_cache(maxsize=200_000)
def stem(word: str, language: Language = "id") -> str:
    """Root of the folded word where it is known, else its Snowball stem (https://snowballstem.org)."""
    folded = fold(word)
    known = root(folded) if language == "id" else None
    return known or str(_stemmer(language).stemWord(folded))


@cache
def _lists(name: str) -> dict[str, frozenset[str]]:
    data = json.loads(files("rag").joinpath(f"data/{name}.json").read_text("utf-8"))
    return {key: frozenset(words) for key, words in data.items()}


@cache
def stop_words(language: Language, *, question: bool = False) -> frozenset[str]:
    """Function words of a language; with ``question`` also those that only shape a question."""
    lists = _lists("stopwords")
    return lists[language] | (lists[f"{language}_question"] if question else frozenset())


def is_stop_word(word: str, language: Language = "id", *, question: bool = False) -> bool:
    """Whether a word as it stands in a text is a function word; acronyms such as ``US`` and ``WHO`` are not."""
    return fold(word) in stop_words(language, question=question) and not (len(word) > 1 and word.isupper())


@cache
def common_words() -> frozenset[str]:
    """Function words, question words and frequent content words of both languages: hardly ever names."""
    lists = _lists("stopwords")
    return frozenset().union(*(lists[f"{x}{kind}"] for x in ("id", "en") for kind in ("", "_question", "_content")))


class _Stems(dict[str, str]):
    """Stems by the word as written, the empty string for stop words: one look-up per word of a text."""

    def __init__(self, language: Language, question: bool) -> None:
        super().__init__()
        self._language: Language = language
        self._question = question

    def __missing__(self, word: str) -> str:
        if len(self) >= 500_000:
            self.clear()
        stop = is_stop_word(word, self._language, question=self._question)
        self[word] = value = "" if stop else stem(word, self._language)
        return value


@cache
def _stems(language: Language, question: bool) -> _Stems:
    return _Stems(language, question)


def terms(text: str, language: Language = "id", *, question: bool = False) -> list[str]:
    """Stems of the content words of ``text``, in order, repeated as they repeat."""
    known = _stems(language, question)
    return [s for word in _WORD.findall(text.lower() if text.isupper() else text) if (s := known[word])]


def letter_pairs(word: str) -> list[str]:
    """Neighbouring letters of a folded word, with ``^`` and ``$`` for its ends."""
    bounded = f"^{word}$"
    return [bounded[n : n + 2] for n in range(len(bounded) - 1)]


@cache
def _letter_weights() -> dict[str, float]:
    """Log odds that a word with a pair of letters is English (``tools/fit_letters.py``); the bias is under ``""``."""
    weights: dict[str, float] = json.loads(files("rag").joinpath("data/letters.json").read_text("utf-8"))
    return weights


def detect(text: str) -> Language:
    """The language of a question or a fragment of one; Indonesian on a tie.

    Question words count most, then function words, then frequent content words; the letters of other words decide
    where these are silent. Words with a capital inside the text count less: they may be part of a foreign title.
    """
    score, in_title = 0.0, False
    for number, word in enumerate(_WORD.findall(text.lower() if text.isupper() else text)):
        leaning = _leaning(fold(word))
        capital = number > 0 and not word.islower()
        if capital or (in_title and word in _TITLE_WORDS):
            leaning *= 0.3 if abs(leaning) >= 1 else 0.1
            in_title = True
        else:
            in_title = False
        score += leaning
    return "en" if score > 0 else "id"


_TITLE_WORDS = frozenset(["a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "the", "to"])


@lru_cache(maxsize=100_000)
def _leaning(word: str) -> float:
    """How far a folded word speaks for English (above 0) or Indonesian (below)."""
    if word[0].isdigit():
        return 0.0
    lists = _lists("stopwords")
    for kind, weight in (("_question", 4.0), ("", 2.0), ("_content", 1.0), ("_names", 1.0)):
        english, indonesian = word in lists[f"en{kind}"], word in lists[f"id{kind}"]
        if english or indonesian:
            return weight * (english - indonesian)
    if word in lists["neutral"]:
        return 0.0
    weights = _letter_weights()
    return 0.7 * math.tanh((weights[""] + sum(weights.get(p, 0.0) for p in set(letter_pairs(word)))) / 2)


_INVISIBLE = "\ufeff\u200b\u200e\u200f\u2060"
_BOUNDARY = re.compile(
    r"(?<![.!?…])(?P<stop>[.!?…]+(?:[\"'”’“»›)\]]|\[\d{1,3}\])*)(?=\s|$)"
    r"|(?<=[a-z]{3})(?P<glued>[.!?])(?=[\"“]?[A-Z][a-z]*\s)"
    r"|(?P<line>\n\s*)"
)


def sentences(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """Sentences of ``text[start:end]`` as spans without surrounding white space.

    A line break ends one too, unless the text is wrapped at a fixed width or goes on in lower case.
    """
    end = len(text) if end is None else end
    wrapped, lower = _is_wrapped(text[start:end]), text[start:end].islower()
    spans: list[Span] = []
    begin = start
    for match in _BOUNDARY.finditer(text, start, end):
        if match["line"]:
            ends = _line_ends(text, match, end, wrapped)
        else:
            ends = _ends_sentence(text, begin, match, end, lower)
        if ends:
            _append(spans, text, begin, match.end())
            begin = match.end()
    _append(spans, text, begin, end)
    return spans


def _is_wrapped(text: str) -> bool:
    """Whether lines are broken at a fixed width: all of similar length and most of them inside a sentence."""
    lines = [line for line in text.split("\n", 400)[:400] if line.strip()]
    if len(lines) < 4 or max(map(len, lines)) > 130:
        return False
    full = [line for line in lines if len(line) >= 45]
    open_ended = [line for line in full if line.rstrip()[-1] not in '.!?…"”’:']
    return len(full) >= 0.6 * len(lines) and len(open_ended) >= 0.6 * len(full)


def _line_ends(text: str, match: re.Match[str], end: int, wrapped: bool) -> bool:
    before = text[max(0, match.start() - 8) : match.start()].rstrip()[-1:]
    if match["line"].count("\n") > 1 or match.end() >= end or before in ("", *".!?…:"):
        return True
    return not (text[match.end()].islower() or (wrapped and text[match.end()] not in "-*•#>"))


_OPENING = re.compile(r"\s*[\"'“‘«‹„(\[]*")
_LAST_WORD = re.compile(r"[^\s(\[\"“‘„«/]+$")


def _ends_sentence(text: str, begin: int, match: re.Match[str], end: int, lower: bool) -> bool:
    """Whether a full stop, question or exclamation mark ends a sentence rather than an abbreviation or a quotation."""
    opening = _OPENING.match(text, match.end(), end)
    position = opening.end() if opening else end
    if position >= end or match["glued"]:
        return True
    if text[position].islower() and not lower:
        return False
    if match["stop"][0] != "." or match["stop"].startswith(".."):
        return True
    before = _LAST_WORD.search(text, max(begin, match.start() - 24), match.start())
    if before is None:
        return True
    listed = (before.group().isdigit() or len(before.group()) == 1) and not text[begin : before.start()].strip()
    return not listed and not _is_abbreviation(before.group(), text, position)


def _is_abbreviation(word: str, text: str, position: int) -> bool:
    """Whether ``word`` and its full stop are an abbreviation or initial that goes on at ``text[position:]``."""
    known, folded = _lists("abbreviations"), word.casefold()
    if folded in known["inner_lower"] or (folded in known["inner"] and word[0].isupper()):
        return True
    if folded in known["numbered"] and text[position].isdigit():
        return True
    if folded in known["either"] or _INITIALS.fullmatch(word):
        following = _WORD.match(text, position)
        if following is None or text.startswith(".", following.end()):
            return following is not None
        return fold(following.group()) not in stop_words("id") | stop_words("en")
    return False


_INITIALS = re.compile(r"[A-Z]|(?:[^\W\d_]\.)+[^\W\d_]")


def _append(spans: list[Span], text: str, start: int, end: int) -> None:
    while start < end and (text[start].isspace() or text[start] in _INVISIBLE):
        start += 1
    while start < end and (text[end - 1].isspace() or text[end - 1] in _INVISIBLE):
        end -= 1
    if start < end:
        spans.append(Span(start, end))
