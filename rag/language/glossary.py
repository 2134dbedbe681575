"""The Indonesian–English glossary: phrases of one language in, their translations out, best first.

The data are lines ``indonesian<TAB>english; english`` (``rag/data/glossary.tsv`` and, before it, a file of the user's
own). ``rag/data/wider.tsv`` has further translations: near enough to look for, not to check a statement by. English is
looked up as it is inflected in questions: by folded words first, then by stems and irregular forms.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path

from rag.errors import SettingsError
from rag.language.rarity import usage
from rag.language.words import fold, stem, tokens

Phrase = tuple[str, ...]
Entry = tuple[str, tuple[str, ...]]
"""An Indonesian headword and its English translations, best first."""
MAX_WORDS = 5
"""Longest phrase that is looked up, in words."""


class Glossary:
    """Two-way look-up of words and fixed phrases.

    Entries are sorted into drawers when the first word is looked up, a drawer by first words when a word of it is, and
    what begins with this word is put in order, so that a question costs what its own words cost.
    """

    def __init__(self, entries: Iterable[Entry], *, own: int = 0, sure: int | None = None, wider: bool = False) -> None:
        """Take in ``(indonesian, translations)`` pairs.

        Args:
            entries: headword and its English translations, best first.
            own: how many of the first pairs go before all others.
            sure: how many of the first pairs go before the rest; all by default.
            wider: whether `wide` has the further translations.
        """
        self._entries = tuple(entries)
        self._own = own
        self._sure = len(self._entries) if sure is None else sure
        self._wider = wider
        self._heads: dict[str, dict[Phrase, tuple[str, ...]]] = {}
        self._firsts: dict[str, dict[str, list[tuple[int, int]]]] = {}
        self._opened: dict[tuple[str, str], dict[Phrase, tuple[tuple[int, str], ...]]] = {}

    @classmethod
    def load(cls, extra: Path | None = None) -> Glossary:
        """The built-in glossary, with the entries of ``extra`` before it.

        Raises:
            SettingsError: when ``extra`` cannot be read or a line of it is not an entry.
        """
        builtin = parse(files("rag").joinpath("data/glossary.tsv").read_text("utf-8"), "glossary.tsv")
        own = _read(extra) if extra else []
        return cls([*own, *builtin], own=len(own), wider=True)

    @cached_property
    def wide(self) -> Glossary:
        """The glossary with the further translations behind its own: for finding."""
        if not self._wider:
            return self
        further = parse(files("rag").joinpath("data/wider.tsv").read_text("utf-8"), "wider.tsv")
        return Glossary([*self._entries, *further], own=self._own, sure=len(self._entries))

    @cached_property
    def _by_head(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for order, (indonesian, _) in enumerate(self._entries):
            found.setdefault(_drawer(indonesian), []).append(order)
        return found

    @cached_property
    def _drawers(self) -> dict[str, list[tuple[int, int]]]:
        found: dict[str, list[tuple[int, int]]] = {}
        for order, (_, translations) in enumerate(self._entries):
            for place, english in enumerate(translations):
                found.setdefault(_drawer(english), []).append((order, place))
        return found

    def to_indonesian(self, english: str) -> tuple[str, ...]:
        """Indonesian words or phrases for an English one, best first; empty when it is not known."""
        ways = (_words(english), _stems(english), *_bases(english))
        found = [one for way in ways for one in self._translations(way)]
        return tuple(dict.fromkeys(indonesian for _, indonesian in sorted(found, key=lambda one: one[0])))

    def to_english(self, indonesian: str) -> tuple[str, ...]:
        """English words or phrases for an Indonesian one, best first; empty when it is not known."""
        key = _drawer(indonesian)
        if key not in self._heads:
            heads: dict[Phrase, tuple[str, ...]] = {}
            for order in self._by_head.get(key, ()):
                head, translations = self._entries[order]
                words = _words(head)
                heads[words] = tuple(dict.fromkeys((*heads.get(words, ()), *translations)))
            self._heads[key] = heads
        return self._heads[key].get(_words(indonesian), ())

    def _translations(self, phrase: Phrase) -> tuple[tuple[int, str], ...]:
        if not phrase:
            return ()
        key = (_drawer(" ".join(phrase)), phrase[0])
        if key not in self._opened:
            self._opened[key] = self._open(*key)
        return self._opened[key].get(phrase, ())

    def _open(self, drawer: str, first: str) -> dict[Phrase, tuple[tuple[int, str], ...]]:
        """Indonesian for every English phrase that begins with a word or stem.

        With 0 for own, 1 for sure and 2 for further translations, in this order, then by place and by usualness.
        """
        if drawer not in self._firsts:
            self._firsts[drawer] = self._by_first_word(drawer)
        ranked: dict[Phrase, list[tuple[int, int, float, int, str]]] = {}
        for order, place in self._firsts[drawer].get(first, ()):
            indonesian, translations = self._entries[order]
            tier = (order >= self._own) + (order >= self._sure)
            rank = (tier, place, -_frequency(_words(indonesian)), order, indonesian)
            for phrase in {_words(translations[place]), _stems(translations[place])}:
                ranked.setdefault(phrase, []).append(rank)
        return {
            phrase: tuple(dict.fromkeys((rank[0], rank[-1]) for rank in sorted(ranks)))
            for phrase, ranks in ranked.items()
        }

    def _by_first_word(self, drawer: str) -> dict[str, list[tuple[int, int]]]:
        found: dict[str, list[tuple[int, int]]] = {}
        for order, place in self._drawers.get(drawer, ()):
            word = _first(self._entries[order][1][place])
            for form in {word, stem(word, "en")}:
                found.setdefault(form, []).append((order, place))
        return found


def parse(text: str, name: str) -> list[Entry]:
    """Entries of a glossary text; empty lines and lines starting with ``#`` are passed over.

    Raises:
        SettingsError: naming the line that is not ``indonesian<TAB>english; english``.
    """
    entries = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        head, _, right = line.partition("\t")
        translations = tuple(part.strip() for part in right.split(";") if part.strip())
        if not head.strip() or not translations:
            raise SettingsError(f"{name}:{number}: expected 'indonesian<TAB>english; english', found {line[:60]!r}.")
        entries.append((head.strip(), translations))
    return entries


def _read(path: Path) -> list[Entry]:
    try:
        return parse(path.read_text("utf-8-sig"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"The glossary {path} cannot be read: {error}. Check KUTIP_GLOSSARY.") from error


def _drawer(text: str) -> str:
    """The first three letters, which a phrase and its stems have in common once ``y`` is ``i`` (``fly``, ``fli``)."""
    start = text[:3].lower()
    if start.isascii() and start.isalnum() and len(start) == 3:  # nearly all of them
        return start.replace("y", "i")
    return "".join(letter for c in text[:8] for letter in fold(c).lower() if letter.isalnum())[:3].replace("y", "i")


def _first(text: str) -> str:
    """The first of its folded words."""
    return next(iter(_words(text.partition(" ")[0]) or _words(text)), "")


def _words(text: str) -> Phrase:
    if text.isascii() and text.replace(" ", "").isalpha():  # nearly all of them
        return tuple(text.lower().split())
    return tuple(fold(token.text) for token in tokens(text))


def _frequency(words: Phrase) -> float:
    """Share of passages at large that a word is in: of several meanings in one place the usual word is meant."""
    shares, least = usage()
    share = min((shares.get(word, least / 2) for word in words), default=least)
    return share if len(words) == 1 else 0.3 * share


def _stems(text: str) -> Phrase:
    return tuple(stem(token.text, "en") for token in tokens(text))


def _bases(text: str) -> list[Phrase]:
    """The phrase with each irregular form (``bought``) replaced by its base (``buy``)."""
    words = _words(text)
    return [
        tuple(stem(base, "en") if j == i else stem(word, "en") for j, word in enumerate(words))
        for i, form in enumerate(words)
        for base in irregular().get(form, ())
    ]


@cache
def irregular() -> dict[str, tuple[str, ...]]:
    """Base forms of irregular English words: ``{"bought": ("buy",), "left": ("leave",)}``."""
    bases: dict[str, list[str]] = json.loads(files("rag").joinpath("data/irregular.json").read_text("utf-8"))
    forms: dict[str, tuple[str, ...]] = {}
    for base, variants in bases.items():
        for form in variants:
            forms[form] = (*forms.get(form, ()), base)
    return forms
