"""A diary over a real store and registry: what is said stands, what is taken back does not, edits are left alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sensor_hub.app.guiding import guide as guide_module
from sensor_hub.app.guiding.guide import Guiding
from sensor_hub.app.history.keeping import HistoryKeeping
from sensor_hub.app.ingest import Ingest
from sensor_hub.app.people import Archive, open_archive
from sensor_hub.config import load_settings
from sensor_hub.errors import EditError, RegistryError
from sensor_hub.guidelines.diary import diary_of
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.diary import (
    Consent,
    Said,
    SayCare,
    SayExercise,
    SayPain,
    SayProfile,
    SaySleep,
    SaySymptoms,
    SetRule,
    StartPlan,
    StopPlan,
    WornOut,
)
from sensor_hub.model.edit import Delete, Tell, Undo, WearShoe
from sensor_hub.model.session import StepBatch
from sensor_hub.units import utc_us
from sensor_hub.wire.edits import DIARY_KINDS
from tests.adapters.storage.runs import table
from tests.app.histories import NOW_UTC, ended, envelopes, header, history

AN_HOUR_AGO = NOW_UTC - timedelta(hours=1)
TODAY = NOW_UTC.date()
HURTS = SayPain(AN_HOUR_AGO, "morning", 4.0, "L")


@contextmanager
def home(folder: Path) -> Iterator[tuple[Archive, Guiding, Athlete]]:
    with open_archive(load_settings(data_dir=folder)) as archive:
        known = [a for a in archive.registry.athletes() if a.display_name == "Ana"]
        ana = known[0] if known else archive.registry.add_athlete("Ana", "UTC")
        yield archive, guiding(archive), ana


def guiding(archive: Archive, **more: Any) -> Guiding:
    """The archive's, at a time of ours."""
    ingest = Ingest(archive.store, archive.registry, clock=lambda: NOW_UTC)
    keeping = HistoryKeeping(archive.store, archive.registry, ingest, clock=lambda: NOW_UTC)
    return Guiding(archive.store, archive.registry, ingest, keeping, clock=lambda: NOW_UTC, **more)


def keep(archive: Archive, events: Any) -> None:
    archive.ingest.take(envelopes(events))


def test_what_is_said_stands_after_a_restart_and_what_is_taken_back_does_not(tmp_path: Path) -> None:
    with home(tmp_path) as (_archive, guide, ana):
        guide.say("Ana", [HURTS], by="test")
        slept = guide.say(ana.id, [SaySleep(TODAY, 7.5)], by="test")
        guide.take_back(ana.id, by="test")
    with home(tmp_path) as (_archive, guide, ana):
        assert guide.known(ana.id) == diary_of([HURTS])
        view = guide.diary(ana.id)
        assert [type(e.edit) for e in view.entries] == [Undo, SaySleep, SayPain]
        assert view.undone == {slept.entries[0].id}


def test_what_was_taken_back_is_said_again_by_its_id(tmp_path: Path) -> None:
    with home(tmp_path) as (_archive, guide, ana):
        entry = guide.say(ana.id, [HURTS], by="test").entries[0]
        guide.take_back(ana.id, by="test")
        assert guide.known(ana.id).pains == ()
        guide.take_back(ana.id, by="test", entry=entry.id)
        assert guide.known(ana.id).pains == (HURTS,)


def test_what_one_call_said_is_taken_back_together(tmp_path: Path) -> None:
    with home(tmp_path) as (_archive, guide, ana):
        guide.say(ana.id, [SaySleep(TODAY, 8.0)], by="test")
        guide.say(ana.id, [HURTS, replace(HURTS, side="R")], by="test")
        guide.take_back(ana.id, by="test")
        assert (guide.known(ana.id).pains, len(guide.known(ana.id).sleep)) == ((), 1)
        guide.take_back(ana.id, by="test")
        assert guide.known(ana.id) == diary_of([])
        with pytest.raises(EditError, match="nothing stands"):
            guide.take_back(ana.id, by="test")


def test_of_several_lines_one_that_cannot_be_keeps_all_out(tmp_path: Path) -> None:
    with home(tmp_path) as (archive, guide, ana):
        with pytest.raises(EditError, match=r"steps of 0\.5"):
            guide.say(ana.id, [HURTS, replace(HURTS, level=4.3)], by="test")
        with pytest.raises(EditError, match="nothing to keep"):
            guide.say(ana.id, [], by="test")
        with pytest.raises(RegistryError):
            guide.say("Nobody", [HURTS], by="test")
        assert archive.registry.journal.entries() == []


