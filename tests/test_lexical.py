"""The term index: weighted groups of stems, BM25, ties, and a cache that is made again when it must be."""

from __future__ import annotations

import math
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from rag.archive.lexical import TermIndex, TermWriter
from rag.language.words import terms
from rag.types import Chunk, Span


def chunk(id: str, *sentences: str, article: str = "a", title: str | None = None) -> Chunk:
    """A chunk of sentences that are a blank apart."""
    text = " ".join(sentences)
    spans, start = [], 0
    for sentence in sentences:
        spans.append(Span(start, start + len(sentence)))
        start += len(sentence) + 1
    return Chunk(
        id=id,
        article_id=article,
        article_sha256="0",
        source="x",
        start=0,
        end=len(text),
        text=text,
        sentences=tuple(spans),
        title=title,
    )


class Archive:
    """A source of chunks with a generation and a lock, as the real one has."""

    def __init__(self, *chunks: Chunk) -> None:
        self.contents = list(chunks)
        self.version = "g1"
        self.free = True
        self.read = 0

    def generation(self) -> str:
        return self.version

    def all_chunks(self) -> Iterator[Chunk]:
        self.read += 1
        yield from self.contents

    @contextmanager
    def try_lock(self) -> Iterator[bool]:
        yield self.free


def group(*alternatives: tuple[str, float], weight: float = 1.0) -> tuple[float, list[tuple[tuple[str, ...], float]]]:
    """A group of the stems of words with their weights; several words make a phrase."""
    return weight, [(tuple(terms(words)), sure) for words, sure in alternatives]


BANJIR = chunk("1", "Banjir di Jakarta.", "Warga mengungsi.")
GEMPA = chunk("2", "Gempa di Lombok.", article="b")
KERETA = chunk("3", "Kereta api cepat.", article="c", title="Banjir besar")


@pytest.fixture
def index(tmp_path: Path) -> TermIndex:
    return TermIndex.open(tmp_path, Archive(BANJIR, GEMPA, KERETA))


def test_finds_chunks_by_the_stems_of_their_words(index: TermIndex) -> None:
    assert len(index) == 3
    assert index.document_frequency(terms("gempa")[0]) == 1
    assert index.document_frequency("tidakada") == 0
    assert [id for id, _ in index.search([group(("Lombok", 1.0))], 5)] == ["2"]
    assert [id for id, _ in index.search([group(("pengungsi", 1.0))], 5)] == ["1"]


def test_scores_are_bm25(tmp_path: Path) -> None:
    one, two = chunk("1", "gempa gempa pasar"), chunk("2", "pasar kota")
    index = TermIndex.open(tmp_path, Archive(one, two))
    [(id, score)] = index.search([group(("gempa", 1.0))], 5)
    # N = 3 documents with the stamp, 5 terms: average length 5/3. idf = ln(1 + (3 - 1 + .5) / (1 + .5)); tf = 2
    expected = math.log(1 + 2.5 / 1.5) * 2 * 2.2 / (2 + 1.2 * (0.25 + 0.75 * 3 / (5 / 3)))
    assert id == "1"
    assert score == pytest.approx(expected, rel=1e-4)


def test_the_best_alternative_of_a_group_counts_and_groups_add_up(index: TermIndex) -> None:
    [(_, banjir)] = index.search([group(("Jakarta", 1.0))], 5)
    [(_, both)] = index.search([group(("Jakarta", 1.0), ("warga", 0.5))], 5)
    assert both == pytest.approx(banjir)
    [(_, added)] = index.search([group(("Jakarta", 1.0)), group(("warga", 0.5))], 5)
    assert added == pytest.approx(1.5 * banjir)
    [(_, weighted)] = index.search([group(("Jakarta", 1.0), weight=3)], 5)
    assert weighted == pytest.approx(3 * banjir)


def test_a_phrase_wants_its_words_side_by_side(index: TermIndex) -> None:
    assert [id for id, _ in index.search([group(("kereta cepat", 1.0))], 5)] == []
    assert [id for id, _ in index.search([group(("kereta api", 1.0))], 5)] == ["3"]


def test_the_title_counts_less_than_the_text(index: TermIndex) -> None:
    assert [id for id, _ in index.search([group(("banjir", 1.0))], 5)] == ["1", "3"]
    assert [id for id, _ in index.search([group(("banjir", 1.0))], 5, title_weight=0)] == ["1"]


def test_nothing_to_look_for_finds_nothing(index: TermIndex) -> None:
    assert index.search([], 5) == []
    assert index.search([group()], 5) == []
    assert index.search([(1.0, [((), 1.0)])], 5) == []
    assert index.search([group(("tidakada", 1.0)), group(("lain sekali", 1.0))], 5) == []


