"""What a run's edge makes: events that are a pure function of seed, athlete and number, so each can be made again."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Final

import numpy as np

from sensor_hub.model.gait import FLOAT_COLUMNS, StepTable
from sensor_hub.model.load import Totals
from sensor_hub.model.session import Event, GapFound, SessionHeader, SessionStarted, SessionSummary, StepBatch
from sensor_hub.units import utc_us

N_ATHLETES: Final = 10
START_UTC: Final = datetime(2026, 11, 20, 6, 31, tzinfo=UTC)
_GAP_EVERY: Final = 100
_KNOWN: Final = ("n_steps", "step_time_s", "contact_time_s", "vgrf_peak_bw", "achilles_impulse_bw_s", "quality")


@dataclass(frozen=True)
class Made:
    """A run's sessions: one an athlete, each of ``n_events`` events at ``rate_hz``: start, batches, gaps, summary."""

    seed: int
    n_events: int
    rate_hz: float

    @classmethod
    def of(cls, seed: int, seconds: float, messages_per_s: float) -> "Made":
        """All athletes together make so many messages in so many seconds."""
        rate_hz = messages_per_s / N_ATHLETES
        return cls(seed, round(seconds * rate_hz), rate_hz)

    @property
    def n_messages(self) -> int:
        """Of all athletes."""
        return N_ATHLETES * self.n_events

    def header(self, athlete: int) -> SessionHeader:
        """The session of an athlete."""
        return SessionHeader(
            sid=f"chaos-{self.seed}-{athlete}", athlete=f"runner-{athlete}", zone="Europe/Lisbon", origin="live",
            tier="imu", model="achilles-1.0.0", reference="ref-pop-1", profile="imu-generic@1", ledger="run",
            instrument="imu/foot/foot-1.0", surface="track",
        )  # fmt: skip

    def event(self, athlete: int, number: int) -> Event:
        """Event of a session, numbered from 0."""
        header = self.header(athlete)
        at_utc = START_UTC + timedelta(seconds=number)
        if number == 0:
            return SessionStarted(header, START_UTC, ("pod-l", "pod-r"))
        if number == self.n_events - 1:
            return SessionSummary(header, START_UTC, at_utc, self._totals(number), "chaos", ())
        if number % _GAP_EVERY == 0:
            return GapFound(header, "pod-l", at_utc, at_utc + timedelta(seconds=0.5), "silence")
        return StepBatch(header, START_UTC, self._steps(athlete, number), self._totals(number))

    def steps(self, athlete: int) -> StepTable:
        """Every row of a session, in order."""
        events = (self.event(athlete, number) for number in range(1, self.n_events - 1))
        return StepTable.concatenate(event.steps for event in events if isinstance(event, StepBatch))

    @cached_property
    def n_gaps(self) -> int:
        """Gaps of each session."""
        return len(range(_GAP_EVERY, self.n_events - 1, _GAP_EVERY))

    def summary(self, athlete: int) -> SessionSummary:
        """The last event of a session."""
        event = self.event(athlete, self.n_events - 1)
        assert isinstance(event, SessionSummary)
        return event

    def _steps(self, athlete: int, number: int) -> StepTable:
        n = 1 + number % 2
        first_us = utc_us(START_UTC) + number * 1_000_000
        words = np.random.default_rng((self.seed, athlete, number)).integers(100_000, 900_000, (len(_KNOWN), n))
        # millionths, which the wire carries whole
        columns = {name: np.full(n, np.nan) for name in FLOAT_COLUMNS}
        columns |= {name: row / 1_000_000 for name, row in zip(_KNOWN, words, strict=True)}
        return StepTable(
            time_utc_us=first_us + np.arange(n, dtype=np.int64) * 341_003,
            side=np.array(["L", "R"], "<U1")[:n],
            step_time_origin=np.array(["measured", "estimated"])[:n],
            gait=np.array(["run", "run"])[:n],
            **columns,
        )

    def _totals(self, number: int) -> Totals:
        return Totals(
            n_steps=1.5 * number, n_strides=0.75 * number, duration_s=float(number), distance_m=3.0 * number,
            cadence_spm=176.0, contact_time_s=0.231, load_eq_km=number / 1000, coverage=1.0,
        )  # fmt: skip
