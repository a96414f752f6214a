"""Several hubs: whom a batch concerns is noted in the registry before it is acknowledged, and judged by one of them.

So no judgement is lost by a kill between commit and judgement, and nobody is judged by two at once: who judges an
athlete has them for some seconds, and loses them by dying. Judged is what the store holds, not what a batch held.
"""

import logging
import time
from collections.abc import Callable, Sequence
from threading import Event, Thread
from typing import Final

from sensor_hub.adapters.registry.judging import Work, lease_of
from sensor_hub.app.ingest import Ingest
from sensor_hub.app.judging.telling import TellingOnce
from sensor_hub.app.judging.turns import Turns
from sensor_hub.errors import RegistryError, StoreError
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.finding import Finding
from sensor_hub.model.message import Envelope
from sensor_hub.model.work import DueJudgement

_LOG = logging.getLogger(__name__)
AT_ONCE: Final = 8  # taken together; while one is judged, the others wait, and no other hub has them
LOOK_S: Final = 0.5  # how often each hub looks for who is due, whichever hub noted them
REST: Final = 1.5  # times as long as judging took nobody is judged: messages and pages want their turn
RIPE_S: Final = 0.4  # of one who runs, more comes twice a second; an end is judged at once
TELL_LEFT_LOOKS: Final = 4


class Queued:
    """``judging.port.Judging`` of a hub among others, with a thread of its own.

    on_judged : told each athlete who was judged, and whether a session of theirs had ended, while nobody else judges
        them.
    """

    def __init__(
        self,
        ingest: Ingest,
        work: Work,
        turns: Turns,
        telling: TellingOnce,
        *,
        on_judged: Callable[[Athlete, bool], None] = lambda _athlete, _final: None,
        look_s: float = LOOK_S,
    ) -> None:
        self._ingest, self._work, self._turns, self._telling = ingest, work, turns, telling
        self._on_judged, self._look_s = on_judged, look_s
        self._noted: list[Athlete] = []
        self._ended = False
        self._wake, self._stopping = Event(), False
        self._thread = Thread(target=self._run, name="hub-judging", daemon=True)

    def start(self) -> None:
        """Begin to judge whoever is due, whichever hub noted them."""
        self._turns.start()
        self._thread.start()

    def stop(self) -> None:
        """Let the judgement in hand end; what is due stays noted."""
        self._stopping = True
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join()
        self._turns.stop()

    def note(self, envelopes: Sequence[Envelope]) -> None:
        """Note in the registry whom a committed batch concerns; StoreError leaves the batch to come again."""
        changes = self._ingest.changes(envelopes)
        try:
            self._work.note(
                DueJudgement(c.athlete.id, c.athlete.zone, c.athlete.simulated, c.since, c.final) for c in changes
            )
        except RegistryError as error:
            raise StoreError(str(error)) from error
        self._noted = [change.athlete for change in changes]
        self._ended = any(change.final for change in changes)

    def after(self, envelopes: Sequence[Envelope]) -> list[Athlete]:
        """Let the thread judge those just noted, unless another hub has begun to."""
        del envelopes
        noted, self._noted = self._noted, []
        if self._ended:
            self._wake.set()
        return noted

    def tell(self, finding: Finding, notify: bool) -> None:
        """Tell a person once."""
        self._telling.tell(finding, notify)

    # --- its own thread ----------------------------------------------------------------------------------------------

    def _run(self) -> None:
        looks, said = 0, ""
        while not self._stopping:
            self._wake.wait(self._look_s)
            self._wake.clear()
            looks += 1
            try:
                while not self._stopping and (took_s := self._judge_some()) is not None:
                    self._wake.wait(REST * took_s)
                if looks % TELL_LEFT_LOOKS == 0:
                    self._telling.tell_left(self._ingest.store)
                said = ""
            except (StoreError, RegistryError) as error:
                if str(error) != said:
                    _LOG.warning("judging waits: %s", error)
                said = str(error)
                self._wake.wait(self._look_s)
            except Exception:
                # Composition root: a hub that stopped judging would look well. Whoever is due stays so.
                _LOG.exception("judging failed, and is tried again")
                self._wake.wait(self._turns.lease_s)

    def _judge_some(self) -> float | None:
        """Judge who is due; return how long that took, s, and None where nobody was."""
        holder, begin_s = self._turns.holder, time.monotonic()
        taken = self._work.take_due(holder, for_s=self._turns.lease_s, at_most=AT_ONCE, ripe_s=RIPE_S)
        for due in taken:
            self._turns.entered(due.athlete)
        waiting = list(taken)
        try:
            while waiting and not self._stopping:
                self._judge_one(waiting.pop(0), holder)
        finally:
            for due in waiting:
                self._turns.left(due.athlete)
                self._work.give_back(lease_of(due.athlete), holder)
        return time.monotonic() - begin_s if taken else None

    def _judge_one(self, due: DueJudgement, holder: str) -> None:
        """Judge one; whom that fails with stays due, and in nobody's hands once the turn has run out."""
        try:
            self._judge(due)
        except (StoreError, RegistryError):
            raise
        except Exception:
            # Composition root: what is wrong with one athlete must not keep the others from being judged.
            _LOG.exception("an athlete could not be judged; tried again")
        else:
            if not self._work.judged(due, holder):
                self._work.note([due])  # another may have judged meanwhile, and ours came last: once more
        finally:
            self._turns.left(due.athlete)

    def _judge(self, due: DueJudgement) -> None:
        known = self._ingest.registry.known(due.athlete)
        athlete = known or Athlete(due.athlete, due.athlete, due.zone, simulated=due.simulated)
        self._ingest.judge(athlete, due.since, final=due.final)
        self._on_judged(athlete, due.final)
