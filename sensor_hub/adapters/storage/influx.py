"""InfluxDB as the store: written as line protocol, read with InfluxQL.

A commit has no transaction here. Its data go first and the marks that its messages were received last, so whoever
sees the mark sees the data; repeated after a failure, it writes the same points again.
"""

import base64
import math
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from itertools import chain
from threading import RLock
from typing import Final
from urllib.parse import urlsplit

import httpx

from sensor_hub.adapters.storage import line_protocol as lp
from sensor_hub.adapters.storage.influx_commit import ALIASES, aliases_of, lines_of, notes_of
from sensor_hub.adapters.storage.influx_http import TIMEOUT_S, Api, Query, V1Writer, V2Writer, Writer
from sensor_hub.adapters.storage.influx_kept import Kept, athletes_of
from sensor_hub.adapters.storage.influx_moving import Moving
from sensor_hub.adapters.storage.influx_persons import OF_A_SESSION, SAY_WHOSE, Persons, is_same
from sensor_hub.adapters.storage.influx_sessions import Sessions
from sensor_hub.adapters.storage.influx_set_up import INFINITE, default_policy, told_of_policy
from sensor_hub.adapters.storage.influxql import Series, name, select, text
from sensor_hub.adapters.storage.points import (
    FINDING_FIELDS,
    OF_DEAD_LETTER,
    OF_FINDING,
    OF_GAP,
    STEP_FIELDS,
    finding_of,
    header_of,
    of_session,
    step_table,
    utc_of,
)
from sensor_hub.adapters.storage.progress import (
    check_replaceable,
    check_same_athlete,
    is_replay,
    of_new_athlete,
    ranges,
)
from sensor_hub.errors import ConfigError, StoreError
from sensor_hub.model.finding import Finding
from sensor_hub.model.gait import StepTable
from sensor_hub.model.message import DeadLetter, Envelope
from sensor_hub.model.minutes import MinuteTable, minutes_of
from sensor_hub.model.moving import Whole
from sensor_hub.model.session import (
    GapFound,
    LiveReading,
    SessionPaused,
    SessionSummary,
    StepBatch,
)
from sensor_hub.units import from_utc_us, utc_us

_BY_SESSION: Final = "GROUP BY ath, sid, replayed"
_AT_ONCE: Final = 20_000


