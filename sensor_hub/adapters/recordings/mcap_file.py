"""Our own recordings: notifications as they arrived, in an MCAP container, readable after a kill -9.

While it is being written the file has no chunks: every notification is one record, handed to the kernel at once, so a
process that dies loses nothing and a machine that loses power about a second. At ``close`` the file is written again
beside itself, chunked and indexed, and takes the old one's place in one step.

Inside: metadata record ``sensor_hub`` (format, sid, athlete, zone, origin; tier, conditions, load_reference), one
``sensor_hub.device`` a sensor (device, side, mount, profile_id, profile, calibration, usual), one channel a (device,
characteristic), log time = arrival in ns. What is not known is left out; conditions, load_reference, calibration and
usual are JSON.
"""

import os
import stat
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import IO, Final, Self

from mcap.records import Channel, Message, Metadata
from mcap.writer import CompressionType, IndexType, Writer

from sensor_hub.adapters.recordings.learned_text import (
    calibration_text,
    conditions_text,
    pattern_text,
    reference_text,
)
from sensor_hub.adapters.recordings.mcap_reader import (
    DAMAGE,
    DEVICE_RECORD,
    EPOCH,
    FORMAT,
    NOTIFICATION_ENCODING,
    NS_PER_US,
    SESSION_RECORD,
    records_of,
)
from sensor_hub.errors import RecordingError
from sensor_hub.model.raw import RawNotification
from sensor_hub.model.session import BoundDevice, SessionSetup

SYNC_INTERVAL_S: Final = 1.0  # fsync wears flash and blocks; a second is what a power cut may take


class McapRecorder:
    """Appends notifications to a new file.

    tier, conditions, load_reference : what else decides the session's numbers, as ``for_session`` writes it; "" is left
    out. RecordingError if the file exists already (a recording is never overwritten) or the disk refuses. Not safe for
    use from two threads at once.
    """

    def __init__(
        self,
        path: Path,
        *,
        sid: str,
        athlete: str,
        zone: str,
        origin: str,
        devices: Sequence[BoundDevice],
        tier: str = "",
        conditions: str = "",
        load_reference: str = "",
    ) -> None:
        self.path = path
        self._devices = {bound.device: bound for bound in devices}
        self._channels: dict[tuple[str, str], int] = {}
        self._n_written: dict[int, int] = {}
        self._synced_s = time.monotonic()
        try:
            self._file: IO[bytes] = _new_private_file(path)
        except FileExistsError:
            raise RecordingError(str(path), "opening", "exists already", "record under another name") from None
        except OSError as error:
            raise self._refused("opening", error) from None
        self._closed = False
        self._writer = Writer(
            self._file, use_chunking=False, compression=CompressionType.NONE, index_types=IndexType.NONE
        )
        session = {"format": FORMAT, "sid": sid, "athlete": athlete, "zone": zone, "origin": origin}
        told = {"tier": tier, "conditions": conditions, "load_reference": load_reference}
        session |= {key: text for key, text in told.items() if text}
        try:
            self._writer.start(library="sensor_hub")
            self._writer.add_metadata(SESSION_RECORD, session)
            for bound in devices:
                self._writer.add_metadata(DEVICE_RECORD, _describe(bound) | _learned(bound))
            self._writer.flush()  # type: ignore[no-untyped-call]
        except OSError as error:
            self._abandon()
            raise self._refused("header", error) from None

    @classmethod
    def for_session(cls, path: Path, setup: SessionSetup) -> Self:
        """Return the recorder of a session, with all that decides its numbers beside the bytes."""
        return cls(
            path,
            sid=setup.sid,
            athlete=setup.athlete,
            zone=setup.zone,
            origin=setup.origin,
            devices=setup.devices,
            tier=setup.tier,
            conditions=conditions_text(setup.conditions),
            load_reference="" if setup.load_reference is None else reference_text(setup.load_reference),
        )

    def append(self, raw: RawNotification) -> None:
        """Write one notification; it survives the process from here on. RecordingError if the disk refuses."""
        if self._closed:
            raise ValueError("append after close")
        arrival_ns = (raw.arrival_utc - EPOCH) // timedelta(microseconds=1) * NS_PER_US
        channel = self._channel(raw)
        try:
            self._writer.add_message(channel, arrival_ns, raw.payload, arrival_ns, self._n_written[channel])
            self._writer.flush()  # type: ignore[no-untyped-call]
            self._n_written[channel] += 1
            if time.monotonic() - self._synced_s >= SYNC_INTERVAL_S:
                self.sync()
        except OSError as error:
            raise self._refused("appending", error) from None

    def resume(self) -> None:
        """Go on after the disk refused ``append``; RecordingError while it still does.

        What was in hand then is written first, from the very byte on that the disk did not take: no record is broken.
        """
        try:
            self._writer.flush()  # type: ignore[no-untyped-call]
        except OSError as error:
            raise self._refused("appending", error) from None
        self.sync()

    def sync(self) -> None:
        """Have the disk itself confirm what was written; ``append`` does so by itself about once a second."""
        try:
            os.fsync(self._file.fileno())
        except OSError as error:
            raise self._refused("fsync", error) from None
        self._synced_s = time.monotonic()

    def close(self) -> None:
        """Finish the file and put its chunked, indexed form in its place; safe to call twice.

        RecordingError if the disk refuses; what was recorded stays readable in the form it has.
        """
        if self._closed:
            return
        try:
            self._writer.finish()  # type: ignore[no-untyped-call]
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as error:
            raise self._refused("closing", error) from None
        finally:
            self._abandon()
        try:
            rewrite_chunked(self.path)
        except OSError as error:
            raise self._refused("rewriting", error) from None
        except DAMAGE as error:
            raise RecordingError(
                str(self.path), "rewriting", f"what was just written cannot be read: {error}"
            ) from None

    def _channel(self, raw: RawNotification) -> int:
        key = (raw.device, raw.characteristic)
        if key not in self._channels:
            bound = self._devices.get(raw.device, BoundDevice(raw.device, profile=None))
            metadata = _describe(bound) | {"characteristic": raw.characteristic}
            number = self._writer.register_channel("/".join(key), NOTIFICATION_ENCODING, 0, metadata)
            self._channels[key] = number
            self._n_written[number] = 0
        return self._channels[key]

    def _abandon(self) -> None:
        self._closed = True
        with suppress(OSError):  # the error that led here is the one to tell
            self._file.close()

    def _refused(self, place: str, error: OSError) -> RecordingError:
        return RecordingError(
            str(self.path), place, error.strerror or str(error), "make room on the disk or check rights"
        )


