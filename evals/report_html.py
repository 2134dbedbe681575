"""Sections and rows → one HTML file that needs nothing else: no network, no script, everything escaped.

Every example stands under it with its trace folded, worst misses first. Those of ``test`` are left out unless asked
for: a set that people read is a set that they tune on.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from evals.compare import HIDDEN
from evals.plan import BASELINES
from evals.report import Grid, Plot, Section

_STYLE = """
:root { color-scheme: light; --ink: #1d2226; --soft: #5c666e; --line: #dde2e6; --bad: #b3261e; --good: #2e7d4f; }
* { box-sizing: border-box; }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); max-width: 74rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.15rem; margin-top: 2.4rem; border-bottom: 1px solid var(--line); }
nav a { margin-right: 1rem; } a { color: #1b6ca8; }
.wide { overflow-x: auto; } table { border-collapse: collapse; font-size: .84rem; margin: .8rem 0; }
th, td { text-align: left; padding: .3rem .7rem .3rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
td { font-variant-numeric: tabular-nums; white-space: nowrap; } th { color: var(--soft); font-weight: 600; }
figure { display: inline-block; margin: .6rem 1rem .6rem 0; max-width: 100%; } svg { max-width: 100%; height: auto; }
figcaption { color: var(--soft); font-size: .8rem; max-width: 26rem; }
details { border: 1px solid var(--line); border-radius: 6px; margin: .4rem 0; padding: .4rem .8rem; }
summary { cursor: pointer; } .bad { color: var(--bad); } .good { color: var(--good); } .soft { color: var(--soft); }
blockquote { margin: .3rem 0; padding-left: .8rem; border-left: 3px solid var(--line); }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font-size: .76rem; background: #f6f8f9; padding: .6rem; }
"""


def page(sections: Iterable[Section], rows: Sequence[Mapping[str, Any]], title: str, *, hide: bool = True) -> str:
    """The whole page.

    Args:
        sections: of the report.
        rows: of the run, for the examples.
        title: of the page.
        hide: leave the examples of ``test`` out.
    """
    found = list(sections)
    links = "".join(f'<a href="#{_anchor(s.title)}">{escape(s.title)}</a> ' for s in found)
    body = "".join(f'<h2 id="{_anchor(s.title)}">{escape(s.title)}</h2>\n{_parts(s)}' for s in found)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<h1>{escape(title)}</h1>\n"
        f'<nav>{links}<a href="#examples">Examples</a></nav>\n{body}\n{_examples(rows, hide)}</body>\n</html>\n'
    )


def _anchor(title: str) -> str:
    return "".join(c if c.isalnum() else "-" for c in title.lower())


def _parts(section: Section) -> str:
    return "".join(_part(part) for part in section.parts)


def _part(part: str | Grid | Plot) -> str:
    if isinstance(part, Grid):
        head = "".join(f"<th>{escape(cell)}</th>" for cell in part.head)
        lines = "".join(f"<tr>{''.join(f'<td>{escape(c)}</td>' for c in row)}</tr>\n" for row in part.rows)
        return f'<div class="wide"><table>\n<tr>{head}</tr>\n{lines}</table></div>\n'
    if isinstance(part, Plot):
        return f"<figure>{part.svg}<figcaption>{escape(part.caption)}</figcaption></figure>\n"
    return f"<pre>{escape(part)}</pre>\n" if "\n" in part else f"<p>{escape(part)}</p>\n"


def _examples(rows: Sequence[Mapping[str, Any]], hide: bool) -> str:
    shown = [r for r in rows if r["answerer"] not in BASELINES and not (hide and r["split"] == HIDDEN)]
    hidden = sum(r["answerer"] not in BASELINES for r in rows) - len(shown)
    note = f"<p>{hidden} examples of {HIDDEN} are not shown, so that nobody tunes on them.</p>\n" if hidden else ""
    ordered = sorted(shown, key=lambda r: (badness(r), r["key"]))
    return f'<h2 id="examples">Examples, worst first</h2>\n{note}{"".join(map(_example, ordered))}'


def badness(row: Mapping[str, Any]) -> float:
    """Worst first: a failure, a wrong answer by the confidence it was given with, a miss, a partly right answer."""
    scores = row["scores"]
    if row["error"] is not None:
        return -3.0
    crag = float(scores["crag"])
    return crag - float(scores["confidence"] or 0.0) if crag < 0 else crag


def _example(row: Mapping[str, Any]) -> str:
    case, answer, crag = row["case"], row["answer"], row["scores"]["crag"]
    mark = "good" if crag == 1 else "bad" if crag < 0 or row["error"] else "soft"
    told = "failed" if row["error"] else {1.0: "right", 0.5: "partly", 0.0: "missing", -1.0: "wrong"}[crag]
    question = " → ".join([*case["history"], case["question"]])
    lines = [
        f'<details><summary><span class="{mark}">{told}</span> {escape(question)} '
        f'<span class="soft">{escape(row["key"])}, {escape(case["type"])}</span></summary>\n'
    ]
    if row["error"]:
        lines.append(f'<p class="bad">{escape(row["error"]["type"])}: {escape(row["error"]["message"])}</p>\n')
    if answer is not None:
        lines.append(_answer(row, answer))
    lines.append(_wanted(case))
    shown = escape(json.dumps(_trace(row), ensure_ascii=False, indent=1))
    return "".join([*lines, f"<details><summary>Trace</summary><pre>{shown}</pre></details></details>\n"])


def _trace(row: Mapping[str, Any]) -> dict[str, Any]:
    """What happened, without the long texts; ``rows.jsonl`` has them."""
    kept = ("article_id", "start", "end", "score", "lexical", "dense")
    hits = [
        " ".join(f"{name}={hit[name]}" for name in kept if name in hit) + f" {hit['text'][:100]!r}"
        for hit in row["hits"]
    ]
    judged = {
        judge: {
            "statements": [_told(one) for one in given["faithfulness"]],
            "claims with their citations": [_told(claim["together"]) for claim in given["claims"]],
        }
        for judge, given in row["judgements"].items()
    }
    scores = {name: value for name, value in row["scores"].items() if value is not None}
    return {"hits": hits, "judgements": judged, "scores": scores, "times_ms": row["times_ms"]}


def _told(judgement: Mapping[str, Any]) -> str:
    score = "" if judgement["score"] is None else f" {judgement['score']:.3f}"
    return f"{_verdict(judgement['supported'])}{score} {'; '.join(judgement['problems'])}".rstrip()


def _answer(row: Mapping[str, Any], answer: Mapping[str, Any]) -> str:
    confidence = "" if answer["confidence"] is None else f" (confidence {answer['confidence']:.2f})"
    if answer["abstained"]:
        return f"<p>Abstained{confidence}: {escape(answer['reason'] or '')}</p>\n"
    quotes = {c["id"]: c for c in answer["citations"]}
    lines = [f"<p>Answered{confidence}:</p>\n"]
    for number, claim in enumerate(answer["claims"]):
        verdicts = ", ".join(
            f"{judge}: {_verdict(judged['claims'][number]['together']['supported'])}"
            for judge, judged in row["judgements"].items()
        )
        cited = "".join(
            f'<blockquote>{escape(quotes[n]["quote"])} <span class="soft">{escape(quotes[n]["article_id"])}</span>'
            "</blockquote>"
            for n in claim["citations"]
        )
        lines.append(f'<p>{escape(claim["text"])} <span class="soft">{escape(verdicts)}</span></p>{cited}\n')
    return "".join(lines)


def _verdict(supported: bool | None) -> str:
    return "unscored" if supported is None else "supported" if supported else "not supported"


def _wanted(case: Mapping[str, Any]) -> str:
    if not case["answerable"]:
        return "<p>Wanted: an abstention.</p>\n"
    facts = "; ".join(" | ".join(fact["forms"]) for fact in case["facts"] if fact["required"])
    gold = "".join(
        f"<blockquote>{' <b>or</b> '.join(escape(place['quote']) for place in need)}</blockquote>"
        for need in case["evidence"]
    )
    return f"<p>Wanted: {escape(facts)}</p>{gold}\n"
