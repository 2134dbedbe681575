"""The one writer: takes what waits in the line, puts it into the archive in one go, writes down what became of it.

A thread of each process; whoever holds the lock of the home does the work, so several processes may share a home.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from rag.archive.access import Change, Changes, writing
from rag.articles.files import read
from rag.errors import ArticleError, BusyIndexError, KutipError
from rag.types import Article
from ui.api.engine import Engine
from ui.api.logs import LOG
from ui.api.metrics import Metrics
from ui.api.spool import Job, Result, Spool

JOBS, BYTES = 200, 64_000_000
"""What is taken from the line at a time, at most; one job is taken whatever its size."""
LOOK = 1.0
"""Seconds between looks at the line, for what other processes have put there."""
SEEN = 3.0
"""Seconds that readers have to open what was written; another writer may have replaced it in between."""
_Found = tuple[Job, list[str], list[str]]
"""A job, the ids of its articles, and what was skipped."""
PAUSE = 0.5
"""Seconds between two changes, at least: each one makes readers open the archive anew."""


class Writer:
    """Does the jobs of a spool in a thread."""

    def __init__(self, engine: Engine, spool: Spool, metrics: Metrics) -> None:
        self._engine = engine
        self._spool = spool
        self._metrics = metrics
        self._awake = threading.Event()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="kutip-writer", daemon=True)

    def start(self) -> None:
        """Begin, with what an earlier process has left."""
        self._thread.start()

    def wake(self) -> None:
        """There is something in the line."""
        self._awake.set()

    def stop(self) -> None:
        """End after the change under way; what still waits is done by the next process."""
        self._over.set()
        self._awake.set()
        self._thread.join()

    def _run(self) -> None:
        self._spool.sweep()
        pause = 0.0
        while not self._over.is_set():
            self._awake.wait(LOOK)
            self._awake.clear()
            began = time.monotonic()
            try:
                worked = bool(self._spool.waiting()) and self._work()
                pause = max(PAUSE, min(2.0, time.monotonic() - began)) if worked else 0.0
            except BusyIndexError:
                pause = PAUSE
            except KutipError as error:
                LOG.warning("uploads wait: %s", error)
                pause = 2.0
            except Exception:  # the thread must live: jobs wait in the line, and the trace tells why
                LOG.exception("uploads wait after an error that should not be")
                pause = 10.0
            if pause:
                self._over.wait(min(pause, 10.0))
                self._awake.set()

    def _work(self) -> bool:
        """Do a part of the line; whether there was any."""
        with writing(self._engine.settings, self._engine.embedder, wait=0.0) as change:
            jobs = _part(self._spool.waiting())
            if not jobs:
                return False
            try:
                results = self._do(jobs, change)
            except KutipError:
                raise
            except Exception:  # one of them brings the others down: each by itself
                LOG.exception("a batch of %d uploads failed", len(jobs))
                results = [self._alone(job, change) for job in jobs]
            for result in results:
                self._spool.finish(result)
                self._metrics.jobs.labels(result.status).inc()
            LOG.info("uploads done", extra={"articles": sum(len(r.added) + len(r.changed) for r in results)})
        return True

    def _alone(self, job: Job, change: Change) -> Result:
        try:
            return self._do([job], change)[0]
        except KutipError:
            raise
        except Exception:
            LOG.exception("an upload failed", extra={"job": job.id})
            return job.result(status="failed", finished=_now(), error="It cannot be put into the archive.")

    def _do(self, jobs: Sequence[Job], change: Change) -> list[Result]:
        """Put what the jobs come to into the archive; done is only what this process's readers see."""
        last, found = _read(jobs)
        changes = change([a for a in last.values() if a is not None], [id for id, a in last.items() if a is None])
        end = time.monotonic() + SEEN
        while self._engine.index.generation() != changes.generation and time.monotonic() < end:
            time.sleep(0.01)
        return [_result(job, ids, skipped, changes) for job, ids, skipped in found]


def _part(jobs: Sequence[Job]) -> list[Job]:
    taken: list[Job] = []
    size = 0
    for job in jobs[:JOBS]:
        size += job.size
        if taken and size > BYTES:
            break
        taken.append(job)
    return taken


def _read(jobs: Sequence[Job]) -> tuple[dict[str, Article | None], list[_Found]]:
    """The articles of jobs by id, None for one to take out: of two jobs on one article the later one counts."""
    last: dict[str, Article | None] = {}
    found: list[_Found] = []
    for job in jobs:
        ids: list[str] = []
        skipped: list[str] = []
        if job.remove is not None:
            ids, last[job.remove] = [job.remove], None
        for article in _articles(job, skipped):
            last[article.id] = article
            ids.append(article.id)
        found.append((job, ids, skipped))
    return last, found


def _articles(job: Job, skipped: list[str]) -> list[Article]:
    """The articles of an upload under names that tell nothing of this machine's folders."""
    found: list[Article] = []
    for file in job.files:
        for item in read([file]):
            if isinstance(item, ArticleError):
                skipped.append(str(item).replace(f"{job.folder}/", ""))
            else:
                source = item.url or f"upload/{item.id if file.name == 'article.jsonl' else file.name}"
                found.append(replace(item, source=source, origin=f"upload:{item.id}"))
    return found


def _result(job: Job, ids: Sequence[str], skipped: Sequence[str], changes: Changes) -> Result:
    own = set(ids)
    sorted_ids = {
        name: tuple(id for id in getattr(changes, name) if id in own)
        for name in ("added", "changed", "unchanged", "removed")
    }
    nothing = not own and bool(skipped)
    return job.result(
        status="failed" if nothing else "done",
        finished=_now(),
        skipped=tuple(skipped),
        error="Nothing in it is an article: see skipped." if nothing else None,
        **sorted_ids,
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
