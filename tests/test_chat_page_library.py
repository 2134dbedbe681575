"""The archive's upkeep on the chat page: lists, search, files from the browser, removals, and what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.api_server import copy_of, serving, until
from tests.chat_page import Page

RICE = "Harga beras di Pasar Cipinang naik menjadi Rp15.000 per kilogram pada Senin (2/10/2023)."


@pytest.fixture
def page(api: str) -> Iterator[Page]:
    page = Page(api)
    yield page
    page.close()


@pytest.fixture
def own(seeds_home: Path, tmp_path: Path) -> Iterator[Page]:
    """A page over an archive that may be changed."""
    with serving(copy_of(seeds_home, tmp_path / "home"), KUTIP_UPLOAD="1") as url:
        page = Page(url)
        yield page
        page.close()


def finished(page: Page, begun: Any) -> dict[str, Any]:
    def status() -> dict[str, Any] | None:
        found: dict[str, Any] = page.call("articles", "job", begun["job"])
        return found if found["status"] != "queued" else None

    return until(status, "the job")  # type: ignore[no-any-return]


def test_the_list_has_every_article(page: Page) -> None:
    listed = page.call("articles", "articles", {})
    assert listed["total"] == len(listed["articles"]) == 5
    assert [a["excerpt"] for a in listed["articles"]] == [None] * 5
    part = page.call("articles", "articles", {"limit": 2, "offset": 3})
    assert part["articles"] == listed["articles"][3:5]
    assert listed["generation"] == part["generation"]
    untitled = [a for a in listed["articles"] if a["title"] is None]
    assert untitled
    assert all(a["opening"] for a in untitled)
    assert page.call("ask", "article", untitled[0]["id"])["opening"] == untitled[0]["opening"]  # one rule for both


@pytest.mark.parametrize(
    ("query", "best", "words"),
    [
        ("drone kamikaze", "002_19006d3bcdfae894", "drone"),
        ("ballistic missiles", "004_27c3f9d153454739", "rudal balistik"),
        ("Guterres", "003_f435064e29848ece", "Guterres"),
    ],
)
def test_a_search_finds_the_sentence(page: Page, query: str, best: str, words: str) -> None:
    found = page.call("articles", "articles", {"query": query})["articles"]
    assert found[0]["id"] == best
    excerpt = found[0]["excerpt"]
    assert words in excerpt["text"]
    text = page.call("ask", "article", best)["text"]
    assert text[excerpt["start"] : excerpt["end"]] == excerpt["text"]
    assert len({a["id"] for a in found}) == len(found)


def test_a_search_for_what_is_not_there(page: Page) -> None:
    assert page.call("articles", "articles", {"query": "xyzzy"})["articles"] == []
    assert len(page.call("articles", "articles", {"query": " ?! "})["articles"]) == 5


def test_a_file_is_added_asked_about_and_removed(own: Page) -> None:
    path = own.upload("beras naik.txt", RICE.encode())
    done = finished(own, own.call("articles", "add", {"paths": [{"path": path, "name": "beras naik.txt"}]}))
    assert done["status"] == "done"
    assert done["added"] == ["beras_naik"]
    assert not Path(path).exists()
    question = {"turn": "t", "question": "Berapa harga beras?", "history": [], "language": "id"}
    answer = own.trigger("ask", "ask", question)[-1]["answer"]
    assert answer["citations"][0]["quote"] == RICE
    assert finished(own, own.call("articles", "remove", "beras_naik"))["removed"] == ["beras_naik"]
    assert own.call("ask", "article", "beras_naik")["error"]["kind"] == "gone"
    assert own.call("articles", "remove", "beras_naik")["error"]["kind"] == "gone"


def test_several_files_and_one_that_is_no_article(own: Page) -> None:
    files = {"a.txt": RICE.encode(), "b.md": b"# Judul\n\nKim tiba di Rusia.", "c.txt": b"\xff\xfe\x00"}
    paths = [{"path": own.upload(name, content), "name": name} for name, content in files.items()]
    done = finished(own, own.call("articles", "add", {"paths": paths}))
    assert sorted(done["added"]) == ["a", "b"]
    assert len(done["skipped"]) == 1
    assert done["skipped"][0].startswith("c.txt:")
    assert "/" not in done["skipped"][0].split(":")[0]


def test_only_uploaded_files_are_taken(own: Page, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("Rahasia yang tidak boleh dibaca.")
    real = Path(own.upload("a.txt", RICE.encode()))
    beside = real.parent / "b.txt"
    beside.write_text("Not uploaded.")
    (real.parent / "link.txt").symlink_to(secret)
    wrong = [
        secret, "/etc/passwd", "../../etc/passwd", f"{real.parent}/../{real.parent.name}/a.txt", beside,
        real.parent / "link.txt", real.parent, "", "a.txt", f"{real}\0", "/dev/zero",
    ]  # fmt: skip
    for path in wrong:
        refused = own.call("articles", "add", {"paths": [{"path": str(path), "name": "a.txt"}]})
        assert refused["error"]["kind"] in {"no-upload", "bad-request"}, path
        assert str(tmp_path) not in refused["error"]["message"]
    assert secret.exists()
    assert beside.exists()
    assert real.exists()
    beside.unlink()
    (real.parent / "link.txt").unlink()


def test_a_taken_file_that_was_made_a_link_is_not_followed(own: Page, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("Rahasia yang tidak boleh dibaca.")
    real = Path(own.upload("a.txt", RICE.encode()))
    real.unlink()
    real.symlink_to(secret)
    refused = own.call("articles", "add", {"paths": [{"path": str(real), "name": "a.txt"}]})
    assert refused["error"]["kind"] == "no-upload"
    assert secret.exists()
    real.unlink()


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        ([], "no-files"), (["a.exe"], "suffix"), (["a"], "suffix"), (["a.txt", "a.txt"], "same-name"),
        (["a.txt", "x/a.txt"], "same-name"), (["a.txt"] * 101, "no-files"),
    ],
)  # fmt: skip
def test_uploads_that_are_refused(own: Page, names: list[str], kind: str) -> None:
    paths = [own.upload(f"f{n}.txt", f"Kim {n} tiba.".encode()) for n in range(min(len(names), 2))]
    sent = [{"path": paths[n % len(paths)], "name": name} for n, name in enumerate(names)]
    for language, word in (("id", "berkas"), ("en", "file")):
        refused = own.call("articles", "add", {"paths": sent, "language": language})
        assert refused["error"]["kind"] in {kind, "no-upload"}
        assert word in refused["error"]["message"]


def test_too_much_at_once(own: Page) -> None:
    paths = [own.upload(f"{n}.txt", f"{n} kata ".encode() * 60_000) for n in range(3)]
    refused = own.call("articles", "add", {"paths": [{"path": p, "name": Path(p).name} for p in paths]})
    assert refused["error"]["kind"] == "too-large"
    assert not any(Path(path).exists() for path in paths)


@pytest.mark.parametrize("function", ["articles", "add", "remove", "job"])
@pytest.mark.parametrize("sent", [3, "x", [1], {"paths": 3, "query": 3}, {"paths": [{}], "limit": 0}])
def test_nonsense_is_told(page: Page, function: str, sent: Any) -> None:
    error = page.call("articles", function, sent)["error"]
    assert set(error) == {"kind", "message"}
    assert error["kind"] in {"bad-request", "gone", "no-job"}


def test_a_read_only_archive_is_left_alone(seeds_home: Path) -> None:
    with serving(seeds_home, KUTIP_READ_ONLY="yes") as url:
        page = Page(url)
        assert page.call("header", "about", "id")["read_only"]
        for function, sent in (("add", {"paths": [], "language": "id"}), ("remove", "001_10afbb6f50542c20")):
            assert page.call("articles", function, sent)["error"]["kind"] == "read-only"
        assert len(page.call("articles", "articles", {})["articles"]) == 5
        page.close()
