import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.adapters.web import chart_labels, chart_rows, charts
from sensor_hub.adapters.web.chart_health import Health, stage_on
from sensor_hub.adapters.web.chart_values import day_lines
from sensor_hub.model.diary import PainSide, PainTime, SayPain
from sensor_hub.model.guidance import PlanView, StageChange
from sensor_hub.model.load import InstrumentChange
from sensor_hub.model.ports import DaySession
from sensor_hub.words import manner
from tests.adapters.web.hub import NOW, TODAY, days, headroom, weeks


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
    limits = day_lines(history, TODAY, lambda d: d.limit_distance_m, 9_900.0)
    assert len(limits) == 30
    assert limits[29] == limits[27] == 9_900.0
    assert limits[20:27] == [9_900.0] * 7, "days after a run already know it"
    assert limits[19] == limits[10] == 8_800.0
    assert limits[9] is None
    assert limits[0] is None


def test_todays_own_limit_stands_when_the_hub_is_silent_about_headroom() -> None:
    assert day_lines([run(0, 5.0, 7.0)], TODAY, lambda d: d.limit_load_eq_km, None)[-1] == 7.0
    assert day_lines([], TODAY, lambda d: d.limit_load_eq_km, None) == [None] * 30


def test_two_runs_of_a_day_are_two_bars_the_longer_behind() -> None:
    options = charts.session_options(days(), TODAY, "distance_m", headroom("distance_m", 11_220.0, 0.0))
    bars = [s["data"] for s in options["series"] if s["name"] == "Distance"]
    assert len(bars) == 2
    assert (bars[0][20]["value"], bars[1][20]["value"]) == (7.2, 4.1)


def test_a_run_without_a_value_is_hatched() -> None:
    options = charts.session_options(days(), TODAY, "distance_m", None)
    assert [i for i, v in enumerate(series(options, "Not known")) if v != "-"] == [11]


def test_a_legend_explains_only_what_occurs() -> None:
    assert chart_rows.session_keys([run(3, 5.0, 11.0)], "distance_m") == {"bar", "line"}
    assert chart_rows.session_keys(days(), "distance_m") == {
        "bar", "line", "reference", "band", "above", "bound", "unknown", "front",
    }  # fmt: skip
    assert chart_rows.weekly_keys(weeks(), "load_eq_km") == {
        "bar", "line", "reference", "band", "range", "bound", "unknown",
    }  # fmt: skip


def test_tables_say_the_same_as_the_pictures() -> None:
    rows = chart_rows.weekly_rows(weeks())
    assert rows[0] == ["16 Nov", "29.4", "52.3", "30.6\n29.4–31.7", "54.4", "49.4", "882\n769–995", "3"]
    assert rows[3][1] == "≥ 35.5"
    assert rows[7][1:4] == ["–", "39.6", "–"]
    sessions = chart_rows.session_rows([*days()])
    assert sessions[0] == [
        "20 Nov", "11.9", "11.2", "12.4\n11.9–12.8", "11.2", "357\n311–403", "370", "97 %",
    ]  # fmt: skip
    assert ["1 Nov", "≥ 8.0", "10.2", "≥ 8.3", "10.2", "≥ 240", "337", "61 %"] in sessions


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
    assert "bridge" in chart_rows.weekly_keys(weeks(), "load_eq_km", [CHANGE])
    assert "bridge" not in chart_rows.weekly_keys(weeks(), "distance_m", [CHANGE])


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
    drawn = charts.session_options(
        [run(20, 6.0, 9.0), learned, run(0, 6.0, 11.0)],
        TODAY,
        "load_eq_km",
        headroom("load_eq_km", 11.0, 0.0),
        [change],
    )
    assert series(drawn, "Session limit")[9:] == [9.0, *["-"] * 17, 11.0, 11.0, 11.0]


def test_a_load_that_is_still_learned_is_not_called_above() -> None:
    high = replace(run(3, 12.0, 11.0), bridging=True)
    by_load = series(charts.session_options([high], TODAY, "load_eq_km", None), "Push-off load")
    by_distance = series(charts.session_options([high], TODAY, "distance_m", None), "Distance")
    assert (by_load[26]["label"]["formatter"], by_distance[26]["label"]["formatter"]) == ("", "▲")
    assert chart_rows.session_keys([high], "load_eq_km") == {"bar", "line", "bridge"}
    assert chart_rows.session_rows([high])[0][4] == "learning:\nnot judged"


