"""Signing in, in a real browser over https and http: a phone and a desk, light and dark, and pages that end."""

import datetime as dt
import os
import ssl
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from sensor_hub.adapters.web import WebServer
from sensor_hub.model.diary import ConsentCategory
from tests import need
from tests.adapters.web.accounts import PASSWORD
from tests.adapters.web.certificates import certificate
from tests.adapters.web.world import World
from tests.e2e.test_keeping_pages import NAMELESS, TOO_SMALL
from tests.e2e.test_pages import DESK, FLAGS, LOW_CONTRAST, PHONE

pytestmark = pytest.mark.browser
SIZES = pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
SCHEMES = pytest.mark.parametrize("scheme", ["light", "dark"])
UNNAMED = NAMELESS.replace(".filter((e) =>", ".filter((e) => e.type !== 'hidden' &&", 1)
ENDS_MS = 5000  # an open page of somebody who may no longer see it
EVERYTHING: frozenset[ConsentCategory] = frozenset(("load", "pain", "medication"))
Open = Callable[..., Page]


class Served:
    """A world on a server, over https."""

    def __init__(self, folder: Path) -> None:
        self.world = World()
        cert, key = certificate(folder, "hub")
        self.cert = cert
        self.server = WebServer(self.world.app, port=0, cert=cert, key=key)

    @property
    def url(self) -> str:
        return self.server.url


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    served = Served(tmp_path_factory.mktemp("tls"))
    served.server.start()
    yield served
    served.server.stop()


