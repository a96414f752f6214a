"""Live readings: as soon as a contact is known, and no more often than a screen can use."""

import numpy as np
import pytest

from sensor_hub.load.achilles import ACHILLES_1
from sensor_hub.model.load import Totals
from sensor_hub.model.session import LiveReading, StepBatch
from sensor_hub.session import RunSession
from sensor_hub.session.live import INTERVAL_US, LiveReadings
from sensor_hub.session.run_session import header_of
from sensor_hub.session.timeline import Landed
from tests.session.runs import START, blocks, setup
from tests.synthetic_run import equal_cuts, one_leg


def landed(at_s: list[float], contact_time_s: float = 0.24, ended_step_s: float = 0.35) -> Landed:
    n = len(at_s)
    time_us = np.round(np.array(at_s) * 1e6).astype(np.int64)
    return Landed("L", time_us, np.full(n, contact_time_s), np.full(n, ended_step_s))


def test_a_reading_comes_with_its_contact_and_not_a_step_later() -> None:
    run = one_leg(15.0, rate_hz=200.0)
    session = RunSession(setup())
    waited_s, told_s = [], []
    for block in blocks(run.block(), equal_cuts(len(run.t_s), 1)):
        for event in session.receive(block):
            if isinstance(event, LiveReading):
                at_s = (event.time_utc - START).total_seconds()
                told_s.append(at_s)
                waited_s.append(float(block.t_s[0]) - at_s)
    settled = np.array(told_s) > 6.0  # before, the detector looks for its axes
    assert np.count_nonzero(settled) >= 10
    assert np.array(waited_s)[settled].max() < 0.24 + 0.2, "contact, and what a detector may take; a stride is 0.7 s"


def test_totals_of_a_reading_are_those_of_the_newest_batch() -> None:
    run = one_leg(15.0)
    session = RunSession(setup())
    newest = Totals()
    n = 0
    for block in blocks(run.block(), equal_cuts(len(run.t_s), 1)):
        for event in session.receive(block):
            if isinstance(event, StepBatch):
                newest = event.totals
            elif isinstance(event, LiveReading):
                assert event.totals.n_steps == newest.n_steps
                n += event.totals.n_steps > 0
    assert n > 5


def test_readings_are_at_most_five_a_second_and_unknown_stays_unknown() -> None:
    live = LiveReadings(header_of(setup(), ACHILLES_1))
    found = list(live.of(landed([1.0, 1.1, 1.2, 1.35]), Totals()))
    assert [round(r.time_utc.timestamp(), 2) for r in found] == [1.0, 1.2]
    assert found[0].cadence_spm == pytest.approx(60 / 0.35)
    assert list(live.of(landed([1.2 + INTERVAL_US / 1e6 - 1e-6]), Totals())) == []
    (unknown,) = live.of(landed([9.0], np.nan, np.nan), Totals())
    assert unknown.contact_time_s is unknown.cadence_spm is None


def test_a_file_has_no_live_readings() -> None:
    live = LiveReadings(header_of(setup(origin="import"), ACHILLES_1))
    assert list(live.of(landed([1.0]), Totals())) == []
