"""Rows in Chroma: what is written comes back, an article is there as a whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rag.archive.store import DATABASE, Store
from rag.errors import DamagedIndexError
from rag.types import Article, Chunk, Span

MADE_BY = {"embedder": "by hand"}


def article(id: str, version: str = "1") -> Article:
    """An article of two sentences."""
    return Article(
        id=id,
        source=f"x/{id}.txt",
        origin=f"/x/{id}.txt",
        text=f"Satu {version}. Dua.",
        sha256=f"{id}-{version}",
        sentences=(Span(0, 7), Span(8, 12)),
        title=f"Judul {id}",
    )


def chunks_of(a: Article) -> list[Chunk]:
    """One chunk for each sentence."""
    return [
        Chunk(
            id=f"{a.sha256}-{n}",
            article_id=a.id,
            article_sha256=a.sha256,
            source=a.source,
            start=span.start,
            end=span.end,
            text=a.text[span.start : span.end],
            sentences=(span,),
            title=a.title,
        )
        for n, span in enumerate(a.sentences)
    ]


def vectors(*angles: float) -> np.ndarray:
    """Unit vectors at angles in degrees."""
    radians = np.radians(angles)
    return np.stack([np.cos(radians), np.sin(radians)], axis=1).astype(np.float32)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store with articles a (vectors at 0 and 30 degrees) and b (60 and 90)."""
    made = Store.create(tmp_path / "archive", MADE_BY)
    made.begin()
    made.put([article("a"), article("b")], chunks_of(article("a")) + chunks_of(article("b")), vectors(0, 30, 60, 90))
    made.commit("g1")
    yield made
    made.close()


def test_nearest_by_cosine_best_first(store: Store) -> None:
    found = store.nearest(vectors(90)[0], 3)
    assert [chunk.id for chunk, _ in found] == ["b-1-1", "b-1-0", "a-1-1"]
    # cos 0 = 1, cos 30 = 0.866, cos 60 = 0.5
    assert [cosine for _, cosine in found] == pytest.approx([1, 0.866, 0.5], abs=1e-3)
    assert found[0][0] == chunks_of(article("b"))[1]


def test_equally_near_chunks_come_in_the_order_of_their_ids(store: Store) -> None:
    same = [replace(chunk, id=id) for chunk, id in zip(chunks_of(article("c")), ("z", "y"), strict=True)]
    store.put([article("c")], same, vectors(45, 45))
    assert [chunk.id for chunk, _ in store.nearest(vectors(45)[0], 2)] == ["y", "z"]


def test_chunks_and_articles_by_id(store: Store) -> None:
    assert store.chunks(["a-1-0", "none", "a-1-0"]) == {"a-1-0": chunks_of(article("a"))[0]}
    assert store.articles(["b", "none"]) == {"b": article("b")}
    assert store.chunks([]) == {}
    assert store.articles([]) == {}


def test_everything_at_once(store: Store) -> None:
    assert {chunk.id for chunk in store.all_chunks()} == {"a-1-0", "a-1-1", "b-1-0", "b-1-1"}
    assert sorted(store.all_articles(), key=lambda a: a.id) == [article("a"), article("b")]
    assert store.versions() == {"a": ("/x/a.txt", "a-1"), "b": ("/x/b.txt", "b-1")}


def test_more_rows_than_a_page_and_a_batch_hold(tmp_path: Path) -> None:
    store = Store.create(tmp_path / "archive", MADE_BY)
    many = [article(f"{n:04d}") for n in range(2_800)]
    chunks = [chunk for a in many for chunk in chunks_of(a)]
    store.put(many, chunks, vectors(*(n / 20 for n in range(len(chunks)))))  # 5,600 chunks, Chroma takes 5,461 at once
    assert {chunk.id for chunk in store.all_chunks()} == {chunk.id for chunk in chunks}
    assert len(store.articles([a.id for a in many])) == 2_800
    assert len(store.chunks([chunk.id for chunk in chunks])) == 5_600
    store.remove([a.id for a in many])
    assert store.versions() == {}
    assert list(store.all_chunks()) == []
    store.close()


