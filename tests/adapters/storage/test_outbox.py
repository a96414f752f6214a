import json
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensor_hub.adapters.storage.outbox import Outbox
from sensor_hub.errors import StoreError
from sensor_hub.model.load import Totals
from sensor_hub.model.session import DecodeFailed, Event, LiveReading, SessionHeader
from sensor_hub.wire import Topics, decode

TOPICS = Topics("home")
T0 = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)


def header(sid: str) -> SessionHeader:
    return SessionHeader(sid, "ath1", "Europe/Lisbon", "live", "imu", "m", "r", "p")


def durable(i: int, sid: str = "sid1") -> Event:
    return DecodeFailed(header(sid), "pod", "2a53", T0, f"number {i}")


def live(sid: str = "sid1") -> Event:
    return LiveReading(header(sid), T0, "L", 180.0, 0.2, Totals())


def waiting(outbox: Outbox) -> list[tuple[int, str]]:
    found = []
    for row in outbox.pending(10**6):
        envelope = decode(row.payload)
        assert isinstance(envelope.event, DecodeFailed)
        assert (envelope.gw, envelope.seq) == (outbox.gw, row.seq)
        found.append((row.seq, envelope.event.problem))
    return found


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    box = Outbox(tmp_path / "deep" / "edge.outbox", TOPICS)
    yield box
    box.close()


def test_events_wait_in_order_with_their_own_numbers(outbox: Outbox) -> None:
    assert outbox.append([durable(0), durable(1)], first_index=0, sid="sid1") == 2
    assert waiting(outbox) == [(1, "number 0"), (2, "number 1")]
    assert outbox.pending(1)[0].topic == "sensorhub/v1/home/ath/ath1/s/sid1/event"
    assert outbox.depth() == 2


def test_a_live_reading_is_not_kept_but_counts_as_a_number(outbox: Outbox) -> None:
    assert outbox.append([durable(0), live(), durable(2)], first_index=0, sid="sid1") == 2
    assert waiting(outbox) == [(1, "number 0"), (2, "number 2")]
    assert outbox.taken("sid1") == 3


def test_the_same_recording_again_adds_only_what_is_new(outbox: Outbox) -> None:
    outbox.append([durable(0), durable(1)], first_index=0, sid="sid1")
    assert outbox.append([durable(0), durable(1), durable(2)], first_index=0, sid="sid1") == 1
    assert outbox.append([durable(1), durable(2)], first_index=1, sid="sid1") == 0
    assert waiting(outbox) == [(1, "number 0"), (2, "number 1"), (3, "number 2")]


def test_sessions_are_counted_apart(outbox: Outbox) -> None:
    outbox.append([durable(0)], first_index=0, sid="sid1")
    assert outbox.append([durable(0, "sid2")], first_index=0, sid="sid2") == 1
    assert (outbox.taken("sid1"), outbox.taken("sid2"), outbox.taken("sid3")) == (1, 1, 0)


def test_missing_events_are_a_programmer_error_and_change_nothing(outbox: Outbox) -> None:
    with pytest.raises(ValueError, match="events 0 to 1 were never appended"):
        outbox.append([durable(2)], first_index=2, sid="sid1")
    assert (outbox.depth(), outbox.taken("sid1")) == (0, 0)
    assert outbox.append([durable(0)], first_index=0, sid="sid1") == 1


def test_what_is_under_way_is_pending_again_after_its_time_or_a_new_connection(outbox: Outbox) -> None:
    outbox.append([durable(i) for i in range(4)], first_index=0, sid="sid1")
    outbox.mark_sent([1, 3], at_s=100.0)
    outbox.mark_sent([2], at_s=105.0)
    assert [row.seq for row in outbox.pending(9)] == [4]
    assert [row.seq for row in outbox.pending(9, resend_before_s=101.0)] == [1, 3, 4]
    assert [row.seq for row in outbox.pending(2, resend_before_s=105.0)] == [1, 2]
    outbox.forget_sent()
    assert [row.seq for row in outbox.pending(3)] == [1, 2, 3]


def test_numbers_and_name_outlive_the_process_and_are_never_used_again(tmp_path: Path) -> None:
    path = tmp_path / "edge.outbox"
    first = Outbox(path, TOPICS)
    first.append([durable(0), durable(1)], first_index=0, sid="sid1")
    first.delete([1, 2, 99])
    first.close()
    second = Outbox(path, TOPICS)
    assert second.gw == first.gw
    assert second.taken("sid1") == 2
    second.append([durable(2)], first_index=2, sid="sid1")
    assert waiting(second) == [(3, "number 2")]
    second.close()
    second.close()


def test_a_new_file_is_a_new_gateway_that_nobody_else_can_read(tmp_path: Path) -> None:
    names = set()
    for name in ("a", "b"):
        box = Outbox(tmp_path / name, TOPICS)
        names.add(box.gw)
        box.close()
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600
    assert len(names) == 2
    assert all(len(gw) == 15 and gw.startswith("edge-") and gw == gw.lower() for gw in names)


