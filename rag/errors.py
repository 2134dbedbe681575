"""Every error that Kutip raises on purpose.

::

    KutipError
    ├── InputError            exit 2, HTTP 4xx: the caller can mend it
    │   ├── QuestionError     empty or too long
    │   ├── ArticleError      a file or line that cannot be read as an article
    │   └── SettingsError     a KUTIP_* variable or an option with a bad value
    ├── ArchiveError           exit 2: the index in KUTIP_HOME cannot be used as it is
    │   ├── NoIndexError      there is none yet
    │   ├── FingerprintError  made by another engine: says what to run
    │   ├── DamagedIndexError cannot be opened: says how to rebuild it
    │   └── BusyIndexError    another process is writing
    └── ServiceError          exit 3, HTTP 5xx: something outside failed
        ├── ModelError        the chat or embedding service (``retryable`` tells whether trying again may help)
        └── StoreError        the Chroma server

A message is one sentence: what was expected, what was seen, what to do.
"""

from __future__ import annotations

from typing import Literal

Fault = Literal[
    "key", "model", "request",  # the caller must mend these
    "rate", "quota", "server", "unreachable", "timeout", "dropped", "overflow", "filter", "empty", "huge", "malformed",
]  # fmt: skip
"""What can go wrong with a hosted model."""


class KutipError(Exception):
    """Base of all errors with a message meant for the user."""

    exit_code = 2


class InputError(KutipError):
    """The caller gave something that cannot be used."""


class QuestionError(InputError):
    """The question is empty or too long."""


class ArticleError(InputError):
    """A file, or a line of one, cannot be read as an article."""


class SettingsError(InputError):
    """A setting has a value that cannot be used."""


class ArchiveError(KutipError):
    """The index cannot be used as it is."""


class NoIndexError(ArchiveError):
    """There is no index in the home folder yet."""


class FingerprintError(ArchiveError):
    """The index was made by another embedder, chunker or set of language rules."""


class DamagedIndexError(ArchiveError):
    """The index on disk cannot be opened."""


class BusyIndexError(ArchiveError):
    """Another process is writing to the index."""


class ServiceError(KutipError):
    """A service that Kutip depends on failed."""

    exit_code = 3


class ModelError(ServiceError):
    """The chat or embedding service failed."""

    def __init__(self, message: str, *, fault: Fault = "server") -> None:
        super().__init__(message)
        self.fault = fault
        """What went wrong, as far as callers act on it."""

    @property
    def retryable(self) -> bool:
        """True for passing faults, where a lesser answerer may step in; False when the caller must mend something."""
        return self.fault not in {"key", "model", "request"}


class StoreError(ServiceError):
    """The Chroma server failed."""
