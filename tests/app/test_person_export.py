"""Export, and put back: the same history, findings and totals, and the same file again."""

import csv
import io
import json
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from sensor_hub.adapters.bundle.writing import Part, write_bundle
from sensor_hub.adapters.recordings.mcap_file import McapRecorder
from sensor_hub.adapters.registry import Registry
from sensor_hub.adapters.storage.influx import InfluxStore
from sensor_hub.adapters.storage.sqlite import SqliteStore
from sensor_hub.app.history.kept_store import KeptStore
from sensor_hub.app.people import Archive
from sensor_hub.app.person.person_export import KIND, export_person
from sensor_hub.app.person.person_export_records import steps_csv, steps_of
from sensor_hub.app.person.person_import import PersonImported, import_person
from sensor_hub.errors import EditError, RecordingError, RegistryError
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.calibration import Calibration
from sensor_hub.model.edit import AddRun, Change, Delete, Edit, MarkDays, Split, Tell, Trim, WearShoe
from sensor_hub.model.load import LoadReference
from sensor_hub.model.pattern import GaitPattern
from sensor_hub.model.ports import Store
from sensor_hub.model.raw import RawNotification
from sensor_hub.model.reference import Learned
from sensor_hub.model.session import BoundDevice, Event, GapFound, Ledger, SessionPaused, StepBatch
from sensor_hub.units import utc_us
from tests.adapters.storage.runs import table
from tests.app.histories import NOW_UTC, ended, envelopes, header

HAND = "01hand00000000000000000001"
SECOND = "01second000000000000000001"
RUN = Learned(
    LoadReference("", 0.3512345678901, 0.2412345678, 4.1234567, "achilles-1.0.0", "imu/foot/foot-1.0",
                  date(2026, 11, 1), 6, 12000.0, 1.02), at_easy_speed=True,
)  # fmt: skip


def sid_of(days_ago: float) -> str:
    return f"01run{round(days_ago * 100):021}"


def run_of(athlete: Athlete, days_ago: float, km: float, *, sid: str | None = None, n_steps: int = 60) -> list[Event]:
    """A run with steps over all of it, a gap and a pause."""
    of = header(athlete, sid or sid_of(days_ago), zone=athlete.zone)
    start_utc = NOW_UTC - timedelta(days=days_ago)
    steps = table(utc_us(start_utc), n_steps, seed=int(10 * days_ago))
    times = utc_us(start_utc) + (steps.time_utc_us - utc_us(start_utc)) * int(km * 360e6 / (max(n_steps, 1) * 341_003))
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
        self.recordings.mkdir(exist_ok=True)
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
        home.take(ana, run_of(ana, days_ago, km), f"import-{sid_of(days_ago)}-abc")
    registry = home.registry
    old, new = registry.shoes.add(ana.id, "Old ones", drop_mm=8.0), registry.shoes.add(ana.id, "New ones")
    registry.shoes.retire(old.id, NOW_UTC)
    registry.add_device("AA:BB:CC:00:11:22", "left pod", "standard-rsc@1", athlete=ana.id, side="L", mount="foot")
    registry.learned.keep_calibration(
        ana.id, Calibration("foot-1.0", "foot", 0.0123456789, 0.0, 0.25, 0.01, 400, "plate", date(2026, 10, 1))
    )
    registry.learned.keep_pattern(ana.id, GaitPattern("foot", "L", ("a", "b"), (1 / 3, float("nan")), None, 1, 300))
    registry.references.keep(ana.id, RUN, asked=False)
    sid = sid_of(3)
    start = NOW_UTC - timedelta(days=3)
    home.edit(
        ana,
        WearShoe(new.id, date(2026, 11, 1)),
        AddRun(HAND, NOW_UTC - timedelta(days=2), has_time=False, distance_m=7000.0, effort=4.0),
        Tell(sid, effort=7.0, note="hilly, “windy”\n und kalt"),
        Trim(sid, to_utc=start + timedelta(minutes=50)),
        Split(sid_of(8), NOW_UTC - timedelta(days=8) + timedelta(minutes=12), SECOND),
        Delete(sid_of(28)),
        Change(sid_of(21), surface="treadmill"),
        MarkDays(date(2026, 11, 1), date(2026, 11, 2), "not-recorded"),
    )
    home.archive.keeping.undo(ana.id, by="page")
    home.archive.judge_again(ana)
    record(home, ana, sid)
    record(home, ana, sid_of(7), close=False)
    return ana


