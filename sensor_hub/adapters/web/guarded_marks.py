"""Marks on findings as one asker may see and set them."""

from collections.abc import Mapping
from datetime import datetime

from sensor_hub.adapters.web.rights import Rights
from sensor_hub.model.finding import Finding
from sensor_hub.model.mark import FindingMark
from sensor_hub.model.ports import Marks


class SeenMarks:
    """Marks of those whose load the asker may see; set with the right to mark, as the role of who asks."""

    def __init__(self, marks: Marks, rights: Rights) -> None:
        self._marks, self._rights = marks, rights

    def of(self, athlete: str) -> Mapping[str, FindingMark]:
        """Return the marks of an athlete's findings."""
        self._rights.demand("see-load", athlete=self._rights.person(athlete).id)
        return self._marks.of(athlete)

    def acknowledge(self, finding: Finding, *, by: str) -> FindingMark:
        """Say that somebody has seen it."""
        del by
        self._demand(finding)
        return self._marks.acknowledge(finding, by=self._rights.by)

    def snooze(self, finding: Finding, until_utc: datetime, *, by: str) -> FindingMark:
        """Show it quietly until then."""
        del by
        self._demand(finding)
        return self._marks.snooze(finding, until_utc, by=self._rights.by)

    def unmark(self, finding: Finding, *, by: str) -> None:
        """Take the mark back."""
        del by
        self._demand(finding)
        self._marks.unmark(finding, by=self._rights.by)

    def _demand(self, finding: Finding) -> None:
        self._rights.demand("mark-findings", athlete=self._rights.person(finding.athlete).id)
