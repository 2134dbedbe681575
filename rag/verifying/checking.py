"""Any text → a verdict for each of its sentences: what does the archive back, and with which words.

No model is asked. A sentence is looked up like a question, and checked against the sentences found like a claim
against its quotes (`rag.verifying.support`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Literal, NamedTuple

from rag.errors import InputError
from rag.language import cues
from rag.language.glossary import Glossary
from rag.language.words import sentences
from rag.types import Article, Citation, Hit, Span
from rag.verifying.evidence import Evidence, language_of
from rag.verifying.likeness import SAID
from rag.verifying.statements import read
from rag.verifying.support import MAX_CLAIM, Support, check, compare, plain
from rag.verifying.verification import Articles, make_citation

MAX_TEXT = 200_000
"""Characters of a text to be checked."""

PASSAGES, CANDIDATES, EVIDENCE = 8, 24, 3
"""Passages looked at for a sentence, sentences of them that are compared, sentences shown."""

_MAX_LOOKED_UP = 600
_DATELINE = re.compile(r"^(?:[A-Z][\w.’' ]*[,/]?\s?){1,4}(?:,\s[^-–—]{1,30})?\s?(?:\([^)]{2,40}\)\s?)?\s[-–—]{1,2}\s+")

_SEVERAL = re.compile(r"[,;]|\b(?:dan|and|serta|while|sementara)\b")
"""A sentence that may say more than one thing, so that it may need more than one sentence of evidence."""

_REPORTED = re.compile(r"\b(?:bahwa|that)\s+")
_SHORTEST = 25
"""Characters of a main clause, at least."""
_SUBORDINATE = re.compile(
    r",?\s+(?:yang|selama|ketika|saat|setelah|sebelum|sejak|sementara|meski(?:pun)?|walau(?:pun)?|karena|sehingga"
    r"|di ?mana|who|which|while|when|after|before|since|because|although|during)\b"
)
_TELLING = 2
"""Names, numbers and dates that a statement must have, so that saying the same is no accident."""
_SAME, _NEAR = 0.75, 0.5
"""Shares of the words besides names that a sentence must have to say the same as another, and to speak of the same."""

Outcome = Literal["supported", "partly", "not found", "contradicted", "not checked"]
Search = Callable[[str], Sequence[Hit]]
"""Passages for a text, best first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedSentence:
    """A sentence of a text and what the archive says to it."""

    text: str
    start: int
    """Offset in the text that was given."""
    end: int
    verdict: Outcome
    score: float
    """Estimated probability that the evidence entails the sentence, 0..1; 0 when it was not checked."""
    problems: tuple[str, ...] = ()
    """What the archive does not bear out; for a sentence that was not checked, why."""
    evidence: tuple[Citation, ...] = ()
    """The sentences of the archive that say most of it, best first."""


class _Candidate(NamedTuple):
    article: Article
    span: Span
    support: Support


def check_text(
    text: str, *, search: Search, articles: Articles, glossary: Glossary
) -> tuple[CheckedSentence, ...]:  # fmt: skip
    """Check a text sentence by sentence; see `check_each`."""
    return tuple(check_each(text, search=search, articles=articles, glossary=glossary)[1])


def check_each(
    text: str, *, search: Search, articles: Articles, glossary: Glossary
) -> tuple[int, Iterator[CheckedSentence]]:  # fmt: skip
    """Check a text sentence by sentence, each one when it is asked for.

    Args:
        text: Indonesian or English, from anyone.
        search: finds passages of the archive.
        articles: looks articles up by id.
        glossary: for English sentences.

    Returns:
        How many sentences there are, and their verdicts in order.

    Raises:
        InputError: when the text is empty or longer than ``MAX_TEXT`` characters.
    """
    if not any(c.isalnum() for c in text):
        raise InputError("Expected a text to check, saw no words in it: give a file with sentences.")
    if len(text) > MAX_TEXT:
        raise InputError(f"Expected a text of at most {MAX_TEXT:,} characters, saw {len(text):,}: check it in parts.")
    spans = list(sentences(text))
    return len(spans), _Checker(search=search, articles=articles, glossary=glossary).sentences(text, spans)


@dataclass(frozen=True, slots=True, kw_only=True)
class Corroboration:
    """What other articles have to say to the same, of each article its best sentence, best first."""

    same: tuple[Citation, ...]
    """They say it, too."""
    near: tuple[Citation, ...]
    """They speak of it, and may say something else."""


def corroborating(
    text: str, article_id: str, *, search: Search, articles: Articles, glossary: Glossary
) -> Corroboration:
    """Sentences of other articles that say what a text says, and those that speak of it.

    Of a long sentence its main clause counts, and what somebody is said to have said. A sentence that only has the same
    names says nothing: of the other words three in four must be there, and half of them for speaking of the same.

    Args:
        text: words of an article, or a claim that rests on them; a sentence or a few.
        article_id: the article that they are of.
        search: finds passages of the archive.
        articles: looks articles up by id.
        glossary: for articles in two languages.
    """
    checker = _Checker(search=search, articles=articles, glossary=glossary)
    same: dict[str, tuple[float, _Candidate]] = {}
    near: dict[str, tuple[float, _Candidate]] = {}
    for statement in chain.from_iterable(_clauses(text[span.start : span.end]) for span in sentences(text)):
        for found in checker.candidates(statement):
            if found.article.id == article_id:
                continue
            share = _shared(statement, found, glossary)
            if found.support.verdict == "supported" and share >= _SAME:
                _keep(same, found, found.support.score)
            elif share >= _NEAR:
                _keep(near, found, share)
    near = {id: kept for id, kept in near.items() if id not in same}
    return Corroboration(same=_cited(same), near=_cited(near, first=len(same) + 1))


