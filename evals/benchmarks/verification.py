"""How much of a subtly wrong draft does verification catch, and how often does it withhold the truth?

Rows of ``evals/cases/altered_drafts.jsonl`` come in: true claims about the bundled articles, reworded by hand, and the
same with one thing wrong. A table per kind of alteration, language and split goes out.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.articles.chunking import chunk
from rag.articles.files import read
from rag.language.glossary import Glossary
from rag.types import Answer, Article, Draft, DraftClaim, Language, Quote, Span
from rag.verifying.verification import Verifier

CASES = Path(__file__).parent.parent / "cases" / "altered_drafts.jsonl"
SEEDS = Path(__file__).parent.parent.parent / "seeds"

REASONS: dict[str, frozenset[str]] = {
    "number": frozenset({"number", "unit"}),
    "number_word": frozenset({"number", "unit"}),
    "date": frozenset({"date"}),
    "unit": frozenset({"unit", "number", "date"}),
    "foreign_name": frozenset({"name", "speaker", "role"}),
    "same_name": frozenset({"name", "speaker", "role"}),
    "role": frozenset({"role", "name", "speaker"}),
    "speaker": frozenset({"speaker", "name", "role"}),
    "negation": frozenset({"negation", "opposite", "certainty"}),
    "opposite": frozenset({"opposite", "name", "negation"}),
    "certainty": frozenset({"certainty", "negation"}),
    "addition": frozenset({"addition", "number", "name"}),
    "stitched quote": frozenset({"quote"}),
    "joined quote": frozenset({"quote"}),
    "invented quote": frozenset({"quote"}),
    "misplaced quote": frozenset({"quote"}),
}
"""For each kind of alteration, the kinds of problem that name it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A claim with its quote, and what is wrong with it."""

    id: str
    split: str
    language: Language
    kind: str
    """A key of `REASONS`, or ``twin`` for a true one."""
    text: str
    quote: Quote


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What verification made of a case."""

    case: Case
    verdict: str
    problems: tuple[str, ...]

    @property
    def caught(self) -> bool:
        """Withheld or marked."""
        return self.verdict != "supported"

    @property
    def named(self) -> bool:
        """Caught with a problem of the right kind."""
        kinds = {problem.partition(":")[0] for problem in self.problems}
        return self.caught and bool(kinds & REASONS.get(self.case.kind, frozenset()))


def cases(articles: Mapping[str, Article], path: Path = CASES) -> Iterator[Case]:
    """All drafts: the written ones, and for each true claim the quotes made wrong by rule."""
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        article = articles[row["article"]]
        good = _quote(article, row["quote"])
        common = {"split": row["split"], "language": row["language"]}
        yield Case(id=row["id"], kind="twin", text=row["twin"], quote=good, **common)
        for kind, texts in row["altered"].items():
            for number, text in enumerate(texts, 1):
                yield Case(id=f"{row['id']}-{kind}-{number}", kind=kind, text=text, quote=good, **common)
        for kind, quote in _wrong_quotes(article, good, row):
            yield Case(id=f"{row['id']}-{kind}", kind=kind, text=row["twin"], quote=quote, **common)


def _quote(article: Article, text: str) -> Quote:
    return Quote(text=text, article_id=article.id, within=_passage(article, article.text.index(text)))


def _passage(article: Article, at: int) -> Span:
    chunks = chunk(article, count_tokens=lambda text: len(text.split()))
    return next(Span(c.start, c.end) for c in chunks if c.start <= at < c.end)


def _wrong_quotes(article: Article, good: Quote, row: Mapping[str, str]) -> Iterator[tuple[str, Quote]]:
    """Stitched from two sentences with and without an ellipsis, invented, and under another passage's number."""
    at = article.text.index(good.text)
    others = [article.text[s.start : s.end] for s in article.sentences if s.end <= at or s.start >= at + len(good.text)]
    far = max(others, key=lambda text: (text not in (good.text,), len(text)))
    half, tail = good.text[: good.text.index(" ", len(good.text) // 2)], far[far.index(" ", len(far) // 2) :].strip()
    for kind, text in (
        ("stitched quote", f"{half} … {tail}"),
        ("joined quote", f"{half} {tail}"),
        ("invented quote", row["twin"]),
    ):
        yield kind, Quote(text=text, article_id=article.id, within=good.within)
    wrong = next(
        (s for s in (_passage(article, s.start) for s in article.sentences) if not s.start <= at < s.end), None
    )
    yield "misplaced quote", Quote(text=good.text, article_id=article.id, within=wrong or Span(0, 1))


def run(path: Path = CASES) -> list[Outcome]:
    """Verify every case."""
    articles = {a.id: a for a in read([SEEDS]) if isinstance(a, Article)}
    glossary = Glossary.load()
    return [judge(case, articles, glossary) for case in cases(articles, path)]


def judge(case: Case, articles: Mapping[str, Article], glossary: Glossary) -> Outcome:
    """Verify one case, as a draft with one claim."""
    verifier = Verifier(
        question="?",
        language=case.language,
        embedder="none",
        hits=(),
        articles=lambda ids: {id: articles[id] for id in ids if id in articles},
        glossary=glossary,
    )
    answer = verifier.answer(Draft(claims=(DraftClaim(text=case.text, quotes=(case.quote,)),), answerer="altered"))
    return _outcome(case, answer)


def _outcome(case: Case, answer: Answer) -> Outcome:
    claim = (*answer.claims, *answer.withheld)[0]
    return Outcome(case=case, verdict=claim.verdict, problems=claim.problems)


def wilson(hits: int, n: int) -> tuple[float, float]:
    """95 % interval of a proportion (Wilson 1927, https://doi.org/10.2307/2276774); ``n > 0``."""
    z = 1.959964
    share, scale = hits / n, 1 + z * z / n
    middle = (share + z * z / (2 * n)) / scale
    half = z / scale * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)


def table(outcomes: Sequence[Outcome]) -> str:
    """Markdown: per kind, language and split, caught, caught for the right reason, withheld; twins below."""
    lines = [
        "| kind | language | split | n | caught | 95 % | right reason | withheld |",
        "|---|---|---|---|---|---|---|---|",
    ]
    groups: dict[tuple[str, str, str], list[Outcome]] = {}
    for outcome in outcomes:
        for split in (outcome.case.split, "all"):
            groups.setdefault((outcome.case.kind, outcome.case.language, split), []).append(outcome)
    order = [*REASONS, "twin"]
    for (kind, language, split), found in sorted(groups.items(), key=lambda g: (order.index(g[0][0]), *g[0][1:])):
        caught, withheld = sum(o.caught for o in found), sum(o.verdict == "unsupported" for o in found)
        low, high = wilson(caught, len(found))
        named = f"{sum(o.named for o in found) / len(found):.2f}" if kind != "twin" else "–"
        lines.append(
            f"| {kind} | {language} | {split} | {len(found)} | {caught / len(found):.2f} | {low:.2f}–{high:.2f} "
            f"| {named} | {withheld / len(found):.2f} |"
        )
    return "\n".join(lines)
