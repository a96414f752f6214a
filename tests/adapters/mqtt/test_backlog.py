"""A backlog goes in joined messages, a live stream does not, and neither an old hub nor a bad batch stops it."""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from sensor_hub.adapters.mqtt.publisher import OutboxPublisher
from sensor_hub.adapters.mqtt.subscriber import Incoming, Subscriber
from sensor_hub.adapters.mqtt.under_way import UnderWay
from sensor_hub.adapters.storage.outbox import Outbox
from sensor_hub.adapters.storage.sqlite import SqliteStore
from sensor_hub.app.digest import digest
from sensor_hub.model.gait import StepTable
from sensor_hub.model.message import Ack
from sensor_hub.wire import Topics, encode_ack
from tests.adapters.mqtt.test_chain import Broker, Embedded, wait_for
from tests.adapters.storage.runs import HEADER, batches, header
from tests.servers_mqtt import free_port, start_mosquitto

TOPICS = Topics("home")
OTHER = header(sid="01jd0000000000000000000002", athlete="m7x2")
PATIENCE_S = 60.0


class Hub:
    """Digest, store, acknowledge; ``joined`` are the numbers of messages in each that arrived."""

    def __init__(self, url: str, path: Path, knows_joined: bool = True) -> None:
        self.store, self.knows_joined = SqliteStore(path), knows_joined
        self.joined: list[int] = []
        self.subscriber = Subscriber(url, "hub-1", TOPICS.from_edges, self.take)
        self.subscriber.start()
        self.subscriber.wait_connected(PATIENCE_S)

    def take(self, batch: list[Incoming]) -> None:
        told = [(m.topic, m.payload if self.knows_joined else without_joined(m.payload)) for m in batch]
        self.joined += [len(json.loads(m.payload).get("joined", [])) for m in batch]
        found = digest(told)
        self.store.commit(found.envelopes, found.dead)
        for ack in found.due():
            self.subscriber.publish(encode_ack(Ack(ack.gw, ack.seqs), TOPICS))

    def close(self) -> None:
        self.subscriber.stop()
        self.store.close()


def without_joined(payload: bytes) -> bytes:
    """What a hub reads that does not know the field."""
    body = json.loads(payload)
    body.pop("joined", None)
    return json.dumps(body).encode()


@pytest.fixture(params=["embedded", "mosquitto"])
def broker(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Broker]:
    handle: Broker = Embedded(free_port()) if request.param == "embedded" else start_mosquitto(tmp_path)
    yield handle
    handle.stop()


@pytest.fixture(params=[PATIENCE_S])
def edge(request: pytest.FixtureRequest, broker: Broker, tmp_path: Path) -> Iterator[OutboxPublisher]:
    """Its parameter: after how many seconds it sends again."""
    with closing(Outbox(tmp_path / "edge.outbox", TOPICS)) as outbox:
        publisher = OutboxPublisher(outbox, broker.url, TOPICS, resend_after_s=request.param)
        yield publisher
        publisher.stop()


@pytest.fixture
def hub(broker: Broker, tmp_path: Path) -> Iterator[Callable[..., Hub]]:
    made: list[Hub] = []

    def start(**how: bool) -> Hub:
        made.append(Hub(broker.url, tmp_path / "store.sqlite", **how))
        return made[-1]

    yield start
    for one in made:
        one.close()


def outbox_of(edge: OutboxPublisher) -> Outbox:
    assert isinstance(edge._outbox, Outbox)
    return edge._outbox


def fill(edge: OutboxPublisher, n: int) -> None:
    """Two athletes by turns."""
    outbox = outbox_of(edge)
    for i, (ours, theirs) in enumerate(zip(batches(n), batches(n, OTHER), strict=True)):
        outbox.append([ours], first_index=i, sid=HEADER.sid)
        outbox.append([theirs], first_index=i, sid=OTHER.sid)


def all_there(edge: OutboxPublisher, hub: Hub, n: int) -> None:
    assert edge.wait_drained(PATIENCE_S)
    assert hub.store.received(outbox_of(edge).gw) == [(1, 2 * n)]
    for of in (HEADER, OTHER):
        made = StepTable.concatenate(batch.steps for batch in batches(n, of))
        assert hub.store.steps(of.sid).time_utc_us.tolist() == made.time_utc_us.tolist()


def test_a_backlog_of_two_athletes_goes_in_few_messages(edge: OutboxPublisher, hub: Callable[..., Hub]) -> None:
    fill(edge, 300)
    there = hub()
    edge.start()
    all_there(edge, there, 300)
    assert len(there.joined) < 60
    assert there.store.dead_letters() == []


def test_what_comes_live_goes_singly(edge: OutboxPublisher, hub: Callable[..., Hub]) -> None:
    there = hub()
    edge.start()
    edge.wait_connected(PATIENCE_S)
    for i, batch in enumerate(batches(20)):
        outbox_of(edge).append([batch], first_index=i, sid=HEADER.sid)
    assert edge.wait_drained(PATIENCE_S)
    assert there.joined == 20 * [0]


def test_a_hub_that_knows_no_joined_messages_loses_nothing_and_is_sent_no_more_of_them(
    edge: OutboxPublisher, hub: Callable[..., Hub]
) -> None:
    fill(edge, 300)
    there = hub(knows_joined=False)
    edge.start()
    all_there(edge, there, 300)
    first_single = there.joined.index(0)
    assert len(there.joined) > 500
    assert set(there.joined[first_single:]) == {0}


