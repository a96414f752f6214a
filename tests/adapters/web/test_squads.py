"""Squads over REST: of each somebody sees the members they know, and changes nobody else's place."""

import pytest

from tests.adapters.web.world import World

OWN = {"X-Sensor-Hub": "1"}


@pytest.fixture
def world() -> World:
    world = World()
    world.fill()
    return world


def members(world: World, name: str) -> dict[str, list[str]]:
    answer = world.browser().get("/api/squads", world.signed_in(name))
    return {squad["name"]: squad["athletes"] for squad in answer.json()}


def test_a_coach_of_some_sees_only_those_in_a_squad(world: World) -> None:
    assert members(world, "coach-all") == {"Sprint": ["mia", "jon"], "Empty": []}
    assert members(world, "coach-mia") == {"Sprint": ["mia"], "Empty": []}
    world.squads.change("sprint", athletes=["jon"])
    assert members(world, "coach-mia") == {"Empty": []}


def test_a_coach_of_some_leaves_the_others_in_their_place(world: World) -> None:
    ask, headers = world.browser(), {**world.signed_in("coach-mia"), **OWN}
    answer = ask.request("PATCH", "/api/squads/sprint", headers, json={"athletes": []})
    assert (answer.status_code, answer.json()["athletes"]) == (200, [])
    assert world.squads.held["sprint"].athletes == ("jon",)


def test_who_comes_in_and_goes_over_rest_leaves_the_others_in_their_place(world: World) -> None:
    ask, headers = world.browser(), {**world.signed_in("coach-all"), **OWN}
    answer = ask.request("PATCH", "/api/squads/sprint", headers, json={"joining": ["ada"], "leaving": ["mia"]})
    assert (answer.status_code, set(answer.json()["athletes"])) == (200, {"jon", "ada"})
    headers = {**world.signed_in("coach-mia"), **OWN}
    assert ask.request("PATCH", "/api/squads/empty", headers, json={"leaving": ["jon"]}).status_code == 404
    assert set(world.squads.held["sprint"].athletes) == {"jon", "ada"}


def test_nobody_puts_in_whom_they_do_not_know(world: World) -> None:
    ask, headers = world.browser(), {**world.signed_in("coach-mia"), **OWN}
    for who in ("jon", "Jonas Okafor", "nobody"):
        answer = ask.request("POST", "/api/squads", headers, json={"name": "Mine", "athletes": [who]})
        assert answer.status_code == 404
    assert "mine" not in world.squads.held
    made = ask.request("POST", "/api/squads", headers, json={"name": "Mine", "athletes": ["mia lindqvist"]})
    assert (made.status_code, made.json()["athletes"]) == (201, ["mia"])


def test_a_squad_with_others_is_not_removed_and_one_of_others_is_not_there(world: World) -> None:
    ask, headers = world.browser(), {**world.signed_in("coach-mia"), **OWN}
    assert ask.request("DELETE", "/api/squads/sprint", headers).status_code == 403
    world.squads.change("sprint", athletes=["jon"])
    assert ask.request("DELETE", "/api/squads/sprint", headers).status_code == 404
    assert ask.request("DELETE", "/api/squads/none", headers).status_code == 404
    assert set(world.squads.held) == {"sprint", "empty"}
    boss = {**world.signed_in("boss"), **OWN}
    assert ask.request("DELETE", "/api/squads/Sprint", boss).status_code == 204
    assert set(world.squads.held) == {"empty"}


def test_a_name_that_is_taken_is_refused_with_the_reason(world: World) -> None:
    headers = {**world.signed_in("coach-all"), **OWN}
    answer = world.browser().request("POST", "/api/squads", headers, json={"name": "SPRINT"})
    assert answer.status_code == 409
    assert "give another name" in answer.json()["detail"]


def test_a_foreign_pages_form_changes_nothing(world: World) -> None:
    headers = world.signed_in("coach-all")
    ask = world.browser()
    assert ask.request("POST", "/api/squads", headers, json={"name": "Theirs"}).status_code == 403
    assert ask.request("DELETE", "/api/squads/empty", headers).status_code == 403
    assert set(world.squads.held) == {"sprint", "empty"}
