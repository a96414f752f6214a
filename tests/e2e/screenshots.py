"""``make screenshots``: every page on a phone, a tablet and a desk, light and dark, into docs/pictures/.

Pages of people are those of the demo, once its alert is there; pages of accounts those of a hub of the tests, where
accounts have names. Runs, numbers and names are the same each time; days are those of the day it is called on.
"""

import io
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests import need
from tests.e2e.conftest import CHROMIUM_ARGUMENTS, DESK, PHONE, TABLET
from tests.e2e.every_page import ADMIN, Address, WholeHub, settle, whole_hub
from tests.processes import Process

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
SIZES = (DESK, PHONE, TABLET)  # of a run that is about to end: first the picture that README shows
SCHEMES = ("light", "dark")
TALLEST_PX = 2600  # what is below is more of the same
COLOURS = 96  # of a palette: a tenth of the bytes, and nothing that an eye would miss on flat colours
SPEED = "12"  # of the demo: what is left of its run after the alert outlasts the first pictures
DRAWN_MS = 1500  # ECharts lets its bars grow for a second


def _first_run(page: Page) -> None:
    page.locator("[data-testid^=run-] button").nth(1).click()
    page.locator("[data-testid^=panel-]").first.wait_for()


@dataclass(frozen=True)
class Picture:
    """page : its address as the program has it. prepare : what is tapped before. of_accounts : not in the demo."""

    name: str
    page: str
    prepare: Callable[[Page], None] | None = None
    of_accounts: bool = False


LIST = (
    Picture("coach", "/"),
    Picture("athlete", "/athlete/{athlete}"),
    Picture("today", "/athlete/{athlete}/today"),
    Picture("runs", "/athlete/{athlete}/runs", _first_run),
    Picture("diary", "/athlete/{athlete}/diary"),
    Picture("plan", "/athlete/{athlete}/plan"),
    Picture("athlete-rules", "/athlete/{athlete}/rules"),
    Picture("shoes", "/athlete/{athlete}/shoes"),
    Picture("data", "/athlete/{athlete}/data"),
    Picture("notify", "/athlete/{athlete}/notify"),
    Picture("sensors", "/athlete/{athlete}/sensors"),
    Picture("box", "/sensors"),
    Picture("session", "/session/{sid}"),
    Picture("rules", "/rules"),
    Picture("roster", "/roster"),
    Picture("squads", "/squads"),
    Picture("report", "/report"),
    Picture("start", "/start"),
    Picture("about", "/about-the-numbers"),
    Picture("no-such-page", "/{path:path}"),
    Picture("sign-in", "/sign-in", of_accounts=True),
    Picture("account", "/account", of_accounts=True),
    Picture("accounts", "/accounts", of_accounts=True),
)


@contextmanager
def demo() -> Iterator[tuple[str, dict[str, str]]]:
    """Run the demo until somebody is above a limit; its address, and whose pages are shown."""
    process = Process(["demo", "--speed", SPEED, "--port", "0"])
    try:
        address = process.wait_for(r"^Open (http://\S+)", 180)
        process.wait_for(r"^! ", 600)
        found = httpx.get(f"{address}/api/findings").json()
        athlete = next(finding["athlete"] for finding in found if finding["severity"] == "alert")
        sessions = httpx.get(f"{address}/api/athletes/{athlete}/sessions").json()
        newest = max(sessions, key=lambda session: str(session["start_utc"]))
        yield address, {"{athlete}": athlete, "{sid}": newest["sid"], "{path:path}": "nowhere"}
    finally:
        process.close()


def take(page: Page, picture: Picture, scheme: str) -> None:
    """Take a page that is open at every width."""
    settle(page)
    if picture.prepare is not None:
        picture.prepare(page)
    for size in SIZES:
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.evaluate("scrollTo(0, 0)")
        settle(page)
        page.wait_for_timeout(DRAWN_MS)
        height = min(TALLEST_PX, int(page.evaluate("document.documentElement.scrollHeight")))
        clip = {"x": 0, "y": 0, "width": size["width"], "height": max(height, size["height"])}
        taken = page.screenshot(clip=clip, full_page=True)  # type: ignore[arg-type]
        keep(taken, PICTURES / f"{picture.name}-{scheme}-{size['width']}.png")


def keep(taken: bytes, path: Path) -> None:
    """Write a picture with a palette of its own: pages are flat colours."""
    with Image.open(io.BytesIO(taken)) as image:
        image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


def of_demo(browser: Browser, pictures: list[Picture]) -> None:
    """Take the pages of the demo."""
    with demo() as (address, names):
        contexts = {
            scheme: browser.new_context(viewport=DESK, color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
            for scheme in SCHEMES
        }
        for picture in pictures:
            path = picture.page
            for placeholder, name in names.items():
                path = path.replace(placeholder, name)
            for scheme, context in contexts.items():
                page = context.new_page()
                page.goto(address + path, wait_until="domcontentloaded")
                page.wait_for_selector(".page")
                take(page, picture, scheme)
                page.close()


def of_accounts(browser: Browser, hub: WholeHub, pictures: list[Picture]) -> None:
    """Take the pages that there are with accounts only."""
    for scheme in SCHEMES:
        for picture in pictures:
            context = browser.new_context(viewport=DESK, color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
            context.add_cookies(hub.cookies(Address(picture.page, ADMIN)))
            page = context.new_page()
            page.goto(hub.server.url + picture.page)
            take(page, picture, scheme)
            context.close()


def main(names: list[str]) -> None:
    """Take those pictures; all of them without a name."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    wanted = [picture for picture in LIST if not names or picture.name in names]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=need.command("chromium"), args=CHROMIUM_ARGUMENTS)
        if plain := [picture for picture in wanted if not picture.of_accounts]:
            of_demo(browser, plain)
        if with_accounts := [picture for picture in wanted if picture.of_accounts]:
            with whole_hub() as hub:
                of_accounts(browser, hub, with_accounts)
        browser.close()
    taken = [path for path in sorted(PICTURES.glob("*.png")) if path.name.rsplit("-", 2)[0] in {p.name for p in wanted}]
    print(f"{len(taken)} pictures, {sum(path.stat().st_size for path in taken) / 2**20:.1f} MB")


if __name__ == "__main__":
    main(sys.argv[1:])
