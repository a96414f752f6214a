"""``session import`` of files, folders and zips: read side by side, committed in order, judged once at the end.

Idempotent and resumable: what is stored is passed over by the hash of its bytes, without reading it, so an import that
was killed is begun again and ends the same. A killed one has not judged; therefore the days of all files of a call are
judged, also of those that were there.
"""

import logging
import os
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from sensor_hub.adapters.recordings.opened import readable, refused
from sensor_hub.app.importing.bulk_doubles import with_doubles
from sensor_hub.app.importing.bulk_reading import Asked, ReadFile, Task
from sensor_hub.app.importing.bulk_report import BulkReport, Done
from sensor_hub.app.importing.bulk_sources import Source, Survey, survey, unpacked
from sensor_hub.app.importing.bulk_workers import OwnReader, Readers, WorkerReaders
from sensor_hub.app.importing.imported import Imported
from sensor_hub.app.importing.importing_file import import_file, mark_of, take_read, there_already
from sensor_hub.app.importing.importing_log import import_lines, is_log
from sensor_hub.app.ingest import Ingest
from sensor_hub.app.people import Archive
from sensor_hub.app.sids import import_sid
from sensor_hub.errors import NoActivityError, RecordingError, SensorHubError, UnknownFormatError
from sensor_hub.guidelines.evaluate import REACH, local_day
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.finding import Finding

_LOG = logging.getLogger(__name__)
FEW: Final = 8  # files that one process has read before another has started
AHEAD: Final = 4  # files a process may be ahead of what is committed: what bounds the memory
NOTHING_ASKED: Final = Asked()


def import_paths(
    paths: Sequence[Path],
    archive: Archive,
    athlete: str | None = None,
    *,
    asked: Asked = NOTHING_ASKED,
    jobs: int | None = None,
    progress: Callable[[Done], None] = lambda _done: None,
) -> BulkReport:
    """Import everything below ``paths`` for one athlete; every file ends in one way, and one bad file stops no other.

    asked : how files are to be read. jobs : processes that read, 1 for none beside this one, None for one a core.
    RegistryError if nobody knows the athlete, StoreError if nothing can be kept; what was taken before is kept, also
    where the call is interrupted, and judged.
    """
    begun_s = time.monotonic()
    person = archive.athlete(athlete)
    n_jobs = (os.cpu_count() or 1) if jobs is None else jobs
    with (
        tempfile.TemporaryDirectory(prefix="sensor-hub-import-") as temp,
        closing(survey(paths, Path(temp))) as found,
        closing(_readers(n_jobs, len(found.sources), archive)) as readers,
    ):
        call = _Call(archive, person, asked, athlete is not None, found, Path(temp))
        try:
            for n, source in enumerate(call.run(readers, AHEAD * n_jobs), start=1):
                progress(call.done(n, source.name, time.monotonic() - begun_s))
        except BaseException:
            with suppress(SensorHubError):  # the first error is the one to tell
                call.judge()
            raise
        results = call.judge()
    results, offers = with_doubles(results, archive)
    return BulkReport(tuple(results), offers, time.monotonic() - begun_s)


def import_upload(
    path: Path,
    name: str,
    archive: Archive,
    athlete: str | None = None,
    *,
    progress: Callable[[Done], None] = lambda _done: None,
) -> BulkReport:
    """Import a file that came over a page, or a zip of them; ``name`` is what its sender called it, only ever shown."""
    report = import_paths([path], archive, athlete, progress=progress)

    def named(result: Imported) -> Imported:
        said = None if result.problem is None else result.problem.replace(str(path), name)
        return replace(result, path=Path(str(result.path).replace(str(path), name, 1)), problem=said)

    return replace(report, results=tuple(named(result) for result in report.results))


def _readers(jobs: int, n_files: int, archive: Archive) -> Readers:
    if jobs <= 1 or n_files < FEW:
        return OwnReader(archive.registry)
    return WorkerReaders(jobs, archive.registry.url)


