from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from rag.archive.access import index_paths, indexing_note
from rag.archive.remote_embeddings import MAX_ITEMS, RemoteEmbeddings, VectorCache
from rag.errors import ArchiveError, ModelError, SettingsError
from rag.pipeline import open_pipeline
from rag.settings import Secret, Settings
from tests.conftest import ROOT, SEEDS
from tests.wire_server import KEY, Reply, WireServer, vector


def remote(wire: WireServer, home: Path, *, retries: int = 0) -> RemoteEmbeddings:
    return RemoteEmbeddings(
        "openai:wire-embed", key=Secret(KEY), base_url=wire.url, timeout=60, retries=retries, home=home
    )


def test_vectors_come_back_in_order_and_of_unit_length(wire: WireServer, tmp_path: Path) -> None:
    embedder = remote(wire, tmp_path)
    got = embedder.encode(["satu dua", "tiga", "satu dua", ""])
    wanted = np.array([vector(text) for text in ("satu dua", "tiga", "satu dua", " ")])
    lengths = np.linalg.norm(wanted, axis=1, keepdims=True)
    assert got.dtype == np.float32
    np.testing.assert_allclose(got[:3], (wanted / np.where(lengths == 0, 1, lengths))[:3], rtol=1e-5)
    assert not got[3].any()
    assert embedder.dimensions == 8
    np.testing.assert_allclose(embedder.encode_query("tiga"), got[1], rtol=1e-5)


def test_nothing_is_paid_for_twice(wire: WireServer, tmp_path: Path) -> None:
    texts = [f"kalimat {n}" for n in range(10)]
    first = remote(wire, tmp_path).encode(texts)
    second = remote(wire, tmp_path).encode([*texts, "baru"])
    assert [len(batch) for batch in wire.embedded] == [10, 1]
    np.testing.assert_array_equal(first, second[:10])


def test_what_arrived_before_a_fault_is_kept(wire: WireServer, tmp_path: Path) -> None:
    texts = [f"kalimat {n}" for n in range(2 * MAX_ITEMS + 1)]
    wire.embedding_replies = [Reply(), Reply(), Reply(status=500)]
    with pytest.raises(ModelError) as caught:
        remote(wire, tmp_path).encode(texts)
    assert caught.value.retryable
    wire.embedded.clear()
    remote(wire, tmp_path).encode(texts)
    assert [len(batch) for batch in wire.embedded] == [1]


def test_passing_faults_are_tried_again(wire: WireServer, tmp_path: Path) -> None:
    wire.embedding_replies = [Reply(status=429, headers={"retry-after-ms": "1"})]
    assert remote(wire, tmp_path, retries=1).encode(["satu"]).shape == (1, 8)


def test_batches_shrink_to_what_the_server_takes(wire: WireServer, tmp_path: Path) -> None:
    wire.max_embedded = 32
    remote(wire, tmp_path).encode([f"kalimat {n}" for n in range(100)])
    assert max(len(batch) for batch in wire.embedded) <= 32
    assert sum(len(batch) for batch in wire.embedded) == 100


def test_long_texts_are_batched_by_tokens_and_cut(wire: WireServer, tmp_path: Path) -> None:
    embedder = remote(wire, tmp_path)
    embedder.encode([f"{n} " + "kata " * 3_000 for n in range(40)])
    assert len(wire.embedded) > 2
    wire.embedded.clear()
    embedder.encode(["kata " * 50_000])
    assert len(wire.embedded[0][0]) < 50_000


def test_chunks_end_where_they_would_without_a_service(wire: WireServer, tmp_path: Path) -> None:
    assert remote(wire, tmp_path).count_tokens("Tiga kata saja") == 3
    assert wire.embedded == []


def test_a_chat_model_is_not_an_embedder(wire: WireServer, tmp_path: Path) -> None:
    wire.models = set()
    with pytest.raises(ModelError, match="KUTIP_EMBEDDER"):
        remote(wire, tmp_path).encode(["x"])


