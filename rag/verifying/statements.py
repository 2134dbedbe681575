"""A text read for comparison: its words with stems, names, numbers, dates, and which words are negated or hedged.

A claim or a sentence of an article goes in, a :class:`Statement` comes out; what two of them say about each other is
found out elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

from rag.language import cues
from rag.language.glossary import Glossary, irregular
from rag.language.numerals import tables
from rag.language.quantities import Date, Number, dates, numbers
from rag.language.words import Token, fold, stem, stop_words, tokens
from rag.types import Language, Span

REACH: dict[bool, int] = {True: 4, False: 14}
"""Content words after a negation (True) or a hedge (False) that it can turn."""


_ANEW = re.compile(r"(?:dan|serta|and) (?:akan|telah|sudah|will|has|have|had)")
"""Begins something that a negation before does not reach."""


class Word(NamedTuple):
    """A word or number of a statement."""

    text: str
    folded: str
    stem: str
    start: int
    end: int
    content: bool
    """Not a function word, and not part of a number or date."""
    name: bool
    """Part of a proper name, as far as capitals and the glossary tell."""


class Mention(NamedTuple):
    """Somebody or something named: ``Presiden Rusia Vladimir Putin`` is one mention with a title."""

    first: int
    """Number of its first word, title included."""
    last: int
    """Number of its last word."""
    names: tuple[str, ...]
    """Folded words of the name, without the title."""
    title: bool
    text: str
    """The name as written, without the title."""


class Turn(NamedTuple):
    """A word that negates or hedges others."""

    at: int
    """Number of the word."""
    scope: tuple[int, ...]
    """Numbers of the content words that it turns, nearest first."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Statement:
    """A text taken apart; compared and hashed by identity, since `read` makes one per text."""

    text: str
    language: Language
    words: tuple[Word, ...]
    places: dict[str, tuple[int, ...]]
    """Stem, or family (``@transfer``), → numbers of the words that have it."""
    mentions: tuple[Mention, ...]
    numbers: tuple[Number, ...]
    dates: tuple[Date, ...]
    negations: tuple[Turn, ...]
    hedges: tuple[Turn, ...]
    futures: tuple[Turn, ...]
    certain: tuple[int, ...]
    """Numbers of the words that say something is proven or sure."""


@lru_cache(maxsize=4096)
def read(text: str, language: Language, glossary: Glossary) -> Statement:
    """Take a text apart.

    Args:
        text: a sentence or a few.
        language: of the text.
        glossary: tells common words from names where capitals do not.
    """
    found_numbers, found_dates = numbers(text, language), dates(text)
    taken = [n.span for n in found_numbers] + [d.span for d in found_dates]
    words = tuple(_words(text, language, taken, glossary))
    places: dict[str, tuple[int, ...]] = {}
    for number, word in enumerate(words):
        for key in (word.stem, *families(word.folded.removesuffix("nya"), language)):
            places[key] = (*places.get(key, ()), number)
    negating = cues.words("negation", language) | cues.words("denial", language)
    return Statement(
        text=text,
        language=language,
        words=words,
        places=places,
        mentions=tuple(_apposed(text, words, list(_mentions(text, language, words)))),
        numbers=found_numbers,
        dates=found_dates,
        negations=_turns(text, words, negating, language, negation=True),
        hedges=_turns(text, words, cues.words("hedge", language), language),
        futures=_turns(text, words, cues.words("future", language), language),
        certain=tuple(
            n for n, w in enumerate(words) if w.folded.removesuffix("nya") in cues.words("certain", language)
        ),
    )


@lru_cache(maxsize=50_000)
def families(word: str, language: Language) -> tuple[str, ...]:
    """Groups of words that tell the same kind of event: giving and receiving, saying."""
    transfer = word in cues.words("give", language) or word in cues.words("receive", language)
    return tuple(["@transfer"] * transfer + ["@speech"] * (word in cues.words("speech", language)))


def lemma(word: str, language: Language) -> str:
    """Stem of a word; an irregular English form counts as its base (``gave`` as ``give``)."""
    folded = fold(word)
    if language == "en" and folded in irregular():
        return stem(irregular()[folded][0], "en")
    return stem(folded, language)


