from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.articles.boilerplate import boilerplate
from rag.articles.files import MAX_SENTENCE, assign_id, make_article, read
from rag.errors import ArticleError, InputError
from rag.types import Article


def _article(text: str, **metadata: str | None) -> Article:
    return make_article(id="a", source="s/a.txt", origin="/s/a.txt", text=text, **metadata)


def _quotable(article: Article) -> list[str]:
    return [article.text[s.start : s.end] for s in article.sentences]


# --- what a text tells about itself ---


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Judul Berita\n\nKim tiba.", "Judul Berita"), ("\ufeffJudul Berita\r\n\r\nKim tiba.", "Judul Berita"),
        ("# Judul Berita\nKim tiba.", "Judul Berita"), ("Judul Berita\n====\nKim tiba.", "Judul Berita"),
        ("---\ntags: satu\n---\n# Judul\n\nKim tiba.", "Judul"), ("Siapa Kim?\n\nKim tiba.", "Siapa Kim?"),
        ("Putin: “Kami Siap”\n\nKim tiba.", "Putin: “Kami Siap”"), ("Lalu...\n\nKim tiba.", "Lalu..."),
        ("Judul Berita\nKim tiba.", None), ("Kim tiba.\n\nPutin pulang.", None), ("Judul Berita\n\n", None),
        ("Judul Berita", None), ("Reporter: Ani\n\nKim tiba.", None), ("x" * 300 + "\n\nKim tiba.", None), ("", None),
    ],
)  # fmt: skip
def test_title(text: str, title: str | None) -> None:
    article = _article(text)
    assert article.title == title
    assert title is None or title not in _quotable(article)


def test_a_given_title_at_the_head_is_no_sentence() -> None:
    article = _article("Kim Tiba\nKim tiba di Moskow.", title="Kim Tiba")
    assert (article.title, _quotable(article)) == ("Kim Tiba", ["Kim tiba di Moskow."])


@pytest.mark.parametrize(
    ("text", "published"),
    [
        ("Kim tiba, Jumat (15/9/2023).", "2023-09-15"), ("Rabu (13/9), Jumat ( 15-9-2023 ).", "2023-09-15"),
        ("(31/2/2023) lalu (1/3/2023)", "2023-03-01"), ("Kim tiba pada 15/9/2023.", None), ("Rabu (13/9).", None),
        ("Baca Juga: Kim (1/1/2020)\nJumat (15/9/2023).", "2023-09-15"), ("(17/9/2023) dan (14/9/2023)",
        "2023-09-17"),
    ],
)  # fmt: skip
def test_published(text: str, published: str | None) -> None:
    assert _article(text).published == published


def test_given_metadata_go_before_those_found() -> None:
    text = "Judul\n\nPenulis: Ani\nKOMPAS.com - Kim tiba, Jumat (15/9/2023)."
    found = _article(text)
    assert (found.title, found.publisher, found.author, found.published) == ("Judul", "KOMPAS.com", "Ani", "2023-09-15")
    given_ = _article(text, title="T", publisher="P", author="A", published="2020-01-01", url="U", language="id")
    assert (given_.title, given_.publisher, given_.author, given_.published) == ("T", "P", "A", "2020-01-01")
    assert (given_.url, given_.language) == ("U", "id")


def test_the_hash_covers_text_and_metadata_but_not_the_place() -> None:
    one = _article("Kim tiba.")
    assert one.sha256 == make_article(id="a", source="t", origin="/t", text="Kim tiba.").sha256
    assert len({one.sha256, _article("Kim tiba!").sha256, _article("Kim tiba.", title="T").sha256}) == 3


def test_nothing_without_a_letter_is_quotable() -> None:
    assert _quotable(_article("Kim tiba.\n—\n• •\n[12]\n40 orang.\n")) == ["Kim tiba.", "40 orang."]


