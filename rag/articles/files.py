"""Files and folders come in, articles go out, one at a time; what cannot be read comes out as a named error instead."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from rag.articles.boilerplate import boilerplate
from rag.articles.datelines import publisher_in
from rag.articles.jsonlines import METADATA, parse
from rag.articles.notices import author_in
from rag.articles.pages import page
from rag.errors import ArticleError, InputError
from rag.language.words import sentences
from rag.types import Article, Span

SUFFIXES = (".txt", ".md", ".html", ".htm", ".jsonl")
MAX_SENTENCE = 800
"""Code points of a sentence; what is longer becomes several, cut at a comma or white space where there is one."""
MAX_TITLE = 200
"""Code points of a title."""


def make_article(*, id: str, source: str, origin: str, text: str, **metadata: str | None) -> Article:
    """An article from its text; what ``metadata`` leaves out is read from the text where it is written there.

    Args:
        id: see `Article`, as for all others.
        source: what readers are shown as origin.
        origin: what the text was read from.
        text: the decoded text, untouched.
        **metadata: title, publisher, author, published, url, language; None for what is not known.
    """
    given = {name: metadata.get(name) for name in METADATA}
    plates = boilerplate(text)
    title = _title(text, plates, given["title"])
    found = {
        "title": text[title.start : title.end].lstrip("# ") if title else None,
        "publisher": publisher_in(text),
        "author": author_in(text),
        "published": _published(text, plates),
    }
    return Article(
        id=id,
        source=source,
        origin=origin,
        text=text,
        sha256=_digest(id, text, given),
        sentences=tuple(_quotable(text, sorted({*plates, *([title] if title else [])}))),
        **{name: given[name] or found.get(name) for name in METADATA},
    )


def _digest(id: str, text: str, metadata: Mapping[str, str | None]) -> str:
    return sha256(json.dumps([id, text, {name: metadata.get(name) for name in METADATA}]).encode()).hexdigest()


_FIRST_LINE = re.compile(rf"[\s\ufeff]*(?P<line>\S[^\n]{{0,{MAX_TITLE}}}?)[^\S\n]*(?:\n(?P<below>[^\n]*)|$)")
_DATE = re.compile(r"\(\s*(\d{1,2})[/-](\d{1,2})[/-](\d{4})\s*\)")


def _title(text: str, plates: Sequence[Span], given: str | None) -> Span | None:
    """The first line if it is the given title, a Markdown heading, or short, open-ended and set off by a blank line."""
    front = plates[0] if plates and text[plates[0].start : plates[0].end].startswith("---\n") else Span(0, 0)
    match = _FIRST_LINE.match(text, front.end)
    if match is None:
        return None
    line, span = match["line"], Span(*match.span("line"))
    if line == given or line.startswith("# "):
        return span
    set_off = not (match["below"] or "").strip(" \t\r=") and text[match.end() :].strip()
    open_ended = re.search(r"[^.:;,]$|\.\.\.$", line.rstrip("\"'”’»)"))
    notice = any(plate.start <= span.start < plate.end for plate in plates)
    return span if set_off and open_ended and not notice else None


def _published(text: str, plates: Sequence[Span]) -> str | None:
    """The first full date in parentheses: Indonesian outlets give the day of the report that way."""
    for match in _DATE.finditer(text):
        day, month, year = map(int, match.groups())
        if any(plate.start <= match.start() < plate.end for plate in plates):
            continue
        try:
            return date(year, month, day).isoformat()
        except ValueError:
            continue
    return None


_PIECE = re.compile(
    rf"\S.{{{MAX_SENTENCE // 2},{MAX_SENTENCE - 2}}}[,;](?=\s)"
    rf"|\S(?:.{{0,{MAX_SENTENCE - 2}}}\S)?(?=\s|$)|\S{{{MAX_SENTENCE}}}",
    re.DOTALL,
)


def _quotable(text: str, unquotable: Sequence[Span]) -> Iterator[Span]:
    begin = 0
    for gap in (*unquotable, Span(len(text), len(text))):
        for sentence in sentences(text, begin, gap.start):
            if any(c.isalpha() for c in text[sentence.start : sentence.end]):
                yield from _pieces(text, sentence)
        begin = gap.end


def _pieces(text: str, sentence: Span) -> Iterator[Span]:
    if sentence.end - sentence.start <= MAX_SENTENCE:
        yield sentence
    else:
        yield from (Span(*match.span()) for match in _PIECE.finditer(text, *sentence))


class _Raw(NamedTuple):
    """What a file or line gives, before it is an article."""

    stem: str
    origin: str
    text: str
    metadata: Mapping[str, str | None]


def read(paths: Sequence[Path], *, taken: Mapping[str, str] | None = None) -> Iterator[Article | ArticleError]:
    """Articles of files and folders, in sorted order, one at a time.

    Args:
        paths: ``.txt``, ``.md``, ``.html`` and ``.jsonl`` files, and folders of them.
        taken: ids in use with their origins, so that a run over a grown archive keeps the ids of the runs before.

    Yields:
        An article, or the error that names the file or line that is none; reading goes on after it.

    Raises:
        InputError: a path does not exist; nothing has been read yet.
    """
    items = read_changed(paths, versions={id: (origin, "") for id, origin in (taken or {}).items()})
    return (item for item in items if not isinstance(item, str))


def read_changed(
    paths: Sequence[Path], *, versions: Mapping[str, tuple[str, str]]
) -> Iterator[Article | ArticleError | str]:
    """As `read`, but of an article that is as it was only the id comes out, which is several times quicker.

    Args:
        paths: see `read`.
        versions: origin and sha256 of the articles of the runs before, by id.

    Raises:
        InputError: a path does not exist; nothing has been read yet.
    """
    for path in paths:
        if not os.path.lexists(path):
            raise InputError(f"expected a file or folder, saw nothing at {str(path)!r}; check the path.")
    return _read(paths, versions)


def _read(paths: Sequence[Path], versions: Mapping[str, tuple[str, str]]) -> Iterator[Article | ArticleError | str]:
    taken = {id: origin for id, (origin, _) in versions.items()}
    ids = {origin: id for id, origin in taken.items()}
    seen: set[str] = set()
    for file, source in _files(paths):
        if isinstance(file, ArticleError):
            yield file
            continue
        origin = _readable(os.path.normpath(file.absolute()))
        if origin in seen:
            continue
        seen.add(origin)
        for raw in _load(file, origin):
            if isinstance(raw, ArticleError):
                yield raw
                continue
            id = ids.get(raw.origin) or assign_id(raw.stem, raw.origin, taken)
            taken[id] = raw.origin
            if versions.get(id, ("", ""))[1] == _digest(id, raw.text, raw.metadata):
                yield id
            else:
                yield make_article(id=id, source=source, origin=raw.origin, text=raw.text, **raw.metadata)


def assign_id(stem: str, origin: str, taken: Mapping[str, str]) -> str:
    """A short id for ``origin``, its own among ``taken`` (ids with their origins).

    It is the stem in ``A-Za-z0-9._-``, never like a path; where another origin has that, 8 hex digits of the origin's
    hash follow (more in the freak case that these are taken too).
    """
    clean = re.sub(r"\.{2,}", ".", re.sub(r"[^A-Za-z0-9._-]+", "_", stem)).strip("._-")[:120] or "article"
    digest = sha256(origin.encode("utf-8", "surrogateescape")).hexdigest()
    tried = (clean, *(f"{clean[: 119 - digits]}-{digest[:digits]}" for digits in (8, 16, 64)))
    return next(id for id in tried if taken.get(id, origin) == origin)


def _files(paths: Sequence[Path]) -> Iterator[tuple[Path | ArticleError, str]]:
    """Every file with its source: the path from the parent of the folder that was given, or that the file is in."""
    for path in paths:
        root = Path(os.path.normpath(path.absolute()))
        if path.is_dir():
            for file in _walk(path, set()):
                within = "" if isinstance(file, ArticleError) else file.relative_to(path).as_posix()
                yield file, _readable(f"{root.name}/{within}".lstrip("/"))
        else:
            yield path, _readable(f"{root.parent.name}/{root.name}".lstrip("/"))


def _walk(folder: Path, seen: set[str]) -> Iterator[Path | ArticleError]:
    """Files with a known suffix below ``folder``; a folder that is reached twice, by a link, is walked once."""
    real = os.path.realpath(folder)
    if real in seen:
        return
    seen.add(real)
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        yield ArticleError(f"{_readable(folder)}: expected a folder that can be read, saw {error.strerror}; skipped.")
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir():
            yield from _walk(entry, seen)
        elif entry.suffix.lower() in SUFFIXES:
            yield entry


def _load(file: Path, origin: str) -> Iterator[_Raw | ArticleError]:
    suffix, name = file.suffix.lower(), _readable(file)
    try:
        if suffix not in SUFFIXES or not file.is_file():
            kinds = f"a {', '.join(SUFFIXES)} file"
            yield ArticleError(f"{name}: expected {kinds}, saw {_kind(file)}; skipped.")
        elif suffix == ".jsonl":
            yield from _lines(file, name, origin)
        else:
            data = file.read_bytes()
            text, metadata = page(data) if suffix in (".html", ".htm") else (_decode(data), {})
            yield _Raw(file.stem, origin, _checked(text), metadata)
    except OSError as error:
        yield ArticleError(f"{name}: expected a file that can be read, saw {error.strerror}; skipped.")
    except ValueError as error:
        yield ArticleError(f"{name}: {error}.")


def _readable(path: Path | str) -> str:
    """A path as text that can be stored: bytes in it that are no UTF-8 are replaced."""
    return os.fsencode(path).decode("utf-8", "replace")


def _kind(file: Path) -> str:
    if not file.exists():
        return "a link to nothing" if file.is_symlink() else "that it is gone"
    return f"the suffix {file.suffix!r}" if file.is_file() else "something that is no regular file"


def _decode(data: bytes) -> str:
    """Text of a plain file; raises ValueError with the message's tail if it is none."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        seen = f"the byte {data[error.start]:#04x} at {error.start}"
        raise ValueError(f"expected UTF-8 text, saw {seen}; save it as UTF-8, skipped") from error


def _checked(text: str) -> str:
    if "\0" in text:
        raise ValueError("expected text, saw NUL characters; skipped")
    if not any(c.isalnum() for c in text):
        raise ValueError("expected text, saw none; skipped")
    return text


def _lines(file: Path, name: str, origin: str) -> Iterator[_Raw | ArticleError]:
    """Articles of a ``.jsonl`` file; blank lines are passed over."""
    seen: dict[str, int] = {}
    with file.open("rb") as handle:
        for number, line in enumerate(handle, 1):
            content = line.removeprefix(b"\xef\xbb\xbf").strip() if number == 1 else line.strip()
            if not content:
                continue
            try:
                fields = parse(content)
                first = seen.setdefault(fields.id, number)
                if first != number:
                    raise ValueError(f"expected an id of its own, saw {fields.id!r} as on line {first}; rename it")
                yield _Raw(fields.id, f"{origin}#{fields.id}", fields.text, fields.metadata)
            except ValueError as error:
                yield ArticleError(f"{name}:{number}: {error}.")
