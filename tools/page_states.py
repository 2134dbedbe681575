"""The states of the chat page that are pictured: what each is called, and how a reader gets there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from tests.wire_server import Reply, WireServer, answering

MODEL = WireServer()
"""The language model of the site ``model``."""
GIFTS = "What gifts were exchanged?"
HADIAH = "Apa hadiah Putin untuk Kim?"
ABSENT = "Who won the 2022 World Cup?"
RIFLE = "Putin memberi Kim senapan berkualitas tinggi buatan Rusia"
RETURN = "Kim memberi Putin senjata buatan Korea Utara"
GIFT = ("Putin gave Kim a high-quality Russian-made rifle.", [RIFLE])
IN_RETURN = ("Kim gave Putin a weapon made in North Korea.", [RETURN])
HORSE = ("Putin gave Kim a high-quality Russian-made rifle and a horse.", [RIFLE])
FIVE = ("Putin gave Kim five rifles.", [RIFLE])
DRAFT = (
    "Vladimir Putin menghadiahkan sarung tangan kosmonot dan senapan kepada Kim Jong-un. "
    "Seorang gubernur regional Rusia menghadiahkannya sembilan drone kamikaze.\n\n"
    "Harga cabai di Malang naik dua kali lipat bulan lalu. Benarkah begitu?"
)


@dataclass(frozen=True)
class Shot:
    """One picture; ``-phone``, ``-dark`` and ``-id`` in its name tell how it is taken."""

    name: str
    says: str
    """What it shows, for the list of pictures."""
    take: Callable[[Page], None]
    """Brings the page into the state."""
    path: str = "/"
    site: str = "plain"

    @property
    def phone(self) -> bool:
        """Whether it is a phone's window."""
        return "-phone" in self.name


def _ask(page: Page, question: str = GIFTS) -> Locator:
    before = page.locator("article.turn").count()
    page.locator("#kutip-question").fill(question)
    page.keyboard.press("Enter")
    turn = page.locator("article.turn").nth(before)
    expect(turn).not_to_have_attribute("data-state", "working")
    return turn


def _first(page: Page) -> None:
    page.locator(".suggestion").first.wait_for()


def _answer(page: Page) -> None:
    _ask(page).locator(".checked").wait_for()


def _jawaban(page: Page) -> None:
    _ask(page, HADIAH)


def _tooltip(page: Page) -> None:
    _ask(page).locator(".chip").nth(1).hover()
    page.get_by_role("tooltip").wait_for()


def _panel(page: Page) -> None:
    _ask(page).locator(".chip").nth(1).click()
    page.locator("mark.current").first.wait_for()
    page.locator(".others:not([hidden])").wait_for()


def _follow_up(page: Page) -> None:
    _ask(page, "What did Putin give Kim?")
    _ask(page, "and what did he get in return?")


def _absent(page: Page) -> None:
    _ask(page, ABSENT)


def _working(page: Page) -> None:
    MODEL.say(answering(GIFT, IN_RETURN, HORSE, pieces=40, hold_after=20))
    page.locator("#kutip-question").fill(GIFTS)
    page.keyboard.press("Enter")
    page.locator(".claim").first.wait_for()


def _partly(page: Page) -> None:
    MODEL.say(answering(GIFT, IN_RETURN, HORSE, FIVE))
    _ask(page).locator("summary").first.click()


def _failed(page: Page) -> None:
    MODEL.say(Reply(status=401))
    _ask(page)


def _degraded(page: Page) -> None:
    MODEL.say(Reply(status=500))
    _ask(page)


def _stopped(page: Page) -> None:
    _working(page)
    page.locator(".composer-stop").click()
    page.locator(".stopped").wait_for()


def _feedback(page: Page) -> None:
    _ask(page).locator("[data-thumbs=down]").click()


def _conversations(page: Page) -> None:
    _ask(page)
    page.locator(".side-toggle").click()
    page.locator(".conversations-new").click()
    _ask(page, ABSENT)
    page.locator(".side-toggle").click()
    page.locator(".conversation-open").first.wait_for()


def _check(page: Page) -> None:
    page.locator("#check-draft").fill(DRAFT)
    page.keyboard.press("Control+Enter")
    page.locator(".check[data-phase=done]").wait_for()


def _empty_check(page: Page) -> None:
    page.locator("#check-draft").wait_for()


