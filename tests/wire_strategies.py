"""Every event a session can emit, and what a hub says, as hypothesis strategies."""

from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

import numpy as np
from hypothesis import strategies as st

from sensor_hub.model.finding import LEVELS, Finding
from sensor_hub.model.foot_strike import STRIKES
from sensor_hub.model.gait import FLOAT_COLUMNS, GAIT_DTYPE, ORIGIN_DTYPE, StepTable
from sensor_hub.model.load import Headroom, InstrumentChange, LoadStatus, LoadSums, Totals
from sensor_hub.model.session import (
    DecodeFailed,
    Event,
    GapFound,
    LiveReading,
    SessionHeader,
    SessionPaused,
    SessionStarted,
    SessionSummary,
    StepBatch,
)

IDS = st.text("abcdefghijklmnopqrstuvwxyz0123456789-", min_size=1, max_size=26)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 -- hypothesis adds the zone
ORIGINS = st.sampled_from(["live", "import", "replay", "simulated"])
SIDES = st.sampled_from(["L", "R", "U"])
VALUE_ORIGINS = st.sampled_from(["measured", "estimated", ""])
GAITS = st.sampled_from(["run", "walk", ""])
AMOUNTS = st.floats(0, 1e6)
MAYBE = st.one_of(st.none(), AMOUNTS, st.just(float("nan")), st.just(float("inf")))
SHARES = st.one_of(st.none(), st.floats(0, 1))

HEADERS = st.builds(
    SessionHeader,
    sid=IDS,
    athlete=IDS,
    zone=st.sampled_from(["UTC", "Europe/Lisbon", "America/Argentina/Buenos_Aires"]),
    origin=ORIGINS,
    tier=st.sampled_from(["imu", "contact", "speed"]),
    model=TEXTS,
    reference=TEXTS,
    profile=TEXTS,
    ledger=st.sampled_from(["run", "walk", "exercise", "other"]),
    instrument=TEXTS,
    surface=st.sampled_from(["overground", "treadmill", "track", "trail", "unknown"]),
)
_ALWAYS_KNOWN = ("n_steps", "n_strides", "duration_s")
_OF_TOTALS: dict[str, st.SearchStrategy[Any]] = (
    dict.fromkeys((f.name for f in fields(Totals)), MAYBE)
    | dict.fromkeys(_ALWAYS_KNOWN, AMOUNTS)
    | {"coverage": SHARES, "contact_balance_left": SHARES}
    | {"foot_pitch_rad": st.one_of(MAYBE, st.floats(-1.0, 1.0)), "foot_strike": st.sampled_from([None, *STRIKES])}
)
TOTALS = st.builds(Totals, **_OF_TOTALS)


@st.composite
def step_tables(draw: st.DrawFn, max_rows: int = 5) -> StepTable:
    n = draw(st.integers(0, max_rows))
    first_us = draw(st.integers(0, 4 * 10**15))
    later_us = draw(st.lists(st.integers(0, 3_600_000_000), min_size=n, max_size=n))
    cell = st.one_of(st.floats(-1e4, 1e4), st.just(float("nan")))
    columns = {name: np.array(draw(st.lists(cell, min_size=n, max_size=n)), dtype=float) for name in FLOAT_COLUMNS}
    return StepTable(
        time_utc_us=np.array([first_us + us for us in later_us], dtype=np.int64),
        side=np.array(draw(st.lists(SIDES, min_size=n, max_size=n)), dtype="<U1"),
        step_time_origin=np.array(draw(st.lists(VALUE_ORIGINS, min_size=n, max_size=n)), dtype=ORIGIN_DTYPE),
        gait=np.array(draw(st.lists(GAITS, min_size=n, max_size=n)), dtype=GAIT_DTYPE),
        **columns,
    )


EVENTS: st.SearchStrategy[Event] = st.one_of(
    st.builds(SessionStarted, HEADERS, MOMENTS, st.lists(TEXTS, max_size=3).map(tuple)),
    st.builds(StepBatch, HEADERS, MOMENTS, step_tables(), TOTALS),
    st.builds(LiveReading, HEADERS, MOMENTS, SIDES, MAYBE, MAYBE, TOTALS),
    st.builds(GapFound, HEADERS, TEXTS, MOMENTS, MOMENTS, st.sampled_from(["silence", "clock-reset", "rate-too-low"])),
    st.builds(SessionPaused, HEADERS, MOMENTS, MOMENTS),
    st.builds(DecodeFailed, HEADERS, TEXTS, TEXTS, MOMENTS, TEXTS),
    st.builds(SessionSummary, HEADERS, MOMENTS, MOMENTS, TOTALS, TEXTS, st.lists(TEXTS, max_size=3).map(tuple)),
)

_MEASURES = st.sampled_from(["distance_m", "load_eq_km", "hard_load_bw_s"])
_CONFIDENCES = st.sampled_from(["learning", "low", "normal"])
HEADROOMS = st.builds(
    Headroom,
    _MEASURES,
    MAYBE,
    MAYBE,
    MAYBE,
    MAYBE,
    _CONFIDENCES,
    st.sampled_from([None, "no-history", "bridging"]),
    st.none() | st.floats(0, 1),
)
_DAYS = st.dates().map(lambda day: day.isoformat())
_CHANGES = st.builds(InstrumentChange, _DAYS, _DAYS, TEXTS, TEXTS, TEXTS, TEXTS)
_SUMS = st.builds(
    LoadSums, st.integers(0, 9), *[MAYBE] * 12, st.booleans(), st.sampled_from([None, "mixed-instruments"])
)
LOADS = st.builds(
    LoadStatus,
    athlete=IDS,
    zone=st.just("Europe/Lisbon"),
    day=_DAYS,
    today_distance_m=MAYBE,
    today_load_eq_km=MAYBE,
    week_distance_m=MAYBE,
    week_load_eq_km=MAYBE,
    headroom=st.lists(HEADROOMS, max_size=3).map(tuple),
    origin=ORIGINS,
    today=_SUMS,
    week=_SUMS,
    instrument=st.none() | TEXTS,
    model=st.none() | TEXTS,
    reference=st.none() | TEXTS,
    bridging=st.none() | _CHANGES,
)
FINDINGS = st.builds(
    Finding,
    athlete=IDS,
    rule=st.sampled_from(["session-limit", "week-limit"]),
    scope=IDS.map(lambda sid: f"session:{sid}"),
    measure=_MEASURES,
    level=st.sampled_from(LEVELS),
    severity=st.sampled_from(["alert", "info"]),
    certainty=st.sampled_from(["above", "too-close", "below"]),
    probability=st.floats(0, 1),
    value=AMOUNTS,
    reference=AMOUNTS,
    limit=AMOUNTS,
    window_days=st.integers(0, 366),
    confidence=_CONFIDENCES,
    lower_bound=st.booleans(),
    first_utc=MOMENTS,
    updated_utc=MOMENTS,
    origin=ORIGINS,
)
