"""Session ids: sortable for live ones, derived from content for imports."""

import hashlib
import os
from datetime import datetime
from pathlib import Path
from typing import Final

CROCKFORD: Final = "0123456789abcdefghjkmnpqrstvwxyz"


def _base32(number: int, length: int) -> str:
    return "".join(CROCKFORD[(number >> 5 * (length - 1 - i)) & 31] for i in range(length))


def new_sid(start_utc: datetime) -> str:
    """Lower-case ULID: 48 bits of milliseconds, 80 random bits."""
    milliseconds = int(start_utc.timestamp() * 1000)
    return _base32(milliseconds, 10) + _base32(int.from_bytes(os.urandom(10)), 16)


def import_sid(path: Path, athlete: str) -> str:
    """Hash of a file's content and the athlete, so that importing it twice is the same session."""
    digest = hashlib.sha256(athlete.encode() + b"\0")
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return _base32(int.from_bytes(digest.digest()[:17]) & ((1 << 130) - 1), 26)


def text_sid(*parts: str) -> str:
    """Hash of what was put in by hand, so that the same again is the same session."""
    digest = hashlib.sha256("\0".join(parts).encode()).digest()
    return _base32(int.from_bytes(digest[:17]) & ((1 << 130) - 1), 26)
