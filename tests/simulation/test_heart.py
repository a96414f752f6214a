import numpy as np
import pytest

from sensor_hub.decoders.heart_rate import HeartRateMeasurement
from sensor_hub.simulation.heart import heart_rate_stream
from sensor_hub.simulation.speed import SpeedProfile

RUN = SpeedProfile.steady(3.0, 3.0 * 300)


def test_a_heart_is_decoded_and_beats_faster_when_its_runner_runs() -> None:
    stream = heart_rate_stream(RUN, seed=1)
    said = [HeartRateMeasurement.from_bytes(payload) for payload in stream.payloads]
    assert said[0].rate_per_min == pytest.approx(62, abs=1)
    assert said[280].rate_per_min == pytest.approx(62 + 34 * 3.0, abs=2)
    beats_s = sum(sum(one.rr_s or ()) for one in said)
    assert beats_s == pytest.approx(RUN.duration_s, abs=2.5)
    last = [rr for one in said[270:280] for rr in one.rr_s or ()]
    assert 60 / np.mean(last) == pytest.approx(said[275].rate_per_min, rel=0.03)


def test_the_same_seed_beats_the_same() -> None:
    assert heart_rate_stream(RUN, seed=3).payloads == heart_rate_stream(RUN, seed=3).payloads
    assert heart_rate_stream(RUN, seed=3).payloads != heart_rate_stream(RUN, seed=4).payloads
