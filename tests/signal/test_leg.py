import numpy as np
import pytest

from sensor_hub.model.arrays import FloatArray
from sensor_hub.signal.leg.events import Columns, Landings, landings, push_offs, slowed_down, vertex
from sensor_hub.signal.leg.foot import FEATURES
from sensor_hub.signal.leg.swings import Phases

T_S = np.arange(0.0, 2.5, 0.005)
SWING = Phases(np.array([100]), np.array([190]), np.array([140]), np.array([1.2]))  # 0.5 to 0.95 s, fastest at 0.7 s
LANDED = Landings(np.array([200]), np.array([1.0]), np.array([0.005]), np.array([1.0]))


def half_sine(centre_s: float, width_s: float, height: float) -> FloatArray:
    phase = (T_S - centre_s) / width_s + 0.5
    return np.where((phase > 0) & (phase < 1), height * np.sin(np.pi * phase), 0.0)


def columns(about: FloatArray, jolt: FloatArray | None = None) -> Columns:
    acceleration = np.zeros((len(T_S), 3))
    if jolt is not None:
        acceleration[:, 1] = np.cumsum(np.cumsum(jolt))  # its second difference is the jolt
    return Columns(T_S, about, acceleration, np.zeros((len(T_S), 3)))


def push_off_s(about: FloatArray, until: int = len(T_S)) -> float:
    about = about + half_sine(0.7, 0.45, 6.0)
    return float(push_offs(columns(about), SWING, LANDED, np.array([until]), FEATURES).at_s[0])


def test_push_off_is_the_fastest_backward_turning() -> None:
    assert push_off_s(half_sine(1.2321, 0.25, -8.0)) == pytest.approx(1.2321, abs=0.0005)


def test_the_slap_of_a_heel_is_no_push_off_however_long_the_foot_lies_flat() -> None:
    slap = half_sine(1.05, 0.1, -6.0)  # still on when toe-off is first looked for
    flat = np.where((T_S > 1.1) & (T_S < 1.5), -0.5, 0.0)
    assert push_off_s(slap + flat + half_sine(1.6, 0.2, -9.0)) == pytest.approx(1.6, abs=0.003)


def test_a_push_off_is_not_certain_before_it_has_slowed_down() -> None:
    push = half_sine(1.2, 0.25, -8.0)
    certain = int(np.argmax((push >= -7.2) & (T_S > 1.2)))
    assert np.isnan(push_off_s(push, certain))
    assert push_off_s(push, certain + 1) == pytest.approx(1.2, abs=0.003)


def test_after_a_turning_that_slows_down_too_late_a_push_off_is_faster() -> None:
    held = np.where((T_S > 1.1) & (T_S < 1.3), -6.0, 0.0) - np.where((T_S > 1.1) & (T_S < 1.12), 0.1, 0.0)
    assert push_off_s(held + half_sine(1.45, 0.2, -9.0)) == pytest.approx(1.45, abs=0.003)
    assert np.isnan(push_off_s(held + half_sine(1.45, 0.2, -5.0)))


def test_a_contact_without_push_off_has_none() -> None:
    assert np.isnan(push_off_s(half_sine(1.3, 0.2, -1.5)))


def test_landing_is_the_first_jolt_of_half_the_largest() -> None:
    jolt = np.full(len(T_S), 1.0)
    jolt[[205, 207, 215]] = 60.0, 100.0, 90.0
    jolt[150] = 200.0  # in mid-swing, before the leg has slowed down
    seen = columns(half_sine(0.7, 0.45, 6.0), jolt)
    found = landings(seen, slowed_down(seen, SWING), FEATURES)
    assert found.sample.tolist() == [205]
    assert T_S[204] - 0.005 <= found.at_s[0] <= T_S[205]
    assert found.strength[0] > 0.9


def test_a_leg_has_slowed_down_where_it_turns_at_less_than_its_share() -> None:
    seen = columns(half_sine(0.7, 0.45, 6.0))
    (at,) = slowed_down(seen, SWING).tolist()
    assert seen.about_radps[at] < 0.4 * 6.0 <= seen.about_radps[at - 1]


def test_a_vertex_is_exact_for_a_parabola_and_uneven_samples() -> None:
    t_s = np.array([0.0, 0.01, 0.03, 0.04])
    at_s, _ = vertex(t_s, -3.0 + (t_s - 0.013) ** 2, np.array([1]))
    assert at_s[0] == pytest.approx(0.013)
