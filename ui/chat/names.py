"""What somebody is called in a question: whole names instead of short ones, in the question's language.

Statements of an archive's sentences come in; labels for their mentions go out, or None where a name cannot be told.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from rag.language.glossary import Glossary
from rag.language.words import fold, is_stop_word, tokens
from rag.types import Language
from rag.verifying.statements import Mention, Statement

_SURE = 0.6
"""Share of the whole names with a word that must agree before the word is taken for one of them."""

_WITH_ARTICLE = ("United ", "European Union", "Philippines", "Netherlands", "Kremlin", "White House", "UN ")
"""How English names begin that have an article in a sentence."""

_AREAS = frozenset({"kota", "kabupaten", "provinsi", "kecamatan", "desa"})
"""Words before the name of a place that a question does without."""


class Names:
    """The names of an archive, or of the part of it that was looked at."""

    def __init__(self, glossary: Glossary) -> None:
        self._glossary = glossary
        self._wholes: dict[str, Counter[str]] = {}
        self._spelled: dict[str, Counter[str]] = {}
        self.persons: set[str] = set()
        """Whole names of people that some sentence gives an office."""
        self.counts = Counter[str]()
        """Sentences by the folded name that they mention."""

    def learn(self, statements: Sequence[Statement]) -> None:
        """Take in the names of sentences."""
        for statement in statements:
            for name, titled in {self.own(mention) for mention in statement.mentions} - {("", False)}:
                self._spelled.setdefault(_plain(name), Counter())[name] += 1
                words = name.split()
                if len(words) > 1 and not self._translations(name, "en") and not self._translations(name, "id"):
                    for word in words:
                        self._wholes.setdefault(fold(word), Counter())[_plain(name)] += 1
                if titled and len(words) > 1:
                    self.persons.add(_plain(name))
        for statement in statements:
            self.counts.update({_plain(self.whole(self.own(mention)[0])) for mention in statement.mentions} - {""})

    def own(self, mention: Mention) -> tuple[str, bool]:
        """The name without titles, places and offices around it, and whether it is a person's with a title."""
        if not mention.title:
            words = _parts(mention)[0].split()
            while len(words) > 1 and self._place(words[0]) and not any(map(self._common, words[1:])):
                words.pop(0)
            return " ".join(words), False
        best: list[str] = []
        for part in _parts(mention):
            words = part.split()
            while words and self._common(words[0]):
                words.pop(0)
            if len(words) > len(best) and not any(map(self._common, words)):
                best = words
        return " ".join(best), bool(best)

    def whole(self, name: str) -> str:
        """``Vladimir Putin`` for ``Putin``, where the archive leaves no doubt, as it is mostly spelled."""
        plain = _plain(name)
        wholes = self._wholes.get(fold(name)) if " " not in name else None
        if wholes and not self._translations(name, "en"):
            first, most = max(wholes.items(), key=lambda item: (item[1], item[0]))
            plain = first if most >= _SURE * wholes.total() else plain
        spelled = self._spelled.get(plain)
        return max(spelled, key=lambda s: (spelled[s], s)) if spelled else name

    def is_person(self, label: str) -> bool:
        """Whether a name is known to be somebody's."""
        return _plain(label) in self.persons

    def label(self, mention: Mention, written: Language, wanted: Language, *, whole: bool = True) -> str | None:
        """The name as a question in the language ``wanted`` has it; None for a title without a name, and the like."""
        own = self.own(mention)[0]
        name = self.whole(own) if whole else own
        if not name or not any(c.isalpha() for c in name) or is_stop_word(name, wanted):
            return None
        if written == wanted:
            return name
        found = [phrase for phrase in self._translations(name, wanted) if phrase[:1].isupper()]
        if found:
            return f"the {found[0]}" if wanted == "en" and found[0].startswith(_WITH_ARTICLE) else found[0]
        return None if any(self._common(word) for word in name.split()) else name

    def weight(self, label: str) -> float:
        """How much of the archive is about a name: sentences that mention it."""
        return float(self.counts[_plain(label)])

    def _translations(self, name: str, wanted: Language) -> tuple[str, ...]:
        return self._glossary.to_english(name) if wanted == "en" else self._glossary.to_indonesian(name)

    def _common(self, word: str) -> bool:
        """Whether a word is one of the language's own, or a place that has another name in the other language."""
        if len(word) < 4 and not word.isupper():
            return False  # Kim Jong Un is not the UN
        return any(fold(phrase) != fold(word) for phrase in self._glossary.to_english(word)) or is_stop_word(word, "id")

    def _place(self, word: str) -> bool:
        found = self._glossary.to_english(word)
        return fold(word) in _AREAS or (bool(found) and found[0][0].isupper() and fold(found[0]) != fold(word))


def _parts(mention: Mention) -> list[str]:
    """The pieces of a mention between commas; of ``BATAM - Nusantara Chips`` what follows the dash."""
    return [re.split(r"\s[-–—]+\s", part)[-1] for part in mention.text.split(",")]


def _plain(name: str) -> str:
    return " ".join(fold(token.text) for part in re.split(r"[-\s]+", name) for token in tokens(part))