def test_a_file_that_is_no_outbox_is_refused_with_its_path(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("not a database at all, but long enough to be taken for one" * 20)
    with pytest.raises(StoreError, match=r"notes\.txt: cannot be opened"):
        Outbox(path, TOPICS)
    assert path.read_text().startswith("not a database")


def test_a_file_of_a_later_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "edge.outbox"
    Outbox(path, TOPICS).close()
    db = sqlite3.connect(path)
    db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(StoreError, match="format 99"):
        Outbox(path, TOPICS)


def test_a_folder_that_cannot_be_made_is_a_store_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be opened"):
        Outbox(tmp_path / "file" / "edge.outbox", TOPICS)


def test_a_full_disk_is_a_store_error_and_the_events_can_be_given_again(outbox: Outbox) -> None:
    outbox.append([durable(0)], first_index=0, sid="sid1")
    pages = outbox._db.execute("PRAGMA page_count").fetchone()[0]
    outbox._db.execute(f"PRAGMA max_page_count = {pages}")
    events = [durable(i) for i in range(1, 200)]
    with pytest.raises(StoreError, match="full"):
        outbox.append(events, first_index=1, sid="sid1")
    assert (outbox.depth(), outbox.taken("sid1")) == (1, 1)
    outbox._db.execute("PRAGMA max_page_count = 1000000")
    assert outbox.append(events, first_index=1, sid="sid1") == 199
    assert [seq for seq, _ in waiting(outbox)] == list(range(1, 201))


def test_threads_may_append_send_and_delete_at_the_same_time(outbox: Outbox) -> None:
    n = 60

    def produce(sid: str) -> None:
        for i in range(n):
            outbox.append([durable(i, sid)], first_index=i, sid=sid)

    threads = [threading.Thread(target=produce, args=(f"sid{k}",)) for k in range(3)]
    for thread in threads:
        thread.start()
    seen: list[int] = []
    while len(seen) < 3 * n:
        seqs = [row.seq for row in outbox.pending(7)]
        outbox.mark_sent(seqs, 0.0)
        outbox.delete(seqs)
        seen += seqs
    for thread in threads:
        thread.join()
    assert seen == list(range(1, 3 * n + 1))
    assert outbox.depth() == 0


ACTIONS = st.lists(
    st.one_of(
        st.tuples(st.just("append"), st.integers(0, 1), st.integers(0, 4), st.integers(0, 6)),
        st.tuples(st.just("send"), st.integers(0, 5)),
        st.tuples(st.just("ack"), st.sets(st.integers(1, 40), max_size=5)),
        st.tuples(st.just("forget")),
        st.tuples(st.just("reopen")),
    ),
    max_size=25,
)


@settings(max_examples=25)
@given(ACTIONS)
def test_whatever_happens_numbers_rise_and_only_acknowledged_events_leave(actions: list[tuple]) -> None:  # type: ignore[type-arg]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "edge.outbox"
        outbox = Outbox(path, TOPICS)
        taken = {"sid0": 0, "sid1": 0}
        kept: dict[int, str] = {}
        last_seq = 0
        for action, *args in actions:
            if action == "append":
                sid, back, count = f"sid{args[0]}", args[1], args[2]
                first = max(0, taken[sid] - back)
                # Every third event is a LiveReading: counted, not kept.
                events = [live(sid) if i % 3 == 2 else durable(i, sid) for i in range(first, first + count)]
                new = [i for i in range(first, first + count) if i >= taken[sid]]
                for i in new:
                    if i % 3 != 2:
                        last_seq += 1
                        kept[last_seq] = f"number {i}"
                assert outbox.append(events, first_index=first, sid=sid) == sum(i % 3 != 2 for i in new)
                taken[sid] = max(taken[sid], first + count)
            elif action == "send":
                outbox.mark_sent([row.seq for row in outbox.pending(args[0])], at_s=1.0)
            elif action == "ack":
                outbox.delete(args[0])
                kept = {seq: text for seq, text in kept.items() if seq not in args[0]}
            elif action == "forget":
                outbox.forget_sent()
            else:
                outbox.close()
                outbox = Outbox(path, TOPICS)
        outbox.forget_sent()
        assert dict(waiting(outbox)) == kept
        assert {sid: outbox.taken(sid) for sid in taken} == taken
        outbox.close()


APPENDER = """
import sys
from sensor_hub.adapters.storage.outbox import Outbox
from tests.adapters.storage.test_outbox import TOPICS, durable
outbox = Outbox(sys.argv[1], TOPICS)
for i in range(1_000_000):
    outbox.append([durable(i)], first_index=i, sid="sid1")
    print(i, flush=True)
"""


def test_a_killed_edge_has_everything_it_said_it_had_and_a_replay_continues_exactly(tmp_path: Path) -> None:
    path = tmp_path / "edge.outbox"
    printed = -1
    for n_more in (1, 20, 50):
        root = str(Path(__file__).parents[3])
        process = subprocess.Popen(
            [sys.executable, "-c", APPENDER, str(path)],
            stdout=subprocess.PIPE, text=True, cwd=root, env=os.environ | {"PYTHONPATH": root},
        )  # fmt: skip
        assert process.stdout is not None
        target = printed + n_more
        for line in process.stdout:
            printed = int(line)
            if printed >= target:
                break
        process.send_signal(signal.SIGKILL)
        printed = max([printed, *(int(line) for line in process.stdout.read().split())])
        process.stdout.close()
        process.wait()
        outbox = Outbox(path, TOPICS)
        taken = outbox.taken("sid1")
        # The last one may be on disk although the process died before it could say so.
        assert taken in {printed + 1, printed + 2}
        assert waiting(outbox) == [(i + 1, f"number {i}") for i in range(taken)]
        replay = [durable(i) for i in range(taken + 3)]
        assert outbox.append(replay, first_index=0, sid="sid1") == 3
        assert waiting(outbox) == [(i + 1, f"number {i}") for i in range(taken + 3)]
        outbox.close()
        printed = taken + 2


def test_the_payload_carries_the_gateway_and_number_of_its_row(outbox: Outbox) -> None:
    outbox.append([durable(0)], first_index=0, sid="sid1")
    (row,) = outbox.pending(1)
    body = json.loads(row.payload)
    assert (body["gw"], body["seq"]) == (outbox.gw, row.seq)
