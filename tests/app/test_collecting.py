"""Sessions from paired pods: when they begin and end, what they keep, and the whole path from a virtual pod."""

import json
import struct
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import cast

import numpy as np
import pytest

from sensor_hub.adapters.ble.collector import Collector
from sensor_hub.adapters.ble.pod import Patience
from sensor_hub.adapters.ble.radio import Radio
from sensor_hub.adapters.recordings.recognise import open_recording
from sensor_hub.adapters.virtual.bleak_backend import client_backend, scanner_backend
from sensor_hub.adapters.virtual.pods import rsc_pod
from sensor_hub.adapters.virtual.radio import VirtualRadio
from sensor_hub.app import edge as edge_module
from sensor_hub.app.collecting.collecting import ON_COMMAND, Air, BoundPod, Collecting, Gathering, Rules, bound_pods
from sensor_hub.app.collecting.firmware import all_profiles
from sensor_hub.app.edge import Edge, Runner
from sensor_hub.app.hub import Hub
from sensor_hub.app.people import open_archive
from sensor_hub.app.place import Place
from sensor_hub.config import load_settings
from sensor_hub.decoders.pmd_frames import ACC, GYRO
from sensor_hub.errors import BluetoothError, RecordingError, StoreError
from sensor_hub.model.arrays import IntArray
from sensor_hub.model.athlete import Athlete, Device
from sensor_hub.model.gait import Mount, Side
from sensor_hub.model.link import LinkChange, PodState
from sensor_hub.model.message import Message
from sensor_hub.model.raw import RawNotification
from sensor_hub.model.session import Origin, SessionSetup, SessionSummary
from sensor_hub.session import RunSession
from sensor_hub.simulation.squad import RSC_PROFILE, SHANK_PROFILE
from sensor_hub.units import DEGREE_RAD, STANDARD_GRAVITY_MPS2
from sensor_hub.wire import Topics
from tests.app.on_air import air_of
from tests.decoders.senders import (
    PMD_CONTROL,
    PMD_DATA,
    SIMPLE_CONFIG,
    SIMPLE_DATA,
    pmd_answer,
    pmd_delta,
    pmd_factor,
    pmd_frame,
)
from tests.synthetic_run import one_leg

START_UTC = datetime(2026, 11, 20, 6, 31, tzinfo=UTC)
PROFILES = all_profiles()
ANA = Athlete("ana23456", "Ana", "UTC")
BEN = Athlete("ben23456", "Ben", "UTC")
BATTERY = "2a19"


def at(at_s: float) -> datetime:
    return START_UTC + timedelta(seconds=at_s)


def pod(
    device: str = "pod-1",
    profile: str = RSC_PROFILE,
    athlete: Athlete = ANA,
    side: Side = "U",
    mount: Mount | None = None,
) -> BoundPod:
    return BoundPod(Device(device, "00", device, profile, athlete.id, side, mount), PROFILES[profile], athlete)


def rsc(at_s: float, *, cadence: int = 170, device: str = "pod-1") -> RawNotification:
    speed = b"\x00\x03" if cadence else b"\x00\x00"
    return RawNotification(device, "2a53", at(at_s), b"\x04" + speed + bytes([cadence]))


def link(at_s: float, word: str = "up", device: str = "pod-1") -> RawNotification:
    state, _, cause = word.partition(" ")
    return LinkChange(device, at(at_s), state, cause or None).to_notification()  # type: ignore[arg-type]


@dataclass(slots=True)
class Carrier:
    """A runner that only writes down; each notification is a step, as far as it knows."""

    setup: SessionSetup
    taken: list[RawNotification] = field(default_factory=list)
    last_step_utc: datetime | None = None
    recording_problem: str | None = None
    outbox_problem: str | None = None
    finished: bool = False
    is_over: bool = False

    def take(self, items: list[RawNotification]) -> None:
        self.taken += items
        moving = [raw for raw in items if raw.characteristic == "2a53" and raw.payload[3]]
        if moving:
            self.last_step_utc = moving[-1].arrival_utc

    def finish(self) -> None:
        self.finished = True


class Carriers:
    """Stands for an edge that makes them."""

    def __init__(self) -> None:
        self.made: list[Carrier] = []

    def runner(self, setup: SessionSetup) -> Carrier:
        self.made.append(Carrier(setup))
        return self.made[-1]


