"""Zip files of recordings, such as the account exports of Garmin and Strava: what is in them, one member at a time.

Nothing is believed that a zip says of itself: a member is written out only as far as its limits, by the bytes that
come, and never under its own name. A name is for people to read.
"""

import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from sensor_hub.adapters.recordings.opened import readable
from sensor_hub.errors import RecordingError

MOST_MEMBERS: Final = 200_000
LARGEST_BYTES: Final = 1 << 28  # of a recording, as in ``gzipped``
LARGEST_ZIP_BYTES: Final = 1 << 32  # of a zip inside a zip
LARGEST_RATIO: Final = 300  # unpacked to packed; text of a track comes to 40, and a bomb to 1,000
RATIO_FROM_BYTES: Final = 1 << 22  # below it a ratio does no harm
DEEPEST: Final = 4  # zips inside each other
PIECE_BYTES: Final = 1 << 20
HEAD_BYTES: Final = 1 << 12
_UNREADABLE: Final = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Member:
    """One file of a zip. name : as told in it, with its folders, readable; only ever shown. head : how it begins."""

    name: str
    info: zipfile.ZipInfo
    head: bytes


def is_zip(head: bytes) -> bool:
    """True if a zip begins so."""
    return head.startswith((b"PK\x03\x04", b"PK\x05\x06"))


class ZipArchive:
    """A zip that is read member by member. RecordingError if it is none, or has more members than anybody's export."""

    def __init__(self, path: Path, shown: str) -> None:
        self.shown = shown
        try:
            self._zip = zipfile.ZipFile(path)
        except _UNREADABLE as error:
            mend = "fetch the export again"
            raise RecordingError(shown, "zip", f"cannot be read: {_reason(error)}", mend) from None
        if len(self._zip.infolist()) > MOST_MEMBERS:
            self.close()
            raise RecordingError(shown, "zip", f"holds more than {MOST_MEMBERS} files", "unpack it and give a folder")

    def close(self) -> None:
        """Release the file."""
        self._zip.close()

    def members(self) -> tuple[list[Member], list[RecordingError]]:
        """Return the files in the order of their names, and what is wrong with those that cannot be begun."""
        found, broken = [], []
        for info in sorted(self._zip.infolist(), key=lambda i: i.filename):
            if info.is_dir():
                continue
            try:
                with self._open(info) as source:
                    found.append(Member(readable(info.filename), info, source.read(HEAD_BYTES)))
            except _UNREADABLE as error:
                broken.append(self._refused(info, f"cannot be unpacked: {_reason(error)}"))
        return found, broken

    def unpack(self, member: Member, to: Path, *, largest: int = LARGEST_BYTES) -> None:
        """Write a member to the file ``to``.

        RecordingError, and no file, where it is broken, grows too large, or the disk has no room for it.
        """
        info, written = member.info, 0
        try:
            with self._open(info) as source, to.open("wb", buffering=0) as target:
                while piece := source.read(PIECE_BYTES):
                    written += len(piece)
                    self._write(target, piece, info)
                    self._check(info, written, largest)
        except RecordingError:
            to.unlink(missing_ok=True)
            raise
        except _UNREADABLE as error:
            to.unlink(missing_ok=True)
            raise self._refused(info, f"damaged after {written} bytes: {_reason(error)}") from None

    def _write(self, target: IO[bytes], piece: bytes, info: zipfile.ZipInfo) -> None:
        try:
            target.write(piece)
        except OSError as error:  # the disk's fault, and not that of the zip
            where, problem = f"{self.shown}/{readable(info.filename)}", f"cannot be unpacked: {_reason(error)}"
            raise RecordingError(where, "zip", problem, "make room, or let TMPDIR name a folder that has it") from None

    def _open(self, info: zipfile.ZipInfo) -> IO[bytes]:
        if info.flag_bits & 1:
            raise ValueError("it is locked with a password")
        return self._zip.open(info)

    def _check(self, info: zipfile.ZipInfo, written: int, largest: int) -> None:
        if written > largest:
            raise self._refused(info, f"unpacks to more than {largest >> 20} MiB")
        if written > RATIO_FROM_BYTES and written > LARGEST_RATIO * max(info.compress_size, 1):
            raise self._refused(info, f"unpacks to more than {LARGEST_RATIO} times its size")

    def _refused(self, info: zipfile.ZipInfo, problem: str) -> RecordingError:
        return RecordingError(
            f"{self.shown}/{readable(info.filename)}", "zip", problem, "unpack it and give the file by itself"
        )


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__
