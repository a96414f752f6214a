"""What a hub tells the world of people: loads and findings, on retained topics, each when it has changed."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from threading import Lock

from sensor_hub.adapters.registry.erasing import Erasures
from sensor_hub.app.board import Board
from sensor_hub.errors import StoreError
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.finding import Finding
from sensor_hub.model.load import LoadStatus
from sensor_hub.model.message import Message
from sensor_hub.wire import Topics, encode_finding, encode_load


class Publishing:
    """Loads and findings as they were said last. Safe from any thread.

    publish : hands a message to the broker; False where there is no connection.
    """

    def __init__(self, board: Board, topics: Topics, publish: Callable[[Message], bool]) -> None:
        self._board, self._topics, self._publish = board, topics, publish
        self._lock = Lock()
        self._due: dict[str, Athlete] = {}
        self._loads: dict[str, LoadStatus] = {}
        self._findings: dict[str, Finding] = {}

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
            except StoreError:
                with self._lock:
                    self._due.setdefault(athlete.id, athlete)

    def load(self, athlete: Athlete) -> None:
        """Publish an athlete's load if it has changed; StoreError if it cannot be read."""
        status = self._board.load(athlete)
        if status != self._loads.get(athlete.id):
            self._loads[athlete.id] = status
            self._publish(encode_load(status, self._topics))

    def load_of(self, athlete: str) -> LoadStatus | None:
        """Return what was said of an athlete's load last."""
        return self._loads.get(athlete)

    # --- findings ----------------------------------------------------------------------------------------------------

    def finding(self, finding: Finding) -> None:
        """Publish a finding, or that it no longer holds."""
        with self._lock:
            self._findings[finding.id] = finding
        self._publish(encode_finding(finding, self._topics))

    def findings(self, stored: Iterable[Finding]) -> set[str]:
        """Publish what is not said yet of all that is stored, and clear what is gone; return whom that concerns."""
        standing = {finding.id: finding for finding in stored}
        with self._lock:
            said = dict(self._findings)
        news = [finding for id_, finding in standing.items() if finding != said.get(id_)]
        gone = [finding for id_, finding in said.items() if id_ not in standing and not finding.withdrawn]
        for finding in (*news, *(replace(finding, withdrawn=True) for finding in gone)):
            self.finding(finding)
        return {finding.athlete for finding in news}

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

    def forget_findings(self, erased: Erasures) -> None:
        """Let go of findings of people who were erased."""
        with self._lock:
            self._findings = {id_: f for id_, f in self._findings.items() if f.athlete not in erased}