def gathering(
    pods: list[BoundPod], rules: Rules | None = None, origin: Origin = "live"
) -> tuple[Gathering, list[Carrier]]:
    carriers = Carriers()
    return Gathering(cast(Edge, carriers), pods, recordings=None, rules=rules or Rules(), origin=origin), carriers.made


def give(to: Gathering, items: list[RawNotification]) -> None:
    for raw in sorted(items, key=lambda raw: raw.arrival_utc):
        to.take([raw], raw.arrival_utc)


# --- the beginning ---------------------------------------------------------------------------------------------------


def test_a_pod_that_stands_still_begins_no_session() -> None:
    waiting, made = gathering([pod()])
    give(waiting, [link(0), *(rsc(i, cadence=0) for i in range(600))])
    assert made == []


def test_ten_steps_begin_a_session_and_the_first_of_them_is_in_it() -> None:
    waiting, made = gathering([pod()])
    give(waiting, [link(0), *(rsc(i, cadence=0) for i in range(100)), *(rsc(i) for i in range(100, 110))])
    (run,) = made
    readings = [raw for raw in run.taken if raw.characteristic == "2a53"]
    assert readings[0].arrival_utc <= at(99)
    assert readings[0].arrival_utc >= at(90)
    assert readings[-1].arrival_utc == at(109)
    assert readings == sorted(set(readings), key=lambda raw: raw.arrival_utc), "none twice, none out of order"
    assert run.setup.athlete == ANA.id
    assert (run.setup.tier, run.setup.origin) == ("speed", "live")


def test_nine_steps_and_a_long_rest_begin_nothing() -> None:
    waiting, made = gathering([pod()])
    for begin_s in (0, 100, 200):
        moving = [
            rsc(begin_s + i) for i in range(1, 4)
        ]  # 2 intervals of 1 s at 170 spm and a first one of unknown length
        give(waiting, [rsc(begin_s, cadence=0), *moving[:3], *(rsc(begin_s + i, cadence=0) for i in range(4, 60))])
    assert made == []


def test_what_was_said_when_the_pod_connected_comes_first_however_long_ago() -> None:
    battery = RawNotification("pod-1", BATTERY, at(0.5), b"\x57")
    waiting, made = gathering([pod()])
    give(waiting, [battery, link(1), *(rsc(2 + i, cadence=0) for i in range(900)), *(rsc(902 + i) for i in range(9))])
    (run,) = made
    assert run.taken[:2] == [battery, link(1)]
    assert run.taken[2].arrival_utc >= at(890)


def test_of_an_earlier_link_nothing_is_said() -> None:
    old = RawNotification("pod-1", BATTERY, at(0.5), b"\x64")
    new = RawNotification("pod-1", BATTERY, at(100.5), b"\x10")
    waiting, made = gathering([pod()])
    again = [link(1), rsc(2, cadence=0), link(50, "down disconnected"), new, link(101)]
    give(waiting, [old, *again, *(rsc(200 + i) for i in range(9))])
    assert old not in made[0].taken
    assert new in made[0].taken


def test_on_command_the_first_reading_begins_it() -> None:
    waiting, made = gathering([pod()], ON_COMMAND)
    give(waiting, [link(0), RawNotification("pod-1", BATTERY, at(0.5), b"\x57")])
    assert made == []
    give(waiting, [rsc(1, cadence=0), rsc(2, cadence=0)])
    assert [raw.arrival_utc for raw in made[0].taken if raw.characteristic == "2a53"] == [at(1), at(2)]


def test_each_athlete_has_a_session_of_their_own() -> None:
    waiting, made = gathering([pod(), pod("pod-2", athlete=BEN)])
    give(waiting, [rsc(i, device=device) for i in range(20) for device in ("pod-1", "pod-2")])
    assert {run.setup.athlete for run in made} == {ANA.id, BEN.id}
    assert len(made) == 2
    for run in made:
        assert len({raw.device for raw in run.taken}) == 1


def test_what_a_simulated_athlete_runs_is_simulated() -> None:
    waiting, made = gathering([pod(athlete=replace(ANA, simulated=True))])
    give(waiting, [rsc(i) for i in range(20)])
    assert made[0].setup.origin == "simulated"


# --- the end ---------------------------------------------------------------------------------------------------------


