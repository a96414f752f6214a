"""Where a stream of samples breaks: silence, a clock that runs backwards, a rate too low to time a contact."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from sensor_hub.model.arrays import FloatArray

# A running contact lasts 0.15-0.3 s. A tenth of a second without samples can hide its beginning or its end.
LONGEST_INTERVAL_S: Final = 0.1
# One sample more than 100 ms after the other, twenty times in a row, is a slow sensor and not twenty faults.
SLOW_RUN: Final = 20

BreakCause = Literal["silence", "clock-reset"]


@dataclass(frozen=True, slots=True)
class Break:
    """Between sample ``index - 1`` and sample ``index`` nothing is known."""

    index: int
    start_s: float
    end_s: float
    cause: BreakCause


def find_breaks(
    t_s: FloatArray, previous_s: float | None, longest_interval_s: float = LONGEST_INTERVAL_S
) -> list[Break]:
    """Find the breaks in front of each sample.

    Parameters
    ----------
    t_s : (n,)
        Sample times, device clock, s.
    previous_s : float | None
        Time of the sample before these, None at the start of the stream.
    longest_interval_s : float
        Longer intervals are breaks.

    Returns
    -------
    list of Break
        In sample order. A clock that runs backwards is a "clock-reset" of unknown length: end_s <= start_s.
    """
    if not len(t_s):
        return []
    before = np.concatenate([[t_s[0] if previous_s is None else previous_s], t_s[:-1]])
    step = t_s - before
    broken = np.nonzero((step > longest_interval_s) | (step < 0))[0]
    return [Break(int(i), float(before[i]), float(t_s[i]), "silence" if step[i] > 0 else "clock-reset") for i in broken]
