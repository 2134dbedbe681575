"""A store written by another process ends up as one written here, and says what went wrong there."""

from __future__ import annotations

import io
import pickle
from pathlib import Path

import numpy as np
import pytest

from rag.archive.store import DATABASE, Store
from rag.archive.store_process import StoreProcess, serve
from rag.errors import DamagedIndexError, StoreError
from tests.test_store import MADE_BY, article, chunks_of, vectors

Writing = Store | StoreProcess


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty store, closed."""
    Store.create(tmp_path / "archive", MADE_BY).close()
    return tmp_path / "archive"


def fill(store: Writing) -> None:
    """A few batches: two articles, one of them again in another version, one that goes."""
    store.put([article("a"), article("b")], chunks_of(article("a")) + chunks_of(article("b")), vectors(0, 30, 60, 90))
    new = article("a", "2")
    store.put([new], chunks_of(new), vectors(10, 20), replaced=["a"])
    store.put([article("c")], chunks_of(article("c")), vectors(5, 15))
    store.remove(["b"])
    store.commit("g1")
    store.close()


def contents(folder: Path) -> tuple[object, ...]:
    store = Store.open(folder)
    found = (
        store.generation,
        store.made_by,
        sorted(store.all_articles(), key=lambda a: a.id),
        sorted(store.all_chunks(), key=lambda c: c.id),
        [(chunk.id, round(cosine, 5)) for chunk, cosine in store.nearest(vectors(12)[0], 4)],
    )
    store.close()
    return found


def test_it_writes_what_a_store_writes(folder: Path, tmp_path: Path) -> None:
    fill(StoreProcess(folder))
    fill(Store.create(tmp_path / "here", MADE_BY))
    assert contents(folder) == contents(tmp_path / "here")


def test_an_error_there_is_an_error_here(folder: Path) -> None:
    (folder / DATABASE).write_bytes(b"garbage" * 100)
    store = StoreProcess(folder)
    with pytest.raises(DamagedIndexError):
        fill(store)
    store.close()


def test_a_process_that_dies_is_told(folder: Path) -> None:
    store = StoreProcess(folder)
    store.put([article("a")], chunks_of(article("a")), vectors(0, 30))
    store._process.kill()
    with pytest.raises(StoreError, match="run kutip index again"):
        fill(store)
    store.close()


def test_it_ends_with_its_caller(folder: Path) -> None:
    store = StoreProcess(folder)
    store.put([article("a")], chunks_of(article("a")), vectors(0, 30))
    store.close()
    assert store._process.returncode == 0
    with pytest.raises(ValueError, match="closed"):
        store.put([], [], np.zeros((0, 2), np.float32))


def job(*values: object) -> bytes:
    return pickle.dumps(values)


def test_jobs_are_answered_in_order(folder: Path) -> None:
    put = job("put", [article("a")], chunks_of(article("a")), vectors(0, 30), ())
    remove = job("remove", ["none"])
    answers = io.BytesIO()
    serve(folder, io.BytesIO(put + remove + job("commit", "g7")), answers)
    answers.seek(0)
    assert [pickle.load(answers) for _ in range(3)] == [None, None, None]  # noqa: S301
    assert answers.read() == b""
    assert contents(folder)[0] == "g7"


def test_a_store_that_cannot_be_opened_answers_so(folder: Path) -> None:
    (folder / DATABASE).write_bytes(b"garbage" * 100)
    answers = io.BytesIO()
    serve(folder, io.BytesIO(), answers)
    answers.seek(0)
    assert isinstance(pickle.load(answers), DamagedIndexError)  # noqa: S301
