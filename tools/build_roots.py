"""Writes ``rag/data/roots.txt``: the Indonesian roots that ``rag.language.stemming`` knows.

``python tools/build_roots.py --data DIR``. Roots are the headwords of the glossary and the frequent words of the train
splits under which no other of them lies; then, for what is left, letters that at least three differently affixed words
have in common (``luncur`` of ``meluncurkan``, ``diluncurkan``, ``peluncuran``). ``tools/roots_by_hand.txt`` corrects.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from pathlib import Path

from training_data import background_texts

from rag.language.glossary import parse
from rag.language.stemming import readings
from rag.language.words import fold, tokens

ROOT = Path(__file__).parent.parent
OUT = ROOT / "rag/data/roots.txt"
FREQUENT = 40
"""Lower-case occurrences that make a word a possible root."""
FAMILY = 3
"""Affixed words that a root nobody uses alone must be under."""
_AFFIXED = re.compile(r"me[nmlrwy]|di|pe\w+an$|ke\w+an$|ber|ter|pem|pen|per|se\w+an$")
_LEARNED = ("logi", "nomi", "sofi", "grafi", "isi", "asi", "nsi", "ksi", "psi", "tri")
"""Endings of loan words whose ``i`` is no suffix."""


def main() -> None:
    """Count, choose, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    counts = Counter(
        fold(token.text)
        for text in background_texts(parser.parse_args().data)
        for token in tokens(text)
        if token.text.islower() and token.text.isalpha()
    )
    by_hand = (ROOT / "tools/roots_by_hand.txt").read_text("utf-8").split("# words that are no roots")
    kept = {word for word in by_hand[0].split("affix seems to be on them")[1].split()}
    dropped = set(by_hand[1].split())
    heads = _headwords() | kept
    possible = {word for word in heads if len(word) > 2}
    possible |= {word for word, count in counts.items() if count >= FREQUENT and len(word) > 3}
    kept |= {word for word in possible if word.endswith(_LEARNED) and not word.startswith(("meng", "di", "ber"))}
    lexicon = (possible | kept) - dropped
    alone = {word for word in lexicon if word in kept or not _under(word, lexicon, heads, counts)}
    alone = {word for word in alone if word in kept or not _looks_affixed(word)}
    bound = _families(counts, alone, kept) - dropped
    OUT.write_text("\n".join(sorted(alone | bound | kept)) + "\n", "utf-8")


def _headwords() -> set[str]:
    entries = parse((ROOT / "rag/data/glossary.tsv").read_text("utf-8"), "glossary.tsv")
    words = (tuple(fold(token.text) for token in tokens(head)) for head, _ in entries)
    return {word[0] for word in words if len(word) == 1 and word[0].isalpha()}


def _under(word: str, lexicon: set[str], heads: set[str], counts: Counter[str]) -> list[str]:
    """Other words of the lexicon that lie under ``word``."""
    short_fits = word[:2] not in {"ke", "se", "pe", "te", "be"}
    found = [r for r in readings(word) if r in lexicon and r != word and (len(r) > 3 or (r in heads and short_fits))]
    if word.startswith("se") and word[2:] in found and counts[word] > counts[word[2:]]:
        found.remove(word[2:])
    return found


def _looks_affixed(word: str) -> bool:
    return len(word) > 6 and _AFFIXED.match(word) is not None


def _families(counts: Counter[str], alone: set[str], kept: set[str]) -> set[str]:
    """Roots that are never used alone, the largest family first; a word belongs to one family."""
    families: dict[str, set[str]] = {}
    for word in counts:
        if len(word) < 6 or word in kept or word in alone or any(r in alone for r in readings(word)):
            continue
        for reading in set(readings(word)):
            if len(reading) > 3 and not _looks_affixed(reading):
                families.setdefault(reading, set()).add(word)
    found: set[str] = set()
    taken: set[str] = set()
    while families:
        best = max(sorted(families), key=lambda r: (len(families[r] - taken), -len(r)))
        if len(families[best] - taken) < FAMILY:
            break
        found.add(best)
        taken |= families.pop(best)
    return found


if __name__ == "__main__":
    main()
