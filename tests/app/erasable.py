"""Three people with everything that an installation can keep of them; and a search for one, written apart from ours."""

import sqlite3
import subprocess
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import httpx

from sensor_hub.adapters.recordings.mcap_file import McapRecorder
from sensor_hub.adapters.storage.outbox import Outbox
from sensor_hub.app.collecting.collecting_run import SOURCE
from sensor_hub.app.edge import Edge
from sensor_hub.app.people import Archive, open_archive
from sensor_hub.app.place import Place
from sensor_hub.app.sids import new_sid
from sensor_hub.config import Settings
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.calibration import Calibration
from sensor_hub.model.edit import AddRun, Change, Delete, Edit, MarkDays, Split, Tell, Trim, WearShoe
from sensor_hub.model.load import LoadReference, Totals
from sensor_hub.model.message import DeadLetter, Envelope
from sensor_hub.model.pattern import GaitPattern
from sensor_hub.model.reference import Learned
from sensor_hub.model.roster import RosterLine
from sensor_hub.model.session import SessionHeader, SessionSetup, SessionSummary
from sensor_hub.wire import Topics, decode
from tests import need
from tests.app.recorded import FEET, FOOTPOD, feet, footpod

NAME = "Anastasia Quintaflor"
ADDRESS = "C4:5E:77:0A:1B:9D"
NOW_UTC = datetime.now(UTC).replace(microsecond=0)


@dataclass
class People:
    """Who they are. sids : sessions that go with ``ana``; ``given`` is one that she gave to ``ben``."""

    ana: Athlete
    former: str
    ben: Athlete
    me: Athlete
    sids: list[str]
    given: str
    split: tuple[str, str]

    @property
    def traces(self) -> list[str]:
        """Everything that would tell of her."""
        return [self.ana.id, self.former, *self.sids, NAME, NAME.casefold()]


def run_of(settings: Settings, who: str, days_ago: float, *, whole: bool = True, imu: bool = False) -> str:
    """Let an edge of this folder carry a run: recorded, and waiting for a hub; return its sid."""
    place = Place.at(settings.data_dir)
    start_utc = NOW_UTC - timedelta(days=days_ago)
    sid = new_sid(start_utc)
    setup = SessionSetup(
        sid, who, "UTC", "live", FEET if imu else FOOTPOD, "imu" if imu else "speed", source=SOURCE
    )  # fmt: skip
    sent = feet(30.0) if imu else footpod(120, start_utc)
    if imu:
        shift = start_utc - sent[0].arrival_utc
        sent = [replace(raw, arrival_utc=raw.arrival_utc + shift) for raw in sent]
    edge = Edge(place.outbox, "mqtt://127.0.0.1:1", Topics(settings.site))
    try:
        recorder = McapRecorder.for_session(place.recordings / f"{sid}.mcap", setup)
        runner = edge.runner(setup, recorder)
        items = iter(sent)
        while part := list(islice(items, 37)):
            runner.take(part)
        if whole:
            runner.finish()
            runner.close_recording()
        recorder._abandon()  # what a kill does: the file ends where it is
    finally:
        edge.stop(0.0)
    return sid


def deliver(settings: Settings, archive: Archive) -> None:
    """Let the archive take in what waits in the outbox, as a hub would, and judge it."""
    with closing(Outbox(Place.at(settings.data_dir).outbox, Topics(settings.site))) as outbox:
        while rows := outbox.pending(10_000):
            archive.ingest.take([decode(row.payload) for row in rows])
            outbox.delete([row.seq for row in rows])


def logged(archive: Archive, who: Athlete, days_ago: float, km: float) -> str:
    """Put in a session as an import of a log does; return its sid."""
    start_utc = NOW_UTC - timedelta(days=days_ago)
    sid = new_sid(start_utc)
    header = SessionHeader(sid, who.id, "UTC", "import", "speed", "achilles-1.0.0", "ref-pop-1", "file")
    totals = Totals(duration_s=360 * km, distance_m=1000 * km)
    summary = SessionSummary(header, start_utc, start_utc + timedelta(seconds=360 * km), totals)
    archive.ingest.take([Envelope(f"import-{sid}-log", 1, summary)])
    return sid


