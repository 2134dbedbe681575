"""Files on their way into the archive: how far they are, and why some are no articles."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.api_server import copy_of, serving
from tests.browser.visitors import Visitors

SEEN = """() => {
  window.seen = [];
  const look = () => {
    const row = document.querySelector('.upload');
    const bar = row?.querySelector('progress');
    const told = row?.querySelector('.k-status').innerText;
    if (row?.dataset.state === 'sending' && bar) window.seen.push([bar.value, told]);
  };
  new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true });
}"""
WORDS = json.dumps("Jembatan itu panjang.")
LINES = [
    '{"id": "satu", "text": "Jembatan Kaligarang diresmikan."}',
    '{"id": "satu", "text": "Jembatan lain belum dibuka."}',
    '{"text": 7}',
    '{"text": "Satu", broken}',
    "7",
    f'{{"text": {WORDS}, "title": 7}}',
    f'{{"text": {WORDS}, "author": "\\u0000"}}',
    f'{{"text": {WORDS}, "published": "kemarin"}}',
    "[" * 100_000,
]
FILES = {
    "jalur.jsonl": "\n".join(LINES).encode() + b"\n\xff",
    "latin.txt": "Café".encode("latin-1"),
    "biner.txt": b"Satu\0dua",
    "titik.txt": b"... !!!",
    "kosong.html": b" ",
}
REASONS = {
    "jalur.jsonl": (
        "Baris 2: id 'satu' sudah dipakai di baris 1.", "Baris 3: “text” harus berisi", "Baris 4: JSON-nya salah pada",
        "Baris 5: harus berupa objek JSON, tetapi isinya 7.", "Baris 6: “title” harus berupa string",
        "Baris 7: “author” berisi karakter", "Baris 8: “published” harus berupa tanggal", "Baris 9: ",
        "Baris 10: bukan UTF-8 (byte 0xff).",
    ),
    "latin.txt": ("latin.txt: bukan UTF-8 (byte 0xe9). Simpan berkas",),
    "biner.txt": ("biner.txt: berisi karakter NUL",),
    "titik.txt": ("titik.txt: tidak ada kata",),
    "kosong.html": ("kosong.html: tidak ada halaman HTML",),
}  # fmt: skip


@pytest.fixture(scope="module")
def own(seeds_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server to whose archive each test adds files of other names."""
    with serving(copy_of(seeds_home, tmp_path_factory.mktemp("uploads") / "home"), KUTIP_RATE="0") as url:
        yield url


def _choose(page: Page, files: dict[str, bytes]) -> None:
    chosen: list[FilePayload] = [
        {"name": name, "mimeType": "application/octet-stream", "buffer": content} for name, content in files.items()
    ]
    page.locator(".dropzone-input").set_input_files(chosen)


def test_an_upload_shows_how_much_of_it_has_gone(visitors: Visitors, own: str) -> None:
    page = visitors.page(f"{own}/#/articles")
    page.evaluate(SEEN)
    slow = page.context.new_cdp_session(page)
    slow.send("Network.enable")
    slow.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 1_000_000},
    )
    _choose(page, {"panjang.txt": ("Jembatan Kaligarang diresmikan.\n" + " " * 600_000).encode()})
    row = page.locator(".upload")
    expect(row).to_have_attribute("data-state", "done")
    expect(row).to_contain_text("1 article added")
    expect(row.locator("progress")).to_have_count(0)
    seen = page.evaluate("() => window.seen")
    shares = [share for share, _ in seen]
    assert shares == sorted(shares)
    assert any(0.1 < share < 0.9 for share in shares)
    assert all(told == f"Uploading… {int(100 * share + 1e-9)}%" for share, told in seen)


def test_an_upload_that_breaks_off_is_sent_again(visitors: Visitors, own: str) -> None:
    page = visitors.page(f"{own}/#/articles")
    page.route("**/gradio_api/upload", lambda route: route.abort(), times=1)
    _choose(page, {"jembatan.txt": b"Jembatan Kaligarang diresmikan."})
    row = page.locator(".upload")
    expect(row).to_contain_text("The connection was lost")
    row.get_by_role("button", name="Try again").click()
    expect(row).to_contain_text("1 article added")


def test_what_is_no_article_is_told_in_the_language_of_the_page(visitors: Visitors, own: str) -> None:
    page = visitors.page(f"{own}/#/articles", locale="id-ID")
    _choose(page, FILES)
    for name, reasons in REASONS.items():
        row = page.locator(f".upload[data-file='{name}']")
        expect(row).to_have_attribute("data-state", re.compile("done|failed"))
        told = row.locator(".upload-skipped li").all_inner_texts()
        assert len(told) == len(reasons)
        for line, reason in zip(told, reasons, strict=True):
            assert line.startswith(reason)
            assert not re.search("expected|saw|skipped", line), "nothing in English"
