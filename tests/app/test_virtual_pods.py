"""What virtual pods send is understood by the real profiles, and says what was simulated."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from bleak import BleakClient

from sensor_hub.adapters.recordings.mcap_file import McapRecorder
from sensor_hub.adapters.virtual.bleak_backend import client_backend
from sensor_hub.adapters.virtual.player import Frame
from sensor_hub.adapters.virtual.radio import VirtualRadio
from sensor_hub.app.collecting.collecting_gate import tier_for
from sensor_hub.app.collecting.firmware import all_profiles, recognise
from sensor_hub.app.collecting.virtual_pods import frames_of, recorded_pods, simulated_virtual_pod, virtual_pod
from sensor_hub.errors import RecordingError
from sensor_hub.model.raw import RawNotification
from sensor_hub.model.session import BoundDevice, SessionSetup, SessionSummary, StepBatch
from sensor_hub.session import RunSession
from sensor_hub.simulation.gait import GaitTruth, Stream, gait, shank_columns
from sensor_hub.simulation.imu_frames import (
    delivered,
    generic_imu_stream,
    imu_columns,
    movesense_stream,
    pmd_stream,
)
from sensor_hub.simulation.on_air import air_runs
from sensor_hub.simulation.speed import SpeedProfile
from tests import need

PROFILES = all_profiles()
START_UTC = datetime(2026, 5, 1, 6, 0, tzinfo=UTC)
RUN = SpeedProfile.steady(3.0, 3.0 * 60)
TRUTH = gait(RUN, seed=9)
PMD_ANSWERS: list[Frame] = [
    (0.0, "fb005c81-02e7-f387-1cad-8acd2d8df0c8", bytes.fromhex("f0020200000501") + np.float32(8 / 2**15).tobytes()),
    (0.0, "fb005c81-02e7-f387-1cad-8acd2d8df0c8", bytes.fromhex("f0020500000501") + np.float32(2000 / 2**15).tobytes()),
]


def streams_of(sensor: str, drift_ppm: float) -> list[Stream]:
    if sensor == "fuzzylabs-shank-logger":
        return [shank_columns(RUN, TRUTH, seed=9, drift_ppm=drift_ppm).stream()]
    rate_hz = {"movesense": 104.0, "polar-verity-sense": 52.0, "generic-imu": 200.0}[sensor]
    columns = imu_columns(RUN, TRUTH, seed=9, rate_hz=rate_hz, drift_ppm=drift_ppm)
    if sensor == "movesense":
        return [movesense_stream(columns, reference=1)]
    if sensor == "generic-imu":
        return [generic_imu_stream(columns)]
    return [pmd_stream(columns, kind, delta=True) for kind in ("acceleration", "rotation")]


def session_of(profile: str, frames: Sequence[Frame]) -> tuple[SessionSummary, np.ndarray, np.ndarray]:
    """Summary; initial contacts, s since the start, and contact times of the steps found."""
    bound = BoundDevice("pod", PROFILES[profile], "R", "shank")
    session = RunSession(SessionSetup("0" * 26, "a", "UTC", "simulated", (bound,), tier_for([PROFILES[profile]])))
    raws = [RawNotification("pod", uuid, START_UTC + timedelta(seconds=at_s), data) for at_s, uuid, data in frames]
    events = [*session.receive_many(raws), *session.finish()]
    tables = [event.steps for event in events if isinstance(event, StepBatch)]
    summary = next(event for event in events if isinstance(event, SessionSummary))
    start_us = int(START_UTC.timestamp() * 1e6)
    contact_s = np.concatenate([(table.time_utc_us - start_us) / 1e6 for table in tables])
    return summary, contact_s, np.concatenate([table.contact_time_s for table in tables])


def nearest(truth: GaitTruth, contact_s: np.ndarray) -> np.ndarray:
    which: np.ndarray = np.abs(truth.initial_contact_s[None, :] - contact_s[:, None]).argmin(axis=1)
    return which


@pytest.mark.parametrize(
    ("sensor", "contact_tolerance_s"),
    [("fuzzylabs-shank-logger", 0.02), ("movesense", 0.02), ("generic-imu", 0.02), ("polar-verity-sense", 0.03)],
)
def test_the_strides_that_were_simulated_are_found_in_the_bytes(sensor: str, contact_tolerance_s: float) -> None:
    streams = [delivered(stream, seed=3) for stream in streams_of(sensor, drift_ppm=40.0)]
    answers = PMD_ANSWERS if sensor.startswith("polar") else []
    summary, contact_s, contact_time_s = session_of(sensor, [*answers, *frames_of(streams)])
    n_strides = int(np.count_nonzero(~np.isnan(TRUTH.next_contact_s)))
    assert abs(len(contact_s) - n_strides) <= 3
    assert (summary.totals.coverage or 0.0) >= 0.95
    which = nearest(TRUTH, contact_s)
    assert len(set(which.tolist())) == len(which), "two steps for one stride"
    assert abs(float(np.nanmedian(contact_time_s - TRUTH.contact_time_s[which]))) <= contact_tolerance_s
    late_s = contact_s - TRUTH.initial_contact_s[which]
    assert float(np.ptp(np.percentile(late_s, [5, 95]))) <= 0.06


def test_a_footpod_says_the_distance_of_the_run() -> None:
    run = air_runs(1)[2]
    (footpod,) = run.pods
    summary, _, _ = session_of(footpod.profile, frames_of(footpod.streams))
    assert summary.totals.distance_m == pytest.approx(2.7 * 600, rel=0.01)
    assert (summary.totals.coverage or 0.0) >= 0.95


def test_every_pod_of_the_scene_is_recognised_by_what_it_advertises() -> None:
    for run in air_runs(1):
        for simulated in run.pods:
            pod = simulated_virtual_pod(simulated, PROFILES)
            services = tuple(s.uuid for s in pod.services if len(s.uuid) == 4)
            company_ids = (0x006B,) if simulated.name.startswith("Polar") else ()
            assert recognise(pod.name, services, company_ids, PROFILES)[0].id == simulated.profile


@pytest.mark.parametrize("profile", sorted(PROFILES))
def test_every_shipped_profile_has_a_virtual_pod_with_all_it_talks_to(profile: str) -> None:
    wanted = PROFILES[profile]
    pod = virtual_pod(wanted, "C0:00:00:00:00:01", "pod", [])
    offered = {c.uuid for service in pod.services for c in service.characteristics}
    commands = {c.characteristic for c in (*wanted.start, *wanted.stop, *wanted.keep_alive)}
    assert set(wanted.subscribe) | commands <= offered | {"2a19"}


def record(path: Path, frames: Sequence[Frame]) -> None:
    bound = BoundDevice("abcdefgh", PROFILES["movesense"], "L", "shank")
    recorder = McapRecorder(path, devices=(bound,), sid="0" * 26, athlete="a", zone="UTC", origin="live")
    for at_s, uuid, payload in frames:
        recorder.append(RawNotification("abcdefgh", uuid, START_UTC + timedelta(seconds=at_s), payload))
    recorder.append(RawNotification("abcdefgh", "link", START_UTC + timedelta(seconds=99), b"down disconnected"))
    recorder.close()


def test_a_recording_is_played_by_a_virtual_pod_byte_for_byte(tmp_path: Path) -> None:
    path = tmp_path / "run.mcap"
    data = [(1.0 + 0.01 * i, "34800002-7185-4d5d-b431-630e7050e8f0", bytes([2, 1, i] * 20)) for i in range(30)]
    answer = (0.9, "34800002-7185-4d5d-b431-630e7050e8f0", b"\x01\x01\xc8\x00")
    record(path, [(0.5, "2a19", b"\x44"), answer, *data])
    (recorded,) = recorded_pods(path)
    assert (recorded.profile.id, recorded.side, recorded.mount) == ("movesense", "L", "shank")
    assert len(recorded.frames) == 32
    assert recorded.frames[0] == (0.0, "2a19", b"\x44")
    pod = virtual_pod(recorded.profile, "C0:00:00:00:00:01", "Movesense", recorded.frames)
    got: list[bytes] = []

    async def scene() -> None:
        radio = VirtualRadio([pod])
        async with asyncio.timeout(20), BleakClient(pod.address, backend=client_backend(radio)) as link:
            await link.start_notify(data[0][1], lambda _c, payload: got.append(bytes(payload)))
            await link.write_gatt_char(
                PROFILES["movesense"].start[0].characteristic, PROFILES["movesense"].start[0].payload, response=True
            )
            while len(got) < 31:  # noqa: ASYNC110 - what is waited for has no event
                await asyncio.sleep(0.02)
        await radio.close()

    asyncio.run(scene())
    assert got == [answer[2], *(payload for _, _, payload in data)]


def test_a_csv_of_the_shank_logger_becomes_its_notifications(tmp_path: Path) -> None:
    path = tmp_path / "run.csv"
    path.write_text("time,aX,aY,aZ,gX,gY,gZ\n1000,0.5,-1,2,100,-200,300\n1010,0.5,-1,2,100,-200,300\n")
    (recorded,) = recorded_pods(path)
    assert recorded.profile.id == "fuzzylabs-shank-logger"
    assert [at_s for at_s, _, _ in recorded.frames] == [0.0, 0.01]
    payload = recorded.frames[0][2]
    assert int.from_bytes(payload[:4], "little") == 1000
    np.testing.assert_allclose(np.frombuffer(payload[4:], "<f4"), [0.5, -1, 2, 100, -200, 300], rtol=1e-6)


def test_a_real_run_of_the_shank_logger_gives_the_same_session_as_its_file() -> None:
    (recorded,) = recorded_pods(need.data("imu_shank/run_out.csv"))
    summary, contact_s, _ = session_of("fuzzylabs-shank-logger", recorded.frames)
    assert summary.totals.cadence_spm == pytest.approx(173, abs=3)
    assert len(contact_s) >= 60


def test_a_file_without_anything_a_pod_could_send_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "empty.mcap"
    recorder = McapRecorder(path, devices=(), sid="0" * 26, athlete="a", zone="UTC", origin="live")
    recorder.close()
    with pytest.raises(RecordingError, match=r"virtual pod|empty|holds"):
        recorded_pods(path)