def test_ten_minutes_without_a_step_end_it_and_the_next_ten_steps_begin_another() -> None:
    waiting, made = gathering([pod()])
    give(waiting, [rsc(i) for i in range(60)])
    waiting.take([], at(59 + 599))
    assert not made[0].finished
    waiting.take([], at(59 + 601))
    assert made[0].finished
    give(waiting, [rsc(1000 + i) for i in range(10)])
    assert len(made) == 2
    assert made[0].setup.sid < made[1].setup.sid


def test_on_command_silence_ends_nothing() -> None:
    waiting, made = gathering([pod()], ON_COMMAND)
    give(waiting, [rsc(0)])
    waiting.take([], at(86_400))
    assert not made[0].finished
    waiting.finish()
    assert made[0].finished


# --- two feet --------------------------------------------------------------------------------------------------------


@cache
def two_feet() -> tuple[list[BoundPod], list[RawNotification]]:
    """A shank logger on each leg, and a minute of what they send."""
    sides: list[Side] = ["L", "R"]
    pods = [pod(f"pod-{side}", SHANK_PROFILE, side=side, mount="shank") for side in sides]
    items = []
    for wearing, first_contact_s in zip(pods, (1.0, 1.35), strict=True):
        leg = one_leg(60.0, first_contact_s=first_contact_s)
        motion = np.hstack([leg.acceleration_mps2 / STANDARD_GRAVITY_MPS2, leg.rotation_radps / DEGREE_RAD])
        for at_s, row in zip(leg.t_s.tolist(), motion.tolist(), strict=True):
            payload = struct.pack("<I6f", round(at_s * 1000), *row)
            items.append(RawNotification(wearing.device.id, "2fff", at(at_s), payload))
    return pods, sorted(items, key=lambda raw: raw.arrival_utc)


def in_seconds(to: Gathering, items: list[RawNotification]) -> None:
    """Give a second at a time."""
    while items:
        end_utc = items[0].arrival_utc + timedelta(seconds=1)
        n = sum(1 for raw in items if raw.arrival_utc < end_utc)
        to.take(items[:n], items[n - 1].arrival_utc)
        items = items[n:]


def test_left_and_right_of_one_athlete_are_one_session() -> None:
    pods, items = two_feet()
    waiting, made = gathering(pods)
    in_seconds(waiting, items)
    (run,) = made
    assert {bound.side for bound in run.setup.devices} == {"L", "R"}
    assert run.setup.tier == "imu"
    assert {raw.device for raw in run.taken} == {p.device.id for p in pods}


def test_a_second_pod_is_waited_for_and_joins() -> None:
    pods, items = two_feet()
    late = [raw for raw in items if raw.device == pods[0].device.id or raw.arrival_utc > at(15)]
    waiting, made = gathering(pods)
    in_seconds(waiting, late)
    (run,) = made
    assert {bound.side for bound in run.setup.devices} == {"L", "R"}
    assert run.taken[0].arrival_utc < at(10), "and nothing of the first pod was lost by waiting"


def test_a_pod_left_at_home_is_not_counted_on() -> None:
    pods, items = two_feet()
    waiting, made = gathering(pods)
    in_seconds(waiting, [raw for raw in items if raw.device == pods[1].device.id])
    (run,) = made
    assert [bound.device for bound in run.setup.devices] == [pods[1].device.id, pods[0].device.id]
    assert [bound.side for bound in run.setup.devices] == [pods[1].device.side, "U"]


def test_a_run_that_ends_while_another_pod_is_waited_for_is_a_run() -> None:
    pods, items = two_feet()
    for rules in (Rules(), ON_COMMAND):
        waiting, made = gathering(pods, rules)
        given = [raw for raw in items if raw.device == "pod-L" and raw.arrival_utc < at(15)]
        in_seconds(waiting, given)
        assert made == []
        waiting.finish()
        (run,) = made
        assert run.finished
        assert run.taken[-1] == given[-1]
        assert len(run.taken) == len(given), "nothing was thrown away"


