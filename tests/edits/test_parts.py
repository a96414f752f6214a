"""Parts of a session: they add up to the whole, and a part is what a shorter recording would have been."""

import math
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.edits.fold import fold
from sensor_hub.edits.made import Folded
from sensor_hub.edits.parts import Asked, Rows, gaps_of, steps_of, summary_of
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.edit import Change, Edit, Entry, Merge, Split, Trim
from sensor_hub.model.gait import RecordReading, StepTable
from sensor_hub.model.imu import ImuBlock
from sensor_hub.model.load import Totals
from sensor_hub.model.session import Reading, SessionSummary, StepBatch
from sensor_hub.units import from_utc_us, utc_us
from tests.edits.recorded import BASE_UTC, Kind, Recorded, analysed, pod_readings, recorded, watch_readings
from tests.edits.strategies import MADE_UTC

SID, SECOND = "01s00000000000000000000000", "01s00000000000000000000001"
ME = Athlete("k3f4aaaa", "Robin", "Europe/Berlin")
ADDED_UP = ("n_steps", "load_bw_s", "duration_s", "distance_m", "push_off_bw_s", "n_walk_steps")
WITH_STEPS: tuple[Kind, ...] = ("watch", "watch-speed", "pod")
kinds = st.sampled_from(WITH_STEPS)
one_session = st.builds(
    lambda kind, minutes, gap, pause: recorded(kind, SID, ME.id, BASE_UTC, minutes=minutes, gap=gap, pause=pause),
    kinds, st.integers(2, 3), st.booleans(), st.booleans(),
)  # fmt: skip
inside = st.floats(0.001, 0.999)


def asked(*sessions: Recorded) -> Asked:
    rows = {session.sid: Rows(session.steps, session.gaps) for session in sessions}
    return Asked(rows.__getitem__, lambda _header: None, lambda _athlete: None)


def after(edits: list[Edit], *sessions: Recorded) -> Folded:
    entries = [Entry(f"e{i}", ME.id, MADE_UTC, "cli", edit) for i, edit in enumerate(edits)]
    found = fold([session.summary for session in sessions], entries, {ME.id: ME})
    assert not found.idle
    return found


def summary(found: Folded, sid: str, *sessions: Recorded) -> SessionSummary:
    made = found.of(sid)
    assert made is not None
    return summary_of(found, made, asked(*sessions))


def steps(found: Folded, sid: str, *sessions: Recorded) -> StepTable:
    made = found.of(sid)
    assert made is not None
    return steps_of(found, made, asked(*sessions))


def at(session: Recorded, share: float) -> datetime:
    start_utc, end_utc = session.summary.start_utc, session.summary.end_utc
    return start_utc + timedelta(seconds=round(share * (end_utc - start_utc).total_seconds(), 3))


def added(parts: list[SessionSummary], name: str) -> float | None:
    """The sum over parts; a part in which nothing was recorded has no load to add."""
    values = [getattr(part.totals, name) for part in parts]
    known = [v for v in values if v is not None]
    return math.fsum(known) if known else None


@given(one_session, st.lists(inside, min_size=1, max_size=4, unique=True))
def test_the_parts_of_a_split_add_up_to_the_whole(session: Recorded, shares: list[float]) -> None:
    """Cut again and again, from the end: of each cut the first part is the one that is cut next."""
    moments = sorted({at(session, share) for share in shares}, reverse=True)
    edits: list[Edit] = [Split(SID, moment, f"{SID}-{i}") for i, moment in enumerate(moments)]
    found = after(edits, session)
    parts = [summary(found, sid, session) for sid in (SID, *(f"{SID}-{i}" for i in range(len(moments))))]
    for name in ADDED_UP:
        whole = getattr(session.summary.totals, name)
        assert added(parts, name) == (whole if whole is None else pytest.approx(whole, rel=1e-9, abs=1e-9)), name
    tables = [steps(found, part.header.sid, session) for part in parts]
    assert sum(len(table) for table in tables) == len(session.steps)
    spans = sorted((part.start_utc, part.end_utc) for part in parts)
    assert (spans[0][0], spans[-1][1]) == (session.summary.start_utc, session.summary.end_utc)
    assert all(one[1] == other[0] for one, other in pairwise(spans))


@given(one_session, st.sampled_from((None, timedelta(0), timedelta(seconds=1), timedelta(days=1))))
def test_a_trim_that_takes_nothing_off_changes_nothing_bit_for_bit(session: Recorded, by: timedelta | None) -> None:
    whole = session.summary
    bounds = (None, None) if by is None else (whole.start_utc - by, whole.end_utc + by)
    found = after([Trim(SID, *bounds)], session)
    assert summary(found, SID, session) == whole
    assert steps(found, SID, session) == session.steps
    made = found.of(SID)
    assert made is not None
    assert tuple(gaps_of(found, made, whole.header, asked(session))) == session.gaps


