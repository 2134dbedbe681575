"""Files and folders come in, articles go out, one at a time; what cannot be read comes out as a named error instead."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from rag.boilerplate import boilerplate, publisher_in
from rag.errors import ArticleError, InputError
from rag.language import sentences
from rag.types import Article, Span

SUFFIXES = (".txt", ".md", ".html", ".htm", ".jsonl")
MAX_SENTENCE = 800
"""Code points of a sentence; a longer one becomes several, cut at white space."""

_OPTIONAL = ("title", "publisher", "author", "published", "url", "language")
_AUTHOR = re.compile(r"^\ufeff?(?:Reporter|Penulis|By)\s*:?\s+([^|\n]{2,100}?)\s*(?:\||$)", re.MULTILINE)
_DATE = re.compile(r"\(\s*(\d{1,2})[/-](\d{1,2})[/-](\d{4})\s*\)")


def make_article(*, id: str, source: str, origin: str, text: str, **metadata: str | None) -> Article:
    """An article from its text; what ``metadata`` does not give is read from the text where it is there.

    Args:
        id: see `Article`, as all others.
        source: what readers are shown as origin.
        origin: what the text was read from.
        text: the decoded text, untouched.
        **metadata: title, publisher, author, published, url, language.
    """
    given = {name: metadata.get(name) for name in _OPTIONAL}
    key = json.dumps([id, text, given], sort_keys=True).encode()
    plates = boilerplate(text)
    title = _title(text, plates, given["title"])
    unquotable = sorted([*plates, title]) if title else list(plates)
    found = {
        "title": text[title.start : title.end].lstrip("# ") if title else None,
        "publisher": publisher_in(text),
        "author": match.group(1) if (match := _AUTHOR.search(text)) else None,
        "published": _published(text, plates),
    }
    values = {name: given[name] or found.get(name) for name in _OPTIONAL}
    quotable = tuple(_quotable(text, unquotable))
    return Article(
        id=id, source=source, origin=origin, text=text, sha256=sha256(key).hexdigest(), sentences=quotable, **values
    )


def _title(text: str, plates: Sequence[Span], given: str | None) -> Span | None:
    match = re.match(r"\s*\ufeff?\s*(\S[^\n]{0,200}?)[^\S\n]*(\n\s*?\n|\n|$)", text)
    if match is None or any(p.start <= match.start(1) < p.end for p in plates):
        return None
    line = match.group(1)
    blank_after = match.group(2).count("\n") > 1 and text[match.end() :].strip() != ""
    if line.startswith("# ") or line == given or (blank_after and not line.rstrip("\"'”’»)").endswith((".", ":"))):
        return Span(match.start(1), match.end(1))
    return None


def _published(text: str, plates: Sequence[Span]) -> str | None:
    for match in _DATE.finditer(text):
        if not any(p.start <= match.start() < p.end for p in plates):
            day, month, year = (int(group) for group in match.groups())
            try:
                return date(year, month, day).isoformat()
            except ValueError:
                continue
    return None


def _quotable(text: str, unquotable: Sequence[Span]) -> Iterator[Span]:
    begin = 0
    for gap in [*unquotable, Span(len(text), len(text))]:
        for sentence in sentences(text, begin, gap.start):
            if any(c.isalnum() for c in text[sentence.start : sentence.end]):
                yield from _pieces(text, sentence)
        begin = gap.end


def _pieces(text: str, sentence: Span) -> Iterator[Span]:
    start, end = sentence
    while end - start > MAX_SENTENCE:
        cut = max(text.rfind(c, start + 1, start + MAX_SENTENCE) for c in " \t\u00a0")
        cut = cut if cut > 0 else start + MAX_SENTENCE
        yield Span(start, start + len(text[start:cut].rstrip()))
        start = cut + len(text[cut:end][:MAX_SENTENCE]) - len(text[cut:end][:MAX_SENTENCE].lstrip())
    if start < end:
        yield Span(start, end)


class _Raw(NamedTuple):
    stem: str
    origin: str
    text: str
    metadata: dict[str, str | None]


def read(paths: Sequence[Path], *, taken: Mapping[str, str] | None = None) -> Iterator[Article | ArticleError]:
    """Articles of files and folders, in sorted order, one at a time.

    Args:
        paths: ``.txt``, ``.md``, ``.html`` and ``.jsonl`` files, and folders of them.
        taken: ids in use with their origins, so that a run over a grown archive keeps the ids of the run before.

    Yields:
        An article, or the error that names the file or line which is none; reading goes on after it.

    Raises:
        InputError: a path does not exist; nothing has been read yet.
    """
    for path in paths:
        if not path.exists():
            raise InputError(f"expected a file or folder, saw nothing at {str(path)!r}; check the path.")
    return _read(paths, dict(taken or {}))


def _read(paths: Sequence[Path], taken: dict[str, str]) -> Iterator[Article | ArticleError]:
    known = {origin: id for id, origin in taken.items()}
    done: set[str] = set()
    for path in paths:
        root = path.absolute().parent
        base = root.parent if path.is_file() else root
        for file in [path.absolute()] if path.is_file() else _walk(path.absolute(), set()):
            if str(file) in done:
                continue
            done.add(str(file))
            for raw in _load(file):
                if isinstance(raw, ArticleError):
                    yield raw
                    continue
                id = known.get(raw.origin) or assign_id(raw.stem, raw.origin, taken)
                taken[id] = raw.origin
                source = file.relative_to(base).as_posix()
                yield make_article(id=id, source=source, origin=raw.origin, text=raw.text, **raw.metadata)


def assign_id(stem: str, origin: str, taken: Mapping[str, str]) -> str:
    """A short id for ``origin``: its cleaned stem, with 8 hex digits of the origin when another origin has that."""
    clean = re.sub(r"[^A-Za-z0-9._-]+", "_", stem).strip("._")[:120] or "article"
    clean = re.sub(r"\.{2,}", ".", clean)
    if taken.get(clean, origin) == origin:
        return clean
    return f"{clean[:111]}-{sha256(origin.encode()).hexdigest()[:8]}"


def _walk(folder: Path, seen: set[str]) -> Iterator[Path]:
    real = os.path.realpath(folder)
    if real in seen:
        return
    seen.add(real)
    for entry in sorted(folder.iterdir()):
        if entry.name.startswith("."):
            continue
        if entry.is_dir():
            yield from _walk(entry, seen)
        elif entry.suffix.lower() in SUFFIXES:
            yield entry


def _load(file: Path) -> Iterator[_Raw | ArticleError]:
    try:
        if file.suffix.lower() == ".jsonl":
            yield from _lines(file)
        elif file.suffix.lower() in (".html", ".htm"):
            yield _html(file)
        elif file.suffix.lower() in SUFFIXES:
            yield _Raw(file.stem, str(file), _decode(file, file.read_bytes()), {})
        else:
            yield ArticleError(f"{file}: expected {', '.join(SUFFIXES)}, saw {file.suffix!r}; skipped.")
    except ArticleError as error:
        yield error
    except OSError as error:
        yield ArticleError(f"{file}: expected a readable file, saw {error.strerror}; skipped.")


def _decode(file: Path, data: bytes) -> str:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ArticleError(f"{file}: expected UTF-8 text, saw byte {error.start} that is not; convert it.") from error
    if "\0" in text or not text.strip():
        raise ArticleError(f"{file}: expected text, saw {'a NUL byte' if text.strip() else 'nothing'}; skipped.")
    return text


def _html(file: Path) -> _Raw:
    import trafilatura

    data = file.read_bytes()
    document = trafilatura.bare_extraction(data, with_metadata=True, include_comments=False)
    if document is None or not document.text:
        raise ArticleError(f"{file}: expected a page with text, saw none; skipped.")
    metadata = {"title": document.title, "author": document.author, "publisher": document.sitename}
    return _Raw(file.stem, str(file), document.text, {**metadata, "url": document.url, "language": document.language})


def _lines(file: Path) -> Iterator[_Raw | ArticleError]:
    seen: dict[str, int] = {}
    with file.open("rb") as handle:
        for number, line in enumerate(handle, 1):
            if not line.strip():
                continue
            try:
                id, text, metadata = _record(line)
                if (first := seen.setdefault(id, number)) != number:
                    raise ValueError(f"expected an id of its own, saw {id!r} again (line {first}); rename one")
                yield _Raw(id, f"{file}#{id}", text, metadata)
            except (ValueError, RecursionError) as error:
                yield ArticleError(f"{file.name}:{number}: {error}.")


def _record(line: bytes) -> tuple[str, str, dict[str, str | None]]:
    value = json.loads(line.decode("utf-8-sig"))
    if not isinstance(value, dict):
        raise ValueError(f"expected a JSON object, saw {type(value).__name__}; write one object a line")
    text = value.get("text")
    if not isinstance(text, str) or not text.strip():
        raise ValueError(f"expected a non-empty string as 'text', saw {text!r:.60}; give the article's text")
    metadata: dict[str, str | None] = {}
    for name in ("id", *_OPTIONAL):
        item = value.get(name)
        if item is not None and not isinstance(item, str):
            raise ValueError(f"expected a string as {name!r}, saw {item!r:.60}; put it in quotes")
        metadata[name] = item or None
    if metadata["published"]:
        metadata["published"] = datetime.fromisoformat(metadata["published"]).date().isoformat()
    id = metadata.pop("id") or sha256(text.encode()).hexdigest()[:16]
    return id, text, metadata