def test_a_pod_on_the_table_does_not_make_half_of_the_run_unknown() -> None:
    pods, items = two_feet()
    still = struct.pack("<6f", 1.0, 0.0, 0.0, 0.001, 0.0, 0.0)
    resting = [replace(raw, payload=raw.payload[:4] + still) if raw.device == "pod-R" else raw for raw in items]
    waiting, made = gathering(pods)
    in_seconds(waiting, resting)
    (run,) = made
    assert [(bound.device, bound.side) for bound in run.setup.devices] == [("pod-L", "L"), ("pod-R", "U")]
    assert sum(raw.device == "pod-R" for raw in run.taken) > 5000, "it is recorded all the same"
    assert run.taken[0].arrival_utc < at(1)
    assert (
        waiting.runs[ANA.id].problem == "pod-R: streams, but takes no steps: not worn? This run is counted without it"
    )
    session = RunSession(run.setup)
    summary = [*session.receive_many(run.taken), *session.finish()][-1]
    assert isinstance(summary, SessionSummary)
    assert summary.totals.n_steps == pytest.approx(60 / 0.35, rel=0.06)


def test_a_leg_that_takes_its_first_steps_late_is_worn() -> None:
    pods, items = two_feet()
    still = struct.pack("<6f", 1.0, 0.0, 0.0, 0.001, 0.0, 0.0)
    late = [
        replace(raw, payload=raw.payload[:4] + still) if raw.device == "pod-R" and raw.arrival_utc < at(15) else raw
        for raw in items
    ]
    waiting, made = gathering(pods)
    in_seconds(waiting, late)
    assert {bound.side for bound in made[0].setup.devices} == {"L", "R"}
    assert waiting.runs[ANA.id].problem is None


# --- the next run on the same link -----------------------------------------------------------------------------------

NANO_CONFIG = json.dumps(
    {
        "sample_rate": 100,
        "samples_per_packet": 1,
        "column_location": {f"{kind}{axis}": 3 * at + i for at, kind in enumerate(("Accelerometer", "Gyroscope"))
                            for i, axis in enumerate("XYZ")},
    }
).encode()  # fmt: skip


def counts_of(duration_s: float, stop_s: float | None, of_acceleration: float, of_rotation: float) -> IntArray:
    """(n, 6) what a sensor with these SI values of a count sends of one leg, at 100 Hz."""
    leg = one_leg(duration_s, stop_s=stop_s)
    motion = np.hstack([leg.acceleration_mps2 / of_acceleration, leg.rotation_radps / of_rotation])
    return np.clip(np.round(motion), -32768, 32767).astype(np.int64)


def nano_link() -> tuple[BoundPod, list[RawNotification]]:
    """A configuration that is read once, a run of 40 s, standing, a run of 80 s."""
    of_acceleration, of_rotation = 4 / 32768 * STANDARD_GRAVITY_MPS2, 2000 / 32768 * DEGREE_RAD
    nano = pod("pod-1", "arduino-nano33ble-simple-stream", side="L", mount="shank")
    items = [RawNotification("pod-1", SIMPLE_CONFIG, at(0), NANO_CONFIG), link(0.1)]
    for begin_s, counts in (
        (0.2, counts_of(120, 40, of_acceleration, of_rotation)),
        (120.2, counts_of(80, None, of_acceleration, of_rotation)),
    ):
        rows = counts.astype("<i2")
        items += [
            RawNotification("pod-1", SIMPLE_DATA, at(begin_s + i / 100), row.tobytes()) for i, row in enumerate(rows)
        ]
    return nano, items


def pmd_link() -> tuple[BoundPod, list[RawNotification]]:
    """As above; the factor of the gyroscope is only in the answer, which comes after the acceleration began to flow."""
    rotation_factor = 0.07
    verity = pod("pod-1", "polar-verity-sense", side="L", mount="shank")
    counts = np.vstack([
        counts_of(120, 40, STANDARD_GRAVITY_MPS2 / 1000, rotation_factor * DEGREE_RAD),
        counts_of(80, None, STANDARD_GRAVITY_MPS2 / 1000, rotation_factor * DEGREE_RAD),
    ])[::2]  # fmt: skip
    frames = []
    for begin in range(0, len(counts) - 9, 10):
        last, at_s = begin + 9, 0.2 + (begin + 9) / 50
        for kind, columns in ((ACC, slice(0, 3)), (GYRO, slice(3, 6))):
            content = pmd_delta(counts[begin : last + 1, columns], [9])
            frame_type = 0x81 if kind == ACC else 0x80
            payload = pmd_frame(kind, round((1000 + at_s) * 1e9), frame_type, content)
            frames.append(RawNotification("pod-1", PMD_DATA, at(at_s), payload))
    answers = [
        RawNotification("pod-1", PMD_CONTROL, at(0.1), pmd_answer(ACC, settings=pmd_factor(1.0))),
        frames[0],
        link(0.4),
        RawNotification("pod-1", PMD_CONTROL, at(0.45), pmd_answer(GYRO, settings=pmd_factor(rotation_factor))),
    ]
    return verity, answers + frames[2:]


