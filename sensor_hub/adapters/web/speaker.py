"""Writing into a diary from a page: what it did is told in a bar at the foot, with undo beside it."""

from collections.abc import Awaitable, Callable
from zoneinfo import ZoneInfo

from nicegui import run

from sensor_hub.adapters.web import guide_labels, guide_words, keeping_labels
from sensor_hub.adapters.web.editor import BY, OutcomeBar
from sensor_hub.errors import SensorHubError
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.diary import Said, SetPolicy, SetRule
from sensor_hub.model.guidance import Guidance
from sensor_hub.model.ports import Guide, SaidOutcome


class Speaker:
    """Lines of one athlete's diary. on_change : called with what is said now, when something was changed."""

    def __init__(self, guide: Guide, athlete: Athlete, on_change: Callable[[Guidance], Awaitable[object]]) -> None:
        self._guide, self.athlete, self._on_change = guide, athlete, on_change
        self._last: tuple[str, ...] = ()
        self._under_way: set[object] = set()
        self.bar = OutcomeBar()
        self.bar.on_undo(self._undo_last)

    @property
    def zone(self) -> ZoneInfo:
        """The athlete's zone."""
        return ZoneInfo(self.athlete.zone)

    async def say(self, *said: Said) -> bool:
        """Write lines, all or none; False if they were refused, which the bar says."""
        outcome = await self._once(said, lambda: self._guide.say(self.athlete.id, said, by=BY))
        if outcome is None:
            return False
        self._last = tuple(entry.id for entry in outcome.entries)
        told = " ".join(guide_words.said(line, self.athlete.zone) for line in said)
        of_rules = all(isinstance(line, SetPolicy | SetRule) for line in said)
        verdict = outcome.guidance.verdict
        self.bar.show(
            guide_labels.said(told, "" if of_rules else guide_words.verdict(verdict)),
            can_undo=bool(self._last),
            refused=verdict.standing == "red-flag" and not of_rules,
        )
        await self._on_change(outcome.guidance)
        return True

    async def take_back(self, entry: str, *, again: bool = False) -> bool:
        """Take a line back, or say an undone one again."""
        outcome = await self._once(entry, lambda: self._turned(entry, again))
        if outcome is None:
            return False
        self._last = ()
        self.bar.show(keeping_labels.done_again() if again else keeping_labels.taken_back(), can_undo=False)
        await self._on_change(outcome.guidance)
        return True

    def _turned(self, entry: str, again: bool) -> SaidOutcome:
        """Ask for it unless it is so already: somebody may have done it since the page was drawn."""
        if (entry in self._guide.diary(self.athlete.id).undone) is not again:
            return SaidOutcome((), self._guide.guidance(self.athlete.id))
        return self._guide.take_back(self.athlete.id, by=BY, entry=entry)

    async def _undo_last(self) -> None:
        entries, self._last = self._last[::-1], ()
        for entry in entries:
            if not await self.take_back(entry):
                return

    async def _once(self, what: object, ask: Callable[[], SaidOutcome]) -> SaidOutcome | None:
        """Ask in a thread; None where it was refused, or where a second tap asks for what is under way."""
        if what in self._under_way:
            return None
        self._under_way.add(what)
        try:
            outcome: SaidOutcome | None = await run.io_bound(ask)
        except SensorHubError as problem:
            self.bar.show(keeping_labels.refused(str(problem)), can_undo=False, refused=True)
            return None
        finally:
            self._under_way.discard(what)
        return outcome
