"""Runs to store: a header, batches with running totals, findings."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import numpy as np

from sensor_hub.model.finding import Finding
from sensor_hub.model.gait import FLOAT_COLUMNS, StepTable
from sensor_hub.model.load import Totals
from sensor_hub.model.message import Envelope
from sensor_hub.model.session import Event, SessionHeader, SessionStarted, SessionSummary, StepBatch
from sensor_hub.units import utc_us

START_UTC = datetime(2026, 11, 20, 6, 31, 4, 120001, tzinfo=UTC)
HEADER = SessionHeader(
    sid="01jd0000000000000000000001", athlete="k3f9", zone="Europe/Lisbon", origin="live", tier="imu",
    model="achilles-1.0.0", reference="ref-pop-1", profile="imu-generic@1", ledger="run",
    instrument="imu/foot/foot-1.0", surface="treadmill",
)  # fmt: skip
GW = "edge-1"


def header(**changes: Any) -> SessionHeader:
    return replace(HEADER, **changes)


@cache
def table(first_us: int, n: int, seed: int = 0) -> StepTable:
    """n steps 0.341 s apart, left and right, some values unknown, all floats without a short decimal form.

    They are the same ones each time: a test that wants others makes a copy.
    """
    random = np.random.default_rng(seed)
    columns = {name: random.uniform(0.1, 9.0, n) for name in FLOAT_COLUMNS}
    columns["speed_mps"][:] = np.nan
    columns["flight_time_s"][random.uniform(size=n) < 0.3] = np.nan
    columns["foot_pitch_rad"] -= 4.0
    columns["grade"] -= 4.0
    origins = np.array(["measured", "estimated", ""])[np.arange(n) % 3]
    gaits = np.array(["walk", "", "run"])[np.arange(n) % 3]
    time_utc_us = first_us + np.arange(n, dtype=np.int64) * 341_003
    sides = np.array(["L", "R"] * n, "<U1")[:n]
    for column in (time_utc_us, sides, origins, gaits, *columns.values()):
        column.flags.writeable = False
    return StepTable(time_utc_us=time_utc_us, side=sides, step_time_origin=origins, gait=gaits, **columns)


def totals(n_steps: float) -> Totals:
    """Totals after so many steps."""
    return Totals(
        n_steps=float(n_steps), n_strides=n_steps / 2, duration_s=n_steps * 0.341003, distance_m=n_steps * 1.1,
        cadence_spm=176.1, contact_time_s=None, load_eq_km=n_steps / 900, load_eq_km_sd=0.1 + 0.2,
        hard_load_bw_s=None, coverage=0.99, duty_factor=None, flight_time_s=0.1 + 0.02, contact_balance_left=1 / 3,
        contact_time_bias_s=0.005, foot_pitch_rad=-0.03, foot_strike="forefoot",
        hard_load_sd=None, load_bw_s=n_steps * 0.3, load_left_bw_s=n_steps * 0.1, load_right_bw_s=n_steps / 3,
        push_off_bw_s=n_steps * 0.14, load_m4_eq_km=n_steps / 700, load_m9_eq_km=n_steps / 300,
        achilles_peak_bw=5.1, vgrf_peak_bw=2.3, vertical_stiffness_bw_per_m=31.7, leg_stiffness_bw_per_m=None,
        n_walk_steps=2.0, walk_load_bw_s=0.1 + 0.7,
        median_speed_mps=2.9, speed_5min_mps=None, uphill_s=n_steps * 0.1, ascent_m=0.1 + 0.6,
    )  # fmt: skip


def batches(n_batches: int, of: SessionHeader = HEADER, n: int = 3) -> list[StepBatch]:
    """Batches of n steps, in order, that follow each other."""
    first_us = utc_us(START_UTC)
    return [
        StepBatch(of, START_UTC, table(first_us + i * n * 341_003, n, seed=i), totals(n * (i + 1)))
        for i in range(n_batches)
    ]


def run(n_batches: int, of: SessionHeader = HEADER, gw: str = GW, n: int = 3) -> list[Envelope]:
    """A whole session: start, batches of n steps, summary."""
    start = SessionStarted(of, START_UTC, ("pod-l", "pod-r"))
    end = SessionSummary(
        of, START_UTC, START_UTC + timedelta(hours=1), replace(totals(n_batches * n), contact_time_s=0.2312),
        "a file, \"quoted\".fit", ("clock reset\nat 7 km", "günstig\\"),
    )  # fmt: skip
    events: list[Event] = [start, *batches(n_batches, of, n), end]
    return [Envelope(gw, i, event) for i, event in enumerate(events)]


def all_steps(n_batches: int, n: int = 3) -> StepTable:
    """Every step of ``run``."""
    return StepTable.concatenate(batch.steps for batch in batches(n_batches, n=n))


def finding(**changes: Any) -> Finding:
    """A finding about the limit of a session."""
    return replace(
        Finding(
            athlete="k3f9", rule="session-limit", scope=f"session:{HEADER.sid}", measure="load_eq_km", level="limit",
            severity="alert", certainty="above", probability=0.91, value=11.0, reference=9.3, limit=10.23,
            window_days=30, confidence="normal", lower_bound=False, first_utc=START_UTC,
            updated_utc=START_UTC + timedelta(minutes=1), origin="live",
        ),
        **changes,
    )  # fmt: skip