def test_ties_are_in_the_order_of_the_ids_whatever_was_added_first(tmp_path: Path) -> None:
    names = [f"{n:03d}" for n in range(100)]
    orders = (names, names[::-1])
    found = []
    for number, order in enumerate(orders):
        index = TermIndex.open(tmp_path / str(number), Archive(*(chunk(name, "Gempa bumi besar.") for name in order)))
        found.append(index.search([group(("gempa bumi", 1.0), ("gempa", 0.9))], 7))
    assert found[0] == found[1]
    assert [id for id, _ in found[0]] == names[:7]


def test_the_stems_of_each_sentence_are_kept(index: TermIndex) -> None:
    assert index.stems(["1", "none"]) == {"1": (tuple(terms("Banjir Jakarta")), tuple(terms("warga mengungsi")))}
    assert index.stems([]) == {}


def test_a_long_word_and_an_empty_chunk_do_no_harm(tmp_path: Path) -> None:
    index = TermIndex.open(tmp_path, Archive(chunk("1", "a" * 100_000 + " gempa."), chunk("2", "di yang")))
    assert [id for id, _ in index.search([group(("gempa", 1.0))], 5)] == ["1"]
    assert index.stems(["2"]) == {"2": ((),)}


def write(
    home: Path, base: str | None, generation: str, *, removed: tuple[str, ...] = (), added: tuple[Chunk, ...]
) -> None:
    writer = TermWriter(home, base=base, generation=generation)
    writer.remove(removed)
    writer.add(added)
    writer.commit()


def test_a_writer_changes_what_was_there_and_readers_follow(tmp_path: Path) -> None:
    archive = Archive(BANJIR, GEMPA)
    index = TermIndex.open(tmp_path, archive)
    newer = chunk("4", "Banjir surut.", article="a")
    write(tmp_path, "g1", "g2", removed=("a",), added=(newer,))
    assert [id for id, _ in index.search([group(("banjir", 1.0))], 5)] == ["1"]  # not yet published
    archive.version = "g2"
    assert [id for id, _ in index.search([group(("banjir", 1.0))], 5)] == ["4"]
    assert [id for id, _ in index.search([group(("gempa", 1.0))], 5)] == ["2"]
    assert len(index) == 2
    assert archive.read == 1  # made from the archive only the first time


def test_an_unfinished_write_is_not_seen(tmp_path: Path) -> None:
    archive = Archive(BANJIR)
    TermIndex.open(tmp_path, archive)
    writer = TermWriter(tmp_path, base="g1", generation="g2")
    writer.add([GEMPA])
    del writer
    archive.version, archive.contents = "g2", [BANJIR, GEMPA]
    index = TermIndex.open(tmp_path, archive)
    assert archive.read == 2  # half of g2 lay there: it was made again
    assert [id for id, _ in index.search([group(("gempa", 1.0))], 5)] == ["2"]


def test_older_terms_are_deleted_but_for_those_the_new_ones_came_from(tmp_path: Path) -> None:
    TermIndex.open(tmp_path, Archive(BANJIR))
    write(tmp_path, "g1", "g2", added=(GEMPA,))
    write(tmp_path, "g2", "g3", added=(KERETA,))
    assert sorted(p.name for p in (tmp_path / "terms").iterdir()) == ["g2", "g3"]


def damage(folder: Path, name: str) -> None:
    match name:
        case "deleted":
            shutil.rmtree(folder)
        case "emptied":
            for file in folder.iterdir():
                file.unlink()
        case "other format":
            TermWriterOfOldFormat(folder).commit()
        case _:
            for file in folder.glob(name):
                start = file.read_bytes()[:20]
                file.unlink()  # another file in its place: the old one may still be mapped into memory
                file.write_bytes(start)


class TermWriterOfOldFormat(TermWriter):
    """Writes a stamp of another format."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder.parent.parent, base=None, generation=folder.name)
        self._generation = "of another time"


@pytest.mark.parametrize(
    "what", ["deleted", "emptied", "other format", "meta.json", "*.term", "*.idx", "*.store", "*.pos"]
)
def test_damaged_terms_are_made_again(tmp_path: Path, what: str) -> None:
    archive = Archive(BANJIR, GEMPA)
    TermIndex.open(tmp_path, archive)
    damage(tmp_path / "terms" / "g1", what)
    index = TermIndex.open(tmp_path, archive)
    assert archive.read == 2
    assert [id for id, _ in index.search([group(("gempa", 1.0))], 5)] == ["2"]
    damage(tmp_path / "terms" / "g1", what)
    assert not TermWriter(tmp_path, base="g1", generation="g2").complete


def test_while_another_process_writes_what_is_there_is_used(tmp_path: Path) -> None:
    archive = Archive(BANJIR)
    index = TermIndex.open(tmp_path, archive)
    archive.version, archive.free = "g2", False
    assert [id for id, _ in index.search([group(("banjir", 1.0))], 5)] == ["1"]
    assert TermIndex.open(tmp_path, archive).search([group(("banjir", 1.0))], 5) == []
    archive.free = True
    assert [id for id, _ in index.search([group(("banjir", 1.0))], 5)] == ["1"]
    assert archive.read == 2
