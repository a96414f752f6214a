"""What a bundle says of itself: its format, what it is about, and the size and SHA-256 of every part."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, Final

from sensor_hub.errors import RecordingError

MANIFEST: Final = "manifest.json"
LONGEST_NAME: Final = 200
UPDATE: Final = "update sensor-hub"
ANOTHER: Final = "give another copy of it"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of bundle. version : of its content; ``what`` is what people call it."""

    format: str
    version: int
    what: str


@dataclass(frozen=True, slots=True)
class Held:
    """One part: size in bytes, and SHA-256 as hex."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """The manifest. about : JSON values that its maker put in, such as counts."""

    kind: str
    version: int
    about: Mapping[str, Any]
    parts: Mapping[str, Held] = field(default_factory=dict)

    def as_bytes(self) -> bytes:
        """Return it as it stands in the bundle."""
        body = {
            "format": self.kind,
            "version": self.version,
            **self.about,
            "parts": {name: {"size": held.size, "sha256": held.sha256} for name, held in sorted(self.parts.items())},
        }
        return (json.dumps(body, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode()


def read_manifest(path: str, data: bytes, kind: Kind) -> Manifest:
    """Return the manifest of a bundle; RecordingError if it is another format, a newer version, or unreadable."""
    try:
        body = json.loads(data)
        form, version, parts = body["format"], body["version"], body["parts"]
        held = {name: Held(int(part["size"]), str(part["sha256"])) for name, part in parts.items()}
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise RecordingError(path, MANIFEST, "cannot be read", ANOTHER) from None
    if form != kind.format:
        raise RecordingError(path, MANIFEST, f"is {form!r}, not {kind.what} ({kind.format!r})", "give another file")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise RecordingError(path, MANIFEST, f"has no usable version ({version!r})", ANOTHER)
    if version > kind.version:
        problem = f"is {kind.what} of version {version}, and this program reads up to {kind.version}"
        raise RecordingError(path, MANIFEST, problem, UPDATE)
    about = {name: value for name, value in body.items() if name not in {"format", "version", "parts"}}
    return Manifest(form, version, about, held)


def is_safe(name: str) -> bool:
    """Whether a part's name stays inside whatever folder it is put in, on every system."""
    words = name.split("/")
    if not name or len(name) > LONGEST_NAME or not name.isprintable() or "\\" in name or ":" in name:
        return False
    return not PurePosixPath(name).is_absolute() and all(word not in {"", ".", ".."} for word in words)