@pytest.fixture(scope="module")
def of_ana(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Athlete]:
    """Folder of an installation with that runner, and nobody else."""
    home = Home(tmp_path_factory.mktemp("of-ana") / "home")
    ana = ana_at(home)
    home.close()
    return home.folder, ana


@pytest.fixture
def homes(tmp_path: Path) -> Iterator[Any]:
    made: list[Home] = []

    def make(name: str, store: Store | None = None) -> Home:
        made.append(Home(tmp_path / name, store))
        return made[-1]

    yield make
    for home in made:
        home.close()


@pytest.fixture
def ana_here(homes: Any, of_ana: tuple[Path, Athlete], tmp_path: Path) -> tuple[Home, Athlete]:
    """An installation ``here`` with a runner with some of everything."""
    folder, ana = of_ana
    shutil.copytree(folder, tmp_path / "here")
    return homes("here"), ana


@pytest.fixture
def influx(influx_url: str) -> Any:
    """Stores on a real server, each with a database of its own."""

    def open_one() -> Store:
        name = f"t_{uuid4().hex}"
        httpx.post(f"{influx_url}/query", data={"q": f"CREATE DATABASE {name}"}, trust_env=False).raise_for_status()
        return InfluxStore(influx_url, database=name)

    return open_one


def erase(home: Home, athlete: Athlete) -> None:
    """Forget a person, by the parts of the program that do."""
    home.recorded.erase(athlete.id)
    home.registry.erasing.begin([athlete.id])
    home.registry.erasing.finish(athlete.id)
    home.archive.store.journal.forget()
    for path in home.recordings.glob("*.mcap"):
        path.unlink()


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


def test_exported_and_put_back_elsewhere_everything_is_the_same(homes: Any, ana_here: tuple[Home, Athlete]) -> None:
    (here, ana), there = ana_here, homes("there")
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


def test_a_history_goes_through_an_influxdb_the_same(homes: Any, ana_here: tuple[Home, Athlete], influx: Any) -> None:
    (here, ana), there, third = ana_here, homes("there", influx()), homes("third")
    one = here.export(ana.id)
    there.put(one)
    assert there.seen(ana.id) == here.seen(ana.id)
    two = there.export(ana.id)
    assert two.read_bytes() == one.read_bytes()
    third.put(two)
    assert third.seen(ana.id) == here.seen(ana.id)


@pytest.mark.parametrize("kind", ["sqlite", "influx"])
def test_exported_erased_and_put_back_it_is_the_same(homes: Any, influx: Any, kind: str) -> None:
    home = homes("home", influx() if kind == "influx" else None)
    ana, ben = ana_at(home), home.add("Ben")
    home.take(ben, run_of(ben, 5, 6.0), "edge-2")
    before, one, other = home.seen(ana.id), home.export(ana.id), home.export("Ben", "ben.zip").read_bytes()
    erase(home, ana)
    assert [a.id for a in home.registry.athletes()] == [ben.id]
    assert home.recorded.sessions(ana.id) == []
    home.put(one)
    assert home.seen(ana.id) == before
    assert home.export(ana.id, "again.zip").read_bytes() == one.read_bytes()
    assert home.export("Ben", "ben.zip").read_bytes() == other


def test_a_dry_run_says_what_would_come_and_changes_nothing(homes: Any, ana_here: tuple[Home, Athlete]) -> None:
    (here, ana), there = ana_here, homes("there")
    one = here.export(ana.id)
    with unchanged(there):
        answer = there.put(one, dry_run=True)
    assert (answer.is_new, answer.changed, answer.counts["sessions"]) == (True, True, 7)
    assert there.recorded.findings() == []


