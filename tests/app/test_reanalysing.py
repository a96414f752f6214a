"""Stored sessions with today's model: the same where nothing changed, whole where it did, and never half done."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest

from sensor_hub.adapters.registry import Registry
from sensor_hub.adapters.storage.sqlite import SqliteStore
from sensor_hub.app.history.kept_store import KeptStore
from sensor_hub.app.importing.importing import import_all
from sensor_hub.app.ingest import Ingest
from sensor_hub.app.loads.reanalysing import Choice, Line, Reanalysis, is_older, sums
from sensor_hub.app.loads.recomputing import Recomputing, WhichReference
from sensor_hub.app.people import Archive, open_archive
from sensor_hub.app.place import Place
from sensor_hub.config import load_settings
from sensor_hub.errors import ConfigError, RegistryError, StoreError
from sensor_hub.load.achilles import VERSION, population_reference
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.gait import FLOAT_COLUMNS, StepTable
from sensor_hub.model.load import Totals
from sensor_hub.model.message import Envelope
from sensor_hub.model.ports import Store
from sensor_hub.model.reference import Learned
from sensor_hub.model.session import GapFound, Ledger, Origin, SessionHeader, SessionSummary, StepBatch
from tests.app.histories import NOW_UTC, ended, header
from tests.app.recorded import (
    FEET,
    FOOTPOD,
    OLD_MODEL,
    as_older_program,
    differing,
    feet,
    footpod,
    run_live,
    setup_of,
)
from tests.app.test_hub import running_hub, soon
from tests.session.runs import START

SID = "01jd0000000000000000000001"
FEET_SENT = feet()
FOOTPOD_SENT = footpod()
POPULATION = population_reference()
END_SHOWS = {"n_steps", "n_strides", "foot_pitch_rad"}  # one step at the end, whose gait no stored column tells


@pytest.fixture(scope="module")
def with_ana(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A registry with one runner, who so has the same pseudonym in all tests: what she ran is computed once."""
    path = tmp_path_factory.mktemp("with-ana") / "registry.db"
    with Registry(f"sqlite:///{path}") as registry:
        registry.add_athlete("Ana", "UTC")
    return path


@pytest.fixture
def archive(tmp_path: Path, with_ana: Path) -> Iterator[Archive]:
    shutil.copy(with_ana, tmp_path / "registry.db")
    store = SqliteStore(tmp_path / "store.db")
    with Registry(f"sqlite:///{tmp_path / 'registry.db'}") as registry:
        yield Archive(registry, KeptStore(store, registry), "UTC")
    store.close()


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place.at(tmp_path)


@pytest.fixture
def ana(archive: Archive) -> Athlete:
    return archive.registry.athlete("Ana")


@cache
def carried(athlete: str, sid: str, *, on_feet: bool) -> tuple[tuple[Envelope, ...], bytes | None]:
    """What an edge has for the hub of a run of somebody, and the recording where it makes one."""
    with TemporaryDirectory() as folder:
        setup = setup_of(sid, athlete) if on_feet else setup_of(sid, athlete, FOOTPOD)
        sent = run_live(Path(folder), setup, FEET_SENT if on_feet else FOOTPOD_SENT, recorded=on_feet)
        return tuple(sent), (Path(folder) / "recordings" / f"{sid}.mcap").read_bytes() if on_feet else None


def with_feet(place: Place, who: Athlete, sid: str = SID, *, recorded: bool = True) -> list[Envelope]:
    """What an edge has for the hub of a live run with a sensor on each foot; it leaves its recording in the folder."""
    envelopes, recording = carried(who.id, sid, on_feet=True)
    if recorded and recording is not None:
        place.recordings.mkdir(exist_ok=True)
        (place.recordings / f"{sid}.mcap").write_bytes(recording)
    return list(envelopes)


def ran_with_feet(archive: Archive, place: Place, who: Athlete, sid: str = SID, *, recorded: bool = True) -> None:
    """A live run with a sensor on each foot, through an edge and the wire into the store."""
    archive.store.commit(with_feet(place, who, sid, recorded=recorded))


def ran_with_footpod(archive: Archive, place: Place, who: Athlete, sid: str = SID) -> None:
    archive.store.commit(list(carried(who.id, sid, on_feet=False)[0]))


