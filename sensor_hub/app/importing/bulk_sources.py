"""What is to be imported: every file of folders and zips, in one order, and what an index beside them says of them."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sensor_hub.adapters.recordings.archives import DEEPEST, LARGEST_ZIP_BYTES, Member, ZipArchive, is_zip
from sensor_hub.adapters.recordings.opened import readable, refused
from sensor_hub.adapters.recordings.recognise import is_no_recording, unknown
from sensor_hub.adapters.recordings.session_log import LoggedSession
from sensor_hub.adapters.recordings.strava_index import NAME, is_strava_index, read_strava_index
from sensor_hub.errors import RecordingError
from sensor_hub.model.recording import Fault

HEAD_BYTES: Final = 1 << 12
ZIPS_BYTES: Final = 1 << 34  # of all zips inside zips: they stand in the temporary folder till the end
RECORDINGS: Final = (".fit", ".tcx", ".gpx", ".mcap")  # endings by which a file says that it is one


@dataclass(frozen=True, slots=True)
class Index:
    """What an index says that no file does. sessions : of the activities it has no file of."""

    path: Path
    sessions: tuple[LoggedSession, ...]
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """One file: on the disk, or a member of a zip; or why there is none.

    name : to be shown, readable. asked_for : named by whoever asked, and not found in a folder or zip. sport : as an
    index says.
    """

    name: str
    path: Path | None = None
    member: tuple[ZipArchive, Member] | None = None
    asked_for: bool = False
    problem: str | None = None
    index: Index | None = None

    @property
    def passed(self) -> str | None:
        """Why a member of a zip is surely no recording, told by how it begins: nobody has to unpack a film."""
        if self.member is None or self.says_recording or not is_no_recording(self.member[1].head):
            return None
        return str(unknown(self.name, self.member[1].head))

    @property
    def says_recording(self) -> bool:
        """Whether its name or whoever asked for it says that it is a recording, so that it must be one."""
        return self.asked_for or self.name.lower().removesuffix(".gz").endswith(RECORDINGS)


@dataclass(slots=True)
class Survey:
    """What was found. sports : name of a source → what an index says it was."""

    sources: list[Source] = field(default_factory=list)
    sports: dict[str, str] = field(default_factory=dict)
    open_zips: list[ZipArchive] = field(default_factory=list)

    def close(self) -> None:
        """Release the zips."""
        for archive in self.open_zips:
            archive.close()


def survey(paths: Sequence[Path], temp: Path) -> Survey:
    """Find every file below ``paths``; what cannot be opened is a source with a problem. ``temp`` takes inner zips."""
    found = _Finder(temp)
    for path in paths:
        before = len(found.survey.sources)
        if path.is_dir():
            for name in _files(path, found.survey.sources):
                found.file(name, asked_for=False)
            if len(found.survey.sources) == before and not any(path.iterdir()):
                empty = readable(str(path))
                found.survey.sources.append(Source(empty, problem=f"{empty}: folder: has no file in it"))
        else:
            found.file(path, asked_for=True)
    found.read_indexes()
    return found.survey


def _files(folder: Path, sources: list[Source]) -> Iterator[Path]:
    """Files of a folder and its folders by name; a link to a folder is not followed, or there might be no end."""

    def closed(error: OSError) -> None:
        name = readable(str(error.filename))
        sources.append(Source(name, problem=readable(str(refused(Path(name), error)))))

    for root, folders, names in os.walk(folder, onerror=closed):
        folders.sort()
        yield from (path for name in sorted(names) if (path := Path(root, name)).is_file())


class _Finder:
    def __init__(self, temp: Path) -> None:
        self.survey = Survey()
        self._temp = temp
        self._zips_bytes = 0
        self._indexes: list[int] = []
        self._seen: set[str] = set()  # a file that is named twice, or by a link, is one file

    def file(self, path: Path, *, asked_for: bool) -> None:
        real = os.path.realpath(path)
        if real in self._seen:
            return
        self._seen.add(real)
        try:
            with path.open("rb") as file:
                head = file.read(HEAD_BYTES)
        except OSError as error:
            self._problem(str(path), refused(path, error))
            return
        if is_zip(head):
            self._zip(path, readable(str(path)), depth=1)
            return
        self._add(Source(readable(str(path)), path, asked_for=asked_for), head)

    def _add(self, source: Source, head: bytes) -> None:
        if source.name.rpartition("/")[2].lower() == NAME and is_strava_index(head):
            self._indexes.append(len(self.survey.sources))
        self.survey.sources.append(source)

    def _zip(self, path: Path, shown: str, *, depth: int) -> None:
        try:
            archive = ZipArchive(path, shown)
        except RecordingError as error:
            self._problem(shown, error)
            return
        self.survey.open_zips.append(archive)
        members, broken = archive.members()
        for refusal in broken:
            self._problem(refusal.path, refusal)
        for member in members:
            name = f"{shown}/{member.name}"
            if is_zip(member.head):
                self._inner_zip(archive, member, name, depth)
            else:
                self._add(Source(name, member=(archive, member)), member.head)

    def _inner_zip(self, archive: ZipArchive, member: Member, name: str, depth: int) -> None:
        if depth >= DEEPEST:
            problem = f"is a zip inside {depth} others"
            self._problem(name, RecordingError(name, "zip", problem, "unpack it and give it by itself"))
            return
        scratch = self._temp / f"{len(self.survey.open_zips)}.zip"
        try:
            archive.unpack(member, scratch, largest=min(LARGEST_ZIP_BYTES, ZIPS_BYTES - self._zips_bytes))
        except RecordingError as error:
            self._problem(name, error)
            return
        self._zips_bytes += scratch.stat().st_size
        self._zip(scratch, name, depth=depth + 1)

    def _problem(self, name: str, error: RecordingError) -> None:
        self.survey.sources.append(Source(readable(name), asked_for=True, problem=readable(str(error))))

    def read_indexes(self) -> None:
        """Read each index, and give the activities that have no file to its own source."""
        names = {source.name for source in self.survey.sources}
        for at in self._indexes:
            source = self.survey.sources[at]
            scratch = self._temp / f"index-{at}.csv"
            try:
                path = unpacked(source, scratch)
                lines, faults = read_strava_index(path)
            except RecordingError as error:
                problem = readable(str(error).replace(str(scratch), source.name))
                self.survey.sources[at] = Source(source.name, asked_for=True, problem=problem)
                continue
            folder = source.name.rpartition("/")[0]
            without = []
            for line in lines:
                name = readable(f"{folder}/{line.filename}" if folder else line.filename)
                if line.filename and name in names:
                    self.survey.sports[name] = line.sport
                elif line.session is not None:
                    without.append(line.session)
            index = Index(path, tuple(without), tuple(faults))
            self.survey.sources[at] = Source(source.name, path, asked_for=source.asked_for, index=index)


def unpacked(source: Source, scratch: Path) -> Path:
    """Return the file on the disk: its own, or ``scratch`` with the member of a zip. RecordingError if that fails."""
    if source.member is not None:
        archive, member = source.member
        archive.unpack(member, scratch)
        return scratch
    return Path(source.name) if source.path is None else source.path
