"""``data import``: an export put back, here or elsewhere. What is missing is added; what contradicts it is refused.

Sessions go in first and the person last, so that nobody sees half a history. Stopped in between, the same call goes on.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from sensor_hub.adapters.bundle.reading import Bundle
from sensor_hub.adapters.registry.person import Person, number_of
from sensor_hub.app.people import Archive
from sensor_hub.app.person.person_export import KIND, RECORDINGS
from sensor_hub.app.person.person_import_plan import Plan, plan_of, whole_here
from sensor_hub.app.person.person_import_reading import ReadExport, minutes_in, read_export, steps_in
from sensor_hub.errors import RecordingError, RegistryError

MOST_TOLD: Final = 10
MEND_NAME: Final = "; --name puts them in under another one ('sensor-hub athlete merge' makes two one afterwards)"
Each = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class PersonImported:
    """What an import came to, or would come to."""

    athlete: str
    name: str
    is_new: bool
    dry_run: bool
    counts: dict[str, int]
    stays: tuple[str, ...]
    renamed: dict[str, str]
    changed: bool

    def answer(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {
            "athlete": self.athlete,
            "new": self.is_new,
            "dry_run": self.dry_run,
            "changed": self.changed,
            "counts": self.counts,
            "stays": list(self.stays),
            "references_renamed": self.renamed,
        }


def import_person(
    archive: Archive,
    recordings: Path,
    path: Path,
    *,
    name: str | None = None,
    dry_run: bool = False,
    each: Each = lambda _done, _all: None,
) -> PersonImported:
    """Put an export into an archive and its folder of recordings, and judge the person's history.

    name : a new athlete's, where the one in the export is taken. each : told parts verified and sessions put in.

    Raises
    ------
    RecordingError
        If the file is damaged, no export, of a newer version, or contradicts what is here; then nothing has changed.
    RegistryError
        If the name is taken, or a pseudonym or thing of theirs is somebody else's here; then nothing has changed.
    StoreError
        If the store refuses; the same call goes on where it was.
    """
    with Bundle(path, KIND) as bundle:
        n_parts = len(bundle.names())
        verified = 0

        def verify(_name: str) -> None:
            nonlocal verified
            verified += 1
            each(verified, n_parts)

        bundle.verify(verify)
        export = read_export(bundle)
        if name is not None:
            athlete = replace(export.person.athlete, display_name=name)
            export = replace(export, person=replace(export.person, athlete=athlete))
        plan = plan_of(archive, recordings, bundle, export)
        _refuse(path, archive, plan, named=name is not None)
        names = {} if dry_run else _names(archive, plan)
        if not dry_run:
            _apply(archive, recordings, bundle, export, plan, names, each)
            _judge(archive, plan)
    athlete = archive.registry.athlete(plan.person.athlete.id) if not (dry_run and plan.is_new) else plan.person.athlete
    counts = {
        "sessions": len(plan.sessions),
        "sessions_there": plan.n_sessions_there,
        "entries": len(plan.entries),
        "findings": len(plan.findings),
        "recordings": len(plan.recordings),
    }
    renamed = {one: other for one, other in names.items() if one != other}
    stays, changed = tuple(plan.stays), not plan.changes_nothing
    return PersonImported(athlete.id, athlete.display_name, plan.is_new, dry_run, counts, stays, renamed, changed)


def _refuse(path: Path, archive: Archive, plan: Plan, *, named: bool) -> None:
    if plan.contradictions:
        more = len(plan.contradictions) - MOST_TOLD
        told = "; ".join(plan.contradictions[:MOST_TOLD]) + (f"; and {more} more" if more > 0 else "")
        raise RecordingError(str(path), "contents", f"contradicts what is here: {told}", "nothing was changed")
    if plan.is_new:
        mend = "" if named else MEND_NAME
        archive.registry.persons.check_new(plan.person.athlete, mend=mend, instead_of=plan.instead_of)
    elif named:
        who = archive.registry.athlete(plan.person.athlete.id).display_name
        raise RegistryError(f"{who!r} is here already: --name is for a new athlete (sensor-hub athlete set renames)")


def _names(archive: Archive, plan: Plan) -> dict[str, str]:
    """The name of each reference here; those whose number is taken get a new one."""
    wanting = [name for name, to in plan.references.items() if to is None]
    above = max((number_of(to) for to in plan.references.values() if to is not None), default=0)
    numbers = archive.registry.persons.reserve_references(len(wanting), above=above) if wanting else []
    given = {name: f"ref-own-{number}" for name, number in zip(wanting, numbers, strict=True)}
    return {name: to or given[name] for name, to in plan.references.items()}


def _apply(
    archive: Archive,
    recordings: Path,
    bundle: Bundle,
    export: ReadExport,
    plan: Plan,
    names: dict[str, str],
    each: Each,
) -> None:
    for part in plan.recordings:
        _put_recording(bundle, part, recordings / part.removeprefix(RECORDINGS))
    recorded = archive.recorded
    for done, sid in enumerate(plan.sessions, start=1):
        whole = whole_here(export.sessions[sid], names)
        steps, minutes = steps_in(bundle, sid), minutes_in(bundle, sid)
        recorded.restore(whole.summary, steps, whole.gaps, whole.pauses, whole.marks, minutes)
        each(done, len(plan.sessions))
    for finding in plan.findings:
        recorded.save_finding(finding)
    person = _person_here(archive, plan, names)
    archive.registry.erasing.lift([person.athlete.id, *person.former])
    exported_as = {here: name for name, here in names.items()}
    archive.registry.persons.restore(person, plan.entries, exported_as, instead_of=plan.instead_of)
    # what an edge still sends for the empty `me` is theirs too
    for old in (*person.former, *([] if plan.instead_of is None else [plan.instead_of])):
        recorded.reassign(old, person.athlete.id)


def _judge(archive: Archive, plan: Plan) -> None:
    """Judge the whole history, also where nothing was missing: an import before may have been stopped just here."""
    archive.store.journal.forget()
    archive.judge_again(archive.registry.athlete(plan.person.athlete.id))
    archive.registry.journal.set_judged(plan.entries)


def _person_here(archive: Archive, plan: Plan, names: dict[str, str]) -> Person:
    """The person with the names references have here; of two references in use, the one that is here stays it."""
    mine = [] if plan.is_new else archive.registry.references.all(plan.person.athlete.id)
    in_use = {(kept.reference.instrument, kept.reference.model) for kept in mine if kept.active}
    references = tuple(
        replace(
            kept,
            reference=replace(kept.reference, id=names[kept.reference.id]),
            before=names.get(kept.before, kept.before),
            active=kept.active and (kept.reference.instrument, kept.reference.model) not in in_use,
        )
        for kept in plan.person.references
    )
    return replace(plan.person, references=references)


def _put_recording(bundle: Bundle, part: str, path: Path) -> None:
    """Write it beside its place and move it there, so that nobody finds half a recording."""
    scratch = path.with_name(f".{path.name}.import")
    scratch.unlink(missing_ok=True)  # of a process that died over it
    bundle.copy(part, scratch)
    scratch.replace(path)


__all__ = ["PersonImported", "import_person"]