def test_a_damaged_or_foreign_row_is_another_models(tmp_path: Path) -> None:
    cache = VectorCache(tmp_path / "v.sqlite3")
    cache.put("a", {"x": np.ones(3, np.float32)})
    assert cache.get("b", ["x"]) == {}
    assert list(cache.get("a", ["x", "y"])) == ["x"]


def settings(wire: WireServer, home: Path, **more: str) -> Settings:
    return Settings.from_env(
        {"KUTIP_HOME": str(home), "KUTIP_EMBEDDER": "openai:wire-embed", "KUTIP_ANSWERER": "extractive"}
        | wire.env()
        | more
    )


def test_an_archive_is_made_and_asked_with_the_services_vectors(wire: WireServer, tmp_path: Path) -> None:
    labels: list[str] = []
    index_paths(settings(wire, tmp_path), [SEEDS], progress=lambda done, total, label: labels.append(label))
    answer = open_pipeline(settings(wire, tmp_path)).invoke("What gifts were exchanged?")
    assert answer.embedder == "openai:wire-embed"
    assert answer.claims
    assert any("tokens" in label for label in labels)
    sent = sum(len(batch) for batch in wire.embedded)
    index_paths(settings(wire, tmp_path), [SEEDS], rebuild=True)
    assert sum(len(batch) for batch in wire.embedded) <= sent + 1  # all in the cache but for the question's


def test_an_archive_keeps_its_embedder(wire: WireServer, tmp_path: Path) -> None:
    plain = Settings.from_env({"KUTIP_HOME": str(tmp_path)})
    index_paths(plain, [SEEDS])
    asked = settings(wire, tmp_path)
    kutip = open_pipeline(asked)
    assert kutip.invoke("What gifts were exchanged?").embedder == "builtin"
    assert wire.embedded == []
    assert "kutip index --rebuild" in kutip.notes[0]
    assert indexing_note(asked) == kutip.notes[0]
    index_paths(asked, [SEEDS])
    assert wire.embedded == []
    index_paths(asked, [SEEDS], rebuild=True)
    assert open_pipeline(asked).invoke("What gifts were exchanged?").embedder == "openai:wire-embed"
    assert open_pipeline(asked).notes == ()


def test_an_archive_whose_embedder_cannot_be_had_says_what_to_run(wire: WireServer, tmp_path: Path) -> None:
    index_paths(settings(wire, tmp_path), [SEEDS])
    with pytest.raises(ArchiveError, match="rebuild"):
        open_pipeline(Settings.from_env({"KUTIP_HOME": str(tmp_path)}))
    with pytest.raises(SettingsError, match="OPENAI_API_KEY"):
        open_pipeline(Settings.from_env({"KUTIP_HOME": str(tmp_path), "KUTIP_EMBEDDER": "openai:wire-embed"}))


def test_a_killed_run_pays_only_for_the_rest(wire: WireServer, tmp_path: Path) -> None:
    script = (
        "import os, sys\nfrom pathlib import Path\nfrom rag.archive.remote_embeddings import RemoteEmbeddings\n"
        "e = RemoteEmbeddings('openai:wire-embed', key=None, base_url=sys.argv[1], timeout=60, retries=0, "
        "home=Path(sys.argv[2]))\n"
        "seen = []\ne.heard = lambda: seen.append(1) or (len(seen) == 2 and os.kill(os.getpid(), 9))\n"
        "e.encode([f'kalimat {n}' for n in range(600)])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, wire.url, str(tmp_path)], cwd=ROOT, check=False, env=os.environ
    )
    assert done.returncode == -9
    wire.embedded.clear()
    remote(wire, tmp_path).encode([f"kalimat {n}" for n in range(600)])
    assert sum(len(batch) for batch in wire.embedded) == 600 - 2 * MAX_ITEMS
