"""The coach's page as it is sent: what it links, what it may do in a browser, and nobody in it."""

import re

import pytest

from sensor_hub.adapters.web import WriteSide, create_app
from sensor_hub.adapters.web.scripts import COACH
from sensor_hub.model.squad import Squad
from tests.adapters.web.asgi import Browser
from tests.adapters.web.hub import ScriptedHub
from tests.adapters.web.newcomers import ScriptedNewcomers
from tests.adapters.web.squads import ScriptedSquads
from tests.adapters.web.world import World


@pytest.fixture
def world() -> World:
    world = World()
    world.fill()
    return world


def test_only_the_hubs_own_script_and_style_may_run(world: World) -> None:
    answer = world.browser().get("/", world.signed_in("coach-all"))
    policy = dict(part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; "))
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["default-src"] == policy["form-action"] == policy["frame-ancestors"] == "'none'"
    assert answer.headers["cache-control"] == "no-store"
    scripts = re.findall(r"<script([^>]*)>", answer.text)
    assert [("src=" in script or "application/json" in script) for script in scripts] == [True, True]
    assert " style=" not in answer.text
    assert re.search(r"\son[a-z]+=", answer.text) is None


def test_scripts_are_the_same_for_everybody_under_a_name_that_changes_with_them(world: World) -> None:
    for url, source in COACH.by_url.items():
        assert re.fullmatch(r"/assets/script-[0-9a-f]{12}/[a-z]+\.js", url)
        answer = world.browser().get(url, {})
        assert (answer.status_code, answer.content) == (200, source)
        assert answer.headers["content-type"].startswith("text/javascript")
        assert "immutable" in answer.headers["cache-control"]


def test_no_word_is_written_in_a_script() -> None:
    shown = re.compile(rb"(?:textContent|innerText|innerHTML|ariaLabel|title)\s*=\s*[\"'`]\w")
    assert not [url for url, source in COACH.by_url.items() if shown.search(source) or b"innerHTML" in source]


def test_the_page_itself_shows_nobody(world: World) -> None:
    for name in ("coach-all", "coach-mia", "boss"):
        text = world.browser().get("/", world.signed_in(name)).text
        assert not [t for t in world.hub.roster if t.athlete.display_name in text or f"/{t.athlete.id}" in text]


def test_a_squad_is_called_what_it_likes(world: World) -> None:
    world.squads.held = {"x": Squad("x", "</script><script>alert(1)</script>")}
    text = world.browser().get("/", world.signed_in("coach-all")).text
    assert "<script>alert" not in text
    assert text.count("</script>") == 2


def test_links_are_those_one_may_follow(world: World) -> None:
    def linked(name: str) -> set[str]:
        return set(re.findall(r'href="(/[^"]*)"', world.browser().get("/", world.signed_in(name)).text))

    assert {"/roster", "/squads", "/rules", "/account"} <= linked("coach-all")
    assert not {"/accounts", "/api/backup", "/start"} & linked("coach-all")
    assert {"/accounts", "/api/backup", "/start"} <= linked("boss")


def test_who_has_nobody_to_watch_goes_to_their_own_page(world: World) -> None:
    answer = world.browser().get("/", world.signed_in("mia"))
    assert (answer.status_code, answer.headers["location"]) == (303, "/athlete/mia/today")


def test_an_empty_hub_points_to_the_first_steps_where_they_can_be_taken() -> None:
    plain = Browser(create_app(ScriptedHub())).get("/", {}).text
    assert "sensor-hub athlete add" in plain
    offered = Browser(create_app(ScriptedHub(), WriteSide(newcomers=ScriptedNewcomers()))).get("/", {}).text
    assert 'href="/start"' in offered


def test_filters_are_offered_to_who_may_see_squads() -> None:
    text = Browser(create_app(ScriptedHub(), WriteSide(squads=ScriptedSquads()))).get("/", {}).text
    assert 'id="chips"' in text
    assert '"name": "Sprint"' in text