@pytest.mark.parametrize("of_a_link", [nano_link, pmd_link])
def test_the_second_run_on_a_link_that_stayed_up_is_told_what_was_said_at_connecting(
    tmp_path: Path, of_a_link: Callable[[], tuple[BoundPod, list[RawNotification]]]
) -> None:
    wearing, items = of_a_link()
    edge = Edge(tmp_path / "outbox.db", "mqtt://127.0.0.1:1", Topics())
    made: list[Runner] = []
    new_runner = edge.runner
    edge.runner = lambda *given, **named: made.append(new_runner(*given, **named)) or made[-1]  # type: ignore
    waiting = Gathering(edge, [wearing], recordings=tmp_path, rules=Rules(stop_after_s=30.0), origin="live")
    in_seconds(waiting, items)
    waiting.finish()
    edge.stop(0.0)
    assert len(made) == 2
    first, second = [runner.summary.totals for runner in made if runner.summary is not None]
    assert 40 < first.n_steps < 130
    assert second.n_steps > 180
    talk = {PMD_CONTROL, SIMPLE_CONFIG, "link"}
    said = [
        [raw for raw in open_recording(file) if isinstance(raw, RawNotification) and raw.characteristic in talk]
        for file in sorted(tmp_path.glob("*.mcap"))
    ]
    assert said[0] == said[1], "a recording can be understood alone"
    assert len(said[0]) >= 2


# --- the recording ---------------------------------------------------------------------------------------------------


class FullDisk:
    """A recorder that takes so many notifications, and more when there is room again."""

    def __init__(self, room: int = 3) -> None:
        self.kept: list[RawNotification] = []
        self.room = room
        self.closed = False

    def append(self, raw: RawNotification) -> None:
        self.kept.append(raw)  # in hand, and written first when there is room
        self.resume()

    def resume(self) -> None:
        if len(self.kept) > self.room:
            raise RecordingError("run.mcap", "appending", "No space left on device", "make room on the disk")

    def close(self) -> None:
        self.closed = True


def test_a_recording_goes_on_when_there_is_room_again_and_says_what_it_misses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sensor_hub.app.edge.RESUME_S", 0.0)
    edge, recorder = Edge(tmp_path / "outbox.db", "mqtt://127.0.0.1:1", Topics()), FullDisk(room=10)
    bound = (pod().bound(),)
    runner = edge.runner(SessionSetup("01hx", ANA.id, "UTC", "live", bound, "speed"), recorder)
    for i in range(30):
        runner.take([rsc(i)])
        assert (runner.recording_problem is not None) == (i >= 10)
    recorder.room = 10_000
    for i in range(30, 60):
        runner.take([rsc(i)])
    runner.finish()
    edge.stop(0.0)
    assert runner.recording_problem is None
    assert runner.recording_note == "the disk was full for a while: 19 notifications are not in it"
    assert recorder.kept == [
        *(rsc(i) for i in range(11)),
        LinkChange(rsc(0).device, rsc(30).arrival_utc, "lost", "disk-full", 19).to_notification(),
        *(rsc(i) for i in range(30, 60)),
    ]
    assert runner.summary is not None
    assert runner.summary.totals.n_steps > 150, "the run itself misses nothing"


def test_a_disk_that_is_full_is_not_tried_with_every_notification(tmp_path: Path) -> None:
    edge, recorder = Edge(tmp_path / "outbox.db", "mqtt://127.0.0.1:1", Topics()), FullDisk(room=0)
    bound = (pod().bound(),)
    runner = edge.runner(SessionSetup("01hx", ANA.id, "UTC", "live", bound, "speed"), recorder)
    for i in range(200):
        runner.take([rsc(i)])
    edge.stop(0.0)
    assert len(recorder.kept) == 1
    assert runner.n_unrecorded == 199


