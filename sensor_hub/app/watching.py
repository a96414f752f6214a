"""What other processes have changed in store and registry, noticed and made good by a running hub.

Imports, merges, edits and diaries are written beside a hub, and any process may be killed between what it writes and
what follows from it.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from sensor_hub.adapters.registry import Registry
from sensor_hub.adapters.registry.erasing import Erasures
from sensor_hub.app.board import Board
from sensor_hub.app.guiding.guide import Guiding
from sensor_hub.app.history.keeping import HistoryKeeping
from sensor_hub.app.ingest import Ingest
from sensor_hub.app.loads.referencing import OwnReferences
from sensor_hub.app.person.forgetting import erasures_of
from sensor_hub.app.publishing import Publishing
from sensor_hub.app.rounds import Chore
from sensor_hub.guidelines.evaluate import local_day
from sensor_hub.model.athlete import Athlete

CATCH_UP_S: Final = 5  # how often findings of other processes are looked for
REFERENCES_S: Final = 3600  # how often everybody's references are looked after: another process may import runs
JUDGED_AT_START: Final = timedelta(days=2)  # a kill between commit and judgement is made good from here on at least


class Watching:
    """Looks at what stands in store and registry; every method is called from one thread at a time.

    forget_topics : clears what stands on the broker of people who were erased.
    """

    def __init__(
        self,
        ingest: Ingest,
        board: Board,
        guide: Guiding,
        keeping: HistoryKeeping,
        references: OwnReferences,
        publishing: Publishing,
        *,
        forget_topics: Callable[[Erasures], None],
    ) -> None:
        self._ingest, self._board, self._guide, self._keeping = ingest, board, guide, keeping
        self._references, self._publishing, self._forget_topics = references, publishing, forget_topics
        self._diaries_seen = guide.version()

    @property
    def _registry(self) -> Registry:
        return self._ingest.registry

    def at_start(self) -> None:
        """A broker may have forgotten what stands; a kill may have come between a commit and its judgement."""
        self.note_everybody()
        self._judge_what_was_left()
        self.forget_erased()
        self.catch_up()
        self._publishing.publish_due()

    def _judge_what_was_left(self) -> None:
        """Judge everybody from their newest run on: a hub may have been away for weeks since the kill."""
        known = {athlete.id: athlete for athlete in self._registry.athletes()}
        since_utc = datetime.now(UTC) - JUDGED_AT_START
        for who in sorted({*known, *self._ingest.store.athletes()}):
            newest = self._ingest.store.sessions(who)[-1:]
            athlete = known.get(who) or next((self._ingest.athlete(s.header) for s in newest), None)
            if athlete is not None:  # also one whom only an edge knows
                begin_utc = min([since_utc, *(s.start_utc for s in newest)])
                self._ingest.judge(athlete, local_day(begin_utc, athlete.zone))

    def look_at_diaries(self) -> None:
        """What another process wrote into a diary may hold somebody's headroom back."""
        seen = self._guide.version()
        if seen != self._diaries_seen:
            self._diaries_seen = seen
            self._publishing.due(self._everybody(erasures_of(self._registry)))

    def catch_up(self) -> None:
        """Publish findings that an import, a merge or an edit has stored, and clear those that are gone.

        An edit whose process was killed before it judged is judged first.
        """
        self._guide.catch_up()  # first: of what took a setting back, the history's would judge nothing
        self._keeping.catch_up()
        if not self._publishing.is_settled:
            return  # it is looked at again in a moment
        erased = erasures_of(self._registry)
        stored = [finding for finding in self._ingest.store.findings() if finding.athlete not in erased]
        for who in self._publishing.findings(stored):
            self._board.touch(who, heard=False)
        self._publishing.due(self._everybody(erased))

    def forget_erased(self) -> None:
        """Let go of people who were erased, here and on the broker."""
        erased = erasures_of(self._registry)
        if not erased.digests:
            return
        for who in [who for who in {*self._board.people(), *self._publishing.people()} if who in erased]:
            self._board.forget(who)
            self._guide.forget(who)
            self._publishing.forget(who)
        self._publishing.forget_topics(erased)
        self._forget_topics(erased)

    def look_after_references(self) -> None:
        """Learn and express references of those who are due, and publish what that changes."""
        for athlete in self._references.work():
            self._board.touch(athlete.id, heard=False)
            self._publishing.due([athlete])

    def note_everybody(self) -> None:
        """Let everybody's references be looked after: another process may have imported runs."""
        for athlete in self._registry.athletes():
            self._references.note(athlete.id)

    def _everybody(self, erased: Erasures) -> list[Athlete]:
        return [athlete for athlete in self._registry.athletes() if athlete.id not in erased]

    def chores(self) -> list[Chore]:
        """What is done of all this beside the messages, and how often."""
        return [
            Chore("what was said", 1, self.look_at_diaries),
            Chore("loads", 1, self._publishing.publish_due, everywhere=True),
            Chore("everybody's references", REFERENCES_S, self.note_everybody),
            Chore("who was erased", CATCH_UP_S, self.forget_erased, everywhere=True),
            Chore("what other processes changed", CATCH_UP_S, self.catch_up),
            Chore("references that are due", CATCH_UP_S, self.look_after_references, everywhere=True),
        ]
