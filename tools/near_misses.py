"""Makes questions that their passage does not answer out of questions that it does; training only.

Two honest changes: the word that is asked for becomes that of another question (*when was X born* – *when was X
sold*), or the name asked about becomes another one of the archive. The passage still has all the other words.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace

from training_data import Archive, Question

from rag.finding.question import Query, analyse
from rag.finding.views import view
from rag.language.glossary import Glossary
from rag.language.words import stem, tokens

Swap = tuple[Question, Query]


class NearMisses:
    """Draws changed questions; the words to change to come from the questions given."""

    def __init__(self, asked: Sequence[Swap], glossary: Glossary, seed: int) -> None:
        self._glossary = glossary
        self._rng = random.Random(seed)
        self._asked_for: dict[tuple[str, str], list[tuple[str, frozenset[str]]]] = {}
        for _, query in asked:
            if query.focus >= 0:
                group = query.groups[query.focus]
                stems = frozenset(s for way in group.alternatives for s in way.stems)
                self._asked_for.setdefault((query.language, query.kind), []).append((group.text, stems))

    def other_focus(self, question: Question, query: Query, archive: Archive) -> Swap | None:
        """Asks for something else, in a word that the passage does not have in any way."""
        if query.focus < 0 or query.groups[query.focus].text not in question.text:
            return None
        there = set(view(archive.chunks[question.passage]).stems)
        group = query.groups[query.focus]
        own = {s for way in group.alternatives for s in way.stems}
        word, stems = self._rng.choice(self._asked_for[query.language, query.kind])
        return None if stems & (there | own) else self._changed(question, group.text, word)

    def other_name(self, question: Question, query: Query, passages: Mapping[str, str]) -> Swap | None:
        """Asks about another name: one in ``passages`` (texts by id), the question's own among them."""
        if not query.names:
            return None
        name = max(query.names, key=len)
        own = {stem(t.text) for t in tokens(question.text)}
        text = passages[self._rng.choice(sorted(passages))]
        found = [
            run for run in analyse(text[:1500], self._glossary).names if not own & {stem(t.text) for t in tokens(run)}
        ]
        return self._changed(question, name, self._rng.choice(found)) if found else None

    def _changed(self, question: Question, old: str, new: str) -> Swap:
        text = question.text.replace(old, new, 1)
        return replace(question, text=text, answers=()), analyse(text, self._glossary)
