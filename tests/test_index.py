"""The current archive as a reader has it: it follows by itself, and is checked when it is opened."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from rag.archive.embeddings import BuiltinEmbeddings
from rag.archive.home import Home
from rag.archive.index import Index, exists
from rag.archive.indexing import run
from rag.archive.store import DATABASE
from rag.errors import DamagedIndexError, FingerprintError, NoIndexError
from tests.conftest import ROOT

EMBEDDER = BuiltinEmbeddings()


class OtherEmbeddings(BuiltinEmbeddings):
    """Not what made the index."""

    name = "other"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "a.txt").write_text("Gempa besar mengguncang Lombok pada Minggu malam.\n", "utf-8")
    (folder / "b.txt").write_text("Kereta cepat mulai beroperasi di Bandung.\n", "utf-8")
    return folder


@pytest.fixture
def home(tmp_path: Path, files: Path) -> Path:
    run([files], home=tmp_path / "home", embedder=EMBEDDER)
    return tmp_path / "home"


def ask(index: Index, text: str) -> str:
    """The article nearest to a text."""
    return index.nearest(EMBEDDER.encode_query(text), 1)[0][0].article_id


def test_there_is_none_at_first(tmp_path: Path) -> None:
    assert not exists(tmp_path / "none")
    with pytest.raises(NoIndexError, match="kutip index PATH"):
        Index.open(tmp_path / "none")


def test_articles_and_chunks_can_be_read(home: Path) -> None:
    index = Index.open(home, EMBEDDER)
    assert exists(home)
    assert index.embedder == EMBEDDER.name
    assert [a.id for a in index.articles()] == ["a", "b"]
    article = index.article("a")
    assert article is not None
    assert article.text.startswith("Gempa besar")
    assert index.article("none") is None
    assert index.articles_by_id(["b", "none"]).keys() == {"b"}
    assert index.versions()["a"] == (article.origin, article.sha256)
    chunks = list(index.all_chunks())
    assert {c.article_id for c in chunks} == {"a", "b"}
    assert index.chunks([c.id for c in chunks]) == {c.id: c for c in chunks}
    for chunk in chunks:
        text = index.articles_by_id([chunk.article_id])[chunk.article_id].text
        assert chunk.text == text[chunk.start : chunk.end]
    assert ask(index, "gempa Lombok") == "a"
    assert len(index.nearest(EMBEDDER.encode_query("gempa"), 10)) == 2
    index.close()


def test_an_open_index_follows_what_another_process_writes(home: Path, files: Path) -> None:
    index = Index.open(home, EMBEDDER)
    before = index.generation()
    assert index.generation() == before
    (files / "a.txt").write_text("Gempa kecil mengguncang Ambon.\n", "utf-8")
    (files / "c.txt").write_text("Harga beras naik di Surabaya.\n", "utf-8")
    script = (
        "import sys\nfrom pathlib import Path\n"
        "from rag.archive.embeddings import BuiltinEmbeddings\nfrom rag.archive.indexing import run\n"
        "run([Path(sys.argv[1])], home=Path(sys.argv[2]), embedder=BuiltinEmbeddings())\n"
    )
    subprocess.run([sys.executable, "-c", script, str(files), str(home)], check=True, cwd=ROOT)
    assert ask(index, "harga beras Surabaya") == "c"
    assert index.generation() != before
    article = index.article("a")
    assert article is not None
    assert "Ambon" in article.text
    assert {c.article_sha256 for c in index.all_chunks() if c.article_id == "a"} == {article.sha256}
    index.close()


def test_an_archive_that_is_replaced_stays_open_for_who_is_reading_it(home: Path, files: Path) -> None:
    index = Index.open(home, EMBEDDER)
    reading = index.all_chunks()
    seen = [next(reading)]
    for number in range(3):  # the folder that is being read is deleted by then
        (files / "c.txt").write_text(f"Harga beras naik {number} persen.\n", "utf-8")
        run([files], home=home, embedder=EMBEDDER)
        assert index.article("c") is not None
    assert {chunk.article_id for chunk in [*seen, *reading]} == {"a", "b"}
    assert index._replaced == []  # and closed when the last one has read it
    index.close()


def test_many_threads_read_while_the_archive_is_replaced(home: Path, files: Path) -> None:
    index = Index.open(home, EMBEDDER)
    with ThreadPoolExecutor(4) as threads:
        asked = [threads.submit(ask, index, "gempa Lombok") for _ in range(300)]
        for number in range(5):
            (files / "c.txt").write_text(f"Harga beras naik {number} persen.\n", "utf-8")
            run([files], home=home, embedder=EMBEDDER)
        assert {answer.result() for answer in asked} == {"a"}
    assert index.article("c") is not None
    assert index._replaced == []
    index.close()


def test_made_by_another_engine_says_what_differs_and_what_to_run(home: Path) -> None:
    with pytest.raises(FingerprintError, match=r"embedder other \(it has builtin\).*kutip index --rebuild"):
        Index.open(home, OtherEmbeddings())
    assert [a.id for a in Index.open(home).articles()] == ["a", "b"]


def test_a_damaged_index_says_what_to_run(home: Path) -> None:
    index = Index.open(home, EMBEDDER)
    index.close()
    (index.folder / DATABASE).write_bytes(b"garbage" * 100)
    with pytest.raises(DamagedIndexError, match="kutip index --rebuild"):
        Index.open(home)


def test_a_deleted_archive_is_no_index(home: Path) -> None:
    (home / "current").unlink()
    with pytest.raises(NoIndexError):
        Index.open(home)


def test_only_one_is_alone(home: Path) -> None:
    index = Index.open(home, EMBEDDER)
    with index.try_lock() as alone:
        assert alone
        with Index.open(home).try_lock() as second:
            assert not second
    with Home(home).lock():
        pass


def test_records_keep_their_metadata(tmp_path: Path) -> None:
    line = '{"id": "x", "text": "Gempa di Lombok.", "title": "Gempa", "publisher": "Berita", "author": "Sari", '
    line += '"published": "2023-09-15", "url": "https://contoh.id/x", "language": "id"}\n'
    (tmp_path / "x.jsonl").write_text(line, "utf-8")
    run([tmp_path / "x.jsonl"], home=tmp_path / "home", embedder=EMBEDDER)
    article = Index.open(tmp_path / "home").article("x")
    assert article is not None
    assert (article.title, article.publisher, article.author) == ("Gempa", "Berita", "Sari")
    assert (article.published, article.url, article.language) == ("2023-09-15", "https://contoh.id/x", "id")
    assert replace(article, title=None) != article
