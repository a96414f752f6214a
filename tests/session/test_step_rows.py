import numpy as np
import pytest

from sensor_hub.load.achilles import ACHILLES_1
from sensor_hub.load.aggregate import SessionTotals
from sensor_hub.load.remodel import MOST_CONTACT_SD_S
from sensor_hub.session.step_rows import step_rows
from sensor_hub.session.timeline import DatedSteps
from sensor_hub.signal.contacts import Contacts
from sensor_hub.signal.steps import StepPairer

N = 5


def dated(contact_time_sd_s: float) -> DatedSteps:
    at_s = np.linspace(0.0, 0.7 * N, N + 1)
    unknown = np.full(N + 1, np.nan)
    sd = np.full(N + 1, contact_time_sd_s)
    contacts = Contacts(at_s, at_s + 0.24, sd, unknown, unknown, np.zeros(N + 1, dtype=bool))
    steps = StepPairer(1).receive(contacts)
    time_us = (at_s * 1e6).astype(np.int64)
    return DatedSteps("L", 2.0, steps, time_us[:-1], time_us[1:], unknown[:-1], unknown[:-1])


def test_a_contact_time_that_is_known_well_enough_tells_a_peak() -> None:
    rows = step_rows([dated(MOST_CONTACT_SD_S)], ACHILLES_1)
    assert np.all(rows.steps.vgrf_peak_bw > 2.0)


def test_of_a_contact_time_too_uncertain_the_peak_is_unknown_and_the_rest_is_kept() -> None:
    sure, unsure = (step_rows([dated(sd)], ACHILLES_1).steps for sd in (0.01, MOST_CONTACT_SD_S + 0.001))
    assert np.all(np.isnan(unsure.vgrf_peak_bw))
    assert np.all(np.isnan(unsure.achilles_peak_bw))
    kept = ("time_utc_us", "side", "step_time_s", "contact_time_s", "flight_time_s", "vgrf_impulse_bw_s", "gait")
    for name in kept:
        assert np.array_equal(getattr(unsure, name), getattr(sure, name)), name
    # the impulse stays known, from the population's mean force, and says that it is less sure
    assert np.all(
        unsure.achilles_impulse_sd / unsure.achilles_impulse_bw_s
        > sure.achilles_impulse_sd / sure.achilles_impulse_bw_s
    )


def test_an_imus_walking_rows_keep_their_step_time_and_fill_no_running_load() -> None:
    at_s = np.linspace(0.0, 1.1 * N, N + 1)  # a stride of 1.1 s: 109 steps a minute
    unknown, sd = np.full(N + 1, np.nan), np.full(N + 1, 0.01)
    steps = StepPairer(1).receive(Contacts(at_s, at_s + 0.68, sd, unknown, unknown, np.zeros(N + 1, dtype=bool)))
    time_us = (at_s * 1e6).astype(np.int64)
    told = DatedSteps("L", 2.0, steps, time_us[:-1], time_us[1:], unknown[:-1], unknown[:-1])
    rows = step_rows([told], ACHILLES_1)
    assert rows.steps.gait.tolist() == ["walk"] * N
    assert not rows.running.any()
    assert rows.steps.step_time_s == pytest.approx(0.55)
    assert rows.steps.contact_time_s == pytest.approx(0.68)
    sums = SessionTotals(ACHILLES_1)
    sums.add(rows.steps, rows.running)
    sums.recorded_s = 1.1 * N
    totals = sums.totals()
    assert totals.walk_load_bw_s == pytest.approx(rows.steps.achilles_impulse_bw_s.sum())  # of one leg
    assert totals.n_walk_steps == 2 * N
    assert (totals.load_eq_km, totals.n_steps) == (0.0, 0.0)
