"""Reads our own MCAP recordings (``mcap_file``), whole or cut off anywhere."""

import struct
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any, Final, TypeVar, cast, get_args

from mcap.exceptions import EndOfFile, McapError
from mcap.records import Channel, Chunk, DataEnd, McapRecord, Message, Metadata
from mcap.stream_reader import StreamReader, breakup_chunk

from sensor_hub.adapters.recordings.learned_text import read_calibration, read_conditions, read_pattern, read_reference
from sensor_hub.adapters.recordings.opened import OpenRecording, refused
from sensor_hub.errors import RecordingError
from sensor_hub.model.gait import Mount, Side, Tier
from sensor_hub.model.load import Conditions
from sensor_hub.model.raw import RawNotification
from sensor_hub.model.recording import Fault, RecordingInfo
from sensor_hub.model.session import BoundDevice

T = TypeVar("T")

MAGIC: Final = b"\x89MCAP0\r\n"
FORMAT: Final = "1"
SESSION_RECORD: Final = "sensor_hub"
DEVICE_RECORD: Final = "sensor_hub.device"
NOTIFICATION_ENCODING: Final = "application/octet-stream"
LARGEST_RECORD_BYTES: Final = 64 * 2**20  # chunks are about 1 MiB; more is a damaged length
KNOWN_COMPRESSIONS: Final = {"", "lz4"}
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
NS_PER_US: Final = 1000


class _BoundedReads:
    """A file that counts, and never tries to read more than it has: damaged lengths ask for gigabytes, or for -5."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        start = source.tell()
        self._left = source.seek(0, 2) - start
        source.seek(start)
        self.count = 0

    def read(self, size: int) -> bytes:
        if size < 0 or size > self._left:
            raise EndOfFile
        self.count += size
        self._left -= size
        return self._source.read(size)


# What the library lets out of damaged bytes; RuntimeError is lz4's.
DAMAGE: Final = (McapError, ArithmeticError, LookupError, MemoryError, RuntimeError, ValueError, struct.error)


def records_of(source: IO[bytes]) -> Iterator[tuple[McapRecord, int]]:
    """Yield each record, chunks opened, with the offset of the byte after it (after its chunk, if it is in one).

    Raises one of ``DAMAGE`` where the bytes end early or make no sense.
    """
    bounded = _BoundedReads(source)
    reader = StreamReader(
        cast("Any", bounded), emit_chunks=True, validate_crcs=True, record_size_limit=LARGEST_RECORD_BYTES
    )
    for record in reader.records:
        if not isinstance(record, Chunk):
            yield record, bounded.count
        elif record.compression in KNOWN_COMPRESSIONS:
            for inner in breakup_chunk(record, validate_crc=True):
                yield inner, bounded.count
        else:
            raise ValueError(f"compressed with {record.compression!r}; recompress it with lz4")


def is_mcap(data: bytes) -> bool:
    """True if the file begins as MCAP does."""
    return data.startswith(MAGIC)


def open_mcap(path: Path) -> OpenRecording:
    """Open one of our recordings.

    Yields ``RawNotification`` in the order of recording, reading the file as it goes. ``info`` is complete from the
    file's head; profiles are ids only (``profile_ids``). A file that was cut off is read up to its last whole record.
    RecordingError if it is no recording of ours.
    """
    session: dict[str, str] = {}
    faults: list[Fault] = []
    info = RecordingInfo(kind="mcap", path=str(path), devices=())
    place, problem = "metadata", "is MCAP, but no recording of sensor_hub"
    try:
        with path.open("rb") as source:
            for record, end in records_of(source):
                place = f"byte {end}"
                if isinstance(record, Metadata) and record.name == SESSION_RECORD:
                    session = record.metadata
                elif isinstance(record, Metadata) and record.name == DEVICE_RECORD:
                    _add_device(info, record.metadata, faults)
                elif isinstance(record, Message):
                    info.start_utc = _arrival(record)
                    break
                elif isinstance(record, DataEnd):
                    break
    except OSError as error:
        raise refused(path, error) from None
    except DAMAGE as error:
        problem = f"cut off or damaged: {_reason(error)}"
    if not session:
        raise RecordingError(str(path), place, problem)
    if session.get("format") != FORMAT:
        mend = "read it with the sensor_hub that wrote it"
        raise RecordingError(str(path), "metadata", f"format {session.get('format')!r} is not {FORMAT!r}", mend)
    info.sid, info.athlete = session.get("sid"), session.get("athlete")
    info.zone, info.origin = session.get("zone"), session.get("origin")
    tier = session.get("tier")
    info.tier = cast("Tier", tier) if tier in get_args(Tier) else None
    info.conditions = _told(session, "conditions", read_conditions, faults) or Conditions()
    info.load_reference = _told(session, "load_reference", read_reference, faults)
    return OpenRecording(info, faults, _notifications(path, faults))


def _add_device(info: RecordingInfo, described: dict[str, str], faults: list[Fault]) -> None:
    device, side, mount = described.get("device", ""), described.get("side", "U"), described.get("mount")
    info.devices += (
        BoundDevice(
            device=device,
            profile=None,
            side=cast("Side", side) if side in get_args(Side) else "U",
            mount=cast("Mount", mount) if mount in get_args(Mount) else None,
            calibration=_told(described, "calibration", read_calibration, faults),
            usual=_told(described, "usual", read_pattern, faults),
        ),
    )
    if "profile_id" in described:
        info.profile_ids[device] = described["profile_id"]


def _told(described: dict[str, str], key: str, read: Callable[[str], T], faults: list[Fault]) -> T | None:
    """Return what a recording says under a key; None, and a fault, where that cannot be read."""
    if key not in described:
        return None
    try:
        return read(described[key])
    except ValueError as error:
        faults.append(
            Fault(
                f"{described.get('device', '')} {key}".strip(), f"cannot be read and is not used: {error}", lost=False
            )
        )
        return None


def _notifications(path: Path, faults: list[Fault]) -> Iterator[RawNotification]:
    channels: dict[int, tuple[str, str] | None] = {}
    whole_bytes, all_there = 0, False
    try:
        with path.open("rb") as source:
            for record, end in records_of(source):
                if isinstance(record, Channel):
                    channels[record.id] = _ours(record)
                elif isinstance(record, Message):
                    key = channels[record.channel_id]
                    if key is not None:
                        yield RawNotification(*key, _arrival(record), record.data)
                elif isinstance(record, DataEnd):
                    all_there = True
                whole_bytes = end
    except (OSError, *DAMAGE) as error:
        lost = not all_there
        problem = "the recording is cut off or damaged from here on" if lost else "only the index at the end is damaged"
        faults.append(Fault(f"byte {whole_bytes}", f"{problem}: {_reason(error)}", lost=lost))


def _ours(channel: Channel) -> tuple[str, str] | None:
    """(device, characteristic) of a channel; None for one somebody else added."""
    described = channel.metadata
    return (
        (described["device"], described["characteristic"]) if {"device", "characteristic"} <= set(described) else None
    )


def _arrival(message: Message) -> datetime:
    return EPOCH + timedelta(microseconds=message.log_time // NS_PER_US)


def _reason(error: BaseException) -> str:
    if isinstance(error, EndOfFile):
        return "the file ends within a record"
    return str(error) or type(error).__name__
