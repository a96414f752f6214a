"""Writing a bundle: parts in the order of their names, one date for all, so that the same content is the same file."""

import hashlib
import os
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from sensor_hub.adapters.bundle.manifest import MANIFEST, Held, Kind, Manifest, is_safe
from sensor_hub.adapters.bundle.scratch import scratch_in
from sensor_hub.errors import RecordingError

NO_DATE: Final = (1980, 1, 1, 0, 0, 0)  # the first a zip can say
MODE: Final = 0o100600
UNIX: Final = 3
LEVEL: Final = 1  # of steps as text, 5 takes four times as long and saves 6 %
PACKED_ALREADY: Final = (".mcap", ".zip")
BLOCK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a bundle: bytes, or a file that is copied as long as it is when its turn comes."""

    name: str
    content: bytes | Path


def write_bundle(
    path: Path,
    kind: Kind,
    parts: Iterable[Part],
    about: Callable[[], Mapping[str, Any]],
    *,
    force: bool = False,
    each: Callable[[str], None] = lambda _name: None,
) -> Manifest:
    """Write a bundle that appears whole or not at all, for its owner's eyes (mode 0600); return its manifest.

    parts : in ascending order of their names, made one after another. about : what the manifest says beside them, asked
    for after the last part. each : told every part's name when it is in.

    Raises
    ------
    RecordingError
        If something of that name is there and ``force`` is not given, or the disk refuses.
    ValueError
        If a part's name is unusable or out of order.
    """
    if path.is_dir():
        raise RecordingError(str(path), "writing", "is a folder", "give the name of a file for --out")
    if path.exists() and not force:
        raise RecordingError(str(path), "writing", "is already there", "give --force to replace it, or another name")
    try:
        with scratch_in(path.parent) as folder:
            part = folder / "bundle"
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                manifest = _write(file, kind, parts, about, each)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
    except OSError as error:
        reason = error.strerror or str(error)
        raise RecordingError(str(path), "writing", reason, "choose another place for --out") from error
    return manifest


def _write(
    file: IO[bytes],
    kind: Kind,
    parts: Iterable[Part],
    about: Callable[[], Mapping[str, Any]],
    each: Callable[[str], None],
) -> Manifest:
    held: dict[str, Held] = {}
    before = ""
    with zipfile.ZipFile(file, "w", allowZip64=True) as zipped:
        for part in parts:
            if not is_safe(part.name) or part.name <= before or part.name == MANIFEST:
                raise ValueError(f"part {part.name!r} after {before!r}: its name is unusable, or out of order")
            held[part.name] = _add(zipped, part)
            before = part.name
            each(part.name)
        manifest = Manifest(kind.format, kind.version, about(), held)
        _add(zipped, Part(MANIFEST, manifest.as_bytes()))
    return manifest


def _add(zipped: zipfile.ZipFile, part: Part) -> Held:
    info = zipfile.ZipInfo(part.name, NO_DATE)
    info.create_system, info.external_attr = UNIX, MODE << 16
    stored = part.name.endswith(PACKED_ALREADY)
    info.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    info._compresslevel = LEVEL  # type: ignore[attr-defined]  # its public name comes with Python 3.13
    digest, size = hashlib.sha256(), 0
    with zipped.open(info, "w", force_zip64=True) as target:
        if isinstance(part.content, bytes):
            target.write(part.content)
            return Held(len(part.content), hashlib.sha256(part.content).hexdigest())
        with part.content.open("rb") as source:
            left = os.fstat(source.fileno()).st_size  # one that still grows is taken as it was
            while left and (block := source.read(min(BLOCK, left))):
                digest.update(block)
                target.write(block)
                size, left = size + len(block), left - len(block)
    return Held(size, digest.hexdigest())
