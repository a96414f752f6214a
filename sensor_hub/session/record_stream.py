"""One source of records (FIT, RSC) on its way to steps: intervals, pauses, odometer, slope."""

import math
from dataclasses import replace
from typing import Final

from sensor_hub.model.gait import PauseReading, RecordReading, Side
from sensor_hub.session.grade import Grade
from sensor_hub.session.links import LinkLog
from sensor_hub.session.odometer import Odometer
from sensor_hub.session.repeats import STANDING_MPS, CadenceUnit, Moves
from sensor_hub.session.timeline import EARLIEST_US, LATEST_US, DatedRecord, Paused, Silence, Told
from sensor_hub.signal.steps import (
    FASTEST_STEP_SPM,
    LONGEST_RUN_CONTACT_S,
    SHORTEST_RUN_CONTACT_S,
    SLOWEST_RUN_SPM,
    SLOWEST_WALK_SPM,
)
from sensor_hub.units import S_PER_MIN, US_PER_S, utc_us

# A watch that saves battery writes a record every few seconds and means the whole interval; longer is silence.
LONGEST_FILE_INTERVAL_S: Final = 10.0
SLOWEST_STEP_SPM: Final = 1.0  # below it nobody steps, so a step has no duration
FASTEST_MPS: Final = 100.0  # beyond it a speed is damage
FARTHEST_M: Final = 1e9  # beyond it an odometer's total is damage
LOWEST_M, HIGHEST_M = -500.0, 9_000.0  # nobody runs deeper or higher: the altitude is damage, or was never set
COPY_US: Final = 100_000  # the same values again within this time are the same record told twice
LARGEST_DISORDER_US: Final = 2_000_000  # a record this much older than the newest was overtaken on its way
# A link that says nothing for an hour was taken down by the collector long before: the clock of the host was set.
LONGEST_SILENCE_US: Final = 3_600_000_000


def believable(reading: RecordReading) -> RecordReading:
    """Return the reading without values that no device can have measured; a cadence may still be too fast."""
    return replace(
        reading,
        cadence_spm=_within(reading.cadence_spm, math.inf),
        contact_time_s=_within(reading.contact_time_s, math.inf),
        speed_mps=_within(reading.speed_mps, FASTEST_MPS),
        distance_m=_within(reading.distance_m, FARTHEST_M),
        altitude_m=_within(reading.altitude_m, HIGHEST_M, LOWEST_M),
    )


def _within(value: float | None, largest: float, least: float = 0.0) -> float | None:
    return value if value is not None and math.isfinite(value) and least <= value <= largest else None


def _tells_of_running(reading: RecordReading) -> bool:
    """Without a cadence nobody knows the steps of an interval, unless the runner stood still."""
    return reading.cadence_spm is not None or (reading.speed_mps is not None and reading.speed_mps < STANDING_MPS)


