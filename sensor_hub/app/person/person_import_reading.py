"""An export read back: every part by the fields of the model, and nothing in it about anybody else."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sensor_hub.adapters.bundle.reading import Bundle
from sensor_hub.adapters.registry.person import Person
from sensor_hub.app.person.person_export import (
    ATHLETE,
    FINDINGS,
    GAPS,
    JOURNAL,
    MARKS,
    MINUTES,
    PAUSES,
    RECORDINGS,
    SESSIONS,
    STEPS,
)
from sensor_hub.app.person.person_export_content import WholeSession
from sensor_hub.app.person.person_export_records import DAMAGED, bodies_of, minutes_of_csv, read, steps_of
from sensor_hub.errors import DecodeError, RecordingError
from sensor_hub.model.edit import Entry
from sensor_hub.model.finding import Finding
from sensor_hub.model.gait import StepTable
from sensor_hub.model.minutes import MinuteTable
from sensor_hub.model.session import GapFound, SessionPaused, SessionSummary
from sensor_hub.wire.edits import entry_body, entry_of


@dataclass(frozen=True, slots=True)
class ReadExport:
    """What an export holds beside steps and recordings, which are read one by one."""

    person: Person
    sessions: dict[str, WholeSession]
    entries: tuple[Entry, ...]
    findings: tuple[Finding, ...]
    recordings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Pause:
    sid: str
    start_utc: datetime
    end_utc: datetime


@dataclass(frozen=True, slots=True)
class _Mark:
    sid: str
    gw: str
    first: int
    last: int


def read_export(bundle: Bundle) -> ReadExport:
    """Read an export; RecordingError names the part, the line and what is wrong with it."""
    path = str(bundle.path)
    bodies = list(bodies_of(bundle.read(ATHLETE), (path, ATHLETE)))
    if len(bodies) != 1:
        raise RecordingError(path, ATHLETE, "does not tell of one athlete", DAMAGED)
    person = read(Person, *bodies[0])
    who = person.athlete.id

    def each(part: str, made: Callable[[Any, tuple[str, str]], Any], whose: Callable[[Any], str]) -> list[Any]:
        found = []
        for body, place in bodies_of(bundle.read(part), (path, part)):
            one = made(body, place)
            if whose(one) != who:
                raise RecordingError(*place, f"is about {whose(one)}, and the export is of {who}", DAMAGED)
            found.append(one)
        return found

    summaries: list[SessionSummary] = each(
        SESSIONS, lambda b, p: read(SessionSummary, b, p), lambda s: s.header.athlete
    )
    gaps: dict[str, list[GapFound]] = defaultdict(list)
    for gap in each(GAPS, lambda b, p: read(GapFound, b, p), lambda g: g.header.athlete):
        gaps[gap.header.sid].append(gap)
    pauses: dict[str, list[_Pause]] = defaultdict(list)
    for pause in each(PAUSES, lambda b, p: read(_Pause, b, p), lambda _pause: who):
        pauses[pause.sid].append(pause)
    marks: dict[str, list[tuple[str, int, int]]] = defaultdict(list)
    for mark in each(MARKS, lambda b, p: read(_Mark, b, p), lambda _mark: who):
        marks[mark.sid].append((mark.gw, mark.first, mark.last))
    sessions = {
        s.header.sid: WholeSession(
            s,
            gaps[s.header.sid],
            [SessionPaused(s.header, p.start_utc, p.end_utc) for p in pauses[s.header.sid]],
            marks[s.header.sid],
        )
        for s in summaries
    }
    _check_known(bundle, sessions, {*gaps, *pauses, *marks})
    if len(sessions) != len(summaries):
        raise RecordingError(path, SESSIONS, "has a session twice", DAMAGED)
    return ReadExport(
        replace(person, shoes=tuple(replace(shoe, athlete=who) for shoe in person.shoes)),
        sessions,
        tuple(each(JOURNAL, _entry, lambda entry: entry.athlete)),
        tuple(each(FINDINGS, lambda b, p: read(Finding, b, p), lambda finding: finding.athlete)),
        tuple(bundle.names(RECORDINGS)),
    )


def steps_in(bundle: Bundle, sid: str) -> StepTable:
    """Return the steps of a session of an export; empty where it has none."""
    part = f"{STEPS}{sid}.csv"
    data = bundle.read(part)
    return steps_of(data, (str(bundle.path), part)) if data else StepTable.empty()


def minutes_in(bundle: Bundle, sid: str) -> MinuteTable | None:
    """Return what an export has of a session whose steps were let go of; None of any other."""
    part = f"{MINUTES}{sid}.csv"
    data = bundle.read(part)
    return minutes_of_csv(data, (str(bundle.path), part)) if data else None


def _entry(body: Any, place: tuple[str, str]) -> Entry:
    try:
        entry = entry_of(body)
    except DecodeError as error:
        raise RecordingError(*place, f"cannot be read: {error.problem}", "update sensor-hub, or " + DAMAGED) from None
    if unknown := sorted(body.keys() - entry_body(entry).keys()):
        raise RecordingError(*place, f"has {unknown[0]!r}, which this program does not know", "update sensor-hub")
    if entry.other is not None:
        raise RecordingError(*place, "gives a session to somebody else, which no export of ours says", DAMAGED)
    return entry


def _check_known(bundle: Bundle, sessions: dict[str, WholeSession], named: set[str]) -> None:
    steps = {name.removeprefix(STEPS).removesuffix(".csv") for name in bundle.names(STEPS)}
    minutes = {name.removeprefix(MINUTES).removesuffix(".csv") for name in bundle.names(MINUTES)}
    for sid in sorted((named | steps | minutes) - sessions.keys()):
        raise RecordingError(str(bundle.path), SESSIONS, f"misses session {sid}, of which other parts tell", DAMAGED)


__all__ = ["ReadExport", "minutes_in", "read_export", "steps_in"]
