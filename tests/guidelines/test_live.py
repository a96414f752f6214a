"""Hills while a run goes on: counted where something tells the slope, and said where nothing does."""

from dataclasses import replace

import pytest

from sensor_hub.guidelines.evaluate import standing
from sensor_hub.guidelines.live import SETTLED_S, with_hills_said
from sensor_hub.model.load import LoadStatus, Totals
from sensor_hub.model.session import SessionSummary
from sensor_hub.words import headroom_note, headroom_sentence
from tests.guidelines.histories import NOW_UTC, RUNNER, run

PAST = [run(n, 10.0, hard_bw_s=50.0) for n in range(2, 40, 2)]


def going_on(**more: float | None) -> SessionSummary:
    totals = Totals(
        distance_m=5000.0, load_eq_km=5.0, load_eq_km_sd=0.2, load_bw_s=1500.0, hard_load_bw_s=10.0, coverage=1.0,
        duration_s=1800.0,
    )  # fmt: skip
    return replace(run(0, 5.0, more=replace(totals, **more)), ended=False)  # type: ignore[arg-type]


def told(current: SessionSummary) -> LoadStatus:
    status = standing(RUNNER, [*PAST, current], NOW_UTC, current.header.sid).status
    return with_hills_said(status, current)


def hills_missing(current: SessionSummary) -> dict[str, bool]:
    return {room.measure: room.without_hills for room in told(current).headroom}


def test_without_a_source_of_slopes_the_loads_say_that_hills_are_not_counted_and_the_distance_does_not() -> None:
    assert hills_missing(going_on()) == {"distance_m": False, "load_eq_km": True, "hard_load_bw_s": True}
    rooms = {room.measure: room for room in told(going_on()).headroom}
    assert headroom_sentence(rooms["load_eq_km"]).endswith("left. Hills are not counted live: nothing tells the slope.")
    assert "hills not counted live" in headroom_note(rooms["load_eq_km"])
    assert "ills" not in headroom_sentence(rooms["distance_m"]) + headroom_note(rooms["distance_m"])


@pytest.mark.parametrize("uphill_s", [0.0, 300.0])
def test_where_the_slope_is_told_nothing_is_said_of_it(uphill_s: float) -> None:
    assert not any(hills_missing(going_on(uphill_s=uphill_s)).values())


def test_nothing_is_said_of_hills_in_the_first_minutes_on_a_treadmill_after_the_end_or_without_a_load() -> None:
    current = going_on()
    assert not any(hills_missing(going_on(duration_s=SETTLED_S - 1)).values())
    assert not any(hills_missing(replace(current, header=replace(current.header, surface="treadmill"))).values())
    assert not any(hills_missing(replace(current, ended=True)).values())
    assert not any(hills_missing(going_on(load_eq_km=None, load_bw_s=None)).values())
    status = told(current)
    assert with_hills_said(replace(status, headroom=()), None).headroom == ()
