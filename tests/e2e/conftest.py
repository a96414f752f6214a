"""A phone's browser, the system's own."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, sync_playwright

from tests import need

CHROMIUM_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


@pytest.fixture
def page() -> Iterator[Page]:
    chromium = need.command("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGUMENTS)
        yield browser.new_page(viewport={"width": 360, "height": 800})
        browser.close()
