"""Seeded news articles that look Indonesian and mean nothing: for speed measurements and for tests of long runs."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

_SYLLABLES = (
    "ba be bi bu ca da di du ga gi ha ja ka ke ki ku la le li lu ma me mi mu na ni nu pa pe pi ra ri ru sa se si su "
    "ta te ti tu wa ya"
)
_PREFIXES = ("", "", "", "me", "ber", "di", "pe", "ter")
_SUFFIXES = ("", "", "", "", "an", "kan", "i", "nya")
_COMMON = (
    "yang dan di dari untuk dengan pada ini itu dalam akan telah oleh tidak juga ke para sebuah mereka tersebut "
    "presiden menteri pemerintah warga polisi kota negara tahun hari kata pihak kerja sama gempa banjir harga pasar "
    "rupiah sekolah rumah sakit jalan kereta pesawat pelabuhan pertandingan pemain gubernur partai pemilu anggaran"
)
_PLACES = "JAKARTA SURABAYA BANDUNG MEDAN MAKASSAR DENPASAR PALEMBANG MANADO"


class Corpus:
    """Articles by number; the same seed and number always give the same article."""

    def __init__(self, seed: int = 1, *, vocabulary: int = 20_000) -> None:
        """Draw the words.

        Args:
            seed: of everything.
            vocabulary: how many words, > 0; their frequencies fall off as 1 / rank, as in real text.
        """
        chance = random.Random(seed)
        self._seed = seed
        self._words = _COMMON.split() + [_word(chance) for _ in range(vocabulary)]
        self._weights = list(accumulate(1 / rank for rank in range(1, len(self._words) + 1)))

    def article(self, number: int, *, paragraphs: int = 8, version: int = 0) -> str:
        """The text of an article: a title, a dateline and ``paragraphs`` of three to five sentences.

        Args:
            number: which article.
            paragraphs: > 0; eight make three or four chunks.
            version: another version has another last paragraph.
        """
        chance = random.Random(f"{self._seed}/{number}")
        title = self._sentence(chance, 7).rstrip(".").title()
        body = [self._paragraph(chance) for _ in range(paragraphs)]
        if version:
            body[-1] = self._paragraph(random.Random(f"{self._seed}/{number}/{version}"))
        body[0] = f"{chance.choice(_PLACES.split())} - {body[0]}"
        return f"{title}\n\n" + "\n".join(body) + "\n"

    def questions(self, count: int) -> list[str]:
        """Seeded questions of a few words each."""
        chance = random.Random(f"{self._seed}/questions")
        return [" ".join(self._draw(chance, 6)) for _ in range(count)]

    def lines(self, count: int, *, paragraphs: int = 8) -> Iterator[str]:
        """The first ``count`` articles as lines of a ``.jsonl`` file."""
        for number in range(count):
            yield json.dumps({"id": f"berita-{number:07d}", "text": self.article(number, paragraphs=paragraphs)}) + "\n"

    def write(self, folder: Path, numbers: range, *, paragraphs: int = 8, version: int = 0) -> None:
        """Write articles as text files into ``folder``, a hundred in each of its subfolders."""
        for number in numbers:
            file = folder / f"{number // 100:03d}" / f"berita-{number:06d}.txt"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(self.article(number, paragraphs=paragraphs, version=version), "utf-8")

    def _paragraph(self, chance: random.Random) -> str:
        return " ".join(self._sentence(chance, chance.randint(9, 19)) for _ in range(chance.randint(3, 5)))

    def _sentence(self, chance: random.Random, length: int) -> str:
        words = self._draw(chance, length)
        if chance.random() < 0.3:
            words[chance.randrange(length)] = str(chance.randint(2, 5_000))
        return " ".join(words).capitalize() + "."

    def _draw(self, chance: random.Random, count: int) -> list[str]:
        return chance.choices(self._words, cum_weights=self._weights, k=count)


def _word(chance: random.Random) -> str:
    syllables = _SYLLABLES.split()
    root = "".join(chance.choice(syllables) for _ in range(chance.randint(2, 4)))
    return chance.choice(_PREFIXES) + root + chance.choice(_SUFFIXES)
