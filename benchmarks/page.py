"""From the click to the first claim on the page, against the API's own time for the same question: keyless.

``python -m benchmarks.page`` starts ``kutip serve`` over the five bundled articles, opens its page in headless Chromium
(Debian: ``apt install chromium``) and asks each question in turn of the page, of ``POST /v1/ask`` as a stream and of
``POST /v1/ask`` whole. Page times are the browser's: from the click event to the frame that shows the first claim.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import httpx
from playwright.sync_api import Page, sync_playwright

from benchmarks.speed import quantile
from rag.archive.access import index_paths
from rag.settings import Settings
from tests.api_server import Process

SEEDS = Path(__file__).parent.parent / "seeds"
QUESTIONS = (
    "What gifts were exchanged?",
    "Apa hadiah Putin untuk Kim?",
    "Where did Kim and Putin meet?",
    "Siapa Dmitry Peskov?",
    "What did the governor give Kim?",
)
WATCH = """() => {
  const started = new Promise((done) => {
    const send = document.querySelector('.composer-send');
    send.addEventListener('click', () => done(performance.now()), { once: true, capture: true });
  });
  const shown = new Promise((done) => {
    const watch = new MutationObserver(() => {
      if (!document.querySelector('.claim')) return;
      watch.disconnect();
      requestAnimationFrame(() => setTimeout(() => done(performance.now())));
    });
    watch.observe(document.body, { childList: true, subtree: true });
  });
  window.firstClaim = Promise.all([started, shown]).then(([begin, end]) => end - begin);
}"""


def main() -> None:
    """Measure and print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=12, help="how often each question is asked of each (12)")
    rounds = parser.parse_args().rounds
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.exit("Needs Chromium: apt install chromium.")
    print(f"Python {platform.python_version()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} before.\n")
    with tempfile.TemporaryDirectory(prefix="kutip-page-") as folder:
        home = Path(folder) / "home"
        index_paths(Settings.from_env({"KUTIP_HOME": str(home)}), [SEEDS])
        server = Process(home, KUTIP_RATE="0").ready()
        try:
            with sync_playwright() as playwright, httpx.Client(base_url=server.url, timeout=60) as client:
                browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
                page = browser.new_page(locale="en-GB")
                page.goto(server.url)
                page.locator(".suggestion").first.wait_for()
                _print(_measured(rounds, {
                    "page": lambda question: _on_page(page, question),
                    "stream": lambda question: _in_stream(client, question),
                    "whole": lambda question: _whole(client, question),
                }))  # fmt: skip
                browser.close()
        finally:
            server.stop()


def _measured(rounds: int, ways: Mapping[str, Callable[[str], float]]) -> dict[str, dict[str, list[float]]]:
    """Milliseconds by way and question; the first round does not count."""
    found: dict[str, dict[str, list[float]]] = {way: {question: [] for question in QUESTIONS} for way in ways}
    for number in range(rounds + 1):
        for question in QUESTIONS:
            for way, ask in ways.items():
                taken = ask(question)
                if number:
                    found[way][question].append(taken)
    return found


def _on_page(page: Page, question: str) -> float:
    """In a new conversation, from the click to the first claim."""
    page.locator(".conversations-new").click()
    page.locator("article.turn").first.wait_for(state="detached")
    page.locator("#kutip-question").fill(question)
    page.evaluate(WATCH)
    page.locator(".composer-send").click()
    taken = float(page.evaluate("() => window.firstClaim"))
    page.locator("article.turn[data-state=done]").wait_for()
    return taken


def _in_stream(client: httpx.Client, question: str) -> float:
    """From the request to the first claim's event."""
    started = time.perf_counter()
    first = None
    with client.stream("POST", "/v1/ask", json={"question": question, "stream": True}) as answer:
        for line in answer.iter_lines():
            if first is None and line == "event: claim":
                first = time.perf_counter()
    if first is None:
        sys.exit(f"{question!r} was not answered: expected a claim.")
    return (first - started) * 1000


def _whole(client: httpx.Client, question: str) -> float:
    """From the request to the whole answer."""
    started = time.perf_counter()
    client.post("/v1/ask", json={"question": question}).raise_for_status()
    return (time.perf_counter() - started) * 1000


def _print(found: Mapping[str, Mapping[str, list[float]]]) -> None:
    """Medians, and ratios of medians."""
    print("| question | page, first claim | API, first claim | API, whole answer | page / API | page − API |")
    print("|---|---|---|---|---|---|")
    every = {way: [one for times in by.values() for one in times] for way, by in found.items()}
    rows = {question: {way: by[question] for way, by in found.items()} for question in QUESTIONS}
    for name, times in [*rows.items(), ("all, median", every)]:
        page, stream, whole = (statistics.median(times[way]) for way in ("page", "stream", "whole"))
        print(_row(name, page, stream, whole))
    print(_row("all, 95th percentile", *(quantile(every[way], 0.95) for way in ("page", "stream", "whole"))))


def _row(name: str, page: float, stream: float, whole: float) -> str:
    times = f"{page:.0f} ms | {stream:.0f} ms | {whole:.0f} ms"
    return f"| {name} | {times} | {page / stream:.2f} | {page - stream:.0f} ms |"


if __name__ == "__main__":
    main()
