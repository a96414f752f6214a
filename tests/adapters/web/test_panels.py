from dataclasses import replace

import pytest

from sensor_hub.adapters.web.bars import Bar
from sensor_hub.adapters.web.verdict_tile import interval_of
from sensor_hub.model.load import Headroom, Totals


@pytest.mark.parametrize(
    ("so_far", "probability", "colour"),
    [
        (12.0, 0.95, "room-above"), (12.0, None, "room-above"), (11.2, 0.62, "room-near"), (10.5, 0.2, "room-near"),
        (5.0, 0.0, "room-ok"),
    ],
)  # fmt: skip
def test_a_load_is_painted_as_above_only_where_that_is_likely(
    so_far: float, probability: float | None, colour: str
) -> None:
    room = Headroom("load_eq_km", 10.0, 11.0, so_far, 11.0 - so_far, "normal", probability=probability)
    assert Bar.made("load_eq_km", room, so_far).classes == f"room {colour}"


def test_a_load_that_is_not_judged_has_a_colour_of_its_own() -> None:
    room = Headroom("load_eq_km", 10.0, 11.0, 5.0, None, "learning", "bridging")
    assert Bar.made("load_eq_km", room, None).classes == "room room-unjudged"
    beyond = Headroom("load_eq_km", 10.0, 11.0, 12.0, None, "learning", "bridging")
    assert Bar.made("load_eq_km", beyond, None).classes == "room room-unjudged"
    unknown = Headroom("load_eq_km", 10.0, 11.0, None, None, "learning", "bridging")
    assert Bar.made("load_eq_km", unknown, None).classes == "room room-unknown"


def test_a_load_too_close_to_call_is_not_painted_past_its_limit() -> None:
    close = Headroom("load_eq_km", 10.0, 11.0, 11.2, -0.2, "normal", probability=0.62)
    assert "--over: 0.000" in Bar.made("load_eq_km", close, None).style
    above = Headroom("load_eq_km", 10.0, 11.0, 13.0, -2.0, "normal", probability=0.95)
    assert "--over: 0.154" in Bar.made("load_eq_km", above, None).style


def test_of_a_run_recorded_in_part_no_likely_range_is_promised() -> None:
    known = Totals(load_eq_km=7.6, load_eq_km_sd=0.3, coverage=0.97)
    assert interval_of(known) == "Load of this run 7.6 eq-km, likely 7.2 to 8.0 (80 %)."
    assert interval_of(replace(known, coverage=0.61)) == ""
    assert interval_of(replace(known, load_eq_km=None)) == interval_of(None) == ""
