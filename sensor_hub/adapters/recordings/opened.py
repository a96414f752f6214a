"""What every reader returns, and the few words all of them need."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sensor_hub.errors import RecordingError
from sensor_hub.model.raw import RawNotification
from sensor_hub.model.recording import Fault, RecordingInfo
from sensor_hub.model.session import Reading

# Controls, halves of a character, line ends: what a terminal obeys instead of showing, or no UTF-8 can hold.
_NOT_SHOWN: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})


@dataclass(slots=True)
class OpenRecording:
    """A ``model.recording.Recording``: iterating a second time yields nothing."""

    info: RecordingInfo
    faults: list[Fault]
    readings: Iterator[RawNotification | Reading]

    def __iter__(self) -> Iterator[RawNotification | Reading]:
        """Yield readings in file order, once."""
        return self.readings


def refused(path: Path, error: OSError) -> RecordingError:
    """Return the error to raise when the disk does not let a file be opened or read."""
    return RecordingError(str(path), "opening", error.strerror or str(error), "check the path and its rights")


def read_whole(path: Path) -> bytes:
    """Return the bytes of a file; RecordingError if the disk refuses."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise refused(path, error) from None


def readable(text: str) -> str:
    """Return the name of a file as it may be shown and written: what no terminal should be sent stands as an escape."""
    return "".join(
        c.encode("unicode_escape").decode("ascii") if unicodedata.category(c) in _NOT_SHOWN else c for c in text
    )


def slug(text: str) -> str:
    """Lower-case ``[a-z0-9-]`` form of a name; empty if nothing of it is left."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
