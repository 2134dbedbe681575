"""Which words of a claim are said by a text, in the same language or through the glossary.

A claim becomes units (words, or fixed phrases), each with the forms in which the other text may say it; matching them
with a statement tells which units it says, where, and how surely.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from rag.language import cues
from rag.language.glossary import MAX_WORDS, Glossary
from rag.language.transliteration import variants
from rag.language.words import fold, stem, stop_words, tokens
from rag.types import Language
from rag.verifying.statements import Statement, families, lemma

Form = tuple[tuple[str, ...], float]
"""Stems that stand in the other text, and how sure it is that they mean the unit, 0..1."""

_TRANSLATIONS = 12
_RANK_STEP = 0.03
_SYNONYM = 0.75
"""A word that shares a translation with the claim's word."""
_DISTANT = 0.6
"""A word that shares a translation with one of the claim's word's translations."""
_OTHER_NAME = 0.95
"""Another form of a name of several words (``AS`` for ``Amerika Serikat``)."""
_ADAPTED = 0.8
"""A likely Indonesian spelling of an English word."""
_FAMILY = 0.75
"""Another word of the same family (giving and receiving, saying)."""
_SIMILAR = 0.77
"""Spelling similarity (1 - normalised Levenshtein distance) from which two long words count as one."""


class Unit(NamedTuple):
    """A word or fixed phrase of a claim."""

    words: tuple[int, ...]
    """Numbers of its words in the claim."""
    forms: tuple[Form, ...]
    """Best first, never empty."""
    name: bool
    verb: bool = False
    """Can be an event, as far as prefixes and translations tell."""


class Match(NamedTuple):
    """What a statement says of a unit."""

    score: float
    """0 (not said) .. 1 (said in the same word)."""
    at: int | None
    """Number of the statement's word that says it."""
    others: tuple[int, ...] = ()
    """Numbers of the other words that say it, when it takes several."""


@lru_cache(maxsize=4096)
def units(claim: Statement, into: Language, glossary: Glossary) -> tuple[Unit, ...]:
    """The content words of a claim with the stems by which a text in language ``into`` may say them."""
    found: list[Unit] = []
    number = 0
    while number < len(claim.words):
        if not claim.words[number].content:
            number += 1
            continue
        unit = _unit(claim, number, MAX_WORDS, into, glossary)
        found.append(unit)
        number += len(unit.words)
    return tuple(found)


def _unit(claim: Statement, number: int, longest: int, into: Language, glossary: Glossary) -> Unit:
    """The unit that starts with word ``number``, of at most ``longest`` words."""
    length, phrases = _phrases(claim, number, longest, into, glossary)
    span = tuple(range(number, number + length))
    heads = phrases if into == "id" else ()
    if into == "en":
        heads = glossary.to_indonesian(claim.words[number].text) if claim.language == "en" else ()
    verb = any(is_verb(fold(head)) for head in (heads[:6] or (claim.words[number].folded,)))
    return Unit(span, _forms(claim, span, phrases, into, glossary), any(claim.words[i].name for i in span), verb)


def is_verb(word: str) -> bool:
    """Whether an Indonesian word looks like a verb: a verbal prefix that a stem is left without, or one of a few."""
    prefixed = len(word) > 5 and word.startswith(("me", "ber", "di")) and not stem(word).startswith(word[:4])
    return (prefixed and word not in cues.words("not_verb", "id")) or word in cues.words("bare_verb", "id")


def _phrases(
    claim: Statement, start: int, longest: int, into: Language, glossary: Glossary
) -> tuple[int, tuple[str, ...]]:
    """The longest phrase from word ``start`` that the glossary translates; a single word when there is none."""
    if claim.language == into:
        return min(longest, _long_name(claim, start, into, glossary)), ()
    look = glossary.to_indonesian if into == "id" else glossary.to_english
    for length in range(min(longest, len(claim.words) - start), 0, -1):
        words = claim.words[start : start + length]
        if length > 1 and not (words[-1].content and all(w.content or i for i, w in enumerate(words))):
            continue
        found = look(claim.text[words[0].start : words[-1].end])
        if not found and length == 1 and claim.language == "en":
            found = next(filter(None, map(look, _degrees(words[0].folded))), ())
        if found:
            return length, found[:_TRANSLATIONS]
    return 1, ()


def _degrees(word: str) -> tuple[str, ...]:
    """What an English comparative or superlative may be of: ``closer`` of ``close``, ``older`` of ``old``."""
    if word.endswith("er"):
        return word[:-1], word[:-2]
    return (word[:-2], word[:-3]) if word.endswith("est") else ()


def _long_name(claim: Statement, start: int, language: Language, glossary: Glossary) -> int:
    """Words of a name that the glossary has as a whole (``Amerika Serikat``), so that its other forms count; else 1."""
    there = glossary.to_english if language == "id" else glossary.to_indonesian
    for length in range(min(MAX_WORDS, len(claim.words) - start), 1, -1):
        words = claim.words[start : start + length]
        if words[0].name and words[-1].text[0].isupper() and there(claim.text[words[0].start : words[-1].end]):
            return length
    return 1


