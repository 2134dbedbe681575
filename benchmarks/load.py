"""Load on the HTTP API over the five articles, keyless: a table of requests a second, latencies, errors, memory.

``python -m benchmarks.load`` runs each number of clients for a minute; ``--seconds 10`` for a first look. The last part
has clients ask while articles are uploaded, and then asks about each of them. Server and clients share the machine.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import numpy as np

ROOT = Path(__file__).parent.parent
PORT = 7869
URL = f"http://127.0.0.1:{PORT}"
QUESTIONS = (
    "What gifts were exchanged?",
    "Hadiah apa yang dipertukarkan?",
    "How long was the handshake?",
    "Mengapa Korea Selatan khawatir?",
    "Siapa juru bicara Kremlin?",
    "Berapa harga beras?",
    "When did Kim arrive in Russia?",
    "Di mana Putin bertemu Kim?",
)


@dataclass(slots=True)
class Seen:
    """What clients saw."""

    seconds: list[float] = field(default_factory=list)
    statuses: Counter[object] = field(default_factory=Counter)

    @property
    def errors(self) -> int:
        """Answers other than 200, and none."""
        return sum(count for status, count in self.statuses.items() if status != 200)

    def row(self, duration: float) -> str:
        """Requests a second, p50, p95, p99 in ms, errors."""
        p50, p95, p99 = (np.percentile(self.seconds, q) * 1000 for q in (50, 95, 99))
        return f"{len(self.seconds) / duration:7.1f} | {p50:6.1f} | {p95:6.1f} | {p99:6.1f} | {self.errors}"


async def client(until: Callable[[], bool], seen: Seen, first: int) -> None:
    """Ask one question after the other."""
    async with httpx.AsyncClient(base_url=URL, timeout=60) as http:
        number = first
        while not until():
            began = time.perf_counter()
            try:
                status: object = (await http.post("/v1/ask", json={"question": QUESTIONS[number % 8]})).status_code
            except httpx.HTTPError as error:
                status = type(error).__name__
            seen.seconds.append(time.perf_counter() - began)
            seen.statuses[status] += 1
            number += 1


async def clients(count: int, seconds: float) -> tuple[Seen, float]:
    """``count`` clients for ``seconds``."""
    seen, began = Seen(), time.perf_counter()
    end = began + seconds
    await asyncio.gather(*(client(lambda: time.perf_counter() > end, seen, n) for n in range(count)))
    return seen, time.perf_counter() - began


def memory(pid: int) -> float:
    """Resident megabytes of a process (Linux)."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def in_process(home: Path, seconds: float) -> float:
    """Median milliseconds of the same questions without HTTP."""
    from rag.pipeline import open_pipeline
    from rag.schema import answer_object
    from rag.settings import Settings

    kutip = open_pipeline(Settings.from_env({"KUTIP_HOME": str(home)}))
    times: list[float] = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        began = time.perf_counter()
        answer_object(kutip.invoke(QUESTIONS[len(times) % 8]))
        times.append(time.perf_counter() - began)
    return float(np.median(times[8:])) * 1000


def article(number: int) -> dict[str, str]:
    """An article that one question asks about; names are of letters, so that they are words."""
    name = "".join(
        "bdgjklmnpr"[int(digit)] + "aiueo"[place] for place, digit in enumerate(f"{number:04d}")
    ).capitalize()
    text = f"Desa {name} punya {number + 7} sumur. " + "Warga bersyukur karena airnya jernih. " * 20
    return {"id": f"desa-{number}", "text": text, "title": f"Sumur Desa {name}"}


async def uploads(count: int, askers: int) -> str:
    """Upload ``count`` articles while others ask; then read and ask about each."""
    seen, over, began = Seen(), asyncio.Event(), time.perf_counter()
    asking = [asyncio.create_task(client(over.is_set, seen, n)) for n in range(askers)]
    async with httpx.AsyncClient(base_url=URL, timeout=120) as http:
        jobs = [(await http.post("/v1/articles", json=article(n))).raise_for_status().json() for n in range(count)]
        sent = time.perf_counter() - began
        for job in jobs:
            while (await http.get(f"/v1/jobs/{job['id']}")).json()["status"] == "queued":
                await asyncio.sleep(0.2)
        indexed = time.perf_counter() - began
        over.set()
        await asyncio.gather(*asking)
        torn = lost = 0
        for n in range(count):
            given = article(n)
            torn += (await http.get(f"/v1/articles/desa-{n}")).json().get("text") != given["text"]
            question = f"Berapa sumur di {given['title'].removeprefix('Sumur ')}?"
            answer = (await http.post("/v1/ask", json={"question": question})).json()["answer"]
            lost += f"{n + 7} sumur" not in answer
    return (
        f"{count} uploads in {sent:.1f} s, indexed after {indexed:.1f} s; {len(seen.seconds)} answers meanwhile, "
        f"{seen.errors} errors; {torn} torn, {lost} not answerable"
    )


def main() -> None:
    """Start a server, measure, print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seconds", type=float, default=60.0, help="for each number of clients")
    arguments.add_argument("--clients", type=int, nargs="*", default=[1, 8, 64])
    arguments.add_argument("--uploads", type=int, default=500)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        server = _start(home)
        try:
            _measure(server, home, given)
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(60)


def _measure(server: subprocess.Popen[bytes], home: Path, given: argparse.Namespace) -> None:
    asyncio.run(clients(8, min(5.0, given.seconds)))  # warm
    alone = in_process(home, min(10.0, given.seconds))
    print(f"in process: p50 {alone:.1f} ms")
    print("clients | requests/s | p50 ms | p95 ms | p99 ms | errors | memory MB before, after")
    for count in given.clients:
        before = memory(server.pid)
        seen, duration = asyncio.run(clients(count, given.seconds))
        after = memory(server.pid)
        print(f"{count:7} | {seen.row(duration)} | {before:.0f}, {after:.0f} ({after / before - 1:+.1%})", flush=True)
        if count == 1:
            ratio = float(np.median(seen.seconds)) * 1000 / alone
            print(f"        HTTP costs {ratio:.2f} times the call in process at p50")
    if given.uploads:
        before = memory(server.pid)
        said = asyncio.run(uploads(given.uploads, 64))
        print(f"{said}; memory {before:.0f}, {memory(server.pid):.0f} MB")


def _start(home: Path) -> subprocess.Popen[bytes]:
    server = subprocess.Popen(
        [sys.executable, "-m", "ui.cli", "serve", "--port", str(PORT)],
        cwd=ROOT,
        env={**os.environ, "KUTIP_HOME": str(home)},
        stderr=subprocess.DEVNULL,
    )
    asyncio.run(_ready())
    return server


async def _ready() -> None:
    async with httpx.AsyncClient() as http:
        for _ in range(600):
            try:
                if (await http.get(f"{URL}/readyz", timeout=5)).status_code == 200:
                    return
            except httpx.HTTPError:
                pass
            await asyncio.sleep(0.1)
    raise SystemExit("the server did not start")


if __name__ == "__main__":
    main()
