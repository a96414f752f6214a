"""Runs as an edge records and sends them, and the same as an older program would have stored them."""

from dataclasses import fields, replace
from datetime import datetime, timedelta
from heapq import merge
from itertools import islice
from pathlib import Path

import numpy as np

from sensor_hub.adapters.recordings.mcap_file import McapRecorder
from sensor_hub.app.collecting.collecting_run import SOURCE
from sensor_hub.app.collecting.firmware import all_profiles
from sensor_hub.app.edge import Edge
from sensor_hub.model.gait import StepTable
from sensor_hub.model.load import Totals
from sensor_hub.model.message import Envelope
from sensor_hub.model.ports import Store
from sensor_hub.model.raw import RawNotification
from sensor_hub.model.session import BoundDevice, SessionSetup, SessionSummary
from sensor_hub.simulation.worn import Course, Fitting, Person, worn
from sensor_hub.wire import Topics, decode
from tests.session.packets_of import GENERIC, notified
from tests.session.runs import START
from tests.synthetic_run import SyntheticRun

FEET = (BoundDevice("pod-l", GENERIC, "L", "foot"), BoundDevice("pod-r", GENERIC, "R", "foot"))
FOOTPOD = (BoundDevice("pod-1", all_profiles()["standard-rsc"]),)
OLD_MODEL = "achilles-0.1.0"
NEW_COLUMNS = (
    "vgrf_peak_sd", "achilles_peak_sd", "achilles_impulse_sd", "achilles_push_off_bw_s", "grade",
)  # fmt: skip
OLD_TOTALS = (
    "n_steps", "n_strides", "duration_s", "distance_m", "cadence_spm", "contact_time_s", "coverage", "duty_factor",
    "flight_time_s", "contact_balance_left", "contact_time_bias_s", "foot_pitch_rad", "foot_strike",
)  # fmt: skip


def feet(duration_s: float = 40.0, seed: int = 3) -> list[RawNotification]:
    """What a sensor on each foot of a simulated runner sends, in the order of arrival."""
    sent = []
    for bound in FEET:
        fitting = Fitting(mount="foot", side="L" if bound.side == "L" else "R", rate_hz=200.0)
        course = Course.run(speed_mps=3.0, duration_s=duration_s)
        found = worn(course, Person.drawn(seed=seed, strike="rearfoot"), fitting, seed=seed)
        truth = found.truth
        leg = SyntheticRun(
            found.t_s, found.acceleration_mps2, found.rotation_radps, truth.initial_contact_s, truth.toe_off_s
        )
        sent.append(notified(bound.device, leg, START, late_s=0.01 if bound.side == "L" else 0.013))
    return list(merge(*sent, key=lambda raw: raw.arrival_utc))


def footpod(n: int = 120, start_utc: datetime = START) -> list[RawNotification]:
    """What a footpod sends: 3 m/s, 170 steps a minute, a stride of 2.40 m, once a second."""
    payload = bytes.fromhex("01 0003 aa f000")
    return [RawNotification("pod-1", "2a53", start_utc + timedelta(seconds=i), payload) for i in range(n)]


def setup_of(sid: str, athlete: str, devices: tuple[BoundDevice, ...] = FEET) -> SessionSetup:
    """Setup of a live session."""
    tier = "imu" if devices is FEET else "speed"
    return SessionSetup(sid, athlete, "UTC", "live", devices, tier, source=SOURCE)  # type: ignore[arg-type]


def run_live(
    folder: Path, setup: SessionSetup, sent: list[RawNotification], *, recorded: bool = True, block: int = 37
) -> list[Envelope]:
    """Let an edge carry a run from its first notification to its end; return what it has for the hub."""
    edge = Edge(folder / f"{setup.sid}.outbox", "mqtt://127.0.0.1:1", Topics())
    try:
        path = folder / "recordings" / f"{setup.sid}.mcap"
        path.parent.mkdir(exist_ok=True)
        runner = edge.runner(setup, McapRecorder.for_session(path, setup) if recorded else None)
        items = iter(sent)
        while part := list(islice(items, block)):
            runner.take(part)
        runner.finish()
        runner.close_recording()
        return [decode(message.payload) for message in edge.outbox.pending(100_000)]
    finally:
        edge.stop(0.0)


def as_older_program(store: Store, sid: str) -> SessionSummary:
    """Make of a stored session what a program before ``achilles-1.0.0`` would have stored; return its summary."""
    summary, steps = store.session(sid), store.steps(sid)
    assert summary is not None
    header = replace(summary.header, model=OLD_MODEL, instrument="")
    kept = {name: getattr(summary.totals, name) for name in OLD_TOTALS}
    totals = Totals(**kept, load_eq_km=7.0, load_eq_km_sd=0.2, hard_load_bw_s=5.0)
    old = replace(summary, header=header, totals=totals, warnings=(*summary.warnings, "provisional-model"))
    store.replace_session(old, _older_steps(steps), [replace(gap, header=header) for gap in store.gaps(sid)])
    return old


def _older_steps(steps: StepTable) -> StepTable:
    """Other forces, and none of the columns that are new."""
    unknown = np.full(len(steps), np.nan)
    changed = {name: unknown for name in NEW_COLUMNS}
    forces = {name: 2 * getattr(steps, name) for name in ("achilles_peak_bw", "achilles_impulse_bw_s", "vgrf_peak_bw")}
    return replace(steps, gait=np.full(len(steps), "", dtype=steps.gait.dtype), **changed, **forces)


def differing(one: StepTable, other: StepTable) -> list[str]:
    """Columns in which two tables differ in any bit."""
    names = [f.name for f in fields(StepTable)]
    texts = {"side", "step_time_origin", "gait"}
    return [
        name
        for name in names
        if not np.array_equal(getattr(one, name), getattr(other, name), equal_nan=name not in texts)
    ]
