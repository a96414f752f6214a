"""The check itself: what it finds on a page that is wrong, and that a strict policy does not keep it out."""

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.axe import findings, serious

pytestmark = pytest.mark.browser

POLICY = "default-src 'none'; script-src 'self'"
RIGHT = """<!doctype html><html lang="en"><title>A page</title><body><main><h1>Right</h1>
<label>Name <input></label></main></body></html>"""
WRONG = RIGHT.replace("<label>Name <input></label>", "<input><button></button>")


def opened(browser: Browser, html: str) -> Page:
    page = browser.new_page()
    headers = {"content-type": "text/html", "content-security-policy": POLICY}
    page.route("**/*", lambda route: route.fulfill(body=html, headers=headers))
    page.goto("http://hub.test/")
    return page


def test_a_page_that_is_right_has_no_finding(shared_browser: Browser) -> None:
    assert findings(opened(shared_browser, RIGHT)) == []


def test_what_is_wrong_is_told_with_its_place_under_a_strict_policy(shared_browser: Browser) -> None:
    found = serious(opened(shared_browser, WRONG))
    assert [line.split(":")[0] for line in found] == ["critical button-name", "critical label", "serious target-size"]
    assert "<button>" in found[0]
    assert serious(opened(shared_browser, WRONG), within="h1") == []