def test_a_full_disk_stops_the_recording_and_not_the_run(tmp_path: Path) -> None:
    edge, recorder = Edge(tmp_path / "outbox.db", "mqtt://127.0.0.1:1", Topics()), FullDisk()
    bound = (pod().bound(),)
    runner = edge.runner(SessionSetup("01hx", ANA.id, "UTC", "live", bound, "speed"), recorder)
    runner.take([rsc(i) for i in range(60)])
    runner.finish()
    edge.stop(0.0)
    assert runner.recording_problem is not None
    assert "No space left" in runner.recording_problem
    assert recorder.closed
    assert runner.summary is not None
    assert runner.summary.totals.n_steps > 150


def test_an_outbox_on_a_full_disk_ends_no_run_and_gets_everything_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def carried(name: str, *, full_s: tuple[int, int]) -> list[dict[str, object]]:
        edge = Edge(tmp_path / name, "mqtt://127.0.0.1:1", Topics())
        waiting = Gathering(edge, [pod()], recordings=None, rules=Rules(stop_after_s=60.0), origin="live")
        append, run = edge.outbox.append, waiting.runs[ANA.id]

        def refuse(*_: object, **__: object) -> int:
            raise StoreError("the outbox cannot take events: the disk is full")

        for i in range(200):
            monkeypatch.setattr(edge.outbox, "append", refuse if full_s[0] <= i < full_s[1] else append)
            give(waiting, [rsc(i, cadence=170 if i < 100 else 0)])
            assert ("the disk is full" in str(run.problem)) == (full_s[0] <= i < full_s[1])
        assert run.runner is None, "it ended by its rest"
        waiting.finish()
        said = [json.loads(message.payload) for message in edge.outbox.pending(10_000)]
        edge.stop(0.0)
        return [{k: v for k, v in body.items() if k not in {"gw", "sid"}} for body in said]

    whole = carried("whole.db", full_s=(0, 0))
    assert [body["type"] for body in whole].count("summary") == 1
    assert carried("in-the-run.db", full_s=(30, 60)) == whole
    assert carried("at-its-end.db", full_s=(90, 180)) == whole


def test_an_outbox_that_refuses_to_the_end_is_told_at_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    edge = Edge(tmp_path / "outbox.db", "mqtt://127.0.0.1:1", Topics())

    def refuse(*_: object, **__: object) -> int:
        raise StoreError("the disk is full")

    monkeypatch.setattr(edge.outbox, "append", refuse)
    waiting = Gathering(edge, [pod()], recordings=None, rules=Rules(), origin="live")
    give(waiting, [rsc(i) for i in range(60)])
    with pytest.raises(StoreError, match="full"):
        waiting.finish()
    edge.stop(0.0)


def test_too_much_is_not_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    edge = Edge(tmp_path / "outbox.db", "mqtt://127.0.0.1:1", Topics())

    def refuse(*_: object, **__: object) -> int:
        raise StoreError("the disk is full")

    monkeypatch.setattr(edge.outbox, "append", refuse)
    monkeypatch.setattr(edge_module, "MOST_HELD", 50)
    runner = edge.runner(SessionSetup("01hx", ANA.id, "UTC", "live", (pod().bound(),), "speed"))
    runner.take([rsc(i) for i in range(10)])
    with pytest.raises(StoreError, match="full"):
        runner.take([rsc(i) for i in range(10, 600)])
    edge.stop(0.0)


def test_every_athletes_run_is_ended_even_if_one_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    waiting, made = gathering([pod(), pod("pod-2", athlete=BEN)])
    give(waiting, [rsc(i, device=device) for i in range(20) for device in ("pod-1", "pod-2")])
    finish = Carrier.finish

    def refuse(self: Carrier) -> None:
        if self.setup.athlete == ANA.id:
            raise ValueError("a defect")
        finish(self)

    monkeypatch.setattr(Carrier, "finish", refuse)
    with pytest.raises(ValueError, match="a defect"):
        waiting.finish()
    assert {run.setup.athlete: run.finished for run in made} == {ANA.id: False, BEN.id: True}


