"""Steps → a session over its time: means and running sums in even pieces, and nothing where nothing is known.

A row stands for the time from its contact on, or, of a source with records, for the interval that ends with it; what
it stands for is shared out among the pieces it reaches into. So the pieces are as true of steps as of records that come
ten seconds apart, and a running sum ends with what ``aggregate`` says of the session.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np

from sensor_hub.load.aggregate import LEAST_PEAKS
from sensor_hub.load.pieces import Grid, Rows, ratio
from sensor_hub.load.remodel import gait_of
from sensor_hub.model.arrays import BoolArray, FloatArray
from sensor_hub.model.gait import StepTable
from sensor_hub.model.load import Totals
from sensor_hub.model.minutes import US_PER_MINUTE, MinuteTable
from sensor_hub.model.session import GapFound, SessionPaused, SessionSummary
from sensor_hub.model.timeline import Timeline, coarser
from sensor_hub.model.unseen import PAUSE, Unseen
from sensor_hub.units import M_PER_KM, S_PER_MIN, US_PER_S, utc_us

MOST_PIECES: Final = 720
WIDTHS_S: Final = (5, 10, 15, 20, 30, 60, 120, 300, 600, 1800, 3600)  # a shorter piece holds too few steps of one foot
MOST_MINUTES: Final = 8 * 24 * 60  # no session lasts longer (ours)
MOST_UNKNOWN: Final = 0.05  # of the rows' time without speed: with more, nobody knows where the distance was run (ours)


@dataclass(frozen=True, slots=True)
class Expressed:
    """In what a session's loads are told. eq_km_bw_s : impulse a leg of an eq-km. hard_line_bw : None is unknown."""

    eq_km_bw_s: float
    hard_line_bw: float | None


def width_s(lasted_s: float) -> float:
    """Return a round width that makes at most ``MOST_PIECES`` of so many seconds."""
    fits = (float(width) for width in WIDTHS_S if lasted_s <= width * MOST_PIECES)
    return next(fits, WIDTHS_S[-1] * float(np.ceil(max(lasted_s, 1.0) / (WIDTHS_S[-1] * MOST_PIECES))))


def unseen_of(gaps: Sequence[GapFound], pauses: Sequence[SessionPaused], start_utc: datetime) -> tuple[Unseen, ...]:
    """Return gaps and pauses in time order, in seconds since a session's start."""

    def since(moment: datetime) -> float:
        return (moment - start_utc).total_seconds()

    found = [Unseen(since(gap.start_utc), since(gap.end_utc), gap.cause, gap.device or None) for gap in gaps]
    found += [Unseen(since(pause.start_utc), since(pause.end_utc), PAUSE) for pause in pauses]
    return tuple(sorted(found, key=lambda one: (one.begin_s, one.end_s)))


def over_time(
    steps: StepTable,
    summary: SessionSummary,
    expressed: Expressed,
    unseen: Sequence[Unseen] = (),
    *,
    bin_s: float | None = None,
) -> Timeline | None:
    """Return a session over its time from its steps; None where none of them was run.

    Parameters
    ----------
    steps
        In time order. Those that were walked are not the run's.
    unseen
        Gaps and pauses; a gap of one foot leaves what the other one tells.
    bin_s
        Width of a piece, s; None is a round one that makes at most ``MOST_PIECES``.
    """
    running = gait_of(steps) == "run"
    if not running.any():
        return None
    lasted_s = max((summary.end_utc - summary.start_utc).total_seconds(), 0.0)
    width = width_s(lasted_s) if bin_s is None else bin_s
    grid = Grid(width, max(1, int(np.ceil(lasted_s / width - 1e-9))))
    start_us = utc_us(summary.start_utc)
    heard_s = float(steps.time_utc_us.max() - start_us) / US_PER_S
    run = steps.only(running)
    rows = Rows(run, grid, run.seconds_since(start_us), ends_at=summary.header.tier != "imu")
    gap_s = grid.covered_s([one for one in unseen if one.cause != PAUSE])
    silent = (rows.total(rows.n_steps) <= 0) & (gap_s > 0)
    if not summary.ended:  # what comes next is not known yet
        silent |= np.arange(grid.n) > heard_s / width
    load_bw_s = run.achilles_impulse_bw_s * run.n_steps / 2
    row_m = run.speed_mps * rows.lasts_s
    step_s = rows.mean(run.step_time_s)
    load = _summed(rows, load_bw_s, silent) / expressed.eq_km_bw_s
    hard = _hard(rows, run.achilles_peak_bw, load_bw_s, expressed.hard_line_bw, silent)
    totals = summary.totals
    return Timeline(
        sid=summary.header.sid,
        start_utc=summary.start_utc,
        end_utc=summary.end_utc,
        bin_s=width,
        at_s=grid.middles_s,
        cadence_spm=np.divide(S_PER_MIN, step_s, out=np.full(grid.n, np.nan), where=step_s > 0),
        contact_time_s=rows.mean(run.contact_time_s),
        contact_time_sd=rows.spread(run.contact_time_s),
        speed_mps=rows.mean(run.speed_mps),
        grade=rows.mean(run.grade),
        balance_left=_balance(rows, run),
        load_eq_km=load,
        load_eq_km_sd=_in_proportion(load, totals.load_eq_km, totals.load_eq_km_sd, load),
        hard_load_bw_s=hard,
        hard_load_sd=_in_proportion(hard, totals.hard_load_bw_s, totals.hard_load_sd, load),
        load_eq_km_per_km=ratio(
            rows.total(np.where(np.isnan(row_m), np.nan, load_bw_s)),
            rows.total(np.where(np.isnan(load_bw_s), np.nan, row_m)) * expressed.eq_km_bw_s / M_PER_KM,
        ),
        distance_m=_distance_m(rows, run, totals, gap_s, silent),
        unseen=tuple(unseen),
    )


