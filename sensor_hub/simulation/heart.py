"""A simulated heart on the Heart Rate service: a toy, good for bytes and for nothing else.

The rate follows the speed with a delay of half a minute; beats scatter a little. No claim about people.
"""

import struct
from typing import Final

import numpy as np

from sensor_hub.simulation.gait import Stream
from sensor_hub.simulation.speed import SpeedProfile
from sensor_hub.units import S_PER_MIN, US_PER_S

HEART_RATE_CHARACTERISTIC: Final = "2a37"
REST_PER_MIN: Final = 62.0
PER_MIN_PER_MPS: Final = 34.0
DELAY_S: Final = 30.0
BEAT_SD: Final = 0.02  # of a beat's length
_RR_AND_CONTACT: Final = 0x16
_RR_PER_S: Final = 1024
_HEART: Final = 6  # stream of random numbers


def heart_rate_stream(profile: SpeedProfile, *, seed: int, first_s: float = 0.6) -> Stream:
    """Return a notification a second: beats a minute, and the intervals between the beats of that second."""
    rng = np.random.default_rng([seed, _HEART])
    t_s = np.arange(0.0, profile.duration_s, 0.1)
    target = REST_PER_MIN + PER_MIN_PER_MPS * profile.at(t_s)
    rate_per_min = np.empty_like(t_s)
    rate_per_min[0] = REST_PER_MIN
    for i in range(1, len(t_s)):
        rate_per_min[i] = rate_per_min[i - 1] + (target[i] - rate_per_min[i - 1]) * 0.1 / DELAY_S
    beats_s, beat_s = [], 0.0
    while beat_s < profile.duration_s:
        beats_s.append(beat_s)
        interval_s = S_PER_MIN / float(np.interp(beat_s, t_s, rate_per_min))
        beat_s += interval_s * float(np.clip(rng.normal(1, BEAT_SD), 0.8, 1.2))
    sent_s = np.arange(first_s, profile.duration_s, 1.0)
    intervals = np.round(np.diff(beats_s) * _RR_PER_S).astype(int).tolist()
    ends = np.searchsorted(beats_s[1:], [first_s - 1.0, *sent_s.tolist()])
    payloads = []
    for i, at_s in enumerate(sent_s.tolist()):
        between = intervals[ends[i] : ends[i + 1]]
        rate = round(float(np.interp(at_s, t_s, rate_per_min)))
        payloads.append(struct.pack(f"<BB{len(between)}H", _RR_AND_CONTACT, rate, *between))
    return Stream(HEART_RATE_CHARACTERISTIC, np.round(sent_s * US_PER_S).astype(np.int64), payloads)
