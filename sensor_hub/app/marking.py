"""Marks on findings: what the pages and the command line set, and who hears of it."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from sensor_hub.adapters.registry import Registry
from sensor_hub.model.finding import Finding
from sensor_hub.model.mark import FindingMark


class Marking:
    """The port ``Marks`` over a registry. Safe from any thread.

    on_change : told whose finding was marked. clock : UTC, of the people who mark; a session's own clock, which a demo
    has run faster, moves no snooze.
    """

    def __init__(
        self,
        registry: Registry,
        *,
        on_change: Callable[[str], None] = lambda _athlete: None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._registry, self._on_change, self._clock = registry, on_change, clock

    def of(self, athlete: str) -> Mapping[str, FindingMark]:
        """Every mark of an athlete's findings, by the finding's id."""
        return self._registry.marks.of(athlete)

    def acknowledge(self, finding: Finding, *, by: str) -> FindingMark:
        """Say that somebody has seen it."""
        return self._told(self._registry.marks.put(finding, by=by, at_utc=self._clock()))

    def snooze(self, finding: Finding, until_utc: datetime, *, by: str) -> FindingMark:
        """Show it quietly until then."""
        return self._told(self._registry.marks.put(finding, by=by, at_utc=self._clock(), until_utc=until_utc))

    def unmark(self, finding: Finding, *, by: str) -> None:
        """Take the mark back."""
        del by  # what is not there any more says nothing of who took it
        self._registry.marks.remove(finding)
        self._on_change(finding.athlete)

    def _told(self, mark: FindingMark) -> FindingMark:
        self._on_change(mark.athlete)
        return mark
