from __future__ import annotations

import pytest

from rag.answering.fillers import fillers
from rag.finding.premises import premise_of
from rag.finding.question import analyse
from rag.language.glossary import Glossary
from rag.types import Language
from rag.verifying.statements import read

GLOSSARY = Glossary.load()


@pytest.mark.parametrize(
    ("question", "slot"),
    [
        ("brp ongkos busnya?", "money"),
        ("How old is the captain?", "age"),
        ("umur wali kota brp tahun?", "age"),
        ("Berapa lama mereka di laut?", "time"),
        ("pukul berapa kapal tiba?", "clock"),
        ("What time did the ship arrive?", "clock"),
        ("Kapan kapal tiba?", "date"),
        ("berapa persen suara yang didapat?", "share"),
        ("Berapa awak yang hilang?", "count"),
        ("How much did they need?", "amount"),
        ("Kapan ia lahir, tahun berapa?", "date"),
        ("Gimana tanggapan gubernur soal gugatan itu?", "said"),
        ("What did the governor say about it?", "said"),
        ("How did the governor react?", "said"),
        ("Siapa pemilik kapal itu?", "person"),
        ("What is the name of the ship?", "name"),
        ("Apa merek ponselnya?", "name"),
        ("Kontraktor mana yang memasang tiang?", "name"),
        ("Di mana kapal itu karam?", "place"),
        ("knp ia mundur?", "cause"),
        ("On what grounds was it refused?", "cause"),
        ("Apa itu pelmeni?", "definition"),
        ("What is meant by a village?", "definition"),
        ("Apa yang dibawa kapal itu?", "open"),
        ("Did the ship sink?", "open"),
    ],
)
def test_the_slot_that_a_question_opens(question: str, slot: str) -> None:
    assert analyse(question, GLOSSARY).slot == slot


@pytest.mark.parametrize(
    ("question", "text", "found"),
    [
        ("Berapa harga filternya?", "Filter diganti tiap 18 bulan seharga Rp2 juta.", ["Rp2 juta"]),
        ("How much was the ticket?", "Tiketnya 12 dolar, katanya.", ["12"]),
        ("Berapa umur Sari?", "Sari (34) membawa 2 anak berusia 5 tahun.", ["34", "5"]),
        ("Berapa jam mereka terapung?", "Mereka terapung sembilan jam pada 3 Mei.", ["sembilan"]),
        ("Berapa awak yang hilang?", "Empat awak hilang, kata Rudi, setelah dua jam.", ["Empat"]),
        ("berapa persen?", "Sebanyak 40 persen dari 300 warga.", ["40"]),
        ("Pukul berapa kapal tiba?", "Kapal tiba pukul 06.30 WIB.", ["pukul 06.30 WIB"]),
        ("Siapa nakhoda kapal?", "Nakhoda Budi Santoso mundur.", ["Nakhoda Budi Santoso"]),
        ("Siapa yang menemui Budi Santoso?", "Budi Santoso pulang.", []),
        ("Di mana kapal karam?", "Kapal karam di Teluk Bone.", ["Teluk Bone"]),
        ("Mengapa kapal karam?", "Kapal karam karena badai.", ["karena"]),
        ("Mengapa kapal karam?", "Kapal karam pada Senin.", []),
        ("Kapan kapal karam?", "Kapal karam dua hari setelah berlayar.", ["dua"]),
        ("Kapan kapal karam?", '"Kapal karam," kata Budi di Jakarta, Senin (5/5/2025).', []),
        ("Apa kata Santoso soal kapal?", "Kapal itu tua, kata Santoso.", ["Santoso"]),
        ("Apa kata Santoso soal kapal?", "Kapal Santoso itu tua, kata Sari.", []),
        ("What did Santoso say?", "Santoso naik kapal. Ia mengatakan kapal itu tua.", ["Ia"]),
        ("Apa itu pelmeni?", "Pelmeni adalah pangsit Rusia.", ["adalah"]),
        ("What is meant by a fraction?", "Fraksi itu menolak usul gubernur.", []),
        ("Apa yang dibawa kapal?", "Kapal membawa beras.", []),
    ],
)
def test_what_fills_it(question: str, text: str, found: list[str]) -> None:
    query = analyse(question, GLOSSARY)
    spans = fillers(query.slot, read(text, "id", GLOSSARY), query)
    assert [text[span.start : span.end] for span in spans] == found


@pytest.mark.parametrize(
    ("question", "language", "premise"),
    [
        ("Mengapa Budi menolak tawaran itu?", "id", "Budi menolak tawaran itu"),
        ("Apakah kapal itu karam?", "id", "kapal itu karam"),
        ("Apa saja yang dibawa Budi?", "id", "yang dibawa Budi"),
        ("Why did Budi refuse the offer?", "en", "Budi refuse the offer"),
        ("Was the ship insured?", "en", "the ship insured"),
        ("How many crew were lost?", "en", "crew were lost"),
        ("Who?", "en", ""),
    ],
)
def test_the_premise_is_the_question_without_what_asks(question: str, language: Language, premise: str) -> None:
    assert premise_of(question, language) == premise