class RecordStream:
    """Intervals of one record each, side "U", with a fractional number of steps.

    Records have no clock but that of the host or watch that dated them. One that falls back further than a record can
    be overtaken was set, and so was one that leaps more than ``LONGEST_SILENCE_US`` ahead while a pod's link stayed as
    it was: how long nothing was heard is then unknown, so it is a "clock-reset" that stands for no time, and the stream
    goes on from where it was. A jump ahead in a file is a silence: a watch may rest for hours.

    altitude_is_ground : False where altitude says nothing of the slope, as on a treadmill. grade : rise over run at the
    newest record, NaN is unknown.
    """

    def __init__(
        self,
        side: Side,
        *,
        longest_interval_s: float,
        odometer_is_ours: bool,
        links: LinkLog | None = None,
        altitude_is_ground: bool = True,
    ) -> None:
        self._side = side
        self._links = LinkLog() if links is None else links
        self._is_pod = not odometer_is_ours
        self._moves = Moves()
        self._cadence = CadenceUnit()
        self._stale_from_us: int | None = None
        self._last: RecordReading | None = None
        self._told: set[RecordReading] = set()  # records of a file
        self._longest_interval_s = longest_interval_s
        self._previous_us: int | None = None
        self._shift_us = self._former_shift_us = 0  # from the clock that dated the records to the session's
        self._odometer = Odometer(is_ours=odometer_is_ours, longest_interval_s=longest_interval_s)
        self._slope = Grade() if altitude_is_ground else None
        self.grade = math.nan
        self._paused_us: list[tuple[int, int]] = []
        self.recorded_us = 0
        self.unknown_us = 0

    def distance_m(self, silent_us: int = 0) -> float | None:
        """Metres so far, as in ``Odometer.distance_m``."""
        return self._odometer.distance_m(silent_us)

    @property
    def last_us(self) -> int | None:
        """End of the newest record."""
        return self._previous_us

    def session_us(self, dated_us: int) -> int:
        """Return the session's UTC microsecond of one on the clock that dates the records, as far as it is known."""
        return min(max(dated_us + self._shift_us, EARLIEST_US), LATEST_US)

    def next_us(self, dated_us: int) -> int:
        """Return the session's UTC microsecond at which a record of that date will end."""
        return min(dated_us + self._next_shift_us(dated_us), LATEST_US)

    def receive(self, reading: RecordReading | PauseReading) -> list[Told]:
        """Take one record or pause; return what it tells, in order."""
        if isinstance(reading, PauseReading):
            pause = self.session_us(utc_us(reading.start_utc)), self.session_us(utc_us(reading.end_utc))
            self._paused_us.append(pause)
            return [Paused(*pause)]
        if not self._is_pod:
            if reading in self._told:
                return []  # some files hold all their records twice
            self._told.add(reading)
        was_set = self._follow_clock(utc_us(reading.end_utc))
        end_us = self.session_us(utc_us(reading.end_utc))
        if self._previous_us is not None and not was_set:
            if end_us <= self._previous_us:
                return []  # the same record again, or one that was overtaken: it stands for no time
            if self._is_copy(reading, end_us - self._previous_us):
                return []
        self._last = reading
        if self._previous_us is not None:
            self._cadence.take(reading, end_us - self._previous_us)
        if self._is_pod and self._moves.stands(reading):
            reading = replace(reading, cadence_spm=None)  # the last cadence, told again
        too_fast = reading.cadence_spm is not None and reading.cadence_spm > FASTEST_STEP_SPM
        if too_fast:
            reading = replace(reading, cadence_spm=None)
        is_stale = self._is_pod and self._moves.is_stale(reading, end_us)
        told: list[Told] = [] if is_stale else self._end_of_stale()
        interval_s, silence = self._interval(end_us, known=_tells_of_running(reading) and not is_stale)
        if was_set:
            silence = Silence(end_us, end_us, "clock-reset")
        if silence is not None:
            told += [*self._end_of_stale(), silence]
        elif is_stale and self._stale_from_us is None:
            self._stale_from_us = self._previous_us
        moved_m = self._odometer.take(reading, interval_s, is_known=silence is None)
        is_apart = silence is not None or self._was_paused(end_us, interval_s)
        self._follow_slope(reading, end_us, moved_m, is_apart=is_apart)
        self._previous_us = end_us
        if not is_stale:
            told.append(self._dated(reading, end_us, 0.0 if silence is not None else interval_s, too_fast=too_fast))
        return told

    def finish(self) -> list[Told]:
        """Tell what is still open."""
        return self._end_of_stale()

    @property
    def doubts_cadence_unit(self) -> bool:
        """Whether the cadence was for a minute what it would be if the profile confused strides and steps."""
        return self._cadence.is_doubtful

    def _next_shift_us(self, dated_us: int) -> int:
        previous_us, end_us = self._previous_us, dated_us + self._shift_us
        if previous_us is None:
            return self._shift_us
        passed_us = end_us - previous_us
        longest_us = self._longest_interval_s * US_PER_S
        if not -LARGEST_DISORDER_US <= passed_us <= longest_us:
            formerly_us = dated_us + self._former_shift_us - previous_us
            if 0 < formerly_us <= longest_us:
                return self._former_shift_us  # the clock was set right again
        leapt = self._is_pod and passed_us > LONGEST_SILENCE_US and not self._links.changed(previous_us, end_us)
        return previous_us - dated_us if passed_us < -LARGEST_DISORDER_US or leapt else self._shift_us

    def _follow_clock(self, dated_us: int) -> bool:
        """Tell whether the clock that dates the records was set before this one, and follow it."""
        shift_us = self._next_shift_us(dated_us)
        if shift_us == self._shift_us:
            return False
        is_back = shift_us == self._former_shift_us and dated_us + shift_us != self._previous_us
        self._shift_us, self._former_shift_us = shift_us, self._shift_us
        return not is_back

    def _is_copy(self, reading: RecordReading, passed_us: int) -> bool:
        return (
            self._is_pod
            and passed_us <= COPY_US
            and self._last is not None
            and replace(reading, end_utc=self._last.end_utc, contact_time_s=self._last.contact_time_s) == self._last
        )

    def _end_of_stale(self) -> list[Told]:
        from_us, self._stale_from_us = self._stale_from_us, None
        if from_us is None or self._previous_us is None or from_us == self._previous_us:
            return []
        return [Silence(from_us, self._previous_us, "stale")]

    def _interval(self, end_us: int, *, known: bool) -> tuple[float, Silence | None]:
        """Return the moving seconds the record stands for, and the silence if they are too many to stand for."""
        start_us = self._previous_us
        if start_us is None:
            return 0.0, None
        paused_us = sum(max(0, min(end_us, b) - max(start_us, a)) for a, b in self._paused_us)
        self._paused_us = [p for p in self._paused_us if p[1] > end_us]
        interval_us = end_us - start_us - paused_us
        interval_s = interval_us / US_PER_S
        if interval_s > self._longest_interval_s or self._links.went_down(start_us, end_us):
            self.unknown_us += interval_us
            return interval_s, Silence(start_us, end_us, self._links.cause(start_us, end_us) or "silence")
        if known:
            self.recorded_us += interval_us
        else:
            self.unknown_us += interval_us
        return interval_s, None

    def _was_paused(self, end_us: int, interval_s: float) -> bool:
        return self._previous_us is not None and round(interval_s * US_PER_S) < end_us - self._previous_us

    def _follow_slope(self, reading: RecordReading, end_us: int, moved_m: float | None, *, is_apart: bool) -> None:
        """Bring the grade up to date. ``is_apart`` says that since the record before it was not all run and heard."""
        if self._slope is None:
            return
        altitude_m = reading.altitude_m
        if not is_apart and reading.distance_m is None and self._odometer.has_total:
            altitude_m = None  # the way to here is told with the next total
        elif is_apart or moved_m is None:
            self._slope.begin()
        self.grade = self._slope.take(end_us, moved_m or 0.0, altitude_m)

    def _dated(self, reading: RecordReading, end_us: int, interval_s: float, *, too_fast: bool) -> DatedRecord:
        cadence_spm = reading.cadence_spm or 0.0
        cadence_spm = cadence_spm if cadence_spm >= SLOWEST_STEP_SPM else math.nan
        contact_s = math.nan if reading.contact_time_s is None else reading.contact_time_s
        is_walk = cadence_spm >= SLOWEST_WALK_SPM
        return DatedRecord(
            side=self._side,
            time_us=end_us,
            interval_s=interval_s,
            step_time_s=S_PER_MIN / cadence_spm,
            contact_time_s=contact_s if SHORTEST_RUN_CONTACT_S < contact_s < LONGEST_RUN_CONTACT_S else math.nan,
            speed_mps=math.nan if reading.speed_mps is None else reading.speed_mps,
            grade=self.grade,
            gait="run" if cadence_spm >= SLOWEST_RUN_SPM else "walk" if is_walk else "",
            too_fast=too_fast,
        )
