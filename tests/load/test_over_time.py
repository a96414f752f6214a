"""A session over its time: a piece says what its steps say, sums end with the totals, and nothing is made up."""

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.load.achilles import ACHILLES_1, VERSION
from sensor_hub.load.over_time import MOST_PIECES, Expressed, over_minutes, over_time, unseen_of, width_s
from sensor_hub.load.reference import REFERENCE_ID
from sensor_hub.model.arrays import FloatArray
from sensor_hub.model.edit import Trim
from sensor_hub.model.gait import FLOAT_COLUMNS, StepTable, Tier
from sensor_hub.model.load import Totals
from sensor_hub.model.minutes import minutes_of
from sensor_hub.model.session import GapFound, SessionHeader, SessionPaused, SessionSummary
from sensor_hub.model.timeline import COLUMNS, Timeline
from sensor_hub.model.unseen import PAUSE, Unseen
from sensor_hub.units import utc_us
from tests.edits import test_parts as parts
from tests.edits.recorded import BASE_UTC, Kind, Recorded, recorded

START = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
EASY = Expressed(ACHILLES_1.eq_km_bw_s, ACHILLES_1.hard_line_bw)
KINDS: tuple[Kind, ...] = ("watch", "watch-speed", "pod")
MEANS = ("cadence_spm", "contact_time_s", "speed_mps", "grade", "balance_left")
sessions = st.builds(
    lambda kind, minutes, gap, pause: recorded(kind, "sid", "who", BASE_UTC, minutes=minutes, gap=gap, pause=pause),
    st.sampled_from(KINDS), st.integers(2, 3), st.booleans(), st.booleans(),
)  # fmt: skip
widths = st.one_of(st.none(), st.floats(0.5, 400.0))


def summary(lasted_s: float, tier: Tier = "imu", *, ended: bool = True, **totals: object) -> SessionSummary:
    header = SessionHeader("sid", "who", "UTC", "live", tier, VERSION, REFERENCE_ID, "pod")
    said = Totals(**totals)  # type: ignore[arg-type]
    return SessionSummary(header, START, START + timedelta(seconds=lasted_s), said, ended=ended)


def steps(at_s: Sequence[float] | FloatArray, side: str = "U", gait: str = "run", **columns: object) -> StepTable:
    """Rows at these seconds; a column is one number for all rows, or one each."""
    n = len(at_s)
    given_ = {"n_steps": 2.0, "step_time_s": 0.35} | columns
    filled = {name: np.broadcast_to(np.asarray(given_.get(name, math.nan), float), n).copy() for name in FLOAT_COLUMNS}
    return StepTable(
        time_utc_us=utc_us(START) + np.round(np.asarray(at_s) * 1e6).astype(np.int64), side=np.full(n, side),
        gait=np.full(n, gait, "<U4"), step_time_origin=np.full(n, "estimated"), **filled,
    )  # fmt: skip


def by_time(*tables: StepTable) -> StepTable:
    table = StepTable.concatenate(tables)
    return table.only(np.argsort(table.time_utc_us, kind="stable"))


def drawn(found: Timeline | None) -> Timeline:
    assert found is not None
    return found


def of_recorded(session: Recorded, bin_s: float | None = None) -> Timeline:
    pauses = [event for event in session.events if isinstance(event, SessionPaused)]
    unseen = unseen_of(session.gaps, pauses, session.summary.start_utc)
    return drawn(over_time(session.steps, session.summary, EASY, unseen, bin_s=bin_s))


def last_known(column: FloatArray) -> float:
    known = column[~np.isnan(column)]
    return float(known[-1]) if len(known) else math.nan


# --- by hand ---------------------------------------------------------------------------------------------------------


