"""What goes over the wire, as pydantic models: requests are checked against them, answers are documented by them.

Answers themselves are made by `rag.schema`, so that they are the same everywhere.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from rag.pipeline import MAX_QUESTION
from rag.verifying.checking import MAX_TEXT

HISTORY = 50
"""Turns of a conversation that a request may carry."""
MAX_ANSWER = 50_000
"""Characters of an earlier answer."""

Question = Annotated[str, StringConstraints(min_length=1, max_length=MAX_QUESTION)]
Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]+(?:(?:\.|[_-]+)[A-Za-z0-9]+)*$", max_length=120)]
Short = Annotated[str, StringConstraints(max_length=2_000)]


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")


class TurnIn(_Strict):
    """An earlier question and what was answered."""

    question: Question
    answer: Annotated[str, StringConstraints(max_length=MAX_ANSWER)] = ""


class AskIn(_Strict):
    """A question."""

    question: Question = Field(examples=["Apa hadiah Putin untuk Kim Jong Un?"])
    history: list[TurnIn] = Field(default=[], max_length=HISTORY, description="Earlier turns, oldest first.")
    k: int | None = Field(default=None, ge=1, le=100, description="Passages that the answer is made from.")
    answerer: Literal["auto", "extractive", "model"] | None = None
    stream: bool = Field(default=False, description="Server-sent events: passages, claim (each), answer, error.")


class SearchIn(_Strict):
    """Words to look for."""

    question: Question
    k: int = Field(default=10, ge=1, le=1_000)


class VerifyIn(_Strict):
    """A text to be checked."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=MAX_TEXT)] = Field(
        examples=["Putin memberi Kim Jong Un sebuah senapan."]
    )


class ArticleIn(_Strict):
    """An article; an id that is taken replaces the article that has it."""

    text: Annotated[str, StringConstraints(min_length=1)] = Field(examples=["JAKARTA - Gempa terasa hingga Bandung."])
    id: Id | None = Field(default=None, description="16 hex digits of the text's hash when it is not given.")
    title: Short | None = None
    url: Short | None = None
    publisher: Short | None = None
    author: Short | None = None
    published: str | None = Field(default=None, description="ISO 8601.", examples=["2023-09-15"], max_length=40)
    language: Annotated[str, StringConstraints(max_length=20)] | None = None


class ClaimOut(BaseModel):
    """A statement after verification."""

    text: str
    citations: list[int]
    verdict: Literal["supported", "partly", "unsupported"]
    problems: list[str]


class CitationOut(BaseModel):
    """A quote: ``quote`` is the article's text from ``start`` to ``end``, in code points."""

    id: int
    article_id: str
    source: str
    title: str | None
    publisher: str | None
    published: str | None
    quote: str
    start: int
    end: int


class PassageOut(BaseModel):
    """A passage that was found."""

    article_id: str
    source: str
    title: str | None
    start: int
    end: int
    text: str
    score: float


class AnswerOut(BaseModel):
    """The answer object, as ``kutip ask --json`` prints it."""

    schema_: int = Field(alias="schema")
    question: str
    understood: str | None
    language: Literal["id", "en"]
    abstained: bool
    reason: str | None
    confidence: float | None
    answer: str
    claims: list[ClaimOut]
    withheld: list[ClaimOut]
    citations: list[CitationOut]
    nearest: list[PassageOut]
    engine: dict[str, str]
    degraded: str | None
    usage: dict[str, Any] | None
    timings_ms: dict[str, float]


class SearchOut(BaseModel):
    """Passages, best first."""

    question: str
    hits: list[PassageOut]


class EvidenceOut(BaseModel):
    """A sentence of the archive: ``quote`` is the article's text from ``start`` to ``end``."""

    article_id: str
    source: str
    title: str | None
    quote: str
    start: int
    end: int


class CheckedOut(BaseModel):
    """A sentence of the text, from ``start`` to ``end`` of it, and what the archive says to it."""

    text: str
    start: int
    end: int
    verdict: Literal["supported", "partly", "not found", "contradicted", "not checked"]
    score: float
    problems: list[str]
    evidence: list[EvidenceOut]


class CheckOut(BaseModel):
    """The verdicts and how often each was given."""

    schema_: int = Field(alias="schema")
    counts: dict[str, int]
    sentences: list[CheckedOut]


class ArticleOut(BaseModel):
    """What is known of an article."""

    id: str
    source: str
    title: str | None
    publisher: str | None
    author: str | None
    published: str | None
    url: str | None
    language: str | None
    characters: int


class ArticleTextOut(ArticleOut):
    """An article with its text, into which the offsets of citations point."""

    sha256: str
    text: str


class ArticlesOut(BaseModel):
    """A page of the archive."""

    total: int
    limit: int
    offset: int
    articles: list[ArticleOut]


class JobOut(BaseModel):
    """An upload or a deletion; poll ``/v1/jobs/ID`` until ``status`` is no longer ``queued``."""

    id: str
    kind: Literal["upload", "delete"]
    status: Literal["queued", "done", "failed"]
    submitted: str
    finished: str | None
    added: list[str]
    changed: list[str]
    unchanged: list[str]
    removed: list[str]
    skipped: list[str]
    error: str | None