def _describe(bound: BoundDevice) -> dict[str, str]:
    described = {"device": bound.device, "side": bound.side}
    if bound.mount is not None:
        described["mount"] = bound.mount
    if bound.profile is not None:
        described |= {"profile_id": bound.profile.id, "profile": bound.profile.tag}
    return described


def _learned(bound: BoundDevice) -> dict[str, str]:
    """What decides numbers beside the bytes; a replay must not depend on what was learned since."""
    learned = {}
    if bound.calibration is not None:
        learned["calibration"] = calibration_text(bound.calibration)
    if bound.usual is not None:
        learned["usual"] = pattern_text(bound.usual)
    return learned


def _new_private_file(path: Path) -> IO[bytes]:
    """Open a file that is not there yet; from its first moment on, only its owner reads it."""
    return open(path, "xb", opener=lambda name, flags: os.open(name, flags, 0o600))


def rewrite_chunked(path: Path, *, athlete: str | None = None) -> None:
    """Replace a recording by its chunked and indexed form, atomically; the file keeps its mode.

    athlete : whose it is from now on; then one that was cut off is ended where it is whole. OSError, or one of
    ``DAMAGE`` if it cannot be read to its end, leave the old one in place.
    """
    beside = path.with_name(f".{path.name}.rewrite")
    try:
        beside.unlink(missing_ok=True)  # of a process that died over it
        with path.open("rb") as source, _new_private_file(beside) as target:
            writer = Writer(target, compression=CompressionType.LZ4)
            writer.start(library="sensor_hub")
            if athlete is None:
                _copy(source, writer)
            else:
                with suppress(*DAMAGE):
                    _copy(source, writer, athlete)
            writer.finish()  # type: ignore[no-untyped-call]
            target.flush()
            mode = stat.S_IMODE(os.fstat(source.fileno()).st_mode)
            # a disk without modes would refuse a change even where it changes nothing
            if mode != stat.S_IMODE(os.fstat(target.fileno()).st_mode):
                os.fchmod(target.fileno(), mode)
            os.fsync(target.fileno())
        beside.replace(path)
    except (OSError, *DAMAGE):
        beside.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _copy(source: IO[bytes], writer: Writer, athlete: str | None = None) -> None:
    channels: dict[int, int] = {}
    for record, _ in records_of(source):
        if isinstance(record, Metadata) and record.name == SESSION_RECORD and athlete is not None:
            writer.add_metadata(record.name, record.metadata | {"athlete": athlete})
        elif isinstance(record, Metadata):
            writer.add_metadata(record.name, record.metadata)
        elif isinstance(record, Channel) and record.id not in channels:
            channels[record.id] = writer.register_channel(record.topic, record.message_encoding, 0, record.metadata)
        elif isinstance(record, Message):
            channel = channels[record.channel_id]
            writer.add_message(channel, record.log_time, record.data, record.publish_time, record.sequence)
