"""Sessions over their time, made by hand: an hour with both feet, a gap, a pause, and round numbers."""

from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np

from sensor_hub.model.timeline import Timeline
from sensor_hub.model.unseen import PAUSE, Unseen

GAP = Unseen(1200.0, 1260.0, "disconnected", "pod-left")
STOP = Unseen(2400.0, 2520.0, PAUSE)
LASTED_S = 3600.0


def timeline_of(
    sid: str, start_utc: datetime, *, cadence_spm: float = 172.0, speed_mps: float = 3.0, lasted_s: float = LASTED_S
) -> Timeline:
    """Pieces of 10 s; nothing is known in the gap, and nobody runs in the pause."""
    at_s = np.arange(5.0, lasted_s, 10.0)
    in_gap = (at_s > GAP.begin_s) & (at_s < GAP.end_s)
    runs = ~in_gap & ~((at_s > STOP.begin_s) & (at_s < STOP.end_s))
    wave = np.sin(at_s / 240.0)
    ran_m = np.cumsum(np.where(runs | in_gap, 10.0 * speed_mps, 0.0))

    def seen(values: np.ndarray) -> np.ndarray:
        return np.where(runs, values, np.nan)

    load = np.where(in_gap, np.nan, ran_m / 1000.0 * 1.05)
    hard = np.where(in_gap, np.nan, ran_m / 1000.0 * 8.0)
    return Timeline(
        sid=sid, start_utc=start_utc, end_utc=start_utc + timedelta(seconds=lasted_s), bin_s=10.0, at_s=at_s,
        cadence_spm=seen(cadence_spm + 3 * wave), contact_time_s=seen(0.24 - 0.006 * wave),
        contact_time_sd=seen(np.full(len(at_s), 0.008)), speed_mps=seen(speed_mps + 0.25 * wave),
        grade=seen(0.02 * np.sin(at_s / 500.0)), balance_left=seen(0.497 + 0.004 * wave),
        load_eq_km=load, load_eq_km_sd=0.025 * load, hard_load_bw_s=hard, hard_load_sd=0.08 * hard,
        load_eq_km_per_km=seen(np.full(len(at_s), 1.05)), distance_m=np.where(in_gap, np.nan, ran_m),
        unseen=(GAP, STOP),
    )  # fmt: skip


def of_minutes(sid: str, start_utc: datetime) -> Timeline:
    """What is left when single steps are let go of: no spread, no balance, no hard load."""
    whole = timeline_of(sid, start_utc)
    unknown = np.full(len(whole), np.nan)
    return replace(
        whole, contact_time_sd=unknown, balance_left=unknown, hard_load_bw_s=unknown, hard_load_sd=unknown,
        from_minutes=True,
    )  # fmt: skip