def test_runs_that_are_over_are_let_go(tmp_path: Path) -> None:
    edge = Edge(tmp_path / "outbox.db", "mqtt://127.0.0.1:1", Topics())
    waiting = Gathering(edge, [pod()], recordings=None, rules=Rules(stop_after_s=60.0), origin="live")
    for begin_s in range(0, 1000, 200):
        give(waiting, [rsc(begin_s + i) for i in range(20)])
        waiting.take([], at(begin_s + 100))
    assert len({message.topic for message in edge.outbox.pending(10_000)}) > 1
    assert len(waiting.runs[ANA.id].ended) == 1
    assert len(edge._runners) <= 2
    edge.stop(0.0)


# --- who is collected ------------------------------------------------------------------------------------------------


def test_a_pod_of_nobody_or_of_an_unknown_kind_is_left_out_with_the_reason(tmp_path: Path) -> None:
    with open_archive(load_settings(data_dir=tmp_path)) as archive:
        me = archive.athlete(None)
        archive.registry.add_device("C0:00:00:00:00:01", "Left", RSC_PROFILE, athlete=me.id)
        archive.registry.add_device("C0:00:00:00:00:02", "Spare", RSC_PROFILE)
        archive.registry.add_device("C0:00:00:00:00:03", "Odd", "of-another-world", athlete=me.id)
        pods, left_out = bound_pods(archive.registry, PROFILES)
    assert [p.device.name for p in pods] == ["Left"]
    assert len(left_out) == 2
    assert "bound to nobody" in " ".join(left_out)
    assert "of-another-world" in " ".join(left_out)


# --- the whole path --------------------------------------------------------------------------------------------------

ADDRESS = "C0:00:00:00:00:01"
QUICK = Patience(scan_s=0.5, rest_s=0.2, backoff_s=0.1, backoff_cap_s=0.5)


def soon(holds: Callable[[], bool], within_s: float = 30.0) -> bool:
    end_s = time.monotonic() + within_s
    while time.monotonic() < end_s:
        if holds():
            return True
        time.sleep(0.05)
    return holds()


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    settings = load_settings(data_dir=tmp_path / "data", mqtt_port=0, web_port=0)
    running = Hub(settings, Place.at(settings.data_dir), web=False)
    running.start()
    try:
        yield running
    finally:
        running.stop()


def test_a_virtual_pod_becomes_a_stored_session_and_its_drop_a_gap_with_its_cause(hub: Hub) -> None:
    pace_s = 0.25
    frames = [
        (i * pace_s, "2a53", b"\x06\x00\x03\xaa" + round(i * pace_s * 30).to_bytes(4, "little")) for i in range(160)
    ]
    shoe = rsc_pod(ADDRESS, "Foot SIM", frames)
    radio = VirtualRadio([shoe])
    air = Air(
        Radio(client_backend=client_backend(radio), scanner_backend=scanner_backend(radio)),
        QUICK,
        on_loop_start=radio.start,
        on_loop_stop=radio.close,
    )
    me = hub.registry.me("UTC")
    hub.registry.add_device(ADDRESS, "Foot SIM", RSC_PROFILE, athlete=me.id, side="R", mount="foot")
    pods, _ = bound_pods(hub.registry, PROFILES)
    states: list[PodState] = []
    edge = Edge(hub.place.outbox, hub.mqtt_url, hub.topics)
    edge.start()
    live = Collecting(edge, pods, recordings=hub.place.recordings, air=air, on_state=lambda _pod, s: states.append(s))
    run = live.runs[me.id]
    try:
        live.start()
        assert soon(lambda: run.runner is not None and run.runner.last_step_utc is not None), live.problem
        radio.do(shoe.power_off())
        assert soon(lambda: any(s.phase == "lost" for s in states)), states
        time.sleep(2)
        radio.do(shoe.power_on())
        assert soon(lambda: [s.phase for s in states].count("streaming") == 2), states
        time.sleep(5)
    finally:
        live.stop()
        edge.stop(10.0)
    assert live.problem is None
    (summary,) = hub.store.sessions(me.id)
    gaps = run.ended[0].gaps
    assert [gap.cause for gap in gaps] == ["disconnected"]
    assert summary.totals.coverage is not None
    assert 0.2 < summary.totals.coverage < 0.95
    # as many steps as the time that was recorded has, and not one of them twice
    recorded_s = summary.totals.coverage * (summary.totals.duration_s or 0.0)
    assert summary.totals.n_steps == pytest.approx(recorded_s * 170 / 60, rel=0.02)
    recorded = list(open_recording(next(hub.place.recordings.glob("*.mcap"))))
    words = [raw.payload for raw in recorded if isinstance(raw, RawNotification) and raw.characteristic == "link"]
    assert words[:3] == [b"up", b"down disconnected", b"up"]
    assert not any(ADDRESS.encode() in path.read_bytes() for path in hub.place.recordings.iterdir())