def test_what_is_missing_is_added_to_who_is_here_already(homes: Any, ana_here: tuple[Home, Athlete]) -> None:
    (here, ana), there = ana_here, homes("there")
    there.put(here.export(ana.id))
    here.take(ana, run_of(ana, 0.25, 3.0), "edge-9")
    here.edit(ana, Tell(sid_of(0.25), effort=3.0))
    here.registry.shoes.add(ana.id, "Third")
    one = here.export(ana.id)
    answer = there.put(one)
    assert (answer.is_new, answer.counts["sessions"], answer.counts["entries"]) == (False, 1, 1)
    assert there.seen(ana.id) == here.seen(ana.id)
    assert there.export(ana.id).read_bytes() == one.read_bytes()


def test_what_contradicts_is_refused_by_name_and_nothing_changes(homes: Any, ana_here: tuple[Home, Athlete]) -> None:
    (here, ana), there = ana_here, homes("there")
    there.put(here.export(ana.id))
    sid = sid_of(14)
    stored = here.recorded.session(sid)
    assert stored is not None
    changed = replace(stored, totals=replace(stored.totals, load_eq_km=99.0))
    here.recorded.replace_session(changed, here.recorded.steps(sid), here.recorded.gaps(sid))
    (shoe, *_) = here.registry.shoes.all(ana.id)
    here.registry.shoes.set(shoe.id, name="Renamed")
    one = here.export(ana.id)
    with unchanged(there), pytest.raises(RecordingError) as refused:
        there.put(one)
    assert f"session {sid} (2026-11-06)" in str(refused.value)
    assert f"pair of shoes {shoe.id}" in str(refused.value)


def test_of_a_person_what_is_told_otherwise_here_stays_and_is_said(homes: Any, ana_here: tuple[Home, Athlete]) -> None:
    (here, ana), there = ana_here, homes("there")
    one = here.export(ana.id)
    there.put(one)
    there.registry.set_athlete(ana.id, mass_kg=60.0)
    answer = there.put(one)
    assert answer.changed is False
    assert answer.stays == ("mass: 60.0 here, 58.25 in the export",)
    assert there.registry.athlete(ana.id).mass_kg == 60.0


def test_a_name_that_is_taken_asks_for_another(homes: Any, ana_here: tuple[Home, Athlete]) -> None:
    (here, ana), there = ana_here, homes("there")
    one = here.export(ana.id)
    there.add("ana álvares")
    with unchanged(there), pytest.raises(RegistryError, match=r"is taken by athlete .* --name"):
        there.put(one)
    answer = there.put(one, name="Ana from elsewhere")
    assert (answer.name, answer.athlete) == ("Ana from elsewhere", ana.id)
    assert there.seen(ana.id)[:3] == here.seen(ana.id)[:3]
    with pytest.raises(RegistryError, match="--name is for a new athlete"):
        there.put(one, name="Third name")


def test_an_empty_me_gives_way_to_the_one_who_comes_back_and_what_comes_late_for_it_is_theirs(homes: Any) -> None:
    here, there = homes("here"), homes("there")
    mine = here.registry.me("Europe/Lisbon")
    here.take(mine, run_of(mine, 3, 8.0), "edge-1")
    one, seen = here.export("me"), here.seen("me")
    empty = there.registry.me("UTC")
    with unchanged(there):
        assert there.put(one, dry_run=True).is_new
    assert there.put(one).athlete == mine.id
    assert [a.id for a in there.registry.athletes()] == [mine.id]
    assert there.registry.me("UTC").id == mine.id
    assert there.seen("me") == seen
    assert there.export("me").read_bytes() == one.read_bytes()
    there.take(empty, run_of(empty, 1, 5.0), "edge-2")
    assert len(there.recorded.sessions(mine.id)) == 2


