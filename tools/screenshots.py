"""Pictures of every state of the chat page: ``python -m tools.screenshots`` writes ``docs/screenshots``.

Starts servers over the bundled articles, one of them with a scripted language model on loopback, opens them in headless
Chromium (Debian: ``apt install chromium``) and takes each picture of `tools.page_states`.
"""

from __future__ import annotations

import argparse
import io
import logging
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, expect, sync_playwright
from tqdm import tqdm

from rag.archive.access import index_paths
from rag.settings import Settings
from tests.api_server import copy_of, serving
from tools.page_states import MODEL, SHOTS, Shot
from ui.chat.users import entry

ROOT = Path(__file__).parent.parent
OUT = ROOT / "docs" / "screenshots"
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
COLOURS = 256
"""Of each picture: as good as all of them, at a third of the size."""


def main() -> None:
    """Take the pictures that are asked for, and list them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--only", metavar="PART", nargs="*", default=[""], help="only pictures whose name has this part"
    )
    parser.add_argument("--out", type=Path, default=OUT, help="where they go (docs/screenshots)")
    chosen = parser.parse_args()
    wanted = [shot for shot in SHOTS if any(part in shot.name for part in chosen.only)]
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if not wanted or chromium is None:
        sys.exit(f"No picture is called {chosen.only!r}." if not wanted else "Needs Chromium: apt install chromium.")
    logging.disable(logging.WARNING)  # servers and progress share the terminal
    chosen.out.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kutip-pictures-")))
        stack.enter_context(MODEL.running())
        sites = stack.enter_context(_sites(folder, {shot.site for shot in wanted}))
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        expect.set_options(timeout=60_000)
        for shot in tqdm(wanted, unit="picture"):
            _take(browser, shot, sites[shot.site], chosen.out / f"{shot.name}.png")
        browser.close()
    if wanted == list(SHOTS):
        _list(chosen.out)


@contextmanager
def _sites(folder: Path, wanted: set[str]) -> Iterator[Mapping[str, str]]:
    """Addresses of the servers that are wanted."""
    home = folder / "home"
    index_paths(Settings.from_env({"KUTIP_HOME": str(home)}), [ROOT / "seeds"])
    users = entry("siti", "kata sandi panjang")
    env: Mapping[str, dict[str, str]] = {
        "plain": {}, "own": {}, "empty": {}, "damaged": {}, "read-only": {"KUTIP_READ_ONLY": "yes"},
        "login": {"KUTIP_USERS": users}, "model": {"KUTIP_RETRIES": "0", **MODEL.env()},
    }  # fmt: skip
    with ExitStack() as stack:
        made = {}
        for name in sorted(wanted):
            own = _emptied(folder) if name == "empty" else copy_of(home, folder / name)
            for file in own.rglob("*.sqlite3") if name == "damaged" else ():
                file.write_bytes(b"not a database")
            made[name] = stack.enter_context(serving(own, KUTIP_RATE="0", **env[name]))
        yield made


def _emptied(folder: Path) -> Path:
    """An archive whose only article has gone."""
    settings = Settings.from_env({"KUTIP_HOME": str(folder / "empty")})
    (folder / "news").mkdir()
    article = folder / "news" / "one.txt"
    article.write_text("Jembatan Kaligarang diresmikan.", "utf-8")
    index_paths(settings, [article.parent])
    article.unlink()
    index_paths(settings, [article.parent], prune=True)
    return settings.home


def _take(browser: Browser, shot: Shot, url: str, file: Path) -> None:
    """One picture, of a browser of its own."""
    context = browser.new_context(
        locale="id-ID" if shot.name.endswith("-id") else "en-GB",
        viewport=PHONE if shot.phone else DESK,  # type: ignore[arg-type]
        color_scheme="dark" if "-dark" in shot.name else "light",
        has_touch=shot.phone, is_mobile=shot.phone, reduced_motion="reduce",
    )  # fmt: skip
    context.set_default_timeout(60_000)
    page = context.new_page()
    page.goto(url + shot.path)
    page.locator("#kutip-question, #name").first.wait_for(state="attached")
    shot.take(page)
    page.evaluate(
        "() => document.fonts.ready.then(() => document.querySelectorAll('.k-toast').forEach((n) => n.remove()))"
    )
    page.wait_for_load_state("networkidle") if shot.site == "login" else page.wait_for_timeout(400)
    picture = Image.open(io.BytesIO(page.screenshot(animations="disabled", caret="hide"))).convert("RGB")
    picture.quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(file, optimize=True)
    MODEL.let_go()
    context.close()
    MODEL.renew()


def _list(folder: Path) -> None:
    """The list of the pictures."""
    lines = [
        "# The chat page in pictures", "",
        "Made by `python -m tools.screenshots` from the five bundled articles; models are scripted.", "",
    ]  # fmt: skip
    for shot in SHOTS:
        width = 240 if shot.phone else 720
        lines += [f"## {shot.says}", "", f'<img src="{shot.name}.png" width="{width}" alt="{shot.says}">', ""]
    (folder / "README.md").write_text("\n".join(lines), "utf-8")


if __name__ == "__main__":
    main()
