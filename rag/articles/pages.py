"""An HTML page comes in, its main text and the metadata that it gives about itself go out. Nothing is downloaded."""

from __future__ import annotations

import re
from datetime import date
from typing import Any


def page(data: bytes) -> tuple[str, dict[str, str | None]]:
    """Main text and metadata of a page; all its text where no main part is found.

    Returns:
        The text, and title, author, publisher, url, language and published (``YYYY-MM-DD``), None where not given.

    Raises:
        ValueError: the bytes are no page.
    """
    import trafilatura  # a second of imports that most archives, which hold text, never need

    tree = trafilatura.load_html(data) if data.strip() else None
    if tree is None:
        raise ValueError("expected an HTML page, saw none; skipped")
    document = trafilatura.bare_extraction(
        data, with_metadata=True, include_comments=False, date_extraction_params={"extensive_search": False}
    )
    text = getattr(document, "text", None) or trafilatura.html2txt(data)
    names = {"title": "title", "author": "author", "publisher": "sitename", "url": "url"}
    return text, {
        **{name: getattr(document, theirs, None) or None for name, theirs in names.items()},
        "published": _published(tree),
        "language": (tree.get("lang") or "")[:2].lower() or None,
    }


_DATES = (
    "//meta[@property='article:published_time' or @name='article:published_time' or @itemprop='datePublished'"
    " or @name='pubdate' or @name='publishdate' or @name='publish-date' or @name='date' or @name='dc.date'"
    " or @name='DC.date.issued']/@content | //*[@itemprop='datePublished']/@datetime"
)


def _published(tree: Any) -> str | None:
    """The day of publication as the page's metadata give it; other dates on the page prove nothing."""
    linked = " ".join(tree.xpath("//script[@type='application/ld+json']/text()"))
    for value in (*tree.xpath(_DATES), *re.findall(r'"datePublished"\s*:\s*"([^"]+)"', linked)):
        if match := re.match(r"\s*(\d{4})[-/](\d{2})[-/](\d{2})", value):
            try:
                return date(*map(int, match.groups())).isoformat()
            except ValueError:
                continue
    return None
