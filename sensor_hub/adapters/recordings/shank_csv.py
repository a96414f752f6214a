"""CSV of the open shank and insole logger: ``time,aX,aY,aZ,gX,gY,gZ`` in ms, g and deg/s."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from sensor_hub.adapters.recordings.opened import OpenRecording, read_whole
from sensor_hub.adapters.recordings.rows import BLOCK_SIZE, RowFormat, blocks, decode_header, read_rows
from sensor_hub.errors import RecordingError
from sensor_hub.model.recording import RecordingInfo
from sensor_hub.model.session import BoundDevice
from sensor_hub.units import DEGREE_RAD, MS_PER_S, STANDARD_GRAVITY_MPS2

HEADER: Final = ("time", "aX", "aY", "aZ", "gX", "gY", "gZ")
DEVICE: Final = "shank-logger"
_START_IN_NAME: Final = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d)_(\d\d)_(\d\d)(?:\.(\d{1,6}))?Z")


def is_shank_csv(data: bytes) -> bool:
    """True if the first line is the logger's header."""
    return tuple(cell.strip() for cell in decode_header(data.split(b"\n", 1)[0][:200]).split(",")) == HEADER


def start_in_name(name: str) -> datetime | None:
    """Start time in a name like ``2020-08-25T11_43_19.036Z.csv``, else None."""
    found = _START_IN_NAME.search(name)
    if found is None:
        return None
    day, hour, minute, second, fraction = found.groups()
    try:
        start = datetime.fromisoformat(f"{day}T{hour}:{minute}:{second}")
    except ValueError:
        return None
    return start.replace(microsecond=int((fraction or "0").ljust(6, "0")), tzinfo=UTC)


def open_shank_csv(path: Path, *, block_size: int = BLOCK_SIZE) -> OpenRecording:
    """Open a recording of the logger.

    Yields ``ImuBlock`` of ``block_size`` samples on the device's own clock. Times that run backwards and gaps stay as
    they are; a broken line is a fault and the rest is kept. RecordingError if no sample can be read.
    """
    data = read_whole(path)
    if not is_shank_csv(data):
        raise RecordingError(str(path), "line 1", f"the header is not {','.join(HEADER)}")
    _, _, body = data.partition(b"\n")
    form = RowFormat(columns=tuple(range(len(HEADER))), time_per_s=MS_PER_S, n_fields=len(HEADER))
    rows, faults = read_rows(body, form, first_line=2)
    if not len(rows):
        place, problem = (
            (faults[0].place, faults[0].problem) if faults else ("line 2", "the file ends after its header")
        )
        raise RecordingError(str(path), place, f"no sample could be read: {problem}")
    info = RecordingInfo(
        kind="shank-csv",
        path=str(path),
        devices=(BoundDevice(device=DEVICE, profile=None),),
        start_utc=start_in_name(path.name),
    )
    acceleration_mps2, angular_velocity_radps = rows[:, 1:4] * STANDARD_GRAVITY_MPS2, rows[:, 4:7] * DEGREE_RAD
    t_s = rows[:, 0] / MS_PER_S
    return OpenRecording(info, faults, blocks(DEVICE, t_s, acceleration_mps2, angular_velocity_radps, block_size))
