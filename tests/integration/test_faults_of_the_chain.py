"""Edge, broker, hub and store under faults that are no kills: full disks, a week away, jumping clocks, poison."""

import json
import re
import resource
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sensor_hub.adapters.mqtt.address import BrokerAddress
from sensor_hub.adapters.mqtt.client import Connection
from sensor_hub.adapters.storage.outbox import Outbox
from sensor_hub.adapters.storage.sqlite import SqliteStore
from sensor_hub.app.edge import Edge
from sensor_hub.app.hub import Hub
from sensor_hub.app.place import Place
from sensor_hub.config import Settings
from sensor_hub.model.message import Message
from sensor_hub.model.session import Event, SessionStarted, SessionSummary, StepBatch
from sensor_hub.wire import Topics, decode_ack, encode
from tests.adapters.storage.runs import START_UTC, batches, header, table, totals
from tests.servers_mqtt import free_port

TOPICS = Topics()
PATIENCE_S = 90.0
HOUR_US = 3_600_000_000


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "hub", zone="UTC", mqtt_port=free_port())


@pytest.fixture
def hub(settings: Settings) -> Iterator[Hub]:
    running = Hub(settings, Place.at(settings.data_dir), web=False)
    running.start()
    yield running
    running.stop()


def soon(holds: Callable[[], bool]) -> bool:
    end_s = time.monotonic() + PATIENCE_S
    while not holds():
        if time.monotonic() > end_s:
            return False
        time.sleep(0.05)
    return True


def run_of(day: int, n: int) -> list[Event]:
    """A run of so many batches that began so many days after the first."""
    of = header(sid=f"01jd00000000000000000000{day:02d}")
    shift_us, start_utc = day * 24 * HOUR_US, START_UTC + timedelta(days=day)
    made: list[Event] = [SessionStarted(of, start_utc, ("pod-l",))]
    for batch in batches(n, of):
        moved = replace(batch.steps, time_utc_us=batch.steps.time_utc_us + shift_us)
        made.append(StepBatch(of, start_utc, moved, batch.totals))
    return [*made, SessionSummary(of, start_utc, start_utc + timedelta(hours=1), totals(3 * n), "", ())]


def steps_of(store: SqliteStore, events: list[Event]) -> tuple[int, int]:
    """(stored, made) rows of a run."""
    made = sum(len(event.steps) for event in events if isinstance(event, StepBatch))
    return len(store.steps(events[0].header.sid)), made


def stored(settings: Settings) -> SqliteStore:
    return SqliteStore(settings.data_dir / "store.db")


def test_a_week_without_a_hub_arrives_whole_when_it_is_back(settings: Settings, tmp_path: Path) -> None:
    week = [run_of(day, 1000) for day in range(7)]
    with closing(Outbox(tmp_path / "outbox.db", TOPICS)) as outbox:
        for events in week:
            outbox.append(events, first_index=0, sid=events[0].header.sid)
    hub = Hub(settings, Place.at(settings.data_dir), web=False)
    hub.start()
    try:
        edge = Edge(tmp_path / "outbox.db", hub.mqtt_url, TOPICS)
        gw = edge.outbox.gw
        edge.start()
        assert edge.stop(PATIENCE_S)
    finally:
        hub.stop()
    with closing(stored(settings)) as store:
        assert store.received(gw) == [(1, 7 * 1002)]
        assert store.dead_letters() == []
        for events in week:
            here, made = steps_of(store, events)
            summary = store.session(events[0].header.sid)
            assert here == made == 3000
            assert summary is not None
            assert summary.ended


def test_a_hub_whose_disk_is_full_acknowledges_nothing_says_so_and_goes_on_when_there_is_room(
    hub: Hub, settings: Settings, tmp_path: Path
) -> None:
    events = run_of(0, 400)
    writer = hub.store.recorded._file._writer  # type: ignore[attr-defined]
    (pages,) = writer.execute("PRAGMA page_count").fetchone()
    writer.execute(f"PRAGMA max_page_count = {pages}")
    edge = Edge(tmp_path / "outbox.db", hub.mqtt_url, TOPICS)
    try:
        edge.outbox.append(events, first_index=0, sid="s")
        edge.start()
        assert soon(lambda: hub.trouble() is not None)
        assert re.search("full|room", str(hub.trouble()))
        # the file may have had room for the first small message
        time.sleep(1.0)
        kept = sum(last - first + 1 for first, last in hub.store.received(edge.outbox.gw))
        assert kept < 10
        assert edge.outbox.depth() >= len(events) - kept, "what is not stored is not acknowledged"
        writer.execute("PRAGMA max_page_count = 1000000")
        assert edge.publisher.wait_drained(PATIENCE_S)
        assert hub.trouble() is None
        assert hub.store.received(edge.outbox.gw) == [(1, len(events))]
    finally:
        edge.stop()
    with closing(stored(settings)) as store:
        assert steps_of(store, events) == (1200, 1200)
    with closing(sqlite3.connect(settings.data_dir / "store.db")) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


