"""Simulated runs that cross their limits, event by event, and what a past of a month makes a limit of."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np

from sensor_hub.model.athlete import Athlete
from sensor_hub.model.gait import FLOAT_COLUMNS, StepTable
from sensor_hub.model.load import Totals
from sensor_hub.model.message import Envelope
from sensor_hub.model.session import Event, SessionHeader, SessionStarted, SessionSummary, StepBatch
from sensor_hub.units import utc_us

PAST_KM: Final = 8.0
RUN_KM: Final = 14.0  # of the longest: above a tenth, above thirty percent, below twice
PAST_DAYS: Final = 30


@dataclass(frozen=True)
class Run:
    """One athlete's run of today, in so many batches; how far it goes depends on who runs."""

    athlete: Athlete
    sid: str
    start_utc: datetime
    n_batches: int
    km: float

    @property
    def header(self) -> SessionHeader:
        return _header(self.athlete, self.sid)

    def events(self) -> Iterator[Event]:
        """Everything that is sent of it, one a step of time: its start, its batches, its end."""
        yield SessionStarted(self.header, self.start_utc, ("pod",))
        for n in range(1, self.n_batches + 1):
            km = self.km * n / self.n_batches
            yield StepBatch(self.header, self.start_utc, _steps(self.start_utc, km), _totals(km))
        end_utc = self.start_utc + timedelta(seconds=360 * self.km)
        yield SessionSummary(self.header, self.start_utc, end_utc, _totals(self.km))


def afternoon_of(now_utc: datetime) -> str:
    """A zone where it is past two now: a run of two hours ago is of today."""
    return f"Etc/GMT{now_utc.hour - 14:+d}" if now_utc.hour != 14 else "Etc/UTC"


def past_of(athlete: Athlete, now_utc: datetime) -> list[Envelope]:
    """Runs of eight kilometres, every second day of a month."""
    starts = [now_utc - timedelta(days=n, hours=2) for n in range(PAST_DAYS, 1, -2)]
    return [
        Envelope(
            f"past-{athlete.id}",
            n,
            SessionSummary(
                _header(athlete, f"{athlete.id}-past-{n}"),
                at,
                at + timedelta(seconds=360 * PAST_KM),
                _totals(PAST_KM),
            ),
        )
        for n, at in enumerate(starts, 1)
    ]


def runs_of(people: Sequence[Athlete], n_batches: int, now_utc: datetime | None = None) -> list[Run]:
    """One run each; the first three of them are no longer than usual."""
    start_utc = (now_utc or datetime.now(UTC)).replace(microsecond=0) - timedelta(hours=2)
    far = [PAST_KM if n < 3 else PAST_KM + (RUN_KM - PAST_KM) * n / len(people) for n in range(len(people))]
    return [Run(who, f"{who.id}-today", start_utc, n_batches, km) for who, km in zip(people, far, strict=True)]


def _header(athlete: Athlete, sid: str) -> SessionHeader:
    return SessionHeader(
        sid, athlete.id, athlete.zone, "simulated", "imu", "achilles-0.1", "ref-pop-1", "simulated@1",
        instrument="imu/foot/foot-1.0",
    )  # fmt: skip


def _totals(km: float) -> Totals:
    return Totals(
        n_steps=940 * km, n_strides=470 * km, duration_s=360 * km, distance_m=1000 * km, load_eq_km=km,
        load_eq_km_sd=0.03 * km, coverage=1.0,
    )  # fmt: skip


def _steps(start_utc: datetime, km: float) -> StepTable:
    columns = {name: np.full(2, 0.3) for name in FLOAT_COLUMNS}
    first_us = utc_us(start_utc) + round(359 * km * 1e6)
    return StepTable(
        time_utc_us=np.array([first_us, first_us + 350_000]), side=np.array(["L", "R"]),
        step_time_origin=np.full(2, "measured"), gait=np.full(2, "run"), **columns,
    )  # fmt: skip
