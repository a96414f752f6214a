"""Marks over REST: seen, not now, taken back; of what stands, and only as a program of our own would ask."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.adapters.web.asgi import Browser
from tests.adapters.web.hub import NOW, finding
from tests.adapters.web.world import World

OWN = {"X-Sensor-Hub": "1"}
AT = f"/api/findings/{finding().id}"


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def browser(world: World) -> Browser:
    return world.browser()


def test_a_finding_is_acknowledged_and_listed_with_its_mark(world: World, browser: Browser) -> None:
    answer = browser.request("POST", f"{AT}/acknowledge", OWN)
    assert answer.status_code == 200
    mark = {"level": "limit", "at_utc": NOW.isoformat().replace("+00:00", "Z"), "by": "api", "until_utc": None}
    assert answer.json()["mark"]["level"] == "limit"
    listed = {f["id"]: f for f in browser.get("/api/findings").json()}
    assert listed[finding().id]["mark"] == mark
    assert [f["mark"] for f in listed.values()].count(None) == len(listed) - 1
    page = browser.get("/api/athletes/mia").json()
    assert "mark" in page["findings"][0]


def test_who_marked_is_told_by_role(world: World, browser: Browser) -> None:
    world.fill()
    browser.request("POST", f"{AT}/acknowledge", {**world.signed_in("coach-mia"), **OWN})
    assert [mark.by for mark in world.marks.made] == ["coach"]


@pytest.mark.parametrize(
    ("until", "expected"),
    [
        ("morning", datetime(2026, 11, 21, 6, tzinfo=UTC)),
        ("3-days", datetime(2026, 11, 23, 6, tzinfo=UTC)),
        ("week-over", datetime(2026, 11, 22, 23, tzinfo=UTC)),
    ],
)
def test_a_snooze_ends_in_the_athletes_zone(world: World, browser: Browser, until: str, expected: datetime) -> None:
    answer = browser.request("POST", f"{AT}/snooze", OWN, json={"until": until})
    assert datetime.fromisoformat(answer.json()["mark"]["until_utc"]) == expected


def test_a_mark_is_taken_back(world: World, browser: Browser) -> None:
    browser.request("POST", f"{AT}/acknowledge", OWN)
    assert browser.request("POST", f"{AT}/unmark", OWN).json()["mark"] is None
    assert world.marks.made == []


def test_what_does_not_stand_is_marked_by_nobody(world: World, browser: Browser) -> None:
    gone = finding(measure="hard_load_bw_s", withdrawn=True)
    world.hub.withdrawn = (gone,)
    for key in (gone.id, "f" * 20, "x"):
        answer = browser.request("POST", f"/api/findings/{key}/acknowledge", OWN)
        assert answer.status_code == 404
        assert "GET /api/findings lists them" in answer.json()["detail"]
    assert world.marks.made == []


def test_a_foreign_page_and_a_plain_form_mark_nothing(world: World, browser: Browser) -> None:
    assert browser.request("POST", f"{AT}/acknowledge").status_code == 403
    assert browser.request("POST", f"{AT}/unmark").status_code == 403
    assert browser.request("POST", f"{AT}/snooze", OWN, content=b"until=morning").status_code == 415
    assert browser.request("POST", f"{AT}/snooze", OWN, json={"until": "for ever"}).status_code == 422
    assert browser.request("POST", f"{AT}/snooze", OWN, json={"until": "morning", "level": "near"}).status_code == 422
    assert world.marks.made == []


def test_withdrawn_findings_are_listed_where_they_are_asked_for(world: World, browser: Browser) -> None:
    world.hub.withdrawn = (finding(measure="hard_load_bw_s", withdrawn=True, updated_utc=NOW - timedelta(days=2)),)
    assert not any(f["withdrawn"] for f in browser.get("/api/findings").json())
    gone = [f for f in browser.get("/api/findings?withdrawn=true").json() if f["withdrawn"]]
    assert [f["measure"] for f in gone] == ["hard_load_bw_s"]
    assert browser.get("/api/findings?withdrawn=maybe").status_code == 422


def test_findings_of_somebody_who_is_in_no_registry_hide_nobody_elses(world: World, browser: Browser) -> None:
    world.hub.withdrawn = (finding("stranger", withdrawn=True, updated_utc=NOW),)
    answer = browser.get("/api/findings?withdrawn=true")
    assert answer.status_code == 200
    told = {f["athlete"]: f["mark"] for f in answer.json()}
    assert told["stranger"] is None
    assert {"mia", "jon"} <= told.keys()