_FILLS_ITS_DISK = """
import resource, signal, sys
from pathlib import Path
from sensor_hub.adapters.storage.outbox import Outbox
from sensor_hub.errors import StoreError
from sensor_hub.wire import Topics
from tests.integration.test_faults_of_the_chain import run_of

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # a file that may not grow is a full disk to whoever writes
events = run_of(0, 3000)
outbox = Outbox(Path(sys.argv[1]), Topics())
outbox.append(events[:10], first_index=0, sid="s")
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, resource.RLIM_INFINITY))
taken = 10
try:
    while taken < len(events):
        outbox.append(events[taken:taken + 20], first_index=taken, sid="s")
        taken += 20
except StoreError as error:
    print("refused", taken, outbox.taken("s"), outbox.depth(), error, flush=True)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
outbox.append(events[taken:], first_index=taken, sid="s")
print("whole", outbox.depth(), len(events), flush=True)
outbox.close()
"""


def test_an_edge_whose_disk_is_full_says_so_and_keeps_everything_it_had_and_goes_on_when_there_is_room(
    tmp_path: Path,
) -> None:
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[1] == resource.RLIM_INFINITY
    path = tmp_path / "outbox.db"
    answer = subprocess.run(
        [sys.executable, "-c", _FILLS_ITS_DISK, str(path)],
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    refused, whole = answer.stdout.splitlines()
    found = re.fullmatch(r"refused (\d+) (\d+) (\d+) (.*)", refused)
    assert found is not None, answer.stdout + answer.stderr
    given, taken, depth = map(int, found.groups()[:3])
    assert given == taken == depth >= 10, "all that was said to be kept, and nothing half"
    assert "check the disk's free space" in found.group(4)
    assert whole == "whole 3002 3002"
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert db.execute("SELECT count(*), min(seq), max(seq) FROM waiting").fetchone() == (3002, 1, 3002)


def test_a_clock_that_is_set_by_an_hour_in_mid_session_loses_and_doubles_nothing(
    hub: Hub, settings: Settings, tmp_path: Path
) -> None:
    of = header()
    shifts_us = [0, HOUR_US, -HOUR_US, 0]
    events: list[Event] = [SessionStarted(of, START_UTC, ("pod-l",))]
    for number in range(400):
        first_us = batches(1)[0].steps.time_utc_us[0] + number * 1_100_000 + shifts_us[number // 100]
        events.append(StepBatch(of, START_UTC, table(int(first_us), 3, seed=number), totals(3 * number + 3)))
    edge = Edge(tmp_path / "outbox.db", hub.mqtt_url, TOPICS)
    try:
        for half in (events[:200], events[200:]):  # a backlog, and one more
            edge.outbox.append(half, first_index=0 if half is events[:200] else edge.outbox.taken("s"), sid="s")
            edge.start() if half[0] is events[0] else None
        assert edge.publisher.wait_drained(PATIENCE_S)
        gw = edge.outbox.gw
    finally:
        edge.stop()
    with closing(stored(settings)) as store:
        assert store.received(gw) == [(1, 401)]
        steps, summary = store.steps(of.sid), store.session(of.sid)
    made = np.sort(np.concatenate([event.steps.time_utc_us for event in events if isinstance(event, StepBatch)]))
    assert steps.time_utc_us.tolist() == made.tolist()
    assert summary is not None
    assert summary.totals.n_steps == 1200


@pytest.mark.parametrize(
    "module",
    ["mqtt/publisher", "mqtt/subscriber", "mqtt/client", "mqtt/under_way", "storage/outbox"],
)
def test_acks_and_sending_again_never_ask_a_clock_that_can_be_set(module: str) -> None:
    text = (Path(sys.modules["sensor_hub"].__path__[0]) / "adapters" / f"{module}.py").read_text(encoding="utf-8")
    assert not re.search(r"time\.time\(|\.now\(|utcnow|time\.time_ns", text)


# --- poison -----------------------------------------------------------------------------------------------------------


def good(number: int) -> dict[str, Any]:
    """A batch as its message says it."""
    body: dict[str, Any] = json.loads(encode(batches(3)[1], topics=TOPICS, gw="edge-x", seq=number).payload)
    return body


def bad(**changes: Any) -> Callable[[int], bytes]:
    """A good message with something else in it."""
    return lambda number: json.dumps(good(number) | changes).encode()


def deep_inside(number: int) -> bytes:
    return bad(side=0)(number).replace(b'"side": 0', b'"side": ' + b"[" * 900 + b"]" * 900)


NO_NUMBER = {"no UTF-8", "nothing", "deep", "numbers without end"}
POISON: dict[str, tuple[Callable[[int], bytes], str]] = {
    "no UTF-8": (lambda _n: b'{"v":1,"gw":"\xff\xfe"}', "not JSON"),
    "nothing": (lambda _n: b"", "not JSON"),
    "deep": (lambda _n: b"[" * 200_000, "not JSON"),
    "deep inside": (deep_inside, "side"),
    "huge": (bad(type="x" * 2_000_000), "unknown type"),
    "a number that is none": (bad(contact_time_s=[float("nan")] * 3), "finite"),
    "infinite": (bad(contact_time_s=[1e999] * 3), "finite"),
    "a number of 400 digits": (bad(contact_time_s=[10**400] * 3), "too large"),
    "an absurd force": (bad(achilles_peak_bw=[5.1, 1e200, 5.1]), "nobody"),
    "absurd totals": (bad(total=good(1)["total"] | {"load_eq_km": 1e30}), "nobody"),
    "a wrong type": (bad(dt_s="soon"), "dt_s"),
    "columns of other lengths": (bad(side=["L"]), "entries"),
    "a time that is none": (bad(t0="yesterday"), "t0"),
    "a time before there were any": (bad(t0="0001-01-01T00:00:00Z"), "t0"),
    "another version": (bad(v=99), "unknown version"),
    "somebody else's": (bad(ath="m7x2"), "names another athlete"),
    "half a character": (bad(model="\ud800"), "half a character"),
    "numbers without end": (lambda n: bad(joined=[[0, 10**15]], seq=10**15)(n), "joined"),
}
FIRST = 2_000


def test_poison_is_kept_with_its_reason_and_acknowledged_and_what_comes_between_arrives(
    hub: Hub, settings: Settings
) -> None:
    acked: set[int] = set()
    address = BrokerAddress.parse(hub.mqtt_url)

    def on_message(_generation: int, message: Any) -> None:
        acked.update(decode_ack(bytes(message.payload)).seqs)

    sender = Connection(
        address, "edge-x", on_up=lambda: sender.subscribe(TOPICS.ack("edge-x")), on_message=on_message, window=100,
        session_expiry_s=60,
    )  # fmt: skip
    of = header()
    topic = TOPICS.session(of.athlete, of.sid, "steps")
    sender.start()
    sender.wait_connected(PATIENCE_S)
    sent: list[tuple[int, str, bytes]] = []
    for number, (name, (make, _)) in enumerate(POISON.items()):
        sent.append((FIRST + 2 * number, name, make(FIRST + 2 * number)))
    parts = batches(len(sent))
    try:
        time.sleep(0.5)
        for (seq, _, payload), part in zip(sent, parts, strict=True):
            assert sender.publish(Message(topic, payload, 1))
            assert sender.publish(encode(part, topics=TOPICS, gw="edge-x", seq=seq + 1))
        numbered = {seq for seq, name, _ in sent if name not in NO_NUMBER}
        fine = {seq + 1 for seq, _, _ in sent}
        assert soon(lambda: acked >= fine | numbered)
        assert acked == fine | numbered
    finally:
        sender.stop()
    hub.stop()
    with closing(stored(settings)) as store:
        letters = store.dead_letters()
        assert len(store.steps(of.sid)) == 3 * len(parts)
    assert len(letters) == len(POISON)
    by_payload = {letter.payload: letter.reason for letter in letters}
    for seq, name, payload in sent:
        assert POISON[name][1] in by_payload[payload], (seq, name, by_payload[payload])
