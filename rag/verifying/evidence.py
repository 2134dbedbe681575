"""What a claim is checked against: quoted words with the sentence, the passage and the article around them.

An article and a span go in, an :class:`Evidence` comes out; several of them are read together as one :class:`Source`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from rag.language.glossary import Glossary
from rag.language.words import fold, stop_words, tokens
from rag.types import Article, Language, Span
from rag.verifying.statements import Statement, read

BEFORE = 2
"""Sentences before the quoted one in which a pronoun may have its antecedent."""

_NAMED = 20_000
"""Characters of an article in which full names are looked for."""
_LONGEST = 6_000
"""Characters of evidence that are read; a claim quotes sentences, not documents."""

_PART = r"[A-Z][\w’']*(?:-[A-Za-z]\w*)*"
_RUN = re.compile(rf"{_PART}(?: {_PART})+|{_PART}")


class Evidence(NamedTuple):
    """Quoted words and what stands around them."""

    quote: str
    sentence: str = ""
    """The whole sentences that the quote lies in; empty when the quote is all there is."""
    context: str = ""
    """The article's title and the sentences before."""
    names: tuple[tuple[str, ...], ...] = ()
    """Full names of the article, folded, the most frequent first."""
    published: str | None = None

    def capped(self) -> Evidence:
        """The evidence as far as it is read."""
        if len(self.quote) <= _LONGEST and len(self.sentence) <= _LONGEST:
            return self
        return self._replace(quote=self.quote[:_LONGEST], sentence=self.sentence[:_LONGEST])

    @classmethod
    def of(cls, article: Article, span: Span) -> Evidence:
        """The evidence that a place in an article is."""
        inside = [n for n, s in enumerate(article.sentences) if s.start < span.end and s.end > span.start]
        if not inside:
            return cls(article.text[span.start : span.end])
        first, last = inside[0], inside[-1]
        before = article.sentences[max(0, first - BEFORE) : first]
        sentence = article.text[article.sentences[first].start : article.sentences[last].end]
        context = "\n".join([article.title or "", *(article.text[s.start : s.end] for s in before)]).strip()
        quote = article.text[span.start : span.end]
        return cls(quote, sentence, context, full_names(article.text[:_NAMED]), article.published)


@lru_cache(maxsize=64)
def full_names(text: str) -> tuple[tuple[str, ...], ...]:
    """Runs of two and more capitalised words, folded, the most frequent first."""
    runs = Counter(tuple(fold(w) for w in re.split(r"[\s\-]+", m.group())) for m in _RUN.finditer(text))
    return tuple(run for run, _ in runs.most_common() if len(run) > 1)


@lru_cache(maxsize=4096)
def language_of(text: str, glossary: Glossary) -> Language:
    """The language of a statement: by its function words and by which side of the glossary knows its words.

    A word of the glossary counts half a function word. English is looked up last, because it costs most and the rest
    has mostly decided by then.
    """
    words = {fold(t.text) for t in tokens(text[:_LONGEST])}
    at_most = 0.5 * len(words)
    score: float = len(words & stop_words("en", question=True)) - len(words & stop_words("id", question=True))
    if score > at_most:
        return "en"
    score -= 0.5 * sum(bool(glossary.to_english(word)) for word in words)
    if score + at_most <= 0:
        return "id"
    score += 0.5 * sum(bool(glossary.to_indonesian(word)) for word in words)
    return "en" if score > 0 else "id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """All evidence of a claim, read."""

    said: Statement
    """The sentences that are quoted from, each once."""
    quoted: tuple[Span, ...]
    """Where the quoted words stand in it."""
    around: Statement
    """The context; empty text when there is none."""
    names: tuple[tuple[str, ...], ...]
    years: frozenset[int]
    """Years in which the articles were published."""

    @property
    def language(self) -> Language:
        """Of the evidence."""
        return self.said.language

    def core(self, number: int) -> bool:
        """Whether word ``number`` of the sentences is among the quoted words."""
        word = self.said.words[number]
        return any(span.start <= word.start < span.end for span in self.quoted)


def gather(evidence: Sequence[Evidence], glossary: Glossary) -> Source:
    """Read all evidence of a claim together."""
    text = ""
    quoted: list[Span] = []
    for item in evidence:
        whole = item.sentence or item.quote
        at = text.find(whole)
        if at < 0:
            if len(text) + len(whole) > _LONGEST and text:
                continue
            at = len(text) + (1 if text else 0)
            text = f"{text}\n{whole[:_LONGEST]}" if text else whole[:_LONGEST]
        inner = max(0, whole.find(item.quote))
        quoted.append(Span(at + inner, at + inner + len(item.quote)))
    language = language_of(text, glossary)
    around = "\n".join(dict.fromkeys(e.context for e in evidence if e.context))[:_LONGEST]
    return Source(
        said=read(text, language, glossary),
        quoted=tuple(quoted),
        around=read(around, language, glossary),
        names=tuple(dict.fromkeys(name for e in evidence for name in e.names)),
        years=frozenset(int(e.published[:4]) for e in evidence if e.published),
    )
