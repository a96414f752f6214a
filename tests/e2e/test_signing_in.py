"""Signing in, in a real browser over https: the form, on a phone and on a desk, light and dark, and what it lets in."""

import ssl
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import expect

from tests.adapters.web.accounts import PASSWORD
from tests.adapters.web.certificates import certificate
from tests.e2e.faults import everywhere
from tests.e2e.keeping import SIZES
from tests.e2e.with_accounts import ENDS_MS, Open, Served, served, sign_in, visit

pytestmark = pytest.mark.browser
__all__ = ["served", "visit"]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    cert, key = certificate(tmp_path_factory.mktemp("tls"), "hub")
    with Served.over(cert, key) as served:
        yield served


@SIZES
def test_the_form_fits_reads_well_and_can_be_hit(visit: Open, served: Served, viewport: dict[str, int]) -> None:
    page = visit("/athlete/mia", viewport=viewport)
    expect(page).to_have_url(f"{served.url}/sign-in?next=/athlete/mia")
    assert everywhere(page, sizes=(viewport,)) == {}
    sign_in(page, "mia", "wrong")
    expect(page.get_by_test_id("problem")).to_contain_text("do not let you in")
    assert everywhere(page, sizes=(viewport,)) == {}
    sign_in(page, "mia")
    expect(page.locator("h1")).to_have_text("Mia Lindqvist")
    expect(page).to_have_url(f"{served.url}/athlete/mia")
    assert page.context.cookies()[0]["name"] == "__Host-sensor-hub"
    assert page.evaluate("document.cookie") == ""


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
    page.wait_for_timeout(600)  # more than a page of somebody who may see it takes
    assert "155" not in page.locator("body").inner_text()
    page.get_by_test_id("sign-in-again").click()
    sign_in(page, "mia")
    expect(page.get_by_test_id("tile-mia")).to_contain_text("155")


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
