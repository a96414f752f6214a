"""The edge's side: what waits in the outbox goes to the broker, and leaves the outbox on the hub's word only."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from paho.mqtt.client import MQTTMessage

from sensor_hub.adapters.mqtt.address import BrokerAddress
from sensor_hub.adapters.mqtt.client import Connection
from sensor_hub.adapters.mqtt.in_vain import InVain
from sensor_hub.adapters.mqtt.outbox_rows import OutboxRows
from sensor_hub.adapters.mqtt.under_way import UnderWay
from sensor_hub.errors import BrokerError, DecodeError, StoreError
from sensor_hub.model.message import Message, Outgoing
from sensor_hub.wire import Parcel, Topics, decode_ack, encode_gateway_state, join

_LOG = logging.getLogger(__name__)
_POLL_S: Final = 0.05
# So many rows that were never sent on this connection are no live stream any more: they are joined, never held to be.
_BACKLOG: Final = 50
_BATCH: Final = 100  # rows at once, ...
_READ: Final = 2500  # ... and of a backlog
_SEQS_A_MESSAGE: Final = 10  # of the window: what is under way in joined messages is bounded too
_SESSION_EXPIRY_S: Final = 3600
_LIVE_EXPIRY_S: Final = 5
# Without any ack the pause between two sendings doubles up to here, ...
_LONGEST_RESEND_S: Final = 30.0
_SLOW: Final = 2.0
# ... and after so many sendings the connection itself is doubted, and only a few messages still probe for a hub, or a
# broker that keeps a queue for an absent hub would fill with copies.
_DOUBTFUL_RESENDS: Final = 2
_PROBE: Final = 10
_STORE_RETRY_S: Final = 1.0
_MOST_ANSWERS: Final = 20  # that wait for a connection; who asked has gone by then if it takes longer


class OutboxPublisher:
    """Empties an outbox to a broker, at QoS 1, in order, with at most ``max_inflight`` messages not yet acknowledged.

    Acknowledged means by a hub, on ``ack/{gw}``; a PUBACK counts for nothing. What is not acknowledged is sent again
    after ``resend_after_s`` and on every new connection; the hub drops the copies by (gw, seq). A backlog goes in
    joined messages (``wire.join``); what goes again because nobody acknowledged it goes singly from then on, so that
    one unusable batch does not hold up those it was joined to. An athlete of whom no hub answers anything steps back
    (``InVain``): a broker may refuse what this gateway says of one, and take it of the others. A hub that acknowledges
    the last number only knows no joined messages, and is sent none any more on this connection.
    """

    def __init__(
        self, outbox: OutboxRows, url: str, topics: Topics, *, max_inflight: int = 500, resend_after_s: float = 5.0
    ) -> None:
        self._outbox, self._topics = outbox, topics
        self._max_inflight, self._resend_after_s = max_inflight, resend_after_s
        self._resend_s, self._n_resends = resend_after_s, 0
        self._acks: deque[list[int]] = deque()
        self._under_way, self._in_vain = UnderWay(), InVain()
        self._joins = True
        self._alone: set[int] = set()  # what nobody acknowledged in time, until somebody does
        self._generation = 0
        self._wake = threading.Event()
        self._stopping = False
        self._store_problem: StoreError | None = None
        self._retained: dict[str, Message] = {}
        self._let_go: set[str] = set()
        self._takes: tuple[str, ...] = ()
        self._on_command: Callable[[str, bytes], None] = lambda _verb, _payload: None
        self._answers: deque[Message] = deque(maxlen=_MOST_ANSWERS)
        self._connection = Connection(
            BrokerAddress.parse(url),
            outbox.gw,
            on_up=self._on_up,
            on_message=self._on_message,
            window=max_inflight,
            session_expiry_s=_SESSION_EXPIRY_S,
            will=encode_gateway_state(outbox.gw, "lost", topics),
        )
        self._thread = threading.Thread(target=self._run, name=f"outbox-{outbox.gw}", daemon=True)

    @property
    def connected(self) -> bool:
        """Whether there is a connection to the broker."""
        return self._connection.connected

    @property
    def problem(self) -> BrokerError | StoreError | None:
        """Why nothing is being sent, for a person; None if all is well."""
        return self._store_problem or self._connection.problem

    def start(self) -> None:
        """Begin to connect and send, in the background. A broker that is away is waited for."""
        self._connection.start()
        self._thread.start()

    def stop(self, drain_s: float = 0.0) -> bool:
        """Wait up to ``drain_s`` for the outbox to empty, take leave, end; return whether it is empty."""
        empty = self.wait_drained(drain_s)
        self._stopping = True
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join()
        self._connection.publish(encode_gateway_state(self._outbox.gw, "lost", self._topics))
        self._connection.stop()
        return empty

    def wait_connected(self, timeout_s: float) -> None:
        """Return once connected; BrokerError at once if the broker refuses us, else when the time is over."""
        self._connection.wait_connected(timeout_s)

    def publish_live(self, message: Message) -> bool:
        """Publish at once and at most once; return False, and forget it, if there is no connection."""
        return self._connection.publish(message, expiry_s=_LIVE_EXPIRY_S)

    def publish_retained(self, message: Message) -> None:
        """Publish a state now, and again on every new connection until another one is given for its topic."""
        if message.topic in self._let_go:
            return
        self._retained[message.topic] = message
        self._connection.publish(message)

    def retained(self) -> list[str]:
        """Return the topics on which something of ours stands; safe from any thread."""
        return [topic for topic, message in list(self._retained.items()) if message.payload]

    def forget_retained(self, topic: str) -> None:
        """Clear what is retained on a topic, and say nothing there any more."""
        self._let_go.add(topic)
        self._retained[topic] = Message(topic, b"", 1, retain=True)
        self._connection.publish(self._retained[topic])

    def take_commands(self, verbs: Sequence[str], on_command: Callable[[str, bytes], None]) -> None:
        """Hear what hubs ask of this gateway from the next connection on, and tell them that it does.

        on_command : called with verb and payload in the connection's thread; must neither wait nor raise.
        """
        self._takes, self._on_command = tuple(verbs), on_command

    def answer(self, message: Message) -> None:
        """Publish an answer, on the next connection if there is none now."""
        if not self._connection.publish(message):
            self._answers.append(message)

    def drained(self) -> bool:
        """Whether a hub has committed everything there is."""
        return not self._outbox.pending(1, float("inf"))

    def wait_drained(self, timeout_s: float) -> bool:
        """Wait until a hub has committed everything, at most ``timeout_s``; return whether it has."""
        end_s = time.monotonic() + timeout_s
        while not self.drained():
            if time.monotonic() >= end_s:
                return False
            self._wake.set()
            time.sleep(min(_POLL_S, timeout_s))
        return True

    # --- callbacks of the connection's thread ------------------------------------------------------------------------

    def _on_up(self) -> None:
        self._connection.subscribe(self._topics.ack(self._outbox.gw))
        if self._takes:
            self._connection.subscribe(self._topics.command(self._outbox.gw, "+"))
        self._connection.publish(encode_gateway_state(self._outbox.gw, "ready", self._topics, self._takes))
        while self._answers:
            self._connection.publish(self._answers.popleft())
        for message in list(self._retained.values()):
            self._connection.publish(message)
        self._wake.set()

    def _on_message(self, _generation: int, message: MQTTMessage) -> None:
        # amqtt sends a new connection other clients' retained messages too.
        before, _, verb = message.topic.rpartition("/")
        if before == self._topics.command(self._outbox.gw, verb).rpartition("/")[0]:
            if not message.retain:  # nobody may leave one behind for whoever comes next
                self._on_command(verb, bytes(message.payload))
            return
        if message.topic != self._topics.ack(self._outbox.gw):
            return
        try:
            ack = decode_ack(bytes(message.payload))
        except DecodeError as error:
            _LOG.warning("an acknowledgement that cannot be read is passed over: %s", error)
            return
        if ack.gw == self._outbox.gw:
            self._acks.append(list(ack.seqs))
            self._wake.set()

    # --- its own thread ----------------------------------------------------------------------------------------------

    def _run(self) -> None:
        while not self._stopping:
            try:
                busy = self._take_acks() | self._send()
            except StoreError as error:
                if self._store_problem is None:
                    _LOG.warning("sending stands still: %s", error)
                self._store_problem = error
                time.sleep(_STORE_RETRY_S)
                continue
            self._store_problem = None
            if not busy:
                self._wake.wait(_POLL_S)
                self._wake.clear()

    def _take_acks(self) -> bool:
        """Delete what a hub has committed; return whether there was anything."""
        seqs: list[int] = []
        n_acks = len(self._acks)
        for i in range(n_acks):
            seqs += self._acks[i]
        if n_acks == 0:
            return False
        self._outbox.delete(seqs)
        self._alone.difference_update(seqs)
        for _ in range(n_acks):
            self._acks.popleft()
        if left := self._under_way.acknowledge(seqs, time.monotonic()):
            if self._joins:
                _LOG.info("this hub takes no joined messages: the backlog goes singly")
            self._joins = False
            self._outbox.forget_sent(left)
        self._outbox.forget_sent(self._in_vain.answered(seqs))
        self._resend_s, self._n_resends = self._resend_after_s, 0
        return True

    def _send(self) -> bool:
        """Send what is due and fits into the window; return whether anything went out."""
        if not self._connection.connected:
            return False
        now_s = time.monotonic()
        if self._generation != self._connection.generation:
            self._generation = self._connection.generation
            # a broker may also cut who says what it refuses, and with it what it would have taken
            self._note_unanswered(self._under_way.sent_before(now_s), now_s)
            self._in_vain.begin_anew()
            self._outbox.forget_sent()
            self._under_way = UnderWay()
            self._joins = True  # a newer hub may be there now
        window = _PROBE if self._n_resends >= _DOUBTFUL_RESENDS else self._max_inflight
        again = self._send_overdue(now_s, window)
        if (tried := self._in_vain.due(now_s)) is not None:
            self._outbox.forget_sent((tried,))
        room = window - max(len(self._under_way), self._under_way.n_seqs // _SEQS_A_MESSAGE)
        if room <= 0 or not self._connection.connected:
            return again
        sent = False
        for parcel in self._parcels(room, now_s):
            if not self._connection.publish(Message(parcel.topic, parcel.payload, qos=1)):
                break
            self._note_sent(parcel.seqs, parcel.topic, now_s)
            sent = True
        return sent or again

    def _note_sent(self, seqs: tuple[int, ...], topic: str, now_s: float) -> None:
        self._outbox.mark_sent(seqs, now_s)
        self._under_way.add(seqs, now_s)
        self._in_vain.note(seqs, topic)

    def _parcels(self, room: int, now_s: float) -> list[Parcel]:
        """What was never sent on this connection, at most so many messages."""
        n_rows = min(max(_SEQS_A_MESSAGE * room, _BACKLOG), _READ) if self._joins else min(room, _BATCH)
        rows = self._outbox.pending(n_rows)
        free = [row for row in rows if not self._in_vain.holds(row.seq, row.topic)]
        if self._joins and len(free) >= _BACKLOG:
            parcels = join(free, alone=self._alone)[:room]
        else:
            parcels = [Parcel(row.topic, row.payload, (row.seq,)) for row in free[:room]]
        if len(free) < len(rows):
            # what comes after the last that goes now is looked at again: an outbox reads on from the newest that went
            is_all = sum(len(parcel.seqs) for parcel in parcels) == len(free)
            last = rows[-1].seq if is_all else max(parcel.seqs[-1] for parcel in parcels)
            self._let_wait([row for row in rows if row.seq <= last], now_s)
        return parcels

    def _let_wait(self, rows: Sequence[Outgoing], now_s: float) -> None:
        """Let those wait of whom no hub answers anything: they count as sent until their turn comes."""
        held = [row for row in rows if self._in_vain.holds(row.seq, row.topic)]
        for row in held:
            self._in_vain.wait(row.seq, row.topic)
        self._outbox.mark_sent([row.seq for row in held], now_s)

    def _note_unanswered(self, seqs: Iterable[int], now_s: float) -> None:
        """Tell a person when what is sent of somebody stays without an answer; once, until there is one."""
        for who in sorted(self._in_vain.unanswered(seqs, now_s, self._resend_s)):
            _LOG.warning(
                "no hub acknowledges what is sent of %s; it stays in the outbox and is tried again. Does a hub run, "
                "and may this gateway speak for them? On the hub: sensor-hub mqtt athletes %s --athlete …",
                who, self._outbox.gw,
            )  # fmt: skip

    def _send_overdue(self, now_s: float, limit: int) -> bool:
        """Send again what was sent too long ago, every second time on a new connection; return whether it did."""
        # A hub that is busy and goes on is not made busier: what is slow is not lost.
        before_s = now_s - min(max(self._resend_s, _SLOW * self._under_way.slowest_s), _LONGEST_RESEND_S)
        overdue = self._under_way.sent_before(before_s)
        if not overdue:
            return False
        self._n_resends += 1
        self._resend_s = min(self._resend_s * 2, _LONGEST_RESEND_S)
        if self._n_resends % _DOUBTFUL_RESENDS == 0:
            self._connection.drop()
            return False
        self._note_unanswered(overdue, now_s)
        self._under_way.forget(overdue)
        self._alone |= overdue
        # What the limit leaves out is as good as never sent, and goes when the window has room for it.
        self._outbox.forget_sent(overdue)
        rows = self._outbox.pending(min(limit, len(overdue)))
        for row in rows:
            if not self._in_vain.holds(row.seq, row.topic):
                self._connection.publish(Message(row.topic, row.payload, qos=1))
                self._note_sent((row.seq,), row.topic, now_s)
        self._let_wait(rows, now_s)
        return True
