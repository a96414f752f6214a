"""The slope under the runner: what it is worth on hills that are known, and where it is unknown."""

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensor_hub.model.arrays import FloatArray
from sensor_hub.model.gait import PauseReading, RecordReading
from sensor_hub.model.load import Conditions
from sensor_hub.model.session import BoundDevice, Origin, SessionSetup
from sensor_hub.session.grade import FRESH_M, LEAST_WAY_M, LONGEST_REST_US, WINDOW_M, Grade
from tests.session.runs import START, encoded, run_grouped, run_one_by_one, setup, steps, summary
from tests.synthetic_run import cuts, one_leg

SPEED_MPS = 3.0
LEVEL = 1e-9  # an altitude that never changes is none
S = 1_000_000
WATCH = BoundDevice("watch", None)
UNKNOWN = math.nan


def watch(origin: Origin = "import", surface: str = "overground") -> SessionSetup:
    what = replace(setup((WATCH,), "contact", start_utc=None), origin=origin)
    return replace(what, conditions=Conditions(surface="treadmill" if surface == "treadmill" else "overground"))


def record(at_s: float, altitude_m: float | None, metres: float | None, **more: float | None) -> RecordReading:
    told = {"cadence_spm": 170.0, "speed_mps": SPEED_MPS} | more
    return RecordReading("watch", START + timedelta(seconds=at_s), distance_m=metres, altitude_m=altitude_m, **told)


def climb(n: int, grade: float, *, first_s: int = 0) -> list[RecordReading]:
    """A record a second on a slope that stays the same."""
    metres = (SPEED_MPS * s for s in range(first_s, first_s + n))
    return [record(first_s + i, 100.0 + grade * m, m) for i, m in enumerate(metres)]


def grades(items: Sequence[RecordReading | PauseReading], what: SessionSetup | None = None) -> FloatArray:
    return steps(run_one_by_one(what or watch(), items)).grade


def followed(altitude_m: FloatArray, speed_mps: float = SPEED_MPS) -> FloatArray:
    """What is told a second, of altitudes a second apart on even running."""
    grade = Grade()
    return np.array([grade.take(i * S, speed_mps, float(m)) for i, m in enumerate(altitude_m)])


