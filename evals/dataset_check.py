"""Does a whole eval set fit its articles? Cases and article texts come in, sentences about what is wrong come out.

Checked: quotes stand in their article exactly once and are quotable, a perfect quoting answer would score 1, nothing
forbidden stands in the gold sentences, and the splits share neither groups nor gold sentences.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from evals.dataset import Case, Evidence
from evals.matching import any_form, contains
from rag.types import Article, Span


def problems(cases: Sequence[Case], articles: Mapping[str, Article]) -> list[str]:
    """One sentence per problem, in the order of the cases; empty when all is well."""
    found = [f"{case.split}/{case.id}: {problem}" for case in cases for problem in _in_case(case, articles)]
    return found + list(_across(cases, articles))


def locate(place: Evidence, articles: Mapping[str, Article]) -> tuple[str, Span] | None:
    """Article and offsets of a gold quote; None when it is not there exactly once."""
    article = articles.get(place.article)
    if article is None or article.text.count(place.quote) != 1:
        return None
    start = article.text.index(place.quote)
    return article.id, Span(start, start + len(place.quote))


def gold_sentences(place: Evidence, articles: Mapping[str, Article]) -> tuple[Span, ...]:
    """The quotable sentences of the article that a gold quote touches."""
    located = locate(place, articles)
    if located is None:
        return ()
    span = located[1]
    return tuple(s for s in articles[place.article].sentences if s.start < span.end and span.start < s.end)


def _in_case(case: Case, articles: Mapping[str, Article]) -> Iterator[str]:
    places = [place for need in case.evidence for place in need]
    broken = [place for place in places if not gold_sentences(place, articles)]
    for place in broken:
        seen = articles[place.article].text.count(place.quote) if place.article in articles else "no such article"
        wanted = "quotable words that stand in the article exactly once"
        yield f"evidence {place.quote!r} in {place.article}: expected {wanted}, saw {seen}"
    if broken or not case.answerable:
        return
    sentences = [
        articles[place.article].text[s.start : s.end] for place in places for s in gold_sentences(place, articles)
    ]
    for fact in case.facts:
        if fact.required and any_form(sentences, fact.forms) is None:
            yield f"fact {fact.forms}: no form stands in a gold sentence, so a perfect quoting answer would miss it"
    for form in case.forbidden:
        if any(contains(text, form) for text in sentences):
            yield f"forbidden {form!r} stands in a gold sentence"


def _across(cases: Sequence[Case], articles: Mapping[str, Article]) -> Iterator[str]:
    ids: dict[str, str] = {}
    groups: dict[str, str] = {}
    for case in cases:
        if case.id in ids:
            yield f"{case.split}/{case.id}: id is also in {ids[case.id]}"
        ids[case.id] = case.split
        if groups.setdefault(case.group, case.split) != case.split:
            yield f"{case.split}/{case.id}: group {case.group!r} is in both splits"
    by_split: dict[str, dict[tuple[str, Span], str]] = {}
    for case in cases:
        for place in (place for need in case.evidence for place in need):
            for sentence in gold_sentences(place, articles):
                by_split.setdefault(case.split, {}).setdefault((place.article, sentence), case.id)
    for one, other in combinations(sorted(by_split), 2):
        for key in sorted(by_split[one].keys() & by_split[other].keys()):
            first, second = by_split[one][key], by_split[other][key]
            yield f"{one}/{first} and {other}/{second}: the same gold sentence {key[1]} of {key[0]} is in both splits"
