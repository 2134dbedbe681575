"""The line of uploads and deletions, on disk: what was acknowledged survives the death of any process.

``HOME/uploads/JOB/`` holds a job that is to be done: ``job.json`` and the files that came with it, on the disk before
the client hears of it. ``HOME/jobs/JOB.json`` is what became of one. Every process of one home sees the same line.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, Literal
from uuid import uuid4

from rag.errors import SettingsError

KEPT = 10_000
"""Results of jobs that are kept."""

_ID = re.compile(r"[0-9]{20}-[0-9a-f]{8}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of a job, or that it waits."""

    id: str
    kind: Literal["upload", "delete"]
    status: Literal["queued", "done", "failed"]
    submitted: str
    """ISO 8601, UTC."""
    finished: str | None = None
    added: tuple[str, ...] = ()
    """Ids of articles, as in the next three."""
    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    """One sentence for each file or line that is no article."""
    error: str | None = None
    """Why the whole job failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A job that is to be done."""

    id: str
    folder: Path
    submitted: str
    remove: str | None
    """Id of the article to take out; None for an upload."""

    @property
    def files(self) -> list[Path]:
        """What was uploaded."""
        return sorted(path for path in self.folder.iterdir() if path.name != "job.json")

    @property
    def size(self) -> int:
        """Bytes of the files."""
        return sum(path.stat().st_size for path in self.files)

    def result(self, **fields: Any) -> Result:
        """A result of this job."""
        kind: Literal["upload", "delete"] = "upload" if self.remove is None else "delete"
        return Result(id=self.id, kind=kind, submitted=self.submitted, **fields)


class Spool:
    """The line of one home."""

    def __init__(self, home: Path) -> None:
        """Use the line in ``home``; made when there is none."""
        self._waiting = home / "uploads"
        self._results = home / "jobs"

    def submit(self, files: Sequence[tuple[str, BinaryIO]] = (), *, remove: str | None = None) -> Result:
        """Put a job at the end of the line; it is on the disk when this returns.

        Args:
            files: names (safe ones) and contents.
            remove: id of an article to take out instead.

        Raises:
            SettingsError: the home cannot be written.
        """
        id = f"{time.time_ns():020d}-{uuid4().hex[:8]}"
        job = Job(id=id, folder=self._waiting / id, submitted=_now(), remove=remove)
        draft = self._waiting / f".{id}"
        try:
            self._results.mkdir(parents=True, exist_ok=True)
            draft.mkdir(parents=True)
            for name, content in files:
                with (draft / name).open("xb") as file:
                    shutil.copyfileobj(content, file)
                    _flush(file)
            with (draft / "job.json").open("xb") as file:
                file.write(json.dumps({"submitted": job.submitted, "remove": remove}).encode())
                _flush(file)
            draft.replace(job.folder)
            _flush_folder(self._waiting)
        except OSError as error:
            shutil.rmtree(draft, ignore_errors=True)
            raise SettingsError(
                f"Expected a folder that can be written, saw {error.strerror} in the uploads of KUTIP_HOME: make room."
            ) from error
        return job.result(status="queued")

    def waiting(self) -> list[Job]:
        """The jobs that are to be done, first come first."""
        jobs: list[Job] = []
        for name in sorted(path.name for path in self._waiting.iterdir()) if self._waiting.is_dir() else ():
            if _ID.fullmatch(name):
                with suppress(FileNotFoundError):  # another process has finished it in between
                    jobs.append(self._job(name))
        return jobs

    def status(self, id: str) -> Result | None:
        """What is known of a job; None when that is nothing."""
        if not _ID.fullmatch(id):
            return None
        for _ in range(2):  # between the two looks it may have been finished
            if (self._results / f"{id}.json").is_file():
                return _result(json.loads((self._results / f"{id}.json").read_text("utf-8")))
            if (self._waiting / id).is_dir():
                try:
                    return self._job(id).result(status="queued")
                except FileNotFoundError:
                    continue
        return None

    def finish(self, result: Result) -> None:
        """Write down what became of a job, and take it from the line."""
        draft = self._results / f".{result.id}"
        draft.write_text(json.dumps(asdict(result), ensure_ascii=False), "utf-8")
        draft.replace(self._results / f"{result.id}.json")
        taken = self._waiting / f".{result.id}"  # at once: a process killed in between leaves no half of a job
        with suppress(FileNotFoundError):
            (self._waiting / result.id).replace(taken)
        shutil.rmtree(taken, ignore_errors=True)

    def sweep(self) -> None:
        """Delete old results, and what was being received or deleted when a process died an hour ago or more."""
        for path in sorted(self._results.glob("*.json"))[:-KEPT] if self._results.is_dir() else ():
            path.unlink(missing_ok=True)
        for folder in self._waiting.glob(".*") if self._waiting.is_dir() else ():
            with suppress(FileNotFoundError):  # received by now
                if time.time() - folder.stat().st_mtime > 3600:
                    shutil.rmtree(folder, ignore_errors=True)

    def _job(self, id: str) -> Job:
        written: Mapping[str, Any] = json.loads((self._waiting / id / "job.json").read_text("utf-8"))
        return Job(id=id, folder=self._waiting / id, submitted=written["submitted"], remove=written["remove"])


def _result(written: Mapping[str, Any]) -> Result:
    fields: dict[str, Any] = {k: tuple(value) if isinstance(value, list) else value for k, value in written.items()}
    return Result(**fields)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _flush(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    """Have the folder's entries on the disk; not every system can."""
    if os.name != "nt":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
