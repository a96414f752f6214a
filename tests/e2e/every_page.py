"""Every page of a hub that has everything, for tests that walk them: one that is new is walked without a word here."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

from sensor_hub.adapters.web import WebServer
from sensor_hub.adapters.web.pages import PAGES
from sensor_hub.model.diary import ConsentCategory
from tests.adapters.web.world import World
from tests.e2e.conftest import Looker

EVERYTHING: frozenset[ConsentCategory] = frozenset(("load", "pain", "medication"))
# Pages that stand apart from NiceGUI's: the coach's, the form to sign in, what is printed.
PLAIN = ("/", "/sign-in", "/report")
OPERATOR, ADMIN = "", "boss"
_NEEDS_AN_ACCOUNT = ("/sign-in", "/account", "/accounts")


@dataclass(frozen=True)
class Address:
    """A page and who looks at it: an account's name, empty for the hub's own machine while nobody has an account."""

    path: str
    who: str

    def __str__(self) -> str:
        return self.path


def addresses() -> list[Address]:
    """Every page: those that need an account as an admin, all others as the hub's own machine."""
    names = {"{athlete}": "mia", "{sid}": "mia-1", "{path:path}": "nowhere"}
    found = []
    for path in (*PLAIN, *(page.path for page in PAGES)):
        for placeholder, name in names.items():
            path = path.replace(placeholder, name)
        assert "{" not in path, f"say in tests/e2e/every_page.py what stands for the name in {path}"
        found.append(Address(path, ADMIN if path in _NEEDS_AN_ACCOUNT else OPERATOR))
    return found


class WholeHub:
    """A world on a server, asked as nobody's machine or as somebody."""

    def __init__(self) -> None:
        self.world = World()
        self.server = WebServer(self.world.app, port=0)

    def look(self, look: Looker, at: Address, *, shown_in: str = "", **options: Any) -> Page:
        """Open a page as who looks at it. shown_in : what the cookie says, such as ``mi-en``."""
        page = look(self.server.url + at.path, cookies=self.cookies(at, shown_in), **options)
        settle(page)
        return page

    def cookies(self, at: Address, shown_in: str = "") -> list[Any]:
        """Have the hub as it is for who looks, and return what their browser has."""
        self.world.begin_anew()
        cookies = [] if not shown_in else [("sensor-hub-show", shown_in)]
        if at.who:
            self.world.accounts.now_utc = dt.datetime.now(dt.UTC)  # the browser has a clock of its own
            self.world.fill()
            if at.path != "/sign-in":
                cookies.append(("sensor-hub", self.world.accounts.enter(at.who).secret))
        return [{"name": name, "value": value, "url": self.server.url} for name, value in cookies]


def settle(page: Page) -> None:
    """Wait until a page has shown what it shows at first: its panels, its charts, its tiles."""
    page.wait_for_function("() => document.readyState === 'complete'")
    page.wait_for_selector("h1")
    # Panels fill themselves by their first timers; two frames without a change are taken for done.
    page.evaluate(
        """() => new Promise((done) => {
          let quiet = setTimeout(done, 700);
          const again = () => { clearTimeout(quiet); quiet = setTimeout(done, 700); };
          new MutationObserver(again).observe(document.body, {childList: true, subtree: true});
          setTimeout(done, 4000);
        })"""
    )


def unfold(page: Page) -> None:
    """Open everything that is folded, so that what is in it is looked at too."""
    page.evaluate("() => document.querySelectorAll('details').forEach((box) => { box.open = true })")
    settle(page)


@contextmanager
def whole_hub() -> Iterator[WholeHub]:
    """Serve a hub that has everything."""
    hub = WholeHub()
    hub.server.start()
    try:
        yield hub
    finally:
        hub.server.stop()