def test_a_piece_says_what_its_strides_say_and_nothing_where_there_are_none() -> None:
    at_s = [0.0, 0.7, 1.4, 20.0, 20.8]
    table = steps(at_s, step_time_s=[0.35, 0.35, 0.35, 0.4, 0.4], contact_time_s=[0.2, 0.22, 0.24, 0.3, math.nan])
    found = drawn(over_time(table, summary(30.0), EASY, bin_s=10.0))
    assert found.at_s.tolist() == [5.0, 15.0, 25.0]
    assert found.cadence_spm == pytest.approx([60 / 0.35, math.nan, 150.0], nan_ok=True)
    assert found.contact_time_s == pytest.approx([0.22, math.nan, 0.3], nan_ok=True)
    assert found.contact_time_sd == pytest.approx([math.sqrt(0.0008 / 3), math.nan, math.nan], nan_ok=True)
    for name in ("speed_mps", "grade", "balance_left", "load_eq_km", "hard_load_bw_s", "distance_m"):
        assert np.isnan(getattr(found, name)).all(), name


def test_a_record_counts_in_the_interval_that_ends_with_it_and_a_step_from_its_contact_on() -> None:
    """The record of second 12 stands for 8 s to 12 s: half of its 12 steps are those of the first ten seconds."""
    record = steps([12.0], n_steps=12.0, step_time_s=4 / 12, speed_mps=3.0, achilles_impulse_bw_s=1.0)
    found = drawn(over_time(record, summary(20.0, "contact", distance_m=12.0), EASY, bin_s=10.0))
    assert found.load_eq_km * EASY.eq_km_bw_s == pytest.approx([3.0, 6.0])
    assert found.distance_m == pytest.approx([6.0, 12.0])
    stride = drawn(over_time(replace(record, n_steps=np.array([12.0])), summary(20.0), EASY, bin_s=10.0))
    assert stride.load_eq_km * EASY.eq_km_bw_s == pytest.approx([0.0, 6.0])


def test_records_ten_seconds_apart_leave_no_piece_empty() -> None:
    at_s = np.arange(10.0, 121.0, 10.0)
    table = steps(at_s, n_steps=28.7, step_time_s=10 / 28.7, speed_mps=3.0)
    found = drawn(over_time(table, summary(120.0, "speed", distance_m=360.0), EASY, bin_s=5.0))
    assert not np.isnan(found.speed_mps).any()
    assert np.isnan(found.contact_time_s).all()
    assert found.distance_m == pytest.approx(np.arange(1, 25) * 15.0)


def test_two_pods_tell_a_balance_and_one_tells_none() -> None:
    left = steps(np.arange(0.0, 10.0, 0.7), "L", n_steps=1.0, contact_time_s=0.24)
    right = steps(np.arange(0.35, 10.0, 0.7), "R", n_steps=1.0, contact_time_s=0.26)
    both = drawn(over_time(by_time(left, right), summary(10.0), EASY, bin_s=5.0))
    assert both.balance_left == pytest.approx([0.48, 0.48])
    assert both.cadence_spm == pytest.approx([60 / 0.35] * 2)
    assert np.isnan(drawn(over_time(left, summary(10.0), EASY, bin_s=5.0)).balance_left).all()


def test_steps_that_were_walked_are_not_the_runs() -> None:
    run = steps([0.0, 0.7], contact_time_s=0.24, achilles_impulse_bw_s=1.0)
    walk = steps([5.0, 6.0], gait="walk", step_time_s=0.55, contact_time_s=0.7, achilles_impulse_bw_s=1.0)
    found = drawn(over_time(by_time(run, walk), summary(10.0), EASY, bin_s=5.0))
    assert found.contact_time_s == pytest.approx([0.24, math.nan], nan_ok=True)
    assert found.load_eq_km * EASY.eq_km_bw_s == pytest.approx([2.0, 2.0])
    assert over_time(walk, summary(10.0), EASY) is None
    assert over_time(StepTable.empty(), summary(10.0), EASY) is None


def test_hard_load_is_the_impulse_of_the_steps_above_the_line_and_unknown_without_one() -> None:
    table = steps([0.0, 1.0, 6.0], achilles_impulse_bw_s=[1.0, 1.0, 2.0], achilles_peak_bw=[4.0, 9.0, 9.0])
    found = drawn(over_time(table, summary(10.0), Expressed(100.0, 8.0), bin_s=5.0))
    assert found.hard_load_bw_s == pytest.approx([1.0, 3.0])
    unknown = drawn(over_time(table, summary(10.0), Expressed(100.0, None), bin_s=5.0))
    assert np.isnan(unknown.hard_load_bw_s).all()
    assert unknown.load_eq_km == pytest.approx([0.02, 0.04])