@pytest.mark.parametrize("kept", ["a run", "a pair of shoes", "an entry", "a mass"])
def test_a_me_of_whom_something_is_kept_does_not_give_way(homes: Any, kept: str) -> None:
    here, there = homes("here"), homes("there")
    here.registry.me("Europe/Lisbon")
    one, me = here.export("me"), there.registry.me("UTC")
    if kept == "a run":
        there.take(me, run_of(me, 3, 8.0), "edge-1")
    elif kept == "a pair of shoes":
        there.registry.shoes.add(me.id, "blue")
    elif kept == "an entry":
        there.edit(me, MarkDays(date(2026, 11, 1), date(2026, 11, 2), "rested"))
    else:
        there.registry.set_athlete(me.id, mass_kg=60.0)
    with unchanged(there), pytest.raises(RegistryError, match=r"is taken by athlete .* --name"):
        there.put(one)


def test_a_reference_whose_number_is_taken_is_called_otherwise_and_the_loads_say_so(homes: Any) -> None:
    here, there = homes("here"), homes("there")
    ana, ben = here.add("Ana"), there.add("Ben")
    kept = here.registry.references.keep(ana.id, RUN, asked=False)
    there.registry.references.keep(ben.id, RUN, asked=False)
    events = run_of(ana, 3, 5.0)
    own = [replace(e, header=replace(e.header, reference=kept.reference.id)) for e in events]
    here.take(ana, own, "edge-1")
    one = here.export("Ana")
    answer = there.put(one)
    assert answer.renamed == {"ref-own-1": "ref-own-2"}
    (session,) = there.recorded.sessions(ana.id)
    assert session.header.reference == "ref-own-2"
    assert [k.reference.id for k in there.registry.references.all(ana.id)] == ["ref-own-2"]
    with unchanged(there):
        assert there.put(one).changed is False
    assert there.registry.references.keep(ben.id, RUN, asked=True).reference.id == "ref-own-3"
    assert there.export("Ana").read_bytes() == one.read_bytes()
    there.registry.references.keep(ana.id, RUN, asked=True)
    third = homes("third")
    cleo = third.add("Cleo")
    for asked in (False, True, True):
        third.registry.references.keep(cleo.id, RUN, asked=asked)
    two = there.export("Ana")
    assert third.put(two).renamed == {"ref-own-1": "ref-own-5"}  # 4 is theirs, and free there
    assert third.export("Ana").read_bytes() == two.read_bytes()


@pytest.mark.parametrize("after", [0, 1, 4, 7])
def test_an_import_that_is_stopped_goes_on_and_ends_the_same(
    homes: Any, ana_here: tuple[Home, Athlete], after: int
) -> None:
    (here, ana), there = ana_here, homes("there")
    ben = there.add("Ben")
    there.registry.references.keep(ben.id, RUN, asked=False)  # so that a number is reserved before the first session
    one = here.export(ana.id)

    class Stopped(Exception):  # noqa: N818 (a stop, and no error)
        pass

    def stop(done: int, n: int) -> None:
        if n == 7 and done > after:
            raise Stopped

    if after < 7:
        with pytest.raises(Stopped):
            there.put(one, each=stop)
        assert [a.id for a in there.registry.athletes()] == [ben.id]  # nobody sees half a history
    there.put(one)
    assert there.seen(ana.id)[:3] == here.seen(ana.id)[:3]
    with unchanged(there):
        assert there.put(one).changed is False