@pytest.fixture
def served(running: Served) -> Served:
    running.world.begin_anew()
    running.world.accounts.now_utc = dt.datetime.now(dt.UTC)  # the browser has a clock of its own
    running.world.fill()
    return running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = need.command("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(browser: Browser, served: Served) -> Iterator[Open]:
    """Open a page in a browser of its own; ``as_`` signs in first, by the form."""
    contexts = []
    complaints: list[str] = []

    def said(message: Any) -> None:
        refused = "the server responded with a status of 4" in message.text  # a wrong password, a page that ended
        if message.type in {"error", "warning"} and not refused:
            complaints.append(message.text)

    def open_page(path: str, as_: str | None = None, viewport: dict[str, int] = PHONE, **options: Any) -> Page:
        context = browser.new_context(viewport=viewport, ignore_https_errors=True, **options)  # type: ignore[arg-type]
        contexts.append(context)
        context.set_default_timeout(8000)
        page = context.new_page()
        page.on("console", said)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(served.url + path)
        if as_ is not None:
            sign_in(page, as_)
        page.wait_for_selector(".page")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [text for text in complaints if "WebSocket" not in text] == []


def sign_in(page: Page, name: str, password: str = PASSWORD) -> None:
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def picture(page: Page, name: str) -> None:
    """Keep a picture where somebody asked for it: SENSOR_HUB_PICTURES names a folder."""
    folder = os.environ.get("SENSOR_HUB_PICTURES")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@SIZES
@SCHEMES
def test_the_form_fits_reads_well_and_can_be_hit(
    visit: Open, served: Served, viewport: dict[str, int], scheme: str
) -> None:
    page = visit("/athlete/mia", viewport=viewport, color_scheme=scheme)
    expect(page).to_have_url(f"{served.url}/sign-in?next=/athlete/mia")
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    for rule in (LOW_CONTRAST, TOO_SMALL, UNNAMED):
        assert page.evaluate(rule) == []
    picture(page, f"sign-in-{scheme}-{viewport['width']}")
    sign_in(page, "mia", "wrong")
    expect(page.get_by_test_id("problem")).to_contain_text("do not let you in")
    picture(page, f"sign-in-refused-{scheme}-{viewport['width']}")
    sign_in(page, "mia")
    expect(page.locator("h1")).to_have_text("Mia Lindqvist")
    expect(page).to_have_url(f"{served.url}/athlete/mia")
    assert page.context.cookies()[0]["name"] == "__Host-sensor-hub"
    assert page.evaluate("document.cookie") == ""


@SIZES
@SCHEMES
@pytest.mark.parametrize("path", ["/account", "/accounts"])
def test_pages_of_accounts_fit_read_well_and_can_be_hit(
    visit: Open, viewport: dict[str, int], scheme: str, path: str
) -> None:
    page = visit(path, "boss", viewport, color_scheme=scheme)
    expect(page.locator("h1")).to_have_text({"/account": "Account", "/accounts": "Accounts"}[path])
    for box in page.locator("details > summary").all():
        box.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    for rule in (LOW_CONTRAST, TOO_SMALL, UNNAMED):
        assert page.evaluate(rule) == []
    picture(page, f"{path[1:]}-{scheme}-{viewport['width']}")


def test_a_page_works_over_its_websocket_and_signing_out_ends_it_everywhere(visit: Open, served: Served) -> None:
    page = visit("/athlete/mia", "mia")
    other = page.context.new_page()
    other.goto(f"{served.url}/athlete/mia/runs")
    expect(other.get_by_test_id("visitor")).to_contain_text("mia, runner")
    served.world.hub.change("mia", cadence_spm=191.0)
    expect(page.get_by_test_id("tile-mia")).to_contain_text("191")
    other.get_by_test_id("sign-out").click()
    expect(other).to_have_url(f"{served.url}/sign-in")
    expect(page.get_by_test_id("ended")).to_be_visible(timeout=ENDS_MS)
    assert "Mia" not in page.locator("body").inner_text()
    expect(page.get_by_test_id("sign-in-again")).to_have_attribute("href", "/sign-in?next=/athlete/mia")
    served.world.hub.change("mia", cadence_spm=155.0)
    time.sleep(0.6)
    assert "155" not in page.locator("body").inner_text()
    page.get_by_test_id("sign-in-again").click()
    sign_in(page, "mia")
    expect(page.get_by_test_id("tile-mia")).to_contain_text("155")


@pytest.mark.parametrize("change", ["disabled", "role", "removed"])
def test_an_open_page_ends_when_its_account_does(visit: Open, served: Served, change: str) -> None:
    page = visit("/athlete/mia", "coach-mia")
    expect(page.get_by_test_id("tile-mia")).to_be_visible()
    match change:
        case "disabled":
            served.world.accounts.change("coach-mia", disabled=True)
        case "role":
            served.world.accounts.change("coach-mia", role="runner", athletes=["jon"])
        case _:
            served.world.accounts.remove("coach-mia")
    expect(page.get_by_test_id("ended")).to_be_visible(timeout=ENDS_MS)
    assert "Mia" not in page.locator("body").inner_text()


def test_an_open_page_ends_when_a_consent_is_withdrawn(visit: Open, served: Served) -> None:
    served.world.guide.allowed["mia"] = EVERYTHING
    page = visit("/athlete/mia/diary", "coach-mia")
    expect(page.get_by_test_id("lines")).to_be_visible()
    assert page.locator(".body form").count() == 0, "a coach writes nothing"
    served.world.guide.allowed["mia"] = frozenset(("load",))
    expect(page.get_by_test_id("ended")).to_be_visible(timeout=ENDS_MS)
    page.get_by_test_id("sign-in-again").click()
    expect(page.locator("h1")).to_have_text("Not yours to see")


def test_what_is_tapped_is_asked_for_again_at_that_moment(visit: Open, served: Served) -> None:
    page = visit("/athlete/mia/runs", "boss")
    page.get_by_test_id("add-run").locator("summary").click()
    form = page.get_by_test_id("add-run-form")
    form.locator("[name=day]").fill("2026-11-19")
    served.world.accounts.change("boss", disabled=True)
    form.get_by_role("button", name="Add").click(force=True)
    expect(page.get_by_test_id("ended")).to_be_visible(timeout=ENDS_MS)
    assert served.world.keeping.edits == []


# who sees what, by the address: the heading, or that it is not theirs, or that there is nothing
MATRIX = {
    "mia": {
        "/": "Mia Lindqvist", "/athlete/mia": "Mia Lindqvist", "/athlete/mia/diary": "Diary",
        "/athlete/mia/data": "Data",
        "/athlete/jon": "No such runner", "/session/jon-1": "No such", "/roster": "Not yours",
        "/accounts": "Not yours", "/account": "Account",
    },
    "coach-mia": {
        "/": "Runners", "/athlete/mia": "Mia Lindqvist", "/athlete/mia/diary": "Not yours",
        "/athlete/mia/data": "Not yours", "/athlete/jon": "No such runner", "/roster": "Pods",
        "/accounts": "Not yours",
    },
    "boss": {
        "/": "Runners", "/athlete/jon": "Jonas Okafor", "/athlete/mia/diary": "Not yours", "/athlete/mia/data": "Data",
        "/roster": "Pods", "/accounts": "Accounts",
    },
}  # fmt: skip


@pytest.mark.parametrize("who", MATRIX)
def test_who_signs_in_sees_what_is_theirs_and_nothing_else(visit: Open, served: Served, who: str) -> None:
    page = visit("/", who)
    expect(page.get_by_test_id("visitor")).to_be_visible()
    for path, heading in MATRIX[who].items():
        page.goto(served.url + path)
        expect(page.locator("h1")).to_contain_text(heading)
    page.goto(served.url)
    if who == "mia":
        expect(page).to_have_url(f"{served.url}/athlete/mia/today")
        return
    n_shown = 1 if who == "coach-mia" else len(served.world.hub.roster)
    expect(page.locator("article.tile")).to_have_count(n_shown)


def test_a_password_is_changed_and_other_browsers_are_signed_out(visit: Open, served: Served) -> None:
    other = visit("/", "mia")
    page = visit("/account", "mia")
    form = page.get_by_test_id("password-form")
    form.get_by_label("Password until now").fill(PASSWORD)
    form.locator("[name=new]").fill("another long password")
    form.locator("[name=again]").fill("another lung password")
    form.get_by_role("button").click()
    expect(form.get_by_role("alert")).to_contain_text("not the same")
    form.locator("[name=again]").fill("another long password")
    form.get_by_role("button").click()
    expect(page.locator("h1")).to_have_text("Sign in")
    expect(other.get_by_test_id("ended")).to_be_visible(timeout=ENDS_MS)
    sign_in(page, "mia", "another long password")
    page.goto(f"{served.url}/account")
    expect(page.get_by_test_id("browsers").locator("li")).to_have_count(1)
    assert served.world.accounts.passwords["acc-2"] == "another long password"


def test_a_token_is_shown_once_and_lets_a_program_in_until_it_is_removed(visit: Open, served: Served) -> None:
    page = visit("/account", "mia")
    page.get_by_test_id("token-form").get_by_label("What it is for").fill("lamp")
    page.get_by_role("button", name="Make a token").click()
    secret = page.get_by_test_id("token-secret").inner_text()
    headers = {"Authorization": f"Bearer {secret}"}
    believed = ssl.create_default_context(cafile=served.cert)
    with httpx.Client(base_url=served.url, headers=headers, verify=believed) as client:
        assert client.get("/api/athletes/mia").status_code == 200
        assert client.post("/api/athletes/mia/undo", json={}).status_code == 403
        page.reload()
        expect(page.get_by_test_id("tokens")).to_contain_text("lamp: reads only")
        assert secret not in page.content()
        page.get_by_test_id("tokens").get_by_role("button", name="Remove").click()
        expect(page.get_by_test_id("tokens")).to_contain_text("No token.")
        assert client.get("/api/athletes/mia").status_code == 401


def test_an_admin_adds_changes_and_removes_an_account(visit: Open, served: Served) -> None:
    page = visit("/accounts", "boss")
    box = page.get_by_test_id("add-account")
    box.locator("summary").click()
    box.get_by_label("Name").fill("jonas")
    box.locator("[name=athletes]").fill("Jonas Okafor")
    box.get_by_label("New password").fill("short")
    box.get_by_role("button", name="Add an account").click()
    expect(box.get_by_role("alert")).to_contain_text("too easy")
    box.get_by_label("New password").fill("long enough a password")
    box.get_by_role("button", name="Add an account").click()
    card = page.get_by_test_id("account-jonas")
    expect(card).to_contain_text("Jonas Okafor")
    card.locator("summary").click()
    card.get_by_label("May not sign in").check()
    card.get_by_role("button", name="Save").click()
    expect(card).to_contain_text("disabled")
    card.locator("summary").click()
    card.get_by_test_id("remove-jonas").locator("input").fill("jonas")
    card.get_by_role("button", name="Remove").click()
    expect(card).to_have_count(0)
    assert "jonas" not in served.world.accounts.held


def test_without_an_account_this_machine_is_the_operator(visit: Open, served: Served) -> None:
    served.world.begin_anew()
    page = visit("/")
    expect(page.get_by_test_id("visitor")).to_have_count(0)
    page.goto(f"{served.url}/athlete/mia/diary")
    expect(page.get_by_test_id("lines")).to_be_visible()
    served.world.fill()
    expect(page.get_by_test_id("ended")).to_be_visible(timeout=ENDS_MS)
