"""Who is let in: a request's head comes in, a name for the log goes out, or the problem that it is answered with.

The table in docs/api.md says which addresses take what; the tests go through it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.types import Scope

from ui.api.keys import Keys
from ui.api.limits import Rate
from ui.api.problems import ProblemError
from ui.chat.addresses import HOME, LOGIN, UPLOAD, Address
from ui.chat.users import Sessions

OPEN = ("/healthz", "/readyz", "/docs", "/openapi.json")
"""Addresses that need neither key nor log-in: they tell nothing of the archive."""
COUNTED = ("/v1/", "/mcp")
"""Addresses whose requests count against a key's rate."""
LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "[::1]", "::1"})
NOBODY = "-"
USER = "kutip.user"
"""Key of a request's scope: who has logged in; None for nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Who may do what."""

    keys: Keys
    rate: Rate
    sessions: Sessions | None = None
    """Who has logged in to the page; None when nobody has to."""
    origins: frozenset[str] = field(default_factory=frozenset)
    """Origins whose web pages may use the API; ``*`` for all."""
    any_host: bool = False
    """Whether requests by any host name are taken when there are neither keys nor users (``--insecure``)."""
    read_only: bool = False
    """Whether uploads are refused."""
    body: int = 1_000_000
    """Bytes of a body, at most."""
    upload: int = 32_000_000
    """Bytes of an upload, at most."""

    def longest(self, path: str, page: Address | None) -> int:
        """Bytes that a body sent to ``path`` may have."""
        if path in {"/v1/articles", UPLOAD}:
            return self.upload
        return page.longest if page else self.body


def admit(rules: Rules, scope: Scope, headers: Headers, page: Address | None) -> str:
    """Let a request in.

    Args:
        rules: who may do what.
        scope: the request; gets `USER`.
        headers: its headers.
        page: what is known of its address when it is one of the page.

    Returns:
        The name of the key or user, `NOBODY` for neither.

    Raises:
        ProblemError: 401, 403 or 429; 303 leads a browser to the log-in.
    """
    if page is not None:
        return _page(rules, scope, headers, page)
    return _api(rules, scope, headers)


def _api(rules: Rules, scope: Scope, headers: Headers) -> str:
    path = scope["path"]
    is_open = path in OPEN or path.startswith("/docs/")
    preflight = scope["method"] == "OPTIONS" and "access-control-request-method" in headers and bool(rules.origins)
    if preflight or (is_open and scope["method"] in {"GET", "HEAD"}):
        return NOBODY
    name = NOBODY
    if rules.keys:
        name = _key(rules, headers)
    elif rules.sessions is not None:
        raise ProblemError(
            403, "This server has a page with a log-in and no API: the operator opens the API by setting "
            "KUTIP_API_KEYS.", kind="closed",
        )  # fmt: skip
    else:
        _local(rules, headers)
        _of_allowed_origin(rules, headers)
    if path.startswith(COUNTED) and (seconds := rules.rate.take(name)) > 0:
        raise ProblemError(
            429, f"This key has made its requests for now: try again in {seconds:.0f} s.", kind="rate",
            headers={"Retry-After": str(int(seconds) + 1)},
        )  # fmt: skip
    return name


def _page(rules: Rules, scope: Scope, headers: Headers, page: Address) -> str:
    _of_the_page(scope, headers, page)
    name = NOBODY
    if rules.sessions is not None:
        name = _user(rules.sessions, scope, page)
    elif rules.keys:
        name = _key(rules, headers)
    else:
        _local(rules, headers)
    if rules.read_only and page.label == UPLOAD:
        raise read_only()
    return name


def read_only() -> ProblemError:
    """The problem of those who would change an archive that is only read."""
    return ProblemError(
        403, "Articles are neither added nor removed here: this server is read-only (KUTIP_READ_ONLY).",
        kind="read-only",
    )  # fmt: skip


def _key(rules: Rules, headers: Headers) -> str:
    """The name of the request's key; browsers are offered a box for it, as a password, programs are not."""
    name = rules.keys.name_of(headers.get("authorization"))
    if name is None:
        scheme = "Basic" if "text/html" in headers.get("accept", "") else "Bearer"
        raise ProblemError(
            401, "Expected a key that is taken here: send Authorization: Bearer KEY.",
            headers={"WWW-Authenticate": f'{scheme} realm="Kutip"'},
        )  # fmt: skip
    return name


def _user(sessions: Sessions, scope: Scope, page: Address) -> str:
    """Who has logged in."""
    name = scope[USER] = sessions.name_of(HTTPConnection(scope).cookies.get(sessions.cookie))
    if name is not None or page.is_open:
        return name or NOBODY
    if page.label == HOME:
        raise ProblemError(303, "Log in first.", kind="login", headers={"Location": LOGIN[1:]})
    raise ProblemError(
        401, "Expected somebody who has logged in: open the page and log in.", kind="login",
        headers={"WWW-Authenticate": 'Cookie realm="Kutip"'},
    )  # fmt: skip


def _local(rules: Rules, headers: Headers) -> None:
    """With neither keys nor users, keep out pages whose host name was made to resolve to this machine.

    Raises:
        ProblemError: 403.
    """
    if not rules.any_host and _parts(f"//{headers.get('host', '')}")[0] not in LOCAL_HOSTS:
        raise ProblemError(
            403, "Without keys or users, this server is for its own machine: use http://127.0.0.1, or set some."
        )


def _of_allowed_origin(rules: Rules, headers: Headers) -> None:
    """Keep web pages of elsewhere from using the API of a user of this machine.

    Raises:
        ProblemError: 403.
    """
    origin = headers.get("origin")
    if origin is None or "*" in rules.origins or origin in rules.origins:
        return
    if _parts(origin)[1] != headers.get("host", ""):
        raise ProblemError(403, "This web page's origin may not use the API: allow it in KUTIP_CORS.", kind="origin")


def _of_the_page(scope: Scope, headers: Headers, page: Address) -> None:
    """Let only the page itself use its addresses, whoever is logged in; others may have a link to it.

    Raises:
        ProblemError: 403.
    """
    origin, site = headers.get("origin"), headers.get("sec-fetch-site", "none")
    linked = page.is_linked and scope["method"] != "POST" and headers.get("sec-fetch-mode") == "navigate"
    of_elsewhere = origin is not None and _parts(origin)[1] != headers.get("host", "")
    if of_elsewhere or (site not in {"same-origin", "none"} and not linked):
        raise ProblemError(
            403, "Expected a request of Kutip's own page, saw one of another; a proxy before it has to pass the Host "
            "header on.", kind="origin",
        )  # fmt: skip


def _parts(address: str) -> tuple[str | None, str]:
    """Host, and host with port, of an address; nothing of one that is none."""
    try:
        found = urlsplit(address)
        return found.hostname, found.netloc
    except ValueError:
        return None, ""