def test_a_session_that_was_given_goes_with_whose_it_is_and_names_nobody_else(
    homes: Any, ana_here: tuple[Home, Athlete]
) -> None:
    (here, ana), there = ana_here, homes("there")
    ben = here.add("Ben", "Europe/Lisbon")
    given, again = sid_of(3), sid_of(7)
    here.take(ben, run_of(ben, 6, 4.0, sid="01ben00000000000000000006"), "edge-2")
    here.edit(
        ana,
        Change(given, athlete=ben.id),
        Change(SECOND, athlete=ben.id),  # the second half of a run that was split
        Change(again, athlete=ben.id),
        Change(HAND, athlete=ben.id),
    )
    here.edit(ben, Change(again, athlete=ana.id), Tell(given, note="mine"))
    here.archive.judge_again(ben)
    here.archive.judge_again(ana)
    one, other = here.export("Ben", "ben.zip"), here.export(ana.id, "ana.zip")
    text = b"".join(members(one).values())
    assert ana.id.encode() not in text
    assert b"lvares" not in text
    assert ben.id.encode() not in b"".join(members(other).values())
    there.put(one)
    sessions = there.archive.store.sessions(ben.id)
    assert sessions == here.archive.store.sessions(ben.id)
    assert {given, SECOND, HAND} < {s.header.sid for s in sessions}
    kept, before = there.archive.keeping.kept(given), here.archive.keeping.kept(given)
    assert kept is not None
    assert before is not None
    assert (kept.told.note, kept.told.effort) == (before.told.note, before.told.effort) == ("mine", 7.0)
    for sid in (given, SECOND):
        assert there.archive.store.steps(sid) == here.archive.store.steps(sid)
    assert there.export("Ben").read_bytes() == one.read_bytes()
    elsewhere = homes("elsewhere")
    elsewhere.put(other)
    assert elsewhere.archive.store.sessions(ana.id) == here.archive.store.sessions(ana.id)
    assert {given, SECOND, HAND}.isdisjoint(s.header.sid for s in elsewhere.archive.store.sessions(ana.id))
    assert elsewhere.export(ana.id).read_bytes() == other.read_bytes()
    with unchanged(here):  # and where it came from all of it is there
        assert (here.put(one).changed, here.put(other).changed) == (False, False)


def test_an_export_is_the_same_file_until_something_changes(ana_here: tuple[Home, Athlete]) -> None:
    home, ana = ana_here
    one = home.export(ana.id, "1.zip").read_bytes()
    assert home.export(ana.id, "2.zip").read_bytes() == one
    home.edit(ana, Tell(sid_of(14), note="x"))
    assert home.export(ana.id, "3.zip").read_bytes() != one
    without = members(home.export(ana.id, "4.zip", recordings=False))
    assert not any(name.startswith("recordings/") for name in without)
    assert b"left out, as was asked" in without["README.txt"]


def test_the_table_for_people_shows_what_counts_and_unknown_as_empty(ana_here: tuple[Home, Athlete]) -> None:
    home, ana = ana_here
    text = members(home.export(ana.id))["sessions.csv"].decode()
    rows = {row["session"]: row for row in csv.DictReader(io.StringIO(text))}
    assert rows[HAND] | {"duration_min": "", "load_eq_km": "", "distance_km": "7.000"} == rows[HAND]
    assert (rows[sid_of(28)]["counts"], rows[sid_of(28)]["why_not"]) == ("no", "deleted")
    assert rows[sid_of(3)]["note"] == "hilly, “windy”\n und kalt"
    assert rows[sid_of(3)]["shoe"] == "New ones"
    assert rows[sid_of(21)]["surface"] == "treadmill"


@pytest.mark.parametrize("part", ["athlete.json", "sessions.jsonl", "journal.jsonl", "findings.jsonl", "gaps.jsonl"])
def test_an_export_that_says_what_cannot_be_is_refused_by_part_and_line(
    homes: Any, ana_here: tuple[Home, Athlete], part: str
) -> None:
    (here, ana), there = ana_here, homes("there")
    parts = {n: d for n, d in members(here.export(ana.id)).items() if n != "manifest.json"}
    first, _, rest = parts[part].partition(b"\n")
    body = json.loads(first)
    wrong = [
        b"{", b"[]", first[:-1] + b',"more":1}', first.replace(ana.id.encode(), b"abcdefgh"),
        json.dumps({name: value for name, value in body.items() if name not in {"athlete", "header"}}).encode(),
    ]  # fmt: skip
    with unchanged(there):
        for line in wrong:
            path = here.folder / "wrong.zip"
            told = [Part(*one) for one in sorted((parts | {part: line + b"\n" + rest}).items())]
            write_bundle(path, KIND, told, dict, force=True)
            with pytest.raises((RecordingError, RegistryError), match=r"athlete\.json|line 1|misses|is about"):
                there.put(path)


