"""``session export``: a stored session for other programs, complete or not at all."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias, get_args

from sensor_hub.adapters.exports.content import ExportedSession, write_whole
from sensor_hub.app.people import Archive
from sensor_hub.errors import ConfigError, StoreError
from sensor_hub.model.session import SessionSummary

Format: TypeAlias = Literal["csv", "parquet", "fit"]
FORMATS: Final[tuple[str, ...]] = get_args(Format)
LAST: Final = "last"


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written, and where."""

    path: Path
    format: str
    summary: SessionSummary
    n_rows: int

    def answer(self) -> dict[str, Any]:
        """Return it as JSON values."""
        sid = self.summary.header.sid
        return {"file": str(self.path), "format": self.format, "sid": sid, "rows": self.n_rows}


def export_session(
    archive: Archive,
    sid: str,
    path: Path,
    *,
    athlete: str | None = None,
    file_format: Format = "csv",
    summary_only: bool = False,
    with_name: bool = False,
    force: bool = False,
) -> Exported:
    """Write a session to a file.

    ``sid`` may be ``last``, the newest session of ``athlete`` (or of ``me``) that is no exercise. ``with_name`` writes
    the display name into it, which nothing else does.

    Raises
    ------
    StoreError
        If there is no such session, or it has no steps to export.
    ConfigError
        If format and choices do not go together, or a library is missing.
    RecordingError
        If the file is there already, or cannot be written.
    """
    if summary_only and file_format != "csv":
        raise ConfigError("--summary is for --format csv; Parquet and FIT carry the summary beside the steps")
    if with_name and file_format == "fit":
        raise ConfigError("FIT has no place for a name; leave out --with-name, or use --format csv or parquet")
    summary = _session(archive, sid, athlete)
    header = summary.header
    steps = archive.store.steps(header.sid)
    if not len(steps) and not summary_only:
        mend = "it came from a log of sessions? --format csv --summary exports what is known"
        if archive.store.pruned(header.sid):
            mend = "its single steps are no longer kept; --format csv --summary exports its sums"
        raise StoreError(f"session {header.sid} has no steps to export ({mend})")
    name = archive.registry.athlete(header.athlete).display_name if with_name else None
    content = ExportedSession(summary, steps, tuple(archive.store.gaps(header.sid)), name)
    writer = _writer(file_format, summary_only=summary_only)
    write_whole(path, lambda scratch: writer(scratch, content), force=force)
    return Exported(path, file_format, summary, 1 if summary_only else len(steps))


def _session(archive: Archive, sid: str, athlete: str | None) -> SessionSummary:
    if sid != LAST:
        found = archive.store.session(sid)
        if found is None:
            raise StoreError(f"no session {sid!r} here (sensor-hub session list shows them)")
        return found
    person = archive.athlete(athlete)
    sessions = archive.store.sessions(person.id)
    if not sessions:
        raise StoreError(f"{person.display_name} has no session yet (sensor-hub session import brings some)")
    moved = [s for s in sessions if s.header.ledger != "exercise"]  # put in by hand, it has no step
    return (moved or sessions)[-1]


def _writer(file_format: Format, *, summary_only: bool) -> Callable[[Path, ExportedSession], None]:
    """Return the writer of a format, importing no library of the others."""
    if file_format == "fit":
        from sensor_hub.adapters.exports.to_fit import write_fit

        return write_fit
    if file_format == "parquet":
        from sensor_hub.adapters.exports.to_parquet import write_parquet

        return write_parquet
    from sensor_hub.adapters.exports.to_csv import write_steps_csv, write_summary_csv

    return write_summary_csv if summary_only else write_steps_csv