def test_undo_of_the_history_and_of_the_diary_leave_each_other_alone(tmp_path: Path) -> None:
    with home(tmp_path) as (archive, guide, ana):
        keep(archive, history(ana))
        keeping = archive.keeping
        keeping.edit(ana.id, [Tell(f"{ana.id}-7", effort=5.0)], by="test")
        line = guide.say(ana.id, [HURTS], by="test").entries[0]
        assert [type(e.edit) for e in keeping.history(ana.id).journal] == [Tell]
        keeping.undo(ana.id, by="test")
        assert guide.known(ana.id).pains == (HURTS,)
        assert [type(e.edit) for e in guide.diary(ana.id).entries] == [SayPain]
        with pytest.raises(EditError, match="no entry"):
            keeping.undo(ana.id, by="test", entry=line.id)
        edit = keeping.edit(ana.id, [Tell(f"{ana.id}-7", effort=6.0)], by="test").entries[0]
        guide.take_back(ana.id, by="test")
        assert keeping.history(ana.id).sessions[0].told.effort == 6.0
        with pytest.raises(EditError, match="no line"):
            guide.take_back(ana.id, by="test", entry=edit.id)
        assert {type(e.edit) for e in keeping.history(ana.id).journal} == {Tell, Undo}
        assert len(keeping.history(ana.id).journal) == 3


def test_a_diary_changes_nothing_of_the_history_or_its_findings(tmp_path: Path) -> None:
    with home(tmp_path) as (archive, guide, ana):
        keep(archive, [*history(ana), ended(header(ana, "long"), NOW_UTC - timedelta(hours=3), 20.0)])
        before = archive.store.sessions(ana.id), archive.store.findings(ana.id)
        said: list[Said] = [
            HURTS,
            SaySymptoms(AN_HOUR_AGO, ("swelling",)),
            SayCare("ice", TODAY),
            SayProfile(born=date(1980, 2, 3)),
        ]
        outcome = guide.say(ana.id, said, by="test")
        assert outcome.findings == ()
        assert (archive.store.sessions(ana.id), archive.store.findings(ana.id)) == before


@pytest.mark.row("A27")
def test_sleep_and_food_are_kept_and_shown_and_change_neither_load_nor_guidance(tmp_path: Path) -> None:
    with home(tmp_path) as (archive, guide, ana):
        keep(archive, history(ana))
        before = archive.store.sessions(ana.id), guide.guidance(ana.id), guide.week_plan(ana.id)
        slept = SaySleep(TODAY, 3.5, ate_well=False, note="late train")
        guide.say(ana.id, [slept], by="test")
        assert guide.known(ana.id).sleep == (slept,)
        after = archive.store.sessions(ana.id), guide.guidance(ana.id), guide.week_plan(ana.id)
        assert after == before


@pytest.mark.row("A16")
@pytest.mark.parametrize("kind", ["orthotic", "heel-lift"])
def test_an_orthotic_or_heel_lift_is_logged_with_its_days_and_changes_no_load(tmp_path: Path, kind: Any) -> None:
    with home(tmp_path) as (archive, guide, ana):
        keep(archive, history(ana))
        before = archive.store.sessions(ana.id)
        worn = SayCare(kind, TODAY - timedelta(days=9), TODAY, note="left shoe")
        guide.say(ana.id, [worn], by="test")
        assert guide.known(ana.id).care == (worn,)
        assert archive.store.sessions(ana.id) == before


@pytest.mark.parametrize("name", ["heel-drop", "hop"])
def test_an_exercise_whose_load_is_modelled_has_a_session_that_goes_and_comes_with_it(
    tmp_path: Path, name: Any
) -> None:
    with home(tmp_path) as (archive, guide, ana):
        entry = guide.say(ana.id, [SayExercise(AN_HOUR_AGO, name, 3, 15, knee="bent")], by="test").entries[0]
        assert isinstance(entry.edit, SayExercise)
        (session,) = archive.store.sessions(ana.id)
        assert (session.header.sid, session.header.ledger) == (entry.edit.sid, "exercise")
        assert session.totals.load_bw_s is not None
        guide.take_back(ana.id, by="test")
        assert archive.store.sessions(ana.id) == []
        guide.take_back(ana.id, by="test", entry=entry.id)
        assert archive.store.sessions(ana.id) == [session]
        guide.take_back(ana.id, by="test")
        assert archive.store.sessions(ana.id) == []
        guide.say(ana.id, [SayExercise(AN_HOUR_AGO, name, 3, 15, knee="bent")], by="test")
        assert archive.store.sessions(ana.id) == [session]


