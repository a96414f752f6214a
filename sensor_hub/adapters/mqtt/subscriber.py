"""The hub's side: messages come in batches and are acknowledged to the broker only after they have been used."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from paho.mqtt.client import MQTTMessage, topic_matches_sub

from sensor_hub.adapters.mqtt.address import BrokerAddress
from sensor_hub.adapters.mqtt.client import Connection
from sensor_hub.errors import BrokerError, StoreError
from sensor_hub.model.message import Message

_LOG = logging.getLogger(__name__)
_WINDOW: Final = 5000
_SESSION_EXPIRY_S: Final = 7 * 86400
_RETRY_S: Final = (0.1, 5.0)
GROUP: Final = "hub"  # of those who take a share of the same messages


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message as the broker delivered it."""

    topic: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class _Received:
    incoming: Incoming
    generation: int
    mid: int
    qos: int


OnBatch: TypeAlias = Callable[[list[Incoming]], None]


class Subscriber:
    """Collects messages and gives them to ``on_batch``, one batch after the other, in order, in a thread of its own.

    on_batch : what must have happened before a message counts as received; StoreError means "not now": the same batch
        comes again, with growing pauses, and nothing is acknowledged. It may call ``publish``.
    max_batch, linger_s : a batch closes at that many messages, or that long after the one before it; the first
        message after a quiet time is not kept waiting.
    shared_filters : topics of which each of several subscribers takes its share (``$share``, MQTT 5).
    session_expiry_s : how long the broker keeps messages for us while we are away. 0 among others who share: the broker
        would go on giving a dead one its share, where nobody else can take it.
    republishes : whether what was published retained is published again on every connection; not among others, who
        may have said something newer meanwhile.
    on_connected : called on each new connection, in its thread.
    beside : topics that wait for no batch and no store: ``on_beside`` is given each message in the connection's thread,
        and must neither wait nor raise.
    will : published by the broker if we vanish.
    inbox_size : messages held in memory. What comes when it is full is not taken and not acknowledged; the broker and
        the edges' outboxes send it again. ``dropped`` counts it.
    """

    def __init__(
        self,
        url: str,
        client_id: str,
        topic_filters: Sequence[str],
        on_batch: OnBatch,
        *,
        max_batch: int = 500,
        linger_s: float = 0.05,
        inbox_size: int = 20_000,
        shared_filters: Sequence[str] = (),
        session_expiry_s: int = _SESSION_EXPIRY_S,
        republishes: bool = True,
        on_connected: Callable[[], None] = lambda: None,
        beside: Sequence[str] = (),
        on_beside: Callable[[Incoming], None] = lambda _incoming: None,
        will: Message | None = None,
    ) -> None:
        self._beside, self._on_beside = tuple(beside), on_beside
        self._filters, self._shared, self._on_batch = tuple(topic_filters), tuple(shared_filters), on_batch
        self._republishes, self._on_connected = republishes, on_connected
        self._max_batch, self._linger_s, self._inbox_size = max_batch, linger_s, inbox_size
        self.dropped = 0
        self._inbox: deque[_Received] = deque()
        self._changed = threading.Condition()
        self._overflowed = self._stopping = False
        self._retained: dict[str, Message] = {}
        self._retained_lock = threading.Lock()
        self._store_problem: StoreError | None = None
        self._fault: BrokerError | None = None
        self._connection = Connection(
            BrokerAddress.parse(url),
            client_id,
            on_up=self._on_up,
            on_message=self._on_message,
            window=_WINDOW,
            session_expiry_s=session_expiry_s,
            manual_ack=True,
            will=will,
        )
        self._thread = threading.Thread(target=self._run, name=f"ingest-{client_id}", daemon=True)

    @property
    def connected(self) -> bool:
        """Whether there is a connection to the broker."""
        return self._connection.connected

    @property
    def waiting(self) -> int:
        """How many messages have come and are not used yet."""
        return len(self._inbox)

    @property
    def problem(self) -> BrokerError | StoreError | None:
        """Why nothing is being taken in, for a person; None if all is well."""
        return self._fault or self._store_problem or self._connection.problem

    def start(self) -> None:
        """Begin to connect and receive, in the background. A broker that is away is waited for."""
        self._thread.start()
        self._connection.start()

    def stop(self) -> None:
        """Let the batch in hand end, acknowledge it, leave. What was not used comes again after the next start."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        if self._thread.is_alive():
            self._thread.join()
        self._connection.stop()

    def wait_connected(self, timeout_s: float) -> None:
        """Return once connected; BrokerError at once if the broker refuses us, else when the time is over."""
        self._connection.wait_connected(timeout_s)

    def publish(self, message: Message, expiry_s: int | None = None) -> bool:
        """Publish; return False if there is no connection. Brokers of MQTT 5 honour the expiry.

        The newest retained message of each topic is kept and published again on every connection, so it cannot be
        lost; any other is the caller's to repeat (an ack need not be: the edge sends again).
        """
        if not message.retain or not self._republishes:
            return self._connection.publish(message, expiry_s)
        # Held over the publishing, or a connection that comes up now could put an older state after a newer one.
        with self._retained_lock:
            self._retained[message.topic] = message
            return self._connection.publish(message)

    def forget(self, matches: Callable[[str], bool]) -> None:
        """Clear what was published and retained on the topics that match, and do not publish it again."""
        with self._retained_lock:
            for topic in [topic for topic in self._retained if matches(topic)]:
                cleared = Message(topic, b"", 1, retain=True)
                # not connected: cleared on the next connection, which is when it would have been published again
                self._retained[topic] = cleared
                if self._connection.publish(cleared):
                    del self._retained[topic]

    # --- callbacks of the connection's thread ------------------------------------------------------------------------

    def _on_up(self) -> None:
        self._on_connected()
        for topic_filter in (*self._filters, *self._beside, *(f"$share/{GROUP}/{shared}" for shared in self._shared)):
            self._connection.subscribe(topic_filter)
        with self._retained_lock:
            for message in self._retained.values():
                self._connection.publish(message)

    def _on_message(self, generation: int, message: MQTTMessage) -> None:
        try:
            incoming = Incoming(message.topic, bytes(message.payload))
        except UnicodeDecodeError:
            incoming = None
        if incoming is not None and any(topic_matches_sub(f, incoming.topic) for f in self._beside):
            self._on_beside(incoming)
            self._connection.ack(generation, message.mid, message.qos)
            return
        # amqtt sends a new connection other clients' retained messages too.
        if incoming is None or not any(topic_matches_sub(f, incoming.topic) for f in (*self._filters, *self._shared)):
            self._connection.ack(generation, message.mid, message.qos)
            return
        with self._changed:
            if len(self._inbox) >= self._inbox_size:
                if not self._overflowed:
                    _LOG.warning(
                        "the inbox is full (%d messages); what comes now is sent again later", self._inbox_size
                    )
                self.dropped += 1
                self._overflowed = True
                return
            self._inbox.append(_Received(incoming, generation, message.mid, message.qos))
            self._changed.notify()

    # --- its own thread ----------------------------------------------------------------------------------------------

    def _run(self) -> None:
        last_s = float("-inf")
        try:
            while batch := self._collect(last_s + self._linger_s):
                if not self._deliver([received.incoming for received in batch]):
                    return
                for received in batch:
                    self._connection.ack(received.generation, received.mid, received.qos)
                last_s = time.monotonic()
        finally:
            # Also when on_batch has a bug: without this thread nothing may look well.
            if not self._stopping:
                self._fault = BrokerError(
                    "taking in messages has ended by a fault of this program; see its log, restart"
                )
            self._connection.stop()

    def _collect(self, not_before_s: float) -> list[_Received]:
        """Wait for messages and return the next batch; empty only at the end."""
        with self._changed:
            if not self._inbox and self._overflowed:
                self._overflowed = False
                self._connection.drop()
            self._changed.wait_for(lambda: self._inbox or self._stopping)
            wait_s = not_before_s - time.monotonic()
            if wait_s > 0:
                self._changed.wait_for(lambda: len(self._inbox) >= self._max_batch or self._stopping, wait_s)
            if self._stopping:
                return []
            return [self._inbox.popleft() for _ in range(min(len(self._inbox), self._max_batch))]

    def _deliver(self, batch: list[Incoming]) -> bool:
        """Call on_batch until it succeeds; return False if we are told to stop before."""
        pause_s = _RETRY_S[0]
        while True:
            try:
                self._on_batch(batch)
            except StoreError as error:
                if self._store_problem is None:
                    _LOG.warning("%d messages wait: %s", len(batch), error)
                self._store_problem = error
                with self._changed:
                    if self._changed.wait_for(lambda: self._stopping, pause_s):
                        return False
                pause_s = min(pause_s * 2, _RETRY_S[1])
            else:
                self._store_problem = None
                return True