def over_minutes(
    minutes: MinuteTable, summary: SessionSummary, expressed: Expressed, unseen: Sequence[Unseen] = ()
) -> Timeline | None:
    """Return a session over its time from the minutes that were kept of it; None where none of them was run.

    None also where they lie further apart than any session lasts: who sent them was wrong about their times. Of single
    steps nothing is told: neither their spread, nor left and right, nor hard load.
    """
    ran = minutes.n_steps > 0
    if not ran.any():
        return None
    start_us = utc_us(summary.start_utc)
    first_us, last_us = int(minutes.minute_utc_us[0]), int(minutes.minute_utc_us[-1])
    n = (last_us - first_us) // US_PER_MINUTE + 1
    if n > MOST_MINUTES:
        return None
    place = (minutes.minute_utc_us - first_us) // US_PER_MINUTE
    begins_s = (first_us - start_us) / US_PER_S
    grid = Grid(float(S_PER_MIN), int(n), begins_s)
    gap_s = grid.covered_s([one for one in unseen if one.cause != PAUSE])

    def put(values: FloatArray) -> FloatArray:
        column = np.full(grid.n, np.nan)
        column[place] = np.where(ran, values, np.nan)
        return column

    rows_bw_s, n_steps = put(minutes.achilles_impulse_bw_s) / 2, put(minutes.n_steps)
    has_run = np.isin(np.arange(grid.n), place[ran])
    silent = ~has_run & (gap_s > 0)
    totals = summary.totals
    whole_bw_s = math.nan if totals.load_eq_km is None else totals.load_eq_km * expressed.eq_km_bw_s
    load = _running(_with_untold(rows_bw_s, n_steps, whole_bw_s), silent, has_run) / expressed.eq_km_bw_s
    step_s, speed = put(minutes.step_time_s), put(minutes.speed_mps)
    lasts_s = step_s * n_steps
    row_m = speed * lasts_s
    known_s, whole_s = float(lasts_s[~np.isnan(row_m)].sum()), float(np.nansum(lasts_s))
    moved_m = row_m if whole_s - known_s <= MOST_UNKNOWN * whole_s else np.full(grid.n, np.nan)
    unknown = np.full(grid.n, np.nan)
    found = Timeline(
        sid=summary.header.sid,
        start_utc=summary.start_utc,
        end_utc=summary.end_utc,
        bin_s=float(S_PER_MIN),
        at_s=grid.middles_s,
        cadence_spm=np.divide(S_PER_MIN, step_s, out=unknown.copy(), where=step_s > 0),
        contact_time_s=put(minutes.contact_time_s),
        contact_time_sd=unknown,
        speed_mps=speed,
        grade=put(minutes.grade),
        balance_left=unknown,
        load_eq_km=load,
        load_eq_km_sd=_in_proportion(load, totals.load_eq_km, totals.load_eq_km_sd, load),
        hard_load_bw_s=unknown,
        hard_load_sd=unknown,
        load_eq_km_per_km=ratio(rows_bw_s, row_m * expressed.eq_km_bw_s / M_PER_KM),
        distance_m=_with_gaps(moved_m, totals.distance_m, known_s, gap_s, silent),
        unseen=tuple(unseen),
        from_minutes=True,
    )
    return found if grid.n <= MOST_PIECES else coarser(found, S_PER_MIN * math.ceil(grid.n / MOST_PIECES))


def _with_untold(minutes_bw_s: FloatArray, n_steps: FloatArray, whole_bw_s: float) -> FloatArray:
    """(minutes,) load of each minute that was run, also of those in which a step's force is unknown.

    Of such a minute no sum was kept, though its other steps are in the session's total: what the total has beyond the
    other minutes is theirs, by their steps. Where the total is unknown, nothing is known from the first of them on.
    """
    is_untold = np.isnan(minutes_bw_s) & (n_steps > 0)
    if not is_untold.any():
        return minutes_bw_s
    rest_bw_s = whole_bw_s - float(np.nansum(minutes_bw_s))
    if not rest_bw_s >= -1e-6 * whole_bw_s:  # neither is an unknown total
        return np.where(np.cumsum(is_untold) > 0, np.nan, minutes_bw_s)
    shares = n_steps / float(n_steps[is_untold].sum())
    return np.where(is_untold, max(rest_bw_s, 0.0) * shares, minutes_bw_s)