def test_an_exercise_without_a_model_is_kept_without_a_session(tmp_path: Path) -> None:
    with home(tmp_path) as (archive, guide, ana):
        held = SayExercise(AN_HOUR_AGO, "isometric-hold", 5, 1, "L", hold_s=45.0, pain=2.0)
        guide.say(ana.id, [held], by="test")
        assert guide.known(ana.id).exercises == (held,)
        assert archive.store.sessions(ana.id) == []


def test_a_line_about_a_run_names_one_of_theirs(tmp_path: Path) -> None:
    with home(tmp_path) as (archive, guide, ana):
        ben = archive.registry.add_athlete("Ben", "UTC")
        keep(archive, history(ana))
        mine = replace(HURTS, sid=f"{ana.id}-7", at_utc=NOW_UTC - timedelta(days=6), when="day-after")
        guide.say(ana.id, [mine], by="test")
        for said, who in ((mine, ben), (replace(mine, sid="nothing"), ana)):
            with pytest.raises(EditError, match="session list"):
                guide.say(who.id, [said], by="test")
        with pytest.raises(EditError, match="more than a week"):
            guide.say(ana.id, [replace(mine, sid=f"{ana.id}-28")], by="test")


def test_consent_holds_from_when_it_is_given_until_it_is_taken(tmp_path: Path) -> None:
    with home(tmp_path) as (_archive, guide, ana):
        assert guide.consents(ana.id) == {"load"}
        guide.say(ana.id, [Consent("pain", granted=True)], by="test")
        assert guide.consents(ana.id) == {"load", "pain"}
        guide.say(ana.id, [Consent("load", granted=False)], by="test")
        assert guide.consents(ana.id) == {"pain"}


def test_of_somebody_whom_only_a_sending_edge_knows_a_coach_sees_what_is_usual(tmp_path: Path) -> None:
    with home(tmp_path) as (_archive, guide, _ana):
        assert guide.consents("zzzzzzzz") == {"load"}


def test_a_case_has_the_pair_of_each_run_said_of_it_or_of_its_day(tmp_path: Path) -> None:
    with home(tmp_path) as (archive, guide, ana):
        keep(archive, history(ana))
        blue, red = (archive.registry.shoes.add(ana.id, name) for name in ("Blue", "Red"))
        archive.keeping.edit(ana.id, [WearShoe(blue.id, TODAY - timedelta(days=20))], by="test")
        archive.keeping.edit(ana.id, [Tell(f"{ana.id}-7", shoe=red.id)], by="test")
        case = guide.case(ana.id)
        assert dict(case.worn) == {f"{ana.id}-14": blue.id, f"{ana.id}-7": red.id}
        kept = {k.summary.header.sid: k.told.shoe for k in archive.keeping.history(ana.id).sessions}
        assert dict(case.worn) == {sid: shoe for sid, shoe in kept.items() if shoe is not None}
        assert [run.sid for run in case.runs] == [f"{ana.id}-{n}" for n in (28, 21, 14, 7)]
        guide.say(ana.id, [WornOut(red.id, TODAY)], by="test")
        with pytest.raises(EditError, match="no pair"):
            guide.say(ana.id, [WornOut("other", TODAY)], by="test")


def test_a_setting_that_changes_findings_judges_the_history_again_and_back(tmp_path: Path) -> None:
    with home(tmp_path) as (archive, guide, ana):
        keep(archive, [*history(ana), ended(header(ana, "long"), NOW_UTC - timedelta(hours=3), 20.0)])
        before = {f.key: f for f in archive.store.findings(ana.id) if not f.withdrawn}
        assert any(f.rule == "session-limit" for f in before.values())
        guide.say(ana.id, [SetRule("session-limit", "on", 0.0)], by="test")
        left = [f for f in archive.store.findings(ana.id) if not f.withdrawn]
        assert all(f.rule != "session-limit" for f in left)
        guide.take_back(ana.id, by="test")
        assert {f.key for f in archive.store.findings(ana.id) if not f.withdrawn} == set(before)
        assert archive.registry.journal.unjudged() == []


def test_a_setting_whose_process_was_killed_before_it_judged_is_judged_by_who_comes_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with home(tmp_path) as (archive, guide, ana):
        keep(archive, [*history(ana), ended(header(ana, "long"), NOW_UTC - timedelta(hours=3), 20.0)])

        def dies(*_how: object, **_so: object) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(Ingest, "judge", dies)
            with pytest.raises(KeyboardInterrupt):
                guide.say(ana.id, [SetRule("session-limit", "on", 0.0)], by="test")
        assert any(f.rule == "session-limit" and not f.withdrawn for f in archive.store.findings(ana.id))
        assert guide.catch_up() == [], "it may still be at work"
        monkeypatch.setattr(guide_module, "LEFT_BEHIND", timedelta(seconds=-1))
        assert guide.catch_up() == [ana.id]
        assert all(f.rule != "session-limit" or f.withdrawn for f in archive.store.findings(ana.id))
        assert archive.registry.journal.unjudged() == []


