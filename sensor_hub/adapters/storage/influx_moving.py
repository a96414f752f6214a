"""A session in an InfluxDB as a whole, on its way to or from another store.

There is no transaction: a session's summary is written last, and one that is only half there is put anew.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, TypeAlias

from sensor_hub.adapters.storage import line_protocol as lp
from sensor_hub.adapters.storage.influx_persons import OF_A_SESSION, Persons
from sensor_hub.adapters.storage.influxql import Series, select
from sensor_hub.adapters.storage.points import of_session
from sensor_hub.adapters.storage.progress import is_replay
from sensor_hub.errors import StoreError
from sensor_hub.model.load import Totals
from sensor_hub.model.moving import StoredFailure, StoredPause, Whole
from sensor_hub.model.session import SessionStarted, SessionSummary, StepBatch
from sensor_hub.units import utc_us

_SAY_OF_ONE: Final = ("session", "session_open", "gap", "pause", "decode_failure")
Ask: TypeAlias = Callable[[str], list[Series]]
Write: TypeAlias = Callable[[Iterable[str]], None]


class Moving:
    """The store's part for moving; ``ask`` and ``write`` are the store's own."""

    def __init__(self, ask: Ask, write: Write, persons: Persons) -> None:
        self._ask, self._write, self._persons = ask, write, persons

    def sids(self) -> list[str]:
        """Every session that anything is stored of, ascending."""
        return sorted({tags["sid"] for measurement in _SAY_OF_ONE for tags in self._persons.series(measurement)})

    def pauses(self, sid: str) -> tuple[StoredPause, ...]:
        """Pauses of a session by their start."""
        found = {}
        for series in self._ask(select(("end_us", "unknown"), "pause", of_session(sid), "GROUP BY ath")):
            for time_ns, end_us, _ in series.rows:
                if end_us is not None:
                    found[time_ns] = StoredPause(series.tags["ath"], time_ns // lp.NS_PER_US, end_us)
        return tuple(found[time_ns] for time_ns in sorted(found))

    def failures(self, sid: str) -> tuple[StoredFailure, ...]:
        """Payloads of a session that could not be decoded, by their arrival."""
        grouped = "GROUP BY ath, device, characteristic"
        found = {}
        for series in self._ask(select(("problem", "unknown"), "decode_failure", of_session(sid), grouped)):
            device, characteristic = series.tags["device"], series.tags["characteristic"]
            for time_ns, problem, _ in series.rows:
                one = StoredFailure(series.tags["ath"], device, characteristic, time_ns // lp.NS_PER_US, problem)
                found[one.arrival_us, device, characteristic] = one
        return tuple(found[key] for key in sorted(found))

    def replaced(self, known: SessionSummary) -> bool:
        """Whether another model took the place of what a session was."""
        grouped = self._ask(
            select((lp.REPLACED, "unknown"), "session", of_session(known.header.sid), "GROUP BY replayed")
        )
        mine = lp.REPLAYED if is_replay(known.header) else ""
        return any(row[1] for s in grouped if s.tags.get("replayed", "") == mine for row in s.rows)

    def put(self, new: Whole, *, is_here: bool) -> None:
        """Write a session in place of whatever is stored of it; ``is_here`` : that is something."""
        _check_ids(new)
        if is_here:
            for measurement in OF_A_SESSION:
                self._persons.delete(measurement, sid={new.sid})
        self._write(_lines_of(new))
        if new.summary is not None and new.summary.ended:
            marks = [lp.replaced_line(new.summary)] if new.replaced else []
            marks += [lp.pruned_line(new.summary)] if new.minutes is not None else []
            self._write([*lp.event_lines(new.summary, 0), *marks])

    def mark_received(self, gw: str, marked: Sequence[tuple[int, int]]) -> None:
        """Mark closed ranges of a gateway's numbers as received."""
        _check_id("gateway", gw)
        self._write(lp.received_line(gw, n) for first, last in marked for n in range(first, last + 1))


def _lines_of(new: Whole) -> Iterator[str]:
    for gap in new.gaps:
        yield from lp.event_lines(gap, 0)
    for pause in new.pauses:
        yield lp.pause_line(new.sid, pause)
    for failure in new.failures:
        yield lp.failure_line(new.sid, failure)
    if new.summary is None:
        return
    header, start_utc, totals = new.summary.header, new.summary.start_utc, new.summary.totals
    if new.minutes is not None:
        yield from lp.minute_lines(header.athlete, new.sid, new.minutes)
    yield from lp.event_lines(SessionStarted(header, start_utc, ()), 0)
    if len(new.steps):
        *steps, _, _ = lp.event_lines(StepBatch(header, start_utc, new.steps, totals), 0)
        yield from steps
    if not new.summary.ended and new.batch_us is not None:
        yield lp.progress_line(header, totals, new.batch_us)
        end_us = utc_us(new.summary.end_utc)
        if end_us > new.batch_us:  # another batch ended later, and was not as far into the session
            yield lp.progress_line(header, Totals(n_steps=-1.0, duration_s=-1.0), end_us)


def _check_ids(new: Whole) -> None:
    people = {new.summary.header.athlete} if new.summary else set()
    people |= {pause.athlete for pause in new.pauses} | {failure.athlete for failure in new.failures}
    people |= {gap.header.athlete for gap in new.gaps}
    _check_id("session", new.sid)
    for athlete in sorted(people):
        _check_id("athlete", athlete)


def _check_id(what: str, text: str) -> None:
    if lp.tag_value(text) != text:
        raise StoreError(f"{what} {text!r}: InfluxDB holds no such id (empty, or with a line break or a backslash)")
