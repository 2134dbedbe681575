"""A chunk's words, looked at once and kept: stems and the classes of words that kinds of answers are made of."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from rag.language import fold, stem, stop_words, tokens
from rag.types import Chunk

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_CALENDAR = frozenset(
    "januari februari maret april mei juni juli agustus september oktober november desember january february march may "
    "june july august october december senin selasa rabu kamis jumat sabtu minggu abad tahun tanggal dekade".split()
)
_NUMERALS = frozenset(
    "satu dua tiga empat lima enam tujuh delapan sembilan sepuluh sebelas belas puluh puluhan ratus ratusan ribu ribuan "
    "juta miliar triliun seratus seribu sejuta sebuah seorang pertama kedua ketiga".split()
)
_UNITS = frozenset(
    "km km2 km² m cm mm kg gram ton meter kilometer hektar hektare ha persen jiwa orang buah tahun bulan hari jam menit "
    "detik derajat celsius rupiah dolar dollar kali unit ekor desa kecamatan kelurahan kabupaten provinsi".split()
)
_PLACE = frozenset("di ke dari kota kabupaten provinsi pulau desa kecamatan negara wilayah benua distrik".split())
_CAUSE = frozenset("karena sebab akibat disebabkan menyebabkan agar supaya untuk sehingga berkat lantaran alasan dampak".split())
_DEFINING = frozenset(
    "adalah ialah merupakan yaitu yakni berarti artinya disebut dikenal bermakna singkatan didefinisikan".split()
)
_MANNER = frozenset("dengan cara melalui secara menggunakan berupa berbentuk melibatkan proses".split())


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class View:
    """The words of a chunk, sentence after sentence."""

    words: tuple[str, ...]
    """Folded, function words included."""
    stems: tuple[str, ...]
    places: dict[str, list[int]]
    """Where each stem stands."""
    starts: Ints
    """(n_sentences,) index of each sentence's first word."""
    sentence: Ints
    """(n_words,) sentence of each word."""
    classes: Bools
    """(n_words, n_classes) columns as in ``CLASSES``."""
    title: tuple[str, ...]
    """Stems of the article's title; empty when it has none."""


CLASSES = ("capital", "number", "year", "calendar", "unit", "after_place", "cause", "defining", "manner", "stop")


def view(chunk: Chunk) -> View:
    """The words of a chunk, cached by text, boundaries and title."""
    spans = tuple((s.start - chunk.start, s.end - chunk.start) for s in chunk.sentences)
    return _view(chunk.text, spans, chunk.title or "")


@lru_cache(maxsize=8_192)
def _view(text: str, spans: tuple[tuple[int, int], ...], title: str) -> View:
    words: list[str] = []
    sentence: list[int] = []
    starts: list[int] = []
    for number, (start, end) in enumerate(spans):
        starts.append(len(words))
        found = [token.text for token in tokens(text[start:end])] or [""]
        words += found
        sentence += [number] * len(found)
    folded = tuple([fold(word) for word in words])
    stems = tuple([stem(word) for word in words])
    return View(
        words=folded,
        stems=stems,
        places=places(stems),
        starts=np.array(starts, dtype=np.int64),
        sentence=np.array(sentence, dtype=np.int64),
        classes=_classes(words, folded, set(starts)),
        title=tuple(stem(token.text) for token in tokens(title)),
    )


def places(stems: tuple[str, ...]) -> dict[str, list[int]]:
    """Positions of each stem, in order."""
    found: dict[str, list[int]] = {}
    for position, word in enumerate(stems):
        found.setdefault(word, []).append(position)
    return found


def _classes(words: list[str], folded: tuple[str, ...], first: set[int]) -> Bools:
    """A capital opens a sentence anyway: its first word counts as one only when the next word has one too."""
    stops = stop_words("id")
    upper = [word[:1].isupper() for word in words] + [False]
    rows = []
    before = ""
    for i, (word, low) in enumerate(zip(words, folded, strict=True)):
        digit = word[:1].isdigit()
        stop = low in stops
        capital = upper[i] and not stop and (i not in first or upper[i + 1])
        rows.append(
            (capital, digit or low in _NUMERALS, digit and len(word) == 4 and "1000" <= word <= "2100", low in _CALENDAR,
             low in _UNITS, capital and before in _PLACE, low in _CAUSE, low in _DEFINING, low in _MANNER, stop)
        )  # fmt: skip
        before = low
    return np.array(rows, dtype=bool)
