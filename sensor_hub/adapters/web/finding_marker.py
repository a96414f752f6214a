"""Marking findings from a page: in a thread, spoken, and shown at once."""

from collections.abc import Awaitable, Callable
from typing import Final
from zoneinfo import ZoneInfo

from nicegui import run

from sensor_hub.adapters.web import mark_labels as labels
from sensor_hub.adapters.web.writing import WriteSide
from sensor_hub.errors import SensorHubError
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.finding import Finding
from sensor_hub.model.mark import Snooze, snoozed_until
from sensor_hub.model.ports import Marks

BY: Final = "page"
Told = Callable[[str], None]


class Marker:
    """Marks of one athlete's findings.

    on_change : shows what there is now. say : told what was done. complain : told why it was not.
    """

    def __init__(
        self, marks: Marks, writing: WriteSide, athlete: Athlete, on_change: Callable[[], Awaitable[object]],
        say: Told, complain: Told,
    ) -> None:  # fmt: skip
        self._marks, self._writing, self._athlete = marks, writing, athlete
        self._on_change, self._say, self._complain = on_change, say, complain
        self._under_way: set[str] = set()

    async def acknowledge(self, finding: Finding) -> None:
        """Say that it was seen."""
        await self._do(finding, lambda: self._marks.acknowledge(finding, by=BY), labels.said_seen())

    async def snooze(self, finding: Finding, snooze: Snooze) -> None:
        """Put it off."""
        who = self._athlete
        until_utc = snoozed_until(snooze, self._writing.now_utc(), who.zone, who.week_start)
        said = labels.said_later(until_utc.astimezone(ZoneInfo(who.zone)))
        await self._do(finding, lambda: self._marks.snooze(finding, until_utc, by=BY), said)

    async def unmark(self, finding: Finding) -> None:
        """Take a mark back."""
        await self._do(finding, lambda: self._marks.unmark(finding, by=BY), labels.said_back())

    async def _do(self, finding: Finding, what: Callable[[], object], said: str) -> None:
        if finding.id in self._under_way:  # a second tap on the same button
            return
        self._under_way.add(finding.id)
        try:
            await run.io_bound(what)
        except SensorHubError as problem:
            self._complain(labels.not_marked(str(problem)))
            return
        finally:
            self._under_way.discard(finding.id)
        self._complain("")
        self._say(said)
        await self._on_change()
