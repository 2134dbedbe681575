"""A question, of one part or several → the sentences that answer it, without a language model.

The question with its passages, and what finds passages for its parts, come in; a draft goes out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rag.answering.extractive import answer, joined
from rag.answering.parts import parts
from rag.finding.question import Query, analyse
from rag.language.glossary import Glossary
from rag.types import Draft, Hit


def quoted(
    query: Query, hits: Sequence[Hit], find: Callable[[Query], Sequence[Hit]], glossary: Glossary
) -> Draft:  # fmt: skip
    """Quote the sentences that answer; of a question of several parts, each part is looked for.

    Args:
        query: the whole question.
        hits: ranked passages for it.
        find: ranked passages for another question.
        glossary: for questions in English.
    """
    pieces = parts(query.text, query.language, glossary)
    if len(pieces) == 1:
        return answer(query, hits, glossary)
    asked = [analyse(piece, glossary) for piece in pieces]
    return joined([answer(one, find(one), glossary) for one in asked])
