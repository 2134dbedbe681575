"""``/login`` and ``/logout``: a page without scripts of Gradio's, a form, a cookie.

Our own page, as Gradio's has no form that a browser could remember a password for, no word on too many attempts, and
a cookie that other sites' requests carry.
"""

from __future__ import annotations

from html import escape
from math import ceil

from fastapi import APIRouter, Request
from starlette.datastructures import UploadFile
from starlette.responses import HTMLResponse, RedirectResponse, Response

from rag.types import Language
from ui.api.admission import USER
from ui.chat.addresses import HOME, LOGIN, LOGOUT
from ui.chat.calls import language_of
from ui.chat.door import Door, NotLetInError
from ui.chat.users import LASTING

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
    "img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",  # without any, the browser would not say whose form it sends
}
_WORDS: dict[Language, dict[str, str]] = {
    "id": {
        "title": "Masuk", "name": "Nama pengguna", "password": "Kata sandi", "button": "Masuk",
        "lead": "Arsip ini hanya untuk pengguna terdaftar.",
        "wrong": "Nama pengguna atau kata sandi salah. Coba lagi.",
        "wait": "Terlalu banyak percobaan yang salah. Coba lagi dalam {minutes} menit.",
    },
    "en": {
        "title": "Log in", "name": "User name", "password": "Password", "button": "Log in",
        "lead": "This archive is for its users only.",
        "wrong": "The user name or the password is wrong. Try again.",
        "wait": "There were too many wrong attempts. Try again in {minutes} min.",
    },
}  # fmt: skip
_PAGE = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} · Kutip</title>
<link rel="icon" href="page/static/favicon.svg">
<link rel="stylesheet" href="page/static/css/tokens.css"><link rel="stylesheet" href="page/static/login.css">
<script src="page/static/login.js"></script>
</head>
<body>
<main>
<p class="wordmark"><img src="page/static/favicon.svg" alt="" width="32" height="32">Kutip</p>
<h1>{title}</h1>
<p>{lead}</p>
{problem}
<form method="post" action="login">
<label for="name">{name}</label>
<input id="name" name="username" value="{given}" autocomplete="username" autocapitalize="none" spellcheck="false"
 maxlength="64" required{first}>
<label for="password">{password}</label>
<input id="password" name="password" type="password" autocomplete="current-password" maxlength="1000" required{second}>
<button type="submit">{button}</button>
</form>
</main>
</body>
</html>
"""


def routes(door: Door) -> APIRouter:
    """The routes."""
    router = APIRouter(include_in_schema=False)
    named = door.sessions.cookie

    @router.api_route(LOGIN, methods=["GET", "HEAD"])
    async def form(http: Request) -> Response:
        return _home() if http.scope.get(USER) else _page(http)

    @router.post(LOGIN)
    async def log_in(http: Request) -> Response:
        sent = await http.form(max_files=0, max_fields=4)
        name, password = (_text(sent.get(field)) for field in ("username", "password"))
        address = http.client.host if http.client else ""
        try:
            cookie = await door.enter(name.strip(), password, address)
        except NotLetInError as refused:
            return _page(http, name=name.strip()[:64], refused=refused)
        response = _home()
        response.set_cookie(
            named, cookie, max_age=LASTING, path="/", httponly=True, samesite="lax", secure=_is_secure(http)
        )
        return response

    @router.api_route(LOGOUT, methods=["GET", "HEAD", "POST"])
    async def log_out(http: Request) -> Response:
        response = RedirectResponse(LOGIN[1:], 303)
        response.delete_cookie(named, path="/", httponly=True, samesite="lax", secure=_is_secure(http))
        return response

    return router


def _home() -> RedirectResponse:
    return RedirectResponse(f".{HOME}", 303)


def _text(value: str | UploadFile | None) -> str:
    return value if isinstance(value, str) else ""


def _is_secure(http: Request) -> bool:
    """Whether the browser speaks https, maybe to a proxy before this server: then the cookie is for https only."""
    return http.url.scheme == "https" or http.headers.get("origin", "").startswith("https://")


def _page(http: Request, *, name: str = "", refused: NotLetInError | None = None) -> Response:
    language = language_of(None, http.headers.get("accept-language", ""))
    words = _WORDS[language]
    told, status, headers = "", 200, dict(_HEADERS)
    if refused is not None:
        minutes = ceil(refused.wait / 60)
        told = words["wait"].format(minutes=minutes) if refused.wait else words["wrong"]
        status = 429 if refused.wait else 403
        if refused.wait:
            headers["Retry-After"] = str(ceil(refused.wait))
    page = _PAGE.format(
        **words | {"language": language},
        problem=f'<p class="problem" role="alert">{escape(told)}</p>' if told else "", given=escape(name),
        first="" if name else " autofocus", second=" autofocus" if name else "",
    )  # fmt: skip
    return HTMLResponse(page, status, headers)
