"""A diary is its person's: in their export, back from it, gone with them, and in no one else's."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from sensor_hub.adapters.bundle.reading import Bundle
from sensor_hub.app.people import Archive, open_archive
from sensor_hub.app.person.backup import KIND as BACKUP
from sensor_hub.app.person.backup import write_backup
from sensor_hub.app.person.person_export import KIND, export_person
from sensor_hub.app.person.person_import import import_person
from sensor_hub.config import Settings, load_settings
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.diary import SayExercise, SayPain, SayProfile, SaySleep, SetRule
from sensor_hub.model.edit import Change, Tell
from tests.app.histories import NOW_UTC, envelopes, history

HURTS = SayPain(NOW_UTC - timedelta(days=6), "day-after", 4.0, "L", note="Anastasia said so")


def settings_of(folder: Path) -> Settings:
    return load_settings(data_dir=folder, mqtt_port=0, web_port=0)


@contextmanager
def here_and_there(tmp_path: Path) -> Iterator[tuple[Archive, Archive]]:
    with ExitStack() as stack:
        here, there = (stack.enter_context(open_archive(settings_of(tmp_path / name))) for name in ("here", "there"))
        (tmp_path / "files").mkdir()
        yield here, there


def told(archive: Archive, who: str) -> list[object]:
    return [entry.edit for entry in archive.guide.diary(who).entries]


def ana_at(archive: Archive) -> Athlete:
    ana = archive.registry.add_athlete("Anastasia", "UTC")
    archive.ingest.take(envelopes(history(ana)))
    archive.keeping.edit(ana.id, [Tell(f"{ana.id}-7", effort=5.0)], by="test")
    archive.guide.say(ana.id, [replace(HURTS, sid=f"{ana.id}-7"), SayProfile(weak_calf=True)], by="test")
    archive.guide.say(ana.id, [SayExercise(NOW_UTC - timedelta(days=2), "heel-drop", note="hard")], by="test")
    archive.guide.say(ana.id, [SaySleep(NOW_UTC.date(), 6.0)], by="test")
    archive.guide.take_back(ana.id, by="test")
    return ana


def test_a_diary_goes_out_with_its_person_and_comes_back_the_same(tmp_path: Path) -> None:
    with here_and_there(tmp_path) as (here, there):
        ana = ana_at(here)
        out = tmp_path / "out.zip"
        export_person(here, tmp_path / "files", ana.id, out)
        import_person(there, tmp_path / "files", out)
        assert told(there, ana.id) == told(here, ana.id)
        assert there.guide.known(ana.id) == here.guide.known(ana.id)
        assert there.guide.diary(ana.id).undone == here.guide.diary(ana.id).undone
        assert there.store.sessions(ana.id) == here.store.sessions(ana.id)
        again = tmp_path / "again.zip"
        export_person(there, tmp_path / "files", ana.id, again)
        with Bundle(out, KIND) as first, Bundle(again, KIND) as second:
            assert first.read("journal.jsonl") == second.read("journal.jsonl")
        assert not import_person(there, tmp_path / "files", out).changed, "the same again changes nothing"


def test_what_was_set_of_the_rules_judges_where_it_comes_back(tmp_path: Path) -> None:
    with here_and_there(tmp_path) as (here, there):
        ana = ana_at(here)
        here.guide.say(ana.id, [SetRule("session-limit", "on", 0.0)], by="test")
        out = tmp_path / "out.zip"
        export_person(here, tmp_path / "files", ana.id, out)
        import_person(there, tmp_path / "files", out)
        assert "session-limit" in there.guide.settings(ana.id).off
        assert there.registry.journal.unjudged() == []


def test_nobody_else_has_a_word_of_it_in_their_export(tmp_path: Path) -> None:
    with here_and_there(tmp_path) as (here, _there):
        ana_at(here)
        ben = here.registry.add_athlete("Ben", "UTC")
        here.guide.say(ben.id, [SaySleep(NOW_UTC.date(), 8.0)], by="test")
        out = tmp_path / "ben.zip"
        export_person(here, tmp_path / "files", ben.id, out)
        with Bundle(out, KIND) as bundle:
            assert all(b"Anastasia" not in bundle.read(name) for name in bundle.names())
            assert bundle.read("journal.jsonl").count(b"\n") == 1


def test_a_run_that_was_given_away_is_named_in_no_diary_that_goes_out(tmp_path: Path) -> None:
    with here_and_there(tmp_path) as (here, _there):
        ana = ana_at(here)
        ben = here.registry.add_athlete("Ben", "UTC")
        here.keeping.edit(ana.id, [Change(f"{ana.id}-7", athlete=ben.id)], by="test")
        out = tmp_path / "out.zip"
        export_person(here, tmp_path / "files", ana.id, out)
        with Bundle(out, KIND) as bundle:
            assert f"{ana.id}-7".encode() not in bundle.read("journal.jsonl")
            assert b"Anastasia said so" in bundle.read("journal.jsonl")
        assert not import_person(here, tmp_path / "files", out).changed


@pytest.mark.parametrize("whose", ["their own", "of whom a run was given to"])
def test_an_erased_person_leaves_no_line_and_no_session_in_another_diary(tmp_path: Path, whose: str) -> None:
    from sensor_hub.app.person.erasing import erase_athlete

    settings = settings_of(tmp_path / "here")
    with open_archive(settings) as archive:
        ana = ana_at(archive)
        ben = archive.registry.add_athlete("Ben", "UTC")
        archive.guide.say(ben.id, [SaySleep(NOW_UTC.date(), 8.0)], by="test")
        if whose != "their own":
            archive.keeping.edit(ana.id, [Change(f"{ana.id}-7", athlete=ben.id)], by="test")
    gone = ana if whose == "their own" else ben
    receipt = erase_athlete(settings, gone.id)
    assert receipt.complete, receipt
    with open_archive(settings) as archive:
        if gone == ana:
            assert len(told(archive, ben.id)) == 1
            assert {entry.athlete for entry in archive.registry.journal.entries()} == {ben.id}
        else:
            (pain,) = archive.guide.known(ana.id).pains
            assert pain == replace(HURTS, sid=None), "what was said stays; the run it was about is gone"


def test_a_backup_has_the_diary(tmp_path: Path) -> None:
    settings = settings_of(tmp_path / "here")
    with open_archive(settings) as archive:
        ana = ana_at(archive)
        before = told(archive, ana.id)
    write_backup(settings, tmp_path / "backup.zip")
    with Bundle(tmp_path / "backup.zip", BACKUP) as bundle:
        assert any(b"Anastasia said so" in bundle.read(name) for name in bundle.names() if "registry" in name)
    assert len(before) == 5
