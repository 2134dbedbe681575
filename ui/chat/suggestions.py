"""Questions that the archive answers, to be suggested at the start and after an answer.

They are made from the archive itself (`ui.chat.questions`), and each one is shown only if the keyless engine, asked it,
quotes the sentence that it was made from. That is done in a thread, once for each archive and language.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial

from rag.errors import KutipError
from rag.pipeline import Kutip
from rag.types import Answer, Article, Language, Request, Span
from rag.verifying.evidence import language_of
from rag.verifying.statements import Statement, read
from ui.api.logs import LOG
from ui.api.problems import ProblemError
from ui.api.service import Service
from ui.chat.names import Names
from ui.chat.questions import Candidate, Sentence, candidates, choose, merged

AT_START, AFTER = 4, 3
"""Questions suggested at the start and after an answer, at most."""
ARTICLES, SENTENCES = 40, 25
"""Newest articles that are looked at, and sentences of each."""
CITED = 4
"""Articles of an answer that are looked at for further questions."""
TRIES, TRIES_AFTER = 60, 12
"""Candidates that are asked, at most."""
CONFIDENT = 0.35
"""Confidence from which an answer is good enough to be suggested, 0..1."""
PATIENCE = 0.3
"""Seconds that a page waits for suggestions."""
KEPT = 64
"""Lists of suggestions that are remembered."""

_Key = tuple[str, Language, tuple[str, ...]]
"""Generation of the archive, language, and what has been asked and quoted."""


@dataclass(slots=True)
class Suggestions:
    """Suggested questions of one server."""

    service: Service
    _made: OrderedDict[_Key, Future[list[str]]] = field(default_factory=OrderedDict)

    async def at_start(self, language: Language) -> list[str] | None:
        """Questions to begin with; None while they are being made."""
        key = (await self.service.blocking(lambda: self.service.engine.index.generation()), language, ())
        return await self._ready(key, partial(_at_start, self.service, language))

    async def after(self, answer: Answer, asked: Sequence[str]) -> list[str]:
        """Questions in an answer's language on what its articles also tell; none when that takes too long.

        Args:
            answer: what has just been answered.
            asked: questions of the conversation, this one included.
        """
        quoted = sorted(f"{c.article_id}:{c.start}" for c in answer.citations)
        generation = await self.service.blocking(lambda: self.service.engine.index.generation())
        key = (generation, answer.language, (*asked, *quoted))
        return await self._ready(key, partial(_after, self.service, answer, tuple(asked))) or []

    async def _ready(self, key: _Key, make: Callable[[], list[str]]) -> list[str] | None:
        """A list that has been made or is being made; None when that takes longer than a page waits."""
        future = self._made.get(key)
        if future is None:
            try:
                future = self._made[key] = self.service.errands.submit(partial(_quietly, make))
            except ProblemError:
                return []
        self._made.move_to_end(key)
        while len(self._made) > KEPT:
            self._made.popitem(last=False)
        waiting = asyncio.wrap_future(future)
        done, _ = await asyncio.wait([waiting], timeout=PATIENCE)
        return waiting.result() if done else None


def _quietly(make: Callable[[], list[str]]) -> list[str]:
    """What ``make`` comes to, or nothing: no answer may fail for a suggestion."""
    try:
        return make()
    except KutipError:
        return []
    except Exception as error:
        LOG.error("no questions could be suggested", exc_info=error)
        return []


def _at_start(service: Service, language: Language) -> list[str]:
    kutip = service.engine.kutip()
    total = kutip.index.page(1, 0)[1]
    found = suggested(kutip, kutip.index.page(ARTICLES, max(0, total - ARTICLES))[0], language)
    return choose(found, AT_START, good=partial(answers, kutip), tries=TRIES)


def _after(service: Service, answer: Answer, asked: Sequence[str]) -> list[str]:
    kutip = service.engine.kutip()
    quoted = [(c.article_id, Span(c.start, c.end)) for c in answer.citations]
    ids = dict.fromkeys(id for id, _ in quoted) or dict.fromkeys(hit.chunk.article_id for hit in answer.nearest)
    known = kutip.index.articles_by_id(list(ids)[:CITED])
    found = suggested(kutip, [known[id] for id in ids if id in known], answer.language)
    left = [candidate for candidate in found if not any(_overlap(s, q) for s in candidate.sources for q in quoted)]
    return choose(left, AFTER, good=partial(answers, kutip), without=asked, tries=TRIES_AFTER)


def suggested(kutip: Kutip, articles: Sequence[Article], language: Language) -> list[Candidate]:
    """Questions in ``language`` that the sentences of ``articles`` answer, not tried yet."""
    read_ = [
        Sentence(article_id=article.id, span=span, place=place, statement=_read(kutip, article, span))
        for article in articles
        for place, span in enumerate(article.sentences[:SENTENCES])
    ]
    names = Names(kutip.glossary)
    names.learn([sentence.statement for sentence in read_])
    return merged(c for sentence in read_ for c in candidates(sentence, names, kutip.glossary, language))


def _read(kutip: Kutip, article: Article, span: Span) -> Statement:
    text = article.text[span.start : span.end]
    return read(text, language_of(text, kutip.glossary), kutip.glossary)


def answers(kutip: Kutip, candidate: Candidate) -> bool:
    """Whether the keyless engine, asked a question, is sure and quotes first what the question was made from."""
    answer = kutip.invoke(Request(text=candidate.text, answerer="extractive"))
    if answer.abstained or not answer.claims or (answer.confidence or 0.0) < CONFIDENT:
        return False
    first = answer.claims[0].citations
    shown = [(c.article_id, Span(c.start, c.end)) for c in answer.citations if c.id in first]
    return any(_overlap(place, source) for place in shown for source in candidate.sources)


def _overlap(one: tuple[str, Span], other: tuple[str, Span]) -> bool:
    return one[0] == other[0] and one[1].start < other[1].end and other[1].start < one[1].end
