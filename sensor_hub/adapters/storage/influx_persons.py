"""A person's or a session's points as a whole in an InfluxDB: erased, handed over, put back.

There is no transaction: every step can be repeated, and is in an order in which a repetition ends the same.
"""

import base64
import json
import re
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final, TypeAlias

from sensor_hub.adapters.storage import line_protocol as lp
from sensor_hub.adapters.storage.influx_http import Api
from sensor_hub.adapters.storage.influxql import Series, beginning, name, select, text
from sensor_hub.adapters.storage.naming import SID_GATEWAYS, bears, named_in, names
from sensor_hub.adapters.storage.points import copied_lines, of_session, same_lines
from sensor_hub.adapters.storage.progress import ranges
from sensor_hub.model.gait import StepTable
from sensor_hub.model.minutes import MinuteTable
from sensor_hub.model.session import GapFound, SessionPaused, SessionSummary, StepBatch

OF_A_SESSION: Final = ("steps", "session_open", "progress", "session", "gap", "pause", "decode_failure", "minutes")
SAY_WHOSE: Final = ("session", "session_open")
_REMADE: Final = ("session", "progress", "session_open", "steps", "gap", "pause", "minutes")

Ask: TypeAlias = Callable[[str], list[Series]]
Write: TypeAlias = Callable[[Iterable[str]], None]


