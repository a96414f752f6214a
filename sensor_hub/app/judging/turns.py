"""What one of several hubs does at a time: taken for some seconds in the registry, and kept while it is done."""

import logging
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sensor_hub.adapters.registry.judging import Work, lease_of
from sensor_hub.errors import RegistryError, StoreError

_LOG = logging.getLogger(__name__)
LEASE_S: Final = 10.0  # ours: so long after a hub dies another takes over what it was at
WAIT_S: Final = 60.0
ASK_S: Final = 0.05
ROUNDS: Final = "rounds"  # the turn of what one hub at a time does on a clock


class Turns:
    """The turns of one process. What a thread holds it may enter again; other threads and other hubs wait.

    A thread of its own, begun with the first turn, keeps what is held; so only a process that is dead, or stopped for
    longer than ``lease_s``, loses a turn. process : a name no other process has.
    """

    def __init__(self, work: Work, *, lease_s: float = LEASE_S) -> None:
        self.process, self.lease_s = secrets.token_hex(6), lease_s
        self._work = work
        self._held: dict[str, str] = {}  # by name, the holder
        self._asked: dict[str, tuple[float, bool]] = {}  # by name, when ``has`` was asked and what it said
        self._lock = threading.Lock()
        self._depth = threading.local()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="hub-turns", daemon=True)

    def start(self) -> None:
        """Begin to keep what is held, unless it has begun."""
        with self._lock:
            if self._thread.ident is None and not self._stopping.is_set():
                self._thread.start()

    def stop(self) -> None:
        """Stop keeping, and give back what is held; safe to call twice."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()
        with self._lock:
            held, self._held = self._held, {}
        for name, holder in held.items():
            self._give_back(name, holder)

    @property
    def holder(self) -> str:
        """Who this thread is to other hubs."""
        return f"{self.process}:{threading.get_ident():x}"

    @contextmanager
    def of(self, athlete: str) -> Iterator[None]:
        """Be the only one that judges an athlete; StoreError if another hub does for very long."""
        name = lease_of(athlete)
        if name in self._mine():
            yield
            return
        self._wait_for(name, athlete)
        try:
            yield
        finally:
            self._leave(name)
            self._give_back(name, self.holder)

    def entered(self, athlete: str) -> None:
        """Count an athlete whom this thread has taken by itself as held."""
        self._enter(lease_of(athlete))

    def left(self, athlete: str) -> None:
        """Count them as held no more; whoever took them gives them back."""
        self._leave(lease_of(athlete))

    def has(self, name: str) -> bool:
        """Take, or keep, a turn for this process; whether it has it. A registry that is away gives none.

        Asked often, it answers for a while what it answered before.
        """
        holder, now_s = self.process, time.monotonic()
        with self._lock:
            asked_s, had = self._asked.get(name, (float("-inf"), False))
        if now_s - asked_s < self.lease_s / 5:
            return had
        try:
            taken = self._work.take(name, holder, for_s=self.lease_s)
        except RegistryError as error:
            _LOG.info("the turn %r could not be asked for: %s", name, error)
            taken = False
        with self._lock:
            self._asked[name] = now_s, taken
            if taken:
                self._held[name] = holder
            else:
                self._held.pop(name, None)
        return taken

    # --- inside ------------------------------------------------------------------------------------------------------

    def _mine(self) -> set[str]:
        if not hasattr(self._depth, "names"):
            self._depth.names = set()
        names: set[str] = self._depth.names
        return names

    def _enter(self, name: str) -> None:
        self.start()  # a command beside the hubs has nobody who would say so
        self._mine().add(name)
        with self._lock:
            self._held[name] = self.holder

    def _leave(self, name: str) -> None:
        self._mine().discard(name)
        with self._lock:
            self._held.pop(name, None)

    def _wait_for(self, name: str, athlete: str) -> None:
        by_s = time.monotonic() + WAIT_S
        while True:
            try:
                if self._work.take(name, self.holder, for_s=self.lease_s):
                    self._enter(name)
                    return
            except RegistryError as error:
                raise StoreError(str(error)) from error
            if time.monotonic() > by_s:
                raise StoreError(f"another hub has been judging {athlete} for {WAIT_S:g} s: look whether it hangs")
            time.sleep(ASK_S)

    def _give_back(self, name: str, holder: str) -> None:
        try:
            self._work.give_back(name, holder)
        except RegistryError as error:
            _LOG.info("the turn %r runs out by itself: %s", name, error)

    def _keep(self) -> None:
        while not self._stopping.wait(self.lease_s / 3):
            with self._lock:
                held = dict(self._held)
            try:
                self._work.keep(held, for_s=self.lease_s)
            except RegistryError as error:
                _LOG.warning("turns could not be kept, and may go to another hub: %s", error)
            except Exception:
                # Composition root: a hub that kept nothing any more would lose whatever takes longer than a turn.
                _LOG.exception("turns could not be kept, and may go to another hub")