def hills(rng: np.random.Generator, seconds: int = 3600) -> FloatArray:
    """(n,) slopes of pieces of 100-500 m, SD 4 %."""
    pieces = [np.full(int(rng.uniform(100, 500) / SPEED_MPS), rng.normal(0, 0.04)) for _ in range(seconds // 30)]
    return np.concatenate(pieces)[:seconds]


def wandering(rng: np.random.Generator, n: int, sd_m: float, within_s: float) -> FloatArray:
    """(n,) m, an error of that SD that forgets itself within so many seconds."""
    kept = math.exp(-1.0 / within_s)
    pushes = rng.normal(0, sd_m * math.sqrt(1 - kept * kept), n)
    found = [rng.normal(0, sd_m)]
    for push in pushes[1:]:
        found.append(kept * found[-1] + push)
    return np.array(found)


def barometer(altitude_m: FloatArray) -> FloatArray:
    """As a watch writes it: in steps of 0.2 m."""
    return np.round(altitude_m / 0.2) * 0.2


def test_a_slope_that_stays_the_same_is_told_exactly_once_there_is_way_enough() -> None:
    for slope in (-0.2, -0.03, LEVEL, 0.05, 0.15):
        found = grades(climb(60, slope))
        needed = round(LEAST_WAY_M / SPEED_MPS)
        assert np.isnan(found[:needed]).all()
        assert found[needed + 1 :] == pytest.approx(slope, abs=1e-9)


def test_on_simulated_hills_the_error_is_little_more_than_its_lateness() -> None:
    rng = np.random.default_rng(3)
    errors, late_m, climbs_m = [], [], []
    for _ in range(6):
        true = hills(rng)
        altitude_m = 300 + np.cumsum(true * SPEED_MPS)
        found = followed(barometer(altitude_m + wandering(rng, len(true), 0.3, 20)))
        known = ~np.isnan(found)
        assert known.mean() > 0.99
        errors.append((found - true)[known])
        spread = [np.nanstd(found[60 + lag :] - true[60 : len(true) - lag]) for lag in range(40)]
        late_m.append(int(np.argmin(spread)) * SPEED_MPS)
        climbs_m.append(np.sum((found - true)[known]) * SPEED_MPS)
    assert np.std(np.concatenate(errors)) < 0.020
    assert 0.4 * WINDOW_M < np.median(late_m) < 0.6 * WINDOW_M
    assert np.abs(np.mean(climbs_m)) < 3.0


@pytest.mark.parametrize(
    ("sd_m", "within_s", "largest"), [(0.3, 20, 0.006), (0.5, 60, 0.0065), (3.0, 120, 0.03), (3.0, 40, 0.045)]
)
def test_on_the_flat_the_error_is_that_of_the_altitude(sd_m: float, within_s: float, largest: float) -> None:
    rng = np.random.default_rng(5)
    found = np.concatenate([followed(barometer(100 + wandering(rng, 3600, sd_m, within_s))) for _ in range(4)])
    assert largest / 2 < np.nanstd(found) < largest


def test_standing_changes_no_slope_and_a_long_rest_forgets_it() -> None:
    grade, at_us = Grade(), 0
    for second in range(60):
        at_us = second * S
        told = grade.take(at_us, SPEED_MPS, 100 + 0.05 * SPEED_MPS * second)
    for second in range(1, 25):  # the air pressure drifts meanwhile
        assert grade.take(at_us + second * S, 0.0, 108.85 + 0.02 * second) == told
    assert math.isnan(grade.take(at_us + LONGEST_REST_US + S, SPEED_MPS, 109.5))


def test_without_altitude_a_slope_is_told_for_a_few_metres_only() -> None:
    seconds = 60
    items = climb(seconds, 0.05) + [record(seconds + i, None, SPEED_MPS * (seconds + i)) for i in range(10)]
    found = grades(items)
    fresh = seconds - 1 + int(FRESH_M / SPEED_MPS)
    assert found[seconds : fresh + 1] == pytest.approx(0.05)
    assert np.isnan(found[fresh + 1 :]).all()
    assert np.isnan(grades([replace(item, altitude_m=None) for item in items])).all()


def test_a_jump_of_altitude_begins_the_slope_anew() -> None:
    before, after = climb(60, LEVEL), climb(60, LEVEL, first_s=60)
    found = grades(before + [replace(item, altitude_m=112.0) for item in after])
    assert np.isnan(found[60 : 60 + int(LEAST_WAY_M / SPEED_MPS)]).all()
    assert found[-1] == pytest.approx(0.0, abs=1e-8)


@pytest.mark.parametrize("rest", ["pause", "silence", "odometer"])
def test_what_lies_between_two_stretches_is_no_slope(rest: str) -> None:
    """The runner walked up 10 m, or the distance jumped, while nobody wrote it down."""
    after = [replace(item, altitude_m=110.0) for item in climb(60, LEVEL, first_s=80)]
    between: list[PauseReading] = []
    if rest == "pause":
        between = [PauseReading("watch", START + timedelta(seconds=60), START + timedelta(seconds=79))]
    if rest == "odometer":
        after = [
            replace(r, distance_m=(r.distance_m or 0) + 900, end_utc=r.end_utc - timedelta(seconds=20)) for r in after
        ]
    found = grades([*climb(60, LEVEL), *between, *after])
    assert np.nanmax(np.abs(found)) < 1e-8
    assert np.isnan(found[60 : 60 + int(LEAST_WAY_M / SPEED_MPS)]).all()


def test_steeper_or_rougher_than_any_way_is_unknown() -> None:
    assert np.isnan(grades(climb(60, 0.45))).all()
    rng = np.random.default_rng(1)
    assert np.isnan(followed(100 + np.clip(rng.normal(0, 4, 600), -3, 3))[30:]).mean() > 0.5


def test_an_altitude_that_nobody_can_have_is_unknown() -> None:
    for absurd in (12_000.0, -900.0, math.inf, math.nan):
        assert np.isnan(grades([replace(item, altitude_m=absurd) for item in climb(60, LEVEL)])).all()
    below = [replace(item, altitude_m=(item.altitude_m or 0) - 500) for item in climb(60, 0.05)]
    assert grades(below)[-1] == pytest.approx(0.05)


def test_an_altitude_that_never_changes_is_none_that_was_measured() -> None:
    still = [replace(item, altitude_m=0.0) for item in climb(120, 0.0)]
    assert np.isnan(grades(still)).all()
    flickers = [*still[:60], replace(still[60], altitude_m=0.2), *still[61:]]
    assert np.isnan(grades(flickers)[:60]).all()
    assert np.abs(grades(flickers)[60:]).max() < 0.01


def test_an_odometer_that_is_silent_for_a_record_does_not_break_the_slope() -> None:
    items = [replace(item, distance_m=None) if i % 7 == 3 else item for i, item in enumerate(climb(80, 0.06))]
    found = grades(items)[40:]
    assert found == pytest.approx(0.06)


def test_without_an_odometer_the_way_comes_from_speed() -> None:
    found = grades([replace(item, distance_m=None) for item in climb(60, 0.06)])
    assert found[-1] == pytest.approx(0.06)
    assert np.isnan(grades([replace(r, distance_m=None, speed_mps=None) for r in climb(60, 0.06)])).all()


def test_on_a_treadmill_altitude_says_nothing_of_the_belt() -> None:
    items = climb(60, 0.05)
    assert np.isnan(grades(items, watch(surface="treadmill"))).all()
    assert grades(items)[-1] == pytest.approx(0.05)


def test_uphill_loads_more_and_downhill_less_than_the_flat() -> None:
    up, flat, down = (
        steps(run_one_by_one(watch(), climb(60, g))).achilles_impulse_bw_s[-1] for g in (0.06, LEVEL, -0.06)
    )
    assert up > flat > down


def test_a_session_whose_slopes_are_told_is_surer_of_its_load() -> None:
    told, untold = (summary(run_one_by_one(w, climb(600, LEVEL))).totals for w in (watch(), watch(surface="treadmill")))
    shares = [(t.load_eq_km_sd or 0) / (t.load_eq_km or 1) for t in (told, untold)]
    assert shares[0] < shares[1]


def test_an_imus_steps_have_the_grade_of_the_watch_while_it_is_fresh() -> None:
    run = one_leg(60.0)
    block = run.block()
    what = setup((BoundDevice("pod-1", None, "R", "shank"), BoundDevice("watch", None)))
    items: list[object] = []
    for second, reading in enumerate(climb(40, 0.08)):
        items += [reading, block.slice(100 * second, 100 * second + 100)]
    items.append(block.slice(4000, len(block)))
    table = steps(run_one_by_one(what, items))  # type: ignore[arg-type]
    t_s = table.seconds_since(round(START.timestamp() * S))
    assert np.isnan(table.grade[t_s < 10]).all()
    assert table.grade[(t_s > 20) & (t_s < 39)] == pytest.approx(0.08)
    assert np.isnan(table.grade[t_s > 42]).all()


@settings(max_examples=settings().max_examples // 4)
@given(st.data())
def test_events_do_not_depend_on_the_grouping_of_records_with_altitudes(data: st.DataObject) -> None:
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    altitude_m = barometer(100 + np.cumsum(hills(rng, 150) * SPEED_MPS))
    items: list[RecordReading | PauseReading] = []
    for second, metres in enumerate(altitude_m.tolist()):
        kind = data.draw(st.sampled_from(["whole"] * 12 + ["no altitude", "no way", "jump", "gap", "pause"]))
        if kind == "gap":
            continue
        if kind == "pause":
            at_utc = START + timedelta(seconds=second - 0.5)
            items.append(PauseReading("watch", at_utc, at_utc + timedelta(seconds=0.4)))
        told = None if kind == "no altitude" else metres + (40.0 if kind == "jump" else 0.0)
        items.append(record(second, told, None if kind == "no way" else SPEED_MPS * second))
    what = watch(data.draw(st.sampled_from(["live", "import"])))
    expected = encoded(run_one_by_one(what, items))
    assert encoded(run_grouped(what, items, data.draw(cuts(len(items))))) == expected
