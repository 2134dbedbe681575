"""Processes that are killed, a Chroma server that goes away: what was acknowledged is kept, nothing is half there."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from rag.archive.access import open_index, writing
from rag.archive.embeddings import BuiltinEmbeddings
from rag.archive.lease import lease
from rag.archive.server import LAG, connect
from rag.settings import Settings
from tests.api_server import Process, copy_of, done, free_port, status, until
from tests.test_api_ask import GIFTS, problem

CHROMA = Path(sys.executable).with_name("chroma")


def village(number: int) -> str:
    """A name of its own for each number below 160,000."""
    digits = [number // 20**place % 20 for place in range(4)]
    return "".join("bdgjklmnprstwychfqvz"[digit] + "aiue"[place] for place, digit in enumerate(digits)).capitalize()


def article(number: int) -> dict[str, str]:
    return {"id": f"sumur-{number}", "text": f"Desa {village(number)} punya {number + 7} sumur menurut lurahnya."}


def upload(url: str, numbers: range, acknowledged: list[int]) -> None:
    """Upload until nobody answers; keep what was acknowledged."""
    with httpx.Client(base_url=url, timeout=60) as client:
        for number in numbers:
            try:
                response = client.post("/v1/articles", json=article(number))
            except httpx.HTTPError:
                return
            if response.status_code == 202:
                acknowledged.append(number)


def check_all(url: str, numbers: list[int]) -> None:
    """Every one of these articles is there as it was sent, and can be asked about."""
    with httpx.Client(base_url=url, timeout=60) as client:
        for number in numbers:
            sent = article(number)
            assert client.get(f"/v1/articles/{sent['id']}").json()["text"] == sent["text"]
        for number in numbers[::10]:
            answer = client.post("/v1/ask", json={"question": f"Berapa sumur di Desa {village(number)}?"}).json()
            assert f"{number + 7} sumur" in answer["answer"]


def waiting(home: Path) -> bool:
    return any(path.name[0] != "." for path in (home / "uploads").iterdir())


def test_kill_in_the_middle_of_uploads(seeds_home: Path, tmp_path: Path) -> None:
    home = copy_of(seeds_home, tmp_path / "home")
    acknowledged: list[int] = []
    for round, seconds in enumerate((0.7, 1.3)):
        server = Process(home).ready()
        numbers = range(round * 10_000, round * 10_000 + 10_000)
        uploads = threading.Thread(target=upload, args=(server.url, numbers, acknowledged))
        uploads.start()
        time.sleep(seconds)
        until(lambda: len(acknowledged) > 10 + round * 10, "some uploads")  # noqa: B023  # called at once
        server.kill()
        uploads.join()
    assert len(acknowledged) > 20
    server = Process(home).ready()
    until(lambda: not waiting(home), "the uploads to be done")
    check_all(server.url, acknowledged)
    total = httpx.get(f"{server.url}/v1/articles", timeout=60).json()["total"]
    assert (
        5 + len(acknowledged) <= total <= 5 + len(acknowledged) + 2
    )  # two may have died before they were acknowledged
    assert server.stop() in {0, -signal.SIGTERM}


def test_answers_in_flight_are_finished(seeds_home: Path, tmp_path: Path) -> None:
    server = Process(copy_of(seeds_home, tmp_path / "home")).ready()
    statuses: list[int] = []

    def ask() -> None:
        with httpx.Client(base_url=server.url, timeout=60) as client:
            try:
                while True:
                    statuses.append(client.post("/v1/ask", json={"question": "Apa hadiah Putin?"}).status_code)
            except (httpx.ConnectError, httpx.ReadError, httpx.RemoteProtocolError) as error:
                if "without sending a response" in str(error) and "isconnected" not in str(error):
                    statuses.append(0)

    askers = [threading.Thread(target=ask) for _ in range(3)]
    for asker in askers:
        asker.start()
    time.sleep(1)
    until(lambda: len(statuses) > 3, "some answers")
    assert server.stop() in {0, -signal.SIGTERM}
    for asker in askers:
        asker.join()
    assert set(statuses) == {200}
    told = [json.loads(line) for line in Path(server.log.name).read_text("utf-8").splitlines()]
    assert {line["route"] for line in told if line["message"] == "request"} == {"/readyz", "/v1/ask"}
    assert "hadiah" not in str(told).casefold()  # a log tells no questions and no answers


class Chroma:
    """A real Chroma server."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        command = [str(CHROMA), "run", "--path", str(self.folder), "--host", "127.0.0.1", "--port", str(self.port)]
        self.process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ}
        )  # fmt: skip
        until(lambda: status(f"{self.url}/api/v2/heartbeat") == 200, "Chroma")

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()


@pytest.fixture(scope="module")
def chroma(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chroma]:
    server = Chroma(tmp_path_factory.mktemp("chroma") / "data")
    yield server
    server.stop()


