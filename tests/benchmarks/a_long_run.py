"""Forty minutes of simulated running without a repeat, as what a hub is sent: sizes and times of what it stores."""

from dataclasses import replace
from functools import cache

from sensor_hub.model.gait import StepTable
from sensor_hub.model.load import Totals
from sensor_hub.model.session import SessionHeader, StepBatch
from sensor_hub.session.whole_run import whole_run
from sensor_hub.simulation.worn import Course, Fitting, Person, worn
from sensor_hub.wire import Topics, decode, encode
from tests.benchmarks.an_hour import RATE_HZ, TWO_FEET
from tests.session.packets_of import packets
from tests.session.runs import START
from tests.synthetic_run import SyntheticRun

TOPICS = Topics("home")
DURATION_S = 2400.0


def header(athlete: int = 0) -> SessionHeader:
    """A session of one of many athletes."""
    return SessionHeader(
        sid=f"01jd{athlete:022}", athlete=f"ath{athlete:03}", zone="Europe/Lisbon", origin="live", tier="imu",
        model="achilles-1.0.0", reference="ref-pop-1", profile="imu-generic@1", instrument="imu/foot/foot-1.0",
    )  # fmt: skip


@cache
def steps_and_totals() -> tuple[StepTable, Totals]:
    """Its steps, rounded as they are on the wire, and its totals."""
    sent = {}
    person = Person.drawn(seed=3, strike="rearfoot")
    for device, side in (("pod-l", "L"), ("pod-r", "R")):
        assert side in {"L", "R"}
        fitting = Fitting(mount="foot", side="L" if side == "L" else "R", rate_hz=RATE_HZ)
        run = worn(Course.run(speed_mps=3.0, duration_s=DURATION_S), person, fitting, seed=3)
        truth = run.truth
        feet = SyntheticRun(
            run.t_s, run.acceleration_mps2, run.rotation_radps, truth.initial_contact_s, truth.toe_off_s
        )
        sent[device] = packets(feet, START)
    table, totals = whole_run(sent, TWO_FEET)
    message = encode(StepBatch(header(), START, table, totals), topics=TOPICS, gw="gw", seq=0)
    told = decode(message.payload).event
    assert isinstance(told, StepBatch)
    return told.steps, told.totals


def batch(athlete: int, first: int, n: int) -> StepBatch:
    """Steps [first, first + n) with totals that grow."""
    steps, totals = steps_and_totals()
    so_far = replace(totals, n_steps=float(first + n), duration_s=0.34 * (first + n))
    return StepBatch(header(athlete), START, steps.slice(first, first + n), so_far)