def _articles(page: Page) -> None:
    page.locator(".article").first.wait_for()


def _upload(page: Page) -> None:
    _articles(page)
    files = [
        ("laporan.txt", b"Wali Kota Semarang meresmikan jembatan Kaligarang pada 3 Maret 2024."),
        ("foto.png", b"x"),
    ]
    page.locator(".dropzone-input").set_input_files(
        [{"name": name, "mimeType": "text/plain", "buffer": content} for name, content in files]
    )
    page.locator(".upload[data-state=done]").wait_for()
    expect(page.locator(".article")).to_have_count(6)


def _search(page: Page) -> None:
    _articles(page)
    page.get_by_role("searchbox").fill("sarung tangan")
    page.keyboard.press("Enter")
    page.locator(".article-excerpt").first.wait_for()


def _removal(page: Page) -> None:
    _articles(page)
    page.locator(".article-remove").first.click()


def _read(page: Page) -> None:
    _articles(page)
    page.locator(".article-title").first.click()
    page.locator(".article-text").wait_for()


def _quality(page: Page) -> None:
    page.locator(".quality-figure, .quality-empty, .quality-frame").first.wait_for()


def _welcome(page: Page) -> None:
    expect(page.locator(".welcome")).to_have_attribute("data-state", "empty")


def _problem(page: Page) -> None:
    expect(page.locator(".welcome")).to_have_attribute("data-state", "problem")


def _login(page: Page) -> None:
    page.locator("#name").fill("siti")


SHOTS = (
    Shot("first-visit", "First visit, with questions to begin with", _first),
    Shot("first-visit-dark-id", "The same in Indonesian, dark", _first),
    Shot("first-visit-phone", "The same on a phone", _first),
    Shot("answer", "An answer without a language model: sentences, quoted", _answer),
    Shot("answer-tooltip", "A citation under the pointer", _tooltip),
    Shot("answer-phone-dark-id", "An answer on a phone, dark, in Indonesian", _jawaban),
    Shot("source", "The source panel at the quoted passage", _panel),
    Shot("source-dark", "The same, dark", _panel),
    Shot("source-phone", "The same on a phone: over the page", _panel),
    Shot("follow-up-dark", "A follow-up and how it was understood", _follow_up),
    Shot("not-in-archive", "Nothing in the archive: the nearest passages", _absent),
    Shot("not-in-archive-phone-dark", "The same on a phone, dark", _absent),
    Shot("working", "A model writes: the first statement is there, checked", _working, site="model"),
    Shot("partly-withheld", "A statement in doubt, and one withheld", _partly, site="model"),
    Shot("partly-withheld-phone-dark", "The same on a phone, dark", _partly, site="model"),
    Shot("stopped", "Stopped in the middle", _stopped, site="model"),
    Shot("failed-dark", "The model's service refuses the key", _failed, site="model"),
    Shot("degraded", "The model failed, sentences stand in", _degraded, site="model"),
    Shot("feedback", "What was wrong with an answer", _feedback),
    Shot("conversations-phone", "Conversations on a phone", _conversations),
    Shot("check-empty", "Checking a text: what the signs mean", _empty_check, path="/#/check"),
    Shot("check", "Each sentence with its verdict and evidence", _check, path="/#/check"),
    Shot("check-phone-dark", "The same on a phone, dark", _check, path="/#/check"),
    Shot("articles", "What the archive holds", _articles, path="/#/articles"),
    Shot("articles-upload-dark", "Files that were added, and one that was not", _upload, "/#/articles", "own"),
    Shot("articles-search-phone", "A search on a phone", _search, path="/#/articles"),
    Shot("article-read", "Reading an article", _read, path="/#/articles"),
    Shot("article-remove", "Removing asks first", _removal, path="/#/articles"),
    Shot("read-only", "A server that is read-only", _articles, path="/#/articles", site="read-only"),
    Shot("quality", "The latest evaluation", _quality, path="/#/quality"),
    Shot("quality-phone-dark", "The same on a phone, dark", _quality, path="/#/quality"),
    Shot("empty", "An empty archive", _welcome, site="empty"),
    Shot("problem-phone", "An archive that cannot be opened", _problem, site="damaged"),
    Shot("login", "Where users log in", _login, site="login"),
    Shot("login-phone-dark", "The same on a phone, dark", _login, site="login"),
)  # fmt: skip
