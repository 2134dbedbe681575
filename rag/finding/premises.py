"""What a question takes for granted, as a statement: the question without its question words.

*Why did X refuse the offer?* says that X refused the offer; laid beside what the articles say, it shows whether they
tell of such a thing at all, or tell the opposite.
"""

from __future__ import annotations

import re

from rag.types import Language

_ASKING: dict[Language, re.Pattern[str]] = {
    "id": re.compile(
        r"\b(?:siapa|apa|mana|dimana|kemana|darimana|berapa|seberapa|kapan|bilamana|mengapa|kenapa|bagaimana|benar|ada)"
        r"kah\b|\b(?:siapa|apa|mana|dimana|kemana|darimana|berapa|seberapa|kapan|bilamana|mengapa|kenapa|bagaimana)\b"
        r"(?: saja\b)?|\?",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"\b(?:who|whom|whose|what|which|when|where|why|how(?: many| much| long| old| far)?)\b"
        r"|^\W*(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should)\b|\b(?:did|does|do)\b|\?",
        re.IGNORECASE,
    ),
}


def premise_of(text: str, language: Language) -> str:
    """The question without its question words and marks; may be empty."""
    return re.sub(r"\s+", " ", _ASKING[language].sub(" ", text)).strip()
