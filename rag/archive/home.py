"""KUTIP_HOME on disk: one writer at a time, and an archive that is only ever replaced as a whole.

The archive is a folder. A run writes into a fresh copy of it, and one rename of a small file, ``current``, puts that
copy in its place; so a run killed at any moment leaves the archive as it was, and a reader never opens a folder that is
being written. (Chroma writes its vector files in place and not atomically: a process killed in that moment leaves files
that crash every later reader.)
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from filelock import FileLock, Timeout

from rag.errors import BusyIndexError, SettingsError

_PREFIX = "archive-"
_PATIENCE = 10.0
"""Seconds that a line waits for others to be written."""


@dataclass(frozen=True, slots=True)
class Home:
    """The folder of one user's archive."""

    path: Path

    def current(self) -> Path | None:
        """The archive's folder; None when there is none yet."""
        names = self._names()
        return self.path / names[0] if names and (self.path / names[0]).is_dir() else None

    @contextmanager
    def lock(self, *, wait: float = 0.0, tell: Callable[[str], None] | None = None) -> Iterator[None]:
        """Be the one writer. The lock of a process that dies is free at once.

        Args:
            wait: seconds to wait for another writer, >= 0.
            tell: called with one sentence when there is someone to wait for.

        Raises:
            BusyIndexError: another process is still writing.
            SettingsError: the folder cannot be written.
        """
        with self._writing():
            self.path.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self.path / "write.lock")
            try:
                lock.acquire(timeout=0)
            except Timeout:
                self._wait(lock, wait, tell)
        try:
            self._sweep()
            yield
        finally:
            lock.release()

    def draft(self, *, copy: bool) -> Path:
        """A new folder to write into, for the holder of the lock: empty, or a copy of the current one."""
        with self._writing():
            folder = self.path / f"{_PREFIX}{uuid4().hex[:12]}"
            current = self.current()
            if copy and current is not None:
                shutil.copytree(current, folder)
            else:
                folder.mkdir()
            return folder

    def publish(self, folder: Path) -> None:
        """Put ``folder`` in the archive's place, for good: it is on the disk before anything points to it.

        The folder it replaces stays until the next time, for readers that are about to open it.
        """
        with self._writing():
            for file in sorted(folder.rglob("*")):
                _flush(file)
            _flush(folder)
            names = [folder.name, *self._names()[:1]]
            pointer = self.path / "current.new"
            pointer.write_text("\n".join(names), "utf-8")
            _flush(pointer)
            pointer.replace(self.path / "current")
            _flush(self.path)
            self._sweep()

    def append(self, name: str, line: str) -> None:
        """Put a line at the end of a file of the home, for good; several processes may do so.

        What a killed process has left half written stays by itself: the next line begins on one of its own.

        Raises:
            SettingsError: the file cannot be written.
        """
        data = line.encode() + b"\n"
        with self._writing():
            self.path.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self.path / f"{name}.lock", timeout=_PATIENCE, poll_interval=0.01)
            with lock, (self.path / name).open("ab+", buffering=0) as file:
                end = file.seek(0, os.SEEK_END)
                file.seek(max(0, end - 1))
                if end and file.read(1) != b"\n":
                    data = b"\n" + data
                while data:  # in one piece, unless the disk is full
                    data = data[file.write(data) or 0 :]
                os.fsync(file.fileno())

    def _names(self) -> list[str]:
        try:
            return (self.path / "current").read_text("utf-8").split()
        except (FileNotFoundError, NotADirectoryError):
            return []

    def _sweep(self) -> None:
        """Delete what killed runs and readers have left; a folder that is in use elsewhere goes the next time."""
        kept = set(self._names())
        for folder in self.path.glob(f"{_PREFIX}*"):
            if folder.name not in kept:
                shutil.rmtree(folder, ignore_errors=True)

    def _wait(self, lock: FileLock, wait: float, tell: Callable[[str], None] | None) -> None:
        try:
            if wait <= 0:
                raise Timeout(lock.lock_file)
            if tell is not None:
                tell(f"Another process is writing to the index in {self.path}: waiting up to {wait:.0f} seconds.")
            lock.acquire(timeout=wait)
        except Timeout as error:
            raise BusyIndexError(
                f"Another process is writing to the index in {self.path}: wait until it has ended, then run this again."
            ) from error

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except (OSError, shutil.Error) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            raise SettingsError(
                f"Expected a folder that can be written, saw {str(self.path)!r} ({reason}): "
                "make room there or set KUTIP_HOME to another folder."
            ) from error


def _flush(path: Path) -> None:
    """Force a file or folder to the disk; folders cannot be on every system."""
    if os.name == "nt" and path.is_dir():
        return
    handle = os.open(path, os.O_RDONLY if os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
