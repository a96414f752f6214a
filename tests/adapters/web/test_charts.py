import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.adapters.web import charts
from sensor_hub.model.load import InstrumentChange
from sensor_hub.model.ports import DaySession
from tests.adapters.web.hub import TODAY, days, weeks


def series(options: dict[str, Any], name: str) -> list[Any]:
    (found,) = [s["data"] for s in options["series"] if s["name"] == name]
    return list(found)


def run(back: int, km: float | None, limit_km: float | None, coverage: float = 1.0) -> DaySession:
    return DaySession(
        f"s{back}", TODAY - timedelta(days=back), None if km is None else km * 1000, km, coverage,
        None if limit_km is None else limit_km * 1000, limit_km, "live", True,
    )  # fmt: skip


def test_an_unknown_week_is_hatched_and_a_week_of_rest_is_zero() -> None:
    options = charts.weekly_options(weeks(), TODAY, "distance_m")
    bars, hatched = series(options, "Distance"), series(options, "Not known")
    assert [b["value"] for b in bars][3:8] == [28.0, "-", 38.5, 41.0, 0.0]
    assert [i for i, v in enumerate(hatched) if v != "-"] == [4]
    assert hatched[4] == options["yAxis"]["max"]


def test_the_week_line_is_in_the_unit_of_the_bars() -> None:
    km = series(charts.weekly_options(weeks(), TODAY, "distance_m"), "Week line")
    eq_km = series(charts.weekly_options(weeks(), TODAY, "load_eq_km"), "Week line")
    assert km[:4] == ["-", "-", "-", 39.6]
    assert eq_km[3] == pytest.approx(39.6 * 1.04, abs=1e-3)


def test_lower_bounds_unfinished_weeks_and_excess_are_marked_without_colour() -> None:
    bars = series(charts.weekly_options(weeks(), TODAY, "distance_m"), "Distance")
    assert bars[8]["label"]["formatter"] == "≥"
    assert bars[8]["itemStyle"]["decal"]["symbol"] == "rect"
    assert bars[7]["label"]["show"] is False
    assert [b["itemStyle"]["opacity"] for b in bars[-2:]] == [1, 0.62]
    runs = series(charts.session_options([run(3, 12.0, 11.0)], TODAY, "distance_m", None), "Distance")
    assert runs[26]["label"]["formatter"] == "▲"


def test_the_session_limit_steps_from_day_to_day() -> None:
    history = [run(20, 8.0, None), run(10, 9.0, 8.8), run(2, 5.0, 9.9)]
    limits = charts.day_limits(history, TODAY, "distance_m", 9_900.0)
    assert len(limits) == 30
    assert limits[29] == limits[27] == 9_900.0
    assert limits[20:27] == [9_900.0] * 7, "days after a run already know it"
    assert limits[19] == limits[10] == 8_800.0
    assert limits[9] is None
    assert limits[0] is None


def test_todays_own_limit_stands_when_the_hub_is_silent_about_headroom() -> None:
    assert charts.day_limits([run(0, 5.0, 7.0)], TODAY, "load_eq_km", None)[-1] == 7.0
    assert charts.day_limits([], TODAY, "load_eq_km", None) == [None] * 30


def test_two_runs_of_a_day_are_two_bars_the_longer_behind() -> None:
    options = charts.session_options(days(), TODAY, "distance_m", 11_220.0)
    bars = [s["data"] for s in options["series"] if s["name"] == "Distance"]
    assert len(bars) == 2
    assert (bars[0][20]["value"], bars[1][20]["value"]) == (7.2, 4.1)


def test_a_run_without_a_value_is_hatched() -> None:
    options = charts.session_options(days(), TODAY, "distance_m", None)
    assert [i for i, v in enumerate(series(options, "Not known")) if v != "-"] == [11]


def test_a_legend_explains_only_what_occurs() -> None:
    assert charts.session_keys([run(3, 5.0, 11.0)], "distance_m") == {"bar", "line"}
    assert charts.session_keys(days(), "distance_m") == {"bar", "line", "above", "bound", "unknown", "front"}
    assert charts.weekly_keys(weeks(), "load_eq_km") == {"bar", "line", "bound", "unknown"}


def test_tables_say_the_same_as_the_pictures() -> None:
    rows = charts.weekly_rows(weeks())
    assert rows[0] == ["16 Nov", "29.4", "52.3", "30.6", "54.4", "3"]
    assert rows[3][1] == "≥ 35.5"
    assert rows[7][1:4] == ["–", "39.6", "–"]
    sessions = charts.session_rows([*days()])
    assert sessions[0] == ["20 Nov", "11.9", "11.2", "12.4", "11.2", "97 %"]
    assert ["1 Nov", "≥ 8.0", "10.2", "≥ 8.3", "10.2", "61 %"] in sessions


