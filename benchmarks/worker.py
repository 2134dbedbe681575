"""One measured job in a process of its own: ``python -m benchmarks.worker JOB FOLDER``; see `benchmarks.speed`.

``index`` runs over ``FOLDER/news.jsonl`` into a fresh home and keeps the rows it made; ``add`` puts these rows straight
into Chroma; both print rows a second. ``search`` asks both in turn and prints the medians in milliseconds, as JSON.
"""

from __future__ import annotations

import json
import pickle
import shutil
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import chromadb
import numpy as np
from chromadb.config import Settings

BATCH = 2_000
QUESTIONS = 200


def index(folder: Path) -> None:
    """A whole run of Kutip."""
    from rag.archive.embeddings import BuiltinEmbeddings
    from rag.archive.indexing import run

    home = folder / "home"
    shutil.rmtree(home, ignore_errors=True)
    started = time.perf_counter()
    run([folder / "news.jsonl"], home=home, embedder=BuiltinEmbeddings())
    seconds = time.perf_counter() - started
    archive = next(home.glob("archive-*"))
    collection = _client(archive).get_collection("kutip-chunks", embedding_function=None)
    if not (folder / "rows.pickle").exists():
        rows = collection.get(include=["embeddings", "documents", "metadatas"])
        rows["embeddings"] = np.asarray(rows["embeddings"], np.float32)
        (folder / "rows.pickle").write_bytes(pickle.dumps(dict(rows)))
    print(collection.count() / seconds)


def add(folder: Path) -> None:
    """The same rows, added in batches to a collection as Chroma makes it."""
    rows = pickle.loads((folder / "rows.pickle").read_bytes())
    shutil.rmtree(folder / "bare", ignore_errors=True)
    count = len(rows["ids"])
    started = time.perf_counter()
    collection = _client(folder / "bare").create_collection(
        "rows", embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
    )
    for begin in range(0, count, BATCH):
        end = begin + BATCH
        collection.add(
            ids=rows["ids"][begin:end],
            embeddings=rows["embeddings"][begin:end],
            documents=rows["documents"][begin:end],
            metadatas=rows["metadatas"][begin:end],
        )
    print(count / (time.perf_counter() - started))


def search(folder: Path) -> None:
    """Different questions, each asked of Kutip and, already embedded, of Chroma."""
    from benchmarks.corpus import Corpus
    from rag.pipeline import open_pipeline
    from rag.settings import Settings as KutipSettings

    kutip = open_pipeline(KutipSettings.from_env({"KUTIP_HOME": str(folder / "home")}))
    collection = _client(folder / "bare").get_collection("rows", embedding_function=None)
    from rag.archive.embeddings import BuiltinEmbeddings

    embedder = BuiltinEmbeddings()
    ours, theirs = [], []
    for question in Corpus().questions(QUESTIONS + 20):
        vector = embedder.encode_query(question)[None, :]
        ours.append(_milliseconds(lambda question=question: kutip.search(question, k=10)))
        theirs.append(_milliseconds(lambda vector=vector: collection.query(query_embeddings=vector, n_results=10)))
    print(json.dumps([statistics.median(ours[20:]), statistics.median(theirs[20:])]))


def _client(folder: Path) -> Any:
    return chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False))


def _milliseconds(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    {"index": index, "add": add, "search": search}[sys.argv[1]](Path(sys.argv[2]))
