from __future__ import annotations

import re

from rag.types import Answer, Citation, Claim
from ui.present_markdown import escape, session_markdown


def citation(number: int, quote: str, title: str | None = "Judul") -> Citation:
    return Citation(
        id=number, article_id="a", source="seeds/a_b.txt", title=title, publisher="KONTAN.CO.ID",
        published="2023-09-15", quote=quote, start=10, end=10 + len(quote),
    )  # fmt: skip


def answer(question: str = "Apa?", **more: object) -> Answer:
    fields: dict[str, object] = {
        "question": question, "language": "id", "abstained": False, "reason": None, "claims": (), "citations": (),
        "answerer": "openai:x", "embedder": "builtin",
    }  # fmt: skip
    return Answer(**{**fields, **more})  # type: ignore[arg-type]


CLAIMS = (
    Claim(text="Satu.", citations=(1, 2), verdict="supported"),
    Claim(text="Dua.", citations=(2,), verdict="partly", problems=("number: …",)),
)
CITED = (citation(1, "kutipan satu"), citation(2, "kutipan dua"))


def test_every_marker_has_its_footnote() -> None:
    text = session_markdown([answer(claims=CLAIMS, citations=CITED), answer(claims=CLAIMS, citations=CITED)])
    markers = set(re.findall(r"(\[\^[\d-]+\])(?!:)", text))
    notes = re.findall(r"^(\[\^[\d-]+\]):", text, re.MULTILINE)
    assert markers == set(notes) == {"[^1-1]", "[^1-2]", "[^2-1]", "[^2-2]"}
    assert len(notes) == 4
    assert "Satu.[^1-1][^1-2]" in text
    assert "Dua.[^1-2] *(hanya didukung sebagian)*" in text
    assert "“kutipan satu” (seeds/a\\_b.txt, 10–22)" in text


def test_what_is_not_an_answer_is_said() -> None:
    text = session_markdown(
        [
            answer(
                abstained=True,
                reason="Tidak disebut.",
                withheld=(Claim(text="x", citations=(), verdict="unsupported"),),
            ),
            answer(question="dan dia?", understood="dan dia (Kim)?", degraded="Model gagal."),
        ]
    )
    assert "**Tidak ada di arsip.** Tidak disebut." in text
    assert "*1 tidak ditampilkan: tidak didukung oleh artikel*" in text
    assert "*dan dia (Kim)?*" in text
    assert "> Model gagal." in text


def test_text_is_never_markup() -> None:
    hostile = "![x](http://evil) <script>a</script> `b`\n# head [^9]: c | d \u202e"
    escaped = escape(hostile)
    assert "\n" not in escaped
    assert "\u202e" not in escaped
    assert not re.search(r"(?<!\\)[\[\]<>`#|!*_]", escaped)
    text = session_markdown(
        [answer(question=hostile, claims=(Claim(text=hostile, citations=(), verdict="supported"),))]
    )
    assert "\n# head" not in text
    assert "<script>" not in text
