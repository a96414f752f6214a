import numpy as np

from sensor_hub.load.achilles import ACHILLES_1
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
