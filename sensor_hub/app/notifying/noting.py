"""What is to be told, written down: before a finding is stored, so that a kill between the two loses nothing."""

from collections.abc import Callable
from datetime import UTC, date, datetime

from sensor_hub.adapters.registry import Registry
from sensor_hub.guidelines.quiet import first_due
from sensor_hub.guidelines.telling import about_finding
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.finding import Finding
from sensor_hub.model.notifying import RED_FLAG, Notification


class Noting:
    """Writes a message to each addressee whom news may concern. Any process that judges does; a hub sends."""

    def __init__(self, registry: Registry, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._registry, self._clock = registry, clock

    def finding(self, finding: Finding, athlete: Athlete) -> int:
        """Note a finding that is told for the first time; what is simulated tells nobody. Return how many are new."""
        if finding.origin == "simulated":
            return 0
        return self._note(about_finding(finding), athlete, passes_quiet=False)

    def red_flag(self, athlete: Athlete, said_on: date) -> int:
        """Note that a diary has a sign that should not wait, said on a local day."""
        return self._note(f"{RED_FLAG}|{said_on.isoformat()}", athlete, passes_quiet=True)

    def _note(self, about: str, athlete: Athlete, *, passes_quiet: bool) -> int:
        if athlete.simulated:
            return 0
        whom = self._registry.addressees.for_news_of(athlete.id)
        if not whom:
            return 0
        now_utc = self._clock()
        return self._registry.notifications.make(
            Notification(one.id, about, athlete.id, now_utc, first_due(one, now_utc, passes_quiet=passes_quiet))
            for one in whom
        )