def _words(text: str, language: Language, taken: list[Span], glossary: Glossary) -> Iterator[Word]:
    stops, empties = stop_words(language), cues.words("empty", language) | cues.words("pronoun", language)
    previous: Token | None = None
    for token in tokens(text):
        folded = fold(token.text)
        counted = folded[0].isdigit() or any(s.start <= token.start < s.end for s in taken)
        counted = counted or (folded in _measures() and any(0 < token.start - s.end < 12 for s in taken))
        starts = previous is None or re.search(r"[.!?:\n]\W*$", text[previous.end : token.start]) is not None
        opens = starts or re.search(r"[\"“‘«]$", text[previous.end if previous else 0 : token.start]) is not None
        acronym = token.text.isupper() and len(folded) > 1 and not text.isupper()  # US, not us
        empty = (folded in stops and not acronym) or folded in empties
        name = not counted and not empty and token.text[0].isupper() and _proper(token, opens, language, glossary)
        content = not counted and not empty and (len(folded) > 1 or name)
        yield Word(token.text, folded, lemma(token.text, language), token.start, token.end, content, name)
        previous = token


def _proper(token: Token, opens: bool, language: Language, glossary: Glossary) -> bool:
    """Whether a capitalised word is a name: not one that the glossary knows as a common word, unless all capitals."""
    if token.text.isupper() and len(token.text) > 1 and not opens:
        return True
    if opens and fold(token.text) in cues.words("speech", language):
        return False
    found = glossary.to_english(token.text) if language == "id" else _there_and_back(token.text, glossary)
    return not found or (found[0][0].isupper()) or (token.text.isupper() and len(token.text) > 1)


@cache
def _measures() -> frozenset[str]:
    """Words of units that belong to the number before them: currencies, lengths, weights, shares."""
    table = tables()
    kinds = {*table["conversions"], *table["currencies"].values(), "persen", "meter", "kilogram", "rupiah", "dolar"}
    return frozenset(word for word, unit in table["units"].items() if unit in kinds and word.isalpha())


def _there_and_back(word: str, glossary: Glossary) -> tuple[str, ...]:
    """The first translation of an English word, as English writes it: ``Kremlin`` for ``kremlin``."""
    there = glossary.to_indonesian(word)
    return (glossary.to_english(there[0])[:1] or there[:1]) if there else ()


def _mentions(text: str, language: Language, words: tuple[Word, ...]) -> Iterator[Mention]:
    """Runs of capitalised words with a name among them, with the title before them."""
    number = 0
    while number < len(words):
        first = number
        number = _title_end(words, number, language)
        title = number > first
        if title and number < len(words) and words[number].folded in {"of", "the", "dari"}:
            number += 1 + (number + 1 < len(words) and words[number + 1].folded == "the")
        begin = number
        while number < len(words) and _joins(text, words, begin, number):
            number += 1
        direction = words[begin].stem in cues.opposites(language) if begin < number else False
        if not title and not direction and number - begin > 1 and not words[begin].name and _opens(text, words, begin):
            begin = first = begin + 1
        run = words[begin:number]
        if any(w.name for w in run):
            if not title:
                first, title = _near_title(words, begin, number, language)
            named = words[begin:number]
            if named:
                yield Mention(
                    first,
                    number - 1,
                    tuple(w.folded for w in named if not w.folded[0].isdigit()),
                    title,
                    text[named[0].start : named[-1].end],
                )
        number = max(number, first + 1)


def _apposed(text: str, words: tuple[Word, ...], mentions: list[Mention]) -> Iterator[Mention]:
    """Mentions with a title and a name side by side made one: ``Presiden Rusia, Vladimir Putin``."""
    previous: Mention | None = None
    while mentions:
        one = mentions.pop(0)
        aside = previous is not None and text[words[previous.last].end : words[one.first].start] in {", ", ", the "}
        previous = one
        if mentions and one.title != mentions[0].title:
            other = mentions[0]
            between = text[words[one.last].end : words[other.first].start]
            if re.fullmatch(r",\s+", between) and not _listed(words, other.last + 1) and not aside:
                mentions[0] = Mention(
                    one.first, other.last, (*one.names, *other.names), True, f"{one.text}, {other.text}"
                )
                continue
        yield one