def learn(archive: Archive, who: Athlete, address: str, device: str) -> None:
    """Everything the registry can keep of a person."""
    registry = archive.registry
    shoe = registry.shoes.add(who.id, f"Shoe of {who.id}"[:20], drop_mm=8.0)
    pod = registry.add_device(address, device, "imu-generic", athlete=who.id, side="L", mount="foot")
    day = NOW_UTC.date()
    registry.learned.keep_calibration(who.id, Calibration("zero", "foot", 0.01, 0.0, 0.2, 0.01, 99, "plate", day))
    registry.learned.keep_pattern(who.id, GaitPattern("foot", "L", ("a_s",), (1.0,), None, 3, 300))
    reference = LoadReference("", 0.34, 0.24, 5.0, "achilles-1.0.0", "imu/foot/foot-1.0", day, 5, 999.0)
    registry.references.keep(who.id, Learned(reference, at_easy_speed=True), asked=True)
    registry.rosters.write([RosterLine(0, pod.id, who.id, "L", "foot", NOW_UTC, NOW_UTC + timedelta(hours=1))], NOW_UTC)
    edit(archive, who, WearShoe(shoe.id, day), MarkDays(day - timedelta(days=40), day - timedelta(days=30), "rested"))


def edit(archive: Archive, who: Athlete, *edits: Edit) -> None:
    """Make edits one after the other."""
    for one in edits:
        archive.keeping.edit(who.id, [one], by="cli")


def fill(settings: Settings) -> People:
    """Make three people, and let them run, edit, and give sessions to each other."""
    place = Place.at(settings.data_dir)
    with open_archive(settings) as archive:
        registry = archive.registry
        ana, old = registry.add_athlete(NAME, "UTC"), registry.add_athlete("Old one", "UTC")
        ben, me = registry.add_athlete("Ben", "UTC"), registry.me("UTC")
        sids = [logged(archive, old, 21, 8.0)]
        archive.merge(old.id, ana.id)
        sids += [logged(archive, ana, 12, 9.0), logged(archive, ana, 1, 22.0)]
        for other in (ben, me):
            for days_ago, km in ((20, 7.0), (10, 7.5), (2, 21.0)):
                logged(archive, other, days_ago, km)
        learn(archive, ana, ADDRESS, f"Pod of {NAME}")
        learn(archive, ben, "C4:5E:77:0A:1B:9E", "Pod 2")
        sids.append(run_of(settings, ana.id, 5))
        given, taken = run_of(settings, ana.id, 4), run_of(settings, ben.id, 3)
        ana_split, ben_split = run_of(settings, ana.id, 7, imu=True), run_of(settings, ben.id, 8, imu=True)
        run_of(settings, me.id, 6)
        deliver(settings, archive)
        sids += [taken, ana_split]
        _edit(archive, ana, ben, sids, given=given, taken=taken)
        to_ben = _split(archive, ana, ben, ana_split)
        to_ana = _split(archive, ben, ana, ben_split)
        sids.append(to_ana)
        archive.recorded.commit([], _letters(ana, ben, sids))
        sids.append(run_of(settings, ana.id, 0.02, whole=False))  # waits in the outbox, its recording is cut off
        run_of(settings, ben.id, 0.03)
        with (place.root / "reanalysed.jsonl").open("w") as log:
            log.write(f'{{"sid": "{sids[1]}", "way": "steps"}}\n{{"sid": "{given}", "way": "steps"}}\n')
        leftover = place.recordings / f".{sids[-1]}.settling"
        leftover.write_bytes((place.recordings / f"{sids[-1]}.mcap").read_bytes()[:-9])
    return People(ana, old.id, ben, me, sids, given, (to_ben, ben_split))


def _edit(archive: Archive, ana: Athlete, ben: Athlete, sids: list[str], *, given: str, taken: str) -> None:
    day = NOW_UTC - timedelta(days=9)
    by_hand = new_sid(day)
    edit(
        archive, ana, AddRun(by_hand, day, has_time=True, distance_m=5000.0), Tell(sids[1], effort=4.0, note="hot"),
        Tell(given, effort=3.0), Change(given, surface="treadmill"), Change(given, athlete=ben.id), Delete(sids[0]),
    )  # fmt: skip
    sids.append(by_hand)
    edit(archive, ben, Tell(given, note="mine"), Change(taken, athlete=ana.id))


def _split(archive: Archive, owner: Athlete, other: Athlete, sid: str) -> str:
    """Let somebody give the second half of a session to another; return its id."""
    summary = archive.store.session(sid)
    assert summary is not None
    middle = summary.start_utc + (summary.end_utc - summary.start_utc) / 2
    second = new_sid(middle)
    edit(archive, owner, Split(sid, middle, second), Change(second, athlete=other.id))
    archive.keeping.edit(other.id, [Trim(second, to_utc=summary.end_utc - timedelta(seconds=2))], by="cli")
    return second


