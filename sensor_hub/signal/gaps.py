"""Where a stream of samples breaks: silence, a clock that was set, a rate too low to time a contact."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from sensor_hub.model.arrays import BoolArray, FloatArray

# A running contact lasts 0.15-0.3 s. A tenth of a second without samples can hide its beginning or its end.
LONGEST_INTERVAL_S: Final = 0.1
# One sample more than 100 ms after the other, twenty times in a row, is a slow sensor and not twenty faults.
SLOW_RUN: Final = 20
# No battery lasts that long: a clock that jumps further was set, and what it jumped over did not pass.
LONGEST_SILENCE_S: Final = 7 * 24 * 3600.0
# Retransmissions delay a notification by up to two seconds.
LARGEST_DELAY_US: Final = 3_000_000.0

# A sample that comes this much behind the newest one was overtaken on its way; a clock that fell further was set.
LARGEST_DISORDER_S: Final = 0.1

BreakCause = Literal["silence", "clock-reset"]


@dataclass(frozen=True, slots=True)
class Break:
    """Between sample ``index - 1`` and sample ``index`` nothing is known."""

    index: int
    start_s: float
    end_s: float
    cause: BreakCause


def clock_was_set(step_s: FloatArray) -> BoolArray:
    """(n,) True where the step from one sample to the next is not time that passed."""
    return (step_s < 0) | (step_s > LONGEST_SILENCE_S)


def jumped_ahead(step_s: FloatArray, offset_step_us: FloatArray) -> BoolArray:
    """(n,) True where a clock went further than the time that passed can have been.

    step_s : (n,) s from the sample before. offset_step_us : (n,) by how much arrival minus device time changed; it
    falls when the clock jumps ahead, and by less when the sample before was late.
    """
    return (step_s > LONGEST_INTERVAL_S) & (offset_step_us < -LARGEST_DELAY_US)


def runs_on(t_s: FloatArray) -> bool:
    """Whether no step from one sample to the next is a break."""
    if len(t_s) < 2:
        return True
    step_s = t_s[1:] - t_s[:-1]
    return bool(step_s.min() >= 0) and bool(step_s.max() <= LONGEST_INTERVAL_S)


def steps_between(t_s: FloatArray, previous_s: float) -> FloatArray:
    """(n,) s from the sample before to each sample; infinite where it is too large for a number."""
    step_s = np.empty(len(t_s))
    with np.errstate(over="ignore"):
        step_s[:1] = t_s[:1] - previous_s
        np.subtract(t_s[1:], t_s[:-1], out=step_s[1:])
    return step_s


def in_order(t_s: FloatArray, previous_s: float | None) -> BoolArray | None:
    """(n,) False where a sample is older than one before it by at most ``LARGEST_DISORDER_S``; None if there is none.

    t_s : (n,) s. previous_s : newest time before these, None at the start of the stream.
    """
    newest_s = float(t_s[0]) if previous_s is None else previous_s
    if t_s[0] >= newest_s and bool((t_s[1:] >= t_s[:-1]).all()):
        return None
    kept = np.ones(len(t_s), dtype=bool)
    for i, at_s in enumerate(t_s.tolist()):  # what is newest depends on every one before; damaged streams only
        if newest_s - LARGEST_DISORDER_S <= at_s < newest_s:
            kept[i] = False
        else:
            newest_s = at_s
    return None if kept.all() else kept


def find_breaks(t_s: FloatArray, previous_s: float | None, jumped: BoolArray | None = None) -> list[Break]:
    """Find the breaks in front of each sample.

    Parameters
    ----------
    t_s : (n,)
        Sample times, device clock, s; finite.
    previous_s : float | None
        Time of the sample before these, None at the start of the stream.
    jumped : (n,) or None
        Samples known from elsewhere to come after the clock was set.

    Returns
    -------
    list of Break
        In sample order. A clock that runs backwards, or ahead by more than ``LONGEST_SILENCE_S``, is a "clock-reset"
        of unknown length.
    """
    if not len(t_s):
        return []
    first_s = float(t_s[0]) if previous_s is None else previous_s
    if jumped is None and 0 <= float(t_s[0]) - first_s <= LONGEST_INTERVAL_S and runs_on(t_s):
        return []
    step_s = steps_between(t_s, first_s)
    was_set = clock_was_set(step_s)
    if jumped is not None:
        was_set |= jumped
    found: list[Break] = []
    for i in np.nonzero((step_s > LONGEST_INTERVAL_S) | was_set)[0].tolist():
        before_s = float(t_s[i - 1]) if i else first_s
        found.append(Break(i, before_s, float(t_s[i]), "clock-reset" if was_set[i] else "silence"))
    return found
