"""Verbs of the news in both languages, for making questions: a word of an article in, its forms in a question out."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from rag.language.words import fold
from rag.types import Language


class Verb(NamedTuple):
    """An event in both languages."""

    active: str
    """Indonesian, as in ``mengunjungi``."""
    passive: str
    """Indonesian, as in ``dikunjungi``; empty where there is none."""
    to: str
    """Indonesian preposition before its object; empty for none."""
    base: str
    """English, as in ``visit``; a participle where ``aux`` is ``was``."""
    past: str
    """English, as in ``visited``."""
    en_to: str
    """English preposition before its object; empty for none."""
    aux: str
    """``did`` or ``was``."""
    thing: bool
    """Its object may be asked for: what was promised."""


# active, passive, preposition | base, past, preposition; a star where one may ask what
_ROWS = """
bertemu - dengan | meet met -
mengunjungi dikunjungi - | visit visited -
berkunjung - ke | visit visited -
tiba - di | arrive arrived in
datang - ke | come came to
pergi - ke | go went to
terbang - ke | fly flew to
kembali - ke | return returned to
berangkat - ke | leave left for
meninggalkan - - | leave left -
pindah - ke | move moved to
menerima diterima - | receive received - *
mengundang diundang - | invite invited -
menjanjikan dijanjikan - | promise promised - *
menawarkan ditawarkan - | offer offered - *
membahas dibahas - | discuss discussed - *
mendiskusikan didiskusikan - | discuss discussed - *
mengumumkan diumumkan - | announce announced - *
menandatangani ditandatangani - | sign signed - *
meluncurkan diluncurkan - | launch launched - *
menembakkan ditembakkan - | fire fired - *
menembak ditembak - | shoot shot -
meresmikan diresmikan - | inaugurate inaugurated - *
membangun dibangun - | build built - *
membeli dibeli - | buy bought - *
menjual dijual - | sell sold - *
memproduksi diproduksi - | produce produced - *
menemukan ditemukan - | find found - *
menyita disita - | seize seized - *
menangkap ditangkap - | arrest arrested -
menahan ditahan - | detain detained -
melantik dilantik - | appoint appointed -
menunjuk ditunjuk - | appoint appointed -
memecat dipecat - | dismiss dismissed -
mengalahkan dikalahkan - | beat beat -
memenangkan dimenangkan - | win won - *
memenangi dimenangi - | win won - *
meraih diraih - | win won - *
mencetak dicetak - | score scored - *
menolak ditolak - | reject rejected - *
menyetujui disetujui - | approve approved - *
mendukung didukung - | support supported -
mengkritik dikritik - | criticise criticised -
mengecam dikecam - | condemn condemned -
memuji dipuji - | praise praised -
menuduh dituduh - | accuse accused -
melarang dilarang - | ban banned - *
menaikkan dinaikkan - | raise raised - *
menurunkan diturunkan - | lower lowered - *
memangkas dipangkas - | cut cut - *
mengirim dikirim - | send sent - *
mengirimkan dikirimkan - | send sent - *
menyerang diserang - | attack attacked -
menerbitkan diterbitkan - | publish published - *
merilis dirilis - | release released - *
meminta diminta - | ask_for asked_for - *
menuntut dituntut - | demand demanded - *
mengusulkan diusulkan - | propose proposed - *
menggelar digelar - | hold held -
mengadakan diadakan - | hold held -
menyelenggarakan diselenggarakan - | hold held -
menghadiri dihadiri - | attend attended -
menikah - dengan | marry married -
bergabung - dengan | join joined -
mundur - dari | resign resigned from
memutuskan diputuskan - | decide decided - *
memperkenalkan diperkenalkan - | introduce introduced - *
memeriksa diperiksa - | inspect inspected - *
mengesahkan disahkan - | pass passed - *
mencabut dicabut - | revoke revoked - *
membatalkan dibatalkan - | cancel cancelled - *
menghentikan dihentikan - | stop stopped - *
membantah dibantah - | deny denied - *
memasok dipasok - | supply supplied - *
meramalkan diramalkan - | predict predicted - *
mengunggah diunggah - | post posted - *
meninggal - - | die died -
wafat - - | die died -
lahir - di | born born in was
terpilih - - | elected elected - was
ditangkap - - | arrested arrested - was
dilantik - - | sworn_in sworn_in - was
dihukum - - | sentenced sentenced - was
"""


@cache
def _table(language: Language) -> dict[str, Verb]:
    """Verbs by the word of an article: the Indonesian active, the English past."""
    found: dict[str, Verb] = {}
    for line in _ROWS.strip().splitlines():
        left, right = line.split(" | ")
        active, passive, to = (word.replace("-", "") for word in left.split())
        base, past, en_to, *more = (word.replace("-", "").replace("_", " ") for word in right.split())
        aux = "was" if "was" in more else "did"
        verb = Verb(active, passive, to, base, past, en_to, aux, "*" in more)
        key = active if language == "id" else past
        if language == "id" or aux == "did":
            found.setdefault(key, verb)
    return found


def verb(word: str, language: Language) -> Verb | None:
    """The event that a word of an article tells of; None for other words."""
    return _table(language).get(fold(word))


GIVING: dict[Language, frozenset[str]] = {
    "id": frozenset({"memberi", "memberikan", "menghadiahkan", "menghadiahi", "menyerahkan"}),
    "en": frozenset({"gave", "presented", "handed"}),
}
"""Words for giving something to somebody."""

LOST: dict[str, tuple[str, str]] = {
    "tewas": ("tewas", "were killed"), "meninggal": ("meninggal", "died"), "terluka": ("terluka", "were injured"),
    "luka-luka": ("terluka", "were injured"), "mengungsi": ("mengungsi", "were displaced"),
    "hilang": ("hilang", "went missing"), "ditangkap": ("ditangkap", "were arrested"),
    "ditahan": ("ditahan", "were detained"), "died": ("meninggal", "died"), "killed": ("tewas", "were killed"),
    "injured": ("terluka", "were injured"), "displaced": ("mengungsi", "were displaced"),
    "missing": ("hilang", "went missing"), "arrested": ("ditangkap", "were arrested"),
}  # fmt: skip
"""What happens to people that are counted: the word of an article → its forms in questions in both languages."""

PEOPLE = frozenset({"orang", "warga", "korban", "penumpang", "people", "residents", "passengers"})
"""Words for those people."""

BODIES: dict[str, tuple[str, str]] = {
    "polisi": ("polisi", "the police"), "pemerintah": ("pemerintah", "the government"),
    "pengadilan": ("pengadilan", "the court"), "jaksa": ("jaksa", "the prosecutors"),
    "militer": ("militer", "the military"), "police": ("polisi", "the police"),
    "government": ("pemerintah", "the government"), "court": ("pengadilan", "the court"),
    "prosecutors": ("jaksa", "the prosecutors"), "military": ("militer", "the military"),
}  # fmt: skip
"""Who acts in the news without a name, in both languages."""
