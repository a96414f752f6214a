"""The edge's pace and its shares: order kept for each runner, nothing early, nothing lost."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.adapters.storage.outbox import Outbox
from sensor_hub.app import edge as edge_module
from sensor_hub.app.collecting.firmware import all_profiles
from sensor_hub.app.edge import Runner, feed, paced
from sensor_hub.model.message import Message
from sensor_hub.model.raw import RawNotification
from sensor_hub.model.session import BoundDevice, SessionSetup
from sensor_hub.wire import Topics, decode

START_UTC = datetime(2026, 11, 20, 6, 31, tzinfo=UTC)
RSC = bytes.fromhex("01 0003 aa f000")


def raw(at_s: float, device: str = "pod-1", payload: bytes = RSC) -> RawNotification:
    return RawNotification(device, "2a53", START_UTC + timedelta(seconds=at_s), payload)


@dataclass(slots=True)
class Clock:
    """Time that passes only while somebody sleeps."""

    now_s: float = 50.0

    def monotonic(self) -> float:
        return self.now_s

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.now_s += max(seconds, 1e-6)  # a real clock never stands still


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(edge_module, "time", clock)
    return clock


# --- paced -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("speed", [0.5, 1.0, 10.0])
def test_each_notification_comes_when_its_time_has_come(clock: Clock, speed: float) -> None:
    items = [raw(at_s) for at_s in (0.0, 0.2, 0.21, 5.0, 60.0)]
    begin_s, came = clock.now_s, []
    for batch in paced(items, speed=speed, start_utc=START_UTC):
        came += [(item, clock.now_s - begin_s) for item in batch]
    assert [item for item, _ in came] == items
    for item, at_s in came:
        due_s = (item.arrival_utc - START_UTC).total_seconds() / speed
        assert due_s - 1e-9 <= at_s <= due_s + 0.05 + 1e-5


def test_what_begins_later_is_waited_for(clock: Clock) -> None:
    both = [raw(0.0), raw(30.0)]
    batches = [(len(batch), clock.now_s - 50.0) for batch in paced(both, speed=1.0, start_utc=START_UTC)]
    assert batches[0] == (1, 0.0)
    assert batches[1][1] == pytest.approx(30.0, abs=0.06)


@given(st.lists(st.floats(0, 1e6), max_size=50).map(sorted))
def test_at_speed_zero_nothing_waits_and_nothing_is_lost(times: list[float]) -> None:
    items = [raw(at_s) for at_s in times]
    batches = list(paced(items, speed=0.0, start_utc=START_UTC))
    assert [item for batch in batches for item in batch] == items
    assert all(batches)


def test_a_long_recording_comes_in_pieces(clock: Clock) -> None:
    sizes = [len(batch) for batch in paced((raw(0.0) for _ in range(12_001)), speed=0.0, start_utc=START_UTC)]
    assert sum(sizes) == 12_001
    assert max(sizes) <= 5000
    assert clock.now_s == 50.0


def test_told_to_stop_it_stops_also_while_it_waits(clock: Clock) -> None:
    got = []
    for batch in paced(
        [raw(0.0), raw(10.0), raw(3600.0)], speed=1.0, start_utc=START_UTC, stop=lambda: clock.now_s > 100.0
    ):
        got += batch
    assert [item.arrival_utc for item in got] == [START_UTC, START_UTC + timedelta(seconds=10)]
    assert clock.now_s < 101.0


def test_nothing_gives_no_batch() -> None:
    assert list(paced([], speed=1.0, start_utc=START_UTC)) == []


# --- feed ------------------------------------------------------------------------------------------------------------


class Taker:
    """A runner that only writes down."""

    def __init__(self) -> None:
        self.taken: list[RawNotification] = []
        self.calls = 0

    def take(self, items: Sequence[RawNotification]) -> None:
        self.taken += items
        self.calls += 1


@given(st.lists(st.sampled_from("abcd"), max_size=60), st.integers(1, 20))
def test_each_runner_gets_its_own_in_order_and_in_one_piece_a_batch(devices: list[str], size: int) -> None:
    one, two = Taker(), Taker()
    runners = cast("dict[str, Runner]", {"a": one, "b": one, "c": two, "d": two})
    items = [raw(i, device) for i, device in enumerate(devices)]
    batches = [items[i : i + size] for i in range(0, len(items), size)]
    for batch in batches:
        feed(runners, batch)
    assert one.taken == [item for item in items if item.device in "ab"]
    assert two.taken == [item for item in items if item.device in "cd"]
    assert one.calls == sum(any(i.device in "ab" for i in batch) for batch in batches)


# --- runner ----------------------------------------------------------------------------------------------------------


class Ordered:
    """A recorder that remembers what had been published when it wrote."""

    def __init__(self, said: list[str]) -> None:
        self.said = said
        self.kept: list[RawNotification] = []
        self.closed = False

    def append(self, raw: RawNotification) -> None:
        self.said.append("record")
        self.kept.append(raw)

    def resume(self) -> None:
        raise AssertionError("nobody refused")

    def close(self) -> None:
        self.closed = True


def setup(sid: str = "01hx") -> SessionSetup:
    pod = BoundDevice("pod-1", all_profiles()["standard-rsc"], "U", "foot")
    return SessionSetup(sid, "ana", "UTC", "live", (pod,), "speed", None, "test")


def run(path: Path, batches: list[list[RawNotification]], recorder: Ordered | None = None) -> dict[str, list[bytes]]:
    """Payloads kept and published, by kind."""
    found: dict[str, list[bytes]] = defaultdict(list)
    said = recorder.said if recorder else []

    def publish(message: Message) -> None:
        said.append("live")
        found["live"].append(message.payload)

    outbox = Outbox(path, Topics())
    try:
        runner = Runner(setup(), outbox, publish, Topics(), recorder)
        for batch in batches:
            runner.take(batch)
        runner.finish()
        if runner.closing is not None:
            runner.closing.join()
        assert runner.summary is not None
        found["kept"] = [message.payload for message in outbox.pending(100_000)]
    finally:
        outbox.close()
    return found


ITEMS = [raw(i) for i in range(90)]


def test_everything_is_recorded_before_anything_is_said_of_it(tmp_path: Path) -> None:
    recorder = Ordered([])
    run(tmp_path / "outbox.db", [[item] for item in ITEMS], recorder)
    assert recorder.kept == ITEMS
    assert recorder.closed
    assert recorder.said[0] == "record"
    assert recorder.said.count("live") > 10
    assert all(recorder.said[: i + 1].count("record") >= recorder.said[: i + 1].count("live") for i in range(90))


def test_bytes_that_are_wrong_are_recorded_too(tmp_path: Path) -> None:
    recorder = Ordered([])
    bad = raw(0.5, payload=b"\x01")
    found = run(tmp_path / "outbox.db", [[ITEMS[0], bad, *ITEMS[1:]]], recorder)
    assert bad in recorder.kept
    assert "decode-failed" in {event_kind(payload) for payload in found["kept"]}


def event_kind(payload: bytes) -> str:
    return str(json.loads(payload)["type"])


def test_what_is_kept_does_not_depend_on_how_notifications_are_grouped(tmp_path: Path) -> None:
    def events(name: str, size: int) -> list[object]:
        batches = [ITEMS[i : i + size] for i in range(0, len(ITEMS), size)]
        return [decode(payload).event for payload in run(tmp_path / name, batches)["kept"]]

    one_by_one = [repr(event) for event in events("a.db", 1)]
    assert one_by_one == [repr(event) for event in events("b.db", 7)] == [repr(e) for e in events("c.db", 1000)]
    assert len(one_by_one) > 10


def test_the_same_session_again_adds_nothing_to_the_outbox(tmp_path: Path) -> None:
    first = run(tmp_path / "outbox.db", [ITEMS])["kept"]
    again = run(tmp_path / "outbox.db", [ITEMS[:31], ITEMS[31:]])["kept"]
    assert again == first