def test_the_load_of_a_kilometre_leaves_out_what_has_no_speed() -> None:
    table = steps([0.0, 1.0], achilles_impulse_bw_s=1.0, speed_mps=[2.0, math.nan], step_time_s=0.5)
    found = drawn(over_time(table, summary(5.0), Expressed(100.0, None)))
    assert found.load_eq_km_per_km == pytest.approx([(1.0 / 100.0) / (2.0 * 1.0 / 1000.0)])


def test_sums_are_unknown_in_a_gap_known_in_a_pause_and_go_on_after_both() -> None:
    run_s = [*np.arange(0.0, 9.2, 0.7), *np.arange(40.0, 49.2, 0.7)]
    table = steps(run_s, achilles_impulse_bw_s=1.0)
    unseen = (Unseen(10.0, 20.0, "silence", "pod"), Unseen(20.0, 40.0, PAUSE))
    found = drawn(over_time(table, summary(50.0), Expressed(1.0, None), unseen, bin_s=5.0))
    before = found.load_eq_km[1]
    assert np.isnan(found.load_eq_km[2:4]).all()
    assert found.load_eq_km[4:8] == pytest.approx([before] * 4)
    assert found.load_eq_km[-1] == pytest.approx(len(run_s))
    assert np.isnan(found.cadence_spm[2:8]).all()
    assert found.gaps == unseen[:1]


def test_what_a_device_counted_through_a_gap_lies_in_the_gap() -> None:
    table = steps([*np.arange(1.0, 21.0), *np.arange(41.0, 61.0)], n_steps=2.8, step_time_s=1 / 2.8, speed_mps=3.0)
    unseen = (Unseen(20.0, 40.0, "silence", "watch"),)
    found = drawn(over_time(table, summary(60.0, "speed", distance_m=180.0), EASY, unseen, bin_s=10.0))
    assert found.distance_m == pytest.approx([30, 60, math.nan, math.nan, 150, 180], nan_ok=True)


def test_of_a_run_in_progress_nothing_is_said_of_the_time_after_its_newest_step() -> None:
    table = steps(np.arange(0.0, 10.0, 0.7), achilles_impulse_bw_s=1.0)
    found = drawn(over_time(table, summary(30.0, ended=False), Expressed(1.0, None), bin_s=5.0))
    assert np.isnan(found.load_eq_km[3:]).all()
    assert not np.isnan(found.load_eq_km[:2]).any()


def test_the_spread_of_a_sum_grows_with_it_to_that_of_the_session() -> None:
    table = steps(np.arange(0.0, 20.0, 0.7), achilles_impulse_bw_s=1.0, achilles_peak_bw=1.0)
    said = summary(20.0, load_eq_km=len(table) / 10.0, load_eq_km_sd=0.3, hard_load_bw_s=0.0, hard_load_sd=0.5)
    found = drawn(over_time(table, said, Expressed(10.0, 8.0), bin_s=5.0))
    assert found.load_eq_km_sd[-1] == pytest.approx(0.3)
    assert np.all(np.diff(found.load_eq_km_sd) > 0)
    assert found.hard_load_sd[-1] == pytest.approx(0.5)  # that nothing was hard is not certain


def test_minutes_that_were_kept_tell_the_same_sums_and_no_spread() -> None:
    session = recorded("watch", "sid", "who", BASE_UTC, minutes=4, gap=True)
    unseen = unseen_of(session.gaps, [], session.summary.start_utc)
    found = drawn(over_minutes(minutes_of(session.steps), session.summary, EASY, unseen))
    assert found.from_minutes
    assert found.bin_s == 60.0
    assert last_known(found.load_eq_km) == pytest.approx(session.summary.totals.load_eq_km)
    assert last_known(found.distance_m) == pytest.approx(session.summary.totals.distance_m)
    assert np.nanmean(found.contact_time_s) == pytest.approx(session.summary.totals.contact_time_s, abs=1e-3)
    assert np.isnan(found.contact_time_sd).all()
    assert np.isnan(found.hard_load_bw_s).all()