def test_a_new_version_takes_the_place_of_the_old_one(store: Store) -> None:
    new = article("a", "2")
    store.put([new], chunks_of(new), vectors(10, 20), replaced=["a"])
    assert {chunk.id for chunk in store.all_chunks()} == {"a-2-0", "a-2-1", "b-1-0", "b-1-1"}
    assert store.articles(["a"])["a"] == new


def test_removed_articles_leave_no_chunks(store: Store) -> None:
    store.remove(["a"])
    assert store.articles(["a"]) == {}
    assert {chunk.article_id for chunk in store.all_chunks()} == {"b"}


def test_during_a_write_only_committed_versions_show(store: Store, tmp_path: Path) -> None:
    """The record is the commit mark: here the chunks of a's second version are there and its record is not yet."""
    new = article("a", "2")
    store.begin()
    store._chunks.upsert(
        ids=["a-2-0"],
        embeddings=vectors(0),
        documents=["Satu 2."],
        metadatas=[
            {"article_id": "a", "article_sha256": new.sha256, "source": "x", "start": 0, "end": 7, "sentences": ""}
        ],
    )
    reader = Store.open(tmp_path / "archive")
    assert reader.pending
    assert [chunk.id for chunk, _ in reader.nearest(vectors(0)[0], 2)] == ["a-1-0"]
    assert reader.chunks(["a-2-0", "a-1-0"]).keys() == {"a-1-0"}
    assert len(list(reader.all_chunks())) == 4
    reader.close()


def test_state_and_rows_are_there_when_it_is_opened_again(store: Store, tmp_path: Path) -> None:
    store.close()
    opened = Store.open(tmp_path / "archive")
    assert (opened.generation, opened.pending, opened.made_by) == ("g1", False, MADE_BY)
    assert [chunk.id for chunk, _ in opened.nearest(vectors(0)[0], 1)] == ["a-1-0"]
    opened.close()
    again = Store.create(tmp_path / "archive", {"embedder": "another"})  # what is there keeps its maker
    assert (again.generation, again.made_by) == ("g1", MADE_BY)
    again.close()


def test_a_vector_of_zeros_is_stored_and_near_to_nothing(store: Store) -> None:
    store.put([article("c")], chunks_of(article("c")), np.zeros((2, 2), np.float32))
    assert [chunk.id for chunk, _ in store.nearest(vectors(0)[0], 1)] == ["a-1-0"]
    assert len(store.nearest(np.zeros(2, np.float32), 3)) == 3


def spoil_database(folder: Path) -> None:
    (folder / DATABASE).write_bytes(b"garbage" * 1_000)


def empty_database(folder: Path) -> None:
    (folder / DATABASE).write_bytes(b"")


def lose_vectors(folder: Path) -> None:
    for file in folder.rglob("*.bin"):
        file.unlink()


def spoil_vector_index(folder: Path) -> None:
    for file in folder.rglob("index_metadata.pickle"):
        file.write_bytes(b"garbage")


@pytest.mark.parametrize(
    ("spoil", "advice"),
    [
        (spoil_database, r"kutip index --rebuild PATH"),
        (empty_database, r"kutip index --rebuild PATH"),
        (lose_vectors, r"kutip index --rebuild\."),
        (spoil_vector_index, r"kutip index --rebuild\."),
    ],
)
def test_damage_is_told_with_what_to_run_each_time(store: Store, tmp_path: Path, spoil: object, advice: str) -> None:
    store.close()
    assert callable(spoil)
    spoil(tmp_path / "archive")
    for _ in range(2):  # Chroma remembers a client that failed to start
        with pytest.raises(DamagedIndexError, match=advice):
            Store.open(tmp_path / "archive")


def test_the_database_can_be_read_without_its_vectors(store: Store, tmp_path: Path) -> None:
    store.close()
    lose_vectors(tmp_path / "archive")
    (tmp_path / "scratch").mkdir()
    saved = Store.open_database(tmp_path / "archive", tmp_path / "scratch")
    assert sorted(a.id for a in saved.all_articles()) == ["a", "b"]
    saved.close()
    with pytest.raises(DamagedIndexError, match="No such file"):
        Store.open_database(tmp_path / "none", tmp_path / "scratch")
