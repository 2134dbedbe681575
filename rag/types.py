"""The records that flow through Kutip, one per stage, all frozen.

``file -> Article -> Chunk -> Hit -> Draft -> Answer``. Offsets everywhere count Unicode code points of the article's
decoded text, so ``quote == article.text[start:end]`` holds for every record that carries a start and an end.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Language = Literal["id", "en"]
Verdict = Literal["supported", "partly", "unsupported"]


class Span(NamedTuple):
    """A half-open range of code points, ``0 <= start < end <= len(text)``."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A question of a conversation and what was answered."""

    question: str
    """As a full question: see `Answer.understood`."""
    answer: str = ""
    """The answer's text; empty when it abstained."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A question with everything that shapes its answer."""

    text: str
    history: tuple[Turn, ...] = ()
    """Earlier turns of the conversation, oldest first."""
    k: int | None = None
    """Passages handed to the answerer, > 0; None for the default."""
    answerer: Literal["auto", "extractive", "model"] | None = None
    """Overrides the setting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article as it is kept in the archive."""

    id: str
    """Short and stable: the file's stem, or the ``id`` of a JSON line. Never a path."""
    source: str
    """What a reader is shown as origin, for example ``seeds/001_10afbb6f50542c20.txt``."""
    origin: str
    """What the article was read from (absolute path, with ``#id`` for a JSON line): identity for incremental runs."""
    text: str
    """Decoded text, newlines untouched; for HTML the extracted text."""
    sha256: str
    """Hex digest of everything read for this article (text and metadata): the key of change detection."""
    sentences: tuple[Span, ...]
    """Quotable sentences in reading order; boilerplate is not among them."""
    title: str | None = None
    publisher: str | None = None
    author: str | None = None
    published: str | None = None
    """ISO 8601 date, ``YYYY-MM-DD``."""
    url: str | None = None
    language: str | None = None
    """ISO 639-1 code as given by the source; None when it is not given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """A run of whole, consecutive, quotable sentences of one article: what is embedded and searched."""

    id: str
    """Derived from the article's id and sha256 and from the offsets."""
    article_id: str
    article_sha256: str
    """Version of the article this chunk was cut from."""
    source: str
    start: int
    end: int
    text: str
    """``article.text[start:end]``, exactly."""
    sentences: tuple[Span, ...]
    """Sentences inside the chunk, as offsets into the article."""
    title: str | None = None
    publisher: str | None = None
    published: str | None = None

    def sentence_text(self, span: Span) -> str:
        """The words of one of this chunk's sentences."""
        return self.text[span.start - self.start : span.end - self.start]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A chunk found for a question."""

    chunk: Chunk
    score: float
    """Relevance after fusion and ranking, 0..1, higher is better; comparable within one question only."""
    lexical: float = 0.0
    """Raw term score (BM25, >= 0)."""
    dense: float = 0.0
    """Cosine similarity, -1..1."""
    sentence_scores: tuple[float, ...] = ()
    """For each of ``chunk.sentences``, how well it answers the question, 0..1; empty when not scored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Words that an answerer says are in an article; verification finds out."""

    text: str
    article_id: str
    start: int | None = None
    """Offset where the answerer believes the quote starts; None when it only knows the words."""
    end: int | None = None
    within: Span | None = None
    """The passage of the article that the quote is said to be in; None for the whole article."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftClaim:
    """One statement of a draft with the quotes meant to support it."""

    text: str
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What a hosted model charged for."""

    input_tokens: int
    output_tokens: int
    cost_usd: float | None = None
    """None when the model's price is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What an answerer proposes. Only verification turns it into an Answer."""

    claims: tuple[DraftClaim, ...]
    reason: str | None = None
    """Why the passages do not answer, in the question's language; set exactly when there are no claims."""
    confidence: float | None = None
    """Estimated probability that the archive answers the question, 0..1; None when not estimated."""
    answerer: str
    """``extractive`` or the model's name, as shown in ``engine``."""
    degraded: str | None = None
    """Why a lesser answerer stepped in; None when none did."""
    usage: Usage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A located quote: ``quote == article.text[start:end]``."""

    id: int
    """1-based number used by the markers in the answer."""
    article_id: str
    source: str
    title: str | None
    publisher: str | None
    published: str | None
    quote: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A statement after verification."""

    text: str
    citations: tuple[int, ...]
    """Ids of the citations that support it; empty only for withheld claims."""
    verdict: Verdict
    problems: tuple[str, ...] = ()
    """What did not match, for example ``number: claim says 50, source says 40``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a reader gets: verified claims, or an abstention with its reason and the nearest passages."""

    question: str
    """As asked."""
    language: Language
    abstained: bool
    reason: str | None
    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]
    nearest: tuple[Hit, ...] = ()
    """Passages shown when abstaining; empty otherwise."""
    withheld: tuple[Claim, ...] = ()
    """Claims left out because the articles do not support them."""
    confidence: float | None = None
    answerer: str
    embedder: str
    degraded: str | None = None
    usage: Usage | None = None
    timings_ms: dict[str, float] = field(default_factory=dict)
    """Milliseconds per stage; ``total`` is always there."""
    understood: str | None = None
    """The full question that a follow-up was taken for; None when it was taken as it stands."""

    @property
    def text(self) -> str:
        """The claims as running text with ``[1][2]`` markers; empty when abstained."""
        return " ".join(f"{claim.text} {''.join(f'[{n}]' for n in claim.citations)}" for claim in self.claims)
