"""The weekly report: whose line says what, to whom, and for which week."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest

from tests.adapters.web.hub import MONDAY, finding
from tests.adapters.web.world import World

WEEK = timedelta(weeks=1)


@pytest.fixture
def world() -> Iterator[World]:
    made = World()
    yield made
    made.hub.roster = []


def lines(world: World, query: str = "", headers: dict[str, str] | None = None) -> list[dict[str, object]]:
    answer = world.browser().get(f"/api/report{query}", headers=headers or {})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, object]] = answer.json()
    return found


def test_everybody_has_a_line_and_those_with_an_alert_stand_first(world: World) -> None:
    found = lines(world)
    assert {line["athlete"] for line in found} == {tile.athlete.id for tile in world.hub.tiles()}
    assert found[0]["athlete"] == "mia"
    assert found[0]["findings"]


def test_sums_and_week_lines_are_those_of_the_week_that_was_asked_for(world: World) -> None:
    def of_mia(query: str) -> dict[str, object]:
        return next(line for line in lines(world, query) if line["athlete"] == "mia")

    newest, before = of_mia(""), of_mia(f"?week={MONDAY - timedelta(days=1)}")
    assert newest["week_from"] == MONDAY.isoformat()
    assert (newest["distance_m"], newest["limit_distance_m"]) == (29_400.0, 52_300.0)
    assert before["week_from"] == (MONDAY - WEEK).isoformat()
    assert before["distance_m"] == 47_500.0
    assert before["load_eq_km"] == pytest.approx(47.5 * 1.04)


def test_a_week_in_which_nothing_is_known_is_null_and_no_zero(world: World) -> None:
    unknown = MONDAY - 7 * WEEK
    rested = MONDAY - 4 * WEEK
    of_mia = {
        week: next(line["distance_m"] for line in lines(world, f"?week={week}") if line["athlete"] == "mia")
        for week in (unknown, rested, MONDAY - 30 * WEEK)
    }
    assert list(of_mia.values()) == [None, 0.0, None]


def test_a_finding_of_another_week_is_not_told(world: World) -> None:
    world.hub.roster = [
        replace(tile, findings=(finding("ada", scope=f"week:{(MONDAY - WEEK).isoformat()}", rule="week-limit"),))
        for tile in world.hub.tiles()
        if tile.athlete.id == "ada"
    ]
    assert lines(world)[0]["findings"] == []
    assert lines(world, f"?week={MONDAY - WEEK}")[0]["findings"]


def test_a_coach_sees_no_load_of_somebody_who_does_not_share_it(world: World) -> None:
    world.fill()
    world.guide.allowed = {"mia": frozenset()}
    (line,) = lines(world, headers=world.signed_in("coach-mia"))
    assert line["shows_load"] is False
    assert (line["n_runs"], line["distance_m"], line["load_eq_km"], line["findings"]) == (None, None, None, [])
    page = world.browser().get("/report", headers=world.signed_in("coach-mia"))
    assert "does not share what was run" in page.text
    assert "29.4" not in page.text


def test_what_decides_is_told_to_a_coach_who_may_see_pain_and_medicines_only(world: World) -> None:
    world.fill()
    coach = world.signed_in("coach-mia")
    world.guide.allowed = {"mia": frozenset(("load", "pain"))}
    assert lines(world, headers=coach)[0]["standing"] is None
    world.guide.allowed = {"mia": frozenset(("load", "pain", "medication"))}
    assert lines(world, headers=coach)[0]["standing"] is not None
    assert lines(world, f"?week={MONDAY - WEEK}", coach)[0]["standing"] is None, "it is of now"


def test_a_runner_gets_their_own_line_alone(world: World) -> None:
    world.fill()
    assert [line["athlete"] for line in lines(world, headers=world.signed_in("mia"))] == ["mia"]


def test_the_page_says_week_sums_and_reasons_and_is_one_table(world: World) -> None:
    page = unescape(world.browser().get("/report").text)
    assert "Week from 16 Nov" in page
    assert page.count("<table") == 1
    assert "29.4 km" in page.replace("\u00a0", " ")
    assert "Training information, not medical advice" in page
    assert "<script" not in page


@pytest.mark.parametrize("query", ["?week=yesterday", "?week=2026-13-01", f"?squad={'x' * 65}"])
def test_a_week_or_a_squad_that_can_be_none_is_refused(world: World, query: str) -> None:
    assert world.browser().get(f"/report{query}").status_code == 422


@pytest.mark.parametrize("week", ["0001-01-01", "9999-12-31"])
def test_a_week_at_the_end_of_the_calendar_is_one_of_which_nothing_is_known(world: World, week: str) -> None:
    page = world.browser().get(f"/report?week={week}")
    assert page.status_code == 200
    assert all(line["distance_m"] is None for line in lines(world, f"?week={week}"))


def test_at_least_so_much_above_the_week_line_is_above_it(world: World) -> None:
    found = world.hub.athlete("mia")
    assert found is not None
    bar = replace(found.weeks[-1], distance_m=60_000.0, lower_bound=True)
    world.hub.athlete = lambda athlete: replace(found, weeks=(bar,)) if athlete == "mia" else None  # type: ignore[method-assign]
    page = unescape(world.browser().get("/report").text).replace("\u00a0", " ")
    assert "▲</span> ≥ 60.0 km" in page


def test_of_a_longest_run_that_was_partly_recorded_the_load_is_at_least_so_much(world: World) -> None:
    known = world.hub.session("mia-1")
    assert known is not None
    totals = replace(known.totals, load_eq_km=9.1, load_eq_km_sd=0.4, coverage=0.61)
    world.hub.session = lambda sid: replace(known, totals=totals)  # type: ignore[method-assign]
    page = unescape(world.browser().get("/report").text).replace("\u00a0", " ")
    assert "11.9 km, ≥ 9.1 eq-km<" in page


def test_an_unknown_squad_is_everybody_and_says_no_name(world: World) -> None:
    assert len(lines(world, "?squad=nosuch")) == len(world.hub.tiles())