def _letters(ana: Athlete, ben: Athlete, sids: list[str]) -> list[DeadLetter]:
    return [
        DeadLetter(f"sensorhub/v1/home/ath/{ana.id}/live", b"\xff\x00", "not JSON"),
        DeadLetter("x", f'{{"sid":"{sids[1]}"}}'.encode(), "unknown version 9", "edge-9", 4),
        DeadLetter("x", f'{{"ath":"{ben.id}"}}'.encode(), "unknown version 9", "edge-9", 5),
    ]


# --- what must stay ---------------------------------------------------------------------------------------------------


def history_of(settings: Settings, who: Athlete) -> dict[str, Any]:
    """Everything of a person as a page or an export shows it; of runs that are pieces, without what they are cut of."""
    with open_archive(settings) as archive:
        view = archive.keeping.history(who.id)
        store = archive.store
        sessions = {
            kept.summary.header.sid: (
                kept.summary, kept.standing, kept.told, store.steps(kept.summary.header.sid),
                store.gaps(kept.summary.header.sid), store.pauses(kept.summary.header.sid),
            )
            for kept in view.sessions
        }  # fmt: skip
        person = archive.registry.persons.kept(who.id)
        findings = archive.recorded.findings(who.id)
        return {
            "sessions": sessions, "findings": findings, "person": person, "days": view.days,
            "shoes": view.shoes, "shoe_today": view.shoe_today,
        }  # fmt: skip


def recorded_of(settings: Settings, who: Athlete) -> list[Any]:
    """Everything that is stored of a person, row by row; recordings as bytes."""
    with open_archive(settings) as archive:
        recorded = archive.recorded
        of_each = [
            (s, recorded.steps(s.header.sid), recorded.gaps(s.header.sid), recorded.marks(s.header.sid))
            for s in recorded.sessions(who.id)
        ]
        journal = archive.registry.journal.entries([who.id])
    files = [
        path.read_bytes()
        for path in sorted(Path(settings.data_dir, "recordings").iterdir())
        if who.id.encode() in path.read_bytes()
    ]
    return [of_each, journal, files]


# --- a search of its own ----------------------------------------------------------------------------------------------


def left_in_files(root: Path, traces: list[str]) -> list[str]:
    """Files of a folder that have a trace in their bytes or their name."""
    found = []
    for path in root.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            found += [f"{path.name}: {t}" for t in traces if t.encode() in content or t in path.name]
    return found


def left_in_databases(root: Path, traces: list[str]) -> list[str]:
    """Rows of any SQLite file of a folder that have a trace."""
    found = []
    for path in root.glob("*.db"):
        with closing(sqlite3.connect(path)) as db:
            for line in db.iterdump():
                hexed = line.lower()
                here = (t for t in traces if t in line or t.encode().hex() in hexed)
                found += [f"{path.name}: {line[:120]} ({trace})" for trace in here]
    return found


def left_in_influx(url: str, database: str, traces: list[str], *, tags: bool = False) -> list[str]:
    """Series and points of an InfluxDB that have a trace, and with ``tags`` the tags it lists."""
    found = []
    for query in (
        "SHOW SERIES",
        "SELECT * FROM /.*/",
        *(["SHOW TAG VALUES FROM /.*/ WITH KEY =~ /.*/"] if tags else []),
    ):
        answer = httpx.get(f"{url}/query", params={"db": database, "q": query}, trust_env=False, timeout=60).text
        found += [f"{query}: {trace}" for trace in traces if trace in answer]
    return found


def retained_by(url: str) -> str:
    """Topics and payloads that a broker keeps, as mosquitto's own client sees them."""
    at = urlsplit(url)
    options = [
        "-h",
        str(at.hostname),
        "-p",
        str(at.port),
        "-u",
        unquote(at.username or ""),
        "-P",
        unquote(at.password or ""),
    ]
    command = [need.command("mosquitto_sub"), *options, "-t", "#", "-v", "-W", "1", "--retained-only"]
    done = subprocess.run(command, capture_output=True, timeout=30, check=False)
    assert b"not authorised" not in done.stderr
    return done.stdout.decode("utf-8", "replace")


def soon(holds: Callable[[], bool], within_s: float = 25.0) -> bool:
    """Whether something comes to hold."""
    end_s = time.monotonic() + within_s
    while time.monotonic() < end_s:
        if holds():
            return True
        time.sleep(0.2)
    return bool(holds())
