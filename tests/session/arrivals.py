"""Radios that deliver late: what a clock has to be read from."""

import numpy as np

from sensor_hub.model.arrays import FloatArray


def late_arrivals(
    sent_s: FloatArray, *, seed: int, mean_delay_s: float = 0.03, n_bursts: int = 0, first_late_s: float = 0.0
) -> FloatArray:
    """(n,) s at which what was sent at ``sent_s`` arrives, in order: exponential delays, and holds of up to 2 s.

    Nothing gets through during a hold, then everything at once. The very first comes ``first_late_s`` later still.
    """
    rng = np.random.default_rng(seed)
    arrival_s = sent_s + rng.exponential(mean_delay_s, len(sent_s))
    for begin_s in rng.uniform(sent_s[0], sent_s[-1], n_bursts):
        until_s = begin_s + rng.uniform(0.2, 2.0)
        held = (sent_s >= begin_s) & (sent_s < until_s)
        arrival_s[held] = np.maximum(arrival_s[held], until_s)
    found: FloatArray = np.maximum.accumulate(arrival_s)
    found[0] += first_late_s
    return found
