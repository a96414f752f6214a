"""The peak factor and its spread are made anew from the data they were fitted on, and obey what a contact must."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from sensor_hub.load import vgrf
from sensor_hub.model.arrays import FloatArray
from tests import need
from tests.validation.load_force_table import TABLE, ForceTable, force_table, vgrf_table
from tests.validation.load_force_trials import identity, vgrf_trials
from tests.validation.recordings import trial_table

SPEED_MPS = st.floats(1.0, 8.0)
CONTACT_S = st.floats(0.1, 0.45)
UNKNOWN = float("nan")


@pytest.fixture(scope="module")
def table() -> ForceTable:
    need.data(TABLE)
    return force_table()


def level_trials() -> list[tuple[float, float, float]]:
    """(speed m/s, contact time s, peak over mean) of the level trials, peaks brought to the identity."""
    need.data("force_trials_expected.csv")
    ratio = {row["trial"]: row["ratio"] for row in identity()["trials"]}
    found = []
    for row in trial_table():
        if row["set"] == "A1" and float(row["slope"]) == 0:
            contact_s, step_s = float(row["tc_ms"]) / 1000, 60 / float(row["spm"])
            factor = float(row["peak_BW"]) * contact_s / step_s / ratio[row["trial"]]
            found.append((float(row["speed"]), contact_s, factor))
    return found


def line(at: FloatArray, values: FloatArray) -> tuple[float, float]:
    """Return height at 0 and slope."""
    height, slope = np.linalg.lstsq(np.column_stack([np.ones(len(at)), at]), values, rcond=None)[0]
    return float(height), float(slope)


def factor(speed_mps: float, contact_s: float = 0.25) -> float:
    return float(vgrf.peak_factor(np.array([speed_mps]), np.array([contact_s]))[0])


def spread(speed_mps: float, contact_s: float = 0.22, grade: float = 0.0) -> float:
    return float(vgrf.peak_sd(np.array([speed_mps]), np.array([contact_s]), np.array([grade]))[0])


def test_the_shipped_factors_are_the_lines_through_their_data(table: ForceTable) -> None:
    trials = level_trials()
    assert len(trials) == 4
    balanced_bw = table.peak_bw / table.impulse_over_identity
    factors = np.concatenate([balanced_bw * table.contact_time_s / table.step_time_s, [k for *_, k in trials]])
    speeds = np.concatenate([table.speed_mps, [mps for mps, *_ in trials]])
    contacts_s = np.concatenate([table.contact_time_s, [contact_s for _, contact_s, _ in trials]])
    by_speed = line(speeds - vgrf.PEAK_FACTOR_SPEED_MPS, factors)
    by_contact = line(contacts_s - vgrf.PEAK_FACTOR_CONTACT_S, factors)
    # a trial's means are of rounded steps, so the third decimal is what is left of them
    assert_allclose(by_speed, (vgrf.PEAK_FACTOR, vgrf.PEAK_FACTOR_PER_MPS), atol=1e-3)
    assert_allclose(by_contact, (vgrf.PEAK_FACTOR_OF_CONTACT, vgrf.PEAK_FACTOR_PER_S), atol=1e-2)


def test_the_lines_end_where_their_data_end(table: ForceTable) -> None:
    trials = level_trials()
    assert min(mps for mps, *_ in trials) == vgrf.SLOWEST_FITTED_MPS
    assert table.speed_mps.max() <= vgrf.FASTEST_FITTED_MPS <= table.speed_mps.max() + 0.25
    longest_s = max(contact_s for _, contact_s, _ in trials)
    assert table.contact_time_s.min() >= vgrf.SHORTEST_FITTED_S
    assert longest_s <= vgrf.LONGEST_FITTED_S <= longest_s + 0.02


def test_the_form_is_met_on_runners_it_has_not_seen(table: ForceTable) -> None:
    ways = {row["way"]: row["mape_pct"] for row in vgrf_table()["ways"]}
    by_speed = ways["plate contact, k by speed (the model's form)"]
    assert by_speed <= 2.8
    assert by_speed < ways["plate contact, one k"] < ways["no sensor: speed and step time"]
    assert ways["plate contact, half sine (nothing fitted)"] > 9


def test_the_spread_is_that_of_runners_left_out(table: ForceTable) -> None:
    row = vgrf_table()["ways"][0]
    assert row["sd_pct"] == pytest.approx(100 * vgrf.PEAK_SD, abs=0.1)


def test_the_peak_of_the_sacral_waveform_is_no_better_than_timing() -> None:
    need.data("imu_sacral_grf/trial_00.csv")
    means = {row["way"]: row["means"]["mape_pct"] for row in vgrf_trials()["ways"]}
    waves = [error for way, error in means.items() if "waveform" in way]
    assert len(waves) == 4
    assert min(waves) > means["sacral contact, one k"]


def test_the_impulse_of_a_step_is_body_weight_times_step_time() -> None:
    need.data("force_steps_expected.csv")
    told = identity()
    for row in told["trials"]:
        bound = 0.01 if abs(row["slope_deg"]) < 7 else 0.035
        assert row["ratio"] == pytest.approx(1.0, abs=bound), row
        assert row["over_cos"] == pytest.approx(1.0, abs=0.02), row
    assert told["split_belt"][0]["ratio"] == pytest.approx(1.0, abs=0.005)


@given(SPEED_MPS, st.floats(0.0, 3.0))
def test_the_factor_never_rises_with_speed_and_stays_between_a_flat_force_and_a_triangle(v: float, more: float) -> None:
    assert factor(v) >= factor(v + more)
    assert 1.0 < factor(v) < 2.0


@given(CONTACT_S, st.floats(0.0, 0.2))
def test_where_speed_is_unknown_a_longer_contact_takes_its_place(contact_s: float, more_s: float) -> None:
    assert factor(UNKNOWN, contact_s) <= factor(UNKNOWN, contact_s + more_s)
    assert 1.0 < factor(UNKNOWN, contact_s) < 2.0


@given(SPEED_MPS, CONTACT_S, CONTACT_S)
def test_with_a_known_speed_contact_time_does_not_matter_to_the_factor(v: float, one_s: float, other_s: float) -> None:
    assert factor(v, one_s) == factor(v, other_s)


def test_both_factors_agree_at_the_populations_gait() -> None:
    for mps, contact_s in ((3.0, 0.2445), (3.8, 0.214), (4.5, 0.196)):
        assert factor(mps) == pytest.approx(factor(UNKNOWN, contact_s), abs=0.03)


def test_beyond_the_data_the_factor_is_held() -> None:
    assert factor(1.0) == factor(vgrf.SLOWEST_FITTED_MPS)
    assert factor(9.0) == factor(vgrf.FASTEST_FITTED_MPS)
    assert factor(UNKNOWN, 0.44) == factor(UNKNOWN, vgrf.LONGEST_FITTED_S)


def test_an_unknown_contact_and_speed_leave_the_factor_unknown() -> None:
    assert np.isnan(factor(UNKNOWN, UNKNOWN))


@pytest.mark.parametrize(("v", "contact_s"), [(3.2, 0.22), (UNKNOWN, 0.25)])
def test_the_band_is_wider_below_the_speeds_of_the_table(v: float, contact_s: float) -> None:
    assert spread(v, contact_s) == vgrf.PEAK_SD_SLOW > spread(4.0) == vgrf.PEAK_SD


@pytest.mark.parametrize("grade", [0.05, -0.05])
def test_the_band_is_wider_on_slopes_either_way(grade: float) -> None:
    assert spread(4.0, grade=grade) == vgrf.PEAK_SD_SLOPE > spread(4.0, grade=0.02)


def test_an_unknown_slope_does_not_narrow_the_band() -> None:
    assert spread(4.0, grade=UNKNOWN) == vgrf.PEAK_SD
