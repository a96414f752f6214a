"""Export, and put back: the same history, findings and totals, and the same file again."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from sensor_hub.adapters.recordings.mcap_file import McapRecorder
from sensor_hub.adapters.registry import Registry
from sensor_hub.adapters.storage.sqlite import SqliteStore
from sensor_hub.app.kept_store import KeptStore
from sensor_hub.app.people import Archive
from sensor_hub.app.person_export import export_person
from sensor_hub.app.person_import import PersonImported, import_person
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.calibration import Calibration
from sensor_hub.model.edit import AddRun, Change, Delete, Edit, MarkDays, Split, Tell, Trim, WearShoe
from sensor_hub.model.load import LoadReference
from sensor_hub.model.pattern import GaitPattern
from sensor_hub.model.ports import Store
from sensor_hub.model.raw import RawNotification
from sensor_hub.model.reference import Learned
from sensor_hub.model.session import BoundDevice, Event, GapFound, SessionPaused, StepBatch
from sensor_hub.units import utc_us
from tests.adapters.storage.runs import table
from tests.app.histories import NOW_UTC, ended, envelopes, header

HAND = "01hand00000000000000000001"
SECOND = "01second000000000000000001"
RUN = Learned(
    LoadReference("", 0.3512345678901, 0.2412345678, 4.1234567, "achilles-1.0.0", "imu/foot/foot-1.0",
                  date(2026, 11, 1), 6, 12000.0, 1.02), at_easy_speed=True,
)  # fmt: skip


def run_of(athlete: Athlete, days_ago: float, km: float, *, sid: str | None = None, n_steps: int = 60) -> list[Event]:
    """A run with steps over all of it, a gap and a pause."""
    of = header(athlete, sid or f"{athlete.id}-{days_ago:g}".replace(".", "-"), zone=athlete.zone)
    start_utc = NOW_UTC - timedelta(days=days_ago)
    steps = table(utc_us(start_utc), n_steps, seed=int(10 * days_ago))
    times = utc_us(start_utc) + (steps.time_utc_us - steps.time_utc_us[0]) * int(km * 360e6 / (n_steps * 341_003))
    second = timedelta(seconds=1)
    over = ended(of, start_utc, km)
    return [
        StepBatch(of, start_utc, replace(steps, time_utc_us=times), over.totals),
        GapFound(of, "pod-1", start_utc + 20 * second, start_utc + 25.5 * second, "silence"),
        SessionPaused(of, start_utc + 40 * second, start_utc + 50 * second),
        over,
    ]


class Home:
    """An installation of its own."""

    def __init__(self, folder: Path, store: Store | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.recordings = folder, folder / "recordings"
        self.recordings.mkdir()
        self.registry = Registry(f"sqlite:///{folder / 'registry.db'}")
        recorded = SqliteStore(folder / "store.db") if store is None else store
        self.archive = Archive(self.registry, KeptStore(recorded, self.registry), "Europe/Lisbon")

    @property
    def recorded(self) -> Store:
        return self.archive.recorded

    def add(self, name: str, zone: str = "Europe/Lisbon", **more: Any) -> Athlete:
        return self.registry.add_athlete(name, zone, **more)

    def take(self, athlete: Athlete, events: list[Event], gw: str) -> None:
        self.archive.ingest.take(envelopes(events, gw))

    def edit(self, athlete: Athlete, *edits: Edit) -> None:
        for one in edits:
            self.archive.keeping.edit(athlete.id, [one], by="cli")

    def export(self, name: str, out: str = "out.zip", *, recordings: bool = True) -> Path:
        path = self.folder / out
        export_person(self.archive, self.recordings if recordings else None, name, path, force=True)
        return path

    def put(self, path: Path, **how: Any) -> PersonImported:
        return import_person(self.archive, self.recordings, path, **how)

    def seen(self, name: str) -> tuple[Any, ...]:
        """History, findings and totals of an athlete."""
        self.archive.store.journal.forget()
        view = self.archive.keeping.history(name)
        findings = sorted(self.recorded.findings(view.athlete), key=lambda f: f.key)
        rows = [(self.archive.store.steps(k.summary.header.sid), self.archive.store.gaps(k.summary.header.sid),
                 self.archive.store.pauses(k.summary.header.sid)) for k in view.sessions]  # fmt: skip
        return view, findings, rows, repr(self.registry.persons.kept(name))  # NaN is not itself

    def close(self) -> None:
        self.archive.store.close()
        self.registry.close()


def record(home: Home, athlete: Athlete, sid: str, *, close: bool = True) -> Path:
    """A recording of one of their sessions, ended or cut off."""
    path = home.recordings / f"{sid}.mcap"
    devices = [BoundDevice("pod-1", None)]
    recorder = McapRecorder(path, sid=sid, athlete=athlete.id, zone=athlete.zone, origin="live", devices=devices)
    for second in range(5):
        recorder.append(RawNotification("pod-1", "2a53", NOW_UTC + timedelta(seconds=second), bytes(8)))
    recorder.close()
    if not close:
        path.write_bytes(path.read_bytes()[:-200])
    return path


def ana_at(home: Home) -> Athlete:
    """A runner with some of everything."""
    ana = home.add("Ana Álvares", mass_kg=58.25, height_m=1.68, week_start=7)
    for days_ago, km in [(28, 5.0), (21, 5.1), (14, 5.2), (8, 6.0), (7, 9.7), (3, 11.0), (0.5, 4.0)]:
        home.take(ana, run_of(ana, days_ago, km), f"import-{ana.id}-{days_ago:g}".replace(".", "-") + "-abc")
    registry = home.registry
    old, new = registry.shoes.add(ana.id, "Old ones", drop_mm=8.0), registry.shoes.add(ana.id, "New ones")
    registry.shoes.retire(old.id, NOW_UTC)
    registry.add_device("AA:BB:CC:00:11:22", "left pod", "standard-rsc@1", athlete=ana.id, side="L", mount="foot")
    registry.learned.keep_calibration(
        ana.id, Calibration("foot-1.0", "foot", 0.0123456789, 0.0, 0.25, 0.01, 400, "plate", date(2026, 10, 1))
    )
    registry.learned.keep_pattern(ana.id, GaitPattern("foot", "L", ("a", "b"), (1 / 3, float("nan")), None, 1, 300))
    registry.references.keep(ana.id, RUN, asked=False)
    sid = f"{ana.id}-3"
    start = NOW_UTC - timedelta(days=3)
    home.edit(
        ana,
        WearShoe(new.id, date(2026, 11, 1)),
        AddRun(HAND, NOW_UTC - timedelta(days=2), has_time=False, distance_m=7000.0, effort=4.0),
        Tell(sid, effort=7.0, note="hilly, “windy”\n und kalt"),
        Trim(sid, to_utc=start + timedelta(minutes=50)),
        Split(f"{ana.id}-8", NOW_UTC - timedelta(days=8) + timedelta(minutes=12), SECOND),
        Delete(f"{ana.id}-28"),
        Change(f"{ana.id}-21", surface="treadmill"),
        MarkDays(date(2026, 11, 1), date(2026, 11, 2), "not-recorded"),
    )
    home.archive.keeping.undo(ana.id, by="page")
    home.archive.judge_again(ana)
    record(home, ana, sid)
    record(home, ana, f"{ana.id}-7", close=False)
    return ana


@pytest.fixture
def homes(tmp_path: Path) -> Iterator[Any]:
    made: list[Home] = []

    def make(name: str, store: Store | None = None) -> Home:
        made.append(Home(tmp_path / name, store))
        return made[-1]

    yield make
    for home in made:
        home.close()


@contextmanager
def unchanged(home: Home) -> Iterator[None]:
    """Nothing of an installation changes."""

    def everything() -> tuple[Any, ...]:
        people = home.registry.athletes()
        return (
            people, home.registry.journal.entries(), [home.seen(p.id) for p in people],
            sorted((p.name, p.read_bytes()) for p in home.recordings.iterdir()),
        )  # fmt: skip

    before = everything()
    yield
    assert everything() == before


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as file:
        return {name: file.read(name) for name in file.namelist()}


def test_exported_and_put_back_elsewhere_everything_is_the_same(homes: Any) -> None:
    here, there = homes("here"), homes("there")
    ana = ana_at(here)
    one = here.export("Ana Álvares")
    there.add("Somebody")
    answer = there.put(one)
    assert (answer.is_new, answer.changed, answer.stays) == (True, True, ())
    assert there.seen(ana.id) == here.seen(ana.id)
    assert len(here.recorded.findings(ana.id)) > 0
    assert there.export(ana.id).read_bytes() == one.read_bytes()
    for path in here.recordings.iterdir():
        assert (there.recordings / path.name).read_bytes() == path.read_bytes()
    with unchanged(there):
        assert there.put(one).changed is False
