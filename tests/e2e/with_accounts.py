"""A world with accounts on a server, and pages of it opened as somebody."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import pytest
from playwright.sync_api import Page

from sensor_hub.adapters.web import WebServer
from tests.adapters.web.accounts import PASSWORD
from tests.adapters.web.world import World
from tests.e2e.conftest import PHONE, Looker

ENDS_MS = 20_000  # an open page of somebody who may no longer see it
Open = Callable[..., Page]


class Served:
    """A world on a server, over https where it has a certificate."""

    def __init__(self, cert: Path | None = None, key: Path | None = None) -> None:
        self.world, self.cert = World(), cert
        self.server = WebServer(self.world.app, port=0, cert=cert, key=key)

    @classmethod
    @contextmanager
    def over(cls, cert: Path | None = None, key: Path | None = None) -> Iterator[Self]:
        """Serve one."""
        served = cls(cert, key)
        served.server.start()
        try:
            yield served
        finally:
            served.server.stop()

    @property
    def url(self) -> str:
        """The address of everything."""
        return self.server.url

    def fill(self) -> None:
        """Have everything as at first, and an account of every kind."""
        self.world.begin_anew()
        self.world.accounts.now_utc = dt.datetime.now(dt.UTC)  # the browser has a clock of its own
        self.world.fill()

    def cookies(self, name: str) -> list[Any]:
        """What a browser has in which somebody has signed in, over http."""
        return [{"name": "sensor-hub", "value": self.world.accounts.enter(name).secret, "url": self.url}]


@pytest.fixture
def served(running: Served) -> Served:
    """What is behind the pages, as it was in the beginning."""
    running.fill()
    return running


def sign_in(page: Page, name: str, password: str = PASSWORD) -> None:
    """Sign in by the form that is open."""
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


@pytest.fixture
def visit(look: Looker, served: Served) -> Open:
    """Open a page by its path; ``as_`` has signed in: by the form over https, by what a browser keeps over http."""

    def open_page(path: str, as_: str | None = None, viewport: dict[str, int] = PHONE, **options: Any) -> Page:
        is_encrypted = served.cert is not None
        cookies = [] if as_ is None or is_encrypted else served.cookies(as_)
        page = look(served.url + path, viewport, cookies, ignore_https_errors=is_encrypted, **options)
        if as_ is not None and is_encrypted:
            sign_in(page, as_)
            page.wait_for_selector("[data-testid=visitor]")
        return page

    return open_page