@given(one_session, inside)
def test_what_was_split_and_merged_again_has_the_totals_it_had(session: Recorded, share: float) -> None:
    found = after([Split(SID, at(session, share), SECOND), Merge((SECOND, SID))], session)
    merged, whole = summary(found, SID, session), session.summary
    assert (merged.start_utc, merged.end_utc, merged.warnings) == (whole.start_utc, whole.end_utc, whole.warnings)
    assert merged.header == whole.header
    assert steps(found, SID, session) == session.steps
    for name in type(whole.totals).__slots__:
        value = getattr(whole.totals, name)
        same = pytest.approx(value, rel=1e-9, abs=1e-9) if isinstance(value, float) else value
        assert getattr(merged.totals, name) == same, name


@given(one_session, inside, inside)
def test_two_trims_are_the_one_of_what_both_keep(session: Recorded, one: float, other: float) -> None:
    first, last = sorted((at(session, one), at(session, other)))
    if first == last:
        return
    twice = after([Trim(SID, to_utc=last), Trim(SID, from_utc=first)], session)
    once = after([Trim(SID, first, last)], session)
    assert summary(twice, SID, session) == summary(once, SID, session)
    assert steps(twice, SID, session) == steps(once, SID, session)


@given(one_session, inside)
def test_no_gap_of_a_part_reaches_out_of_it(session: Recorded, share: float) -> None:
    found = after([Trim(SID, from_utc=at(session, share))], session)
    part, made = summary(found, SID, session), found.of(SID)
    assert made is not None
    for gap in gaps_of(found, made, part.header, asked(session)):
        assert part.start_utc <= gap.start_utc < gap.end_utc <= part.end_utc


def _before(readings: list[Reading], to_utc: datetime) -> list[Reading]:
    """What a recording would hold that ended then: whole records, and samples up to that moment."""
    kept: list[Reading] = []
    for reading in readings:
        if isinstance(reading, RecordReading) and reading.end_utc <= to_utc:
            kept.append(reading)
        elif isinstance(reading, ImuBlock):
            until_s = (utc_us(to_utc) - utc_us(BASE_UTC)) / 1e6
            n = int((reading.t_s < until_s).sum())
            kept += [reading.slice(0, n)] if n else []
    return kept


@pytest.mark.parametrize("gap", [False, True])
@pytest.mark.parametrize("kind", ["watch", "watch-speed", "pod"])
@pytest.mark.parametrize("seconds", [50, 100, 150])
def test_a_trim_of_the_end_is_what_a_recording_that_ended_there_gives(kind: Kind, gap: bool, seconds: int) -> None:
    """To a record, or to a stride: what begins before the cut and ends behind it can be told from the whole only."""
    session = recorded(kind, SID, ME.id, BASE_UTC, gap=gap)
    to_utc = BASE_UTC + timedelta(seconds=seconds)
    cut = summary(after([Trim(SID, to_utc=to_utc)], session), SID, session).totals
    if kind == "pod":
        events = analysed(_before(pod_readings(3, gap=gap), to_utc), "imu", "live")
    else:
        readings = _before(watch_readings(3, contact=kind == "watch", gap=gap), to_utc)
        events = analysed(readings, "contact" if kind == "watch" else "speed", "import", "fit")
    replayed = Recorded(events).summary.totals
    recorded_s = seconds - 20 if gap and seconds > 70 else seconds
    unit = (1.0 if kind != "pod" else 1.5) / recorded_s  # a record, or two strides, of what was recorded
    for name in ("n_steps", "load_bw_s", "duration_s", "distance_m", "load_eq_km"):
        expected = getattr(replayed, name)
        assert getattr(cut, name) == (expected if expected is None else pytest.approx(expected, rel=1.2 * unit)), name
    assert cut.cadence_spm == pytest.approx(replayed.cadence_spm, rel=0.01)
    assert cut.coverage == pytest.approx(replayed.coverage, abs=1.2 * unit)


@pytest.mark.parametrize("kind", ["watch", "watch-speed"])
def test_speed_and_slope_of_a_part_are_those_of_its_rows(kind: Kind) -> None:
    session = _on_a_hill(recorded(kind, SID, ME.id, BASE_UTC, minutes=14))
    middle = at(session, 0.5)
    found = after([Split(SID, middle, SECOND)], session)
    flat, hill = (summary(found, sid, session).totals for sid in (SID, SECOND))
    rows = [steps(found, sid, session) for sid in (SID, SECOND)]
    assert flat.uphill_s == flat.ascent_m == 0.0
    assert hill.uphill_s == pytest.approx(np.nansum(rows[1].step_time_s * rows[1].n_steps), abs=1e-3)
    assert hill.ascent_m == pytest.approx(0.05 * np.nansum(rows[1].speed_mps * rows[1].step_time_s * rows[1].n_steps))
    for part, table in zip((flat, hill), rows, strict=True):
        assert part.median_speed_mps == pytest.approx(np.nanmedian(table.speed_mps), abs=0.02)
        assert 0 < (part.speed_5min_mps or 0.0) <= np.nanmax(table.speed_mps) + 0.01


