"""A runner's account as a platform hands it out: runs in FIT, TCX and GPX, some of them twice, some broken."""

import gzip
import io
import random
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from tests.adapters.recordings import captures_by_hand as hand
from tests.adapters.recordings import fit_bytes as fit

FIRST_UTC: Final = datetime(2021, 3, 1, 6, 0, tzinfo=UTC)
APART: Final = timedelta(hours=12)
FORMATS: Final = ("fit", "tcx", "gpx")
HOUR_S: Final = 3600
BROKEN: Final = ("cut", "garbage", "empty", "crc")
JPEG: Final = b"\xff\xd8\xff\xe0" + bytes(200)


@dataclass(frozen=True)
class Run:
    """A run at a steady pace; the same in every format, as far as a format can say it."""

    start_utc: datetime
    duration_s: int
    speed_mps: float
    kind: str

    @property
    def content(self) -> bytes:
        return _WRITERS[self.kind](self)


@dataclass
class Account:
    """What was written, and how each file must end. n_files : all of them, also inside zips."""

    n_files: int = 0
    expected: Counter[str] = field(default_factory=Counter)
    n_in_part: int = 0
    n_sessions: int = 0
    n_same_bytes: int = 0
    n_same_run: int = 0


def fit_of(run: Run) -> bytes:
    t, speed = fit.fit_time(run.start_utc), round(run.speed_mps * 1000)
    rows = [fit.record(t, speed=speed, distance=0)]
    rows += [
        fit.data(
            1, (fit.UINT32, t + s), (fit.UINT8, 80 + s % 9), (fit.UINT8, 64), (fit.UINT16, 2400 + s % 200),
            (fit.UINT32, speed), (fit.UINT32, round(100 * run.speed_mps * s)),
        )
        for s in range(1, run.duration_s + 1)
    ]  # fmt: skip
    begin, end = fit.timer(t, fit.START), fit.timer(t + run.duration_s, fit.STOP_ALL)
    return fit.fit_file(fit.file_id(), begin, *rows, end, fit.session(fit.RUNNING))


def tcx_of(run: Run) -> bytes:
    points = [
        hand.tcx_point(
            run.start_utc + timedelta(seconds=s), strides=80 + s % 9, speed=run.speed_mps, metres=run.speed_mps * s
        )
        for s in range(run.duration_s + 1)
    ]
    return hand.tcx([points]).encode()


def gpx_of(run: Run) -> bytes:
    points = [
        hand.gpx_point(
            run.start_utc + timedelta(seconds=s), 40 + run.speed_mps * s * hand.METRE_DEG, 8.0, cadence=80 + s % 9
        )
        for s in range(run.duration_s + 1)
    ]
    return hand.gpx([points]).encode()


_WRITERS: Final[dict[str, Callable[[Run], bytes]]] = {"fit": fit_of, "tcx": tcx_of, "gpx": gpx_of}


def make(folder: Path, n: int, *, seed: int = 1, longest_s: int = 900, n_hours: int = 0) -> Account:
    """Write ``n`` recordings: 5 % doubled (half of them the same bytes, half another format), 2 % broken.

    A fifth stands in a zip inside a zip, a tenth is gzipped; beside them lie as many settings of a watch and photos as
    broken ones. n_hours : of the runs last an hour, at one point a second; the others two minutes to ``longest_s``.
    """
    rng = random.Random(seed)
    n_doubled, n_broken = round(0.05 * n), max(len(BROKEN), round(0.02 * n))
    n_same_bytes = n_doubled // 2
    runs = []
    for i in range(n - n_doubled):
        duration_s = HOUR_S if i < n_hours else rng.randrange(120, longest_s)
        start_utc = FIRST_UTC + i * APART
        runs.append(Run(start_utc, duration_s, round(rng.uniform(2.5, 3.5), 3), rng.choice(FORMATS)))
    rng.shuffle(runs)
    account = Account(n_same_bytes=n_same_bytes, n_same_run=n_doubled - n_same_bytes)
    files: list[tuple[str, bytes]] = []
    for i, run in enumerate(runs[:n_broken]):
        how = BROKEN[i % len(BROKEN)]
        one = replace(run, kind="fit") if how == "crc" else run
        files.append((f"{how}-{i:04d}.{one.kind}", _broken(one.content, how, rng)))
        ends = "refused" if how in {"garbage", "empty"} else "taken"
        account.expected[ends] += 1
        account.n_in_part += how == "cut"
        account.n_sessions += how in {"cut", "crc"}
    whole = runs[n_broken:]
    files += [(f"run-{i:04d}.{run.kind}", run.content) for i, run in enumerate(whole)]
    account.expected["taken"] += len(whole)
    account.n_sessions += len(whole)
    twins: set[bytes] = set()  # gzipped they would not be the same bytes
    for i, run in enumerate(rng.sample(whole, n_doubled)):
        kind = run.kind if i < n_same_bytes else rng.choice([other for other in FORMATS if other != run.kind])
        content = replace(run, kind=kind).content
        files.append((f"again-{i:04d}.{kind}", content))
        twins |= {content} if i < n_same_bytes else set()
        account.n_sessions += i >= n_same_bytes
    account.expected["doubled"] += n_doubled
    files += [(f"settings-{i:04d}.fit", _settings(i)) for i in range(n_broken)]
    account.expected["no activity"] += n_broken
    files += [(f"photo-{i:04d}.jpg", JPEG + i.to_bytes(2)) for i in range(n_broken)]
    account.expected["not a recording"] += n_broken
    account.n_files = len(files)
    _put(folder, files, twins, rng)
    return account


def _settings(i: int) -> bytes:
    """Settings of a watch, no two of them the same file."""
    return fit.fit_file(fit.message(0, fit.FILE_ID, (0, fit.ENUM, 2), (1, fit.UINT16, 1), (2, fit.UINT16, i)))


def _broken(content: bytes, how: str, rng: random.Random) -> bytes:
    if how == "cut":
        return content[: len(content) * 6 // 10]
    if how == "garbage":
        return bytes([255]) + rng.randbytes(500)
    if how == "crc":
        return content[:-2] + bytes([content[-2] ^ 0xFF, content[-1]])
    return b""


def _put(folder: Path, files: list[tuple[str, bytes]], twins: set[bytes], rng: random.Random) -> None:
    """Spread the files over a folder, its folders, gzip files, and a zip inside a zip."""
    (folder / "2021").mkdir(parents=True)
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in files:
            where = rng.random()
            if where < 0.2:
                zipped.writestr(name, content)
            elif where < 0.3 and name.startswith(("run", "again", "cut")) and content not in twins:
                (folder / f"{name}.gz").write_bytes(gzip.compress(content, mtime=0))
            else:
                (folder / ("2021" if where < 0.6 else ".") / name).write_bytes(content)
    with zipfile.ZipFile(folder / "export.zip", "w") as outer:
        outer.writestr("DI_CONNECT/DI-Connect-Uploaded-Files/UploadedFiles_0-_Part1.zip", inner.getvalue())
