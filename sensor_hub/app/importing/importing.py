"""``session import`` of a few files, one after the other, in this process; ``bulk`` takes them by the thousand."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from sensor_hub.app.importing.bulk import import_paths
from sensor_hub.app.importing.bulk_reading import Asked
from sensor_hub.app.importing.bulk_report import Done
from sensor_hub.app.importing.imported import Imported
from sensor_hub.app.importing.importing_file import import_recording
from sensor_hub.app.people import Archive
from sensor_hub.model.gait import Mount
from sensor_hub.model.load import Surface

__all__ = ["import_all", "import_recording"]


def import_all(
    files: Sequence[Path],
    archive: Archive,
    athlete: str | None,
    *,
    start_utc: datetime | None = None,
    columns: Path | str | None = None,
    mount: Mount | None = None,
    handles: Path | None = None,
    profile: str | None = None,
    surface: Surface | None = None,
    progress: Callable[[Done], None] = lambda _done: None,
) -> list[Imported]:
    """Import files; one that cannot be read is a result with a problem, the others go on.

    A log of sessions gives a result a line. What else decides how a file is read is that of ``analysis.open_file``.
    """
    asked = Asked(start_utc, columns, mount, handles, profile, surface)
    return list(import_paths(files, archive, athlete, asked=asked, jobs=1, progress=progress).results)