def test_any_number_comes_through_as_the_same_bits(tmp_path: Path) -> None:
    values = np.array([0.1 + 0.2, 1e-320, -0.0, 1e308, np.nan, 2**53 + 1.0, np.inf])
    steps = replace(table(0, len(values)), achilles_peak_bw=values)
    again = steps_of(steps_csv(steps), ("file", "steps"))
    assert again == steps
    assert again.achilles_peak_bw.tobytes() == values.tobytes()
    assert steps_of(steps_csv(table(0, 0)), ("file", "steps")) == table(0, 0)
    with pytest.raises(RecordingError, match="does not know"):
        steps_of(b"time_utc_us,tomorrow\n1,2\n", ("file", "steps"))
    older = steps_of(b"time_utc_us,side,quality\n5,L,1.0\n", ("file", "steps"))
    assert (older.time_utc_us.tolist(), older.gait.tolist()) == ([5], [""])
    assert np.isnan(older.grade).all()


LEDGERS: tuple[Ledger, ...] = ("run", "walk")
runs = st.tuples(st.integers(1, 400), st.floats(0.5, 30.0), st.sampled_from(LEDGERS), st.integers(0, 12), st.booleans())
words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)


@settings(max_examples=5, suppress_health_check=list(HealthCheck), phases=[Phase.reuse, Phase.generate])
@given(st.data())
def test_whoever_it_is_comes_back_the_same(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    here, there = (Home(tmp_path_factory.mktemp(name) / "home") for name in ("here", "there"))
    try:
        who = here.add("Runner", data.draw(st.sampled_from(["UTC", "Asia/Tokyo", "America/New_York"])))
        chosen = data.draw(st.lists(runs, min_size=1, max_size=6, unique_by=lambda run: run[0]))
        for hours, km, ledger, n_steps, is_over in chosen:
            events = run_of(who, hours / 10, km, n_steps=n_steps)
            told = [replace(e, header=replace(e.header, ledger=ledger)) for e in events]
            here.take(who, told if is_over else told[:-1], f"edge-{hours}")
        for hours, *_ in chosen:
            sid = sid_of(hours / 10)
            edit: Edit = data.draw(
                st.one_of(
                    st.builds(Tell, sid=st.just(sid), effort=st.floats(0, 10), note=words),
                    st.just(Delete(sid)),
                    st.builds(Change, sid=st.just(sid), surface=st.sampled_from(["treadmill", "overground"])),
                    st.just(MarkDays(date(2026, 11, 1), date(2026, 11, 5), "rested")),
                )
            )
            with suppress(EditError):
                here.edit(who, edit)
        here.archive.judge_again(who)
        one = here.export("Runner")
        there.put(one)
        assert there.seen("Runner") == here.seen("Runner")
        assert there.export("Runner").read_bytes() == one.read_bytes()
    finally:
        here.close()
        there.close()


def test_an_export_of_version_1_is_read_for_ever(homes: Any) -> None:
    """The committed file is what this program first wrote, of a simulated runner; it is never made anew."""
    home = homes("home")
    answer = home.put(Path(__file__).parents[1] / "golden" / "person-export-1.zip")
    assert (answer.athlete, answer.name) == ("sam2sam7", "Simulated Sam")
    assert answer.counts["sessions"] == 7
    person = home.registry.persons.kept("sam2sam7")
    assert (person.athlete.simulated, person.athlete.mass_kg, person.athlete.week_start) == (True, 58.25, 7)
    assert [shoe.name for shoe in sorted(person.shoes, key=lambda shoe: shoe.name)] == ["New ones", "Old ones"]
    assert person.references[0].reference.hard_line_bw == 4.1234567
    assert person.calibrations[0].offset_s == 0.0123456789
    view = home.archive.keeping.history("sam2sam7")
    assert sorted(k.standing for k in view.sessions) == ["counts"] * 8 + ["deleted"]
    told = next(k.told for k in view.sessions if k.summary.header.sid == sid_of(3))
    assert (told.effort, told.note) == (7.0, "hilly, “windy”\n und kalt")
    assert len(home.archive.store.steps(sid_of(14))) == 6
    assert home.recorded.session(sid_of(14)).totals.distance_m == 5200.0
    assert sorted(path.name for path in home.recordings.iterdir()) == [f"{sid_of(3)}.mcap", f"{sid_of(7)}.mcap"]
