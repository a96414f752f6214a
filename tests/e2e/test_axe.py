"""The check itself: what it finds on a page that is wrong, and that a strict policy does not keep it out."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.axe import findings, serious
from tests.e2e.conftest import DESK
from tests.e2e.contexts import Contexts

pytestmark = pytest.mark.browser

POLICY = "default-src 'none'; script-src 'self'"
RIGHT = """<!doctype html><html lang="en"><title>A page</title><body><main><h1>Right</h1>
<label>Name <input></label></main></body></html>"""
WRONG = RIGHT.replace("<label>Name <input></label>", "<input><button></button>")


@pytest.fixture
def contexts(browser: Browser) -> Iterator[Contexts]:
    contexts = Contexts(browser)
    yield contexts
    contexts.close()


def opened(contexts: Contexts, html: str) -> Page:
    page = contexts.page(DESK)
    headers = {"content-type": "text/html", "content-security-policy": POLICY}
    page.route("**/*", lambda route: route.fulfill(body=html, headers=headers))
    page.goto("http://hub.test/")
    return page


def test_a_page_that_is_right_has_no_finding(contexts: Contexts) -> None:
    assert findings(opened(contexts, RIGHT)) == []


def test_what_is_wrong_is_told_with_its_place_under_a_strict_policy(contexts: Contexts) -> None:
    found = serious(opened(contexts, WRONG))
    assert [line.split(":")[0] for line in found] == ["critical button-name", "critical label", "serious target-size"]
    assert "<button>" in found[0]
    assert serious(opened(contexts, WRONG), within="h1") == []
