import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.signal.contacts import Contacts
from sensor_hub.signal.wearing.strides import (
    HELD_S,
    N_PHASES,
    SampleWindow,
    SecondSampler,
    StrideSampler,
    laid_over_phases,
    looked_at,
)

SLOPES = np.array([1.0, -2.0, 0.5])


def contacts_at(*initial_s: float, contact_s: float = 0.2) -> Contacts:
    at_s = np.array(initial_s)
    n = len(at_s)
    return Contacts(at_s, at_s + contact_s, np.zeros(n), np.ones(n), np.full(n, np.nan), np.zeros(n, dtype=bool))


def window(begin_s: float, end_s: float, rate_hz: float = 100.0) -> SampleWindow:
    """Samples whose acceleration and turn grow evenly with time."""
    t_s = np.arange(begin_s, end_s, 1 / rate_hz)
    held = SampleWindow()
    held.take(t_s, t_s[:, None] * SLOPES, -t_s[:, None] * SLOPES)
    return held


@given(st.floats(0.1, 2.0), st.floats(0.4, 1.6), st.floats(30.0, 500.0))
def test_what_grows_evenly_is_met_exactly_at_every_phase(start_s: float, stride_s: float, rate_hz: float) -> None:
    found = laid_over_phases(
        np.array([start_s]), np.array([stride_s]), np.array([0.2]), *window(0.0, 4.0, rate_hz).between(-np.inf, np.inf)
    )
    at_s = start_s + stride_s * np.arange(N_PHASES) / N_PHASES
    np.testing.assert_allclose(found.acceleration_mps2[0], at_s[:, None] * SLOPES, atol=1e-9)
    np.testing.assert_allclose(found.rotation_radps[0], -at_s[:, None] * SLOPES, atol=1e-9)


def test_strides_beyond_the_samples_are_left_out() -> None:
    t_s, acceleration, rotation = window(1.0, 3.0).between(-np.inf, np.inf)
    start_s, stride_s = np.array([0.9, 1.5, 2.5]), np.array([0.7, 0.7, 0.7])
    found = laid_over_phases(start_s, stride_s, np.full(3, 0.2), t_s, acceleration, rotation)
    assert found.start_s.tolist() == [1.5]
    assert len(laid_over_phases(start_s, stride_s, np.full(3, 0.2), np.empty(0), acceleration[:0], rotation[:0])) == 0


def test_a_stride_ends_with_the_next_contact_of_the_same_foot() -> None:
    one, two = StrideSampler(1), StrideSampler(2)
    contacts = contacts_at(0.5, 0.9, 1.35, 1.8)
    of_one, of_two = one.take(contacts, window(0.0, 3.0)), two.take(contacts, window(0.0, 3.0))
    np.testing.assert_allclose(of_one.stride_time_s, [0.4, 0.45, 0.45])
    np.testing.assert_allclose(of_two.stride_time_s, [0.85, 0.9])
    np.testing.assert_allclose(of_two.contact_share, [0.2 / 0.85, 0.2 / 0.9])


def test_what_is_no_stride_is_not_looked_at_and_yet_counted() -> None:
    sampler = StrideSampler(1)
    assert len(sampler.take(contacts_at(0.5, 0.7, 2.5), window(0.0, 3.0))) == 0
    sampler.flush()
    later = contacts_at(*np.arange(3.0, 9.5, 0.5).tolist())
    found = sampler.take(later, window(2.5, 10.0))
    counted_from = 3  # a break ends the third
    expected = later.initial_contact_s[:-1][looked_at(counted_from + np.arange(len(later) - 1))]
    assert found.start_s.tolist() == expected.tolist()
    assert 0 < len(found) < len(later) - 1


def test_seconds_are_looked_at_with_pauses_between_them() -> None:
    t_s = np.arange(0.0, 100.0, 0.01)
    acceleration = np.zeros((len(t_s), 3))
    acceleration[:, 2] = np.floor(t_s)  # the same within a second, so nothing shakes; and it says which second it is
    held, sampler = SampleWindow(), SecondSampler()
    held.take(t_s, acceleration, np.column_stack([np.floor(t_s)] * 3) / np.sqrt(3))
    found = sampler.take(0.0, float(t_s[-1]), held)
    np.testing.assert_allclose(found[:, 0], 0.0, atol=1e-9)
    np.testing.assert_allclose(found[:, 1], [0, 8, 16, 24, 32, 40, 48, 56])


def test_of_a_second_only_possible_samples_say_something() -> None:
    t_s = np.arange(0.0, 20.0, 0.01)
    acceleration, rotation = np.full((len(t_s), 3), 5.0), np.full((len(t_s), 3), 1.0)
    acceleration[:99] = 1e6  # one possible sample is left of the first second
    acceleration[850], rotation[860] = 1e6, 1e6
    rotation[1600:1700] = np.nan
    held, sampler = SampleWindow(), SecondSampler()
    held.take(t_s, acceleration, rotation)
    found = sampler.take(0.0, float(t_s[-1]), held)
    np.testing.assert_allclose(found, [[0.0, np.sqrt(3)], [0.0, np.nan]], atol=1e-9)


def test_a_second_without_samples_says_nothing() -> None:
    held, sampler = window(0.0, 1.5), SecondSampler()
    assert len(sampler.take(0.0, 1.49, held)) == 1
    t_s = np.arange(12.0, 13.5, 0.01)
    held.take(t_s, t_s[:, None] * SLOPES, t_s[:, None] * SLOPES)
    assert sampler.take(12.0, float(t_s[-1]), held).shape == (0, 2)


def test_a_second_begins_anew_after_a_break() -> None:
    held, sampler = window(0.0, 0.5), SecondSampler()
    assert len(sampler.take(0.0, 0.49, held)) == 0
    sampler.flush()
    held = window(10.0, 11.5)
    assert len(sampler.take(10.0, 11.49, held)) == 1


def test_only_some_seconds_are_held_however_they_come() -> None:
    for size in (1, 37, 5000):
        held = SampleWindow()
        t_s = np.arange(0.0, 60.0, 0.01)
        for i in range(0, len(t_s), size):
            part = t_s[i : i + size]
            held.take(part, np.zeros((len(part), 3)), np.zeros((len(part), 3)))
            held.forget()
        kept_s = held.between(-np.inf, np.inf)[0]
        assert kept_s[-1] == t_s[-1]
        assert HELD_S <= kept_s[-1] - kept_s[0] <= 2 * HELD_S + 0.4
