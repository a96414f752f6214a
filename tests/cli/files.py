"""Files for the command line to read, made from nothing."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from sensor_hub.adapters.recordings.mcap_file import McapRecorder
from sensor_hub.app.collecting.firmware import all_profiles
from sensor_hub.model.raw import RawNotification
from sensor_hub.model.session import BoundDevice
from sensor_hub.units import DEGREE_RAD, STANDARD_GRAVITY_MPS2
from tests.adapters.recordings import fit_bytes as fit
from tests.synthetic_run import one_leg

LONG_AGO_UTC = datetime(2024, 5, 4, 8, 0, tzinfo=UTC)
RSC_PAYLOAD = bytes.fromhex("01 0003 aa f000")  # running, 3 m/s, 170 steps/min, stride 2.40 m
COLUMN_MAP = """
[time]
column = "t"
unit = "s"
[acceleration]
columns = ["x", "y", "z"]
unit = "m/s2"
"""
ONE_FOOT = """
[device]
id = "one-foot"
version = 1
name = "A pod that counts one foot"
kind = "records"
status = "unverified"
evidence = "made for this test"
[recognise]
names = ["OneFoot*"]
services = ["1814"]
[connection]
stale_timeout_s = 3.5
[characteristics]
"2a53" = "rsc"
[records]
cadence_counts = "strides"
"""


def fit_run(path: Path, start_utc: datetime = LONG_AGO_UTC, duration_s: int = 300, sport: int = fit.RUNNING) -> Path:
    """A watch's run at 3 m/s, 170 steps/min, contact time 250 ms."""
    t = fit.fit_time(start_utc)
    records = [fit.record(t + s, distance=300 * s) for s in range(duration_s + 1)]
    whole = [fit.file_id(), fit.timer(t, fit.START), *records, fit.timer(t + duration_s, fit.STOP_ALL)]
    path.write_bytes(fit.fit_file(*whole, fit.session(sport)))
    return path


def season(folder: Path, newest_utc: datetime, *, last_s: int) -> list[Path]:
    """Four runs of 300 s in the weeks before, and one of ``last_s`` seconds at ``newest_utc``."""
    before = [fit_run(folder / f"run-{d}.fit", newest_utc - timedelta(days=d)) for d in (28, 21, 14, 7)]
    return [*before, fit_run(folder / "run-0.fit", newest_utc, last_s)]


def shank_csv(path: Path, duration_s: float = 20.0) -> Path:
    """A shank logger's CSV of 20 s; it has a device clock and no date."""
    leg = one_leg(duration_s)
    columns = [leg.t_s * 1000, leg.acceleration_mps2 / STANDARD_GRAVITY_MPS2, leg.rotation_radps / DEGREE_RAD]
    np.savetxt(path, np.column_stack(columns), delimiter=",", fmt="%.7g", header="time,aX,aY,aZ,gX,gY,gZ", comments="")
    return path


def plain_csv(path: Path) -> Path:
    """The same leg in a CSV that only a column map explains."""
    leg = one_leg(20.0)
    np.savetxt(
        path,
        np.column_stack([leg.t_s, leg.acceleration_mps2]),
        delimiter=",",
        fmt="%.7g",
        header="t,x,y,z",
        comments="",
    )
    return path


def rsc_mcap(path: Path, seconds: Sequence[int] = range(60), *, payload: bytes = RSC_PAYLOAD, **session: str) -> Path:
    """A recording of our own: a footpod at 3 m/s, a notification each second."""
    pod = BoundDevice("pod-1", all_profiles()["standard-rsc"], "U", "foot")
    who = {"sid": "01hx0000000000000000000001", "athlete": "a1", "zone": "Europe/Berlin", "origin": "live"} | session
    recorder = McapRecorder(path, devices=[pod], **who)
    for s in seconds:
        recorder.append(RawNotification("pod-1", "2a53", LONG_AGO_UTC + timedelta(seconds=s), payload))
    recorder.close()
    return path