@dataclass(slots=True)
class _Asking:
    """A file on its way.

    twin : name of an earlier file of the same bytes. settled : what is known of it without reading. answer : what a
    reader makes of it; None where it is read here, in its turn.
    """

    source: Source
    path: Path | None = None
    mark: str = ""
    twin: str | None = None
    settled: list[Imported] | None = None
    answer: Callable[[], ReadFile] | None = None


class _Call:
    """One import: what is asked of each file, and the one writer of what comes back."""

    def __init__(self, archive: Archive, person: Athlete, asked: Asked, named: bool, found: Survey, temp: Path) -> None:
        self._archive, self._person, self._asked, self._named = archive, person, asked, named
        self._found, self._temp = found, temp
        self._recorded = archive.recorded
        self._told: list[Finding] = []
        self._ingest = Ingest(archive.store, archive.registry, on_finding=self._tell)
        self._first_with: dict[str, str] = {}
        self._results: list[Imported] = []
        self._first_of: dict[str, Imported] = {}  # by name: what a twin is the same as
        self._n_taken = self._n_refused = 0

    def run(self, readers: Readers, n_ahead: int) -> Iterator[Source]:
        """Read every file and take it, in order; yield each when it is done."""
        waiting: deque[_Asking] = deque()
        sources = iter(enumerate(self._found.sources))
        while True:
            while len(waiting) < n_ahead and (item := next(sources, None)) is not None:
                waiting.append(self._ask(item[1], self._temp / f"{item[0]}.member", readers))
            if not waiting:
                return
            asking = waiting.popleft()
            results = self._take(asking)
            if asking.path is not None and asking.source.member is not None:
                asking.path.unlink(missing_ok=True)
            self._results += results
            self._first_of[asking.source.name] = results[0]
            self._n_taken += sum(r.outcome == "taken" for r in results)
            self._n_refused += sum(r.outcome == "refused" for r in results)
            yield asking.source

    def done(self, n: int, name: str, elapsed_s: float) -> Done:
        """Return how far it is."""
        return Done(n, len(self._found.sources), name, self._n_taken, self._n_refused, elapsed_s)

    def judge(self) -> list[Imported]:
        """Judge the days of everything that is there now, once; return the results with what that told."""
        people: dict[str, Athlete] = {}
        days: dict[str, tuple[date, date]] = {}
        for result in self._results:
            if result.summary is None or result.summary.header.origin not in {"import", "live", "simulated"}:
                continue
            header = result.summary.header
            for who in self._ingest.owners(header):
                day = local_day(result.summary.start_utc, who.zone)
                people[who.id] = who
                first, last = days.get(who.id, (day, day))
                days[who.id] = min(first, day), max(last, day)
        for athlete, (first, last) in days.items():
            self._ingest.judge(people[athlete], first, reach=last - first + REACH)
        about = {f"session:{r.sid}": i for i, r in enumerate(self._results) if r.sid is not None}
        of_rest = max(about.values(), default=0)
        mine: dict[int, list[Finding]] = {}
        for finding in self._told:
            mine.setdefault(about.get(finding.scope, of_rest), []).append(finding)
        return [replace(r, findings=tuple(mine.get(i, ()))) for i, r in enumerate(self._results)]

    def _tell(self, finding: Finding, notify: bool) -> None:
        if notify:
            self._told.append(finding)

    def _ask(self, source: Source, scratch: Path, readers: Readers) -> _Asking:
        shown = Path(source.name)
        if source.problem is not None:
            return _Asking(source, settled=[Imported(shown, problem=source.problem)])
        if source.index is not None:
            return _Asking(source)
        if source.passed is not None and self._asked.columns is None:
            return _Asking(source, settled=[Imported(shown, passed=("not a recording", source.passed))])
        try:
            path = unpacked(source, scratch)
            sid = import_sid(path, self._person.id)
        except RecordingError as error:
            return _Asking(source, settled=[Imported(shown, problem=str(error))])
        except OSError as error:
            return _Asking(source, settled=[Imported(shown, problem=str(refused(shown, error)))])
        twin = self._first_with.setdefault(sid, source.name)
        if twin != source.name:
            return _Asking(source, path, twin=twin)
        mark = mark_of(sid, self._asked, self._archive.drop_per_mm)
        there = there_already(shown, sid, mark, self._recorded)
        if there is not None:
            return _Asking(source, path, settled=[there])
        if is_log(path, self._asked.columns):
            return _Asking(source, path)
        sport = self._found.sports.get(source.name, "")
        own, drop = self._archive.own_profiles, self._archive.drop_per_mm
        task = Task(path, source.name, self._person, sid, self._asked, sport, own, drop)
        return _Asking(source, path, mark, answer=readers.read(task))

    def _take(self, asking: _Asking) -> list[Imported]:
        source, shown = asking.source, Path(asking.source.name)
        if asking.settled is not None:
            return asking.settled
        if asking.twin is not None:
            return [self._as_its_twin(shown, asking.twin)]
        if source.index is not None:
            return self._take_index(source, shown)
        read = ReadFile("by itself") if asking.answer is None else asking.answer()
        if read.what == "refused":
            return [Imported(shown, problem=read.problem)]
        if read.what == "no activity":
            return [Imported(shown, passed=("no activity", read.problem))]
        if read.what == "unknown format":
            return [self._unknown(source, read.problem)]
        if read.what == "read":
            interpretation = self._asked.interpretation(read.setup.source if read.setup else "")
            taken = take_read(shown, read, self._ingest, self._recorded, asking.mark, interpretation)
            if taken is not None:
                return [taken]
        return self._by_itself(asking, shown)

    def _as_its_twin(self, shown: Path, twin: str) -> Imported:
        """What is a recording is doubled; a second photo is a photo, and a second broken file is broken."""
        first = self._first_of[twin]
        if first.passed or first.problem:
            return replace(first, path=shown, problem=first.problem and first.problem.replace(twin, str(shown)))
        return Imported(shown, first.sid, doubled=f"the same file as {twin}")

    def _by_itself(self, asking: _Asking, shown: Path) -> list[Imported]:
        """Read a file here that needs more than a worker knows: a log, a recording of ours, what is stored in part."""
        path = asking.path or shown
        sport = self._found.sports.get(asking.source.name, "")
        try:
            results = import_file(
                path, self._archive, self._person, self._ingest, self._asked, named=self._named, sport=sport
            )
        except NoActivityError as error:
            return [Imported(shown, passed=("no activity", self._said(error, path, shown)))]
        except UnknownFormatError as error:
            return [self._unknown(asking.source, self._said(error, path, shown))]
        except RecordingError as error:
            return [Imported(shown, problem=self._said(error, path, shown))]
        except SensorHubError:
            raise  # nothing can be kept, or nobody knows the athlete: it is no fault of this file
        except Exception as error:
            # Composition root: one file that we read wrongly must not keep the others out.
            _LOG.exception("%s could not be imported", shown)
            return [Imported(shown, problem=readable(f"{shown}: could not be read: {type(error).__name__}: {error}"))]
        return [replace(result, path=shown) for result in results]

    def _take_index(self, source: Source, shown: Path) -> list[Imported]:
        index = source.index
        if index is None or not index.sessions:
            faults = () if index is None else index.faults
            return [Imported(shown, faults=faults, passed=("no activity", f"{shown}: all it lists have their files"))]
        return import_lines(shown, index.sessions, index.faults, self._person, self._ingest, self._recorded)

    def _unknown(self, source: Source, problem: str) -> Imported:
        if source.says_recording:
            return Imported(Path(source.name), problem=problem)
        return Imported(Path(source.name), passed=("not a recording", problem))

    def _said(self, error: RecordingError, path: Path, shown: Path) -> str:
        return readable(str(error).replace(str(path), str(shown)))
