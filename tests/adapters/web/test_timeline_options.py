"""Runs over their time as chart options: what is drawn where, in which units, and nothing where nothing is known."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from sensor_hub.adapters.web.timeline_axes import height_px
from sensor_hub.adapters.web.timeline_drawn import Drawn, Run, extent, stretches
from sensor_hub.adapters.web.timeline_options import options
from sensor_hub.adapters.web.timeline_panels import Panel, known_panels, panels, panels_apart
from sensor_hub.model.load import Totals
from sensor_hub.model.session import SessionHeader, SessionSummary
from sensor_hub.model.timeline import Timeline, coarser
from sensor_hub.words import manner, timelines
from sensor_hub.words.manner import Manner
from tests.adapters.web.timelines import of_minutes, timeline_of

START = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def run(timeline: Timeline | None = None, coverage: float = 0.99) -> Run:
    header = SessionHeader("sid", "mia", "Europe/Berlin", "live", "imu", "achilles-1.0.0", "ref-pop-1", "pod")
    over = timeline_of("sid", START) if timeline is None else timeline
    return Run(SessionSummary(header, over.start_utc, over.end_utc, Totals(coverage=coverage)), over)


def some(*keys: str) -> list[Panel]:
    return [panel for panel in panels() if panel.key in keys]


def series(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["id"]: one for one in found["series"]}


def column(found: dict[str, Any], name: str, which: int = 0) -> list[float | None]:
    values: list[float | None] = found["dataset"][which]["source"][name]
    return values


def test_panels_share_one_axis_and_each_has_its_own_values() -> None:
    drawn = Drawn(run(), panels())
    found = options(drawn)
    n = len(panels())
    assert [len(found[part]) for part in ("grid", "xAxis", "yAxis", "title")] == [n] * 4
    assert all(zoom["xAxisIndex"] == list(range(n)) for zoom in found["dataZoom"])
    tops = [grid["top"] for grid in found["grid"]]
    assert tops == sorted(tops)
    assert height_px(drawn) > tops[-1] + found["grid"][-1]["height"]
    assert column(found, "contact")[0] == pytest.approx(240.0, abs=0.2)
    assert column(found, "balance")[0] == pytest.approx(49.7, abs=0.1)


def test_what_is_unknown_is_null_in_every_column_and_the_options_are_json() -> None:
    found = options(Drawn(run(), panels()))
    in_gap = 122
    sums = [name for name in found["dataset"][0]["source"] if name != "x"]
    assert {column(found, name)[in_gap] for name in sums} == {None}
    json.dumps(found, allow_nan=False)


def test_gaps_and_pauses_are_shaded_over_every_panel_and_named_once() -> None:
    found = series(options(Drawn(run(), some("load", "cadence"))))
    for key in ("load", "cadence"):
        areas = found[key]["markArea"]["data"]
        assert [(begin["xAxis"], end["xAxis"]) for begin, end in areas] == [(1.2e6, 1.26e6), (2.4e6, 2.52e6)]
        assert {begin["itemStyle"][":color"] for begin, _ in areas} == {
            "hubTimeline.hatch('gap')", "hubTimeline.hatch('pause')",
        }  # fmt: skip
    assert [begin["label"]["show"] for begin, _ in found["load"]["markArea"]["data"]] == [True, True]
    assert not any(begin["label"]["show"] for begin, _ in found["cadence"]["markArea"]["data"])
    told = [text for *_, text in stretches(Drawn(run(), some("load")))]
    assert told == ["gap: the connection to the sensor was lost (pod-left)", "paused"]


def test_a_limit_of_the_day_stands_on_its_own_axis_and_is_always_in_the_picture() -> None:
    found = options(Drawn(run(), some("load", "hard"), limits={"load": 40.0, "hard": 20.0}))
    lines = [series(found)[key]["markLine"]["data"] for key in ("load", "hard")]
    assert [line[0]["yAxis"] for line in lines] == [40.0, 20.0]
    assert found["yAxis"][0]["max"] >= 40.0
    assert series(options(Drawn(run(), some("load"))))["load"]["markLine"]["data"] == []


def test_a_band_holds_80_percent_and_a_lower_bound_has_none() -> None:
    found = options(Drawn(run(), some("load", "contact")))
    low, wide, load = (column(found, name)[-1] for name in ("load-low", "load-wide", "load"))
    assert load is not None
    assert low is not None
    assert wide is not None
    assert [load - low, low + wide - load] == pytest.approx([1.2816 * 0.025 * load] * 2, rel=1e-2)
    short = options(Drawn(run(coverage=0.5), some("load", "contact")))
    assert "load-band" not in series(short)
    assert "contact-band" in series(short)


def test_two_runs_lie_in_each_panel_and_what_is_not_comparable_apart() -> None:
    other = run(timeline_of("other", START - timedelta(days=7), speed_mps=2.5))
    found = series(options(Drawn(run(), some("load", "cadence"), other)))
    assert found["load-second"]["xAxisIndex"] == found["load"]["xAxisIndex"] == 0
    assert found["load-second"]["datasetIndex"] == 1
    drawn = Drawn(run(), some("load", "cadence"), other, apart=panels_apart(["reference"]))
    apart = series(options(drawn))
    assert [apart[name]["xAxisIndex"] for name in ("load", "load-second", "cadence", "cadence-second")] == [0, 1, 2, 2]
    assert options(drawn)["title"][1]["text"] == "The other run (modelled), eq-km"


def test_contact_times_of_two_instruments_are_not_laid_over_each_other() -> None:
    other = run(timeline_of("other", START - timedelta(days=7)))
    drawn = Drawn(run(), some("cadence", "contact"), other, apart=panels_apart(["instrument"]))
    found = series(options(drawn))
    where = [found[name]["xAxisIndex"] for name in ("cadence", "cadence-second", "contact", "contact-second")]
    assert where == [0, 0, 1, 2]
    assert options(drawn)["title"][2]["text"] == "The other run, ms"
    alike = series(options(Drawn(run(), some("contact"), other, apart=panels_apart(["model", "reference"]))))
    assert alike["contact"]["xAxisIndex"] == alike["contact-second"]["xAxisIndex"]
    assert panels_apart([]) == frozenset()


def test_runs_side_by_side_by_distance_end_where_each_ended() -> None:
    other = run(timeline_of("other", START, speed_mps=2.5))
    drawn = Drawn(run(), some("cadence"), other, by="distance")
    found = options(drawn)
    ends = [max(x for x in column(found, "x", which) if x is not None) for which in (0, 1)]
    assert ends == pytest.approx([3.0 * 3.48, 2.5 * 3.48])
    assert extent(drawn) == pytest.approx((0.0, 10.44))
    assert found["xAxis"][0]["type"] == "value"


def test_the_part_that_is_looked_at_is_told_only_where_the_chart_is_made_anew() -> None:
    assert "startValue" not in options(Drawn(run(), some("cadence")))["dataZoom"][0]
    again = options(Drawn(run(), some("cadence"), window=(60_000.0, 120_000.0)))
    assert [(z["startValue"], z["endValue"]) for z in again["dataZoom"]] == [(60_000.0, 120_000.0)] * 2


def test_miles_are_shown_as_miles() -> None:
    with manner.speaking(Manner(distance="mi")):
        found = options(Drawn(run(), some("load", "speed"), by="distance"))
        header, row = timelines.row_header(), timelines.rows(timeline_of("sid", START), lower_bound=False)[-1]
    in_km = options(Drawn(run(), some("load", "speed")))
    for name in ("load", "speed"):
        mi, km = column(found, name)[-1], column(in_km, name)[-1]
        assert mi is not None
        assert km is not None
        assert mi == pytest.approx(km / 1.609344, rel=1e-3)
    assert found["title"][0]["text"].endswith("eq-mi")
    assert "Speed, mph" in header
    assert "min/mi" in row[5]


def test_minutes_have_no_panels_of_what_single_steps_tell() -> None:
    keys = [panel.key for panel in known_panels([of_minutes("sid", START)])]
    assert keys == ["load", "cadence", "contact", "speed", "grade", "per_km"]


def test_a_table_row_holds_the_mean_of_its_pieces_and_the_sum_at_its_end() -> None:
    fine = timeline_of("sid", START)
    found = coarser(fine, 60.0)
    assert (len(found), found.bin_s) == (60, 60.0)
    assert found.at_s[:2].tolist() == [30.0, 90.0]
    assert found.cadence_spm[0] == pytest.approx(fine.cadence_spm[:6].mean())
    assert found.load_eq_km[0] == fine.load_eq_km[5]
    assert np.isnan(found.cadence_spm[20])
    assert np.isnan(found.load_eq_km[20])


def test_the_last_row_of_a_table_may_be_shorter() -> None:
    found = coarser(timeline_of("sid", START, lasted_s=610.0), 60.0)
    assert len(found) == 11
    assert found.load_eq_km[-1] == pytest.approx(1.05 * 3.0 * 0.61)


def test_a_lower_bound_is_marked_in_the_table_from_the_first_gap_on() -> None:
    rows = timelines.rows(coarser(timeline_of("sid", START), 60.0), lower_bound=True)
    assert not rows[10][8].startswith("≥")
    assert rows[30][8].startswith("≥ ")
    assert rows[20][8] == "–"


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0:00"), (245, "4:05"), (3599.6, "1:00:00"), (3845, "1:04:05"), (-20, "−0:20")]
)
def test_a_moment_of_a_run_is_minutes_and_seconds(seconds: float, text: str) -> None:
    assert timelines.run_time(seconds) == text
