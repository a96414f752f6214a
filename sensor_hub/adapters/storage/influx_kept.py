"""What an InfluxDB keeps of sessions that ended: their minutes for ever, their single steps until they are let go of.

Minutes are made here and not by the server: a continuous query or a task looks at each stretch of time once, and what
comes later of it is never in its sums; ours come days late. So every commit notes on its sessions that something was
written (``written``, a number that never repeats), and ``tidy`` notes which of these it has seen (``tidied``).

There is no transaction: every step can be repeated, and is in an order in which a repetition ends the same.
"""

import time
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import datetime
from threading import RLock
from typing import Final, TypeAlias

from sensor_hub.adapters.storage import line_protocol as lp
from sensor_hub.adapters.storage.influx_persons import Persons
from sensor_hub.adapters.storage.influxql import Series, select
from sensor_hub.adapters.storage.points import any_session, minute_table, of_session
from sensor_hub.model.gait import StepTable
from sensor_hub.model.minutes import MINUTE_COLUMNS, MinuteTable, minutes_of
from sensor_hub.units import utc_us

TIDY_S: Final = 1.0
_SIDS_AT_ONCE: Final = 50
_MINUTE_FIELDS: Final = (*MINUTE_COLUMNS[1:], "unknown")
_OF_SERIES: Final = "GROUP BY ath, sid, replayed"

Ask: TypeAlias = Callable[[str], list[Series]]
Write: TypeAlias = Callable[[Iterable[str]], None]


