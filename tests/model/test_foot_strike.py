import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.model.foot_strike import STRIKES
from sensor_hub.model.gait import UNKNOWN_TEXT, count_strikes, foot_strike


@pytest.mark.parametrize(
    ("pitch_deg", "strike"),
    [
        (25.0, "rearfoot"),
        (8.1, "rearfoot"),
        (8.0, "midfoot"),
        (0.0, "midfoot"),
        (-1.6, "midfoot"),
        (-1.7, "forefoot"),
        (-20.0, "forefoot"),
        (math.nan, UNKNOWN_TEXT),
    ],
)
def test_the_limits_are_those_of_altman_and_davis(pitch_deg: float, strike: str) -> None:
    assert foot_strike(np.array([math.radians(pitch_deg)])).tolist() == [strike]


@given(st.lists(st.floats(allow_infinity=True)))
def test_every_pitch_has_a_class_or_is_unknown(pitches_rad: list[float]) -> None:
    found = foot_strike(np.array(pitches_rad, dtype=float)).tolist()
    assert [f == UNKNOWN_TEXT for f in found] == [math.isnan(p) for p in pitches_rad]
    assert set(found) <= {*STRIKES, UNKNOWN_TEXT}
    assert count_strikes(np.array(pitches_rad, dtype=float)) == {strike: found.count(strike) for strike in STRIKES}
