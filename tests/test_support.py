from __future__ import annotations

import time

import pytest

from rag.language.glossary import Glossary
from rag.verifying.evidence import Evidence
from rag.verifying.support import MAX_CLAIM, Support, check

GLOSSARY = Glossary.load()

GIFTS = "Presiden Rusia Vladimir Putin menghadiahkan sarung tangan dan senapan kepada pemimpin Korea Utara Kim Jong-un."
RANGE = "Militer Korea Selatan mengatakan rudal itu terbang sejauh sekitar 650 kilometer pada Rabu (13/9/2023)."
DEAL = "Kim bertemu Putin untuk membahas kesepakatan senjata, meskipun belum ada kesepakatan yang ditandatangani."
PLAN = "Menteri Luar Negeri Rusia Sergei Lavrov akan mengunjungi Korea Utara bulan depan."
PRICE = "Harga beras di Jakarta naik setelah pemerintah mengumumkan kebijakan baru."
AID = "Sementara itu, Bali menolak mengakui perjanjian itu dan akan mengirim beras untuk membantu Lombok, kata Wayan."
LOSSES = "Putin meminta bantuan kepada Kim setelah kehilangan puluhan ribu tentara dalam Perang Chechnya I."
ENGLISH = "The governor of West Java gave the refugees 500 tents on Monday, the newspaper Kompas reported."


def supported(claim: str, *sources: str) -> Support:
    return check(claim, [Evidence(source, source) for source in sources], GLOSSARY)


def kinds(result: Support) -> set[str]:
    return {problem.partition(":")[0] for problem in result.problems}


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        (GIFTS, GIFTS),
        ("Kim Jong Un menerima senapan dari Putin.", GIFTS),
        ("Putin gave Kim Jong Un a rifle and gloves.", GIFTS),
        ("Kim was given gloves and a rifle by Putin.", GIFTS),
        ("Rudal itu terbang sekitar 650 km, kata militer Korea Selatan.", RANGE),
        ("The missile flew about 650 km, according to the South Korean military.", RANGE),
        ("Rudal itu terbang sejauh 650 kilometer pada 13 September 2023.", RANGE),
        ("No agreement has been signed.", DEAL),
        ("No weapons deal has been signed yet.", DEAL),
        ("The missile flew more than 600 km.", RANGE),
        ("Rice will be sent to help Lombok, Wayan says.", AID),
        ("Putin meminta bantuan Kim setelah kehilangan puluhan ribu tentara dalam Perang Chechnya pertama.", LOSSES),
        ("Rudal itu menempuh sekitar 650 kilometer, menurut militer Korea Selatan.", RANGE),
        ("Lavrov will visit North Korea next month.", PLAN),
        ("The governor of West Java gave 500 tents to the refugees.", ENGLISH),
        ("Gubernur Jawa Barat memberi pengungsi 500 tenda pada Senin.", ENGLISH),
    ],
)
def test_true_rewordings_are_supported(claim: str, source: str) -> None:
    assert supported(claim, source).verdict == "supported"


@pytest.mark.parametrize(
    ("claim", "source", "kind"),
    [
        ("Rudal itu terbang sekitar 560 km.", RANGE, "number"),
        ("The missile flew about six hundred km.", RANGE, "number"),
        ("Rudal itu terbang sekitar 650 meter.", RANGE, "number"),
        ("Rudal itu terbang sekitar 650 mil pada Rabu.", RANGE, "number"),
        ("The missile flew about 650 km on 14 September 2023.", RANGE, "date"),
        ("The missile flew more than 700 km.", RANGE, "number"),
        ("Putin meminta bantuan kepada Kim setelah kehilangan ratusan ribu tentara.", LOSSES, "number"),
        ("An arms deal has been signed.", DEAL, "negation"),
        ("Xi Jinping menerima senapan dari Putin.", GIFTS, "name"),
        ("Xi Jinping received a rifle from Putin.", GIFTS, "name"),
        ("Kim Jong Un menghadiahkan senapan kepada Putin.", GIFTS, "role"),
        ("Putin received a rifle from Kim Jong Un.", GIFTS, "role"),
        ("Putin tidak memberi Kim Jong Un senapan.", GIFTS, "negation"),
        ("Putin did not give Kim Jong Un a rifle.", GIFTS, "negation"),
        ("Kesepakatan senjata sudah ditandatangani Kim dan Putin.", DEAL, "negation"),
        ("Kremlin mengatakan rudal itu terbang sekitar 650 kilometer.", RANGE, "speaker"),
        ("Sergei Lavrov telah mengunjungi Korea Utara.", PLAN, "certainty"),
        ("Harga beras di Jakarta turun setelah pemerintah mengumumkan kebijakan baru.", PRICE, "opposite"),
        ("Putin memberi Kim Jong Un senapan, jam emas, dan helikopter tempur.", GIFTS, "addition"),
        ("The refugees gave the governor of West Java 500 tents.", ENGLISH, "role"),
    ],
)
def test_altered_claims_are_caught_with_their_reason(claim: str, source: str, kind: str) -> None:
    result = supported(claim, source)
    assert result.verdict != "supported"
    assert (
        kinds(result) & {kind, "unit"}
        if kind == "number"
        else kind in kinds(result) | {"role" if "name" in kinds(result) else ""}
    )


