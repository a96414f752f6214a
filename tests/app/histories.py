"""Runs as a hub gets them: a history of easy weeks, and a run that goes on from there."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from sensor_hub.model.athlete import Athlete
from sensor_hub.model.load import Totals
from sensor_hub.model.message import Envelope
from sensor_hub.model.ports import Store
from sensor_hub.model.session import (
    Event,
    LiveReading,
    Origin,
    SessionHeader,
    SessionStarted,
    SessionSummary,
    StepBatch,
)
from sensor_hub.units import utc_us
from tests.adapters.storage.runs import table

NOW_UTC = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)  # a Friday
EASY_KM = 5.0


def header(
    athlete: Athlete | str, sid: str, zone: str = "UTC", origin: Origin = "live", instrument: str = "imu/foot/foot-1.0"
) -> SessionHeader:
    who = athlete if isinstance(athlete, str) else athlete.id
    return SessionHeader(sid, who, zone, origin, "imu", "achilles-1.0.0", "ref-pop-1", "pod@1", instrument=instrument)


def totals(km: float, eq_km: float | None = None, coverage: float | None = 1.0) -> Totals:
    return Totals(
        n_steps=km * 1000, n_strides=km * 500, duration_s=km * 360, distance_m=km * 1000, cadence_spm=172.0,
        contact_time_s=0.25, load_eq_km=km if eq_km is None else eq_km, load_eq_km_sd=0.01, coverage=coverage,
        load_bw_s=300 * (km if eq_km is None else eq_km), push_off_bw_s=150 * km,
        hard_load_bw_s=30 * km, hard_load_sd=0.3,
    )  # fmt: skip


def ended(of: SessionHeader, start_utc: datetime, km: float, **more: float | None) -> SessionSummary:
    return SessionSummary(of, start_utc, start_utc + timedelta(seconds=km * 360), totals(km, **more), "test")


def running(of: SessionHeader, start_utc: datetime, km: float, **more: float | None) -> StepBatch:
    """A batch that says how far a run has come."""
    steps = table(utc_us(start_utc + timedelta(seconds=km * 360)), 3)
    return StepBatch(of, start_utc, steps, totals(km, **more))


def live(of: SessionHeader, time_utc: datetime, km: float = 1.0, cadence_spm: float = 170.0) -> LiveReading:
    return LiveReading(of, time_utc, "R", cadence_spm, 0.24, totals(km))


def started(of: SessionHeader, start_utc: datetime) -> SessionStarted:
    return SessionStarted(of, start_utc, ("pod-1",))


def history(athlete: Athlete, now_utc: datetime = NOW_UTC, days: Iterable[int] = (28, 21, 14, 7)) -> list[Event]:
    """Easy runs, so many days ago."""
    return [
        ended(header(athlete, f"{athlete.id}-{day}"), now_utc - timedelta(days=day), EASY_KM)
        for day in sorted(days)[::-1]
    ]


def envelopes(events: Iterable[Event], gw: str = "edge-1", first_seq: int = 1) -> list[Envelope]:
    return [Envelope(gw, seq, event) for seq, event in enumerate(events, start=first_seq)]


def keep(store: Store, events: Iterable[Event], gw: str) -> None:
    store.commit(envelopes(events, gw))
