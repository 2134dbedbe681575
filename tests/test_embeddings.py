"""What every embedder offers, as the built-in one does; its weights have tests of their own."""

from __future__ import annotations

import inspect

import numpy as np
import pytest

from rag.archive.embeddings import BuiltinEmbeddings, Embedder

EMBEDDER = BuiltinEmbeddings()
TEXTS = ["Gempa di Lombok.", "Harga beras naik.", ""]


def test_it_is_an_embedder() -> None:
    asked = set(Embedder.__annotations__) | {name for name, _ in inspect.getmembers(Embedder, inspect.isfunction)}
    assert {name for name in asked if not name.startswith("_")} <= set(dir(EMBEDDER))


def test_langchain_gets_the_same_vectors_as_lists() -> None:
    vectors = EMBEDDER.encode(TEXTS)
    assert vectors.shape == (3, EMBEDDER.dimensions)
    np.testing.assert_allclose(EMBEDDER.embed_documents(TEXTS), vectors)
    assert EMBEDDER.embed_query(TEXTS[0]) == pytest.approx(list(EMBEDDER.encode_query(TEXTS[0])))


def test_tokens_are_words_and_numbers() -> None:
    assert EMBEDDER.count_tokens("Rp1,5 triliun untuk Su-35, ya?") == 7  # Rp 1,5 triliun untuk Su 35 ya
    assert EMBEDDER.count_tokens("") == 0
