"""What a ring of headroom says and draws."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.adapters.web.rings import LIMIT_AT, NONE, Ring, path_of, shared
from sensor_hub.model.load import Headroom, InstrumentChange, Totals

ROOM = Headroom("load_eq_km", 9.0, 10.0, 4.0, 6.0, "normal")


def ring(**changes: object) -> Ring:
    return Ring.of(replace(ROOM, **changes), "load_eq_km")  # type: ignore[arg-type]


def test_a_ring_says_what_is_left_and_is_filled_up_to_what_was_run() -> None:
    drawn = ring()
    assert (drawn.digits, drawn.unit) == ("6.0", "eq-km left")
    assert drawn.so_far.replace("\u00a0", " ") == "4.0 of 10.0 eq-km"
    assert (drawn.state, drawn.notes) == ("ok", ())
    assert drawn.fill == pytest.approx((0.0, 0.4 * LIMIT_AT))
    assert drawn.over == drawn.open == drawn.band == NONE


def test_from_nine_tenths_on_it_is_near() -> None:
    assert ring(so_far=8.99, left=1.01).state == "ok"
    assert ring(so_far=9.0, left=1.0).state == "near"


def test_above_the_limit_the_arc_goes_on_beyond_it() -> None:
    drawn = ring(so_far=11.0, left=-1.0, probability=0.95)
    assert (drawn.digits, drawn.unit, drawn.state) == ("+1.0", "eq-km above", "above")
    assert drawn.fill == (0.0, LIMIT_AT)
    assert drawn.over == pytest.approx((LIMIT_AT, 1.1 * LIMIT_AT))


def test_too_close_to_call_is_said_and_not_painted_past_the_limit() -> None:
    drawn = ring(so_far=10.2, left=-0.2, probability=0.6)
    assert (drawn.digits, drawn.unit, drawn.state) == ("≈", "too close to call", "near")
    assert drawn.over == NONE
    assert drawn.fill == (0.0, LIMIT_AT)


def test_what_is_known_to_be_at_least_so_much_has_an_open_end() -> None:
    drawn = ring(left=None, reason="low-coverage")
    assert drawn.so_far.startswith("≥")
    assert (drawn.digits, drawn.state) == ("–", "unjudged")
    assert drawn.open[0] == pytest.approx(0.4 * LIMIT_AT)
    assert drawn.open[1] > drawn.open[0]


@pytest.mark.parametrize("value", [None, math.nan])
def test_what_is_not_known_has_no_arc_at_all(value: float | None) -> None:
    drawn = ring(so_far=value, left=None, limit=None, reason="no-history", confidence="learning")
    assert (drawn.digits, drawn.unit, drawn.state) == ("–", "not known", "unknown")
    assert drawn.fill == drawn.over == drawn.open == drawn.band == NONE
    assert any("no earlier run" in note for note in drawn.notes)


def test_how_long_it_has_learned_is_said_where_that_is_known() -> None:
    room = replace(ROOM, confidence="learning")
    assert Ring.of(room, "load_eq_km", days=6).notes == ("learning, 6 of 14\u00a0days",)
    assert Ring.of(room, "load_eq_km").notes == ("still learning",)
    assert Ring.of(ROOM, "load_eq_km", days=6).notes == ()


def test_headroom_that_is_held_back_says_why() -> None:
    room = replace(ROOM, left=None, reason="held")
    drawn = Ring.of(room, "load_eq_km", held="no running now")
    assert (drawn.digits, drawn.notes) == ("–", ("no running now",))
    assert Ring.of(room, "load_eq_km").notes == ("held back for now",)


def test_after_another_sensor_it_says_that_loads_are_learned_anew() -> None:
    change = InstrumentChange("2026-11-10", "2026-11-24", "imu/feet", "achilles-1", "speed", "achilles-1")
    room = replace(ROOM, left=None, reason="bridging")
    assert Ring.of(room, "load_eq_km", bridging=change).notes != Ring.of(room, "load_eq_km").notes


def test_the_range_of_one_run_is_a_lighter_end_and_of_several_it_is_not_known() -> None:
    totals = Totals(load_eq_km=4.0, load_eq_km_sd=0.5)
    low, high = Ring.of(ROOM, "load_eq_km", totals).band
    assert low < 0.4 * LIMIT_AT < high
    assert Ring.of(ROOM, "load_eq_km", totals).fill[1] == low
    assert Ring.of(ROOM, "load_eq_km", replace(totals, load_eq_km=2.0)).band == NONE
    assert Ring.of(replace(ROOM, measure="distance_m"), "distance_m", totals).band == NONE


def test_without_a_headroom_it_says_what_was_run_and_that_there_is_no_history() -> None:
    drawn = Ring.of(None, "distance_m", Totals(distance_m=5200.0))
    assert drawn.so_far.replace("\u00a0", " ") == "5.2 km so far"
    assert drawn.state == "unknown"


def test_a_note_that_several_rings_have_is_said_once() -> None:
    hills = ring(without_hills=True)
    assert shared([hills, hills, ring(confidence="learning")]) == ("hills not counted live",)


amounts = st.floats(0.0, 1e3)


@given(so_far=amounts, limit=st.floats(0.01, 1e3), chance=st.none() | st.floats(0, 1), sd=st.none() | st.floats(0, 50))
def test_arcs_lie_on_the_ring_in_their_order(
    so_far: float, limit: float, chance: float | None, sd: float | None
) -> None:
    room = Headroom("load_eq_km", limit / 1.1, limit, so_far, limit - so_far, "normal", probability=chance)
    drawn = Ring.of(room, "load_eq_km", Totals(load_eq_km=so_far, load_eq_km_sd=sd))
    for begin, end in (drawn.fill, drawn.over, drawn.band, drawn.open):
        assert 0.0 <= begin <= end <= 1.0
    assert drawn.fill[1] <= LIMIT_AT
    assert drawn.over == NONE or drawn.over[0] == LIMIT_AT
    assert drawn.label.endswith(".")


def test_an_arc_of_nothing_is_no_path() -> None:
    assert path_of(NONE) == ""
    assert path_of((0.0, 1.0)).count("A") == 1