def test_loads_of_two_models_are_not_added_but_speed_and_slope_are() -> None:
    session = _on_a_hill(recorded("watch", SID, ME.id, BASE_UTC))
    later = _on_a_hill(recorded("watch", SECOND, ME.id, BASE_UTC + timedelta(minutes=10)))
    older = replace(later.summary, header=replace(later.summary.header, model="achilles-0.1"))
    other = Recorded((*later.events[:-1], older))
    both = summary(after([Merge((SID, SECOND))], session, other), SID, session, other).totals
    assert both.load_eq_km is None
    hill = [rows.grade == 0.05 for rows in (session.steps, other.steps)]
    run_s = [np.nansum((r.step_time_s * r.n_steps)[h]) for r, h in zip((session.steps, other.steps), hill, strict=True)]
    assert both.uphill_s == pytest.approx(sum(run_s), abs=1e-3)
    assert both.median_speed_mps is not None


def test_speed_and_slope_of_a_session_with_a_line_of_a_log_are_unknown() -> None:
    session, log = (
        recorded("watch", SID, ME.id, BASE_UTC),
        recorded("log", SECOND, ME.id, BASE_UTC + timedelta(hours=1)),
    )
    both = summary(after([Merge((SID, SECOND))], session, log), SID, session, log).totals
    assert (both.median_speed_mps, both.speed_5min_mps, both.uphill_s, both.ascent_m) == (None,) * 4


def _on_a_hill(session: Recorded) -> Recorded:
    """The same session with a level first half and a second half that climbs by 5 %."""
    batches = [event for event in session.events if isinstance(event, StepBatch)]
    middle_us = utc_us(at(session, 0.5))
    hilly = [
        replace(batch, steps=replace(batch.steps, grade=np.where(batch.steps.time_utc_us < middle_us, 0.0, 0.05)))
        for batch in batches
    ]
    others = [event for event in session.events if not isinstance(event, StepBatch)]
    return Recorded((others[0], *hilly, *others[1:]))


def test_a_session_of_another_surface_and_back_has_the_numbers_it_had() -> None:
    session = recorded("watch", SID, ME.id, BASE_UTC)
    found = after([Change(SID, surface="treadmill"), Change(SID, surface="unknown")], session)
    assert summary(found, SID, session) == session.summary
    assert steps(found, SID, session) == session.steps


def test_rows_on_the_cut_are_in_the_second_part_only() -> None:
    session = recorded("watch", SID, ME.id, BASE_UTC)
    row_us = int(session.steps.time_utc_us[60])
    found = after([Split(SID, from_utc_us(row_us), SECOND)], session)
    assert steps(found, SID, session).time_utc_us.tolist()[-1] < row_us
    assert steps(found, SECOND, session).time_utc_us.tolist()[0] == row_us


def test_a_walk_can_be_cut_as_a_run_can() -> None:
    walk = _walk()
    found = after([Trim(SID, to_utc=at(walk, 0.5))], walk)
    part = summary(found, SID, walk).totals
    assert part.n_walk_steps == pytest.approx((walk.summary.totals.n_walk_steps or 0.0) / 2, abs=4)
    assert part.n_steps == 0


def test_a_walk_that_was_cut_stays_cut_beside_a_line_of_a_log() -> None:
    walk, log = _walk(), recorded("log", SECOND, ME.id, BASE_UTC + timedelta(minutes=10))
    found = after([Trim(SID, to_utc=at(walk, 0.5)), Merge((SID, SECOND))], walk, log)
    whole_s = summary(found, SID, walk, log).totals.duration_s
    assert whole_s == pytest.approx(90.0 + log.summary.totals.duration_s, abs=1.5)


def _walk() -> Recorded:
    run = recorded("pod", SID, ME.id, BASE_UTC)
    walked = replace(run.steps, gait=np.where(run.steps.gait == "run", "walk", run.steps.gait))
    totals = Totals(duration_s=180.0, coverage=1.0, n_walk_steps=run.summary.totals.n_steps, walk_load_bw_s=100.0)
    begun, *_ = run.events
    return Recorded((begun, replace(_batch(run), steps=walked), replace(run.summary, totals=totals)))


def _batch(session: Recorded) -> StepBatch:
    return next(event for event in session.events if isinstance(event, StepBatch))
