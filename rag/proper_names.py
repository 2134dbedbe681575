"""Proper names: a text comes in, names with their places go out; a name comes in, what its spellings share goes out."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import cache

from rag.language import Token, common_words, fold, is_stop_word, sentences
from rag.numerals import tables
from rag.types import Language

LANGUAGES: tuple[Language, ...] = ("id", "en")
_UPPER = "A-ZÀ-ÖØ-ÞĀŁŚŠŞŽČĆĐ"
# Jong-un, Komsomolsk-on-Amur, Su-35, O'Brien, B.J.; the endings of Putin's and don't stay outside
_PART = rf"(?:(?:[{_UPPER}]\.)+|[{_UPPER}](?:\w|['’‘](?!(?:s|t|d|ll|re|ve)\b)\w|-(?=\w))*)"
_PARTICLES = r"(?:(?:bin|binti|ibn|bint|van|von|der|den|ter|de|del|della|da|dos|du|la|le|al|el)[ -]){0,2}"
_NAME = re.compile(rf"(?<!\w)(?:(?:al|el)-)?{_PART}(?:[ \u00a0]{_PARTICLES}{_PART})*")
_QUOTED_START = re.compile(r"[\"“„«]\s*$")


def names(text: str, *, common: Collection[str] = frozenset()) -> tuple[Token, ...]:
    """Runs of capitalised words, in order, with particles inside (``Osama bin Laden``, ``Ursula von der Leyen``).

    The first word of a sentence or quotation counts only if it is no common word, or if the text has it with a capital
    in another place too. Weekdays and months are no names, and a text all in capitals has none that could be told.

    Args:
        text: any text of either language.
        common: further folded words that start sentences without being names.
    """
    if text.isupper():
        return ()
    found = [
        (match, match.start() == sentence.start or bool(_QUOTED_START.search(text, *_just_before(match))))
        for sentence in sentences(text)
        for match in _NAME.finditer(text, *sentence)
    ]
    elsewhere = {fold(word) for match, first in found for word in match.group().split()[first:]}
    return tuple(name for match, first in found for name in _kept(match, first, elsewhere, common))


def _just_before(match: re.Match[str]) -> tuple[int, int]:
    return max(0, match.start() - 4), match.start()


def name_key(name: str) -> str:
    """What all spellings of a name have in common, and no other name should.

    Case, diacritics, hyphens, apostrophes and possessive endings go; letters that are regularly written in several
    ways are written in one (``Soekarno``/``Sukarno``, ``Zelensky``/``Zelenskyy``, ``Moskow``/``Moscow``). Names that
    differ between languages (``Tiongkok``/``China``) keep different keys.
    """
    plain = fold(re.sub(r"['’‘](?:s\b|(?!\w))", "", name))
    words = [fold(word) for word in re.findall(r"[^\W_]+", re.sub(r"['’‘`]", "", plain))]
    return " ".join(_spelled(word) for word in words if len(words) == 1 or word not in ("the", "al", "el"))


# In order: the old Indonesian spelling, endings of Russian and Ukrainian names, letters for one sound.
_SPELLINGS = tuple(
    (re.compile(pattern), letters)
    for pattern, letters in (
        (r"oe", "u"),
        (r"ey$", "ei"), (r"dj", "j"), (r"tj(?!$)", "c"), (r"sj", "sy"), (r"nj(?=[aiu])", "ny"),
        (r"(?<=[^aeiou])(?:yy|iy|ij|yi|ii|y)$", "i"), (r"moskwa", "moskow"), (r"^mo?u?hamm?[ae]d$", "muhamad"),
        (r"c(?=[aouklrst]|$)", "k"), (r"q", "k"), (r"x", "ks"), (r"ph", "f"), (r"w", "v"), (r"ou", "u"), (r"kh", "h"),
        (r"th", "t"), (r"([a-z])\1+", r"\1"),
    )
)  # fmt: skip


def _spelled(word: str) -> str:
    for pattern, letters in _SPELLINGS:
        word = pattern.sub(letters, word)
    return word


# Affixes that Indonesian and English names do not have.
_COMMON_SHAPE = re.compile(
    r"me[lrwy][a-z]{5,}|(?:me(?:m|n|ng|ny)|ber|ter|pe(?:m|ng|ny))[a-z]{4,}|(?:di|ke|se)[a-z]{4,}(?:kan|nya|an|i)|[a-z]{4,}(?:nya|kan|lah)"
    r"|[a-z]{4,}(?:ing|tions?|ed|ly|ments?|ness)"
)


def _is_common(word: str) -> bool:
    folded = fold(word)
    return not _is_acronym(word) and (folded in common_words() or bool(_COMMON_SHAPE.fullmatch(folded)))


def _is_function_word(word: str) -> bool:
    return not _is_acronym(word) and any(is_stop_word(word, language, question=True) for language in LANGUAGES)


@cache
def _calendar() -> frozenset[str]:
    return frozenset({*tables()["months"], *tables()["weekdays"]})


def _is_acronym(word: str) -> bool:
    return len(word) > 1 and word.isupper()


def _kept(match: re.Match[str], first: bool, elsewhere: set[str], common: Collection[str]) -> Iterator[Token]:
    """The name without function words at its ends and without a common word that only opens the sentence."""
    words = list(re.finditer(r"\S+", match.group()))
    if first and fold(words[0].group()) not in elsewhere:
        opening = words[0].group()
        words = words[_is_common(opening) or fold(opening) in common :]
    while words and _is_function_word(words[0].group()):
        words = words[1:]
    while words and _is_function_word(words[-1].group()):
        words = words[:-1]
    if words and not all(fold(word.group()) in _calendar() for word in words):
        start, end = match.start() + words[0].start(), match.start() + words[-1].end()
        yield Token(match.string[start:end], start, end)