@pytest.fixture(scope="module")
def pair(chroma: Chroma, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Process, Process]]:
    """Two API processes with homes of their own; the first ones to come index the bundled articles."""
    folder = tmp_path_factory.mktemp("pair")
    both = [Process(folder / name, KUTIP_CHROMA=chroma.url) for name in ("one", "two")]
    yield both[0].ready(), both[1].ready()
    for server in both:
        server.kill()


def ask(url: str, question: str) -> dict[str, Any]:
    return httpx.post(f"{url}/v1/ask", json={"question": question}, timeout=60).raise_for_status().json()  # type: ignore[no-any-return]


def test_two_processes_on_a_chroma_server(pair: tuple[Process, Process]) -> None:
    one, two = pair
    for server in pair:
        assert httpx.get(f"{server.url}/v1/articles", timeout=60).json()["total"] == 5
        assert "sarung tangan" in ask(server.url, GIFTS)["answer"]
    with httpx.Client(base_url=one.url, timeout=60) as client:
        job = client.post("/v1/articles", json=article(1)).json()
        while ask(two.url, GIFTS) and client.get(f"/v1/jobs/{job['id']}").json()["status"] == "queued":
            pass  # so that the other process has looked a moment before it is done
    assert "8 sumur" in ask(two.url, f"Berapa sumur di Desa {village(1)}?")["answer"]
    found = httpx.post(f"{two.url}/v1/search", json={"question": village(1)}, timeout=60).json()["hits"]
    assert found[0]["article_id"] == "sumur-1"
    with httpx.Client(base_url=two.url, timeout=60) as client:
        done(client, client.delete("/v1/articles/sumur-1").json())
    assert ask(one.url, f"Berapa sumur di Desa {village(1)}?")["abstained"]


def test_a_reader_can_ask_for_the_latest(chroma: Chroma, pair: tuple[Process, Process], tmp_path: Path) -> None:
    settings = Settings.from_env({"KUTIP_HOME": str(tmp_path), "KUTIP_CHROMA": chroma.url})
    reader = open_index(settings)
    with writing(settings, BuiltinEmbeddings()) as change:
        for _ in range(3):
            written = change((), ()).generation
            assert reader.latest() == written == reader.generation()


def test_who_has_lost_the_right_to_write_takes_it_from_nobody(chroma: Chroma, pair: tuple[Process, Process]) -> None:
    client = connect(chroma.url)
    with lease(chroma.url):
        client.delete_collection("kutip-writer")  # as that of a process that does not beat
        theirs = client.create_collection("kutip-writer", embedding_function=None)
    assert client.get_collection("kutip-writer", embedding_function=None).id == theirs.id
    client.delete_collection("kutip-writer")


def test_both_write_at_once(pair: tuple[Process, Process]) -> None:
    acknowledged: list[int] = []
    writers = [
        threading.Thread(target=upload, args=(server.url, range(start, start + 15), acknowledged))
        for server, start in zip(pair, (100, 200), strict=True)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len(acknowledged) == 30
    until(lambda: not any(waiting(server.home) for server in pair), "all uploads")
    time.sleep(LAG)
    for server in pair:
        assert httpx.get(f"{server.url}/v1/articles", timeout=60).json()["total"] == 35
        check_all(server.url, acknowledged)


def test_the_chroma_server_goes_away_and_comes_back(chroma: Chroma, pair: tuple[Process, Process]) -> None:
    url = pair[0].url
    over = threading.Event()
    seen: list[tuple[int, str]] = []

    def load() -> None:
        with httpx.Client(base_url=url, timeout=60) as client:
            while not over.is_set():
                response = client.post("/v1/ask", json={"question": "What gifts were exchanged?"})
                seen.append((response.status_code, response.headers.get("retry-after", "")))

    askers = [threading.Thread(target=load) for _ in range(3)]
    for asker in askers:
        asker.start()
    chroma.stop()
    until(lambda: (503, "2") in seen, "a 503")
    assert "Chroma server" in problem(httpx.get(f"{url}/readyz", timeout=60), 503)["detail"]
    assert httpx.get(f"{url}/healthz", timeout=60).status_code == 200
    chroma.start()
    until(lambda: seen[-1][0] == 200, "answers again")
    over.set()
    for asker in askers:
        asker.join()
    assert set(seen) == {(200, ""), (503, "2")}


def test_a_killed_writer_leaves_whole_articles(chroma: Chroma, pair: tuple[Process, Process], tmp_path: Path) -> None:
    home = tmp_path / "three"
    acknowledged: list[int] = []
    server = Process(home, KUTIP_CHROMA=chroma.url).ready()
    uploads = threading.Thread(target=upload, args=(server.url, range(1_000, 9_000), acknowledged))
    uploads.start()
    time.sleep(1.5)
    until(lambda: len(acknowledged) > 20, "some uploads")
    server.kill()
    uploads.join()
    server = Process(home, KUTIP_CHROMA=chroma.url).ready()
    until(lambda: not waiting(home), "the uploads to be done, once the lease of the killed one is free")
    time.sleep(LAG)
    check_all(server.url, acknowledged)
    check_all(pair[1].url, acknowledged[:20])
    server.kill()
