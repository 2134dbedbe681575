"""Browsers of the readers: each test finds them empty, though most of their pages have been used before.

To open the page in a new browser takes a second or two, as all of its scripts are read anew; in one that has been
emptied it takes a third of that. What was stored, routed or emulated in it is gone; only the cache of files is left.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
PATIENCE = 30_000
"""Milliseconds that a busy machine may take for one step; a quiet one needs a fraction of a second."""
WATCH = """
document.addEventListener('securitypolicyviolation', (event) => {
  console.error(`policy: ${event.effectiveDirective} ${event.blockedURI}`);
});
"""


@dataclass(slots=True)
class _Seat:
    """A browser with one page that tests use after each other."""

    page: Page
    options: dict[str, Any]
    is_taken: bool = True


class Visitors:
    """Opens browsers, and watches that none of them asks for anything elsewhere or fails in a script."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._contexts: list[BrowserContext] = []
        self._seats: list[_Seat] = []
        self._origins: set[str] = set()
        self.strays: list[str] = []
        self.faults: list[str] = []

    def context(self, **options: Any) -> BrowserContext:
        """A browser of the test's own; see `page` for the options."""
        made = self._made(options)
        self._contexts.append(made)
        return made

    def page(self, url: str, **options: Any) -> Page:
        """A page at ``url``, once it is drawn, in a browser that holds nothing.

        Args:
            url: where.
            options: of Playwright's ``new_context``; English and `WIDE` when not given.
        """
        seat = next((seat for seat in self._seats if not seat.is_taken and seat.options == options), None)
        if seat is None:
            seat = _Seat(self._watched(self._made(options)), options)
            self._seats.append(seat)
        seat.is_taken = True
        return self._opened(seat.page, url)

    def tab(self, context: BrowserContext, url: str) -> Page:
        """A further page of the same browser."""
        return self._opened(self._watched(context), url)

    def leave(self) -> None:
        """Close the browsers that were a test's own, and empty the others."""
        for context in self._contexts:
            context.close()
        self._contexts.clear()
        for seat in self._seats:
            if seat.is_taken:
                self._empty(seat)
        self._seats = [seat for seat in self._seats if not seat.page.is_closed()]
        self._origins.clear()

    def _made(self, options: dict[str, Any]) -> BrowserContext:
        made = self._browser.new_context(**{"locale": "en-GB", "viewport": WIDE, **options})
        made.set_default_timeout(PATIENCE)
        made.on("request", lambda request: self._seen(request.url))
        made.add_init_script(WATCH)
        return made

    def _watched(self, context: BrowserContext) -> Page:
        page = context.new_page()
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", self._heard)
        page.on("websocket", lambda socket: self._seen(socket.url))
        return page

    def _opened(self, page: Page, url: str) -> Page:
        parts = urlsplit(url)
        self._origins.add(f"{parts.scheme}://{parts.netloc}")
        page.goto(url)
        page.get_by_role("banner").or_(page.locator(".k-header")).first.wait_for()
        return page

    def _empty(self, seat: _Seat) -> None:
        page, context = seat.page, seat.page.context
        for other in context.pages:
            if other is not page:
                other.close()
        page.unroute_all(behavior="ignoreErrors")
        page.goto("about:blank")
        context.clear_cookies()
        storage = context.new_cdp_session(page)
        for origin in self._origins:
            storage.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "local_storage,indexeddb"})
        storage.detach()
        page.set_viewport_size(seat.options.get("viewport", WIDE))
        page.emulate_media(
            color_scheme=seat.options.get("color_scheme", "light"),
            reduced_motion=seat.options.get("reduced_motion", "no-preference"),
        )
        seat.is_taken = False

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error" and message.text.startswith("policy: "):
            self.strays.append(message.text)

    def _seen(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.hostname != "127.0.0.1":
            self.strays.append(url)
