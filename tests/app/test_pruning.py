"""Single steps that are let go of: what is said of it everywhere, and what does not change."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from sensor_hub.adapters.recordings.mcap_file import McapRecorder
from sensor_hub.adapters.registry import Registry
from sensor_hub.adapters.storage.outbox import Outbox
from sensor_hub.adapters.storage.sqlite import SqliteStore
from sensor_hub.app.edge import numbered_as
from sensor_hub.app.exporting import export_session
from sensor_hub.app.history.kept_store import KeptStore
from sensor_hub.app.housekeeping import chores
from sensor_hub.app.loads.recomputing import Recomputing
from sensor_hub.app.people import Archive
from sensor_hub.app.person.person_export import export_person
from sensor_hub.app.person.person_import import import_person
from sensor_hub.app.pruning import delete, old_recordings, old_sessions, prune
from sensor_hub.errors import EditError, StoreError
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.edit import Change, Delete, Edit, Merge, Split, Tell, Trim
from sensor_hub.model.minutes import minutes_of
from sensor_hub.model.raw import RawNotification
from sensor_hub.model.session import BoundDevice, Event, StepBatch
from sensor_hub.units import utc_us
from sensor_hub.wire import Topics
from tests.adapters.storage.runs import table
from tests.app.histories import NOW_UTC, ended, envelopes, header

BEFORE_UTC = NOW_UTC - timedelta(days=10)
TOPICS = Topics("home")
DAYS_AGO = (28, 21, 14, 7, 1)


def sid_of(days_ago: int) -> str:
    return f"01run{days_ago:021}"


def run_of(athlete: Athlete, days_ago: int, km: float = 5.0) -> list[Event]:
    """A run with 300 steps over all of it."""
    of, start_utc = header(athlete, sid_of(days_ago), zone=athlete.zone), NOW_UTC - timedelta(days=days_ago)
    over = ended(of, start_utc, km)
    times = utc_us(start_utc) + np.arange(300) * int(km * 1_200_000)
    return [StepBatch(of, start_utc, replace(table(0, 300), time_utc_us=times), over.totals), over]


def open_at(folder: Path) -> Archive:
    folder.mkdir(parents=True, exist_ok=True)
    registry = Registry(f"sqlite:///{folder / 'registry.db'}")
    return Archive(registry, KeptStore(SqliteStore(folder / "store.db"), registry), "UTC")


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    archive = open_at(tmp_path / "here")
    yield archive
    archive.store.close()
    archive.registry.close()


@pytest.fixture
def ana(archive: Archive) -> Athlete:
    """A runner with a run on some days; the last one is above a limit."""
    ana = archive.registry.add_athlete("Ana", "UTC")
    for days_ago in DAYS_AGO:
        archive.ingest.take(envelopes(run_of(ana, days_ago, 12.0 if days_ago == 1 else 5.0), f"edge-{days_ago}"))
    return ana


def test_findings_sums_and_what_is_left_of_a_day_are_the_same_before_and_after(archive: Archive, ana: Athlete) -> None:
    sessions, findings = archive.store.sessions(ana.id), archive.store.findings(ana.id)
    minutes = {s.header.sid: archive.store.minutes(s.header.sid) for s in sessions}
    assert findings
    assert prune(archive, NOW_UTC) == len(DAYS_AGO)
    archive.judge_again(ana)
    assert archive.store.sessions(ana.id) == sessions
    assert archive.store.findings(ana.id) == findings
    assert {sid: archive.store.minutes(sid) for sid in minutes} == minutes
    assert all(archive.store.pruned(sid) and not len(archive.store.steps(sid)) for sid in minutes)


def test_what_would_go_is_what_goes(archive: Archive, ana: Athlete) -> None:
    archive.keeping.edit(ana.id, [Trim(sid_of(21), to_utc=NOW_UTC - timedelta(days=21, minutes=-9))], by="cli")
    found = old_sessions(archive, BEFORE_UTC)
    assert [s.header.sid for s in found.going] == [sid_of(28), sid_of(14)]
    assert [s.header.sid for s in found.needed] == [sid_of(21)]
    assert prune(archive, BEFORE_UTC) == 2
    assert [days for days in DAYS_AGO if archive.recorded.pruned(sid_of(days))] == [28, 14]
    assert old_sessions(archive, BEFORE_UTC).going == ()


def test_an_edit_that_is_computed_from_steps_keeps_them_also_when_it_is_undone(archive: Archive, ana: Athlete) -> None:
    trim = Trim(sid_of(21), to_utc=NOW_UTC - timedelta(days=21, minutes=-9))
    (entry,) = archive.keeping.edit(ana.id, [trim], by="cli").entries
    trimmed, minutes = archive.store.session(sid_of(21)), archive.store.minutes(sid_of(21))
    archive.keeping.undo(ana.id, by="cli", entry=entry.id)
    prune(archive, NOW_UTC)
    archive.keeping.undo(ana.id, by="cli", entry=entry.id)
    assert archive.store.session(sid_of(21)) == trimmed
    assert archive.store.minutes(sid_of(21)) == minutes == minutes_of(archive.store.steps(sid_of(21)))
    assert not archive.store.pruned(sid_of(21))


@pytest.mark.parametrize(
    "edit",
    [
        Trim(sid_of(28), to_utc=NOW_UTC - timedelta(days=28, minutes=-9)),
        Split(sid_of(28), NOW_UTC - timedelta(days=28, minutes=-9), "01second"),
        Change(sid_of(28), surface="treadmill"),
    ],
    ids=["trim", "split", "surface"],
)
def test_an_edit_that_needs_steps_that_are_gone_is_refused_in_words(archive: Archive, ana: Athlete, edit: Edit) -> None:
    prune(archive, BEFORE_UTC)
    before = archive.store.sessions(ana.id)
    with pytest.raises(EditError, match="no longer kept"):
        archive.keeping.edit(ana.id, [edit], by="cli")
    assert archive.store.sessions(ana.id) == before


def test_a_merge_with_a_run_whose_steps_are_gone_is_refused(archive: Archive, ana: Athlete) -> None:
    of, start_utc = header(ana, "01next", zone="UTC"), NOW_UTC - timedelta(days=28, minutes=-40)
    over = ended(of, start_utc, 2.0)
    batch = StepBatch(of, start_utc, table(utc_us(start_utc), 9), over.totals)
    archive.ingest.take(envelopes([batch, over], "edge-n"))
    prune(archive, BEFORE_UTC)
    with pytest.raises(EditError, match="no longer kept"):
        archive.keeping.edit(ana.id, [Merge((sid_of(28), "01next"))], by="cli")


def test_edits_that_need_no_steps_are_made_as_before_and_minutes_go_along(archive: Archive, ana: Athlete) -> None:
    ben = archive.registry.add_athlete("Ben", "UTC")
    minutes = archive.store.minutes(sid_of(28))
    prune(archive, BEFORE_UTC)
    sid = sid_of(28)
    archive.keeping.edit(ana.id, [Tell(sid, effort=3.0), Change(sid, athlete=ben.id), Delete(sid_of(14))], by="cli")
    given = archive.store.session(sid)
    assert given is not None
    assert given.header.athlete == ben.id
    assert archive.store.pruned(sid)
    assert archive.store.minutes(sid) == minutes


def test_an_export_and_a_recomputation_say_that_single_steps_are_gone(
    archive: Archive, ana: Athlete, tmp_path: Path
) -> None:
    prune(archive, BEFORE_UTC)
    with pytest.raises(StoreError, match="no longer kept"):
        export_session(archive, sid_of(28), tmp_path / "out.csv")
    assert export_session(archive, sid_of(28), tmp_path / "out.csv", summary_only=True).n_rows == 1
    session = archive.recorded.session(sid_of(28))
    assert session is not None
    old = replace(session, header=replace(session.header, model="achilles-0.9.0"))
    found = Recomputing(archive.recorded, archive.registry, tmp_path).recompute(old)
    assert found.after is None
    assert "no longer kept" in " ".join(found.notes)


def test_a_persons_export_has_the_minutes_and_brings_them_back(archive: Archive, ana: Athlete, tmp_path: Path) -> None:
    whole = tmp_path / "whole.zip"
    export_person(archive, None, ana.id, whole)
    prune(archive, BEFORE_UTC)
    out = tmp_path / "out.zip"
    export_person(archive, None, ana.id, out)
    with closing(there := open_at(tmp_path / "there").store):
        assert import_person(Archive(there._registry, there, "UTC"), tmp_path / "there", out).changed
        for days in DAYS_AGO:
            assert there.pruned(sid_of(days)) is archive.store.pruned(sid_of(days))
            assert there.minutes(sid_of(days)) == archive.store.minutes(sid_of(days))
            assert there.session(sid_of(days)) == archive.store.session(sid_of(days))
        there._registry.close()
    assert not import_person(archive, tmp_path, whole).changed  # of before: the same runs, whose minutes tell so


def test_a_hub_lets_go_of_steps_only_where_it_was_told_to(archive: Archive, ana: Athlete) -> None:
    def do(days: int) -> list[str]:
        for chore in chores(archive.store, days, clock=lambda: NOW_UTC):
            chore.do()
        return [sid_of(d) for d in DAYS_AGO if archive.store.pruned(sid_of(d))]

    assert do(0) == []
    assert do(10) == [sid_of(28), sid_of(21), sid_of(14)]


def test_a_hub_lets_go_of_much_bit_by_bit_and_then_looks_once_an_hour(
    archive: Archive, ana: Athlete, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ana
    monkeypatch.setattr("sensor_hub.app.housekeeping.PRUNE_WITHIN_S", -1.0)
    asked: list[float] = []
    store, prunes = archive.store, archive.store.prune

    def one_at_a_time(before_utc: datetime, *, within_s: float) -> int:
        asked.append(within_s)
        if within_s < 0.0:
            assert prunes(before_utc, within_s=within_s) == 0, "none is begun after its time"
        left = [sid_of(d) for d in DAYS_AGO if not store.pruned(sid_of(d))]
        return prunes(before_utc, keep=left[1:])

    monkeypatch.setattr(store, "prune", one_at_a_time)
    _, chore = chores(store, 10, clock=lambda: NOW_UTC)
    for _minute in range(3):
        chore.do()
    assert [sid_of(d) for d in DAYS_AGO if store.pruned(sid_of(d))] == [sid_of(28), sid_of(21), sid_of(14)]
    for _minute in range(60):
        chore.do()
    assert asked == [-1.0] * 5, "the three, one that found nothing left, and one an hour after the first"


# --- recordings -------------------------------------------------------------------------------------------------------


def recorded(folder: Path, ana: Athlete, days_ago: int) -> Path:
    path = folder / f"{sid_of(days_ago)}.mcap"
    devices = [BoundDevice("pod-1", None)]
    recorder = McapRecorder(path, sid=sid_of(days_ago), athlete=ana.id, zone="UTC", origin="live", devices=devices)
    recorder.append(RawNotification("pod-1", "2a53", NOW_UTC, bytes(8)))
    recorder.close()
    return path


def test_recordings_go_only_of_old_sessions_that_are_stored_whole(
    archive: Archive, ana: Athlete, tmp_path: Path
) -> None:
    folder, place = tmp_path / "recordings", tmp_path / "outbox.db"
    folder.mkdir()
    sent, waits, elsewhere, young = (recorded(folder, ana, days) for days in (28, 21, 14, 1))
    (folder / "half.mcap").write_bytes(b"\x89MCAP0\r\n")
    unknown = McapRecorder(folder / "x.mcap", sid="01never", athlete=ana.id, zone="UTC", origin="live", devices=[])
    unknown.close()
    with closing(Outbox(place, TOPICS)) as outbox:
        outbox.append(run_of(ana, 28), first_index=0, sid=numbered_as(sid_of(28), "live"))
        outbox.delete([message.seq for message in outbox.pending(10)])
        outbox.append(run_of(ana, 21), first_index=0, sid=numbered_as(sid_of(21), "live"))
    found = old_recordings(archive, folder, place, "home", BEFORE_UTC)
    assert found.going == (sent,)
    assert found.n_bytes == sent.stat().st_size
    assert {path: why.split()[0] for path, why in found.staying} == {waits: "some", elsewhere: "its"}
    delete(found)
    assert sorted(folder.iterdir()) == sorted([waits, elsewhere, young, folder / "half.mcap", folder / "x.mcap"])


def test_without_an_outbox_nobody_knows_and_every_recording_stays(
    archive: Archive, ana: Athlete, tmp_path: Path
) -> None:
    path = recorded(tmp_path, ana, 28)
    found = old_recordings(archive, tmp_path, tmp_path / "outbox.db", "home", BEFORE_UTC)
    assert found.going == ()
    assert [one for one, _ in found.staying] == [path]
    assert not (tmp_path / "outbox.db").exists()