@pytest.mark.parametrize("filler", ["kata ", "kata, ", "x", "katakata" * 30 + " ", "中"])
def test_enormous_sentences_become_several(filler: str) -> None:
    text = "Awal " + filler * (20_000 // len(filler)) + "akhir."
    article = _article(text)
    pieces = _quotable(article)
    assert all(0 < len(p) <= MAX_SENTENCE and p == p.strip() for p in pieces)
    assert "".join("".join(p.split()) for p in pieces) == "".join(text.split())
    if filler == "kata ":
        assert all(p.split() == [w for w in p.split() if w in ("Awal", "kata", "akhir.")] for p in pieces)
    if filler == "kata, ":
        assert all(p.endswith(("kata,", ".")) for p in pieces)


TEXTS = st.lists(
    st.sampled_from(
        ["Kim tiba di Moskow. ", "Putin pulang", ". ", "\n", "\n\n", "\r\n", "Baca Juga: ", "BACA JUGA: Kim",
        "Jakarta - ",
         "KOMPAS.com - ", "(dam)", "Foto: AP", "Penulis: Ani", "# ", "\ufeff", "“", "” kata dia.", "(15/9/2023)",
         "😀", "---\n"]
    ),
    max_size=25,
).map("".join)  # fmt: skip


@given(TEXTS | st.text(max_size=60), st.none() | st.just("Putin pulang"))
def test_sentences_are_ordered_and_never_touch_boilerplate(text: str, title: str | None) -> None:
    article = _article(text, title=title)
    end = 0
    for span in article.sentences:
        assert end <= span.start < span.end <= len(text)
        assert text[span.start : span.end] == text[span.start : span.end].strip()
        assert not any(span.start < plate.end and plate.start < span.end for plate in boilerplate(text))
        end = span.end


# --- reading ---


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """A folder with every kind of file."""
    root = tmp_path / "arsip"
    (root / "b" / "c").mkdir(parents=True)
    (root / ".git").mkdir()
    for name in ("z.txt", "a.md", "b/a.txt", "b/c/x.txt", ".git/h.txt", ".hidden.txt", "b/notes.doc"):
        (root / name).write_text(f"Isi {name}.")
    (root / "b" / "page.HTML").write_text("<html><title>Judul</title><body><p>Isi halaman itu.</p></body></html>")
    (root / "news.jsonl").write_text('\ufeff{"id": "satu", "text": "Kim tiba."}\n\n{"text": "Putin pulang."}\r\n')
    return root


def _read(*paths: Path) -> tuple[list[Article], list[str]]:
    found = list(read(paths))
    return [a for a in found if isinstance(a, Article)], [str(e) for e in found if isinstance(e, ArticleError)]


def test_folders_are_walked_in_order(archive: Path) -> None:
    articles, errors = _read(archive)
    assert errors == []
    assert [a.source for a in articles] == [
        "arsip/a.md", "arsip/b/a.txt", "arsip/b/c/x.txt", "arsip/b/page.HTML", "arsip/news.jsonl", "arsip/news.jsonl",
        "arsip/z.txt",
    ]  # fmt: skip
    assert articles[0].id == "a"
    assert articles[1].id.startswith("a-")
    assert articles[4].id == "satu"
    assert articles[4].origin == f"{archive}/news.jsonl#satu"
    assert articles[3].title == "Judul"
    assert len({a.id for a in articles}) == len(articles)


def test_sources_do_not_depend_on_how_the_folder_was_given(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = [(a.id, a.source, a.origin, a.sha256) for a in _read(archive)[0]]
    monkeypatch.chdir(archive)
    for given_ in (Path(), Path("../arsip"), Path("b/..")):
        assert [(a.id, a.source, a.origin, a.sha256) for a in _read(given_)[0]] == expected
    (single,) = _read(Path("b/a.txt"))[0]
    assert (single.source, single.origin) == ("b/a.txt", str(archive / "b" / "a.txt"))
    assert _read(Path("z.txt"))[0][0].source == "arsip/z.txt"


def test_a_file_named_twice_is_read_once(archive: Path) -> None:
    assert len(_read(archive, archive / "z.txt", archive)[0]) == 7


def test_text_is_not_touched(tmp_path: Path) -> None:
    data = "\ufeffJudul\r\n\r\nKim\ttiba.\r\n\u0085 é e\u0301 😀\n".encode()
    (tmp_path / "a.txt").write_bytes(data)
    assert _read(tmp_path / "a.txt")[0][0].text == data.decode()


def test_what_is_no_article_is_named_and_reading_goes_on(archive: Path) -> None:
    (archive / "a_bytes.txt").write_bytes(b"Kim \xff tiba")
    (archive / "a_empty.txt").write_bytes(b" \n")
    (archive / "a_nul.md").write_bytes(b"Kim\0tiba")
    (archive / "a_page.html").write_bytes(b"")
    (archive / "a_gone.txt").symlink_to(archive / "nowhere")
    (archive / "news.jsonl").write_text('{"text": 5}\n{"id": "a", "text": "b"}\n{"id": "a", "text": "c"}\nx\n')
    articles, errors = _read(archive, archive / "b" / "notes.doc")
    assert [e.removeprefix(f"{archive}/") for e in errors] == [
        "a_bytes.txt: expected UTF-8 text, saw the byte 0xff at 4; save it as UTF-8, skipped.",
        "a_empty.txt: expected text, saw none; skipped.",
        "a_gone.txt: expected a .txt, .md, .html, .htm, .jsonl file, saw a link to nothing; skipped.",
        "a_nul.md: expected text, saw NUL characters; skipped.",
        "a_page.html: expected an HTML page, saw none; skipped.",
        "news.jsonl:1: expected the article's words under 'text', saw 5; give them as a string.",
        "news.jsonl:3: expected an id of its own, saw 'a' as on line 2; rename it.",
        "news.jsonl:4: expected a JSON object on one line, saw a fault (expecting value at column 1); mend or "
        "remove it.",
        "b/notes.doc: expected a .txt, .md, .html, .htm, .jsonl file, saw the suffix '.doc'; skipped.",
    ]
    assert [a.source for a in articles][-1] == "arsip/z.txt"


def test_a_missing_path_stops_before_anything_is_read(archive: Path) -> None:
    with pytest.raises(InputError, match=r"saw nothing at .*nirgendwo"):
        read([archive, archive / "nirgendwo"])


def test_links_that_lead_back_do_not_hang(archive: Path) -> None:
    (archive / "b" / "up").symlink_to(archive)
    (archive / "b" / "self").symlink_to(archive / "b" / "self")
    assert len(_read(archive)[0]) == 7


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    assert _read(tmp_path)[1] == _read(tmp_path / "pipe.txt")[1] != []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_named(archive: Path) -> None:
    (archive / "z.txt").chmod(0)
    (archive / "b").chmod(0)
    errors = _read(archive)[1]
    (archive / "b").chmod(0o755)
    assert len(errors) == 2


def test_reading_is_lazy(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(
        "".join(json.dumps({"id": str(n), "text": "Kim."}) + "\n" for n in range(3)) + "x"
    )
    stream = read([tmp_path])
    assert isinstance(next(stream), Article)
    (tmp_path / "b.txt").write_text("Baru.")
    assert len(list(stream)) == 3, "the folder was listed before, its bad line comes last"


def test_files_that_vanish_or_fail_are_named(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("Kim tiba.")
    (tmp_path / "c.txt").symlink_to("/proc/self/mem")  # a regular file that cannot be read from its start
    stream = read([tmp_path])
    next(stream)
    (tmp_path / "b.txt").unlink()
    gone, *failed = map(str, stream)
    assert "b.txt: expected" in gone
    assert "saw that it is gone" in gone
    if Path("/proc/self/mem").exists():
        assert "expected a file that can be read, saw" in failed[0]


# --- ids ---


def test_ids_stay_when_an_archive_grows(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "x.txt").write_text("Satu.")
    (first,) = _read(tmp_path)[0]
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x.txt").write_text("Dua.")
    again = [a for a in read([tmp_path], taken={first.id: first.origin}) if isinstance(a, Article)]
    assert {a.origin: a.id for a in again}[first.origin] == first.id == "x"
    other = next(a for a in again if a.origin != first.origin)
    assert other.id.startswith("x-")
    (tmp_path / "b" / "x.txt").unlink()
    (kept,) = read([tmp_path], taken={other.id: other.origin})
    assert isinstance(kept, Article)
    assert kept.id == other.id


@pytest.mark.parametrize(
    ("stem", "id"),
    [
        ("001_10afbb6f50542c20", "001_10afbb6f50542c20"), ("Judul Berita (1)", "Judul_Berita_1"), ("../../etc",
        "etc"),
        ("a..b", "a.b"), ("...", "article"), ("berita é/😀", "berita"), ("x" * 300, "x" * 120), ("-rf", "rf"),
    ],
)  # fmt: skip
def test_ids_are_clean(stem: str, id: str) -> None:
    assert assign_id(stem, "/o", {}) == id


@given(st.lists(st.tuples(st.text(max_size=130), st.text(max_size=5)), max_size=20))
def test_ids_are_unique_and_short(named: list[tuple[str, str]]) -> None:
    taken: dict[str, str] = {}
    for stem, origin in named:
        id = assign_id(stem, origin, taken)
        assert taken.setdefault(id, origin) == origin
        assert 0 < len(id) <= 120
        assert set(id) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-")
        assert ".." not in id


def test_file_names_that_are_no_text_are_read(tmp_path: Path) -> None:
    name = os.fsencode(tmp_path) + b"/b\xff.txt"
    try:
        Path(os.fsdecode(name)).write_text("Kim tiba.")
    except OSError:
        pytest.skip("this file system wants UTF-8 names")
    (article,) = _read(tmp_path)[0]
    article.source.encode()
    article.origin.encode()
