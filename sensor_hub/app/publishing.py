"""What a hub tells the world of people: loads and findings, on retained topics, each when it has changed."""

import time
from collections.abc import Callable, Iterable
from threading import Lock
from typing import Final

from sensor_hub.adapters.registry.erasing import Erasures
from sensor_hub.app.board import Board
from sensor_hub.app.person.forgetting import athlete_of_topic
from sensor_hub.errors import RegistryError, StoreError
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.finding import Finding
from sensor_hub.model.load import LoadStatus
from sensor_hub.model.message import Message
from sensor_hub.wire import Topics, encode_finding, encode_load

SETTLED_S: Final = 2.0  # on a new connection the broker gives what it keeps first


class Publishing:
    """Loads and findings as they stand on the broker. Safe from any thread.

    publish : hands a message to the broker; False where there is no connection.
    hears_itself : what stands on the broker is told to ``heard``, whichever hub said it, and is believed. Without it a
        hub is alone, and what it has said stands.
    """

    def __init__(
        self, board: Board, topics: Topics, publish: Callable[[Message], bool], *, hears_itself: bool = False
    ) -> None:
        self._board, self._topics, self._publish, self._hears_itself = board, topics, publish, hears_itself
        self._lock = Lock()
        self._due: dict[str, Athlete] = {}
        self._loads: dict[str, LoadStatus] = {}
        self._standing: dict[str, bytes] = {}  # payloads by topic
        self._settled_s = 0.0
        # Of what was never heard nothing stands; one that hears nothing cannot tell, and clears it to be sure.
        self._unheard = b"" if hears_itself else None

    def heard(self, topic: str, payload: bytes) -> None:
        """Take what stands on the broker from now on; empty where nothing does any more."""
        with self._lock:
            self._standing[topic] = payload

    def connected(self) -> None:
        """Believe nothing of what was: a broker that was away may have forgotten it, and says what it has not."""
        with self._lock:
            self._standing.clear()
            self._settled_s = time.monotonic() + SETTLED_S

    @property
    def is_settled(self) -> bool:
        """Whether what stands on the broker is known."""
        return time.monotonic() >= self._settled_s

    # --- loads -------------------------------------------------------------------------------------------------------

    def due(self, athletes: Iterable[Athlete]) -> None:
        """Look at the loads of these athletes the next time ``publish_due`` is called."""
        with self._lock:
            self._due |= {athlete.id: athlete for athlete in athletes}

    def publish_due(self) -> None:
        """Publish the loads that are due and have changed; those that cannot be read stay due."""
        with self._lock:
            due, self._due = self._due, {}
        for athlete in due.values():
            try:
                self.load(athlete)
            except (StoreError, RegistryError):
                with self._lock:
                    self._due.setdefault(athlete.id, athlete)

    def load(self, athlete: Athlete) -> None:
        """Publish an athlete's load if it has changed; StoreError if it cannot be read."""
        status = self._board.load(athlete)
        with self._lock:
            self._loads[athlete.id] = status
        self._say(encode_load(status, self._topics))

    def load_of(self, athlete: str) -> LoadStatus | None:
        """Return an athlete's load as this hub has looked at it last."""
        with self._lock:
            return self._loads.get(athlete)

    # --- findings ----------------------------------------------------------------------------------------------------

    def finding(self, finding: Finding) -> None:
        """Publish a finding, or that it no longer holds."""
        self._say(encode_finding(finding, self._topics))

    def findings(self, stored: Iterable[Finding]) -> set[str]:
        """Publish what does not stand yet of all that is stored, and clear what is gone; return whom that concerns."""
        wanted = {m.topic: m for m in (encode_finding(finding, self._topics) for finding in stored)}
        with self._lock:
            standing = dict(self._standing)
        news = [message for topic, message in wanted.items() if message.payload != standing.get(topic, self._unheard)]
        gone = [topic for topic, payload in standing.items() if payload and "/alert/" in topic and topic not in wanted]
        for message in (*news, *(Message(topic, b"", 1, True) for topic in gone)):
            self._say(message)
        return {athlete_of_topic(message.topic) for message in news}

    # --- people ------------------------------------------------------------------------------------------------------

    def people(self) -> set[str]:
        """Pseudonyms of everybody whose load was said, or is due."""
        with self._lock:
            return {*self._loads, *self._due}

    def forget(self, athlete: str) -> None:
        """Let go of somebody's load: they were erased."""
        with self._lock:
            self._loads.pop(athlete, None)
            self._due.pop(athlete, None)

    def forget_topics(self, erased: Erasures) -> None:
        """Let go of what stands of people who were erased, and clear it where another hub may have said it."""
        with self._lock:
            gone = [topic for topic in self._standing if athlete_of_topic(topic) in erased]
            for topic in gone:
                del self._standing[topic]
        if self._hears_itself:
            for topic in gone:
                self._publish(Message(topic, b"", 1, True))

    def _say(self, message: Message) -> None:
        """Publish what does not stand; what cannot be said now does not stand, if others may say it too."""
        with self._lock:
            if self._standing.get(message.topic, self._unheard) == message.payload:
                return
        if not self._publish(message) and self._hears_itself:
            return
        self.heard(message.topic, message.payload)
