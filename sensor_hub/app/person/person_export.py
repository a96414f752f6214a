"""``data export``: everything that is kept of one person, as one file that is a pure function of it."""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from sensor_hub.adapters.bundle.manifest import Kind
from sensor_hub.adapters.bundle.writing import Part, write_bundle
from sensor_hub.adapters.recordings.mcap_reader import open_mcap
from sensor_hub.adapters.registry.person import Person, number_of
from sensor_hub.app.history.kept_store import KeptStore
from sensor_hub.app.people import Archive
from sensor_hub.app.person.person_export_content import OwnHistory, minutes_kept, own_history, steps_of, whole_session
from sensor_hub.app.person.person_export_records import body_of, line_of, lines_of, minutes_csv, steps_csv
from sensor_hub.errors import RecordingError
from sensor_hub.model.history import KeptSession
from sensor_hub.model.reference import KeptReference
from sensor_hub.model.session import SessionSummary
from sensor_hub.wire.edits import entry_body
from sensor_hub.words.person_export import export_readme

KIND: Final = Kind("sensor-hub-person", 1, "an export of a person")
ATHLETE, FINDINGS, GAPS = "athlete.json", "findings.jsonl", "gaps.jsonl"
JOURNAL, MARKS, PAUSES = "journal.jsonl", "marks.jsonl", "pauses.jsonl"
MINUTES: Final = "minutes/"  # of sessions whose single steps are no longer kept
RECORDINGS, SESSIONS, STEPS = "recordings/", "sessions.jsonl", "steps/"
TABLE: Final = "sessions.csv"
LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)
Each = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class PersonExported:
    """What was written, and where. counts : how many of each are in it."""

    path: Path
    athlete: str
    name: str
    counts: dict[str, int]
    size: int

    def answer(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {"file": str(self.path), "athlete": self.athlete, "bytes": self.size, "counts": self.counts}


def export_person(
    archive: Archive,
    recordings: Path | None,
    athlete: str,
    out: Path,
    *,
    force: bool = False,
    each: Each = lambda _done, _all: None,
) -> PersonExported:
    """Write everything that is kept of an athlete (name or pseudonym) into a file; the same again is the same file.

    recordings : folder of raw recordings, None to leave them out. each : told sessions and recordings done, and all.

    Raises
    ------
    RegistryError
        If there is no such athlete.
    StoreError
        If the store cannot be read.
    RecordingError
        If the file is there already and ``force`` is not given, or cannot be written.
    """
    person = archive.registry.persons.kept(archive.athlete(athlete).id)
    content = _Content(archive, person, recordings)
    n_parts, done = len(content.own.sids) + len(content.recordings), 0

    def tell(name: str) -> None:
        nonlocal done
        if name.startswith((STEPS, RECORDINGS)):
            done += 1
            each(done, n_parts)

    write_bundle(out, KIND, content.parts(), content.about, force=force, each=tell)
    counts = content.counts
    return PersonExported(out, person.athlete.id, person.athlete.display_name, counts, out.stat().st_size)


class _Content:
    """Everything of one person, part by part in the order of the names."""

    def __init__(self, archive: Archive, person: Person, recordings: Path | None) -> None:
        self._archive, self._who = archive, person.athlete.id
        self._names = archive.registry.persons.reference_names(self._who)
        references = sorted((_renamed(kept, self._names) for kept in person.references), key=_number)
        self._person = replace(person, references=tuple(references))
        self._kept = KeptStore(archive.recorded, archive.registry)
        self.own: OwnHistory = own_history(self._kept, self._who, (shoe.id for shoe in person.shoes))
        self._with_recordings = recordings is not None
        self.recordings = [] if recordings is None else _recordings_of(recordings, person, self.own)
        self.counts: dict[str, int] = {}
        self._summaries: list[SessionSummary] = []

    def about(self) -> dict[str, Any]:
        """What the manifest says of it."""
        return {"athlete": self._who, "counts": self.counts, "with_recordings": self._with_recordings}

    def parts(self) -> Iterator[Part]:
        """Yield the parts."""
        person, recorded = self._person, self._archive.recorded
        name = person.athlete.display_name
        yield Part("README.txt", export_readme(name, with_recordings=self._with_recordings).encode())
        yield Part(ATHLETE, line_of(body_of(person)))
        findings = sorted(recorded.findings(self._who), key=lambda f: f.key)
        yield Part(FINDINGS, lines_of(map(body_of, findings)))
        yield from self._rows()
        for path in self.recordings:
            yield Part(f"{RECORDINGS}{path.name}", path)
        yield Part(TABLE, self._table())
        yield Part(SESSIONS, lines_of(map(body_of, self._summaries)))
        n_steps = 0
        for sid in self.own.sids:
            steps = steps_of(self._kept, recorded, self.own, sid)
            if len(steps):
                n_steps += len(steps)
                yield Part(f"{STEPS}{sid}.csv", steps_csv(steps))
        self.counts |= {
            "sessions": len(self._summaries), "steps": n_steps, "findings": len(findings),
            "entries": len(self.own.entries), "shoes": len(person.shoes), "devices": len(person.devices),
            "recordings": len(self.recordings),
        }  # fmt: skip

    def _rows(self) -> Iterator[Part]:
        """Gaps, journal, marks, minutes and pauses; the sessions' summaries are kept for later."""
        gaps, marks, pauses = list[Any](), list[Any](), list[Any]()
        self._summaries.clear()
        recorded = self._archive.recorded
        for sid in self.own.sids:
            whole = whole_session(self._kept, recorded, self.own, sid, self._who, self._names)
            if whole is None:
                continue
            self._summaries.append(whole.summary)
            gaps += [body_of(gap) for gap in whole.gaps]
            pauses += [
                {"sid": sid, "start_utc": body_of(p.start_utc), "end_utc": body_of(p.end_utc)} for p in whole.pauses
            ]
            marks += [{"sid": sid, "gw": gw, "first": first, "last": last} for gw, first, last in whole.marks]
        yield Part(GAPS, lines_of(gaps))
        yield Part(JOURNAL, lines_of(map(entry_body, self.own.entries)))
        yield Part(MARKS, lines_of(marks))
        for sid in self.own.sids:
            minutes = minutes_kept(self._kept, recorded, self.own, sid)
            if minutes is not None:
                yield Part(f"{MINUTES}{sid}.csv", minutes_csv(minutes))
        yield Part(PAUSES, lines_of(pauses))

    def _table(self) -> bytes:
        """The history as its owner sees it, oldest first."""
        sessions = self._kept.history(self._who, LONG_AGO).sessions
        shoes = {shoe.id: shoe.name for shoe in self._person.shoes}
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(_COLUMNS)
        ordered = sorted(sessions, key=lambda k: (k.summary.start_utc, k.summary.header.sid))
        writer.writerows(_row(kept, self._person.athlete.zone, shoes) for kept in ordered)
        return text.getvalue().encode()


_COLUMNS: Final = (
    "start_local", "kind", "distance_km", "duration_min", "load_eq_km", "hard_load_bw_s", "coverage", "counts",
    "why_not", "effort", "shoe", "note", "surface", "source", "origin", "start_utc", "session",
)  # fmt: skip


def _row(kept: KeptSession, zone: str, shoes: dict[str, str]) -> list[object]:
    summary = kept.summary
    header, totals = summary.header, summary.totals
    is_known = "duration-unknown" not in summary.warnings
    return [
        summary.start_utc.astimezone(ZoneInfo(zone)).isoformat(sep=" ", timespec="seconds"), header.ledger,
        _rounded(totals.distance_m, 1000.0), _rounded(totals.duration_s if is_known else None, 60.0),
        _rounded(totals.load_eq_km), _rounded(totals.hard_load_bw_s), _rounded(totals.coverage),
        "yes" if kept.counts else "no", "" if kept.counts else kept.standing, kept.told.effort,
        shoes.get(kept.told.shoe or "", ""), kept.told.note, header.surface, summary.source, header.origin,
        body_of(summary.start_utc), header.sid,
    ]  # fmt: skip


def _rounded(value: float | None, unit: float = 1.0) -> str:
    return "" if value is None else f"{value / unit:.3f}"


def _renamed(kept: KeptReference, names: dict[str, str]) -> KeptReference:
    """Return a reference as exports call it."""
    reference = replace(kept.reference, id=names[kept.reference.id])
    return replace(kept, reference=reference, before=names.get(kept.before, kept.before))


def _number(kept: KeptReference) -> int:
    return number_of(kept.reference.id)


def _recordings_of(folder: Path, person: Person, own: OwnHistory) -> list[Path]:
    """Recordings of the person's sessions, by name; one that names somebody else too is not among them."""
    names = {person.athlete.id, *person.former, person.athlete.display_name}
    found = []
    for path in sorted(folder.glob("*.mcap"), key=lambda p: p.name):
        try:
            info = open_mcap(path).info
        except RecordingError:
            continue  # none of ours, or cut off within its head: nobody can say whose it is
        if info.athlete in names and info.sid not in own.not_theirs:
            found.append(path)
    return found


__all__ = ["KIND", "PersonExported", "export_person"]
