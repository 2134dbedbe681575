"""Runs over files: only what is new or changed is written, what is gone leaves, nothing half done is ever seen."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from rag.archive.embeddings import BuiltinEmbeddings, Vectors
from rag.archive.home import Home
from rag.archive.index import Index
from rag.archive.indexing import MAX_SKIPPED, IndexReport, Pace, run
from rag.archive.lexical import TermIndex
from rag.archive.store import DATABASE
from rag.articles.files import read, read_changed
from rag.errors import BusyIndexError, DamagedIndexError, FingerprintError, InputError, SettingsError
from rag.language.words import terms
from rag.types import Article


class Counting(BuiltinEmbeddings):
    """The built-in embedder, which remembers how many texts it was given, and can fail or be another one."""

    def __init__(self, fingerprint: str = "1") -> None:
        super().__init__()
        self.fingerprint = fingerprint
        self.encoded = 0
        self.fails_after: int | None = None

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.encoded += len(texts)
        if self.fails_after is not None and self.encoded > self.fails_after:
            raise KeyboardInterrupt
        return super().encode(texts)


@pytest.fixture
def embedder() -> Counting:
    return Counting()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def news(tmp_path: Path) -> Path:
    """Three articles."""
    folder = tmp_path / "news"
    (folder / "more").mkdir(parents=True)
    (folder / "a.txt").write_text("Gempa besar mengguncang Lombok pada Minggu malam.\n", "utf-8")
    (folder / "b.txt").write_text("Kereta cepat mulai beroperasi di Bandung.\n", "utf-8")
    (folder / "more" / "c.txt").write_text("Harga beras naik di Surabaya.\n", "utf-8")
    return folder


def counts(report: IndexReport) -> tuple[int, int, int, int]:
    """Added, changed, unchanged, removed."""
    return report.added, report.changed, report.unchanged, report.removed


def contents(home: Path) -> dict[str, object]:
    """Everything a reader can see: articles, chunks with their vectors, and what the terms hold."""
    index = Index.open(home)
    store = index._follow()
    found = store._chunks.get(include=["embeddings"])
    vectors = {id: tuple(np.round(vector, 6)) for id, vector in zip(found["ids"], found["embeddings"], strict=True)}
    index_terms = TermIndex.open(home, index)
    chunks = {chunk.id: chunk for chunk in index.all_chunks()}
    everything = {
        "articles": {article.id: article for article in index.articles()},
        "chunks": chunks,
        "vectors": vectors,
        "stems": index_terms.stems(sorted(chunks)),
        "terms": len(index_terms),
    }
    index.close()
    return everything


def test_a_first_run_adds_everything_and_a_second_one_nothing(home: Path, news: Path, embedder: Counting) -> None:
    assert counts(run([news], home=home, embedder=embedder)) == (3, 0, 0, 0)
    encoded, archive = embedder.encoded, Home(home).current()
    assert counts(run([news], home=home, embedder=embedder)) == (0, 0, 3, 0)
    assert embedder.encoded == encoded
    assert Home(home).current() == archive  # not even copied


def test_of_what_is_unchanged_only_the_id_is_read(home: Path, news: Path, embedder: Counting) -> None:
    run([news], home=home, embedder=embedder)
    versions = Index.open(home).versions()
    assert list(read_changed([news], versions=versions)) == ["a", "b", "c"]
    (news / "b.txt").write_text("Kereta cepat berhenti di Padalarang.\n", "utf-8")
    one, two, three = read_changed([news], versions=versions)
    assert (one, three) == ("a", "c")
    assert isinstance(two, Article)
    assert [item.id for item in read([news]) if isinstance(item, Article)] == ["a", "b", "c"]


def test_only_what_changed_is_embedded_again(home: Path, news: Path, embedder: Counting) -> None:
    run([news], home=home, embedder=embedder)
    ids = {article.id for article in Index.open(home).articles()}
    encoded = embedder.encoded
    (news / "b.txt").write_text("Kereta cepat berhenti di Padalarang.\n", "utf-8")
    assert counts(run([news], home=home, embedder=embedder)) == (0, 1, 2, 0)
    assert embedder.encoded == encoded + 1
    index = Index.open(home)
    assert {article.id for article in index.articles()} == ids
    article = index.article("b")
    assert article is not None
    assert "Padalarang" in article.text
    assert len(list(index.all_chunks())) == 3
    found = TermIndex.open(home, index)
    assert found.search([(1.0, [(terms("Bandung"), 1.0)])], 5) == []
    assert len(found.search([(1.0, [(terms("Padalarang"), 1.0)])], 5)) == 1


def test_the_end_is_the_same_in_one_run_or_in_many(home: Path, news: Path, tmp_path: Path, embedder: Counting) -> None:
    (news / "b.txt").write_text("Sesuatu yang lain dahulu.\n", "utf-8")
    run([news / "b.txt"], home=home, embedder=embedder)
    run([news / "more"], home=home, embedder=embedder)
    (news / "b.txt").write_text("Kereta cepat mulai beroperasi di Bandung.\n", "utf-8")
    (news / "gone.txt").write_text("Tidak lama di sini.\n", "utf-8")
    run([news], home=home, embedder=embedder)
    (news / "gone.txt").unlink()
    run([news], home=home, embedder=embedder, prune=True)
    run([news], home=tmp_path / "peace", embedder=embedder)
    in_many, in_one = contents(home), contents(tmp_path / "peace")
    for part in ("vectors", "stems", "terms"):
        assert in_many[part] == in_one[part]
    # c was first read from the folder "more", which gave it another source
    assert in_many["chunks"].keys() == in_one["chunks"].keys()  # type: ignore[attr-defined]


def test_prune_removes_what_is_gone_under_the_given_paths_only(
    home: Path, news: Path, tmp_path: Path, embedder: Counting
) -> None:
    other = tmp_path / "news-other"
    other.mkdir()
    (other / "d.txt").write_text("Pasar ikan ramai.\n", "utf-8")
    run([news, other], home=home, embedder=embedder)
    (news / "a.txt").unlink()
    shutil.rmtree(news / "more")
    (other / "d.txt").unlink()
    assert counts(run([news], home=home, embedder=embedder)) == (0, 0, 1, 0)
    assert counts(run([news], home=home, embedder=embedder, prune=True)) == (0, 0, 1, 2)
    index = Index.open(home)
    assert [article.id for article in index.articles()] == ["b", "d"]
    assert {chunk.article_id for chunk in index.all_chunks()} == {"b", "d"}
    assert len(TermIndex.open(home, index)) == 2


def test_prune_keeps_a_file_that_is_there_and_cannot_be_read(home: Path, news: Path, embedder: Counting) -> None:
    run([news], home=home, embedder=embedder)
    (news / "a.txt").write_bytes(b"\xff\xfe broken")
    report = run([news], home=home, embedder=embedder, prune=True)
    assert counts(report) == (0, 0, 2, 0)
    assert len(report.skipped) == 1
    assert "a.txt" in report.skipped[0]


def lines(path: Path, *rows: dict[str, str]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def test_lines_of_a_jsonl_come_and_go(home: Path, tmp_path: Path, embedder: Counting) -> None:
    file = tmp_path / "news.jsonl"
    one, two = {"id": "one", "text": "Gempa di Lombok."}, {"id": "two", "text": "Banjir di Jakarta."}
    assert counts(run([lines(file, one, two)], home=home, embedder=embedder)) == (2, 0, 0, 0)
    assert counts(run([lines(file, one)], home=home, embedder=embedder, prune=True)) == (0, 0, 1, 1)
    lines(file, {"id": "three", "text": "Beras mahal."}, {"id": "four"})
    report = run([file], home=home, embedder=embedder, prune=True)
    assert counts(report) == (1, 0, 0, 0)  # a line was skipped, and it may be the one that is missing
    assert "news.jsonl:2" in report.skipped[0]
    assert counts(run([lines(file, one)], home=home, embedder=embedder, prune=True)) == (0, 0, 1, 1)
    file.unlink()
    assert counts(run([tmp_path], home=home, embedder=embedder, prune=True)) == (0, 0, 0, 1)


def test_a_report_does_not_grow_without_end(home: Path, tmp_path: Path, embedder: Counting) -> None:
    (tmp_path / "bad.jsonl").write_text("{}\n" * (MAX_SKIPPED + 5), "utf-8")
    report = run([tmp_path / "bad.jsonl"], home=home, embedder=embedder)
    assert len(report.skipped) == MAX_SKIPPED + 1
    assert report.skipped[-1] == "And 5 more."


def test_an_article_without_a_sentence_to_quote_is_kept(home: Path, tmp_path: Path, embedder: Counting) -> None:
    (tmp_path / "x.txt").write_text("Baca Juga: Gempa di Lombok\n", "utf-8")
    assert counts(run([tmp_path / "x.txt"], home=home, embedder=embedder)) == (1, 0, 0, 0)
    assert counts(run([tmp_path / "x.txt"], home=home, embedder=embedder)) == (0, 0, 1, 0)


def test_a_run_that_is_interrupted_leaves_the_archive_as_it_was(
    home: Path, news: Path, tmp_path: Path, embedder: Counting
) -> None:
    run([news], home=home, embedder=embedder)
    before = contents(home)
    rows = [{"id": str(n), "text": f"Berita nomor {n} dari {n} kota."} for n in range(500)]
    file = lines(tmp_path / "many.jsonl", *rows)
    embedder.fails_after = embedder.encoded + 250
    with pytest.raises(KeyboardInterrupt):
        run([file], home=home, embedder=embedder, pace=Pace(batch=200))
    assert contents(home) == before
    assert len(list(home.glob("archive-*"))) == 1
    embedder.fails_after = None
    assert counts(run([file], home=home, embedder=embedder)) == (500, 0, 0, 0)


def test_a_long_run_publishes_on_the_way(home: Path, tmp_path: Path, embedder: Counting) -> None:
    file = lines(tmp_path / "many.jsonl", *({"id": str(n), "text": f"Berita nomor {n}."} for n in range(500)))
    embedder.fails_after = 450
    with pytest.raises(KeyboardInterrupt):
        run([file], home=home, embedder=embedder, pace=Pace(batch=200, checkpoint=0))
    published = len(Index.open(home).articles())
    assert published in {200, 400}  # after the first batch; after the second too when that was not too soon after it
    embedder.fails_after = None
    assert counts(run([file], home=home, embedder=embedder)) == (500 - published, 0, published, 0)
    assert len(TermIndex.open(home, Index.open(home))) == 500


def test_another_engine_is_refused_until_the_index_is_rebuilt(home: Path, news: Path, embedder: Counting) -> None:
    run([news], home=home, embedder=embedder)
    newer = Counting("2")
    with pytest.raises(FingerprintError, match="kutip index --rebuild"):
        run([news], home=home, embedder=newer)
    report = run([], home=home, embedder=newer, rebuild=True)
    assert (counts(report), report.rebuilt) == ((0, 0, 0, 0), 3)
    assert newer.encoded == 3
    assert len(Index.open(home, newer).articles()) == 3
    with pytest.raises(FingerprintError):
        Index.open(home, embedder)


def test_a_rebuilt_index_equals_a_new_one(home: Path, news: Path, tmp_path: Path, embedder: Counting) -> None:
    run([news], home=home, embedder=embedder)
    run([], home=home, embedder=embedder, rebuild=True)
    run([news], home=tmp_path / "peace", embedder=embedder)
    assert contents(home) == contents(tmp_path / "peace")


def test_the_old_index_is_used_until_a_rebuild_is_whole(
    home: Path, news: Path, tmp_path: Path, embedder: Counting
) -> None:
    file = lines(tmp_path / "many.jsonl", *({"id": str(n), "text": f"Berita nomor {n}."} for n in range(500)))
    run([file], home=home, embedder=embedder)
    newer = Counting("2")
    newer.fails_after = 400
    with pytest.raises(KeyboardInterrupt):
        run([], home=home, embedder=newer, rebuild=True, pace=Pace(batch=200, checkpoint=0))
    assert len(Index.open(home, embedder).articles()) == 500
    newer.fails_after = None
    assert run([news], home=home, embedder=newer, rebuild=True).rebuilt == 500
    assert len(Index.open(home, newer).articles()) == 503


def test_rebuilding_nothing_is_a_first_run(home: Path, news: Path, embedder: Counting) -> None:
    assert counts(run([news], home=home, embedder=embedder, rebuild=True)) == (3, 0, 0, 0)


def test_lost_vectors_come_back_from_the_articles(home: Path, news: Path, embedder: Counting) -> None:
    run([news], home=home, embedder=embedder)
    before = contents(home)
    current = Home(home).current()
    assert current is not None
    for file in current.rglob("*.bin"):
        file.unlink()
    with pytest.raises(DamagedIndexError, match=r"run kutip index --rebuild\."):
        run([news], home=home, embedder=embedder)
    assert run([], home=home, embedder=embedder, rebuild=True).rebuilt == 3
    assert contents(home) == before


def test_a_broken_database_comes_back_from_the_files(home: Path, news: Path, embedder: Counting) -> None:
    run([news], home=home, embedder=embedder)
    before = contents(home)
    current = Home(home).current()
    assert current is not None
    (current / DATABASE).write_bytes(b"garbage" * 100)
    with pytest.raises(DamagedIndexError, match="kutip index --rebuild PATH"):
        run([news], home=home, embedder=embedder)
    with pytest.raises(DamagedIndexError, match="kutip index --rebuild PATH"):
        run([], home=home, embedder=embedder, rebuild=True)
    report = run([news], home=home, embedder=embedder, rebuild=True)
    assert counts(report) == (3, 0, 0, 0)
    assert "Only 0 articles" in report.skipped[0]
    assert contents(home) == before


def test_terms_that_are_gone_come_back_with_the_next_run(home: Path, news: Path, embedder: Counting) -> None:
    run([news], home=home, embedder=embedder)
    shutil.rmtree(home / "terms")
    (news / "d.txt").write_text("Pasar ikan ramai.\n", "utf-8")
    run([news], home=home, embedder=embedder)
    index = Index.open(home)
    assert (home / "terms" / index.generation()).is_dir()
    assert len(TermIndex.open(home, index)) == 4


def test_a_path_that_is_not_there_changes_nothing(home: Path, tmp_path: Path, embedder: Counting) -> None:
    with pytest.raises(InputError, match="none"):
        run([tmp_path / "none"], home=home, embedder=embedder, rebuild=True)
    assert not home.exists()


def test_a_home_that_cannot_be_is_a_clear_error(tmp_path: Path, news: Path, embedder: Counting) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(SettingsError, match="KUTIP_HOME"):
        run([news], home=tmp_path / "file" / "home", embedder=embedder)


def test_a_second_run_waits_with_a_word(home: Path, news: Path, embedder: Counting) -> None:
    told: list[str] = []
    with Home(home).lock(), pytest.raises(BusyIndexError):
        run(
            [news],
            home=home,
            embedder=embedder,
            pace=Pace(wait=0.1),
            progress=lambda done, total, label: told.append(label),
        )
    assert re.search("Another process", told[0])


def test_progress_is_told(home: Path, news: Path, embedder: Counting) -> None:
    told: list[tuple[int, int | None, str]] = []
    run([news], home=home, embedder=embedder, progress=lambda *said: told.append(said))
    assert told[0] == (1, None, "Indexing")
    assert told[-1] == (3, 3, "Finishing")


def test_paths_may_be_written_in_several_ways(
    home: Path, news: Path, embedder: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    run([news], home=home, embedder=embedder)
    monkeypatch.chdir(news)
    (news / "a.txt").unlink()
    relative = Path("..") / "news" / "more" / ".."
    assert counts(run([relative], home=home, embedder=embedder, prune=True)) == (0, 0, 2, 1)
