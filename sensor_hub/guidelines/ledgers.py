"""What a day or a week sums up to, a ledger each: runs, walked steps, exercise. One never adds to another."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from sensor_hub.guidelines.baseline import comparable, is_mixed
from sensor_hub.guidelines.history import Run, newest_of
from sensor_hub.model.load import LoadSums
from sensor_hub.model.session import SessionSummary
from sensor_hub.units import M_PER_KM

NO_RUN: Final = LoadSums(
    distance_m=0.0, load_eq_km=0.0, load_eq_km_sd=0.0, load_bw_s=0.0, load_left_bw_s=0.0, load_right_bw_s=0.0,
    push_off_bw_s=0.0, hard_load_bw_s=0.0, hard_load_sd=0.0,
)  # fmt: skip


def load_sums(history: Sequence[Run], sessions: Sequence[SessionSummary], *, not_recorded: bool = False) -> LoadSums:
    """Add up the sessions of a day or a week.

    Parameters
    ----------
    history : sequence of Run
        The athlete's runs, with those among ``sessions``: any of them can tell what an eq-km of a reference is worth.
    sessions : sequence of SessionSummary
        Of the period, of every ledger.
    not_recorded : bool
        Whether somebody ran on a day of the period without a record: what is known of the runs is at least so much,
        and without any it is nothing.

    Returns
    -------
    LoadSums
        A sum with an unknown part is unknown; of nothing it is zero. Loads of several instruments are not added.
    """
    sids = {s.header.sid for s in sessions if s.header.ledger == "run"}
    runs = [r for r in history if r.sid in sids]
    newest = newest_of(runs)
    found = NO_RUN if newest is None else _of_runs(history, runs, newest, [s for s in sessions if s.header.sid in sids])
    if not_recorded:
        found = replace(found if runs else LoadSums(), lower_bound=True, reason=_worse(found.reason))
    return _with_other_ledgers(found, sessions)


def _of_runs(history: Sequence[Run], runs: Sequence[Run], newest: Run, sessions: Sequence[SessionSummary]) -> LoadSums:
    if any(r.is_unknown and r.ended for r in runs):
        return LoadSums(len(runs), lower_bound=any(r.lower_bound for r in runs), reason="unknown-run")
    distance_m = _sum(r.distance_m for r in runs)
    lower_bound = any(r.lower_bound for r in runs)
    if is_mixed(runs):
        return LoadSums(len(runs), distance_m, lower_bound=lower_bound, reason="mixed-instruments")
    sids, references = {r.sid for r in runs}, {r.reference for r in runs if r.has_load}
    same = [r for r in comparable(history, newest, "load_eq_km") if r.sid in sids]
    has_all = len(same) == len(runs)
    load_eq_km = _sum(r.value("load_eq_km") for r in same) if has_all else None
    hard_bw_s = _sum(r.value("hard_load_bw_s") for r in runs) if len(references) == 1 else None
    return LoadSums(
        n_runs=len(runs),
        distance_m=distance_m,
        load_eq_km=load_eq_km,
        load_eq_km_sd=None if load_eq_km is None else _spread(r.load_eq_km_sd for r in same),
        load_per_km=_per_km(load_eq_km, same),
        load_bw_s=_sum(None if r.coverage == 0 else r.load_bw_s for r in runs),
        **_parts(sessions),
        hard_load_bw_s=hard_bw_s,
        hard_load_sd=None if hard_bw_s is None else _spread(r.hard_load_sd for r in runs),
        lower_bound=lower_bound,
        reason=_reason(runs, references),
    )


def _worse(reason: str | None) -> str:
    """The reason to say of a period that was not recorded whole: it holds for the distance too, as no other does."""
    return "unknown-run" if reason == "unknown-run" else "not-recorded"


def _reason(runs: Sequence[Run], references: set[str]) -> str | None:
    if not all(r.has_load for r in runs):
        return "without-load"
    return "mixed-references" if len(references) > 1 else None


def _parts(sessions: Iterable[SessionSummary]) -> dict[str, float | None]:
    """Sums of the legs and of the push-off; nothing was measured of a session that was not recorded."""
    seen = [None if s.totals.coverage == 0 else s.totals for s in sessions]
    return {
        name: _sum(None if totals is None else getattr(totals, name) for totals in seen)
        for name in ("load_left_bw_s", "load_right_bw_s", "push_off_bw_s")
    }


def _per_km(load_eq_km: float | None, runs: Iterable[Run]) -> float | None:
    """Eq-km to a kilometre, over the recorded part of each run; None where that part is too small to stand for it."""
    recorded_m = _sum(
        None if r.distance_m is None or r.coverage is None or r.lower_bound else r.distance_m * r.coverage for r in runs
    )
    return None if load_eq_km is None or not recorded_m else load_eq_km / (recorded_m / M_PER_KM)


def _with_other_ledgers(runs: LoadSums, sessions: Sequence[SessionSummary]) -> LoadSums:
    # of a run that only a log tells of nobody expects a walk: it leaves what is known of the others known
    asked = [s for s in sessions if s.header.ledger == "walk" or (s.header.ledger == "run" and s.totals.load_bw_s)]
    walked = [_walked_bw_s(s) for s in asked]
    exercised = [s.totals.load_bw_s for s in sessions if s.header.ledger == "exercise"]
    return replace(runs, walk_load_bw_s=_sum(walked), exercise_load_bw_s=_sum(exercised))


def _walked_bw_s(session: SessionSummary) -> float | None:
    """Load of a session's walked steps; a run without any is taken to have had none, one that has no load says nothing.

    Of a walk every step counts, also those that were run: they would be in no ledger.
    """
    walked_bw_s, run_bw_s = session.totals.walk_load_bw_s, session.totals.load_bw_s
    if session.header.ledger == "walk":
        return run_bw_s if walked_bw_s is None else walked_bw_s + (run_bw_s or 0.0)
    counted = session.header.instrument != "" and session.totals.coverage != 0
    return 0.0 if walked_bw_s is None and counted else walked_bw_s


def _sum(values: Iterable[float | None]) -> float | None:
    """A sum with an unknown part is unknown; of nothing it is zero."""
    known = list(values)
    return None if any(v is None for v in known) else sum(v or 0.0 for v in known)


def _spread(sds: Iterable[float]) -> float:
    """One standard deviation of a sum of independent errors."""
    return math.hypot(*sds)
