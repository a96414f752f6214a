"""REST of who is told: an address goes in by a private way, and never comes out."""

from typing import Any

import httpx
import pytest

from tests.adapters.web.world import World

OWN = {"X-Sensor-Hub": "1"}
SECRET = "a-s3cret-topic"  # noqa: S105 (of nobody)
BODY = {"url": f"ntfys://ntfy.sh/{SECRET}", "label": "Watch", "zone": "Europe/Berlin", "quiet_from": "21:30",
        "numbers": True}  # fmt: skip
MIAS = "/api/athletes/mia/addressees"


@pytest.fixture(scope="module")
def shared() -> World:
    return World()


@pytest.fixture
def world(shared: World) -> World:
    shared.begin_anew()
    shared.fill()
    return shared


def ask(world: World, method: str, path: str, body: Any = None, as_: str = "mia", **more: Any) -> httpx.Response:
    headers = {**world.signed_in(as_), **OWN}
    sent = {} if body is None else {"json": body}
    return world.browser(**more).request(method, path, headers, **sent)


def test_an_address_is_added_and_its_answer_does_not_have_it(world: World) -> None:
    answer = ask(world, "POST", MIAS, BODY)
    assert answer.status_code == 201
    assert world.addressees.urls == [BODY["url"]]
    assert SECRET not in answer.text
    told = answer.json()
    assert (told["label"], told["service"], told["quiet_from"], told["numbers"]) == ("Watch", "ntfys", "21:30:00", True)
    listed = ask(world, "GET", MIAS)
    assert SECRET not in listed.text
    assert [one["label"] for one in listed.json()] == ["Watch", "My phone"]


def test_why_nobody_can_be_told_there_is_a_conflict_that_says_it(world: World) -> None:
    world.addressees.refused = "no service is known by that address"
    answer = ask(world, "POST", MIAS, BODY)
    assert (answer.status_code, answer.json()["detail"]) == (409, "no service is known by that address")
    world.addressees.refused = "ntfy answered 403 and did not take it"
    answer = ask(world, "POST", f"{MIAS}/to-mia/test")
    assert (answer.status_code, answer.json()["detail"]) == (409, "ntfy answered 403 and did not take it")


@pytest.mark.parametrize(
    "body", [{**BODY, "url": ""}, {**BODY, "quiet_from": "late"}, {**BODY, "more": 1}, {**BODY, "label": "x" * 61}]
)
def test_what_is_wrong_is_named_and_not_repeated(world: World, body: dict[str, Any]) -> None:
    answer = ask(world, "POST", MIAS, body)
    assert answer.status_code == 422
    assert SECRET not in answer.text


def test_a_token_may_add_no_address_that_would_outlive_it(world: World) -> None:
    headers = {**world.token("mia", reads_only=False), **OWN}
    answer = world.browser().request("POST", MIAS, headers, json=BODY)
    assert answer.status_code == 403
    assert world.addressees.urls == []


def test_an_address_is_not_taken_in_the_clear(world: World) -> None:
    assert ask(world, "POST", MIAS, BODY, peer="192.168.1.20").status_code in {401, 403}
    assert world.addressees.urls == []


@pytest.mark.parametrize("path", ["to-jon", "own-acc-3", "nothing"])
def test_somebody_elses_address_is_like_one_that_is_not_there(world: World, path: str) -> None:
    world.addressees.of_athlete("jon")
    world.addressees.of_coach("acc-3")
    for method, more in (("DELETE", ""), ("POST", "/test")):
        for base, as_ in ((MIAS, "mia"), ("/api/account/addressees", "coach-jon")):
            answer = ask(world, method, f"{base}/{path}{more}", as_=as_)
            assert answer.status_code == 404, (method, base)
    assert world.addressees.removed == set()
    assert world.addressees.tried == []


def test_a_coach_adds_and_removes_their_own(world: World) -> None:
    account = world.accounts.held["coach-mia"].id
    made = ask(world, "POST", "/api/account/addressees", BODY, as_="coach-mia").json()["id"]
    assert world.addressees.held[made].addressee.account == account
    assert ask(world, "POST", f"/api/account/addressees/{made}/test", as_="coach-mia").json() == {"tried": True}
    left = ask(world, "DELETE", f"/api/account/addressees/{made}", as_="coach-mia").json()
    assert [one["id"] for one in left] == [f"own-{account}"]


@pytest.mark.parametrize("as_", ["mia", "boss"])
def test_who_coaches_nobody_has_no_addresses_of_a_coach(world: World, as_: str) -> None:
    assert ask(world, "GET", "/api/account/addressees", as_=as_).status_code == 403


def test_an_admin_sees_nobodys_addresses(world: World) -> None:
    assert ask(world, "GET", MIAS, as_="boss").status_code == 403


def test_a_form_of_a_foreign_page_changes_nothing(world: World) -> None:
    headers = world.signed_in("mia")
    for method, path in (("POST", MIAS), ("DELETE", f"{MIAS}/to-mia"), ("POST", f"{MIAS}/to-mia/test")):
        assert world.browser().request(method, path, headers, json=BODY).status_code == 403
    assert (world.addressees.urls, world.addressees.removed, world.addressees.tried) == ([], set(), [])
