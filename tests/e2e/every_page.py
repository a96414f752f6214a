"""Every page of a hub that has everything, for tests that walk them: one that is new is walked without a word here."""

import datetime as dt
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from nicegui import Client, core
from nicegui.elements.timer import Timer
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
_SETTLED_S = 10.0
# Whether everything that was sent has arrived, every chart is there, and nothing changes for a while: what is unfolded
# may be drawn only then.
_STILL = """
async (sent) => {
  if ('nextMessageId' in window && window.nextMessageId < sent) return false;
  if ([...document.querySelectorAll('.nicegui-echart')].some((chart) => !chart.firstElementChild)) return false;
  return await new Promise((done) => {
    const watch = new MutationObserver(() => end(false));
    const end = (isStill) => { clearTimeout(quiet); watch.disconnect(); done(isStill); };
    const quiet = setTimeout(() => end(true), 250);
    watch.observe(document.body, {childList: true, subtree: true});
  });
}
"""
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
    client = page.evaluate("() => window.clientId ?? ''")
    ends = time.monotonic() + _SETTLED_S
    while time.monotonic() < ends:
        n_sent = _sent(client)
        is_still = n_sent is not None and page.evaluate(_STILL, n_sent)
        if is_still and _sent(client) == n_sent:
            return
        page.wait_for_timeout(20)


def _sent(client: str) -> int | None:
    """Return how much a page of this process was sent once each of its timers was at work, None before."""
    if client not in Client.instances:
        return 0  # one of the plain pages, which bring what they show
    shown = Client.instances[client]
    timers = [one for one in list(shown.elements.values()) if isinstance(one, Timer) and one.active]
    rounds = [timer._current_invocation for timer in timers]
    if not all(one is not None and one.done() for one in rounds) or shown.outbox.updates or shown.outbox.messages:
        return None
    return shown.outbox.next_message_id


def unfold(page: Page) -> None:
    """Open everything that is folded, so that what is in it is looked at too."""
    page.evaluate("() => document.querySelectorAll('details').forEach((box) => { box.open = true })")
    settle(page)


@contextmanager
def whole_hub() -> Iterator[WholeHub]:
    """Serve a hub that has everything."""
    hub = WholeHub()
    hub.server.start()
    core.sio.eio.ping_timeout = 60  # a page that is searched for faults answers nothing for seconds
    try:
        yield hub
    finally:
        hub.server.stop()
