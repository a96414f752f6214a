import numpy as np
import pytest

from sensor_hub.signal.contacts import resolution_quality
from sensor_hub.signal.detectors import detector_for
from tests.synthetic_run import in_any, one_leg


def test_each_mount_has_its_detector() -> None:
    assert [detector_for(m).feet_seen for m in ("foot", "shank", "sacrum")] == [1, 1, 2]


def test_quality_falls_with_the_sampling_interval() -> None:
    assert resolution_quality(0.0) == 1.0
    assert resolution_quality(0.025) == pytest.approx(0.5)
    assert resolution_quality(0.05) == resolution_quality(0.2) == 0.0


RUN = one_leg(stride_s=0.7031)


def test_the_synthetic_truth_has_one_contact_a_stride() -> None:
    on_ground = in_any(RUN.t_s, RUN.initial_contact_s, RUN.toe_off_s)
    assert np.mean(on_ground[100:-100]) == pytest.approx(0.24 / 0.7031, abs=0.02)
