"""What a timeline's card reads of the hub: in a thread, and of an ended session only what is new."""

from dataclasses import dataclass

from sensor_hub.adapters.web.timeline_drawn import Run
from sensor_hub.model.ports import HubView
from sensor_hub.model.session import SessionSummary
from sensor_hub.model.timeline import Timeline


@dataclass(frozen=True, slots=True)
class Seen:
    """What the hub has of a session for this card. limits : of its day, by panel, in SI."""

    summary: SessionSummary
    timeline: Timeline | None
    limits: tuple[tuple[str, float], ...]
    other: Run | None


class Reader:
    """Reads a session, and once the one it is compared with. other : its id, None without one."""

    def __init__(self, view: HubView, sid: str, other: str | None) -> None:
        self._view, self._sid, self._other = view, sid, other

    def read(self, before: Seen | None) -> Seen | None:
        """Return what the hub has now: ``before`` itself where nothing changed; None where there is no session."""
        summary = self._view.session(self._sid)
        if summary is None:
            return None
        timeline = self._view.timeline(self._sid)
        if before is not None and before.summary == summary and before.timeline is timeline:
            return before
        other = before.other if before is not None else self._read_other()
        return Seen(summary, timeline, self._limits(summary), other)

    def _read_other(self) -> Run | None:
        if self._other is None:
            return None
        summary, timeline = self._view.session(self._other), self._view.timeline(self._other)
        return None if summary is None or timeline is None else Run(summary, timeline)

    def _limits(self, summary: SessionSummary) -> tuple[tuple[str, float], ...]:
        """Return what the day allowed this session; nothing where its way of measuring is still learned."""
        found = self._view.athlete(summary.header.athlete)
        day = None if found is None else next((d for d in found.days if d.sid == self._sid), None)
        if day is None or day.bridging:
            return ()
        limits = (("load", day.limit_load_eq_km), ("hard", day.limit_hard_load_bw_s))
        return tuple((key, limit) for key, limit in limits if limit is not None)