def test_a_diary_goes_with_its_person_when_two_are_made_one(tmp_path: Path) -> None:
    with home(tmp_path) as (archive, guide, ana):
        other = archive.registry.add_athlete("Anna", "UTC")
        guide.say(other.id, [HURTS], by="test")
        archive.merge("Anna", "Ana")
        assert archive.guide.known(ana.id).pains == (HURTS,)


def test_a_plan_begins_and_ends_and_only_one_that_goes_on_can_end(tmp_path: Path) -> None:
    with home(tmp_path) as (_archive, guide, ana):
        with pytest.raises(EditError, match="No such plan"):
            guide.say(ana.id, [StopPlan("isometric", TODAY)], by="test")
        guide.say(ana.id, [StartPlan("isometric", TODAY)], by="test")
        guide.say(ana.id, [StopPlan("isometric", TODAY)], by="test")
        assert len(guide.known(ana.id).plan_changes) == 2


@pytest.mark.parametrize(
    "first",
    [SayProfile(born=TODAY - timedelta(days=365 * 16)), SaySymptoms(AN_HOUR_AGO, ("pop",))],
    ids=["under 18", "red flag"],
)
def test_a_plan_is_refused_with_its_reason(tmp_path: Path, first: Any) -> None:
    with home(tmp_path) as (_archive, guide, ana):
        guide.say(ana.id, [first], by="test")
        with pytest.raises(EditError) as refused:
            guide.say(ana.id, [StartPlan("return-to-running", TODAY)], by="test")
        assert len(str(refused.value)) > 30
        assert guide.known(ana.id).plan_changes == ()


def test_nothing_of_a_diary_is_in_the_store_that_others_read(tmp_path: Path) -> None:
    with home(tmp_path) as (archive, guide, ana):
        private = "a word nobody else may read"
        guide.say(ana.id, [replace(HURTS, note=private), SaySleep(TODAY, 8.0, note=private)], by="test")
        assert not any(private in str(text) for _table, text in archive.recorded.texts())
        assert not any(private.encode() in path.read_bytes() for path in tmp_path.glob("store.db*"))
        assert any(private.encode() in path.read_bytes() for path in tmp_path.glob("registry.db*"))


def test_every_kind_of_line_is_read_by_the_diary_and_by_no_history() -> None:
    from sensor_hub.wire.edits import HISTORY_KINDS

    assert not DIARY_KINDS.keys() & HISTORY_KINDS.keys()


def test_deleting_a_run_leaves_what_was_said_of_it(tmp_path: Path) -> None:
    with home(tmp_path) as (archive, guide, ana):
        keep(archive, history(ana))
        guide.say(ana.id, [replace(HURTS, sid=f"{ana.id}-7", at_utc=NOW_UTC - timedelta(days=6))], by="test")
        archive.keeping.edit(ana.id, [Delete(f"{ana.id}-7")], by="test")
        assert len(guide.known(ana.id).pains) == 1
        guide.guidance(ana.id)


def test_a_run_of_a_plan_is_told_by_turns_from_its_stored_steps(tmp_path: Path) -> None:
    with home(tmp_path) as (archive, guide, ana):
        start_utc = NOW_UTC - timedelta(days=2)
        n, of = 120, header(ana, "turns")
        steps = table(utc_us(start_utc), n)
        at_us = utc_us(start_utc) + np.arange(n, dtype=np.int64) * 1_000_000
        gait = np.array(["run"] * 60 + ["walk"] * 60, dtype=steps.gait.dtype)
        over = ended(of, start_utc, 1.0)
        keep(archive, [StepBatch(of, start_utc, replace(steps, time_utc_us=at_us, gait=gait), over.totals), over])
        assert guide.case(ana.id).walk_runs == (), "nobody follows a plan"
        guide.say(ana.id, [StartPlan("return-to-running", TODAY - timedelta(days=20))], by="test")
        (turns,) = guide.case(ana.id).walk_runs
        assert (turns.sid, turns.spans, turns.end_s) == ("turns", ((0.0, "run"), (60.0, "walk")), 360.0)
        assert guide.case(ana.id).walk_runs == (turns,)
