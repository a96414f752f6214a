"""What a hub does on a clock of its own: chores, each every so many seconds, one after the other in one thread."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Event, Thread
from typing import Final

_LOG = logging.getLogger(__name__)
TICK_S: Final = 1.0


@dataclass(frozen=True, slots=True)
class Chore:
    """Something to do every ``every_s`` seconds, whole ones; ``name`` says what it is in a log.

    everywhere : each of several hubs does it; else the one whose turn it is.
    """

    name: str
    every_s: int
    do: Callable[[], object]
    everywhere: bool = False


def always() -> bool:
    """Whether it is the turn of a hub that is alone."""
    return True


class Rounds:
    """Does chores in their order until it is stopped. One that fails is logged and comes again; the others go on.

    is_ours : asked every tick whether it is this hub's turn. on_turn : done first when it has become so.
    """

    def __init__(
        self,
        chores: Sequence[Chore],
        *,
        is_ours: Callable[[], bool] = always,
        on_turn: Callable[[], object] = lambda: None,
        tick_s: float | None = None,
    ) -> None:
        self._chores, self._tick_s = tuple(chores), TICK_S if tick_s is None else tick_s
        self._is_ours, self._on_turn = is_ours, on_turn
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="hub-rounds", daemon=True)

    def start(self) -> None:
        """Begin; the first chores are done a second from now."""
        self._thread.start()

    def stop(self) -> None:
        """Let the chore in hand end; safe to call twice, and on rounds that never began."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        ticks, had = 0, False
        while not self._stopping.wait(self._tick_s):
            ticks += 1
            ours = self._asked()
            if ours and not had:
                had = self._did("what was left", self._on_turn)
            had = had and ours
            for chore in self._chores:
                if ticks % chore.every_s == 0 and (had or chore.everywhere) and not self._stopping.is_set():
                    self._did(chore.name, chore.do)

    def _asked(self) -> bool:
        try:
            return self._is_ours()
        except Exception:
            # Composition root: as below.
            _LOG.exception("whose turn it is could not be asked; it is taken for another hub's")
            return False

    def _did(self, name: str, do: Callable[[], object]) -> bool:
        try:
            do()
        except Exception:
            # Composition root: a hub that stopped saying what stands would look like one with nothing to say.
            _LOG.exception("%s: it failed, and is tried again", name)
            return False
        return True