def test_tables_give_a_load_its_range_and_a_mixed_week_its_reason() -> None:
    assert chart_rows.session_rows([replace(run(3, 6.4, 11.0), load_eq_km_sd=0.23)])[0][3] == "6.4\n6.1–6.7"
    assert chart_rows.weekly_rows([replace(weeks()[0], load_eq_km=None, reason="mixed-instruments")])[0][3] == (
        "– (several\nsensors)"
    )


# --- what a bar is held against --------------------------------------------------------------------------------------


def test_the_band_goes_from_the_highest_week_to_the_line_and_the_tolerance_may_lie_below_it() -> None:
    options = charts.weekly_options(weeks(), TODAY, "distance_m")
    band = {row[0]: row[1:] for row in series(options, "Guideline band")}
    assert sorted(band) == list(range(3, 12)), "no band where no limit is known"
    assert band[3] == [36.0, 39.6]
    assert series(options, "Tolerance line")[7:10] == [41.0, 36.9, 41.0]


def test_hard_push_offs_have_bars_and_no_band_in_a_week_and_a_limit_in_a_day() -> None:
    weekly = charts.weekly_options(weeks(), TODAY, "hard_load_bw_s")
    assert [b["value"] for b in series(weekly, "Hard push-offs")][:2] == [930.0, 1005.0]
    assert series(weekly, "Guideline band") == []
    assert set(series(weekly, "Week line")) == {"-"}
    assert weekly["yAxis"]["name"] == "BW·s"
    daily = charts.session_options(days(), TODAY, "hard_load_bw_s", None)
    assert series(daily, "Session limit")[29] == pytest.approx(11.22 * 33)
    assert series(daily, "Longest of 30 days")[29] == pytest.approx(11.22 * 30)


def test_loads_have_their_range_and_lower_bounds_an_open_end() -> None:
    drawn = {row[0]: row[1:] for row in series(charts.weekly_options(weeks(), TODAY, "load_eq_km"), "Likely range")}
    low, high, is_open, aside = drawn[0]
    assert (low, high) == pytest.approx((31.0 * 1.04 - 1.2816 * 0.93, 31.0 * 1.04 + 1.2816 * 0.93), abs=1e-3)
    assert (is_open, aside) == (0, 0.0)
    assert drawn[8][2] == 1, "partly recorded: at least so much"
    assert drawn[8][0] == drawn[8][1] == pytest.approx(35.5 * 1.04, abs=1e-3)
    assert 4 not in drawn, "nobody knows a range of what is not known"
    assert [
        row for row in series(charts.weekly_options(weeks(), TODAY, "distance_m"), "Likely range") if not row[3]
    ] == []


def test_the_range_of_a_second_run_of_a_day_stands_aside() -> None:
    rows = [row for row in series(charts.session_options(days(), TODAY, "load_eq_km"), "Likely range") if row[0] == 20]
    assert [row[4] for row in rows] == [0.0, 0.22]


def test_a_range_never_reaches_above_the_axis_or_below_nothing() -> None:
    wide = replace(weeks()[0], load_eq_km_sd=60.0)
    options = charts.weekly_options([wide], TODAY, "load_eq_km")
    ((_, low, high, *_),) = series(options, "Likely range")
    assert low == 0.0
    assert high <= options["yAxis"]["max"]


# --- how it hurt, and where a plan stood -----------------------------------------------------------------------------


def pain(days_ago: int, level: float, side: PainSide = "L", when: PainTime = "morning") -> SayPain:
    return SayPain(NOW - timedelta(days=days_ago), when, level, side)


PLAN = PlanView(
    "return-to-running", TODAY - timedelta(days=20), 3, 7, 3, TODAY - timedelta(days=4),
    changes=(StageChange(TODAY - timedelta(days=10), 1, 2, "gates-met"),
             StageChange(TODAY - timedelta(days=4), 2, 3, "gates-met")),
)  # fmt: skip
HEALTH = Health((pain(9, 3.0, "L"), pain(9, 4.5, "R", "after"), pain(0, 1.0, "both")), PLAN, "Europe/Berlin")


