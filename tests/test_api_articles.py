"""Uploads, replacements and deletions over HTTP: acknowledged is kept, and readers see whole articles."""

from __future__ import annotations

import io
import json
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.api_server import copy_of, done, serving
from tests.conftest import SEEDS
from tests.test_api_ask import problem
from ui.api.spool import Spool

BRIDGE = "BANDUNG - Wali Kota Farhan meresmikan jembatan Pasupati kedua pada 3 Mei 2025."
WHO = "Siapa yang meresmikan jembatan Pasupati kedua?"


@pytest.fixture(scope="module")
def client(seeds_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    home = copy_of(seeds_home, tmp_path_factory.mktemp("articles") / "home")
    with serving(home, KUTIP_UPLOAD="1") as url, httpx.Client(base_url=url, timeout=60) as client:
        yield client


def ask(client: httpx.Client, question: str) -> dict[str, Any]:
    return client.post("/v1/ask", json={"question": question}).raise_for_status().json()  # type: ignore[no-any-return]


def test_the_archive_is_listed_page_by_page(client: httpx.Client) -> None:
    pages = [client.get("/v1/articles", params={"limit": 2, "offset": n}).json() for n in (0, 2, 4, 6)]
    assert {page["total"] for page in pages} == {5}
    listed = [article["id"] for page in pages for article in page["articles"]]
    assert sorted(listed) == sorted(path.stem for path in SEEDS.glob("*.txt"))
    assert [len(page["articles"]) for page in pages] == [2, 2, 1, 0]
    problem(client.get("/v1/articles", params={"limit": 0}), 422)


def test_an_article_comes_changes_and_goes(client: httpx.Client) -> None:
    assert ask(client, WHO)["abstained"]
    response = client.post("/v1/articles", json={"id": "jembatan", "text": BRIDGE, "title": "Jembatan baru"})
    assert response.status_code == 202
    assert response.headers["location"] == f"/v1/jobs/{response.json()['id']}"
    assert done(client, response.json())["added"] == ["jembatan"]
    answer = ask(client, WHO)
    assert [(c["article_id"], c["source"], c["title"]) for c in answer["citations"]] == [
        ("jembatan", "upload/jembatan", "Jembatan baru")
    ]
    changed = BRIDGE.replace("Farhan", "Ridwan")
    again = client.post("/v1/articles", json={"id": "jembatan", "text": changed}).json()
    assert done(client, again)["changed"] == ["jembatan"]
    assert "Ridwan" in ask(client, WHO)["answer"]
    same = client.post("/v1/articles", json={"id": "jembatan", "text": changed}).json()
    assert done(client, same)["unchanged"] == ["jembatan"]
    gone = client.delete("/v1/articles/jembatan")
    assert gone.status_code == 202
    assert done(client, gone.json())["removed"] == ["jembatan"]
    assert ask(client, WHO)["abstained"]
    problem(client.get("/v1/articles/jembatan"), 404)
    problem(client.delete("/v1/articles/jembatan"), 404)


def test_files_of_every_kind_are_taken(client: httpx.Client) -> None:
    line = json.dumps({"id": "baris", "text": "Pasar Senen dibuka kembali oleh Anies pada tahun 2019."})
    files = [
        ("file", ("../../etc/harga cabai.txt", b"Harga cabai di Pasar Minggu naik menjadi 90 ribu rupiah.")),
        ("file", ("kebun.html", b"<html><body><article><p>Kebun Raya Bogor didirikan oleh Reinwardt.</p></article>")),
        ("file", ("bulk.jsonl", f"{line}\nnot json\n".encode())),
        ("file", ("rusak.txt", b"\xff\xfe\x00")),
    ]
    job = done(client, client.post("/v1/articles", files=files).json())
    assert job["status"] == "done"
    assert sorted(job["added"]) == ["baris", "harga_cabai", "kebun"]
    assert len(job["skipped"]) == 2
    assert all("/" not in sentence.split(":")[0] for sentence in job["skipped"])
    assert "90 ribu" in ask(client, "Berapa harga cabai di Pasar Minggu?")["answer"]
    for id in job["added"]:
        done(client, client.delete(f"/v1/articles/{id}").json())


def test_json_lines_come_in_bulk(client: httpx.Client) -> None:
    lines = "\n".join(json.dumps({"id": f"b{n}", "text": f"Desa Sukamaju{n} punya {n + 7} sumur."}) for n in range(50))
    response = client.post("/v1/articles", content=lines, headers={"Content-Type": "application/x-ndjson"})
    assert len(done(client, response.json())["added"]) == 50
    assert "12 sumur" in ask(client, "Berapa sumur di Desa Sukamaju5?")["answer"]
    for n in range(50):
        last = client.delete(f"/v1/articles/b{n}").json()
    done(client, last)
    assert client.get("/v1/articles").json()["total"] == 5


@pytest.mark.parametrize(
    ("article", "said"),
    [
        ({"text": ""}, "text"),
        ({"text": " ... "}, "words"),
        ({"text": "a\0b"}, "NUL"),
        ({"text": "Berita.", "id": "../x"}, "id"),
        ({"text": "Berita.", "id": "a/b"}, "id"),
        ({"text": "Berita.", "published": "kemarin"}, "published"),
        ({"text": "Berita.", "tittle": "x"}, "tittle"),
        ({"id": "x"}, "text"),
    ],
)
def test_articles_that_are_none_are_refused(client: httpx.Client, article: dict[str, str], said: str) -> None:
    assert said in json.dumps(problem(client.post("/v1/articles", json=article), 422))


def test_uploads_that_are_none_are_refused(client: httpx.Client) -> None:
    problem(client.post("/v1/articles", files={"file": ("virus.exe", b"MZ")}), 415)
    problem(client.post("/v1/articles", content=b"x", headers={"Content-Type": "text/plain"}), 415)
    problem(client.post("/v1/articles", files={"other": (None, "text")}), 422)
    twice = [("file", ("a.txt", b"Satu dua tiga.")), ("file", ("x/a.txt", b"Empat lima."))]
    problem(client.post("/v1/articles", files=twice), 422)
    problem(client.post("/v1/articles", files={"file": ("long.txt", io.BytesIO(b"a " * 600_000))}), 413)
    problem(client.get("/v1/jobs/1"), 404)
    assert client.get("/v1/articles").json()["total"] == 5


def test_ids_like_paths_reach_no_file(client: httpx.Client, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("rahasia")
    for id in (
        "..%2f..%2fetc%2fpasswd",
        "%2fetc%2fpasswd",
        str(secret).replace("/", "%2F"),
        "%2e%2e%2f%2e%2e",
        "%00",
        "a" * 5_000,
    ):
        for response in (
            client.get(f"/v1/articles/{id}"),
            client.get(f"/v1/jobs/{id}"),
            client.get(f"/docs/files/{id}"),
        ):
            problem(response, 404)
    raw = httpx.Request("GET", f"{client.base_url}/docs/files/../../../../../../etc/passwd")
    assert "root:" not in client.send(raw).text


def test_what_a_dead_process_acknowledged_is_done_by_the_next(seeds_home: Path, tmp_path: Path) -> None:
    home = copy_of(seeds_home, tmp_path / "home")
    line = json.dumps({"id": "jembatan", "text": BRIDGE}).encode()
    job = Spool(home).submit([("article.jsonl", io.BytesIO(line))])
    (home / "uploads" / ".half").mkdir()
    with serving(home) as url, httpx.Client(base_url=url, timeout=60) as client:
        assert done(client, {"id": job.id})["added"] == ["jembatan"]
        assert "Farhan" in ask(client, WHO)["answer"]


def test_a_job_that_goes_meanwhile_holds_up_no_other(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    going, waiting = (spool.submit(remove=id) for id in ("satu", "dua"))
    (tmp_path / "uploads" / going.id / "job.json").unlink()
    assert [job.id for job in spool.waiting()] == [waiting.id]


def test_a_finished_job_goes_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spool = Spool(tmp_path)
    spool.submit(remove="satu")
    (job,) = spool.waiting()
    monkeypatch.setattr(shutil, "rmtree", lambda *args, **more: None)  # killed before its files were deleted
    spool.finish(job.result(status="done"))
    assert spool.waiting() == []
    assert not (tmp_path / "uploads" / job.id).exists()
    result = spool.status(job.id)
    assert result is not None
    assert result.status == "done"


def test_readers_see_the_old_article_or_the_new_one(client: httpx.Client) -> None:
    """Two versions of twenty sentences: an answer or an article with words of both would be torn."""
    texts = {
        name: " ".join(f"Waduk Jatigede bagian {n} dijaga oleh petugas {name}{n}." for n in range(20))
        for name in ("Asep", "Budi")
    }
    done(client, client.post("/v1/articles", json={"id": "waduk", "text": texts["Asep"]}).json())
    torn: list[Any] = []
    over = threading.Event()

    def read() -> None:
        with httpx.Client(base_url=client.base_url, timeout=60) as own:
            while not over.is_set():
                response = own.get("/v1/articles/waduk")
                if response.status_code != 200:
                    torn.append(response.text)
                    continue
                text = response.json()["text"]
                answer = ask(own, "Siapa yang menjaga Waduk Jatigede?")["answer"]
                if text not in texts.values() or ("Asep" in answer) == ("Budi" in answer):
                    torn.append((text, answer))

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for name in ("Budi", "Asep", "Budi"):
        done(client, client.post("/v1/articles", json={"id": "waduk", "text": texts[name]}).json())
    over.set()
    for reader in readers:
        reader.join()
    assert torn == []
    done(client, client.delete("/v1/articles/waduk").json())


def test_an_empty_home_is_served(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with serving(home) as url, httpx.Client(base_url=url, timeout=60) as client:
        assert client.get("/readyz").status_code == 200
        assert client.get("/v1/articles").json()["total"] == 5  # the bundled ones
    shutil.rmtree(home)
