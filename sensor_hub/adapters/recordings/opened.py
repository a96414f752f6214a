"""What every reader returns, and the few words all of them need."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sensor_hub.errors import RecordingError
from sensor_hub.model.raw import RawNotification
from sensor_hub.model.recording import Fault, RecordingInfo
from sensor_hub.model.session import Reading


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


def slug(text: str) -> str:
    """Lower-case ``[a-z0-9-]`` form of a name; empty if nothing of it is left."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
