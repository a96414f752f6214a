"""Asks an edge to do something and waits for its answer; hears what edges say of themselves meanwhile."""

import logging
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from sensor_hub.adapters.mqtt.subscriber import Incoming
from sensor_hub.app.sensors.said import Said
from sensor_hub.errors import DecodeError, EdgeError
from sensor_hub.model.asking import (
    EXPIRES_S,
    VERB_OF,
    Ask,
    CheckSensor,
    ListSensors,
    PairSensor,
    Reply,
    Request,
    ScanAir,
    UnpairSensor,
)
from sensor_hub.model.message import Message
from sensor_hub.wire import Topics, decode_device_state, decode_gateway_state, decode_reply, encode_request
from sensor_hub.words.edges import edge_gone, edge_silent, edge_takes_nothing, no_broker, refusal_text

_LOG = logging.getLogger(__name__)
Publish = Callable[[Message, int], bool]
LIST_S: Final = 10.0
# beyond what is listened for: a scan of the collector goes first, and a link takes a while
SCAN_SLACK_S, CHECK_SLACK_S, PAIR_S, UNPAIR_S = 25.0, 50.0, 130.0, 40.0


@dataclass(slots=True)
class _Waiting:
    gw: str
    is_list: bool
    answered: threading.Event = field(default_factory=threading.Event)
    reply: Reply | None = None


class Edges:
    """A hub's side of the talk with edges; ``ask`` may be called from any thread that may wait.

    An edge is asked for one thing at a time, beside its list: more would only keep threads of the page waiting.
    publish : hands a message with its expiry, s, to the broker; False if there is no connection.
    """

    def __init__(self, topics: Topics, publish: Publish, said: Said) -> None:
        self._topics, self._publish, self.said = topics, publish, said
        self._waiting: dict[str, _Waiting] = {}
        self._lock = threading.Lock()
        self._due: set[str] = set()
        self._wake = threading.Event()
        self._stopping = False
        self._thread: threading.Thread | None = None

    @property
    def topic_filters(self) -> tuple[str, ...]:
        """What a hub has to hear for this."""
        return (*self._topics.states, self._topics.reply("+", "+"))

    # --- what is heard, in the connection's thread -------------------------------------------------------------------

    def hear(self, incoming: Incoming) -> None:
        """Take a state or an answer; what cannot be read is passed over."""
        leaf = incoming.topic.removeprefix(f"{self._topics.base}/").split("/")
        try:
            match leaf:
                case ["gw", gw, "state"] if incoming.payload:
                    report = decode_gateway_state(incoming.payload)
                    if report.gw == gw:
                        self._hear_gateway(report.gw, due=self.said.hear_gateway(report), gone=not report.is_ready)
                case ["dev", device, "state"] if incoming.payload:
                    state = decode_device_state(incoming.payload)
                    if state.device == device and self.said.hear_sensor(state):
                        self.refresh(state.gw)
                case ["dev", device, "state"]:
                    self.said.forget_sensor(device)
                case ["gw", gw, "reply", request]:
                    reply = decode_reply(incoming.payload)
                    if (reply.gw, reply.id) == (gw, request):
                        self._hear_reply(reply)
        except DecodeError as error:
            _LOG.warning("what an edge says cannot be read and is passed over: %s", error)

    def _hear_gateway(self, gw: str, *, due: bool, gone: bool) -> None:
        if due:
            self.refresh(gw)
        if gone:  # who waits for it need not wait on
            with self._lock:
                waiting = [one for one in self._waiting.values() if one.gw == gw]
            for one in waiting:
                one.answered.set()

    def _hear_reply(self, reply: Reply) -> None:
        self.said.take(reply, time.monotonic())
        with self._lock:
            waiting = self._waiting.get(reply.id)
            if waiting is None or waiting.gw != reply.gw or waiting.reply is not None:
                return
            waiting.reply = reply
        waiting.answered.set()

    # --- what is asked -----------------------------------------------------------------------------------------------

    def ask(self, gw: str, ask: Ask) -> Reply:
        """Have an edge do something; EdgeError with the mend if it is not there, does not answer, or refuses."""
        report = self.said.gateway(gw)
        if report is None or not report.is_ready:
            raise EdgeError(edge_gone())
        if VERB_OF[type(ask)] not in report.takes:
            raise EdgeError(edge_takes_nothing())
        request = Request(secrets.token_hex(8), gw, ask, datetime.now(UTC))
        waiting = _Waiting(gw, is_list=isinstance(ask, ListSensors))
        with self._lock:
            if not waiting.is_list and any(other.gw == gw and not other.is_list for other in self._waiting.values()):
                raise EdgeError(refusal_text("busy"))
            self._waiting[request.id] = waiting
        try:
            if self._stopping:  # looked at only now: who ends it wakes those who wait already
                raise EdgeError(no_broker())
            if not self._publish(encode_request(request, self._topics), int(EXPIRES_S)):
                raise EdgeError(no_broker())
            answered = waiting.answered.wait(_patience_s(ask))
        finally:
            with self._lock:
                del self._waiting[request.id]
        if waiting.reply is None:
            raise EdgeError(edge_gone() if answered else edge_silent())
        reply = waiting.reply
        if reply.refusal is not None:
            apart_s = (reply.at_utc - datetime.now(UTC)).total_seconds()
            raise EdgeError(refusal_text(reply.refusal.code, reply.refusal.text, apart_s))
        return reply

    # --- lists, in a thread of their own -----------------------------------------------------------------------------

    def start(self) -> None:
        """Begin to ask edges for their sensors whenever there may be others."""
        self._thread = threading.Thread(target=self._run, name="edges", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End it; who waits for an answer is told that none comes."""
        self._stopping = True
        self._wake.set()
        with self._lock:
            waiting = list(self._waiting.values())
        for one in waiting:
            one.answered.set()
        if self._thread is not None:
            self._thread.join()
        self._thread = None

    def refresh(self, gw: str) -> None:
        """Ask an edge for its sensors soon; returns at once."""
        with self._lock:
            self._due.add(gw)
        self._wake.set()

    def refresh_outdated(self) -> None:
        """Ask those who were not asked for a while; returns at once."""
        for gw in self.said.outdated(time.monotonic()):
            self.refresh(gw)

    def _run(self) -> None:
        while not self._stopping:
            self._wake.wait()
            self._wake.clear()
            with self._lock:
                due, self._due = self._due, set()
            for gw in sorted(due):
                if self._stopping:
                    return
                self._list(gw)

    def _list(self, gw: str) -> None:
        try:
            self.ask(gw, ListSensors())  # what it answers is taken when it is heard
        except EdgeError as error:
            self.said.tried(gw, time.monotonic())
            _LOG.info("edge %s does not tell its sensors: %s", gw, error)


def _patience_s(ask: Ask) -> float:
    match ask:
        case ScanAir(seconds):
            return seconds + SCAN_SLACK_S
        case CheckSensor(_, seconds):
            return seconds + CHECK_SLACK_S
        case PairSensor():
            return PAIR_S
        case UnpairSensor():
            return UNPAIR_S
    return LIST_S
