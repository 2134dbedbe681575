"""What went wrong → a kind that the page knows and one sentence for its reader, in Indonesian or English. Pure."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from rag.errors import (
    BusyIndexError,
    DamagedIndexError,
    FingerprintError,
    InputError,
    KutipError,
    ModelError,
    NoIndexError,
    StoreError,
)  # fmt: skip
from rag.stopping import StoppedError
from rag.types import Language
from ui.api.logs import LOG
from ui.api.problems import ProblemError

_SENTENCES: dict[str, dict[Language, str]] = {
    "empty": {
        "en": "There are no words in it: write something to look for in the articles.",
        "id": "Belum ada kata di dalamnya: tulis sesuatu untuk dicari di artikel.",
    },
    "too-long": {
        "en": "It has {seen} characters, and at most {most} are taken: shorten it.",
        "id": "Panjangnya {seen} karakter, paling banyak {most}: persingkat dahulu.",
    },
    "bad-request": {
        "en": "The page sent something that cannot be used ({seen}): reload the page and try again.",
        "id": "Halaman mengirim sesuatu yang tidak dapat dipakai ({seen}): muat ulang halaman, lalu coba lagi.",
    },
    "busy": {
        "en": "The server has more to do than it can take: try again in a moment.",
        "id": "Server sedang terlalu sibuk: coba lagi sebentar lagi.",
    },
    "archive-missing": {
        "en": "There is no archive yet: the operator makes one with “kutip index PATH”.",
        "id": "Arsip belum ada: pengelola dapat membuatnya dengan “kutip index PATH”.",
    },
    "archive-damaged": {
        "en": "The archive cannot be read: the operator makes it anew with “kutip index --rebuild PATH”.",
        "id": "Arsip tidak dapat dibaca: pengelola dapat membuatnya ulang dengan “kutip index --rebuild PATH”.",
    },
    "archive-replaced": {
        "en": "The archive was made by another version or embedder: the operator runs “kutip index --rebuild PATH”.",
        "id": "Arsip dibuat oleh versi atau embedder lain: pengelola menjalankan “kutip index --rebuild PATH”.",
    },
    "archive-busy": {
        "en": "The archive is being written: try again in a moment.",
        "id": "Arsip sedang ditulis: coba lagi sebentar lagi.",
    },
    "store": {
        "en": "The archive's server does not answer: try again in a moment, or tell the operator.",
        "id": "Server arsip tidak menjawab: coba lagi sebentar lagi, atau beri tahu pengelola.",
    },
    "model-key": {
        "en": "The language model's service refuses the key: the operator sets another OPENAI_API_KEY.",
        "id": "Layanan model bahasa menolak kuncinya: pengelola perlu mengganti OPENAI_API_KEY.",
    },
    "model-unreachable": {
        "en": "The language model cannot be reached: try again in a moment.",
        "id": "Model bahasa tidak dapat dihubungi: coba lagi sebentar lagi.",
    },
    "model": {
        "en": "The language model failed: {seen}",
        "id": "Model bahasa gagal menjawab: {seen}",
    },
    "gone": {
        "en": "This article is no longer in the archive.",
        "id": "Artikel ini tidak ada lagi di arsip.",
    },
    "no-job": {
        "en": "Nothing is known of this upload: look in the list of articles.",
        "id": "Unggahan ini tidak dikenal: periksa daftar artikel.",
    },
    "read-only": {
        "en": "This archive is read-only: articles are neither added nor removed here.",
        "id": "Arsip ini hanya untuk dibaca: artikel tidak dapat ditambah atau dihapus di sini.",
    },
    "no-files": {
        "en": "No files came with it: choose at least one, and at most {most}.",
        "id": "Tidak ada berkas: pilih sedikitnya satu dan paling banyak {most}.",
    },
    "no-upload": {
        "en": "“{seen}” is not among the uploaded files any more: upload it again.",
        "id": "“{seen}” tidak lagi ada di antara berkas unggahan: unggah sekali lagi.",
    },
    "suffix": {
        "en": "“{seen}” is of another kind: {most} files are taken.",
        "id": "“{seen}” berjenis lain: yang diterima hanya berkas {most}.",
    },
    "same-name": {
        "en": "Two files are called “{seen}”: rename one of them.",
        "id": "Ada dua berkas bernama “{seen}”: ganti nama salah satunya.",
    },
    "too-large": {
        "en": "The files have more than {most} MB together: upload them in parts.",
        "id": "Ukuran seluruh berkas melebihi {most} MB: unggah sebagian demi sebagian.",
    },
    "not-stored": {
        "en": "It could not be written to the server's disk: the operator has to make room there.",
        "id": "Gagal disimpan di server: pengelola perlu menyediakan ruang di disk.",
    },
    "internal": {
        "en": "Something failed that should not: try again, and tell the operator when it happens twice.",
        "id": "Terjadi kesalahan yang tidak terduga: coba lagi, dan beri tahu pengelola bila terulang.",
    },
}  # fmt: skip
"""By kind, what the reader is told; other kinds have an English sentence of their own."""


class RefusedError(Exception):
    """Something the page asked for is not done; told by its kind."""

    def __init__(self, kind: str, **values: Any) -> None:
        super().__init__(kind)
        self.kind, self.values = kind, values


def told(error: Exception, language: Language) -> dict[str, str]:
    """The ``error`` of an answer to the page: a kind and a sentence.

    An error that nobody foresaw is logged and says nothing of its inside.
    """
    kind, values = _kind(error)
    if kind is None:
        return {"kind": "input", "message": str(error)}
    return {"kind": kind, "message": _sentence(kind, language, values)}


def _sentence(kind: str, language: Language, values: dict[str, Any]) -> str:
    return _SENTENCES[kind][language].format(**{name: _shown(value, language) for name, value in values.items()})


def _shown(value: Any, language: Language) -> str:
    """A value as the language writes it: 2,001 and 2.001."""
    if isinstance(value, int):
        return f"{value:,}" if language == "en" else f"{value:,}".replace(",", ".")
    return str(value)


def _kind(error: Exception) -> tuple[str | None, dict[str, Any]]:
    """The kind of an error and what its sentence mentions; no kind for an error with a good sentence of its own."""
    if isinstance(error, RefusedError):
        return error.kind, error.values
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        return "bad-request", {"seen": ": ".join(map(str, (*first["loc"], first["msg"])))[:160]}
    if isinstance(error, ModelError):
        return _model_kind(error), {"seen": str(error)}
    if isinstance(error, InputError):
        return None, {}
    if isinstance(error, ProblemError) and error.status < 500:
        return None, {}
    if isinstance(error, ProblemError | StoppedError):
        return "busy", {}
    for kind, type_ in _ARCHIVE.items():
        if isinstance(error, type_):
            return kind, {}
    if not isinstance(error, KutipError):
        LOG.error("the chat page met an error that should not be", exc_info=error)
    return "internal", {}


_ARCHIVE: dict[str, type[KutipError]] = {
    "archive-missing": NoIndexError,
    "archive-damaged": DamagedIndexError,
    "archive-replaced": FingerprintError,
    "archive-busy": BusyIndexError,
    "store": StoreError,
}


def _model_kind(error: ModelError) -> str:
    if error.fault == "key":
        return "model-key"
    return "model-unreachable" if error.fault in {"unreachable", "timeout", "dropped"} else "model"
