"""From pods in bad radio to steps and recordings: nothing doubled, nothing missing without being said."""

import asyncio
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np

from sensor_hub.adapters.ble.inbox import Inbox
from sensor_hub.adapters.ble.thread import CollectorThread
from sensor_hub.adapters.recordings.mcap_file import McapRecorder
from sensor_hub.adapters.recordings.mcap_reader import open_mcap
from sensor_hub.adapters.virtual.pods import shank_pod
from sensor_hub.app.collecting.firmware import all_profiles
from sensor_hub.model.link import LINK
from sensor_hub.model.raw import RawNotification
from sensor_hub.model.session import BoundDevice, Event, GapFound, SessionSetup, SessionSummary, StepBatch
from sensor_hub.session import RunSession
from sensor_hub.simulation.gait import gait, shank_columns
from sensor_hub.simulation.speed import SpeedProfile
from tests.radio.rig import QUICK, collecting, rig, run, stream, until
from tests.radio.sensors import SHANK, SHANK_PROFILE, address, bound, logger, numbered, numbers

LOGGER = all_profiles()["fuzzylabs-shank-logger"]
RUN = SpeedProfile(np.array([0.0, 0.5, 1.5, 14.0, 15.0]), np.array([0.0, 0.0, 3.0, 3.0, 0.0]))
NEAR_A_GAP_S = 1.5  # a stride and the swing before it


def events_of(raws: list[RawNotification]) -> list[Event]:
    bound_pod = BoundDevice("pod-1", LOGGER, "R", "shank")
    session = RunSession(SessionSetup("01jd", "k3f9", "Europe/Lisbon", "simulated", (bound_pod,), "imu"))
    return [*session.receive_many(raws), *session.finish()]


def test_a_drop_in_mid_run_costs_its_gap_and_not_a_step_more() -> None:
    truth = gait(RUN, seed=7)
    columns = shank_columns(RUN, truth, seed=7)
    frames = [(float(t), SHANK, p) for t, p in zip(columns.t_s, columns.stream().payloads, strict=True)]
    pod = shank_pod(address(1), "POD1", frames)
    raws: list[RawNotification] = []

    async def test() -> None:
        async with rig(pod), collecting(bound(1, LOGGER)) as c:
            await until(lambda: c.phase("pod-1") == "streaming")
            await asyncio.sleep(6)
            await pod.power_off()
            await asyncio.sleep(1.2)
            await pod.power_on()
            await until(lambda: pod.player is not None and pod.player.ended, 30)
            await asyncio.sleep(0.2)
        raws.extend(c.raws)

    run(test)
    payloads = [r.payload for r in raws if r.characteristic == SHANK]
    sent = {p: t for t, _, p in frames}
    heard_s = np.array([sent[p] for p in payloads])
    assert len(set(payloads)) == len(payloads)
    assert list(heard_s) == sorted(heard_s)
    at = int(np.argmax(np.diff(heard_s)))
    gap_start_s, gap_end_s = heard_s[at], heard_s[at + 1]
    assert 1.2 < gap_end_s - gap_start_s < 6
    assert [r.payload for r in raws if r.characteristic == LINK] == [b"up", b"down disconnected", b"up"]

    events = events_of(raws)
    first = next(r for r in raws if r.characteristic == SHANK)
    begun_utc = first.arrival_utc - timedelta(seconds=float(heard_s[0]))
    gaps = [e for e in events if isinstance(e, GapFound) and e.cause == "disconnected"]
    assert len(gaps) == 1
    said_s = [(t - begun_utc).total_seconds() for t in (gaps[0].start_utc, gaps[0].end_utc)]
    assert np.allclose(said_s, [gap_start_s, gap_end_s], atol=0.1)

    batches = [e.steps for e in events if isinstance(e, StepBatch)]
    found_s = np.concatenate([b.time_utc_us for b in batches]) / 1e6 - begun_utc.timestamp()
    assert all(later - earlier > 0.4 for earlier, later in pairwise(found_s))  # strides of one foot: none is doubled
    contacts_s = truth.initial_contact_s[np.isfinite(truth.next_contact_s)]
    certain = (contacts_s > heard_s[0] + NEAR_A_GAP_S) & (contacts_s < heard_s[-1] - NEAR_A_GAP_S)
    certain &= (contacts_s < gap_start_s - NEAR_A_GAP_S) | (contacts_s > gap_end_s + NEAR_A_GAP_S)
    assert certain.sum() > 6
    for contact_s in contacts_s[certain]:
        assert np.sum(np.abs(found_s - contact_s) < 0.1) == 1, f"the contact at {contact_s:.2f} s"
    assert not ((found_s > gap_start_s + 0.1) & (found_s < gap_end_s - 0.1)).any()
    summary = events[-1]
    assert isinstance(summary, SessionSummary)
    assert "disconnected" in summary.warnings


def test_eight_pods_at_200_hz_for_30_s_are_recorded_to_the_last_notification(tmp_path: Path) -> None:
    n, rate_hz = 6000, 200
    pods = [logger(i) for i in range(1, 9)]
    bindings = [bound(i, SHANK_PROFILE) for i in range(1, 9)]
    path, inbox = tmp_path / "eight.mcap", Inbox()
    devices = [BoundDevice(b.device, SHANK_PROFILE) for b in bindings]
    recorder = McapRecorder(path, sid="01jd", athlete="k3f9", zone="UTC", origin="simulated", devices=devices)

    async def test() -> None:
        async with rig(*pods) as r:
            r.bluez.largest_signal_hz = 1000  # of the eight through StartNotify, nothing would come after a second
            thread = CollectorThread(bindings, inbox, slots=8, patience=QUICK)
            thread.start()
            await until(lambda: all(s.phase == "streaming" for s in thread.states().values()), 30)
            sending = asyncio.gather(*(stream(pod, SHANK, rate_hz, n, numbered) for pod in pods))
            while not sending.done() or sum(s.n_received for s in thread.states().values()) < 8 * n:
                for raw in await asyncio.to_thread(inbox.take, 0.2):
                    recorder.append(raw)
            await sending
            await asyncio.to_thread(thread.stop)
            for raw in inbox.take(0):
                recorder.append(raw)
            assert r.bluez.n_lost == 0

    run(test, 110)
    recorder.close()
    assert inbox.dropped == 0
    received: dict[str, list[bytes]] = {b.device: [] for b in bindings}
    for raw in open_mcap(path):
        if isinstance(raw, RawNotification) and raw.characteristic == SHANK:
            received[raw.device].append(raw.payload)
    assert all(numbers(payloads) == list(range(n)) for payloads in received.values())
    assert sum(map(len, received.values())) == 48_000