def _running(amounts: FloatArray, silent: BoolArray, ran: BoolArray) -> FloatArray:
    """(pieces,) running sum of amounts that may be unknown; unknown where it was silent or nobody knows the amount."""
    known = ~np.isnan(amounts)
    sums: FloatArray = np.cumsum(np.where(known, amounts, 0.0))
    if not known.any():
        return np.full(len(amounts), np.nan)
    return np.where(silent | (ran & ~known), np.nan, sums)


def _summed(rows: Rows, amounts: FloatArray, silent: BoolArray) -> FloatArray:
    """(pieces,) running sum of (rows,) amounts."""
    ran, known = rows.total(rows.n_steps) > 0, rows.number(~np.isnan(amounts)) > 0
    if not known.any():
        return np.full(len(silent), np.nan)
    return _running(np.where(ran & ~known, np.nan, rows.total(amounts)), silent, ran)


def _hard(
    rows: Rows, peak_bw: FloatArray, load_bw_s: FloatArray, hard_line_bw: float | None, silent: BoolArray
) -> FloatArray:
    """(pieces,) running hard load as the session's totals would have said it: the unseen peaks are as the others."""
    unknown = np.full(len(silent), np.nan)
    has_load, has_peak = ~np.isnan(load_bw_s), ~np.isnan(load_bw_s * peak_bw)
    if hard_line_bw is None or not has_peak.any():
        return unknown
    is_hard = has_peak & (peak_bw > hard_line_bw)
    hard, seen, whole = (np.cumsum(rows.total(np.where(of, load_bw_s, 0.0))) for of in (is_hard, has_peak, has_load))
    n_seen, n_whole = np.cumsum(rows.number(has_peak)), np.cumsum(rows.number(has_load))
    told = ratio(hard * whole, seen)
    told[whole <= 0] = 0.0  # nothing was run yet
    few = (n_seen < LEAST_PEAKS * n_whole - 1e-6) | (np.isnan(_summed(rows, load_bw_s, silent)))
    return np.where(few, np.nan, told)


def _balance(rows: Rows, run: StepTable) -> FloatArray:
    left, right = (rows.mean(np.where(run.side == side, run.contact_time_s, np.nan)) for side in ("L", "R"))
    return ratio(left, left + right)


def _in_proportion(sums: FloatArray, total: float | None, sd: float | None, load: FloatArray) -> FloatArray:
    """(pieces,) spread of running sums; of hard load that came to nothing in proportion to the load itself."""
    if total is None or sd is None or not np.isfinite(total) or not np.isfinite(sd):
        return np.full(len(sums), np.nan)
    along = sums if total > 0 else np.where(np.isnan(sums), np.nan, load)
    end = total if total > 0 else float(np.nanmax(load, initial=0.0))
    return along * (sd / end) if end > 0 else np.where(np.isnan(sums), np.nan, 0.0)


def _distance_m(rows: Rows, run: StepTable, totals: Totals, gap_s: FloatArray, silent: BoolArray) -> FloatArray:
    """(pieces,) running distance; unknown where too few rows say how fast they were."""
    is_known = ~np.isnan(run.speed_mps * rows.lasts_s)
    whole_s, known_s = float(np.nansum(rows.lasts_s)), float(rows.lasts_s[is_known].sum())
    if whole_s - known_s > MOST_UNKNOWN * whole_s:
        return np.full(len(gap_s), np.nan)
    piece_m = rows.total(np.where(is_known, run.speed_mps * rows.lasts_s, 0.0))
    return _with_gaps(piece_m, totals.distance_m, known_s, gap_s, silent)


def _with_gaps(
    piece_m: FloatArray, whole_m: float | None, known_s: float, gap_s: FloatArray, silent: BoolArray
) -> FloatArray:
    """(pieces,) running distance that ends with the session's: what the rows cannot have run was run in the gaps."""
    by_rows_m, in_silence_s = float(np.nansum(piece_m)), float((gap_s * silent).sum())
    if whole_m is None or not np.isfinite(whole_m) or by_rows_m <= 0 or known_s <= 0:
        return np.full(len(piece_m), np.nan)
    in_gaps_m = min(max(0.0, whole_m - by_rows_m), by_rows_m / known_s * in_silence_s)
    of_gaps = gap_s * silent * (in_gaps_m / in_silence_s) if in_silence_s > 0 else np.zeros(len(piece_m))
    sums = np.cumsum(np.nan_to_num(piece_m) + of_gaps) * (whole_m / (by_rows_m + in_gaps_m))
    return np.where(silent, np.nan, sums)
