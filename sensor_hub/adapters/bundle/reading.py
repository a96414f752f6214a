"""Reading a bundle: verified whole before anything of it is used, and never trusted with a place or a size."""

import hashlib
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from sensor_hub.adapters.bundle.manifest import ANOTHER, MANIFEST, Held, Kind, is_safe, read_manifest
from sensor_hub.errors import RecordingError

BLOCK: Final = 1 << 20
LARGEST_TEXT: Final = 1 << 30  # bytes of one part that is read into memory
LARGEST_MANIFEST: Final = 64 << 20
MOST_PARTS: Final = 1_000_000
MOST_TIMES: Final = 1100  # what the compression can reach at most is about 1,032
DAMAGE: Final = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)


class Bundle:
    """An open bundle of a kind; ``verify`` it before anything is believed.

    Raises
    ------
    RecordingError
        If it is no bundle of this kind, a newer version of it, damaged, or made to do harm.
    """

    def __init__(self, path: Path, kind: Kind) -> None:
        self.path, self._kind = path, kind
        try:
            self._zip = zipfile.ZipFile(path)
        except OSError as error:
            raise RecordingError(str(path), "opening", error.strerror or str(error), "check the name") from None
        except DAMAGE:
            raise self._refused("opening", f"is no {kind.what}: not a zip, or cut off") from None
        try:
            self._infos = self._checked()
            self.manifest = read_manifest(str(path), self._take(MANIFEST, LARGEST_MANIFEST), kind)
            self._check_against_manifest()
        except BaseException:
            self._zip.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: object, _trace: TracebackType | None) -> None:
        self._zip.close()

    def names(self, folder: str = "") -> list[str]:
        """Names of the parts in a folder (such as "steps/"), ascending."""
        return sorted(name for name in self.manifest.parts if name.startswith(folder))

    def verify(self, each: Callable[[str], None] = lambda _name: None) -> None:
        """Read every part and hold it against the manifest; RecordingError names the first that differs."""
        for name in self.names():
            self.verify_one(name)
            each(name)

    def verify_one(self, name: str) -> None:
        """Read one part and hold it against the manifest; RecordingError if it differs."""
        self._compare(name, self._digest(name))

    def read(self, name: str) -> bytes:
        """Return a part's bytes, held against the manifest; b"" if it is not there."""
        if name not in self.manifest.parts:
            return b""
        data = self._take(name, LARGEST_TEXT)
        self._compare(name, Held(len(data), hashlib.sha256(data).hexdigest()))
        return data

    def copy(self, name: str, target: Path) -> None:
        """Write a part into a new file, mode 0600, on disk when this returns; it is removed again if it differs."""
        digest, size = hashlib.sha256(), 0
        try:
            with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                for block in self._blocks(name):
                    digest.update(block)
                    size += len(block)
                    file.write(block)
                file.flush()
                os.fsync(file.fileno())
            self._compare(name, Held(size, digest.hexdigest()))
        except OSError as error:
            raise RecordingError(str(target), "writing", error.strerror or str(error), "make room") from error
        except RecordingError:
            target.unlink(missing_ok=True)
            raise

    def is_same(self, name: str, file: Path) -> bool:
        """Whether a file holds the same bytes as a part."""
        held = self.manifest.parts[name]
        if file.stat().st_size != held.size:
            return False
        with file.open("rb") as source:
            return hashlib.file_digest(source, "sha256").hexdigest() == held.sha256

    def _checked(self) -> dict[str, zipfile.ZipInfo]:
        infos = self._zip.infolist()
        found = {info.filename: info for info in infos}
        if MANIFEST not in found:
            raise self._refused("contents", f"is no {self._kind.what}: it has no {MANIFEST}")
        if len(found) != len(infos) or len(infos) > MOST_PARTS:
            raise self._refused("contents", "has a part twice, or too many of them")
        for name, info in found.items():
            if not is_safe(name) or info.is_dir() or info.flag_bits & 1:
                raise self._refused(repr(name), "is a part that no export or backup of ours has")
            if info.file_size > MOST_TIMES * info.compress_size + BLOCK:
                raise self._refused(repr(name), "would be far larger than anything it can be")
        if sum(info.compress_size for info in infos) > self.path.stat().st_size:
            raise self._refused("contents", "has parts that lie over each other")
        return found

    def _check_against_manifest(self) -> None:
        told, there = set(self.manifest.parts), set(self._infos) - {MANIFEST}
        for name in sorted(told ^ there):
            raise self._refused(name, "is missing" if name in told else "is in it, and its manifest does not know it")
        for name, held in self.manifest.parts.items():
            if self._infos[name].file_size != held.size:
                raise self._refused(name, "has another size than its manifest says: it was changed or damaged")

    def _digest(self, name: str) -> Held:
        digest, size = hashlib.sha256(), 0
        for block in self._blocks(name):
            digest.update(block)
            size += len(block)
        return Held(size, digest.hexdigest())

    def _compare(self, name: str, found: Held) -> None:
        if found != self.manifest.parts[name]:
            raise self._refused(name, "differs from what its manifest says: it was changed or damaged")

    def _take(self, name: str, most: int) -> bytes:
        if self._infos[name].file_size > most:
            raise self._refused(name, f"is larger than {most >> 20} MB")
        return b"".join(self._blocks(name))

    def _blocks(self, name: str) -> Iterator[bytes]:
        try:
            with self._zip.open(self._infos[name]) as source:
                while block := source.read(BLOCK):
                    yield block
        except OSError as error:
            raise RecordingError(str(self.path), name, error.strerror or str(error), ANOTHER) from error
        except DAMAGE as error:
            raise self._refused(name, f"cannot be unpacked: {error}") from None

    def _refused(self, place: str, problem: str) -> RecordingError:
        return RecordingError(str(self.path), place, problem, ANOTHER)
