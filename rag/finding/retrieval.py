"""Question in, ranked passages out: candidates from terms and from vectors, ranked together; a LangChain retriever."""

from __future__ import annotations

from collections.abc import Collection

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, Field

from rag.archive.embeddings import Embedder
from rag.archive.index import Index
from rag.archive.lexical import TermIndex
from rag.finding.question import Query, analyse
from rag.finding.ranking import rank
from rag.language.glossary import Glossary
from rag.language.rarity import rarity
from rag.settings import BUILTIN
from rag.types import Hit

LEXICAL_CANDIDATES = 25
DENSE_CANDIDATES = 10
OTHER_DENSE_WEIGHT = 4.0
"""Score points per unit of cosine for embedders of a service, not measured; the built-in one's weight is fitted."""


class KutipRetriever(BaseRetriever):
    """Finds passages for a question; ``hits`` for Kutip's own records, ``invoke`` for LangChain documents."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    index: Index
    terms: TermIndex
    embedder: Embedder
    glossary: Glossary = Field(default_factory=Glossary.load)
    k: int = 10
    """Passages returned by ``invoke``."""

    def hits(self, query: Query, k: int, *, without: Collection[str] = ()) -> tuple[Hit, ...]:
        """The ``k`` best passages, best first, each with a score for every sentence.

        Args:
            query: the question.
            k: how many at most.
            without: ids of articles that are left out.
        """
        spare = 4 * len(without)
        groups = [(group.weight, [(way.stems, way.weight) for way in group.alternatives]) for group in query.groups]
        lexical = dict(self.terms.search(groups, max(LEXICAL_CANDIDATES, k) + spare))
        near = self.index.nearest(self.embedder.encode_query(query.embedding_text), DENSE_CANDIDATES + spare)
        chunks = {chunk.id: chunk for chunk, _ in near}
        chunks |= self.index.chunks([id for id in lexical if id not in chunks])
        ranked = rank(
            query,
            [chunk for chunk in chunks.values() if chunk.article_id not in without],
            rarity=self._rarity,
            size=max(len(self.terms), 1),
            lexical=lexical,
            dense=dict.fromkeys(lexical, near[-1][1] if near else 0.0) | {chunk.id: cosine for chunk, cosine in near},
            dense_weight=None if self.embedder.name == BUILTIN else OTHER_DENSE_WEIGHT,
        )
        return ranked[:k]

    def _rarity(self, stem: str) -> float:
        return rarity(stem, count=self.terms.document_frequency(stem), size=len(self.terms))

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        return [
            Document(
                id=hit.chunk.id,
                page_content=hit.chunk.text,
                metadata={
                    "article_id": hit.chunk.article_id, "source": hit.chunk.source, "title": hit.chunk.title,
                    "start": hit.chunk.start, "end": hit.chunk.end, "score": hit.score,
                },
            )
            for hit in self.hits(analyse(query, self.glossary), self.k)
        ]  # fmt: skip
