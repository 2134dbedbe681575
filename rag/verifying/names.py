"""Names: does a source have them, in its own spelling, shortened, as an acronym or translated; are two the same.

Mentions of a claim and a source go in; whether they stand for the same, and names that are nowhere, come out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rapidfuzz.distance import Levenshtein

from rag.language import cues
from rag.language.glossary import Glossary
from rag.language.transliteration import variants
from rag.language.words import fold, stem, tokens
from rag.verifying.evidence import Source
from rag.verifying.problems import Problem
from rag.verifying.statements import Mention, Statement

_PEOPLES = ("ese", "ish", "ian", "an", "n", "i")
"""English endings of peoples (``Chinese``, ``Sumatran``)."""

_ALIKE = 0.83
"""Spelling similarity from which two long names are one (``Lukashenko``, ``Lukasyenko``)."""


def name_problems(claim: Statement, source: Source, glossary: Glossary) -> Iterator[Problem]:
    """Names that stand neither in the quoted sentences nor, for a pronoun there, as the one it stands for."""
    written = {w.folded for w in source.said.words}
    for mention in claim.mentions:
        own = _own(mention, glossary)
        missing = [n for n in own if len(n) > 1 and not says_name(n, source.said, glossary)]
        if (
            not missing
            or _abbreviated(mention, source.said, glossary)
            or _translated(mention.text, written, source, glossary)
        ):
            continue
        if _completes(mention, missing, source) or _meant(mention, source, glossary):
            continue
        words = [w for w in claim.words[mention.first : mention.last + 1] if w.folded in missing]
        told = f"'{claim.text[words[0].start : words[-1].end]}' is not in the cited passage"
        middle = mention.names[-1] not in missing and len(missing) < len(mention.names) - 1
        opener = mention.last == 0 and _unknown(mention, claim, glossary)
        yield Problem("name", told, False, 0.4 if middle or opener else 1.0)


def _unknown(mention: Mention, claim: Statement, glossary: Glossary) -> bool:
    """A single word at the beginning that no glossary has may be a common one (``Leatherback turtles``)."""
    following = claim.words[1].folded if len(claim.words) > 1 else ""
    if mention.text.isupper() or following in cues.words("speech", claim.language):
        return False
    return not glossary.to_english(mention.text) and not glossary.to_indonesian(mention.text)


def _own(mention: Mention, glossary: Glossary) -> Sequence[str]:
    """The words that make the name one: without the common ones (``Kingdom``), unless it is a single such word."""
    common = {
        n for n in mention.names if any(f[0].islower() for f in (*glossary.to_english(n), *glossary.to_indonesian(n)))
    }
    own = [n for n in mention.names if n not in common]
    return own if own or len(mention.names) > 1 else mention.names


def says_name(name: str, text: Statement, glossary: Glossary) -> bool:
    """Whether a text has a word of a name, in its own spelling, a close one, or in translation."""
    return _among(name, [w.folded for w in text.words if w.content or w.name], glossary)


def _among(name: str, written: Sequence[str], glossary: Glossary) -> bool:
    if name in written:
        return True
    forms = set(variants(name)) | {
        fold(t.text) for p in (*glossary.to_indonesian(name), *glossary.to_english(name)) for t in tokens(p)
    }
    if not forms.isdisjoint(written):
        return True
    stems = {stem(name, "id"), stem(name, "en")}
    bases = [name.removesuffix(ending) for ending in _PEOPLES if name.endswith(ending) and len(name) - len(ending) > 3]
    return any(
        stem(w, "id") in stems
        or (min(len(name), len(w)) > 2 and abs(len(name) - len(w)) == 1 and (name.startswith(w) or w.startswith(name)))
        or any(w.startswith(base) and len(w) - len(base) <= 1 for base in bases)
        or (
            len(name) > 4
            and len(w) > 4
            and max(Levenshtein.normalized_similarity(n, w) for n in (name, *bases)) >= _ALIKE
        )
        for w in written
    )


def _translated(text: str, written: set[str], source: Source, glossary: Glossary) -> bool:
    """Whether the source has the whole name in its own language (``South Korean``: ``Korea Selatan``)."""
    if source.language == "id":
        phrases = {
            *glossary.to_indonesian(text),
            *(p for q in glossary.to_english(text) for p in glossary.to_indonesian(q)),
        }
    else:
        phrases = {
            *glossary.to_english(text),
            *(p for q in glossary.to_indonesian(text) for p in glossary.to_english(q)),
        }
    return any(all(fold(t.text) in written for t in tokens(phrase)) for phrase in phrases)


def _abbreviated(mention: Mention, text: Statement, glossary: Glossary) -> bool:
    """An acronym beside its expansion, either way round, or one made of syllables (``Sulsel``, ``South Sulawesi``)."""
    if len(mention.names) == 1 and mention.text.isupper():
        initials = "".join(w.folded[0] for w in text.words)
        return len(mention.text) > 2 and fold(mention.text) in initials
    acronym = "".join(n[0] for n in mention.names)
    if len(acronym) > 2 and any(w.folded == acronym and w.text.isupper() for w in text.words):
        return True
    following = zip(text.words, text.words[1:], strict=False)
    if len(mention.names) == 1 and any(
        _syllables(mention.names[0], (a.folded, b.folded)) for a, b in following if b.text[0].isupper()
    ):
        return True
    phrases = [mention.names, *(tuple(fold(t.text) for t in tokens(p)) for p in glossary.to_indonesian(mention.text))]
    return any(
        _syllables(w.folded, p) for p in phrases if len(p) == 2 for w in text.words if w.name and len(w.folded) < 9
    )


def _syllables(short: str, words: Sequence[str]) -> bool:
    """Whether ``short`` is a beginning of the first word and one of the second, two letters each at least."""
    return any(
        words[0].startswith(short[:cut]) and words[1].startswith(short[cut:]) for cut in range(2, len(short) - 1)
    )


def _completes(mention: Mention, missing: Sequence[str], source: Source) -> bool:
    """The source has part of a name (``Kim``), and the claim the article's usual full form of it (``Kim Jong Un``)."""
    for part in (n for n in mention.names if n not in missing):
        full = next((run for run in source.names if part in run and any(m in run for m in missing)), ())
        usual = next((run for run in source.names if part in run and _adds(run, part)), ())
        if (
            full
            and all(m in full for m in missing)
            and (full == usual or set(usual) <= set(full) or set(missing) <= set(usual))
        ):
            return True
    return False