class InfluxStore:
    """``model.ports.Store`` in an InfluxDB.

    Parameters
    ----------
    url : http(s)://host:port, without user and password.
    database : its name; for ``api="v2"`` the bucket, with a DBRP mapping of the same name.
    api : how to write: "v1" (InfluxDB 1.x; the database is created) or "v2" (2.x and 3).
    username, password : for v1, if the server asks for them. token, org : for v2.

    Raises
    ------
    StoreError
        If the server does not answer or refuses.
    ConfigError
        If the URL carries a password, or the extra ``influx`` is not installed.
    """

    def __init__(
        self, url: str, *, database: str, api: Api = "v1", username: str = "", password: str = "", token: str = "",
        org: str = "",
    ) -> None:  # fmt: skip
        if urlsplit(url).username is not None:
            raise ConfigError("InfluxDB: give user and password apart from the server's address")
        self._url, self._database, self._api_name = url, database, api
        self._where = f"InfluxDB {url}, database {database!r}"
        self._lock, self._closed = RLock(), False
        self._client = httpx.Client(
            base_url=url,
            timeout=TIMEOUT_S,
            auth=(username, password) if username else None,
            headers={"Authorization": f"Token {token}"} if token else {},
        )
        self._query = Query(self._client, self._where, database)
        try:
            self._writer: Writer
            if api == "v2":
                self._writer = V2Writer(url, self._where, database, org, token)
            else:
                self._writer = V1Writer(self._client, self._where, database)
                self._make_sure_of(database)
        except (StoreError, ConfigError):
            self._client.close()
            raise
        self._persons = Persons(self._ask, self._write, api)
        self._sessions = Sessions(self._ask)
        self._moving = Moving(self._ask, self._write, self._persons)
        self._kept = Kept(self._ask, self._write, self.steps, self._persons, self._lock)

    def __repr__(self) -> str:
        return f"InfluxStore({self._url!r}, database={self._database!r}, api={self._api_name!r})"

    # --- writing ------------------------------------------------------------------------------------------------------

    def commit(self, envelopes: Sequence[Envelope], dead: Sequence[DeadLetter] = ()) -> None:
        """Write events, dead letters and then their marks; what InfluxDB cannot hold becomes a dead letter."""
        with self._lock:
            notes = notes_of(self._ask, {e.event.header.sid for e in envelopes if not isinstance(e.event, LiveReading)})
            letters = list(dead)
            marks: list[str] = []
            self._write(lines_of(envelopes, notes, letters, marks))
            self._write(self._new_dead_letter_lines(letters))
            marks += [lp.received_line(d.gw, d.seq) for d in dead if d.gw is not None and d.seq is not None]
            # apart: a server that refuses one line of a text may still keep the others
            self._write(marks)

    def replace_session(self, summary: SessionSummary, steps: StepTable, gaps: Sequence[GapFound]) -> None:
        """Put recomputed rows and totals in place of a session's: the rows first and the summary last.

        There is no transaction here. Stopped in between, the session has its old totals and model, and calling it again
        makes it whole; rows are only deleted before where the new ones lie at other times.
        """
        with self._lock:
            header = of_new_athlete(summary, self._aliases()).header
            summary = replace(summary, header=header, ended=True)
            known = self.session(header.sid)
            check_replaceable(known, summary)
            tag = {lp.tag_value(header.sid)}
            moved = ["progress", "session_open"]
            if _places(self.steps(header.sid)) != _places(steps):
                moved.append("steps")
            if {(g.start_utc, g.device) for g in self.gaps(header.sid)} != {(g.start_utc, g.device) for g in gaps}:
                moved.append("gap")
            for measurement in moved:
                self._persons.delete(measurement, sid=tag)
            whole = StepBatch(header, summary.start_utc, steps, summary.totals)
            self._write(lp.event_lines(whole, 0))
            self._write(line for gap in gaps for line in lp.event_lines(replace(gap, header=header), 0))
            # minutes that are being made of the steps before are not those of these
            marks = [lp.replaced_line(summary), lp.written_line(whole, time.time_ns())]
            if len(steps) and self.pruned(header.sid):  # there are some again
                marks.append(lp.pruned_line(summary, pruned=False))
            self._write([*lp.event_lines(summary, 0), *marks])
            if known is not None and known.start_utc != summary.start_utc:
                self._persons.delete("session", at_ns=utc_us(known.start_utc) * lp.NS_PER_US, sid=tag)

    def save_finding(self, finding: Finding) -> None:
        """Insert or replace by ``finding.key``."""
        line = lp.finding_line(finding)
        at_ns = int(line.rpartition(" ")[2])
        condition = f"id = {text(finding.id)}"
        with self._lock:
            self._write([line])
            # the same finding at another first_utc is another point: it goes after the new one is there
            for series in self._ask(select(("level",), "finding", condition)):
                for moment_ns, _ in series.rows:
                    if moment_ns != at_ns:
                        self._persons.delete("finding", at_ns=moment_ns, id={finding.id})

    def reassign(self, old_athlete: str, new_athlete: str) -> None:
        """Give everything of one athlete to another, now and for messages that come late.

        Points are copied under the new tag before the old ones are deleted, so an interrupted call can be repeated.
        Where both have the same finding, the newer ``updated_utc`` stays.
        """
        if old_athlete == new_athlete:
            return
        with self._lock:
            moved = [known for known, to in self._aliases().items() if to == old_athlete]
            self._write(lp.reassigned_line(known, new_athlete) for known in [*moved, old_athlete, new_athlete])
            old = lp.tag_value(old_athlete)
            for measurement in OF_A_SESSION:
                self._copy(measurement, f"ath = {text(old)}", new_athlete)
            self._reassign_findings(old_athlete, new_athlete)
            for measurement in (*OF_A_SESSION, "finding"):
                self._persons.delete(measurement, ath={old})

    def restore(
        self,
        summary: SessionSummary,
        steps: StepTable,
        gaps: Sequence[GapFound],
        pauses: Sequence[SessionPaused],
        received: Sequence[tuple[str, int, int]] = (),
        minutes: MinuteTable | None = None,
    ) -> None:
        """Put a whole session back as it was, its summary after its rows and what was received of it last."""
        with self._lock:
            header = of_new_athlete(summary, self._aliases()).header
            sid, whole = header.sid, replace(summary, header=header)
            known = self.session(sid)
            check_same_athlete(known, whole)
            there = known, self.steps(sid), self.gaps(sid), self.pauses(sid)
            kept = self._kept.minutes(sid) if self.pruned(sid) else None
            if not is_same(there, (whole, steps, gaps, pauses)) or kept != minutes:
                self._persons.restore(whole, steps, gaps, pauses, minutes)
            self._write(lp.received_line(gw, n) for gw, first, last in received for n in range(first, last + 1))

    def hand_over(self, sid: str, new_athlete: str) -> None:
        """Give one session to another athlete; stopped in between, calling it again ends the same."""
        with self._lock:
            self._persons.hand_over(sid, new_athlete)

    def erase(self, athlete: str, sids: Sequence[str] = ()) -> int:
        """Delete what is a person's, or names them; the server lets go of the bytes when it next compacts its files."""
        with self._lock:
            return self._persons.erase(athlete, sids)

    def athletes(self) -> list[str]:
        """Pseudonyms that a session is stored of, ascending."""
        return athletes_of(tags for measurement in SAY_WHOSE for tags in self._persons.series(measurement))

    def gateways(self) -> list[str]:
        """Gateways that something was received from, ascending."""
        found = self._ask(select(("n",), "received", tail="GROUP BY gw LIMIT 1"))
        return sorted(series.tags["gw"] for series in found)

    def minutes(self, sid: str) -> MinuteTable:
        """A session's minutes: of its steps as they stand, and of one whose steps were let go of as they stood."""
        return self._kept.minutes(sid) if self.pruned(sid) else minutes_of(self.steps(sid))

    def tidy(self) -> int:
        """Make the minutes of sessions that ended, for about a second; return how many sessions that was for."""
        return self._kept.tidy()

    def prune(self, before_utc: datetime, keep: Collection[str] = (), *, within_s: float = math.inf) -> int:
        """Let go of the single steps of sessions that ended before a moment; return how many sessions that was for."""
        return self._kept.prune(before_utc, keep, within_s)

    def pruned(self, sid: str) -> bool:
        """Whether a session's single steps were let go of."""
        return self._kept.pruned(sid)

    def sids(self) -> list[str]:
        """Every session that anything is stored of, ascending."""
        return self._moving.sids()

    def whole(self, sid: str) -> Whole:
        """Everything that is stored of one session."""
        known = self.session(sid)
        batch_us = None
        if known is not None and not known.ended:
            _, batch_us = self._sessions.furthest(known.header)
        return Whole(
            sid=sid,
            summary=known,
            steps=self.steps(sid),
            gaps=tuple(self.gaps(sid)),
            pauses=self._moving.pauses(sid),
            failures=self._moving.failures(sid),
            batch_us=batch_us,
            replaced=known is not None and self._moving.replaced(known),
            minutes=self._kept.minutes(sid) if self.pruned(sid) else None,
        )

    def put_whole(self, whole: Whole) -> None:
        """Put a session in place of whatever is stored of it; StoreError if InfluxDB can hold no such id."""
        with self._lock:
            self._moving.put(whole, is_here=not self.whole(whole.sid).is_empty())

    def reassigned(self) -> dict[str, str]:
        """Return the new pseudonym of each that was given to another."""
        return self._aliases()

    def put_rest(self, findings: Sequence[Finding], merged: Mapping[str, str]) -> None:
        """Put findings, each in place of the one of its key, and what was given to whom."""
        with self._lock:
            self._write(lp.reassigned_line(old, new) for old, new in merged.items())
            there = {finding.id: finding.first_utc for finding in self.findings()}
            for finding in findings:
                if there.get(finding.id, finding.first_utc) != finding.first_utc:
                    self.save_finding(finding)
            self._write(lp.finding_line(finding) for finding in findings)

    def mark_received(self, gw: str, marked: Sequence[tuple[int, int]]) -> None:
        """Mark closed ranges of a gateway's numbers as received."""
        with self._lock:
            self._moving.mark_received(gw, marked)

    def texts(self) -> list[tuple[str, str | bytes]]:
        """Return (measurement, text) of every text that is stored, for a search of what is left of somebody."""
        return list(self._persons.texts())

    def close(self) -> None:
        """Release connections; safe to call twice."""
        with self._lock:
            if not self._closed:
                self._closed = True
                self._writer.close()
                self._client.close()

    # --- reading ------------------------------------------------------------------------------------------------------

    def received(self, gw: str) -> list[tuple[int, int]]:
        """Return closed ranges of sequence numbers received from a gateway, ascending."""
        condition = f"gw = {text(lp.tag_value(gw))}"
        ends = [
            series.rows[0][0]
            for order in ("ASC", "DESC")
            for series in self._ask(select(("n",), "received", condition, f"ORDER BY time {order} LIMIT 1"))
        ]
        return self._ranges(condition, ends[0], ends[1]) if ends else []

    def sessions(self, athlete: str, since_utc: datetime | None = None) -> list[SessionSummary]:
        """Sessions of an athlete that started at ``since_utc`` or later, oldest first."""
        condition = f"ath = {text(lp.tag_value(athlete))}"
        if since_utc is not None:
            since_ns = min(max(utc_us(since_utc) * lp.NS_PER_US, -lp.LAST_NS), lp.LAST_NS)
            condition += f" AND time >= {since_ns}"
        # the session itself may have begun before ``since_utc``, or be another athlete's
        found = [
            s for s in self._sessions.summaries(condition) if not is_replay(s.header) or self.session(s.header.sid) == s
        ]
        return sorted(found, key=lambda s: (s.start_utc, s.header.sid))

    def session(self, sid: str) -> SessionSummary | None:
        """One session, or None."""
        return next(iter(self._sessions.summaries(of_session(sid))), None)

    def steps(self, sid: str) -> StepTable:
        """Steps of a session in time order; empty if there are none, or if they were let go of."""
        found = step_table(self._ask(select(STEP_FIELDS, "steps", of_session(sid))))
        return StepTable.empty() if len(found) and self.pruned(sid) else found

    def gaps(self, sid: str) -> list[GapFound]:
        """Gaps of a session in time order."""
        columns = (*lp.HEADER, "name", "end_us", "cause", "unknown")
        found = [
            GapFound(header_of(series, r), r["name"], utc_of(r["time"]), from_utc_us(r["end_us"]), r["cause"])
            for series in self._ask(select(columns, "gap", of_session(sid), _BY_SESSION))
            for r in series.records(OF_GAP)
        ]
        found.sort(key=lambda gap: (gap.start_utc, gap.device, not is_replay(gap.header)))
        return list({(gap.start_utc, gap.device): gap for gap in found}.values())

    def pauses(self, sid: str) -> list[SessionPaused]:
        """Pauses of a session in time order; empty if it is not here."""
        known = self.session(sid)
        rows = [r for series in self._ask(select(("end_us", "unknown"), "pause", of_session(sid))) for r in series.rows]
        whole = {time_ns: end_us for time_ns, end_us, _ in sorted(rows) if end_us is not None}
        if known is None:
            return []
        return [SessionPaused(known.header, utc_of(time_ns), from_utc_us(end_us)) for time_ns, end_us in whole.items()]

    def marks(self, sid: str) -> list[tuple[str, int, int]]:
        """Return (gateway, first, last) of what came from gateways that are this one session's own."""
        return self._persons.marks(sid)

    def findings(self, athlete: str | None = None) -> list[Finding]:
        """Findings of one athlete or of all, newest ``updated_utc`` first."""
        condition = "" if athlete is None else f"ath = {text(lp.tag_value(athlete))}"
        columns = (*FINDING_FIELDS, "updated_us", "unknown")
        newest: dict[str, Finding] = {}
        for series in self._ask(select(columns, "finding", condition, "GROUP BY ath")):
            for record in series.records(OF_FINDING):
                finding = finding_of(series.tags["ath"], record)
                known = newest.get(finding.id)
                if known is None or known.updated_utc <= finding.updated_utc:
                    newest[finding.id] = finding
        return sorted(newest.values(), key=lambda f: (-utc_us(f.updated_utc), f.id))

    def dead_letters(self) -> list[DeadLetter]:
        """All dead letters, oldest first."""
        columns = ("topic", "payload", "reason", "gw", "seq", "unknown")
        return [
            DeadLetter(r["topic"], base64.b64decode(r["payload"]), r["reason"], r["gw"], r["seq"])
            for series in self._ask(select(columns, "dead_letter"))
            for r in series.records(OF_DEAD_LETTER)
        ]

    # --- inside -------------------------------------------------------------------------------------------------------

    def _ask(self, query: str) -> list[Series]:
        if self._closed:
            raise StoreError(f"{self._where}: the store is closed")
        return self._query.ask(query)

    def _write(self, lines: Iterable[str]) -> None:
        if self._closed:
            raise StoreError(f"{self._where}: the store is closed")
        documents = lp.documents(lines)
        first, second = next(documents, None), next(documents, None)
        if second is None:
            if first is not None:
                self._writer.write(first)
            return
        # a text is sent while the next one is made: two thirds of the time is the server's
        with ThreadPoolExecutor(1) as sending:
            sent = sending.submit(self._writer.write, first or "")
            for document in chain([second], documents):
                sent.result()
                sent = sending.submit(self._writer.write, document)
            sent.result()

    def _make_sure_of(self, database: str) -> None:
        """Make the database, where this user may; StoreError if the server would drop points of it."""
        try:
            self._ask(f"CREATE DATABASE {name(database)}")
        except StoreError:
            # only an administrator may; whoever may read it has no need to
            if database not in {row[0] for series in self._ask("SHOW DATABASES") for row in series.rows}:
                raise
        policy, duration = default_policy(self._ask, database)
        if duration != INFINITE:
            raise StoreError(f"{self._where}: {told_of_policy(database, policy, duration)}")

    def _aliases(self) -> dict[str, str]:
        return aliases_of(self._ask(ALIASES))

    def _new_dead_letter_lines(self, letters: Sequence[DeadLetter]) -> list[str]:
        stored_ns = time.time_ns()
        by_id = {lp.dead_letter_id(letter): letter for letter in reversed(letters)}
        return [
            lp.dead_letter_line(letter, stored_ns + i)
            for i, (ident, letter) in enumerate(reversed(by_id.items()))
            if not self._ask(select(("reason",), "dead_letter", f"id = {text(ident)}", "LIMIT 1"))
        ]

    def _ranges(self, condition: str, first: int, last: int) -> list[tuple[int, int]]:
        """Halve until a part is full, empty or short, so that a million numbers in order cost one question."""
        within = f"{condition} AND time >= {first} AND time <= {last}"
        counted = self._ask(f"SELECT count(n) FROM received WHERE {within}")  # noqa: S608
        count = counted[0].rows[0][1] if counted else 0
        if count in {0, last - first + 1}:
            return [(first, last)] if count else []
        if count <= _AT_ONCE:
            return ranges([row[0] for s in self._ask(select(("n",), "received", within)) for row in s.rows])
        middle = (first + last) // 2
        low, high = self._ranges(condition, first, middle), self._ranges(condition, middle + 1, last)
        if low and high and low[-1][1] + 1 == high[0][0]:
            return [*low[:-1], (low[-1][0], high[0][1]), *high[1:]]
        return low + high

    def _copy(self, measurement: str, old: str, new_athlete: str) -> None:
        for shown in self._ask(f"SHOW TAG VALUES FROM {name(measurement)} WITH KEY = sid WHERE {old}"):
            for _, sid in shown.rows:
                self._persons.copy(measurement, f"{old} AND sid = {text(sid)}", new_athlete)

    def _reassign_findings(self, old_athlete: str, new_athlete: str) -> None:
        there = {finding.key: finding for finding in self.findings(new_athlete)}
        for finding in self.findings(old_athlete):
            moved = replace(finding, athlete=new_athlete)
            known = there.get(moved.key)
            if known is None or known.updated_utc < moved.updated_utc:
                self.save_finding(moved)


def _places(steps: StepTable) -> set[tuple[int, str]]:
    return set(zip(steps.time_utc_us.tolist(), steps.side.tolist(), strict=True))
