"""The system's own browser, and pages that may neither complain on their console nor ask another host."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, expect, sync_playwright

from tests import need
from tests.e2e.contexts import Contexts

expect.set_options(timeout=20_000)  # a page that is alone on its machine needs a tenth of a second
CHROMIUM_ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--process-per-site"
]  # fmt: skip
PHONE = {"width": 360, "height": 800}
TABLET = {"width": 768, "height": 1024}
DESK = {"width": 1200, "height": 900}
Look = Callable[..., Page]


class Looker:
    """Opens pages of a server and remembers what they complained of and whom else they asked."""

    def __init__(self, contexts: Contexts) -> None:
        self._contexts = contexts
        self.complaints: list[str] = []
        self.foreign: list[str] = []

    def __call__(self, url: str, viewport: dict[str, int] = PHONE, cookies: Sequence[Any] = (), **options: Any) -> Page:
        """Open an address as in a browser of its own and return it when the hub's page stands."""
        page = self._contexts.page(viewport, **options)
        page.context.add_cookies(list(cookies))
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
        self._contexts.take_back()
        assert self.complaints == []
        assert self.foreign == []


class Started:
    """Playwright and its browser, for all tests of a worker: starting them takes longer than most tests."""

    def __init__(self, playwright: Playwright) -> None:
        self._playwright = playwright
        self._chromium = need.command("chromium")
        self.loop = asyncio.get_running_loop()
        self.browser = self._launched()

    def _launched(self) -> Browser:
        return self._playwright.chromium.launch(executable_path=self._chromium, args=CHROMIUM_ARGUMENTS)

    @contextmanager
    def used(self) -> Iterator[Browser]:
        """Have the browser, and Playwright's loop as this thread's; afterwards others can run a loop of theirs."""
        asyncio._set_running_loop(self.loop)
        try:
            if not self.browser.is_connected():  # it crashed in a test that says so
                self.browser = self._launched()
            yield self.browser
        finally:
            asyncio._set_running_loop(None)


@pytest.fixture(scope="session")
def started() -> Iterator[Started]:
    """What is started once."""
    need.command("chromium")
    with sync_playwright() as playwright:
        started = Started(playwright)
        asyncio._set_running_loop(None)
        yield started
        with started.used() as browser:
            browser.close()
        asyncio._set_running_loop(started.loop)


@pytest.fixture(scope="module")
def browser(started: Started) -> Iterator[Browser]:
    """The browser of all tests; what a test makes of it, it closes."""
    with started.used() as browser:
        yield browser
        for context in browser.contexts:  # of tests that failed before they closed it
            context.close()


@pytest.fixture(scope="module")
def shared_browser(browser: Browser) -> Browser:
    """The browser of all tests."""
    return browser


@pytest.fixture(scope="module")
def contexts(browser: Browser) -> Iterator[Contexts]:
    """Contexts that the tests of a module use one after the other."""
    contexts = Contexts(browser)
    yield contexts
    contexts.close()


@pytest.fixture
def look(contexts: Contexts) -> Iterator[Looker]:
    """Open addresses as ``look(url, viewport, color_scheme="dark", …)``; at the end nothing may have complained."""
    looker = Looker(contexts)
    yield looker
    looker.close()


@pytest.fixture
def page(look: Looker, contexts: Contexts) -> Page:
    """A phone's page that nothing was opened on."""
    return contexts.page(PHONE)