@given(st.lists(st.one_of(st.none(), st.floats(0, 1e6), st.just(float("nan"))), max_size=12))
def test_any_weeks_give_json_and_an_axis_above_every_bar(distances: list[float | None]) -> None:
    base = weeks()[0]
    bars = [
        replace(base, monday=base.monday + timedelta(weeks=i), distance_m=d, limit_distance_m=d)
        for i, d in enumerate(distances)
    ]
    options = charts.weekly_options(bars, TODAY, "distance_m")
    json.dumps(options, allow_nan=False)
    axis = options["yAxis"]
    assert all(b["value"] == "-" or b["value"] <= axis["max"] for b in series(options, "Distance"))
    assert round(axis["max"] / axis["interval"], 6) in {3, 4, 5}


CHANGE = InstrumentChange(
    (TODAY - timedelta(days=9)).isoformat(), (TODAY + timedelta(days=5)).isoformat(), "imu/feet/foot-1.0",
    "achilles-1.0.0", "contact/stryd", "achilles-1.0.0",
)  # fmt: skip


def marks(options: dict[str, Any]) -> tuple[list[Any], list[Any]]:
    """Lines and grounds of a chart's marks."""
    found = [s for s in options["series"] if "markLine" in s]
    return (found[0]["markLine"]["data"], found[0]["markArea"]["data"]) if found else ([], [])


def test_a_new_sensor_is_marked_where_loads_are_drawn_and_not_where_distances_are() -> None:
    lines, grounds = marks(charts.session_options(days(), TODAY, "load_eq_km", None, [CHANGE]))
    assert [(line["xAxis"], line["label"]["formatter"]) for line in lines] == [(20, "new sensor")]
    assert grounds == [[{"xAxis": 20}, {"xAxis": 29}]]
    assert marks(charts.session_options(days(), TODAY, "distance_m", None, [CHANGE])) == ([], [])
    weekly, _ = marks(charts.weekly_options(weeks(), TODAY, "load_eq_km", [CHANGE]))
    assert [line["xAxis"] for line in weekly] == [10]
    assert "bridge" in charts.weekly_keys(weeks(), "load_eq_km", [CHANGE])
    assert "bridge" not in charts.weekly_keys(weeks(), "distance_m", [CHANGE])


def test_a_mark_at_the_right_edge_is_written_to_the_left_of_its_line() -> None:
    def aligned(days_ago: int) -> str | None:
        change = replace(CHANGE, first_day=(TODAY - timedelta(days=days_ago)).isoformat())
        (line,), _ = marks(charts.weekly_options(weeks(), TODAY, "load_eq_km", [change]))
        align: str | None = line["label"].get("align")
        return align

    assert [aligned(days_ago) for days_ago in (0, 7, 21)] == ["right", "right", None]


def test_a_change_before_what_is_drawn_leaves_the_ground_and_no_line() -> None:
    early = replace(CHANGE, first_day=(TODAY - timedelta(days=40)).isoformat())
    lines, grounds = marks(charts.session_options(days(), TODAY, "load_eq_km", None, [early]))
    assert (lines, grounds) == ([], [[{"xAxis": 0}, {"xAxis": 29}]])
    old = replace(early, normal_from=(TODAY - timedelta(days=35)).isoformat())
    assert marks(charts.session_options(days(), TODAY, "load_eq_km", None, [old])) == ([], [])


def test_no_limit_is_drawn_over_days_that_are_learned_not_even_a_later_one() -> None:
    change = replace(CHANGE, first_day=(TODAY - timedelta(days=16)).isoformat())
    change = replace(change, normal_from=(TODAY - timedelta(days=2)).isoformat())
    learned = replace(run(16, 6.0, 11.0), bridging=True, limit_load_eq_km=None)
    drawn = charts.session_options([run(20, 6.0, 9.0), learned, run(0, 6.0, 11.0)], TODAY, "load_eq_km", 11.0, [change])
    assert series(drawn, "Session limit")[9:] == [9.0, *["-"] * 17, 11.0, 11.0, 11.0]


def test_a_load_that_is_still_learned_is_not_called_above() -> None:
    high = replace(run(3, 12.0, 11.0), bridging=True)
    by_load = series(charts.session_options([high], TODAY, "load_eq_km", None), "Push-off load")
    by_distance = series(charts.session_options([high], TODAY, "distance_m", None), "Distance")
    assert (by_load[26]["label"]["formatter"], by_distance[26]["label"]["formatter"]) == ("", "▲")
    assert charts.session_keys([high], "load_eq_km") == {"bar", "line", "bridge"}
    assert charts.session_rows([high])[0][4] == "learning:\nnot judged"


def test_tables_give_a_load_its_range_and_a_mixed_week_its_reason() -> None:
    assert charts.session_rows([replace(run(3, 6.4, 11.0), load_eq_km_sd=0.23)])[0][3] == "6.4\n6.1–6.7"
    assert charts.weekly_rows([replace(weeks()[0], load_eq_km=None, reason="mixed-instruments")])[0][3] == (
        "– (several\nsensors)"
    )
