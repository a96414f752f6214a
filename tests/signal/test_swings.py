import numpy as np
import pytest

from sensor_hub.model.arrays import FloatArray
from sensor_hub.signal.leg.swings import SwingHistory, phases_in

T_S = np.arange(0.0, 3.0, 0.01)


def lobes(*centres_and_heights: tuple[float, float], width_s: float = 0.3) -> FloatArray:
    """Half sines of a width, at 100 Hz over three seconds."""
    about = np.zeros(len(T_S))
    for centre_s, height in centres_and_heights:
        phase = (T_S - centre_s) / width_s + 0.5
        about += np.where((phase > 0) & (phase < 1), height * np.sin(np.pi * phase), 0.0)
    return about


def swings_among(about: FloatArray, history: SwingHistory | None = None) -> list[float]:
    """When the swings are fastest."""
    phases = phases_in(T_S, about)
    phases = phases.only(phases.end < len(T_S))
    is_swing = (history or SwingHistory.empty()).are_swings(T_S, phases)
    peaks_s: list[float] = T_S[phases.peak[is_swing]].round(2).tolist()
    return peaks_s


def test_a_phase_lasts_until_the_leg_turns_back() -> None:
    phases = phases_in(T_S, lobes((1.0, 10.0), (1.5, -8.0)))
    assert T_S[phases.begin].tolist() == pytest.approx([0.87], abs=0.02)
    assert T_S[phases.end].tolist() == pytest.approx([1.36], abs=0.02)
    assert phases.turn_rad.tolist() == pytest.approx([10.0 * 0.3 * 2 / np.pi], rel=0.05)


def test_noise_around_zero_splits_nothing() -> None:
    about = lobes((1.0, 10.0), (2.0, -8.0)) + 0.9 * np.sign(np.sin(40 * np.pi * T_S))
    assert len(phases_in(T_S, about)) == 1


def test_a_swing_that_falters_is_one_phase() -> None:
    assert len(phases_in(T_S, lobes((0.8, 6.0), (1.12, 6.0), (1.6, -8.0)))) == 1


def test_whoever_stands_after_a_swing_ends_it() -> None:
    phases = phases_in(T_S, lobes((1.0, 10.0)))
    assert T_S[phases.end].tolist() == pytest.approx([1.13 + 0.5], abs=0.03)


def test_a_phase_that_has_not_ended_is_open() -> None:
    assert phases_in(T_S, lobes((2.8, 10.0))).end.tolist() == [len(T_S)]


def test_a_small_turn_is_no_swing() -> None:
    assert swings_among(lobes((0.5, 10.0), (0.9, -8.0), (1.5, 2.0), (1.9, -2.0))) == [0.5]


def test_the_threshold_follows_the_runner() -> None:
    walk = lobes((0.5, 4.0), (0.9, -4.0), (1.5, 4.0), (1.9, -4.0))
    assert swings_among(walk) == [0.5, 1.5]
    sprint = SwingHistory.empty().after(np.array([-0.5]), np.array([2.5]))
    assert swings_among(walk, sprint) == []  # so soon after a sprint that is its heel lowering
    assert swings_among(walk, SwingHistory.empty().after(np.array([-4.0]), np.array([2.5]))) == [0.5, 1.5]


def test_shakes_faster_than_any_stride_are_no_swings() -> None:
    shakes = lobes(*[(0.3 + 0.12 * k, 20.0 * (-1) ** k) for k in range(20)], width_s=0.12)
    assert len(swings_among(shakes)) <= 1


def test_a_turn_that_takes_longer_than_any_swing_is_none() -> None:
    slow = np.where((T_S > 0.2) & (T_S < 1.9), 1.5, 0.0) - np.where(T_S > 2.2, 3.0, 0.0)
    assert len(phases_in(T_S, slow)) == 0