def _adds(run: Sequence[str], part: str) -> bool:
    """Whether a run of capitals ends in the name that ``part`` belongs to, and not only begins a sentence with it."""
    return len(run) > 1 and part in run[-3:]


def _meant(mention: Mention, source: Source, glossary: Glossary) -> bool:
    """Whether a pronoun of the source can stand for a name: the first one of a sentence before, as subjects are."""
    pronouns = cues.words("pronoun", source.language)
    words = source.said.words
    referring = any(w.folded in pronouns or (w.folded.endswith("nya") and len(w.folded) > 5) for w in words)
    if not referring and not (words and words[0].folded.startswith("di") and len(words[0].folded) > 5):
        return False
    firsts: list[Mention] = []
    last = -1
    for found in source.around.mentions:
        line = len(re.findall(r"[.!?”\"]\s|\n", source.around.text[: source.around.words[found.first].start]))
        if line != last:
            firsts.append(found)
            last = line
    return any(all(_among(n, found.names, glossary) for n in mention.names) for found in firsts)


def same(one: Mention, other: Mention, source: Source, glossary: Glossary) -> bool | None:
    """Whether a claim's mention and a source's stand for the same; None when that cannot be told.

    A title without a person's name (``pemimpin Korea Utara``) may be anyone, unless the article names its holder.
    """
    if not _labels(one, glossary).isdisjoint(_labels(other, glossary)):
        return True
    shared = [n for n in one.names if _among(n, other.names, glossary)]
    persons = (_person(one, glossary), _person(other, glossary))
    if shared and all(persons) and (len(shared) == len(one.names) or len(shared) >= len(other.names)):
        return True
    if shared and (all(persons) or not any(persons) or any(p in shared for p in (*persons[0], *persons[1]))):
        return True
    if not all(persons) and (one.title or other.title):
        known, office = (one, other) if persons[0] else (other, one)
        holders = [run for run in source.names if any(_among(n, run, glossary) for n in office.names)]
        held = any(p in run for run in holders for p in _person(known, glossary))
        return True if held else None
    return False


def _labels(mention: Mention, glossary: Glossary) -> frozenset[str]:
    """A whole name with its translations (``AS``, ``United States``), unless a title changes it."""
    if mention.title:
        return frozenset()
    return frozenset(
        map(fold, (mention.text, *glossary.to_english(mention.text), *glossary.to_indonesian(mention.text)))
    )


def _person(mention: Mention, glossary: Glossary) -> tuple[str, ...]:
    """The words of a name that are a person's or a company's own: not places, nor what is said with a place."""
    found = [(n, glossary.to_english(n) or glossary.to_indonesian(n)) for n in mention.names]
    if any(forms and forms[0][0].isupper() for _, forms in found):
        return tuple(n for n, forms in found if not forms)
    return mention.names


def is_person(mention: Mention, glossary: Glossary) -> bool:
    """Whether a mention has a name of its own, not only a place or a title."""
    return bool(_person(mention, glossary))
