"""What an export would change here: what is missing, what is there already, and what contradicts it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from sensor_hub.adapters.bundle.reading import Bundle
from sensor_hub.adapters.registry.person import Person
from sensor_hub.app.history.journal_view import without_sessions
from sensor_hub.app.history.kept_store import KeptStore
from sensor_hub.app.people import Archive
from sensor_hub.app.person.person_export import RECORDINGS
from sensor_hub.app.person.person_export_content import (
    OwnHistory,
    WholeSession,
    minutes_kept,
    own_history,
    steps_of,
    whole_session,
)
from sensor_hub.app.person.person_import_reading import ReadExport, minutes_in, steps_in
from sensor_hub.errors import RegistryError
from sensor_hub.model.edit import Entry
from sensor_hub.model.finding import Finding
from sensor_hub.model.minutes import minutes_of
from sensor_hub.model.reference import KeptReference
from sensor_hub.model.session import SessionHeader

OF_THEMSELVES: Final = {"display_name": "name", "zone": "zone", "mass_kg": "mass", "height_m": "height",
                        "week_start": "start of the week"}  # fmt: skip


@dataclass(slots=True)
class Plan:
    """What is to be put in, and why it may not be.

    is_new : nobody here has this pseudonym yet. references : by the id in the export, the id here; None where one is
    to be given. contradictions : what is here otherwise, each by name; with any of them nothing is changed.
    stays : what is otherwise here and stays so. n_things : shoes, calibrations and the like that are missing.
    instead_of : pseudonym of an empty ``me`` that has their name here, and goes.
    """

    person: Person
    is_new: bool
    sessions: list[str] = field(default_factory=list)
    n_sessions_there: int = 0
    entries: list[Entry] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    recordings: list[str] = field(default_factory=list)
    references: dict[str, str | None] = field(default_factory=dict)
    contradictions: list[str] = field(default_factory=list)
    stays: list[str] = field(default_factory=list)
    n_things: int = 0
    instead_of: str | None = None

    @property
    def changes_nothing(self) -> bool:
        """Whether all of it is here already."""
        return not (self.is_new or self.sessions or self.entries or self.findings or self.recordings or self.n_things)


def plan_of(archive: Archive, recordings: Path, bundle: Bundle, export: ReadExport) -> Plan:
    """Hold an export against what is here; nothing is changed."""
    who = export.person.athlete.id
    known = {athlete.id for athlete in archive.registry.athletes()}
    if who not in known and (now := archive.registry.resolve(who)) != who:
        raise RegistryError(f"{who} was merged into {now} here: export them again where they are one, or use that one")
    plan = Plan(export.person, is_new=who not in known)
    here = None if plan.is_new else archive.registry.persons.kept(who)
    plan.instead_of = _empty_me(archive, export.person.athlete.display_name) if plan.is_new else None
    _plan_things(plan, here, export)
    _plan_references(plan, here, archive, export)
    _plan_sessions(plan, archive, bundle, export)
    there = {finding.key for finding in archive.recorded.findings(who)}
    plan.findings = [finding for finding in export.findings if finding.key not in there]
    for name in export.recordings:
        path = recordings / name.removeprefix(RECORDINGS)
        if not path.exists():
            plan.recordings.append(name)
        elif not bundle.is_same(name, path):
            plan.contradictions.append(f"recording {path.name}: another file of that name is here")
    return plan


def _empty_me(archive: Archive, name: str) -> str | None:
    """Pseudonym of the ``me`` that some command made here, if that is the name and nothing is kept of them."""
    who = archive.registry.persons.empty_me(name)
    if who is None or archive.recorded.sessions(who) or archive.recorded.findings(who):
        return None
    return who


def renamed(header: SessionHeader, names: dict[str, str]) -> SessionHeader:
    """Return a header with the name its reference has here."""
    return replace(header, reference=names.get(header.reference, header.reference))


def whole_here(whole: WholeSession, names: dict[str, str]) -> WholeSession:
    """Return a session with the names that references have here."""
    header = renamed(whole.summary.header, names)
    gaps = [replace(gap, header=renamed(gap.header, names)) for gap in whole.gaps]
    pauses = [replace(pause, header=header) for pause in whole.pauses]
    return WholeSession(replace(whole.summary, header=header), gaps, pauses, whole.marks)


def _plan_things(plan: Plan, here: Person | None, export: ReadExport) -> None:
    theirs = export.person
    if here is None:
        return
    if here.athlete.simulated != theirs.athlete.simulated:
        plan.contradictions.append("athlete: simulated in one place, and not in the other")
    for name, word in OF_THEMSELVES.items():
        mine, other = getattr(here.athlete, name), getattr(theirs.athlete, name)
        if mine != other:
            plan.stays.append(f"{word}: {mine!r} here, {other!r} in the export")
    _hold("pair of shoes", plan, {s.id: s for s in here.shoes}, {s.id: s for s in theirs.shoes})
    calibrations = ({f"{c.mount} with {c.method}": c for c in of.calibrations} for of in (here, theirs))
    _hold("calibration of the", plan, *calibrations)
    patterns = [{(p.mount, p.side) for p in of.patterns} for of in (here, theirs)]
    plan.n_things += len(patterns[1] - patterns[0]) + len(set(theirs.former) - set(here.former))
    marked = {mark.about: mark.at_utc for mark in here.marks}
    plan.n_things += sum(m.about not in marked or marked[m.about] < m.at_utc for m in theirs.marks)


def _hold(what: str, plan: Plan, here: dict[str, Any], theirs: dict[str, Any]) -> None:
    for name, one in theirs.items():
        if name not in here:
            plan.n_things += 1
        elif here[name] != one:
            plan.contradictions.append(f"{what} {name}: it is here with other values")


def _plan_references(plan: Plan, here: Person | None, archive: Archive, export: ReadExport) -> None:
    """Find the name that each reference of theirs has here; a number is given once in a registry."""
    mine = () if here is None else here.references
    taken = {kept.reference.id for kept in archive.registry.references.all() if kept not in mine}
    of_a_stopped_import: dict[str, str] = {}
    for sid, whole in export.sessions.items():
        stored = archive.recorded.session(sid)
        if stored is not None and stored.header.athlete == plan.person.athlete.id:
            of_a_stopped_import[whole.summary.header.reference] = stored.header.reference
    for theirs in export.person.references:
        name = theirs.reference.id
        alike = (kept.reference.id for kept in mine if _is_same_reference(kept, theirs))
        same = next((one for one in alike if one not in plan.references.values()), None)
        before = of_a_stopped_import.get(name, name)
        if same is None:
            plan.n_things += 0 if plan.is_new else 1
        if same is None and any(kept.reference.id == name for kept in mine):
            plan.contradictions.append(f"load reference {name}: it is here with other values")
        plan.references[name] = same or (before if before not in taken else None)


def _is_same_reference(one: KeptReference, other: KeptReference) -> bool:
    """Whether two are one reference; what it is called, and whether it is the one in use, may differ."""
    return (replace(one.reference, id=""), one.made, one.at_easy_speed) == (
        replace(other.reference, id=""), other.made, other.at_easy_speed
    )  # fmt: skip


def _plan_sessions(plan: Plan, archive: Archive, bundle: Bundle, export: ReadExport) -> None:
    who, recorded = plan.person.athlete.id, archive.recorded
    kept = KeptStore(recorded, archive.registry)
    own = own_history(kept, who, (shoe.id for shoe in plan.person.shoes))
    names = {name: to for name, to in plan.references.items() if to is not None}
    for sid, theirs in export.sessions.items():
        stored = recorded.session(sid)
        if sid in own.sids:
            if _is_here(kept, archive, own, bundle, whole_here(theirs, names)):
                plan.n_sessions_there += 1
            else:
                plan.contradictions.append(f"session {sid} ({theirs.summary.start_utc:%Y-%m-%d}): it is here otherwise")
        elif stored is None:
            plan.sessions.append(sid)
        elif stored.header.athlete == who:
            plan.stays.append(f"session {sid}: it was given to somebody else here")
        else:
            plan.contradictions.append(f"session {sid}: it is somebody else's here")
    here = {entry.id: entry for entry in own.entries}
    in_journal = {entry.id for entry in archive.registry.journal.entries()}
    for entry in export.entries:
        if entry.id not in in_journal:
            plan.entries.append(entry)
        elif entry.id in here and not _is_same(here[entry.id], entry):
            plan.contradictions.append(f"entry {entry.id} of the journal: it is here with other content")


def _is_same(here: Entry, theirs: Entry) -> bool:
    """Whether two entries say the same; a session that a line of the diary named may have been given away since."""
    named = {sid for entry in (here, theirs) if (sid := getattr(entry.edit, "sid", None)) is not None}
    return here == theirs or without_sessions(here, named) == without_sessions(theirs, named)


def _is_here(kept: KeptStore, archive: Archive, own: OwnHistory, bundle: Bundle, theirs: WholeSession) -> bool:
    """Whether a session is here as the export has it; one that still ran then may be further here."""
    header = theirs.summary.header
    mine = whole_session(kept, archive.recorded, own, header.sid, header.athlete)
    if mine is None or not theirs.summary.ended:
        return True
    told: Sequence[tuple[Any, Any]] = [
        (mine.summary, theirs.summary), (list(mine.gaps), list(theirs.gaps)), (list(mine.pauses), list(theirs.pauses)),
    ]  # fmt: skip
    if any(one != other for one, other in told):
        return False
    steps, their_steps = steps_of(kept, archive.recorded, own, header.sid), steps_in(bundle, header.sid)
    minutes, their_minutes = minutes_kept(kept, archive.recorded, own, header.sid), minutes_in(bundle, header.sid)
    if minutes is None and their_minutes is None:
        return steps == their_steps
    # single steps were let go of here, or there: their minutes tell whether they are the same
    here = minutes_of(steps) if minutes is None else minutes
    return here == (minutes_of(their_steps) if their_minutes is None else their_minutes)


__all__ = ["Plan", "plan_of", "whole_here"]
