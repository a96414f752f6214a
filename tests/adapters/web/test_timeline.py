import re
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from sensor_hub.adapters.web.timeline import N_PLACES, Timeline
from sensor_hub.model.gait import FLOAT_COLUMNS, StepTable

START = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
END = START + timedelta(hours=1)


def steps(seconds: list[float], step_time_s: float = 0.35, contact_time_s: float = 0.25) -> StepTable:
    n = len(seconds)
    columns = {name: np.full(n, np.nan) for name in FLOAT_COLUMNS}
    columns["step_time_s"], columns["contact_time_s"] = np.full(n, step_time_s), np.full(n, contact_time_s)
    times = int(START.timestamp() * 1e6) + (1e6 * np.array(seconds, dtype=float)).astype(np.int64)
    return StepTable(
        time_utc_us=times, side=np.full(n, "U"), gait=np.full(n, "run"), step_time_origin=np.full(n, "measured"),
        **columns,
    )  # fmt: skip


def test_a_gap_stays_a_gap() -> None:
    drawn = Timeline(steps([float(s) for s in range(3600) if not 1200 <= s < 1800]), START, END)
    assert np.isnan(drawn.cadence_spm[80:120]).all()
    assert np.isfinite(np.delete(drawn.cadence_spm, np.arange(80, 120))).all()
    assert drawn.svg(None, None, "x").count("<polyline") == 4, "two stretches of two lines"


def test_means_are_in_the_units_the_legend_says() -> None:
    drawn = Timeline(steps([float(s) for s in range(3600)], 0.375, 0.24), START, END)
    assert drawn.cadence_spm[0] == pytest.approx(160.0)
    assert drawn.contact_ms[-1] == pytest.approx(240.0)
    assert [text for _style, text in drawn.legend()] == [
        "cadence, 160 to 160 spm", "contact time, 240 to 240 ms", "would go"
    ]  # fmt: skip


def test_what_would_go_is_shaded_at_both_ends_and_nothing_where_nothing_goes() -> None:
    drawn = Timeline(steps([1.0, 2.0]), START, END)
    quarter = timedelta(minutes=15)
    shaded = re.findall(
        r'class="gone" x="([\d.]+)" y="0" width="([\d.]+)"', drawn.svg(START + quarter, END - quarter, "x")
    )
    assert [(float(x), float(width)) for x, width in shaded] == [(0.0, 60.0), (180.0, 60.0)]
    assert "gone" not in drawn.svg(None, None, "x")
    assert "gone" not in drawn.svg(START - quarter, END + quarter, "x"), "ends outside take nothing away"


def test_unknown_contact_times_and_steps_of_other_times_are_no_line() -> None:
    drawn = Timeline(steps([-500.0, 5000.0], contact_time_s=float("nan")), START, END)
    assert "<polyline" not in drawn.svg(None, None, "x")
    assert [style for style, _text in drawn.legend()] == ["gone"]


def test_every_point_lies_within_the_picture() -> None:
    rng = np.random.default_rng(7)
    drawn = Timeline(steps(sorted(rng.uniform(0, 3600, 4000).tolist())), START, END)
    for points in re.findall(r'points="([^"]+)"', drawn.svg(None, None, "x")):
        for pair in points.split():
            x, y = (float(v) for v in pair.split(","))
            assert 0 <= x <= N_PLACES
            assert 0 <= y <= 100


def test_a_session_of_no_length_is_drawn() -> None:
    assert Timeline(steps([0.0]), START, START).svg(START, START, "x").startswith("<svg")