def _keep(best: dict[str, tuple[float, _Candidate]], found: _Candidate, value: float) -> None:
    known = best.get(found.article.id)
    if known is None or value > known[0]:
        best[found.article.id] = (value, found)


def _cited(best: dict[str, tuple[float, _Candidate]], first: int = 1) -> tuple[Citation, ...]:
    order = [found for _, found in sorted(best.values(), key=lambda kept: -kept[0])]
    return tuple(make_citation(c.article, c.span, id=number) for number, c in enumerate(order, first))


def _clauses(written: str) -> list[str]:
    """A sentence, its main clause, and the same of what follows ``bahwa`` or ``that``; none that is no statement."""
    whole = plain(_DATELINE.sub("", written))
    reported = _REPORTED.search(whole)
    found = [whole, *([whole[reported.end() :]] if reported else [])]
    found += [f"{part[: cut.start()]}." for part in found if (cut := _SUBORDINATE.search(part, _SHORTEST))]
    return [clause for clause in dict.fromkeys(found) if _not_a_statement(clause) is None]


def _shared(statement: str, found: _Candidate, glossary: Glossary) -> float:
    """Share of a telling statement's words, but for names and their titles, that a sentence says; 0..1."""
    compared = compare(statement, [Evidence.of(found.article, found.span).capped()], glossary)
    if len(compared.claim.mentions) + len(compared.claim.numbers) + len(compared.claim.dates) < _TELLING:
        return 0.0
    named = {n for mention in compared.claim.mentions for n in range(mention.first, mention.last + 1)}
    said = [match.score >= SAID for unit, match in compared.pairs if not unit.name and named.isdisjoint(unit.words)]
    return sum(said) / len(said) if said else 0.0


@dataclass(slots=True)
class _Checker:
    search: Search
    articles: Articles
    glossary: Glossary
    subject: str | None = None
    """Who or what the sentence before was about, for a pronoun."""

    def sentences(self, text: str, spans: Sequence[Span]) -> Iterator[CheckedSentence]:
        for span in spans:
            written = text[span.start : span.end]
            yield self._sentence(written, span)
            self._remember(written)

    def _sentence(self, written: str, span: Span) -> CheckedSentence:
        stated = _DATELINE.sub("", written)
        reason = _not_a_statement(stated)
        if reason:
            return CheckedSentence(
                text=written, start=span.start, end=span.end, verdict="not checked", score=0.0, problems=(reason,)
            )
        claim = self._resolved(plain(stated))
        found = self.candidates(claim)
        chosen, support, verdict = self._best(claim, found)
        cited = tuple(make_citation(c.article, c.span, id=number) for number, c in enumerate(chosen, 1))
        return CheckedSentence(
            text=written, start=span.start, end=span.end, verdict=verdict, score=support.score,
            problems=support.problems, evidence=cited,
        )  # fmt: skip

    def candidates(self, claim: str) -> list[_Candidate]:
        """Sentences of the archive near a statement, those that say most of it first."""
        hits = self.search(claim[:_MAX_LOOKED_UP])[:PASSAGES]
        known: Mapping[str, Article] = self.articles(sorted({hit.chunk.article_id for hit in hits}))
        spans = dict.fromkeys((hit.chunk.article_id, s) for hit in hits for s in hit.chunk.sentences)
        found = []
        for article_id, span in list(spans)[:CANDIDATES]:
            if article_id in known:
                article = known[article_id]
                support = check(claim, [Evidence.of(article, span)], self.glossary)
                found.append(_Candidate(article, span, support))
        return sorted(found, key=lambda c: -c.support.score)

    def _best(self, claim: str, found: Sequence[_Candidate]) -> tuple[list[_Candidate], Support, Outcome]:
        """The evidence to show, what it does for the sentence, and the verdict."""
        if not found:
            nothing = Support(
                verdict="unsupported", score=0.0, problems=("addition: nothing in the archive is near it",)
            )
            return [], nothing, "not found"
        chosen, best = [found[0]], found[0].support
        if best.verdict == "supported":
            return [c for c in found[:EVIDENCE] if c.support.verdict == "supported"], best, "supported"
        for more in range(2, EVIDENCE + 1) if _SEVERAL.search(claim) else ():
            together = check(claim, [Evidence.of(c.article, c.span) for c in found[:more]], self.glossary)
            if together.score > best.score:
                chosen, best = list(found[:more]), together
        if best.verdict == "supported":
            return chosen, best, "supported"
        against = max((c for c in found if c.support.contradicted), key=lambda c: c.support.coverage, default=None)
        if against is not None and (best.verdict == "unsupported" or against.support.coverage >= best.coverage):
            return [against], against.support, "contradicted"
        return chosen, best, "partly" if best.verdict == "partly" else "not found"

    def _resolved(self, claim: str) -> str:
        """The sentence with a pronoun at its beginning replaced by what the text was about."""
        language = language_of(claim, self.glossary)
        first = re.match(r"\w+", claim)
        if self.subject and first and first.group().casefold() in cues.words("pronoun", language):
            return self.subject + claim[first.end() :]
        return claim

    def _remember(self, written: str) -> None:
        stated = plain(_DATELINE.sub("", written))[:MAX_CLAIM]
        mentions = read(stated, language_of(stated, self.glossary), self.glossary).mentions
        if mentions:
            self.subject = mentions[0].text


def _not_a_statement(text: str) -> str | None:
    """Why a sentence says nothing that can be checked; None when it does."""
    words = re.findall(r"\w+", text)
    if text.rstrip("\"'”’) ").endswith("?"):
        return "a question"
    if text.lstrip().startswith("#") or (len(words) < 12 and not re.search(r"[.!…\"”’)]\s*$", text)):
        return "a heading"
    if len(words) < 3:
        return "too short"
    return None