def _listed(words: tuple[Word, ...], number: int) -> bool:
    return number < len(words) and words[number].folded in {"dan", "and", "serta"}


def _joins(text: str, words: tuple[Word, ...], begin: int, number: int) -> bool:
    word = words[number]
    if number > begin and text[words[number - 1].end : word.start] == "-" and words[number - 1].text[0].isupper():
        return True
    if not word.text[0].isupper() or not (word.content or word.name):
        return False
    between = text[words[number - 1].end : word.start]
    initial = len(words[number - 1].text) <= 2 and re.fullmatch(r"\. ?", between) is not None
    return number == begin or initial or re.fullmatch(r"[ \-'’\[\]]{0,3}", between) is not None


def _title_end(words: tuple[Word, ...], start: int, language: Language) -> int:
    titles = cues.words("title", language)
    for length in range(cues.longest("title", language), 0, -1):
        if start + length <= len(words) and " ".join(w.folded for w in words[start : start + length]) in titles:
            return _title_end(words, start + length, language)
    return start


def _near_title(words: tuple[Word, ...], begin: int, end: int, language: Language) -> tuple[int, bool]:
    """A title in a run, or a word away from it (``gubernur regional Rusia``), and where the mention begins with it."""
    titles = cues.words("title", language)
    reach = 2 if language == "id" else 1  # gubernur regional Rusia
    before = next((n for n in range(max(0, begin - reach), begin) if words[n].folded in titles), begin)
    return before, any(w.folded in titles for w in words[before : end + 2])


def _opens(text: str, words: tuple[Word, ...], number: int) -> bool:
    return number == 0 or re.search(r"[.!?:\n]\W*$", text[words[number - 1].end : words[number].start]) is not None


def _turns(
    text: str, words: tuple[Word, ...], turning: frozenset[str], language: Language, *, negation: bool = False
) -> tuple[Turn, ...]:
    found = []
    for number, word in enumerate(words):
        contracted = negation and word.folded == "t" and number > 0 and words[number - 1].folded.endswith("n")
        named = number > 0 and word.text[0].isupper() and not _opens(text, words, number)  # Ban Ki-moon
        if named or (not contracted and word.folded not in turning) or _no_turn(words, number):
            continue
        pair = " ".join(w.folded for w in words[number : number + 2])
        if negation and any(phrase.startswith(pair) for phrase in cues.words("not_negation", language) if " " in pair):
            continue
        found.append(Turn(number, _scope(text, words, number, negation=negation)))
    return tuple(found)


def _no_turn(words: tuple[Word, ...], at: int) -> bool:
    """``akan tetapi``, ``sadar akan bahaya``, ``tanpa diduga``: what looks like a hedge and is none."""
    before, word, *after = ("" if at == 0 else words[at - 1].folded, *(w.folded for w in words[at : at + 2]))
    if word == "akan":
        return after == ["tetapi"] or before in cues.words("of_things", "id")
    return before == "tanpa" and word.startswith("di")


def _scope(text: str, words: tuple[Word, ...], at: int, *, negation: bool) -> tuple[int, ...]:
    """Content words after word ``at``, up to a boundary: of its clause for a negation, of its sentence for a hedge."""
    boundary = r"[.;:!?,]" if negation else r"[.;:!?]|, (?:yang|who|which)\b"
    breaks = cues.words("break", "id") | cues.words("break", "en")
    scope: list[int] = []
    for number in range(at + 1, len(words)):
        if re.search(boundary, text[words[number - 1].end : words[number].end]):
            break
        pair = " ".join(w.folded for w in words[number : number + 2])
        if scope and (words[number].folded in breaks or _ANEW.fullmatch(pair)):
            break
        if words[number].content:
            scope.append(number)
            if len(scope) == REACH[negation]:
                break
    return tuple(scope)