class Kept:
    """The store's part for sessions that ended; all it is given is the store's own.

    lock : is held over each deletion, so that no series begins meanwhile.
    """

    def __init__(
        self, ask: Ask, write: Write, steps: Callable[[str], StepTable], persons: Persons, lock: RLock
    ) -> None:
        self._ask, self._write, self._steps, self._persons, self._lock = ask, write, steps, persons, lock

    def minutes(self, sid: str) -> MinuteTable:
        """Minutes as ``tidy`` kept them; empty if it has not yet."""
        return minute_table(self._ask(select(_MINUTE_FIELDS, "minutes", of_session(sid))))

    def pruned(self, sid: str) -> bool:
        """Whether the single steps were let go of; a replay's mark counts only while nothing else is known."""
        asked = [
            select((lp.PRUNED, "unknown"), "session", of_session(sid), "GROUP BY replayed"),
            select(("unknown",), "session_open", of_session(sid), "GROUP BY replayed LIMIT 1"),
        ]
        found = self._ask("; ".join(asked))
        of_a_run = [series for series in found if not series.tags.get("replayed")]
        return any(row[1] for s in of_a_run or found if s.measurement == "session" for row in s.rows)

    def tidy(self) -> int:
        """Make the minutes of sessions that ended and had something written since, for about a second."""
        end_s, n_tidied = time.monotonic() + TIDY_S, 0
        for sid, opened in self._due():
            self._tidy(sid, opened)
            n_tidied += 1
            if time.monotonic() > end_s:
                break
        return n_tidied

    def prune(self, before_utc: datetime, keep: Collection[str], within_s: float) -> int:
        """Mark sessions as let go of, once their minutes are made, and delete their steps then."""
        staying = {lp.tag_value(sid) for sid in keep}
        old = [sid for sid in self._ended_before(before_utc) if sid not in staying]
        due = dict(self._due())
        n_pruned, end_s = 0, time.monotonic() + within_s
        for at in range(0, len(old), _SIDS_AT_ONCE):
            if time.monotonic() > end_s:
                break
            part = old[at : at + _SIDS_AT_ONCE]
            for sid in part:
                if sid in due:
                    self._tidy(sid, due[sid])
            having = self._with_minutes(part)
            with self._lock:
                self._mark([sid for sid in part if sid in having])
                self._persons.delete("steps", sid=having)
            n_pruned += len(having)
        return n_pruned

    # --- inside -------------------------------------------------------------------------------------------------------

    def _due(self) -> Iterator[tuple[str, list[Series]]]:
        """Sessions that ended and are not tidy, with their points of ``session_open`` as they were before."""
        opened: dict[str, list[Series]] = {}
        runs, untidy = set(), set()
        for series in self._ask(select((lp.WRITTEN, lp.TIDIED, "unknown"), "session_open", tail=_OF_SERIES)):
            sid = series.tags["sid"]
            opened.setdefault(sid, []).append(series)
            if not series.tags.get("replayed"):
                runs.add(sid)
            if any(tidied is None or (written or 0) != tidied for _, written, tidied, _ in series.rows):
                untidy.add(sid)
        for sid in self._ended(sorted(untidy), runs):
            yield sid, opened[sid]

    def _ended(self, sids: list[str], runs: set[str]) -> list[str]:
        """Those that have ended; that a replay has ended says nothing of its run."""
        if not sids:
            return []
        # a long list of alternatives costs a server more than all sessions do
        where = any_session(sids) if len(sids) <= _SIDS_AT_ONCE else ""
        found = self._ask(select(("unknown",), "session", where, f"{_OF_SERIES} LIMIT 1"))
        ended = {(s.tags["sid"], bool(s.tags.get("replayed"))) for s in found}
        return [sid for sid in sids if (sid, False) in ended or (sid not in runs and (sid, True) in ended)]

    def _tidy(self, sid: str, opened: list[Series]) -> None:
        """Write what the steps amount to, and then which writing of them that is."""
        if not self.pruned(sid):
            made = minutes_of(self._steps(sid))
            athletes = {series.tags["ath"] for series in opened}
            there = {row[0] for s in self._ask(select(("unknown",), "minutes", of_session(sid))) for row in s.rows}
            with self._lock:
                if there - set((made.minute_utc_us * lp.NS_PER_US).tolist()):
                    self._persons.delete("minutes", sid={sid})
                self._write(line for athlete in sorted(athletes) for line in lp.minute_lines(athlete, sid, made))
        self._write(
            lp.written_again("session_open", series.tags, {lp.TIDIED: written or 0}, time_ns)
            for series in opened
            for time_ns, written, *_ in series.rows
        )

    def _ended_before(self, before_utc: datetime) -> list[str]:
        """Sessions that ended before and have not been let go of; a replay only while nothing else is known."""
        grouped = self._ask(select(("end_us", lp.PRUNED, "unknown"), "session", tail=_OF_SERIES))
        runs = {s.tags["sid"] for s in self._ask(select(("unknown",), "session_open", tail=f"{_OF_SERIES} LIMIT 1"))
                if not s.tags.get("replayed")}  # fmt: skip
        runs |= {s.tags["sid"] for s in grouped if not s.tags.get("replayed")}
        before_us = utc_us(before_utc)
        return sorted({
            series.tags["sid"] for series in grouped
            if (not series.tags.get("replayed") or series.tags["sid"] not in runs)
            and all(end_us is not None and end_us < before_us and not gone for _, end_us, gone, _ in series.rows)
        })  # fmt: skip

    def _with_minutes(self, sids: list[str]) -> set[str]:
        found = self._ask(select(("unknown",), "minutes", any_session(sids), "GROUP BY sid LIMIT 1"))
        return {series.tags["sid"] for series in found}

    def _mark(self, sids: list[str]) -> None:
        if sids:
            grouped = self._ask(select(("unknown",), "session", any_session(sids), _OF_SERIES))
            self._write(
                lp.written_again("session", series.tags, {lp.PRUNED: True}, time_ns)
                for series in grouped
                for time_ns, _ in series.rows
            )


def athletes_of(series_tags: Iterable[dict[str, str]]) -> list[str]:
    """Athletes of the tags of sessions; a replay's only where nothing else is known of its session."""
    listed = list(series_tags)
    runs = {tags["sid"] for tags in listed if not tags.get("replayed")}
    return sorted({tags["ath"] for tags in listed if not tags.get("replayed") or tags["sid"] not in runs})
