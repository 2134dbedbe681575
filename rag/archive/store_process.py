"""A store that another process writes: batches go in, and the caller prepares the next one meanwhile.

Chroma writes in the thread that calls it and lets no other Python code run there, so that only a second process keeps
a second processor busy. It ends with its caller: when no more can come, it stops.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from rag.archive.store import Store
from rag.errors import KutipError, StoreError
from rag.types import Article, Chunk


class StoreProcess:
    """Writes to the store in a folder as `Store` does; an error is raised by the call after the one that met it."""

    def __init__(self, folder: Path) -> None:
        """Start the process; the store must be there, and not open for writing anywhere."""
        self.folder = folder
        self._busy = False
        self._process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "rag.archive.store_process", str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(path or os.curdir for path in sys.path)},
        )

    def put(
        self,
        articles: Sequence[Article],
        chunks: Sequence[Chunk],
        vectors: NDArray[np.float32],
        *,
        replaced: Sequence[str] = (),
    ) -> None:
        """See `Store.put`; returns once the one before is done and this one is begun."""
        self._ask("put", articles, chunks, vectors, replaced)

    def remove(self, ids: Sequence[str]) -> None:
        """See `Store.remove`."""
        self._ask("remove", ids)

    def commit(self, generation: str) -> None:
        """See `Store.commit`; all is done when it returns."""
        self._ask("commit", generation)
        self._wait()

    def close(self) -> None:
        """Wait for the process to end; what is under way is finished first."""
        with suppress(BrokenPipeError):
            _there(self._process.stdin).close()
        self._process.wait()
        _there(self._process.stdout).close()

    def _ask(self, *job: object) -> None:
        self._wait()
        try:
            pickle.dump(job, _there(self._process.stdin), protocol=pickle.HIGHEST_PROTOCOL)
            _there(self._process.stdin).flush()
        except BrokenPipeError as error:
            raise self._lost() from error
        self._busy = True

    def _wait(self) -> None:
        if self._busy:
            self._busy = False
            try:
                failure = pickle.load(_there(self._process.stdout))  # noqa: S301  # our own process
            except EOFError as error:
                raise self._lost() from error
            if failure is not None:
                raise failure

    def _lost(self) -> StoreError:
        return StoreError(
            f"Expected the process that writes the index to go on, saw it end with {self._process.wait()}: "
            "run kutip index again."
        )


def serve(folder: Path, jobs: BinaryIO, answers: BinaryIO) -> None:
    """Do jobs until there are no more; each is answered with None or with the error it met."""
    try:
        store = Store.create(folder, {})
    except KutipError as error:
        _answer(answers, error)
        return
    while True:
        try:
            name, *values = pickle.load(jobs)  # noqa: S301  # our own process
        except EOFError:
            break
        _answer(answers, _failure(store, name, values))
    store.close()


def _failure(store: Store, name: str, values: list[Any]) -> KutipError | None:
    try:
        if name == "put":
            store.put(*values[:-1], replaced=values[-1])
        else:
            getattr(store, name)(*values)
    except KutipError as error:
        return error
    return None


def _answer(answers: BinaryIO, failure: KutipError | None) -> None:
    pickle.dump(failure, answers)
    answers.flush()


def _there(pipe: object) -> BinaryIO:
    assert pipe is not None  # noqa: S101  # both ends were asked for
    return pipe  # type: ignore[return-value]


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the caller's; it ends this by closing its end
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever else is printed goes elsewhere
    try:
        serve(Path(sys.argv[1]), sys.stdin.buffer, output)
    except BrokenPipeError:
        sys.exit(1)
