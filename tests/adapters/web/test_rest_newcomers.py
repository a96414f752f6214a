"""REST of a hub's first people."""

import pytest

from tests.adapters.web.world import World

OWN = {"X-Sensor-Hub": "1"}


@pytest.fixture(scope="module")
def made() -> World:
    return World()


@pytest.fixture
def world(made: World) -> World:
    made.begin_anew()
    return made


def test_an_athlete_is_added(world: World) -> None:
    body = {"display_name": "Ana", "zone": "Europe/Lisbon", "mass_kg": 58}
    answer = world.browser().request("POST", "/api/athletes", OWN, json=body)
    assert answer.status_code == 201
    assert answer.json() == {"athlete": "new0", "display_name": "Ana", "zone": "Europe/Lisbon"}
    assert world.newcomers.added[0].mass_kg == 58


@pytest.mark.parametrize("body", [{}, {"display_name": "", "zone": "UTC"}, {"display_name": "A", "zone": "U", "x": 1}])
def test_a_body_that_says_too_little_or_too_much_adds_nobody(world: World, body: object) -> None:
    assert world.browser().request("POST", "/api/athletes", OWN, json=body).status_code == 422
    assert world.newcomers.added == []


def test_a_plain_form_of_a_foreign_page_adds_nobody(world: World) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = world.browser().request("POST", "/api/athletes", headers, content=b"display_name=Ana&zone=UTC")
    assert answer.status_code in {403, 415, 421}
    assert world.browser().request("POST", "/api/simulated-squad", {}).status_code == 403
    assert world.newcomers.added == []
    assert world.newcomers.squad.n_athletes == 0


def test_why_somebody_cannot_be_added_is_said(world: World) -> None:
    world.newcomers.refused = "there is an athlete called 'Ana' already"
    answer = world.browser().request("POST", "/api/athletes", OWN, json={"display_name": "Ana", "zone": "UTC"})
    assert (answer.status_code, answer.json()["detail"]) == (409, "there is an athlete called 'Ana' already")


def test_simulated_runners_come_and_go(world: World) -> None:
    ask = world.browser().request
    none = {"n_athletes": 0, "n_running": 0, "doing": None, "n_done": 0, "n_total": 0, "problem": None}
    assert ask("GET", "/api/simulated-squad", OWN).json() == none
    assert ask("POST", "/api/simulated-squad", OWN).json() == {**none, "n_athletes": 6, "n_running": 3}
    assert ask("DELETE", "/api/simulated-squad", OWN).json() == none
