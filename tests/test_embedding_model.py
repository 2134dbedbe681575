"""The weights in rag/data/embedding: they load with Model2Vec's own loader and give the recorded vectors."""

from __future__ import annotations

import json
import subprocess
import sys
import zlib
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from model2vec import StaticModel

from rag.archive.embeddings import BUCKETS, BuiltinEmbeddings, buckets, spelled
from rag.language.words import stem, terms
from tests.conftest import ROOT

FOLDER = ROOT / "rag/data/embedding"
GOLDEN: dict[str, list[float]] = json.loads((ROOT / "tests/data/embedding_vectors.json").read_text("utf-8"))
NEWS = "Gubernur Jawa Barat meninjau banjir di Karawang pada Senin, 3 Februari 2020; 1.200 warga mengungsi."


@pytest.fixture(scope="module")
def model() -> StaticModel:
    return StaticModel.from_pretrained(FOLDER, quantize_to="float32")


@pytest.fixture(scope="module")
def embedder() -> BuiltinEmbeddings:
    return BuiltinEmbeddings()


@pytest.mark.parametrize("text", GOLDEN)
def test_gives_the_recorded_vectors(model: StaticModel, text: str) -> None:
    np.testing.assert_allclose(model.encode([text])[0, :8], GOLDEN[text], atol=1e-3)


def test_is_small_and_has_every_bucket(model: StaticModel) -> None:
    assert sum(file.stat().st_size for file in FOLDER.iterdir()) <= 6_000_000
    assert sorted(file.name for file in FOLDER.iterdir()) == ["config.json", "model.safetensors", "tokenizer.json"]
    assert model.dim == BuiltinEmbeddings.dimensions
    assert all(model.tokenizer.token_to_id(f"#{bucket}") is not None for bucket in range(BUCKETS))


def test_buckets_are_the_three_and_four_grams_with_edges() -> None:
    # "<ab>" has the 3-grams "<ab" and "ab>" and the 4-gram "<ab>".
    assert buckets("ab") == [zlib.crc32(gram) % 8192 for gram in (b"<ab", b"ab>", b"<ab>")]
    assert buckets("") == []


def test_is_what_the_loader_gives_for_the_spelled_words(model: StaticModel, embedder: BuiltinEmbeddings) -> None:
    text = "Pemerintah Indonesia bertemu Xyzabc Qwertzuiop di Jakarta, Jakarta"
    expected = model.encode([" ".join(spelled(stem) for stem in terms(text))])[0]
    np.testing.assert_allclose(embedder.encode([text])[0], expected, atol=1e-5)


def test_unit_length_and_finite(embedder: BuiltinEmbeddings) -> None:
    vectors = embedder.encode([NEWS, "x", "12", "🙂", "", "yang di", "\ud800 rusak", "a" * 5000, NEWS * 200])
    lengths = np.linalg.norm(vectors, axis=1)
    assert vectors.dtype == np.float32
    assert np.isfinite(vectors).all()
    np.testing.assert_allclose(lengths, [1, 1, 1, 0, 0, 0, 1, 1, 1], atol=1e-5)


def test_nothing_in_nothing_out(embedder: BuiltinEmbeddings) -> None:
    assert embedder.encode([]).shape == (0, 256)
    assert not embedder.encode_query("").any()


def test_same_alone_and_among_others_and_in_another_process(embedder: BuiltinEmbeddings) -> None:
    alone = embedder.encode([NEWS])[0]
    np.testing.assert_array_equal(embedder.encode(["lain", *["kata"] * 600, NEWS])[-1], alone)
    script = f"from rag.archive.embeddings import BuiltinEmbeddings as B; print(B().encode([{NEWS!r}])[0].data.hex())"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == alone.tobytes().hex()


def test_more_words_than_are_kept(embedder: BuiltinEmbeddings) -> None:
    before = embedder.encode([NEWS])[0]
    many = " ".join(str(number) for number in range(60_000))
    assert np.isfinite(embedder.encode([many, NEWS])).all()
    np.testing.assert_array_equal(embedder.encode([NEWS])[0], before)


def test_threads_do_not_disturb_each_other() -> None:
    texts = [f"{NEWS} nomor{number} kata{number * 7} {number}" for number in range(400)]
    expected = BuiltinEmbeddings().encode(texts)
    shared = BuiltinEmbeddings()
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda text: shared.encode([text])[0], texts))
    np.testing.assert_array_equal(np.stack(found), expected)


def test_question_words_do_not_count(embedder: BuiltinEmbeddings) -> None:
    asked, plain = (embedder.encode_query(text) for text in ("Siapa gubernur Jawa Barat?", "gubernur Jawa Barat"))
    np.testing.assert_array_equal(asked, plain)


def test_spellings_of_a_name_are_near_each_other(embedder: BuiltinEmbeddings) -> None:
    kadyrov, variant, other = embedder.encode(["Kadyrovtsy", "Kadirovtsy", "Zhirinovsky"])
    assert spelled(stem("Kadyrovtsy")).startswith("#")
    assert kadyrov @ variant > kadyrov @ other + 0.2


def test_finds_the_passage_a_question_is_about(embedder: BuiltinEmbeddings) -> None:
    passages = [
        NEWS,
        "Bank Indonesia menahan suku bunga acuan pada tingkat 5,75 persen.",
        "Tim nasional sepak bola menang dua gol tanpa balas atas Vietnam.",
    ]
    questions = ["Berapa warga yang mengungsi karena banjir?", "Berapa suku bunga acuan?", "Siapa menang atas Vietnam?"]
    scores = np.stack([embedder.encode_query(question) for question in questions]) @ embedder.encode(passages).T
    assert scores.argmax(axis=1).tolist() == [0, 1, 2]
