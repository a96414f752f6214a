"""A person's files in a data folder: recordings deleted or given on, lines of the reanalysis log left out."""

import os
import re
import tempfile
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sensor_hub.adapters.recordings.mcap_file import rewrite_chunked
from sensor_hub.adapters.recordings.mcap_reader import DAMAGE, open_mcap
from sensor_hub.adapters.storage.naming import named_in, names
from sensor_hub.app.loads.reanalysed import LOG_NAME
from sensor_hub.app.person.erasing_bytes import found_in
from sensor_hub.app.place import Place
from sensor_hub.app.sids import import_sid
from sensor_hub.errors import RecordingError

PACKED: Final = (".zip", ".gz", ".bz2", ".xz", ".zst", ".tar", ".7z")


@dataclass(frozen=True, slots=True)
class TheirFiles:
    """Files of recordings that are a person's, and those of sessions that are somebody else's now, by path.

    sids : of their sessions; one may be in no store yet. file_sids : what an import of the files is named by.
    """

    delete: tuple[Path, ...] = ()
    give: tuple[tuple[Path, str], ...] = ()
    sids: frozenset[str] = frozenset()
    file_sids: frozenset[str] = frozenset()


def their_files(
    place: Place,
    people: Collection[str],
    words: Collection[str],
    *,
    owner: Callable[[str], str | None],
    shared: Collection[str],
) -> TheirFiles:
    """Find a person's files among the recordings, also cut-off ones and what a killed program left over of them.

    words : their pseudonyms and sessions. owner : whose a session is that is not the person's. shared : sessions that
    they and somebody else have parts of; a recording of it has the strides of both and goes.
    """
    delete, give, sids, file_sids = [], [], set(), set()
    pattern = named_in(words)
    for path in sorted(p for p in place.recordings.rglob("*") if p.is_file()):
        sid, athlete = _head(path)
        other = owner(sid) if sid is not None and sid not in shared else None
        if other is not None:
            if athlete in people:
                give.append((path, other))
        elif sid in shared or athlete in people or names(pattern, path.name) or found_in(path, words):
            delete.append(path)
            sids |= {sid} if sid is not None and athlete in people and sid not in shared else set()
            with suppress(OSError):
                file_sids |= {import_sid(path, one) for one in people}
    return TheirFiles(tuple(delete), tuple(give), frozenset(sids), frozenset(file_sids))


def erase_files(files: TheirFiles) -> None:
    """Delete and give on; RecordingError if the disk refuses."""
    for path, athlete in files.give:
        try:
            rewrite_chunked(path, athlete=athlete)
        except (OSError, *DAMAGE) as error:
            raise RecordingError(str(path), "rewriting", str(error), "check the disk, and call this again") from None
    for path in files.delete:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise RecordingError(str(path), "deleting", error.strerror or str(error), "check its rights") from None


def leave_out_of_log(place: Place, pattern: re.Pattern[bytes]) -> int:
    """Take the lines that name somebody out of the log of recomputed sessions; return how many there were.

    ConfigError while sessions are being recomputed.
    """
    path = place.root / LOG_NAME
    if not path.exists():
        return 0
    with place.lock_for_reanalysing():
        lines = path.read_bytes().splitlines(keepends=True)
        kept = [line for line in lines if not names(pattern, line)]
        if len(kept) != len(lines):
            _put(path, b"".join(kept))
    return len(lines) - len(kept)


def files_below(root: Path) -> Iterator[Path]:
    """Every file of a folder, also hidden ones, in one order."""
    yield from sorted(path for path in root.rglob("*") if path.is_file() and not path.is_symlink())


def _head(path: Path) -> tuple[str | None, str | None]:
    """Session and athlete that a recording names; None of what is no recording of ours."""
    try:
        info = open_mcap(path).info
    except RecordingError:
        return None, None
    return info.sid, info.athlete


def _put(path: Path, content: bytes) -> None:
    descriptor, scratch = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # mode 0600
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(scratch).replace(path)
    finally:
        Path(scratch).unlink(missing_ok=True)


__all__ = ["PACKED", "TheirFiles", "erase_files", "files_below", "leave_out_of_log", "their_files"]
