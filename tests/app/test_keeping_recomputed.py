"""Numbers computed anew between edits: a runner's own reference, another model. What edits made of them follows."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from sensor_hub.app.loads.reanalysing import Choice, Reanalysis
from sensor_hub.app.place import Place
from sensor_hub.guidelines.baseline import comparable
from sensor_hub.guidelines.history import runs_of
from sensor_hub.load.achilles import VERSION
from sensor_hub.model.edit import Change, Delete, Split, Trim
from sensor_hub.model.session import Event, SessionSummary, StepBatch
from tests.app.test_referencing import NOW_UTC, own, put
from tests.edits.recorded import Recorded, recorded
from tests.edits.strategies import FIRST_DAY, PEOPLE, sid_of
from tests.edits.world import Seen, World

ME, OTHER = PEOPLE
SECOND = "01zzsecond"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with closing(World(tmp_path / "hub")) as opened:
        yield opened


def judged_from_scratch(world: World, folder: Path) -> Seen:
    """What another program would see that opens a copy of everything and judges it for the first time."""
    shutil.copytree(world.folder, folder)
    with closing(sqlite3.connect(folder / "store.db")) as db, db:
        db.execute("DELETE FROM findings")
    with closing(World(folder)) as copy:
        copy.judge()
        return copy.seen()


def assert_is_recomputation(world: World, folder: Path) -> None:
    """First times apart, which are those of the first judgement."""
    seen, expected = world.seen(), judged_from_scratch(world, folder)
    assert replace(seen, findings={}) == replace(expected, findings={})
    bare = [{key: replace(f, first_utc=f.updated_utc) for key, f in one.findings.items()} for one in (seen, expected)]
    assert bare[0] == bare[1]


def test_a_reference_learned_between_edits_is_that_of_every_part(world: World, tmp_path: Path) -> None:
    ana = world.registry.athlete(ME)
    sids = {day: put(world.store, ana, day) for day in (1, 5, 10, 15, 20)}
    start_utc = {day: NOW_UTC - timedelta(days=day, hours=8) for day in sids}
    world.judge()
    world.edit(ME, Split(sids[10], start_utc[10] + timedelta(minutes=3), SECOND))
    world.edit(ME, Trim(sids[5], to_utc=start_utc[5] + timedelta(minutes=4)))
    references = own(world.store, world.registry)
    references.note(ME)
    assert [athlete.id for athlete in references.work()] == [ME]
    world.edit(ME, Delete(sids[15]))

    recorded_whole = world.store.recorded.session(sids[10])
    parts = [world.store.session(sid) for sid in (sids[10], SECOND)]
    assert recorded_whole is not None
    assert recorded_whole.header.reference == "ref-own-1"
    assert {part.header.reference for part in parts if part is not None} == {"ref-own-1"}
    together = sum(part.totals.load_eq_km or 0.0 for part in parts if part is not None)
    assert together == pytest.approx(recorded_whole.totals.load_eq_km, rel=1e-9)
    assert_is_recomputation(world, tmp_path / "copy")
    world.undo_everything()
    whole = {sid: world.store.recorded.session(sid) for sid in sids.values()}
    assert {s.header.sid: s for s in world.store.sessions(ME)} == whole


def test_a_run_given_to_somebody_with_a_reference_of_their_own_is_told_in_a_reference_of_another_name(
    world: World,
) -> None:
    sids = {}
    for who in PEOPLE:
        person = world.registry.athlete(who)
        sids[who] = [put(world.store, person, day + (who == OTHER)) for day in (1, 5, 10, 15, 20)]
        references = own(world.store, world.registry)
        references.note(who)
        references.work()
    given, whole = sids[ME][2], world.store.recorded.session(sids[ME][2])
    assert whole is not None
    world.edit(ME, Change(given, athlete=OTHER))
    theirs = {s.header.sid: s for s in world.store.sessions(OTHER)}
    assert theirs[given].totals == whole.totals
    names = {theirs[given].header.reference, *(theirs[sid].header.reference for sid in sids[OTHER])}
    assert names == {"ref-own-1", "ref-own-2"}, "loads of two references are not held to be equal"
    runs = {run.sid: run for run in runs_of(theirs.values(), world.registry.athlete(OTHER).zone)}
    like = runs[sids[OTHER][0]]
    told = {run.sid: run for run in comparable(runs.values(), like, "load_eq_km")}
    assert like.load_bw_s is not None
    assert told[given].load_eq_km == pytest.approx(
        (whole.totals.load_bw_s or 0.0) * (like.load_eq_km or 0.0) / like.load_bw_s, rel=1e-9
    )
    assert told[given].load_eq_km != pytest.approx(whole.totals.load_eq_km, rel=1e-6)
    assert given not in {run.sid for run in comparable(runs.values(), like, "hard_load_bw_s")}


def of_an_older_model(session: Recorded) -> Recorded:
    """As a program before today's would have kept it: other forces, and their sums."""

    def older(event: Event) -> Event:
        header = replace(session.summary.header, model="achilles-0.9.0")
        if isinstance(event, StepBatch):
            steps = replace(event.steps, achilles_impulse_bw_s=1.5 * event.steps.achilles_impulse_bw_s)
            return replace(event, header=header, steps=steps)
        if isinstance(event, SessionSummary):
            load_bw_s = 1.5 * (event.totals.load_bw_s or 0.0)
            return replace(event, header=header, totals=replace(event.totals, load_bw_s=load_bw_s))
        return replace(event, header=header)

    return Recorded(tuple(older(event) for event in session.events))


def test_a_session_reanalysed_between_edits_is_cut_of_todays_numbers(world: World, tmp_path: Path) -> None:
    start_utc = FIRST_DAY + timedelta(days=20, hours=7)
    older = of_an_older_model(recorded("watch", sid_of(99), ME, start_utc, minutes=5))
    days = [start_utc - timedelta(days=n) for n in range(1, 20)]
    short = [recorded("watch", sid_of(n), PEOPLE[n % 2], at, minutes=2) for n, at in enumerate(days)]
    world.keep([older, *short])
    world.judge()
    world.edit(ME, Split(older.sid, start_utc + timedelta(seconds=60), SECOND))
    world.edit(ME, Change(SECOND, athlete=OTHER))
    before = world.store.session(SECOND)
    lines = list(Reanalysis(world.archive, Place.at(world.folder), Choice(athlete=ME)).run())
    assert [(line.before.header.sid, line.result) for line in lines] == [(older.sid, "changed")]
    after, whole = world.store.session(SECOND), world.store.recorded.session(older.sid)
    assert before is not None
    assert after is not None
    assert whole is not None
    assert (before.header.model, after.header.model, whole.header.model) == ("achilles-0.9.0", VERSION, VERSION)
    assert (after.totals.load_bw_s or 0.0) * 1.4 < (before.totals.load_bw_s or 0.0)
    first = world.store.session(older.sid)
    assert first is not None
    assert ("load_eq_km", f"session:{SECOND}") in {(f.measure, f.scope) for f in world.findings().values()}
    together = (first.totals.load_bw_s or 0.0) + (after.totals.load_bw_s or 0.0)
    assert together == pytest.approx(whole.totals.load_bw_s, rel=1e-9)
    assert_is_recomputation(world, tmp_path / "copy")