def test_problems_say_what_both_sides_say() -> None:
    assert "number: claim says 560 km, source says 650 kilometer" in supported("Rudal terbang 560 km.", RANGE).problems


def test_a_crop_that_drops_the_negation_is_not_support() -> None:
    source = "AS memperingatkan Korea Utara agar tidak memberikan amunisi kepada Rusia."
    crop = Evidence("memberikan amunisi kepada Rusia", source)
    assert check("Korea Utara memberikan amunisi kepada Rusia.", [crop], GLOSSARY).verdict == "unsupported"
    assert check("memberikan amunisi kepada Rusia", [crop], GLOSSARY).verdict == "unsupported"


def test_a_pronoun_takes_its_name_from_the_sentence_before() -> None:
    said = "“Kunjungan itu berguna,” katanya."
    context = Evidence(said, said, "Dmitry Peskov, juru bicara Kremlin, menemui wartawan.")
    assert check("Peskov mengatakan kunjungan itu berguna.", [context], GLOSSARY).verdict == "supported"
    assert check("Lavrov mengatakan kunjungan itu berguna.", [context], GLOSSARY).verdict == "unsupported"


def test_two_quotes_together_support_what_neither_does() -> None:
    claim = "Lavrov akan mengunjungi Korea Utara bulan depan dan rudal terbang 650 kilometer."
    assert supported(claim, PLAN).verdict != "supported"
    assert supported(claim, PLAN, RANGE).score > supported(claim, PLAN).score


@pytest.mark.parametrize("quote", ["dan di", "rudal itu"])
def test_a_very_short_quote_supports_nothing(quote: str) -> None:
    assert supported("Rudal itu jatuh di laut.", quote).problems == ("quote: too short to support a statement",)


@pytest.mark.parametrize(
    "claim",
    [
        "Put\u200bin memberi K\u202eim Jong Un senapan.",
        "Putin memberi Kim Jong Un senapan. [1][2]",
        "Putin\u00a0memberi  Kim Jong Un\nsenapan.",
    ],
)
def test_invisible_characters_and_markers_change_nothing(claim: str) -> None:
    assert supported(claim, GIFTS) == supported("Putin memberi Kim Jong Un senapan.", GIFTS)


@pytest.mark.parametrize("claim", ["", "…", "\u200b", "a " * MAX_CLAIM, "x" * 1_000_000])
def test_what_is_no_statement_is_refused(claim: str) -> None:
    started = time.thread_time()
    result = supported(claim, GIFTS)
    assert (result.verdict, result.score, kinds(result)) == ("unsupported", 0.0, {"length"})
    assert time.thread_time() - started < 0.5


def test_huge_evidence_stays_fast() -> None:
    started = time.thread_time()
    supported("Putin memberi Kim senapan.", "Putin memberi Kim " * 50_000, GIFTS)
    assert time.thread_time() - started < 2


def test_scores_are_probabilities() -> None:
    for claim in ("Putin memberi Kim senapan.", "Xi memberi Biden 5 tank.", "Halo."):
        assert 0 <= supported(claim, GIFTS).score <= 1
