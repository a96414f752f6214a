"""Which reader a file needs, told by its content and never by its name."""

from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Final

from sensor_hub.adapters.recordings.btsnoop import open_btsnoop
from sensor_hub.adapters.recordings.btsnoop_file import is_btsnoop
from sensor_hub.adapters.recordings.captures import HandleMap
from sensor_hub.adapters.recordings.column_map import ColumnMap
from sensor_hub.adapters.recordings.columns_csv import open_columns_csv
from sensor_hub.adapters.recordings.fit import is_fit, open_fit
from sensor_hub.adapters.recordings.gpx import is_gpx, open_gpx
from sensor_hub.adapters.recordings.gzipped import is_gzip, unzipped
from sensor_hub.adapters.recordings.mcap_reader import is_mcap, open_mcap
from sensor_hub.adapters.recordings.nrf_log import is_nrf_log, open_nrf_log
from sensor_hub.adapters.recordings.opened import OpenRecording, read_whole, refused
from sensor_hub.adapters.recordings.rsc_vectors import is_rsc_vectors, open_rsc_vectors
from sensor_hub.adapters.recordings.session_log import is_session_log
from sensor_hub.adapters.recordings.shank_csv import is_shank_csv, open_shank_csv
from sensor_hub.adapters.recordings.tcx import is_tcx, open_tcx
from sensor_hub.errors import RecordingError, UnknownFormatError
from sensor_hub.model.recording import Fault

FORMATS: Final = (
    "FIT, TCX and GPX activities (also .gz), sensor_hub MCAP, shank-logger CSV (time,aX,aY,aZ,gX,gY,gZ), "
    "btsnoop capture, nRF Connect log, JSON with RSC vectors"
)
SHOWN_BYTES: Final = 60
HEAD_BYTES: Final = 2**16


def open_recording(
    path: Path | str,
    *,
    columns: ColumnMap | None = None,
    contact_stream: str | None = None,
    handles: HandleMap | None = None,
    zone: tzinfo = UTC,
    start_utc: datetime | None = None,
) -> OpenRecording:
    """Open a recording of any known format.

    ``columns`` says the file is a CSV to be read through this map; ``contact_stream`` matters to FIT only, ``handles``
    to captures only; ``zone`` and ``start_utc`` to logs that have only a time of day.
    RecordingError if nothing of the file can be read; UnknownFormatError, naming what was seen and the mend, if it is
    none of these; NoActivityError if it is whole and holds none.
    """
    path = Path(path)
    if columns is not None:
        return open_columns_csv(path, columns)
    head = _head(path)
    if is_mcap(head):
        return open_mcap(path)
    if is_gzip(head):
        return _open_gzip(path, contact_stream)
    if is_fit(head):
        return open_fit(path, contact_stream=contact_stream)
    if is_btsnoop(head):
        return open_btsnoop(path, handles=handles)
    if is_tcx(head):
        return open_tcx(path)
    if is_gpx(head):
        return open_gpx(path)
    if is_shank_csv(head):
        return open_shank_csv(path)
    if is_rsc_vectors(head):
        return open_rsc_vectors(path)
    if is_nrf_log(head):
        return open_nrf_log(path, zone=zone, start_utc=start_utc)
    if is_session_log(head):
        raise RecordingError(str(path), "header", "is a log of sessions", "sensor-hub session import takes it")
    raise unknown(str(path), head)


def is_no_recording(head: bytes) -> bool:
    """True if a file that begins so is surely none of ``FORMATS``: bytes that are no text, and none of ours."""
    ours = is_mcap(head) or is_gzip(head) or is_fit(head) or is_btsnoop(head) or is_tcx(head) or is_gpx(head)
    return b"\0" in head and not ours


def unknown(path: str, head: bytes) -> UnknownFormatError:
    """Return the error about a file that begins so and is none of ``FORMATS``."""
    seen, mend = _seen(head)
    return UnknownFormatError(path, "beginning", f"unknown format: {seen}", mend)


def _open_gzip(path: Path, contact_stream: str | None) -> OpenRecording:
    """Open the activity inside a gzip file."""
    faults: list[Fault] = []
    data = unzipped(path, read_whole(path), faults)
    head = data[:HEAD_BYTES]
    if is_fit(head):
        recording = open_fit(path, data, contact_stream=contact_stream)
    elif is_tcx(head):
        recording = open_tcx(path, data)
    elif is_gpx(head):
        recording = open_gpx(path, data)
    else:
        problem = f"what is compressed in it is no activity: {_seen(head)[0]}"
        raise UnknownFormatError(str(path), "gzip", problem, "FIT, TCX and GPX may be compressed; unpack others first")
    recording.faults[:0] = faults
    return recording


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as source:
            return source.read(HEAD_BYTES)
    except OSError as error:
        raise refused(path, error) from None


def _seen(head: bytes) -> tuple[str, str]:
    known = f"known formats: {FORMATS}"
    if not head:
        return "the file is empty", known
    line = head.split(b"\n", 1)[0][:SHOWN_BYTES]
    if not line.isascii() or any(byte < 32 and byte not in b"\t\r" for byte in line):
        return f"bytes {head[:12].hex(' ')}", known
    text = line.decode("ascii").strip()
    if any(sign in text for sign in ",;\t"):
        return f"a CSV that begins {text!r}", f"give --columns MAP.toml; {known}"
    return f"text that begins {text!r}", known
