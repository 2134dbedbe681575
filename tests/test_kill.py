"""Runs that are killed: whatever the moment, the archive is whole, and a last run ends as one in peace would have."""

from __future__ import annotations

import multiprocessing
import os
import random
import shutil
import signal
from pathlib import Path

import numpy as np
import pytest

from benchmarks.corpus import Corpus
from rag.archive.embeddings import BuiltinEmbeddings
from rag.archive.home import Home
from rag.archive.index import Index
from rag.archive.indexing import Pace, run
from rag.archive.lexical import TermIndex
from rag.errors import NoIndexError
from rag.language.words import terms

ARTICLES = 2_000
KILLS = 20
CORPUS = Corpus(seed=7, vocabulary=3_000)
PACE = Pace(batch=150, checkpoint=0.1)
"""Small batches, published often: many moments in which a kill could do harm."""


def work(news: Path, home: Path) -> None:
    """What a killed process does."""
    run([news], home=home, embedder=BuiltinEmbeddings(), prune=True, pace=PACE)


def kill_a_run(news: Path, home: Path, seconds: float) -> bool:
    """Start a run and kill it after so many seconds; False when it had ended before."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.test_kill"])  # so that a run begins at once
    process = context.Process(target=work, args=(news, home))
    process.start()
    process.join(seconds)
    alive = process.is_alive()
    if alive and process.pid is not None:
        os.kill(process.pid, signal.SIGKILL)
    process.join()
    return alive


def check_whole(home: Path) -> int:
    """What a reader finds between two kills fits together; returns how many articles there are."""
    try:
        index = Index.open(home)
    except NoIndexError:
        return 0
    versions = {id: sha256 for id, (_, sha256) in index.versions().items()}
    chunks = list(index.all_chunks())
    assert {(chunk.article_id, chunk.article_sha256) for chunk in chunks} == set(versions.items())
    assert len(TermIndex.open(home, index)) == len(chunks)
    index.close()
    return len(versions)


def vector_files(home: Path) -> dict[Path, bytes]:
    """What Chroma writes in place: the files of the archive that readers open."""
    folder = Home(home).current()
    return {file: file.read_bytes() for file in sorted(folder.rglob("*.bin"))} if folder else {}


def change(news: Path, version: int) -> None:
    """A later state of the files: every seventh is changed, every tenth is gone, a hundred are new."""
    numbers = sorted(int(file.stem.removeprefix("berita-")) for file in news.rglob("*.txt"))
    for number in numbers[::7]:
        CORPUS.write(news, range(number, number + 1), paragraphs=2, version=version)
    for number in numbers[3::10]:
        (news / f"{number // 100:03d}" / f"berita-{number:06d}.txt").unlink()
    CORPUS.write(news, range(numbers[-1] + 1, numbers[-1] + 101), paragraphs=2)


def assert_equal(killed: Path, peaceful: Path) -> None:
    """Everything that can be asked of two archives has the same answer."""
    one, other = Index.open(killed), Index.open(peaceful)
    assert one.articles() == other.articles()
    chunks = {chunk.id: chunk for chunk in one.all_chunks()}
    assert chunks == {chunk.id: chunk for chunk in other.all_chunks()}
    assert np.abs(vectors(one, list(chunks)) - vectors(other, list(chunks))).max() < 1e-6
    queries = [BuiltinEmbeddings().encode_query(question) for question in CORPUS.questions(40)]
    near = [[{chunk.id for chunk, _ in index.nearest(query, 10)} for query in queries] for index in (one, other)]
    shared = [len(a & b) / 10 for a, b in zip(*near, strict=True)]
    assert sum(shared) / len(shared) > 0.97  # Chroma's search is approximate, and depends on the order of adding
    for home in (killed, peaceful):  # statistics of the terms forget deleted chunks only when they are made again
        shutil.rmtree(home / "terms")
    found = [TermIndex.open(home, index) for home, index in ((killed, one), (peaceful, other))]
    assert len(found[0]) == len(found[1]) == len(chunks)
    for question in CORPUS.questions(40):
        groups = [(1.0, [((stem,), 1.0)]) for stem in terms(question)]
        hits = [[(id, round(score, 3)) for id, score in index.search(groups, 20)] for index in found]
        assert hits[0] == hits[1]
    assert found[0].stems(list(chunks)) == found[1].stems(list(chunks))
    one.close()
    other.close()


def vectors(index: Index, ids: list[str]) -> np.ndarray:
    """Vectors of chunks as they are stored, in the order of ``ids``: (n, dimensions) float32."""
    found = index._follow()._chunks.get(ids=ids, include=["embeddings"])
    order = {id: row for row, id in enumerate(found["ids"])}
    return np.asarray(found["embeddings"])[[order[id] for id in ids]]


@pytest.mark.slow
def test_killed_at_any_moment_and_run_again_it_ends_as_in_peace(tmp_path: Path) -> None:
    chance = random.Random(2)  # noqa: S311
    news, killed = tmp_path / "news", tmp_path / "killed"
    CORPUS.write(news, range(ARTICLES), paragraphs=2)
    changes = 0
    for number in range(KILLS):
        before = vector_files(killed)
        ended = not kill_a_run(news, killed, chance.uniform(0.02, 2.5))
        after = vector_files(killed)
        assert after == before or not set(after) & set(before)  # untouched, or another archive altogether
        check_whole(killed)
        if ended or number == KILLS // 2:  # from here on there is something to replace and to remove
            changes += 1
            change(news, changes)
    assert changes <= KILLS / 2  # most of them were killed
    work(news, killed)
    run([news], home=tmp_path / "peace", embedder=BuiltinEmbeddings())
    assert check_whole(killed) == len(list(news.rglob("*.txt")))
    assert_equal(killed, tmp_path / "peace")
