"""Strings that would do something on a page that takes text for markup, and an article made of them."""

from __future__ import annotations

import json
from pathlib import Path

from playwright.sync_api import Page

from rag.archive.access import index_paths
from rag.settings import Settings

IMAGE = "<img src=x onerror=\"window.pwned='image'\">"
SCRIPT = "<script>window.pwned='script'</script>"
CLOSING = "</textarea></title></style>\"'><svg onload=window.pwned='svg'>"
LINK = "[click](javascript:window.pwned='link')"
MARKDOWN = "**bold** `code` ![x](https://example.com/x.png) # head"
TEMPLATE = "{{ constructor.constructor('window.pwned=1')() }} ${window.pwned='template'}"
ALL = (IMAGE, SCRIPT, CLOSING, LINK, MARKDOWN, TEMPLATE)

QUESTION = "Siapa yang menemukan harta karun Zamrud di Tasikmalaya?"
SENTENCE = f"Bupati Tasikmalaya menemukan harta karun Zamrud {IMAGE} {SCRIPT} di Tasikmalaya."
FIELDS = {
    "id": f"evil{IMAGE}",
    "title": f"Judul {SCRIPT}{IMAGE}",
    "publisher": f"Media {IMAGE}{LINK}",
    "author": f"Penulis {CLOSING}",
    "url": "javascript:window.pwned='url'",
    "published": "2023-09-15",
    "language": "id",
    "text": f"{SENTENCE}\n\nHarta itu {TEMPLATE} dan {MARKDOWN}.\n\n{CLOSING} Kata bupati {LINK} itu berharga.",
}


def hostile_archive(home: Path) -> Path:
    """The archive with the article added."""
    file = home.parent / "hostile.jsonl"
    file.write_text(json.dumps(FIELDS) + "\n", "utf-8")
    index_paths(Settings.from_env({"KUTIP_HOME": str(home)}), [file])
    return home


def harmless(page: Page) -> None:
    """Nothing of it has become part of the page."""
    made = page.evaluate("""() => ({
      ran: window.pwned ?? null,
      parts: [...document.querySelectorAll('.kutip-view, .kutip, dialog')].flatMap((part) =>
        [...part.querySelectorAll('img, script, style, svg[onload], object, embed, [onerror], [onload]')]
          .filter((node) => !node.closest('svg.icon')).map((node) => node.outerHTML.slice(0, 200))),
      links: [...document.querySelectorAll('a[href]')].map((link) => link.getAttribute('href'))
        .filter((href) => !/^(https?:|#|\\/|\\.)/.test(href) && href !== 'logout'),
    })""")
    assert made == {"ran": None, "parts": [], "links": []}
