"""``make screenshots``: the demo's pages at 360 and 1200 px, light and dark, into docs/pictures/."""

import time
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests import need
from tests.e2e.conftest import CHROMIUM_ARGUMENTS
from tests.processes import Process

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
SIZES = {360: 800, 1200: 900}
# ECharts draws its bars in over a second; a picture before that shows half of them.
DRAWN_S = 2.5


def pages(browser: Browser, address: str) -> dict[str, Page]:
    opened = {}
    for scheme in ("light", "dark"):
        for width, height in SIZES.items():
            context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
            opened[f"{scheme}-{width}"] = context.new_page()
            opened[f"{scheme}-{width}"].goto(address, wait_until="domcontentloaded")
    return opened


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    demo = Process(["demo", "--speed", "60", "--port", "0"])
    try:
        address = demo.wait_for(r"^Open (http://\S+)", 180)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=need.command("chromium"), args=CHROMIUM_ARGUMENTS)
            opened = pages(browser, address)
            alert = opened["light-1200"].locator('[data-state="alert"]').first
            alert.wait_for(timeout=300_000)
            for name, page in opened.items():
                page.screenshot(path=PICTURES / f"coach-{name}.png", full_page=True)
            for name, page in opened.items():
                page.goto(address + str(page.locator('[data-state="alert"] a').first.get_attribute("href")))
                page.get_by_test_id("weekly").locator("canvas").wait_for()
                time.sleep(DRAWN_S)
                page.screenshot(path=PICTURES / f"athlete-{name}.png", full_page=True)
            for name, page in opened.items():
                page.get_by_test_id("pages").get_by_role("link", name="Runs").click()
                page.locator("[data-testid^=run-] button").nth(1).click()
                page.locator("[data-testid^=panel-]").wait_for()
                time.sleep(DRAWN_S)
                page.screenshot(path=PICTURES / f"runs-{name}.png")
                for link in ("Shoes", "Data"):
                    page.get_by_test_id("pages").get_by_role("link", name=link).click()
                    page.locator("h1", has_text=link).wait_for()
                    time.sleep(DRAWN_S)
                    page.screenshot(path=PICTURES / f"{link.lower()}-{name}.png", full_page=True)
                for link in ("Diary", "Plan", "Rules"):
                    page.get_by_test_id("pages").get_by_role("link", name=link).click()
                    page.locator("h1", has_text=link).wait_for()
                    time.sleep(DRAWN_S)
                    page.screenshot(path=PICTURES / f"{link.lower()}-{name}.png", full_page=True)
                page.goto(f"{address}/roster")
                page.get_by_test_id("until").wait_for()
                page.screenshot(path=PICTURES / f"roster-{name}.png", full_page=True)
            browser.close()
    finally:
        demo.close()
    print("\n".join(str(path) for path in sorted(PICTURES.glob("*.png"))))


if __name__ == "__main__":
    main()
