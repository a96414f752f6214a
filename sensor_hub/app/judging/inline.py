"""One hub alone: it judges beside the messages, and writes nothing more than the findings.

A runner's batches come twice a second and a hundred runners' all the time, while a judgement looks at months. So
whoever is judged is not judged again for half a second, a batch never waits for the judgement of the one before it, and
judging takes two fifths of the time at most.
"""

import logging
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from threading import Condition, Lock, RLock, Thread
from typing import Final

from sensor_hub.app.ingest import Change, Ingest
from sensor_hub.errors import RegistryError, StoreError
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.finding import Finding
from sensor_hub.model.message import Envelope

_LOG = logging.getLogger(__name__)
EVERY_S: Final = 0.5  # of one athlete while they run; an end is judged at once
REST: Final = 1.5  # times as long as a judgement took nobody else is judged: messages and pages want their turn
RETRY_S: Final = 1.0


class OneAtATime:
    """Lets one thread at a time judge an athlete: two that saw the same moment would both tell what is new in it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._locks: dict[str, AbstractContextManager[object]] = {}

    def of(self, athlete: str) -> AbstractContextManager[object]:
        """Return what is entered while an athlete is judged; who has entered it may do so again."""
        with self._lock:
            return self._locks.setdefault(athlete, RLock())


class Inline:
    """``judging.port.Judging`` of a hub without others beside it. A kill before it is made good at the next start."""

    def __init__(self, ingest: Ingest, tell: Callable[[Finding, bool], None]) -> None:
        self._ingest, self._tell = ingest, tell
        self._due: dict[str, Change] = {}
        self._judged_s: dict[str, float] = {}
        self._news = Condition()
        self._stopping = False
        self._thread = Thread(target=self._run, name="hub-judging", daemon=True)

    def start(self) -> None:
        """Begin to judge whoever is due."""
        self._thread.start()

    def stop(self) -> None:
        """Judge whoever is due still, and end. Called again it judges those whose batches came meanwhile."""
        with self._news:
            self._stopping = True
            self._news.notify_all()
        if self._thread.is_alive():
            self._thread.join()
        self._run()

    def note(self, envelopes: Sequence[Envelope]) -> None:
        """Nothing is written: what a kill leaves unjudged the next start judges."""

    def after(self, envelopes: Sequence[Envelope]) -> list[Athlete]:
        """Let whom the batch concerns be judged soon."""
        changes = self._ingest.changes(envelopes)
        with self._news:
            for change in changes:
                self._add(change)
            self._news.notify_all()
        return [change.athlete for change in changes]

    def tell(self, finding: Finding, notify: bool) -> None:
        """Tell at once."""
        self._tell(finding, notify)

    # --- its own thread ----------------------------------------------------------------------------------------------

    def _run(self) -> None:
        said = ""
        while True:
            with self._news:
                self._news.wait_for(lambda: self._stopping or self._due)
                change = self._next()
                if change is None:
                    if self._stopping:
                        return
                    self._news.wait(EVERY_S / 10)
                    continue
            begin_s = time.monotonic()
            try:
                self._ingest.judge(change.athlete, change.since, final=change.final)
                said = ""
            except (StoreError, RegistryError) as error:
                if str(error) != said:
                    _LOG.warning("judging waits: %s", error)
                said = str(error)
                with self._news:
                    self._add(change)
                    if self._stopping:
                        return
                    self._news.wait_for(lambda: self._stopping, RETRY_S)
            except Exception:
                # Composition root: what is wrong with one athlete must not keep the others from being judged.
                _LOG.exception("an athlete could not be judged")
            if not change.final:
                with self._news:
                    self._news.wait_for(lambda: self._stopping, REST * (time.monotonic() - begin_s))

    def _add(self, change: Change) -> None:
        who, before = change.athlete.id, self._due.get(change.athlete.id)
        if before is not None:
            change = Change(change.athlete, min(change.since, before.since), change.final or before.final)
        self._due[who] = change

    def _next(self) -> Change | None:
        """Take whoever has waited longest of those whose turn it is; None while everybody was judged just now."""
        now_s = time.monotonic()
        for who, change in self._due.items():
            if self._stopping or change.final or now_s - self._judged_s.get(who, float("-inf")) >= EVERY_S:
                self._judged_s[who] = now_s
                return self._due.pop(who)
        return None
