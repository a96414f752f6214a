"""Times of samples that carry none, rebuilt from when their notifications arrived.

The samples are counted, and the count times the declared period is taken as the clock of the device: it runs as evenly
as the sensor samples. ``ClockFit`` maps it to UTC along the lower envelope of the arrivals, so late notifications move
nothing, and a sensor that is some per cent faster or slower than declared is followed.

What a count cannot show is a loss: then everything after it comes later than expected, for good. A notification more
than ``LATE_S`` later than those before it were may be the first after a loss, or the first of a late burst. So from
there on samples wait until one is on time again (a burst), or until ``WAIT_S`` have passed (a loss: the count goes on
by what even the most punctual of them was late). A rate that is not known well yet makes notifications later and later,
but slowly: ``LARGEST_DRIFT`` tells that from a loss.

Validity: losses shorter than ``SHORTEST_HOLE_S`` are smeared over the seconds around them. A link that delivers
everything ``LATE_S`` later for longer than ``WAIT_S`` looks like a loss of as much.
"""

from typing import Final

import numpy as np

from sensor_hub.decoders.clock_fit import ClockFit
from sensor_hub.model.arrays import FloatArray
from sensor_hub.session.timed_samples import TimedSamples
from sensor_hub.units import US_PER_S

LATE_S: Final = 0.25
WAIT_S: Final = 0.5
ON_TIME_S: Final = 0.05
LARGEST_DRIFT: Final = 0.1  # s of lateness a second that a wrong rate may cause
SHORTEST_HOLE_S: Final = 0.15
MEASURE_S: Final = 3.0  # how long the rate is measured before a declared one is believed
SHORTEST_MEASURE_S: Final = 2.0  # the least that is worth it, where there is no more
RATE_TOLERANCE: Final = 0.2  # ours: a declared rate further off is that of another setting


class ArrivalClock:
    """Tells the times of one stream of samples; feed it one notification after another.

    Parameters
    ----------
    sampling_rate_hz : float or None
        As declared; None has it measured.
    origin_us : int
        UTC microsecond from which its seconds count.
    """

    def __init__(self, sampling_rate_hz: float | None, origin_us: float) -> None:
        self._period_s = 1 / sampling_rate_hz if sampling_rate_hz else None
        self._origin_us = origin_us
        self._fit = ClockFit(window_s=1.0, history_s=20.0, shortest_s=2.0, largest_skew=0.08, largest_slew=0.12)
        self._counted_s = 0.0  # newest sample, in declared periods
        self._held: list[TimedSamples] = []
        self.is_measuring = True  # its rate, so that nothing has come out yet
        self._least_late_s = 0.0  # smallest lateness among those that wait
        self._usual_s, self._usual_us = 0.0, 0.0  # how late the punctual ones were at last, and when that was

    def receive(self, notification: TimedSamples) -> list[TimedSamples]:
        """Take the samples of one notification; return samples whose times are now known, in order."""
        if self.is_measuring:
            self._held.append(notification)
            passed_s = (notification.arrival_us[0] - self._held[0].arrival_us[0]) / US_PER_S
            return self._begin() if passed_s >= MEASURE_S else []
        if not self._held:
            late_s = self._lateness_s(notification)
            if late_s <= LATE_S:
                self._learn_usual(late_s, float(notification.arrival_us[0]))
                return [self._timed(notification)]
            self._held, self._least_late_s = [notification], late_s
            return []
        self._held.append(notification)
        self._least_late_s = min(self._least_late_s, self._lateness_s(*self._held))
        waited_s = (notification.arrival_us[0] - self._held[0].arrival_us[0]) / US_PER_S
        return self._decide() if self._least_late_s <= ON_TIME_S or waited_s >= WAIT_S else []

    def flush(self) -> list[TimedSamples]:
        """Return samples that still wait: the link ended, so nothing on time will come any more."""
        if not self._held:
            return []
        return self._begin() if self.is_measuring else self._decide()

    def _lateness_s(self, *waiting: TimedSamples) -> float:
        """How much later than usual the last of these is."""
        period_s = self._period_s or 0.0
        expected_us = self._fit.time_us(self._counted_s + period_s * sum(map(len, waiting)))
        return float(waiting[-1].arrival_us[0] - expected_us) / US_PER_S - self._usual_s

    def _learn_usual(self, late_s: float, arrival_us: float) -> None:
        passed_s = max(0.0, arrival_us - self._usual_us) / US_PER_S
        self._usual_s, self._usual_us = self._usual_s + min(late_s, LARGEST_DRIFT * passed_s), arrival_us

    def _begin(self) -> list[TimedSamples]:
        """Choose the period, and let what waited go on."""
        held, self._held = self._held, []
        first_us = float(held[0].arrival_us[0])
        passed_s = float(held[-1].arrival_us[0] - first_us) / US_PER_S
        n = sum(map(len, held[1:]))
        measured_s = passed_s / n if passed_s >= SHORTEST_MEASURE_S and n else self._period_s
        if measured_s is None:
            return []  # nobody knows the rate of so few samples
        if self._period_s is None or abs(measured_s / self._period_s - 1) > RATE_TOLERANCE:
            self._period_s = measured_s
        begin_us = self._refine(held) if passed_s >= SHORTEST_MEASURE_S else first_us
        self.is_measuring = False
        self._counted_s = -len(held[0]) * self._period_s
        self._fit.start(0.0, round(begin_us))
        self._usual_us = float(held[-1].arrival_us[0])
        return [self._timed(one) for one in held]

    def _refine(self, held: list[TimedSamples]) -> float:
        """Adjust the period to the envelope of the first arrivals; return the UTC µs of their first notification."""
        fit = ClockFit(window_s=MEASURE_S / 8, shortest_s=MEASURE_S / 2, largest_skew=RATE_TOLERANCE)
        period_s, counted_s = self._period_s or 0.0, 0.0
        fit.start(0.0, round(float(held[0].arrival_us[0])))
        for one in held:
            fit.roll(counted_s)
            fit.observe(np.array([counted_s]), one.arrival_us[:1] - counted_s * US_PER_S)
            counted_s += period_s * len(one)
        begin_us, later_us = fit.fitted_us(0.0), fit.fitted_us(1.0)
        if begin_us is None or later_us is None:
            return float(held[0].arrival_us[0])
        self._period_s = period_s * (later_us - begin_us) / US_PER_S
        return begin_us

    def _decide(self) -> list[TimedSamples]:
        held, self._held = self._held, []
        if self._least_late_s >= SHORTEST_HOLE_S:
            late_s = self._least_late_s
            for _ in range(3):  # a declared second is not quite a second, and a hole may be long
                self._counted_s += late_s
                self._fit.roll(self._counted_s)
                late_s = min(self._lateness_s(*held[: i + 1]) for i in range(len(held)))
        return [self._timed(one) for one in held]

    def _timed(self, notification: TimedSamples) -> TimedSamples:
        period_s = self._period_s or 0.0
        n = len(notification)
        times_us = np.empty(n)
        counted_s: FloatArray = self._counted_s + period_s * np.arange(1, n + 1, dtype=np.float64)
        for i, at_s in enumerate(counted_s.tolist()):
            self._fit.roll(at_s)
            times_us[i] = self._fit.time_us(at_s)
        self._counted_s = float(counted_s[-1])
        self._fit.observe(counted_s[-1:], notification.arrival_us[-1:] - self._counted_s * US_PER_S)
        t_s: FloatArray = (times_us - self._origin_us) / US_PER_S
        return notification.at(t_s, float(t_s[-1]))