class Persons:
    """The store's part for whole persons and sessions; ``ask`` and ``write`` are the store's own."""

    def __init__(self, ask: Ask, write: Write, api: Api) -> None:
        self._ask, self._write, self._api = ask, write, api

    def erase(self, athlete: str, sids: Sequence[str]) -> int:
        """Delete what is a person's, or names them or their sessions; return the number of points.

        What says which sessions and former pseudonyms are theirs goes last: until then a repetition still knows it.
        """
        who = lp.tag_value(athlete)
        people = {who, *self._former(athlete)}
        theirs = {lp.tag_value(sid) for sid in sids}
        for measurement in SAY_WHOSE:
            theirs |= {tags["sid"] for tags in self.series(measurement) if tags["ath"] in people}
        pattern = named_in({athlete, *people, *sids, *theirs})
        n_points = self.delete("dead_letter", id=self._letters(pattern))
        gateways = {tags["gw"] for tags in self.series("received")}
        n_points += self.delete("received", gw={gw for gw in gateways if names(pattern, gw)})
        n_points += self._leave_out_of_warnings(named_in({athlete, *people}), theirs, people)
        n_points += self.delete("finding", id=self._findings(theirs)) + self.delete("finding", ath=people)
        for measurement in sorted(OF_A_SESSION, key=lambda m: m in SAY_WHOSE):
            n_points += self.delete(measurement, ath=people) + self.delete(measurement, sid=theirs)
        return n_points + self.delete("reassigned", ath=people)

    def hand_over(self, sid: str, new_athlete: str) -> None:
        """Give the points of one session to another athlete: copied first, then deleted."""
        new = lp.tag_value(new_athlete)
        for measurement in OF_A_SESSION:
            olds = [ath for ath in self._tag_values(measurement, "ath", of_session(sid)) if ath != new]
            for old in olds:
                self.copy(measurement, f"ath = {text(old)} AND {of_session(sid)}", new_athlete)
        for measurement in OF_A_SESSION:
            for old in self._tag_values(measurement, "ath", of_session(sid)):
                if old != new:
                    self.delete(measurement, ath={old}, sid={lp.tag_value(sid)})

    def copy(self, measurement: str, where: str, new_athlete: str) -> None:
        """Write points again with another athlete's tag."""
        is_float = self._floats(measurement)
        for series in self._ask(f"SELECT *::field FROM {name(measurement)} WHERE {where} GROUP BY *"):  # noqa: S608
            self._write(copied_lines(series, new_athlete, is_float))

    def marks(self, sid: str) -> list[tuple[str, int, int]]:
        """Ranges received from gateways that are one session's own."""
        found = []
        for way in SID_GATEWAYS:
            # by its beginning: a season has thousands of such gateways
            for gw in self._tag_values("received", "gw", f"gw =~ {beginning(lp.tag_value(f'{way}-{sid}'))}"):
                if bears(gw, sid):
                    numbers = self._ask(select(("n",), "received", f"gw = {text(gw)}"))
                    found += [(gw, *ends) for ends in ranges([row[0] for s in numbers for row in s.rows])]
        return sorted(found)

    def restore(
        self,
        summary: SessionSummary,
        steps: StepTable,
        gaps: Sequence[GapFound],
        pauses: Sequence[SessionPaused],
        minutes: MinuteTable | None = None,
    ) -> None:
        """Write a session in place of whatever is stored under its sid, its summary last.

        minutes : of one whose steps were let go of, else None.
        """
        header = summary.header
        for measurement in _REMADE:
            self.delete(measurement, sid={lp.tag_value(header.sid)})
        whole = StepBatch(header, summary.start_utc, steps, summary.totals)
        self._write([*lp.event_lines(whole, 0), lp.written_line(whole, time.time_ns())])
        self._write(line for gap in gaps for line in lp.event_lines(replace(gap, header=header), 0))
        self._write(line for pause in pauses for line in lp.event_lines(replace(pause, header=header), 0))
        if minutes is not None:
            self._write(lp.minute_lines(header.athlete, header.sid, minutes))
        if summary.ended:
            marks = [lp.replaced_line(summary), *([] if minutes is None else [lp.pruned_line(summary)])]
            self._write([*lp.event_lines(summary, 0), *marks])

    def texts(self) -> Iterator[tuple[str, str]]:
        """Yield (measurement, text) of every series and of every text in a point, each once a measurement.

        Of each measurement an empty text comes first.

        InfluxDB 1 may list tags of series that are gone until it is started again; these are in no series any more.
        """
        for known in self._ask("SHOW MEASUREMENTS"):
            for (measurement,) in known.rows:
                yield measurement, ""
                for series in self._ask(f"SHOW SERIES FROM {name(measurement)}"):
                    yield from ((measurement, row[0]) for row in series.rows)
                keys = [row for s in self._ask(f"SHOW FIELD KEYS FROM {name(measurement)}") for row in s.rows]
                for field in [field for field, kind in keys if kind == "string" and field != "unknown"]:
                    query = f"SELECT distinct({name(field)}) FROM {name(measurement)}"  # noqa: S608
                    found = (row[1] for series in self._ask(query) for row in series.rows)
                    yield from ((measurement, _readable(measurement, field, text)) for text in found)

    # --- inside -------------------------------------------------------------------------------------------------------

    def _tag_values(self, measurement: str, tag: str, where: str) -> list[str]:
        condition = f" WHERE {where}" if where else ""
        shown = self._ask(f"SHOW TAG VALUES FROM {name(measurement)} WITH KEY = {name(tag)}{condition}")
        return sorted({row[1] for series in shown for row in series.rows})

    def _former(self, athlete: str) -> list[str]:
        """Pseudonyms that were given to an athlete."""
        grouped = self._ask(select(("to",), "reassigned", tail="GROUP BY ath"))
        return [series.tags["ath"] for series in grouped if series.rows[-1][1] == athlete]

    def series(self, measurement: str) -> list[dict[str, str]]:
        """Tags of every series that has a point."""
        return [s.tags for s in self._ask(select(("unknown",), measurement, tail="GROUP BY * LIMIT 1"))]

    def delete(self, measurement: str, *, at_ns: int | None = None, **chosen: Collection[str]) -> int:
        """Delete the points whose every named tag has one of its values; return how many there were.

        at_ns : only of this moment.

        InfluxDB 1.6 may forget the other series of a measurement over it, until it is started again. Their first points
        are read before, and written again then, just as they were.
        """
        if not all(chosen.values()):
            return 0
        where = " AND ".join(f"({_any(tag, values)})" for tag, values in chosen.items())
        where += "" if at_ns is None else f" AND time = {at_ns}"
        counted = self._ask(f"SELECT count(unknown) FROM {name(measurement)} WHERE {where}")  # noqa: S608
        n_points = sum(int(row[1]) for series in counted for row in series.rows)
        is_float = self._floats(measurement)
        others = [s for s in self._first_points(measurement) if not _is_chosen(s.tags, chosen)]
        # dropping takes a series out of the index of InfluxDB 1 as well; it knows no time
        is_dropped = self._api == "v1" and at_ns is None
        verb = "DROP SERIES" if is_dropped else "DELETE"
        if n_points or is_dropped:
            self._ask(f"{verb} FROM {name(measurement)} WHERE {where}")
        self._bring_back(measurement, others, is_float)
        return n_points

    def _first_points(self, measurement: str) -> list[Series]:
        return self._ask(f"SELECT *::field FROM {name(measurement)} GROUP BY * LIMIT 1")  # noqa: S608

    def _bring_back(self, measurement: str, others: Sequence[Series], is_float: set[str]) -> None:
        if not others:
            return
        there = {frozenset(series.tags.items()) for series in self._first_points(measurement)}
        lost = [series for series in others if frozenset(series.tags.items()) not in there]
        self._write(line for series in lost for line in same_lines(series, is_float))

    def _floats(self, measurement: str) -> set[str]:
        keys = self._ask(f"SHOW FIELD KEYS FROM {name(measurement)}")
        return {field for series in keys for field, kind in series.rows if kind == "float"}

    def _letters(self, pattern: re.Pattern[bytes] | None) -> set[str]:
        """Ids of the dead letters that name somebody."""
        found = set()
        for series in self._ask(select(("topic", "payload", "reason", "gw"), "dead_letter", tail="GROUP BY id")):
            for record in series.records():
                texts = (record["topic"] or "", base64.b64decode(record["payload"] or ""), record["reason"] or "")
                if names(pattern, *texts, record["gw"] or ""):
                    found.add(series.tags["id"])
        return found

    def _findings(self, sids: set[str]) -> set[str]:
        """Ids of the findings about some sessions, whosesoever they are."""
        scopes = {f"session:{sid}" for sid in sids}
        grouped = self._ask(select(("scope",), "finding", tail="GROUP BY id"))
        return {series.tags["id"] for series in grouped if any(row[1] in scopes for row in series.rows)}

    def _leave_out_of_warnings(self, pattern: re.Pattern[bytes] | None, sids: set[str], people: set[str]) -> int:
        """Take warnings that name the person from other people's sessions: a pod may have looked like theirs."""
        n_points = 0
        grouped = self._ask(select(("warnings",), "session", tail="GROUP BY ath, sid, replayed"))
        for series in grouped:
            if series.tags["ath"] in people or series.tags["sid"] in sids:
                continue
            for time_ns, listed in series.rows:
                if listed and names(pattern, listed):
                    kept = json.dumps(tuple(w for w in json.loads(listed) if not names(pattern, w)))
                    self._write([lp.written_again("session", series.tags, {"warnings": kept}, time_ns)])
                    n_points += 1
        return n_points


def _any(tag: str, values: Iterable[str]) -> str:
    return " OR ".join(f"{name(tag)} = {text(value)}" for value in sorted(values))


def _readable(measurement: str, field: str, value: str) -> str:
    is_bytes = (measurement, field) == ("dead_letter", "payload")
    return base64.b64decode(value).decode("utf-8", "replace") if is_bytes else value


def _is_chosen(tags: Mapping[str, str], chosen: Mapping[str, Collection[str]]) -> bool:
    return all(tags.get(tag, "") in values for tag, values in chosen.items())


def is_same(
    known: tuple[SessionSummary | None, StepTable, Sequence[GapFound], Sequence[SessionPaused]],
    new: tuple[SessionSummary, StepTable, Sequence[GapFound], Sequence[SessionPaused]],
) -> bool:
    """Whether a session is stored already just as it is to be put back."""
    (summary, steps, *rest), (new_summary, new_steps, *new_rest) = known, new
    return summary == new_summary and steps == new_steps and [list(r) for r in rest] == [list(r) for r in new_rest]


__all__ = ["OF_A_SESSION", "Persons", "is_same"]