def _forms(
    claim: Statement, span: Sequence[int], phrases: tuple[str, ...], into: Language, glossary: Glossary
) -> tuple[Form, ...]:
    weights: dict[tuple[str, ...], float] = {}
    for rank, phrase in enumerate(phrases):
        weights.setdefault(_stems(phrase, into), max(0.7, 1.0 - _RANK_STEP * rank))
    own = tuple(lemma(claim.words[i].text, into) for i in span)
    named = claim.words[span[0]].name or (span[0] > 0 and claim.words[span[0]].text[0].isupper())
    if claim.language == into or named or not phrases:
        weights[own] = 1.0
    weights.setdefault(own, 0.5)
    text = claim.text[claim.words[span[0]].start : claim.words[span[-1]].end]
    for form, weight in _others(text, len(span), claim.language, phrases, into, glossary):
        weights.setdefault(form, weight)
    if len(span) == 1:
        for family in families(fold(text), claim.language):
            weights.setdefault((family,), _FAMILY)
    return tuple(sorted(weights.items(), key=lambda item: -item[1]))


def _others(
    text: str, length: int, language: Language, phrases: tuple[str, ...], into: Language, glossary: Glossary
) -> Iterator[Form]:
    """Forms at one remove: synonyms of the unit, of its translations, and how a loan word is likely to be spelt."""
    if language == into:
        for other in _synonyms(fold(text), into, glossary):
            yield _stems(other, into), _SYNONYM if length == 1 else _OTHER_NAME
    elif length == 1:
        for phrase in phrases[:4]:
            for other in _synonyms(fold(phrase), into, glossary):
                yield _stems(other, into), _DISTANT
        for spelling in variants(text) if into == "id" else ():
            yield (lemma(spelling, "id"),), _ADAPTED


@lru_cache(maxsize=50_000)
def _synonyms(word: str, language: Language, glossary: Glossary) -> tuple[str, ...]:
    """Words that share one of the first translations with ``word``."""
    both = (glossary.to_english, glossary.to_indonesian)
    there, back = both if language == "id" else both[::-1]
    found: dict[str, None] = {}
    for form in (word, *(_actives(word) if language == "id" else ())):
        for translation in there(form)[:5]:
            found |= dict.fromkeys(back(translation)[:8])
    found.pop(word, None)
    return tuple(found)


_NASAL = {"p": "mem", "t": "men", "k": "meng", "s": "meny"}
_PLAIN = {**dict.fromkeys("bfv", "mem"), **dict.fromkeys("cdjz", "men"), **dict.fromkeys("aeioughq", "meng")}


def _actives(word: str) -> tuple[str, ...]:
    """Forms under which the glossary may have an Indonesian word: ``menembakkan`` for ``ditembakkan`` and the root."""
    bare = word.removesuffix("nya")
    found = [bare] if bare != word else []
    if bare.startswith("di") and len(bare) > 5:
        rest = bare[2:]
        found.append(_NASAL[rest[0]] + rest[1:] if rest[0] in _NASAL else _PLAIN.get(rest[0], "me") + rest)
    root = stem(word)
    return tuple(f for f in (*found, root) if f != word)


@lru_cache(maxsize=50_000)
def _stems(phrase: str, language: Language) -> tuple[str, ...]:
    words = [t.text for t in tokens(phrase)]
    stops = stop_words(language)
    return tuple(lemma(w, language) for w in words if fold(w) not in stops) or tuple(lemma(w, language) for w in words)


def align(
    claim: Statement, text: Statement, glossary: Glossary, preferred: Callable[[int], bool]
) -> tuple[tuple[Unit, Match], ...]:
    """Each unit of a claim with what a statement says of it; a phrase that is not said as one is taken word by word.

    Args:
        claim: what is looked for.
        text: what may say it.
        glossary: for two languages, and for synonyms in one.
        preferred: whether a word's number is a place to be chosen before others that say the same.
    """
    found: list[tuple[Unit, Match]] = []
    for unit in units(claim, text.language, glossary):
        whole = match(unit, text, preferred)
        if whole.score >= 0.5 or len(unit.words) == 1:
            found.append((unit, whole))
            continue
        for number in unit.words:
            if claim.words[number].content:
                part = _unit(claim, number, 1, text.language, glossary)
                found.append((part, match(part, text, preferred)))
    return tuple(found)


def match(unit: Unit, text: Statement, preferred: Callable[[int], bool]) -> Match:
    """How surely, and where, a statement says a unit; the surest form counts.

    Args:
        unit: of a claim.
        text: what may say it.
        preferred: whether a word's number is a place to be chosen before others that say the same.
    """
    best = Match(0.0, None)
    for stems, weight in unit.forms:
        if weight <= best.score:
            break
        places = [next(filter(preferred, text.places[s]), text.places[s][0]) for s in stems if s in text.places]
        if not places:
            continue
        share = len(places) / len(stems)
        score = weight * (share if share == 1.0 else 0.5 * share)
        if score > best.score:
            best = Match(score, places[-1], tuple(places[:-1]))
    return best if best.score >= 0.5 else max(best, _similar(unit, text), key=lambda m: m.score)


def _similar(unit: Unit, text: Statement) -> Match:
    """A word spelt almost like one of the unit's single forms (``Lukasyenko``, ``berkunjung`` beside ``kunjungan``)."""
    best = Match(0.0, None)
    for stems, weight in unit.forms[:6]:
        if len(stems) != 1 or len(stems[0]) < 5:
            continue
        for number, word in enumerate(text.words):
            if abs(len(word.stem) - len(stems[0])) > 3 or len(word.stem) < 5:
                continue
            likeness = Levenshtein.normalized_similarity(stems[0], word.stem, score_cutoff=_SIMILAR)
            if weight * likeness * 0.9 > best.score:
                best = Match(weight * likeness * 0.9, number)
    return best