def test_a_hub_that_was_brought_up_to_date_gets_joined_messages_from_the_next_connection_on(
    edge: OutboxPublisher, hub: Callable[..., Hub]
) -> None:
    fill(edge, 60)
    there, outbox = hub(knows_joined=False), outbox_of(edge)
    edge.start()
    all_there(edge, there, 60)
    there.knows_joined, n_before = True, len(there.joined)
    edge._connection.drop()
    for of in (HEADER, OTHER):
        outbox.append(batches(300, of)[60:], first_index=60, sid=of.sid)
    all_there(edge, there, 300)
    assert len(there.joined) - n_before < 240
    assert max(there.joined[n_before:]) > 0


@pytest.mark.parametrize("edge", [1.0], indirect=True)
def test_a_bad_batch_in_a_backlog_becomes_a_dead_letter_and_those_around_it_arrive(
    edge: OutboxPublisher, hub: Callable[..., Hub]
) -> None:
    fill(edge, 60)
    bad_seq, outbox = 41, outbox_of(edge)
    (row,) = [row for row in outbox.pending(200) if row.seq == bad_seq]
    body = json.loads(row.payload)
    body["side"] = ["X" for _ in body["side"]]
    outbox._db.execute("UPDATE waiting SET payload = ? WHERE seq = ?", (json.dumps(body).encode(), bad_seq))
    there = hub()
    edge.start()
    assert edge.wait_drained(PATIENCE_S)
    assert there.store.received(outbox.gw) == [(1, 120)]
    assert len(there.store.steps(OTHER.sid)) == 60 * 3
    assert len(there.store.steps(HEADER.sid)) == 59 * 3
    numbered = [letter for letter in there.store.dead_letters() if letter.seq is not None]
    assert [(letter.seq, letter.reason) for letter in numbered] == [
        (bad_seq, "steps: 'side' has an entry that is not L, R or U")
    ]


def test_what_nobody_acknowledged_in_time_is_joined_no_more_however_much_it_is(tmp_path: Path) -> None:
    with closing(Outbox(tmp_path / "edge.outbox", TOPICS)) as outbox:
        edge = OutboxPublisher(outbox, "mqtt://127.0.0.1:1", TOPICS, resend_after_s=1.0)
        fill(edge, 100)
        for parcel in (sent := edge._parcels(500, 0.0)):
            outbox.mark_sent(parcel.seqs, 0.0)
            edge._under_way.add(parcel.seqs, 0.0)
        assert sum(len(parcel.seqs) for parcel in sent) == 200 > 10 * len(sent)
        assert edge._send_overdue(2.0, limit=60)
        again = edge._parcels(500, 0.0)
        assert [len(parcel.seqs) for parcel in again] == 140 * [1]
        edge._acks.append([seq for parcel in again for seq in parcel.seqs])
        assert edge._take_acks()
        assert edge._alone == {row.seq for row in outbox.pending(500, float("inf"))}


def test_what_was_put_back_into_a_running_outbox_is_sent_too(edge: OutboxPublisher, hub: Callable[..., Hub]) -> None:
    fill(edge, 10)
    outbox = outbox_of(edge)
    (row,) = outbox.pending(1)
    outbox._db.execute("DELETE FROM waiting WHERE seq = 1")
    there = hub()
    edge.start()
    wait_for(lambda: outbox.depth() == 0)
    outbox._db.execute("INSERT INTO waiting VALUES (?, ?, ?)", (row.seq, row.topic, row.payload))
    all_there(edge, there, 10)


def test_a_copied_outbox_is_noticed_and_told_with_its_mend(
    broker: Broker, edge: OutboxPublisher, tmp_path: Path
) -> None:
    edge.start()
    edge.wait_connected(PATIENCE_S)
    outbox_of(edge)._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(outbox_of(edge).path, tmp_path / "copy.outbox")
    with closing(Outbox(tmp_path / "copy.outbox", TOPICS)) as copied:
        other = OutboxPublisher(copied, broker.url, TOPICS)
        other.start()
        said: set[str] = set()

        def is_told() -> bool:
            said.update(str(one.problem) for one in (edge, other) if one.problem is not None)
            return any("copied to another machine" in text and copied.gw in text for text in said)

        wait_for(is_told)
        other.stop()


# --- what is under way ------------------------------------------------------------------------------------------------


def test_a_message_is_under_way_until_all_its_numbers_are_acknowledged() -> None:
    under_way = UnderWay()
    under_way.add((1, 3, 5), 1.0)
    under_way.add((2,), 2.0)
    assert (len(under_way), under_way.n_seqs) == (2, 4)
    assert under_way.acknowledge([1, 3], 4.0) == set()
    assert under_way.sent_before(1.5) == {5}
    assert under_way.acknowledge([5, 99], 4.0) == set()
    assert (len(under_way), under_way.sent_before(2.0)) == (1, {2})


def test_an_ack_of_the_last_number_alone_tells_of_a_hub_that_knows_no_joined_messages() -> None:
    under_way = UnderWay()
    under_way.add((1, 2, 3), 1.0)
    assert under_way.acknowledge([3], 4.0) == {1, 2}
    assert (len(under_way), under_way.n_seqs) == (0, 0)


def test_how_slow_acknowledgements_are_is_remembered_and_fades() -> None:
    under_way = UnderWay()
    for seq in range(40):
        under_way.add((seq,), 10.0 * seq)
    under_way.acknowledge([0], 8.0)
    assert under_way.slowest_s == 8.0
    under_way.acknowledge([1], 11.0)
    assert 7.0 < under_way.slowest_s < 8.0
    for seq in range(2, 40):
        under_way.acknowledge([seq], 10.0 * seq + 1.0)
    assert under_way.slowest_s == 1.0


def test_what_is_forgotten_is_under_way_no_more() -> None:
    under_way = UnderWay()
    under_way.add((1, 2, 3), 1.0)
    under_way.forget({1, 2, 7})
    assert under_way.sent_before(1.0) == {3}
    under_way.forget({3})
    assert len(under_way) == 0