def reanalysed(archive: Archive, place: Place, *, dry_run: bool = False, **choice: object) -> list[Line]:
    return list(Reanalysis(archive, place, Choice(**choice)).run(dry_run=dry_run))  # type: ignore[arg-type]


def said(archive: Archive, sid: str = SID) -> tuple[SessionSummary | None, StepTable, list[GapFound]]:
    return archive.store.session(sid), archive.store.steps(sid), archive.store.gaps(sid)


def log_of(place: Place) -> list[dict[str, object]]:
    text = (place.root / "reanalysed.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def on_the_wire(steps: StepTable) -> StepTable:
    """Steps with the six decimals that MQTT carries."""
    return replace(steps, **{name: np.round(getattr(steps, name), 6) for name in FLOAT_COLUMNS})


# --- from the recording -----------------------------------------------------------------------------------------------


def test_a_recorded_run_of_two_feet_is_found_again_as_it_was_sent_live(
    archive: Archive, place: Place, ana: Athlete
) -> None:
    ran_with_feet(archive, place, ana)
    summary, steps, gaps = said(archive)
    assert summary is not None
    assert len(steps) > 100
    found = Recomputing(archive.store, archive.registry, place.recordings).recompute(summary)
    assert (found.way, found.notes, list(found.gaps)) == ("recording", (), gaps)
    assert found.steps is not None
    assert found.after is not None
    assert differing(steps, on_the_wire(found.steps)) == []  # every bit that was stored
    rounded: dict[str, Any] = {
        k: round(v, 6) if isinstance(v, float) else v for k, v in asdict(found.after.totals).items()
    }
    assert replace(found.after, totals=Totals(**rounded)) == summary
    assert found.is_same


def test_a_run_of_todays_model_is_unchanged_and_nothing_is_written(
    archive: Archive, place: Place, ana: Athlete
) -> None:
    ran_with_feet(archive, place, ana)
    before = said(archive)
    assert [(line.result, line.way) for line in reanalysed(archive, place, every=True)] == [("unchanged", "recording")]
    assert said(archive) == before
    assert not (place.root / "reanalysed.jsonl").exists()


def test_an_imported_recording_is_unchanged_to_the_last_bit(archive: Archive, place: Place, ana: Athlete) -> None:
    with_feet(place, ana)
    (imported,) = import_all([place.recordings / f"{SID}.mcap"], archive, "Ana")
    assert (imported.sid, imported.problem) == (SID, None)
    summary, steps, gaps = said(archive)
    assert summary is not None
    found = Recomputing(archive.store, archive.registry, place.recordings).recompute(summary)
    assert found.after == summary
    assert found.steps is not None
    assert differing(found.steps, steps) == []
    assert list(found.gaps) == gaps
    assert found.is_same


def test_a_run_of_an_older_program_becomes_what_todays_program_makes_of_it(
    archive: Archive, place: Place, ana: Athlete
) -> None:
    ran_with_feet(archive, place, ana)
    today, steps, _ = said(archive)
    old = as_older_program(archive.recorded, SID)
    assert old.header.instrument == ""
    (line,) = reanalysed(archive, place)
    assert (line.result, line.way, line.notes) == ("changed", "recording", ())
    now, steps_now, _ = said(archive)
    assert now is not None
    assert today is not None
    assert now.header == today.header  # its instrument can be told again
    assert now.warnings == today.warnings
    assert now.totals.load_eq_km == pytest.approx(today.totals.load_eq_km, abs=1e-6)
    assert differing(on_the_wire(steps_now), steps) == []
    assert reanalysed(archive, place) == []  # it is of today's model


def test_it_is_the_same_in_either_store(either_store: Store, registry: Registry, tmp_path: Path) -> None:
    archive, place = Archive(registry, KeptStore(either_store, registry), "UTC"), Place.at(tmp_path / "data")
    ana = registry.add_athlete("Ana", "UTC")
    ran_with_feet(archive, place, ana)
    today, steps, _ = said(archive)
    for recordings in ("there", "gone"):
        as_older_program(archive.recorded, SID)
        if recordings == "gone":
            (place.recordings / f"{SID}.mcap").unlink()
        (line,) = reanalysed(archive, place)
        assert (line.result, line.way) == ("changed", {"there": "recording", "gone": "steps"}[recordings])
        now, steps_now, _ = said(archive)
        assert now is not None
        assert today is not None
        assert now.totals.load_eq_km == pytest.approx(today.totals.load_eq_km, rel=1e-5)
        assert np.allclose(steps_now.achilles_peak_bw, steps.achilles_peak_bw, rtol=1e-4, equal_nan=True)
        assert reanalysed(archive, place) == []
        assert [again.result for again in reanalysed(archive, place, every=True)] == ["unchanged"]


def test_a_recording_may_have_any_name(archive: Archive, place: Place, ana: Athlete) -> None:
    ran_with_feet(archive, place, ana)
    as_older_program(archive.recorded, SID)
    (place.recordings / f"{SID}.mcap").rename(place.recordings / "sunday.mcap")
    (place.recordings / "a note.mcap").write_bytes(b"not a recording")
    (line,) = reanalysed(archive, place)
    assert (line.result, line.way) == ("changed", "recording")


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def half_recorded(path: Path) -> None:
    """As if the disk had been full: a recording in order, of half a run."""
    sent = FEET_SENT[: len(FEET_SENT) // 2]
    late = [replace(raw, arrival_utc=raw.arrival_utc - timedelta(minutes=3)) for raw in sent]
    folder = path.parent / "again"
    folder.mkdir()
    run_live(folder, setup_of(SID, "whoever1"), late)
    (folder / "recordings" / path.name).replace(path)


def of_an_unknown_sensor(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"generic-imu", b"unknown-imu"))


@pytest.mark.parametrize(
    ("spoil", "why"),
    [(cut, "not whole"), (half_recorded, "ends before"), (of_an_unknown_sensor, "cannot be read|not whole")],
)
def test_a_recording_that_is_not_the_whole_session_is_passed_over_for_its_steps(
    archive: Archive, place: Place, ana: Athlete, spoil: object, why: str
) -> None:
    ran_with_feet(archive, place, ana)
    as_older_program(archive.recorded, SID)
    n_steps = len(archive.store.steps(SID))
    spoil(place.recordings / f"{SID}.mcap")  # type: ignore[operator]
    (line,) = reanalysed(archive, place)
    assert (line.result, line.way) == ("changed", "steps")
    (note,) = line.notes
    assert note.startswith("its recording ")
    assert any(part in note for part in why.split("|"))
    assert len(archive.store.steps(SID)) == n_steps


# --- from stored steps ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sensor", ["feet", "footpod"])
def test_stored_steps_give_the_load_that_todays_program_gives_a_new_run(
    archive: Archive, place: Place, ana: Athlete, sensor: str
) -> None:
    if sensor == "feet":
        ran_with_feet(archive, place, ana, recorded=False)
    else:
        ran_with_footpod(archive, place, ana)
    today, steps, gaps = said(archive)
    assert today is not None
    old = as_older_program(archive.recorded, SID)
    (line,) = reanalysed(archive, place)
    assert (line.result, line.way, line.notes) == ("changed", "steps", ())
    now, steps_now, gaps_now = said(archive)
    assert now is not None
    assert now.header == replace(today.header, instrument="")  # nobody said what measured it
    assert (now.start_utc, now.end_utc, now.source, now.warnings) == (
        today.start_utc, today.end_utc, today.source, today.warnings,
    )  # fmt: skip
    for name, value in asdict(today.totals).items():
        again = getattr(now.totals, name)
        if isinstance(value, float):
            close = 0.02 if name in END_SHOWS else 1e-4
            assert again == pytest.approx(value, rel=close, abs=2e-6), name
        else:
            assert again == value, name
    assert np.array_equal(steps_now.time_utc_us, steps.time_utc_us)
    assert np.allclose(steps_now.achilles_peak_bw, steps.achilles_peak_bw, rtol=1e-4, equal_nan=True)
    assert [gap.header.model for gap in gaps_now] == [VERSION] * len(gaps)
    assert old.totals.distance_m == now.totals.distance_m


@pytest.mark.parametrize("sensor", ["feet", "footpod"])
def test_steps_of_todays_model_are_unchanged(archive: Archive, place: Place, ana: Athlete, sensor: str) -> None:
    if sensor == "feet":
        ran_with_feet(archive, place, ana, recorded=False)
    else:
        ran_with_footpod(archive, place, ana)
    before = said(archive)
    assert [(line.result, line.way) for line in reanalysed(archive, place, every=True)] == [("unchanged", "steps")]
    assert said(archive) == before


def test_a_run_from_before_speed_was_summed_up_gets_it_and_nothing_else_changes(
    archive: Archive, place: Place, ana: Athlete
) -> None:
    ran_with_footpod(archive, place, ana)
    now, steps, gaps = said(archive)
    assert now is not None
    assert now.totals.median_speed_mps is not None
    before = replace(now, totals=replace(now.totals, median_speed_mps=None, speed_5min_mps=None))
    archive.recorded.replace_session(before, steps, gaps)
    (line,) = reanalysed(archive, place, every=True)
    assert (line.result, line.way) == ("changed", "steps")
    after, steps_after, _ = said(archive)
    assert after is not None
    assert (after.totals.median_speed_mps, after.totals.speed_5min_mps) == (
        now.totals.median_speed_mps,
        now.totals.speed_5min_mps,
    )
    assert after.totals.load_eq_km == pytest.approx(now.totals.load_eq_km, rel=1e-5)
    assert np.allclose(steps_after.achilles_peak_bw, steps.achilles_peak_bw, rtol=1e-4, equal_nan=True)


def test_doing_it_twice_is_doing_it_once(archive: Archive, place: Place, ana: Athlete) -> None:
    ran_with_feet(archive, place, ana, recorded=False)
    as_older_program(archive.recorded, SID)
    reanalysed(archive, place)
    before = said(archive)
    assert [line.result for line in reanalysed(archive, place, every=True)] == ["unchanged"]
    assert said(archive) == before


def test_where_counted_steps_are_not_stored_the_load_would_shrink_so_it_is_left(
    archive: Archive, place: Place, ana: Athlete
) -> None:
    envelopes = with_feet(place, ana, recorded=False)
    lost = next(e for e in envelopes if isinstance(e.event, StepBatch) and len(e.event.steps))
    archive.store.commit([e for e in envelopes if e is not lost])
    as_older_program(archive.recorded, SID)
    before = said(archive)
    shorter = archive.store.steps(SID)
    old, _, _ = before
    assert old is not None
    archive.recorded.replace_session(old, shorter.slice(0, len(shorter) // 2), [])
    before = said(archive)
    (line,) = reanalysed(archive, place)
    assert (line.result, line.after) == ("left", None)
    assert "steps are stored" in line.notes[0]
    assert said(archive) == before


def test_a_height_that_is_known_now_gives_leg_stiffness_where_there_was_none(
    archive: Archive, place: Place, ana: Athlete
) -> None:
    ran_with_feet(archive, place, ana, recorded=False)
    old, steps = as_older_program(archive.recorded, SID), archive.store.steps(SID)
    archive.recorded.replace_session(old, replace(steps, speed_mps=np.full(len(steps), 3.0)), [])
    (without,) = reanalysed(archive, place)
    archive.registry.set_athlete("Ana", height_m=1.7)
    (line,) = reanalysed(archive, place, every=True)
    assert without.after is not None
    assert line.after is not None
    assert without.after.totals.leg_stiffness_bw_per_m is None
    assert (line.after.totals.leg_stiffness_bw_per_m or 0) > 10
    assert line.after.totals.load_eq_km == without.after.totals.load_eq_km


# --- what is left as it is --------------------------------------------------------------------------------------------


def old_summary(who: Athlete, *, origin: Origin = "live", ledger: Ledger = "run") -> SessionSummary:
    of = SessionHeader(SID, who.id, "UTC", origin, "speed", OLD_MODEL, "ref-pop-1", "file", ledger)
    return SessionSummary(of, START, START + timedelta(hours=1), Totals(duration_s=3600.0, distance_m=9000.0), "log")


def test_a_run_that_was_logged_by_hand_is_left_as_it_is(archive: Archive, place: Place, ana: Athlete) -> None:
    archive.store.commit([Envelope("hand", 1, old_summary(ana))])
    (line,) = reanalysed(archive, place)
    assert (line.result, line.way, line.after) == ("left", "left", None)
    assert line.notes == ("no steps of it are stored, so there is nothing to compute from",)
    assert archive.store.session(SID) == old_summary(ana)


@pytest.mark.parametrize(
    ("changes", "why"),
    [({"origin": "replay"}, "replay"), ({"ledger": "exercise"}, "exercise")],
)
def test_a_replay_and_an_exercise_are_left_as_they_are(
    archive: Archive, place: Place, ana: Athlete, changes: dict[str, str], why: str
) -> None:
    summary = old_summary(ana, **changes)  # type: ignore[arg-type]
    archive.store.commit([Envelope("gw", 1, summary)])
    (line,) = reanalysed(archive, place)
    assert line.result == "left"
    assert why in line.notes[0]
    assert archive.store.session(SID) == summary


def test_a_run_in_progress_is_left_as_it_is(archive: Archive, place: Place, ana: Athlete) -> None:
    envelopes = with_feet(place, ana)
    archive.store.commit(envelopes[:-1])
    before = said(archive)
    (line,) = reanalysed(archive, place, every=True)
    assert (line.result, line.notes) == ("left", ("it still runs",))
    assert said(archive) == before


def test_steps_of_a_model_that_was_told_of_the_shoe_are_left(archive: Archive, place: Place, ana: Athlete) -> None:
    ran_with_feet(archive, place, ana, recorded=False)
    summary, steps, gaps = said(archive)
    assert summary is not None
    shod = replace(summary, header=replace(summary.header, model=f"{VERSION}+drop0.01"))
    archive.recorded.replace_session(shod, steps, gaps)
    (line,) = reanalysed(archive, place, every=True)
    assert line.result == "left"
    assert "shoe" in line.notes[0]


@pytest.mark.parametrize("recorded", [True, False])
def test_what_a_newer_program_computed_is_left(archive: Archive, place: Place, ana: Athlete, recorded: bool) -> None:
    ran_with_feet(archive, place, ana, recorded=recorded)
    summary, steps, gaps = said(archive)
    assert summary is not None
    newer = replace(summary, header=replace(summary.header, model="achilles-1.10.0"))
    archive.recorded.replace_session(newer, steps, gaps)
    assert reanalysed(archive, place) == []
    (line,) = reanalysed(archive, place, every=True)
    assert (line.result, "newer" in line.notes[0]) == ("left", True)


@pytest.mark.parametrize(
    ("model", "older"),
    [("achilles-0.1", True), ("achilles-0.9.12", True), ("", True), (VERSION, False), (f"{VERSION}+drop0.01", False)],
)
def test_versions_are_compared_as_numbers(ana: Athlete, model: str, older: bool) -> None:
    summary = old_summary(ana)
    assert is_older(replace(summary, header=replace(summary.header, model=model))) is older


def test_a_session_that_cannot_be_computed_does_not_keep_the_others_old(
    archive: Archive, place: Place, ana: Athlete, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = "01jd0000000000000000000002"
    for sid in (SID, other):
        ran_with_footpod(archive, place, ana, sid)
        as_older_program(archive.recorded, sid)
    whole = Recomputing.recompute

    def broken(self: Recomputing, before: SessionSummary) -> object:
        if before.header.sid == SID:
            raise ValueError("a number that cannot be")
        return whole(self, before)

    monkeypatch.setattr(Recomputing, "recompute", broken)
    lines = {line.before.header.sid: line for line in reanalysed(archive, place)}
    assert (lines[SID].result, lines[SID].notes) == ("failed", ("ValueError: a number that cannot be",))
    assert lines[other].result == "changed"


# --- in which reference -----------------------------------------------------------------------------------------------


def learned(archive: Archive, who: Athlete, *, instrument: str, model: str = VERSION) -> str:
    reference = replace(
        POPULATION, id="", step_time_s=0.35, contact_time_s=0.25, hard_line_bw=4.0, model=model, instrument=instrument,
        learned_on=date(2026, 11, 1), n_sessions=5, n_steps=9000.0,
    )  # fmt: skip
    return archive.registry.references.keep(who.id, Learned(reference, at_easy_speed=True), asked=True).reference.id


@pytest.mark.parametrize(("which", "is_own"), [("kept", False), ("current", True)])
def test_a_run_stays_in_its_reference_unless_the_current_one_is_asked_for(
    archive: Archive, place: Place, ana: Athlete, which: WhichReference, is_own: bool
) -> None:
    own = learned(archive, ana, instrument="imu/feet/foot-1.0")
    ran_with_feet(archive, place, ana)
    as_older_program(archive.recorded, SID)
    (line,) = reanalysed(archive, place, reference=which)
    assert line.after is not None
    assert line.after.header.reference == (own if is_own else "ref-pop-1")


def test_a_run_in_an_own_reference_stays_in_it(archive: Archive, place: Place, ana: Athlete) -> None:
    own = learned(archive, ana, instrument="imu/feet/foot-1.0")
    ran_with_feet(archive, place, ana)
    (in_own,) = reanalysed(archive, place, every=True, reference="current")
    assert in_own.result == "changed"
    learned(archive, ana, instrument="imu/feet/foot-1.0")  # a newer one, which nobody asked for here
    (again,) = reanalysed(archive, place, every=True)
    assert again.result == "unchanged"
    now = archive.store.session(SID)
    assert now is not None
    assert now.header.reference == own


@pytest.mark.parametrize(("model", "why"), [(None, "not known here"), ("achilles-0.9", "achilles-0.9")])
def test_a_reference_that_is_not_here_or_of_another_model_gives_way_to_the_populations(
    archive: Archive, place: Place, ana: Athlete, model: str | None, why: str
) -> None:
    ran_with_footpod(archive, place, ana)
    own = "ref-own-77" if model is None else learned(archive, ana, instrument="", model=model)
    old = as_older_program(archive.recorded, SID)
    in_own = replace(old, header=replace(old.header, reference=own))
    archive.recorded.replace_session(in_own, archive.store.steps(SID), [])
    (line,) = reanalysed(archive, place)
    assert line.after is not None
    assert line.after.header.reference == "ref-pop-1"
    assert own in line.notes[0]
    assert why in line.notes[0]


# --- which sessions ---------------------------------------------------------------------------------------------------


def test_athlete_day_and_session_choose(archive: Archive, place: Place, ana: Athlete) -> None:
    ben = archive.registry.add_athlete("Ben", "America/Los_Angeles")  # where START is on the day before
    for i, (who, days) in enumerate([(ana, 0), (ana, 5), (ben, 0), (ben, -1)]):
        summary = replace(old_summary(who), start_utc=START + timedelta(days=days), end_utc=START + timedelta(days=6))
        summary = replace(summary, header=replace(summary.header, sid=f"run-{i}"))
        archive.store.commit([Envelope("hand", i, summary)])

    def chosen(**choice: object) -> list[str]:
        return [s.header.sid for s in Reanalysis(archive, place, Choice(**choice)).sessions]  # type: ignore[arg-type]

    assert chosen() == ["run-3", "run-0", "run-2", "run-1"]
    assert chosen(athlete="Ben") == ["run-3", "run-2"]
    assert chosen(since=START.date()) == ["run-0", "run-1"]
    assert chosen(since=START.date() - timedelta(days=1)) == ["run-0", "run-2", "run-1"]
    assert chosen(since=(START + timedelta(days=1)).date(), athlete="Ana") == ["run-1"]
    assert chosen(sid="run-1") == ["run-1"]
    assert chosen(sid="run-1", athlete="Ana") == ["run-1"]


def test_who_or_what_is_not_here_is_said(archive: Archive, place: Place, ana: Athlete) -> None:
    archive.registry.add_athlete("Ben", "UTC")
    archive.store.commit([Envelope("hand", 1, old_summary(ana))])
    with pytest.raises(RegistryError):
        Reanalysis(archive, place, Choice(athlete="Nobody"))
    with pytest.raises(StoreError, match="no session 'none'"):
        Reanalysis(archive, place, Choice(sid="none"))
    with pytest.raises(StoreError, match="not of Ben"):
        Reanalysis(archive, place, Choice(sid=SID, athlete="Ben"))


# --- nothing half done ------------------------------------------------------------------------------------------------

SIDS = [f"01jd00000000000000000000{i:02}" for i in range(4)]


def four_old_runs(archive: Archive, place: Place, who: Athlete) -> None:
    for sid in SIDS:
        ran_with_footpod(archive, place, who, sid)
        as_older_program(archive.recorded, sid)


def test_a_dry_run_changes_nothing_and_says_what_would_come(archive: Archive, place: Place, ana: Athlete) -> None:
    four_old_runs(archive, place, ana)
    before = [said(archive, sid) for sid in SIDS]
    shown = reanalysed(archive, place, dry_run=True)
    assert [said(archive, sid) for sid in SIDS] == before
    assert {path.name for path in place.root.iterdir()}.isdisjoint({"reanalysed.jsonl", "reanalyse.lock"})
    done = reanalysed(archive, place)
    assert [line.answer() for line in shown] == [line.answer() for line in done]


@pytest.mark.parametrize("n_done", [0, pytest.param(1, marks=pytest.mark.thorough), 3])
def test_what_was_stopped_goes_on_where_it_was(archive: Archive, place: Place, ana: Athlete, n_done: int) -> None:
    four_old_runs(archive, place, ana)
    stopped = Reanalysis(archive, place, Choice()).run()
    first = [line.before.header.sid for line in islice(stopped, n_done)]
    stopped.close()  # type: ignore[attr-defined]
    rest = reanalysed(archive, place)
    assert first + [line.before.header.sid for line in rest] == SIDS
    assert all(line.result == "changed" for line in rest)
    assert [entry["sid"] for entry in log_of(place)] == SIDS


def test_a_kill_between_the_log_and_the_store_is_made_good(
    archive: Archive, place: Place, ana: Athlete, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran_with_footpod(archive, place, ana)
    old = as_older_program(archive.recorded, SID)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(SqliteStore, "replace_session", killed)
        with pytest.raises(KeyboardInterrupt):
            reanalysed(archive, place)
    assert archive.store.session(SID) == old
    assert [line.result for line in reanalysed(archive, place)] == ["changed"]
    assert [entry["before"] for entry in log_of(place)] == 2 * [log_of(place)[0]["before"]]


def test_two_at_once_are_one_too_many(archive: Archive, place: Place, ana: Athlete) -> None:
    four_old_runs(archive, place, ana)
    first = Reanalysis(archive, place, Choice()).run()
    next(first)
    with pytest.raises(ConfigError, match="recomputed by another"):
        reanalysed(archive, place)
    reanalysed(archive, place, dry_run=True)  # looking is free
    first.close()  # type: ignore[attr-defined]
    reanalysed(archive, place)


def test_late_messages_of_the_older_program_do_not_bring_it_back(archive: Archive, place: Place, ana: Athlete) -> None:
    envelopes = with_feet(place, ana)
    old = [replace(e, event=replace(e.event, header=replace(e.event.header, model=OLD_MODEL))) for e in envelopes]
    archive.store.commit(old)
    reanalysed(archive, place)
    before = said(archive)
    archive.store.commit([replace(envelope, gw="another") for envelope in old])
    assert said(archive) == before


# --- what follows -----------------------------------------------------------------------------------------------------


def test_the_log_says_when_what_and_how(archive: Archive, place: Place, ana: Athlete) -> None:
    ran_with_feet(archive, place, ana)
    old = as_older_program(archive.recorded, SID)
    reanalysed(archive, place)
    (entry,) = log_of(place)
    now = archive.store.session(SID)
    assert now is not None
    assert (entry["sid"], entry["way"]) == (SID, "recording")
    assert (entry["from_model"], entry["to_model"]) == (OLD_MODEL, VERSION)
    before, after = entry["before"], entry["after"]
    assert isinstance(before, dict)
    assert isinstance(after, dict)
    assert {name: before[name] for name in asdict(old.totals)} == asdict(old.totals)
    assert {name: after[name] for name in asdict(now.totals)} == asdict(now.totals)
    assert after["instrument"] == "imu/feet/foot-1.0"
    assert (place.root / "reanalysed.jsonl").stat().st_mode & 0o777 == 0o600


def test_half_a_line_in_the_log_spoils_no_other(archive: Archive, place: Place, ana: Athlete) -> None:
    (place.root / "reanalysed.jsonl").write_text('{"when": "2026-')
    ran_with_footpod(archive, place, ana)
    as_older_program(archive.recorded, SID)
    reanalysed(archive, place)
    broken, whole = (place.root / "reanalysed.jsonl").read_text(encoding="utf-8").splitlines()
    assert broken == '{"when": "2026-'
    assert json.loads(whole)["sid"] == SID


def test_a_log_that_cannot_be_written_stops_before_anything_changed(
    archive: Archive, place: Place, ana: Athlete
) -> None:
    (place.root / "reanalysed.jsonl").mkdir()
    ran_with_footpod(archive, place, ana)
    old = as_older_program(archive.recorded, SID)
    with pytest.raises(StoreError, match="cannot be written"):
        reanalysed(archive, place)
    assert archive.store.session(SID) == old


def easy_history_and_a_monster(archive: Archive, place: Place, who: Athlete) -> None:
    """Weeks of easy runs, and a short one to which an older program gave more load than all of them."""
    for i, days in enumerate(range(35, 0, -3)):
        of = replace(header(who, f"easy-{i}", instrument=""), model=VERSION, tier="speed")
        archive.store.commit([Envelope("easy", i, ended(of, NOW_UTC - timedelta(days=days), 5.0))])
    ran_with_footpod(archive, place, who)
    old = as_older_program(archive.recorded, SID)
    monster = replace(old, header=replace(old.header, model=VERSION), totals=replace(old.totals, load_eq_km=40.0))
    archive.recorded.replace_session(monster, archive.store.steps(SID), archive.store.gaps(SID))
    archive.judge_again(who)


def standing(archive: Archive, who: Athlete) -> set[str]:
    return {f.scope for f in archive.store.findings(who.id) if f.measure == "load_eq_km" and not f.withdrawn}


def test_findings_follow_the_new_numbers(archive: Archive, place: Place, ana: Athlete) -> None:
    easy_history_and_a_monster(archive, place, ana)
    assert f"session:{SID}" in standing(archive, ana)
    (line,) = reanalysed(archive, place, every=True, sid=SID)
    assert line.result == "changed"
    assert f"session:{SID}" not in standing(archive, ana)


def test_findings_that_a_kill_left_behind_are_made_good_by_the_next_call(
    archive: Archive, place: Place, ana: Athlete, monkeypatch: pytest.MonkeyPatch
) -> None:
    easy_history_and_a_monster(archive, place, ana)
    with monkeypatch.context() as patched:
        patched.setattr(Ingest, "judge", lambda *_args, **_more: [])
        reanalysed(archive, place, every=True, sid=SID)
    assert f"session:{SID}" in standing(archive, ana)
    assert reanalysed(archive, place) == []  # nothing is left to compute
    assert f"session:{SID}" not in standing(archive, ana)


@pytest.mark.usefixtures("quick_rounds")
def test_a_hub_that_runs_beside_it_says_the_new_load(tmp_path: Path) -> None:
    settings = load_settings(data_dir=tmp_path / "data", mqtt_port=0, web_port=0)
    with open_archive(settings) as archive, running_hub(settings, []) as hub:
        ana, place = archive.registry.add_athlete("Ana", "UTC"), Place.at(settings.data_dir)
        start_utc = datetime.now(UTC) - timedelta(minutes=5)
        envelopes = run_live(place.root, setup_of(SID, ana.id, FOOTPOD), footpod(start_utc=start_utc), recorded=False)
        archive.store.commit(envelopes)
        as_older_program(archive.recorded, SID)

        def load_eq_km() -> float | None:
            sent = hub.publishing.load_of(ana.id)
            return None if sent is None else sent.today_load_eq_km

        assert soon(lambda: load_eq_km() == 7.0)
        (line,) = reanalysed(archive, place)
        assert line.after is not None
        load_after = line.after.totals.load_eq_km
        assert load_after != 7.0
        assert soon(lambda: load_eq_km() == load_after)


def test_sums_hold_against_each_other_only_what_is_known_on_both_sides(ana: Athlete) -> None:
    known = replace(old_summary(ana), totals=Totals(load_eq_km=4.0, hard_load_bw_s=None))
    after = replace(known, totals=Totals(load_eq_km=5.0, hard_load_bw_s=3.0))
    lines = [
        Line(known, "changed", "steps", after),
        Line(known, "left", "left"),
        Line(replace(known, totals=Totals()), "changed", "steps", after),
    ]
    assert sums(lines) == {"load_eq_km": (8.0, 9.0), "hard_load_bw_s": (0.0, 0.0)}


def test_an_athlete_whom_only_the_sending_edge_knows_is_reached_by_the_session(archive: Archive, place: Place) -> None:
    stranger = Athlete("stranger", "stranger", "UTC")
    ran_with_footpod(archive, place, stranger)
    as_older_program(archive.recorded, SID)
    assert reanalysed(archive, place) == []
    (line,) = reanalysed(archive, place, sid=SID)
    assert line.result == "changed"


def test_the_two_feet_are_really_two(archive: Archive, place: Place, ana: Athlete) -> None:
    ran_with_feet(archive, place, ana)
    steps = archive.store.steps(SID)
    assert {bound.side for bound in FEET} == set(steps.side.tolist())
