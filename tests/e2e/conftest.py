"""The system's own browser, and pages that may neither complain on their console nor ask another host."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from tests import need

CHROMIUM_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
PHONE = {"width": 360, "height": 800}
TABLET = {"width": 768, "height": 1024}
DESK = {"width": 1200, "height": 900}
Look = Callable[..., Page]


class Looker:
    """Opens pages of a server and remembers what they complained of and whom else they asked."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._contexts: list[BrowserContext] = []
        self.complaints: list[str] = []
        self.foreign: list[str] = []

    def __call__(self, url: str, viewport: dict[str, int] = PHONE, cookies: Sequence[Any] = (), **options: Any) -> Page:
        """Open an address in a browser of its own and return it when the hub's page stands."""
        context = self._browser.new_context(viewport=viewport, **options)  # type: ignore[arg-type]
        self._contexts.append(context)
        context.add_cookies(list(cookies))
        page = context.new_page()
        self.watch(page, url)
        page.goto(url, wait_until="domcontentloaded")
        page.wait_for_selector(".page")
        return page

    def watch(self, page: Page, url: str) -> None:
        """Remember what a page says and whom it asks besides the host of its address."""
        host = "/".join(url.split("/")[:3])

        def said(message: ConsoleMessage) -> None:
            is_wanted = "the server responded with a status of 4" in message.text  # a page that there is none of
            if message.type in {"error", "warning"} and not is_wanted:
                self.complaints.append(f"{page.url}: {message.text}")

        page.on("console", said)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        sockets = (host, host.replace("http", "ws", 1), "data:", "blob:")
        page.on("request", lambda r: self.foreign.append(r.url) if not r.url.startswith(sockets) else None)

    def close(self) -> None:
        """Close every page; fails where one complained or asked somebody else."""
        for context in self._contexts:
            context.close()
        self._contexts.clear()
        assert self.complaints == []
        assert self.foreign == []


@pytest.fixture(scope="module")
def shared_browser() -> Iterator[Browser]:
    """One browser for all tests of a module: starting it takes longer than most of them."""
    chromium = need.command("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def look(shared_browser: Browser) -> Iterator[Looker]:
    """Open addresses as ``look(url, viewport, color_scheme="dark", …)``; at the end nothing may have complained."""
    looker = Looker(shared_browser)
    yield looker
    looker.close()


@pytest.fixture
def page() -> Iterator[Page]:
    """A phone's page in a browser of its own."""
    chromium = need.command("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGUMENTS)
        yield browser.new_page(viewport={"width": 360, "height": 800})
        browser.close()
