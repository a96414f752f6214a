import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.model.arrays import BoolArray
from sensor_hub.signal.calibration.event_matching import FEWEST_STEPS, Stances, matches


def run(n: int, seed: int = 0, *, step_s: float = 0.35) -> Stances:
    """Steps with the spread of a real run: 6 ms in step time, 6 ms in contact time."""
    rng = np.random.default_rng(seed)
    return Stances(np.cumsum(rng.normal(step_s, 0.006, n)), rng.normal(0.24, 0.006, n))


def seen(truth: Stances, chosen: BoolArray, seed: int, noise_s: float = 0.006) -> Stances:
    """What a sensor makes of the steps chosen: noisy events, a constant bias."""
    rng = np.random.default_rng(seed + 1000)
    part = truth.only(chosen)
    on_s = part.initial_contact_s + rng.normal(0.004, noise_s, len(part))
    off_s = part.initial_contact_s + part.contact_time_s + rng.normal(-0.012, noise_s, len(part))
    return Stances(on_s, off_s - on_s)


@given(
    seed=st.integers(0, 1000), n=st.integers(80, 300), lag_s=st.floats(-5000.0, 5000.0), one_foot=st.booleans(),
    drift=st.floats(-1e-4, 1e-4), turned=st.booleans(),
)  # fmt: skip
def test_every_contact_finds_itself_whatever_the_lag_and_the_drift(
    seed: int, n: int, lag_s: float, one_foot: bool, drift: float, turned: bool
) -> None:
    truth = run(n, seed)
    reference = Stances(truth.initial_contact_s * (1 + drift) - lag_s, truth.contact_time_s)
    rows = np.nonzero(np.arange(n) % (2 if one_foot else 1) == 0)[0]
    own = seen(truth, np.isin(np.arange(n), rows), seed, 0.004)
    found = (matches(reference, own) if turned else matches(own, reference))[0]
    mine, theirs = (found.reference, found.own) if turned else (found.own, found.reference)
    assert len(found) >= 0.97 * len(rows)
    assert (rows[mine] == theirs).mean() == 1.0
    # the bias of the sensor cannot be told from the lag
    sign = -1.0 if turned else 1.0
    middle_s = float(np.median(reference.initial_contact_s)) + lag_s
    assert sign * found.lag_s == pytest.approx(lag_s - drift * middle_s + 0.004, abs=0.02)


def test_a_short_reference_is_found_in_a_long_run() -> None:
    truth = run(6000, 3)
    own = seen(truth, np.arange(6000) % 2 == 0, 3)
    reference = Stances(truth.initial_contact_s[4000:4100] - 1234.5, truth.contact_time_s[4000:4100])
    found = matches(own, reference)[0]
    assert (2 * found.own - 4000 == found.reference).all()
    assert len(found) == found.n_expected == 50


def test_a_drift_over_an_hour_is_followed() -> None:
    truth = run(10_000, 5)
    reference = Stances(truth.initial_contact_s * (1 + 100e-6) + 7.0, truth.contact_time_s)
    found = matches(seen(truth, np.ones(10_000, dtype=bool), 5), reference)[0]
    assert len(found) == 10_000
    assert found.drift == pytest.approx(-100e-6, abs=3e-6)


def test_another_run_has_no_match_that_is_clearly_the_best() -> None:
    found = matches(run(200, 1), run(200, 2))
    assert not found or found[0].scatter_s > 0.02 or len(found) > 1


def test_a_contact_that_was_found_twice_has_its_partner_once() -> None:
    truth = run(100, 6)
    on_s = np.sort(np.concatenate([truth.initial_contact_s, truth.initial_contact_s[::4] + 0.03]))
    found = matches(Stances(on_s, np.full(len(on_s), 0.24)), truth)[0]
    assert len(found) == 100
    assert len(set(found.reference.tolist())) == len(set(found.own.tolist())) == 100


def test_what_has_no_partner_counts_against_a_lag() -> None:
    found = matches(run(200, 1, step_s=0.36), run(200, 2, step_s=0.31))
    assert all(match.scatter_s > 0.04 for match in found)


@pytest.mark.parametrize("n", [0, 1, FEWEST_STEPS - 1])
def test_too_few_contacts_match_nothing(n: int) -> None:
    assert matches(run(n), run(200)) == []
    assert matches(run(200), run(n)) == []


def test_contacts_that_never_fall_together_match_nothing() -> None:
    sparse = Stances(np.cumsum(np.full(40, 10.0)), np.full(40, 0.24))
    steady = Stances(
        np.concatenate([np.cumsum(np.full(20, 0.3)), 1e6 + np.cumsum(np.full(20, 0.3))]), np.full(40, 0.24)
    )
    assert matches(sparse, steady) == []


def test_unknown_contact_times_do_not_hinder_a_match() -> None:
    truth = run(150, 9)
    own = seen(truth, np.ones(150, dtype=bool), 9, 0.003)
    own.contact_time_s[::3] = np.nan
    assert (matches(own, truth)[0].own == matches(own, truth)[0].reference).all()


@pytest.mark.parametrize("stray_s", [1e9, 1e13])
def test_one_stray_time_neither_hides_a_match_nor_takes_memory(stray_s: float) -> None:
    truth = run(200, 4)
    reference = Stances(
        np.append(truth.initial_contact_s + 5.0, stray_s), np.append(truth.contact_time_s, truth.contact_time_s[0])
    )
    found = matches(seen(truth, np.ones(200, dtype=bool), 4), reference)[0]
    assert found.lag_s == pytest.approx(-5.0, abs=0.02)
    assert (found.own == found.reference).all()
    assert len(found) == 200