def test_the_state_of_a_pod_is_published_without_its_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[Message] = []
    edge = Edge(tmp_path / "outbox.db", "mqtt://127.0.0.1:1", Topics())
    monkeypatch.setattr(edge.publisher, "publish_retained", said.append)
    with open_archive(load_settings(data_dir=tmp_path)) as archive:
        archive.registry.add_device(ADDRESS, "Left", RSC_PROFILE, athlete=archive.athlete(None).id, side="L")
        pods, _ = bound_pods(archive.registry, PROFILES)
    radio = VirtualRadio()
    air = Air(Radio(client_backend=client_backend(radio), scanner_backend=scanner_backend(radio)), QUICK)
    live = Collecting(edge, pods, recordings=None, air=air)
    live.start()
    live.stop()
    edge.stop(0.0)
    (first, *_) = said
    body = json.loads(first.payload)
    assert first.retain
    assert first.topic == f"sensorhub/v1/home/dev/{pods[0].device.id}/state"
    assert (body["state"], body["side"], body["battery_percent"]) == ("sleeping", "L", None)
    assert not any(ADDRESS in (m.topic + m.payload.decode()).upper() for m in said)


def test_a_runner_is_what_a_gathering_makes_of_an_edge(tmp_path: Path) -> None:
    edge = Edge(tmp_path / "outbox.db", "mqtt://127.0.0.1:1", Topics())
    recordings = tmp_path / "recordings"
    recordings.mkdir()
    waiting = Gathering(edge, [pod()], recordings=recordings, rules=Rules(), origin="live")
    give(waiting, [link(0), *(rsc(1 + i) for i in range(60))])
    runner = waiting.runs[ANA.id].runner
    assert isinstance(runner, Runner)
    assert runner.last_step_utc is not None
    assert runner.last_step_utc >= at(58)
    waiting.finish()
    edge.stop(0.0)
    (file,) = recordings.iterdir()
    kept = [raw for raw in open_recording(file) if isinstance(raw, RawNotification)]
    assert [raw.arrival_utc for raw in kept] == [at(i) for i in range(61)]


# --- what breaks -----------------------------------------------------------------------------------------------------


def test_the_end_of_the_radios_thread_is_told_and_names_no_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def breaks(_self: Collector, _stop: object) -> None:
        raise KeyError("/org/bluez/hci0/dev_C0_00_00_00_00_01")

    monkeypatch.setattr(Collector, "run", breaks)
    edge = Edge(tmp_path / "outbox.db", "mqtt://127.0.0.1:1", Topics())
    live = Collecting(edge, [pod()], recordings=None, air=air_of(VirtualRadio()))
    live.start()
    assert soon(lambda: live.broken is not None)
    live.stop()
    edge.stop(0.0)
    assert isinstance(live.broken, BluetoothError)
    assert "KeyError" in str(live.problem)
    assert "C0_00" not in str(live.problem) + repr(live.broken)


def test_a_screen_that_fails_ends_no_collecting(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    shoe = rsc_pod(ADDRESS, "Foot SIM", [(i * 0.25, "2a53", b"\x04\x00\x03\xaa") for i in range(160)])
    wearing = pod()
    wearing = replace(wearing, device=replace(wearing.device, address=ADDRESS))

    def fails(*_: object) -> None:
        raise OSError("the terminal is gone")

    edge = Edge(tmp_path / "outbox.db", "mqtt://127.0.0.1:1", Topics())
    air = air_of(VirtualRadio([shoe]))
    live = Collecting(edge, [wearing], recordings=None, air=air, on_state=fails, on_fingerprint=fails)
    live.start()
    try:
        assert soon(lambda: live.states()["pod-1"].phase == "streaming"), live.problem
        assert live.broken is None
    finally:
        live.stop()
        edge.stop(0.0)
    assert "could not be told" in caplog.text