def test_pain_stands_over_its_day_with_its_side_as_shape_and_its_time_as_fill() -> None:
    options = charts.session_options(days(), TODAY, "load_eq_km", health=HEALTH)
    dots = series(options, "pain")
    assert [dot["value"] for dot in dots] == [[20, 3.0], [20, 4.5], [29, 1.0]]
    assert [(dot["symbol"], dot["symbolRotate"]) for dot in dots] == [
        ("triangle", 90),
        ("triangle", -90),
        ("circle", 0),
    ]
    fills = [dot["itemStyle"][":color"] for dot in dots]
    assert fills[0] == fills[2] != fills[1]
    assert dots[0]["symbolOffset"] != dots[1]["symbolOffset"], "morning and after stand beside each other"
    assert [axis["max"] for axis in options["yAxis"]][1:] == [10]


def test_pain_stands_within_its_week_by_its_day() -> None:
    options = charts.weekly_options(weeks(), TODAY, "load_eq_km", health=HEALTH)
    assert [dot["value"] for dot in series(options, "pain")] == [[72.5, 3.0], [72.5, 4.5], [81.5, 1.0]]
    assert options["xAxis"][1]["max"] == 84


def test_without_a_diary_there_is_no_second_axis_and_no_strip() -> None:
    for options in (
        charts.weekly_options(weeks(), TODAY, "load_eq_km"), charts.session_options(days(), TODAY, "load_eq_km"),
    ):  # fmt: skip
        assert isinstance(options["yAxis"], dict)
        assert {"pain", "Stage of the plan"} & {s["name"] for s in options["series"]} == set()


def test_a_plan_is_a_strip_of_its_stages() -> None:
    boxes = series(charts.session_options(days(), TODAY, "load_eq_km", health=HEALTH), "Stage of the plan")
    assert boxes == [[9, 18, 1], [19, 24, 2], [25, 29, 3]]
    assert stage_on(PLAN, TODAY - timedelta(days=21)) is None
    assert stage_on(replace(PLAN, changes=()), TODAY) == 3


def test_tables_have_pain_and_stage_where_they_are_to_be_seen() -> None:
    row = next(row for row in chart_rows.session_rows(days(), HEALTH) if row[0] == "11 Nov")
    assert row[-2:] == ["pain 3/10, left, at rest\npain 4.5/10, right, with a run", "2"]
    assert chart_rows.weekly_rows(weeks(), HEALTH)[0][-1] == "pain 1/10, both or not said, at rest"
    assert len(chart_rows.session_rows(days())[0]) == len(chart_labels.sessions_header(with_pain=False))
    assert len(chart_rows.session_rows(days(), HEALTH)[0]) == len(chart_labels.sessions_header(with_pain=True))
    assert len(chart_rows.weekly_rows(weeks(), HEALTH)[0]) == len(chart_labels.weekly_header(with_pain=True))


def test_a_tooltip_says_everything_of_its_place_and_nothing_of_it_is_markup() -> None:
    formatter = charts.session_options(days(), TODAY, "load_eq_km", health=HEALTH)["tooltip"][":formatter"]
    told = json.loads(formatter[formatter.rindex(")({") + 2 : -1])
    assert told["20 Nov"].split("<br>") == [
        "20 Nov", "12.4 eq-km, 11.9–12.8", "session limit 11.2 eq-km", "longest of the 30 days before 10.2 eq-km",
        "pain 1/10, both or not said, at rest", "plan: stage 3",
    ]  # fmt: skip
    assert told["2 Nov"].split("<br>")[1] == "not known"
    assert told["19 Nov"].split("<br>")[1] == "no run"
    assert "<" not in formatter


def test_a_hard_load_in_a_tooltip_carries_its_band() -> None:
    formatter = charts.session_options(days(), TODAY, "hard_load_bw_s")["tooltip"][":formatter"]
    assert "\\u00b140 %" in formatter


def test_in_miles_everything_is_in_miles() -> None:
    with manner.speaking(manner.Manner("en", "mi")):
        options = charts.weekly_options(weeks(), TODAY, "distance_m")
        assert options["yAxis"]["name"] == "mi"
        assert series(options, "Distance")[0]["value"] == pytest.approx(31.0 / 1.609344, abs=1e-3)
        assert series(options, "Week line")[3] == pytest.approx(39.6 / 1.609344, abs=1e-3)
