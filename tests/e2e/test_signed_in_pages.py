"""Pages of who has signed in, in a real browser: what is theirs, accounts and tokens, and pages that end."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from sensor_hub.model.diary import ConsentCategory
from tests.e2e.faults import everywhere
from tests.e2e.with_accounts import ENDS_MS, Open, Served, served, sign_in, visit

pytestmark = pytest.mark.browser
__all__ = ["served", "visit"]
EVERYTHING: frozenset[ConsentCategory] = frozenset(("load", "pain", "medication"))


@pytest.fixture(scope="module")
def running() -> Iterator[Served]:
    with Served.over() as served:
        yield served


@pytest.mark.parametrize("path", ["/account", "/accounts"])
def test_pages_of_accounts_fit_read_well_and_can_be_hit(visit: Open, path: str) -> None:
    page = visit(path, "boss")
    expect(page.locator("h1")).to_have_text({"/account": "Account", "/accounts": "Accounts"}[path])
    for box in page.locator("details > summary").all():
        box.click()
    assert everywhere(page) == {}


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
    page = visit("/sign-in")
    sign_in(page, who)
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
