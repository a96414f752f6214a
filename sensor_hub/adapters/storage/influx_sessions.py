"""Sessions of an InfluxDB as they stand: those that ended by their summary, those that run by what they add up to."""

from collections.abc import Callable
from datetime import datetime
from itertools import islice
from typing import Final, TypeAlias

from sensor_hub.adapters.storage import line_protocol as lp
from sensor_hub.adapters.storage.influxql import Series, number, select
from sensor_hub.adapters.storage.points import (
    OF_HEADER,
    OF_PROGRESS,
    OF_SESSION,
    header_of,
    of_session,
    summary_of,
    totals_of,
    utc_of,
)
from sensor_hub.adapters.storage.progress import is_replay, rank
from sensor_hub.model.load import Totals
from sensor_hub.model.session import SessionHeader, SessionSummary

_BY_SESSION: Final = "GROUP BY ath, sid, replayed"
_BY_RANK: Final = "GROUP BY replayed"

Ask: TypeAlias = Callable[[str], list[Series]]


class Sessions:
    """The store's part for sessions; ``ask`` is the store's own."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def summaries(self, condition: str) -> list[SessionSummary]:
        """Sessions that a condition picks; a replay only where nothing else is known of its session."""
        columns = (*lp.HEADER, *lp.TOTALS, "end_us", "source", "warnings", "unknown")
        ended = [
            summary_of(series, record)
            for series in self._ask(select(columns, "session", condition, _BY_SESSION))
            for record in series.records(OF_SESSION)
        ]
        found = {(s.header.sid, is_replay(s.header)): s for s in ended}
        for series in self._ask(select((*lp.HEADER, "unknown"), "session_open", condition, _BY_SESSION)):
            for record in islice(series.records((*OF_HEADER, "unknown")), 1):
                header = header_of(series, record)
                key = header.sid, is_replay(header)
                if key not in found:
                    found[key] = self._running(header, utc_of(record["time"]))
        return [s for (sid, replayed), s in found.items() if not replayed or (sid, False) not in found]

    def furthest(self, header: SessionHeader) -> tuple[Totals, int | None]:
        """Totals of the batch that is furthest into a running session, and its last step; None before one."""
        within = of_session(header.sid)
        longest = self._progress(header, f"SELECT max(duration_s) FROM progress WHERE {within} {_BY_RANK}")  # noqa: S608
        if longest:
            within += f" AND duration_s >= {number(longest[0].rows[0][1])}"
        candidates = [
            (totals_of(record), record["time"] // lp.NS_PER_US)
            for series in self._progress(header, select((*lp.TOTALS, "unknown"), "progress", within, _BY_RANK))
            for record in series.records(OF_PROGRESS)
        ]
        return max(candidates, key=lambda c: rank(*c), default=(Totals(), None))

    # --- inside -------------------------------------------------------------------------------------------------------

    def _progress(self, header: SessionHeader, query: str) -> list[Series]:
        tag = lp.REPLAYED if is_replay(header) else ""
        return [series for series in self._ask(query) if series.tags.get("replayed", "") == tag]

    def _running(self, header: SessionHeader, start_utc: datetime) -> SessionSummary:
        last = select(("unknown",), "progress", of_session(header.sid), f"{_BY_RANK} ORDER BY time DESC LIMIT 1")
        newest = self._progress(header, last)
        if not newest:
            return SessionSummary(header, start_utc, start_utc, Totals(), ended=False)
        totals, _ = self.furthest(header)
        return SessionSummary(header, start_utc, max(start_utc, utc_of(newest[0].rows[0][0])), totals, ended=False)