def test_minutes_with_a_step_of_unknown_force_lose_nothing_of_the_sum() -> None:
    """A stride a second for three minutes; of one in the second the force is unknown, so of that minute the sum."""
    forces = np.ones(180)
    forces[90] = math.nan
    table = steps(np.arange(180.0), achilles_impulse_bw_s=forces)
    said = summary(180.0, load_eq_km=17.9)
    found = drawn(over_minutes(minutes_of(table), said, Expressed(10.0, None)))
    assert found.load_eq_km == pytest.approx([6.0, 11.9, 17.9])
    nobody_knows = drawn(over_minutes(minutes_of(table), summary(180.0), Expressed(10.0, None)))
    assert nobody_knows.load_eq_km == pytest.approx([6.0, math.nan, math.nan], nan_ok=True)


def test_minutes_of_a_day_and_a_night_are_put_together_and_those_of_years_are_no_session() -> None:
    n = 1500
    table = steps(np.arange(0.0, 60.0 * n, 60.0), achilles_impulse_bw_s=1.0)
    found = drawn(over_minutes(minutes_of(table), summary(60.0 * n), Expressed(1.0, None)))
    assert (len(found), found.bin_s) == (500, 180.0)
    assert len(found) <= MOST_PIECES
    assert found.load_eq_km[[0, -1]] == pytest.approx([3.0, n])
    years = steps([0.0, 60.0 * 60 * 24 * 400], achilles_impulse_bw_s=1.0)
    assert over_minutes(minutes_of(years), summary(60.0), Expressed(1.0, None)) is None


def test_minutes_are_the_clocks_and_one_without_a_row_is_unknown() -> None:
    table = steps([10.0, 200.0], step_time_s=0.4, achilles_impulse_bw_s=1.0)
    late = replace(summary(240.0), start_utc=START + timedelta(seconds=40))
    found = drawn(over_minutes(minutes_of(table), late, Expressed(1.0, None), (Unseen(30.0, 130.0, "silence"),)))
    assert found.at_s.tolist() == [-10.0, 50.0, 110.0, 170.0]
    assert found.cadence_spm == pytest.approx([150.0, math.nan, math.nan, 150.0], nan_ok=True)
    assert found.load_eq_km == pytest.approx([1.0, math.nan, math.nan, 2.0], nan_ok=True)


@pytest.mark.parametrize(
    ("lasted_s", "width"), [(0, 5), (600, 5), (3600, 5), (3601, 10), (7200, 10), (7201, 15), (86_400, 120)]
)
def test_pieces_have_a_round_width_and_are_not_too_many(lasted_s: float, width: float) -> None:
    assert width_s(lasted_s) == width


# --- for all sessions ------------------------------------------------------------------------------------------------


@given(sessions, widths)
def test_running_sums_end_with_the_totals_of_the_session(session: Recorded, bin_s: float | None) -> None:
    found, totals = of_recorded(session, bin_s), session.summary.totals
    assert last_known(found.load_eq_km) == pytest.approx(totals.load_eq_km, rel=1e-9)
    assert last_known(found.load_eq_km_sd) == pytest.approx(totals.load_eq_km_sd, rel=1e-9)
    hard = math.nan if totals.hard_load_bw_s is None else totals.hard_load_bw_s
    assert last_known(found.hard_load_bw_s) == pytest.approx(hard, rel=1e-9, nan_ok=True)
    far = math.nan if totals.distance_m is None else totals.distance_m
    assert last_known(found.distance_m) == pytest.approx(far, rel=1e-9, nan_ok=True)


