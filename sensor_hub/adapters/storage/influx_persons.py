"""A person's or a session's points as a whole in an InfluxDB: erased, handed over, put back.

There is no transaction: every step can be repeated, and is in an order in which a repetition ends the same.
"""

import base64
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final, TypeAlias

from sensor_hub.adapters.storage import line_protocol as lp
from sensor_hub.adapters.storage.influx_http import Api
from sensor_hub.adapters.storage.influxql import Series, beginning, name, select, text
from sensor_hub.adapters.storage.naming import SID_GATEWAYS, bears, named_in, names
from sensor_hub.adapters.storage.points import copied_lines, of_session
from sensor_hub.adapters.storage.progress import ranges
from sensor_hub.model.gait import StepTable
from sensor_hub.model.session import GapFound, SessionPaused, SessionSummary, StepBatch

OF_A_SESSION: Final = ("steps", "session_open", "progress", "session", "gap", "pause", "decode_failure")
SAY_WHOSE: Final = ("session", "session_open")
_REMADE: Final = ("session", "progress", "session_open", "steps", "gap", "pause")
_AT_ONCE: Final = 50

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
        aliases = self._tagged("reassigned", "ath", f'"to" = {text(athlete)} OR ath = {text(who)}')
        people = {who, *aliases}
        whose = _any("ath", people)
        theirs = {lp.tag_value(sid) for sid in sids}
        for measurement in SAY_WHOSE:
            theirs |= set(self._tag_values(measurement, "sid", whose))
        pattern = named_in({athlete, *people, *sids, *theirs})
        n_points = self._delete_letters(pattern)
        gateways = [gw for gw in self._tag_values("received", "gw", "") if names(pattern, gw)]
        n_points += sum(self._delete("received", part) for part in _parts("gw", gateways))
        n_points += self._leave_out_of_warnings(named_in({athlete, *people}), theirs, people)
        n_points += self._delete_findings(whose, theirs)
        # what says which sessions are theirs comes last
        for measurement in sorted(OF_A_SESSION, key=lambda m: m in SAY_WHOSE):
            n_points += self._delete(measurement, whose)
            n_points += sum(self._delete(measurement, part) for part in _parts("sid", sorted(theirs)))
        return n_points + self._delete("reassigned", whose)

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
                    self._delete(measurement, f"ath = {text(old)} AND {of_session(sid)}")

    def copy(self, measurement: str, where: str, new_athlete: str) -> None:
        """Write points again with another athlete's tag."""
        keys = self._ask(f"SHOW FIELD KEYS FROM {name(measurement)}")
        is_float = {field for series in keys for field, kind in series.rows if kind == "float"}
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
    ) -> None:
        """Write a session in place of whatever is stored under its sid, its summary last."""
        header, within = summary.header, of_session(summary.header.sid)
        for measurement in _REMADE:
            self._delete(measurement, within)
        self._write(lp.event_lines(StepBatch(header, summary.start_utc, steps, summary.totals), 0))
        self._write(line for gap in gaps for line in lp.event_lines(replace(gap, header=header), 0))
        self._write(line for pause in pauses for line in lp.event_lines(replace(pause, header=header), 0))
        if summary.ended:
            self._write([*lp.event_lines(summary, 0), lp.replaced_line(summary)])

    # --- inside -------------------------------------------------------------------------------------------------------

    def _tag_values(self, measurement: str, tag: str, where: str) -> list[str]:
        condition = f" WHERE {where}" if where else ""
        shown = self._ask(f"SHOW TAG VALUES FROM {name(measurement)} WITH KEY = {name(tag)}{condition}")
        return sorted({row[1] for series in shown for row in series.rows})

    def _tagged(self, measurement: str, tag: str, where: str) -> list[str]:
        """Values of a tag where a condition on fields holds."""
        return [s.tags[tag] for s in self._ask(select(("unknown",), measurement, where, f"GROUP BY {name(tag)}"))]

    def _delete(self, measurement: str, where: str) -> int:
        """Delete points, by tags; return how many there were. InfluxDB 1 lets go of their series too."""
        counted = self._ask(f"SELECT count(unknown) FROM {name(measurement)} WHERE {where}")  # noqa: S608
        n_points = sum(int(row[1]) for series in counted for row in series.rows)
        if n_points:
            self._ask(f"DELETE FROM {name(measurement)} WHERE {where}")  # noqa: S608
        if self._api == "v1":
            # a series without a point still shows its tags
            self._ask(f"DROP SERIES FROM {name(measurement)} WHERE {where}")
        return n_points

    def _delete_letters(self, pattern: re.Pattern[bytes] | None) -> int:
        columns = ("topic", "payload", "reason", "gw")
        n_points = 0
        for series in self._ask(select(columns, "dead_letter", tail="GROUP BY id")):
            for record in series.records():
                texts = (record["topic"] or "", base64.b64decode(record["payload"] or ""), record["reason"] or "")
                if names(pattern, *texts, record["gw"] or ""):
                    n_points += self._delete("dead_letter", f"id = {text(series.tags['id'])}")
        return n_points

    def _delete_findings(self, whose: str, sids: set[str]) -> int:
        n_points = self._delete("finding", whose)
        for series in self._ask(select(("scope",), "finding", tail="GROUP BY id")):
            if any(row[1] in {f"session:{sid}" for sid in sids} for row in series.rows):
                n_points += self._delete("finding", f"id = {text(series.tags['id'])}")
        return n_points

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
                    self._write([lp.warnings_line(series.tags, kept, time_ns)])
                    n_points += 1
        return n_points


def _any(tag: str, values: Iterable[str]) -> str:
    return " OR ".join(f"{name(tag)} = {text(value)}" for value in sorted(values))


def _parts(tag: str, values: Sequence[str]) -> Iterator[str]:
    for at in range(0, len(values), _AT_ONCE):
        yield _any(tag, values[at : at + _AT_ONCE])


def is_same(
    known: tuple[SessionSummary | None, StepTable, Sequence[GapFound], Sequence[SessionPaused]],
    new: tuple[SessionSummary, StepTable, Sequence[GapFound], Sequence[SessionPaused]],
) -> bool:
    """Whether a session is stored already just as it is to be put back."""
    (summary, steps, *rest), (new_summary, new_steps, *new_rest) = known, new
    return summary == new_summary and steps == new_steps and [list(r) for r in rest] == [list(r) for r in new_rest]


__all__ = ["OF_A_SESSION", "Persons", "is_same"]