@given(sessions, widths)
def test_nothing_is_made_up(session: Recorded, bin_s: float | None) -> None:
    """A mean lies within what the rows say, and a piece that no row reaches into has none."""
    found, table = of_recorded(session, bin_s), session.steps
    of_rows = {
        "cadence_spm": 60.0 / table.step_time_s, "contact_time_s": table.contact_time_s, "speed_mps": table.speed_mps,
        "grade": table.grade,
    }  # fmt: skip
    for name, values in of_rows.items():
        column, known = getattr(found, name), values[~np.isnan(values)]
        inside = column[~np.isnan(column)]
        assert len(inside) == 0 or (inside.min() >= known.min() - 1e-9 and inside.max() <= known.max() + 1e-9), name
    lasts_s = table.step_time_s * table.n_steps
    at_s = table.seconds_since(utc_us(session.summary.start_utc))
    ends = session.summary.header.tier != "imu"
    for middle, cadence in zip(found.at_s, found.cadence_spm, strict=True):
        begin, end = middle - found.bin_s / 2 - 1e-6, middle + found.bin_s / 2 + 1e-6
        from_s, to_s = (at_s - lasts_s, at_s) if ends else (at_s, at_s + lasts_s)
        reached = bool(np.any((from_s < end) & (to_s > begin) | ((at_s >= begin) & (at_s <= end))))
        assert reached or math.isnan(cadence)


@given(sessions, widths)
def test_columns_are_even_and_sums_never_fall(session: Recorded, bin_s: float | None) -> None:
    found = of_recorded(session, bin_s)
    assert {len(getattr(found, name)) for name in COLUMNS} == {len(found)}
    assert np.diff(found.at_s) == pytest.approx([found.bin_s] * (len(found) - 1))
    assert bin_s is not None or len(found) <= MOST_PIECES
    for name in ("load_eq_km", "distance_m"):
        column = getattr(found, name)
        assert np.all(np.diff(column[~np.isnan(column)]) >= -1e-12), name
    for gap in found.gaps:
        whole = (found.at_s - found.bin_s / 2 >= gap.begin_s) & (found.at_s + found.bin_s / 2 <= gap.end_s)
        assert np.isnan(found.load_eq_km[whole]).all()


@given(sessions, st.floats(0.2, 0.8), st.floats(7.0, 120.0))
def test_a_sum_does_not_depend_on_the_width_of_its_pieces(session: Recorded, share: float, bin_s: float) -> None:
    """At a moment where pieces of both widths end, both say the same."""
    fine, coarse = of_recorded(session, bin_s / 4), of_recorded(session, bin_s)
    k = int(share * len(coarse))
    one, other = coarse.load_eq_km[k], fine.load_eq_km[min(4 * k + 3, len(fine) - 1)]
    assert math.isnan(one) or math.isnan(other) or one == pytest.approx(other, rel=1e-9, abs=1e-12)


def test_gaps_and_pauses_come_in_time_order_in_seconds_of_the_session() -> None:
    header = summary(60.0).header
    moment = [START + timedelta(seconds=s) for s in (5, 8, 20, 30)]
    gaps = [
        GapFound(header, "pod-l", moment[2], moment[3], "silence"),
        GapFound(header, "", moment[2], moment[3], "stale"),
    ]
    pauses = [SessionPaused(header, moment[0], moment[1])]
    found = unseen_of(gaps, pauses, START)
    assert found[0] == Unseen(5.0, 8.0, PAUSE)
    assert set(found[1:]) == {Unseen(20.0, 30.0, "silence", "pod-l"), Unseen(20.0, 30.0, "stale")}


@given(sessions, st.floats(0.05, 0.45), st.floats(0.55, 0.95))
def test_a_trimmed_run_ends_with_the_totals_of_what_is_left(session: Recorded, one: float, other: float) -> None:
    header = replace(session.summary.header, sid=parts.SID, athlete=parts.ME.id)
    mine = Recorded(tuple(replace(event, header=header) for event in session.events))
    edited = parts.after([Trim(parts.SID, parts.at(mine, one), parts.at(mine, other))], mine)
    kept, table = parts.summary(edited, parts.SID, mine), parts.steps(edited, parts.SID, mine)
    found = drawn(over_time(table, kept, EASY))
    assert last_known(found.load_eq_km) == pytest.approx(kept.totals.load_eq_km, rel=1e-9)
    hard = math.nan if kept.totals.hard_load_bw_s is None else kept.totals.hard_load_bw_s
    assert last_known(found.hard_load_bw_s) == pytest.approx(hard, rel=1e-9, nan_ok=True)
