"""Nothing is left of an erased person, in any file, table, bucket or topic; and of everybody else, everything is."""

import copy
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sensor_hub.app.people import open_archive
from sensor_hub.app.person.erasing import erase_athlete
from sensor_hub.config import Settings, load_settings
from sensor_hub.errors import RegistryError
from tests.app.erasable import (
    ADDRESS,
    NAME,
    People,
    fill,
    history_of,
    left_in_databases,
    left_in_files,
    recorded_of,
)

STEPS = ["begin", "files", "others", "store", "broker", "registry", "search"]
KILLED_AT = """
import os, signal, sys
from sensor_hub.app.person.erasing import erase_athlete
from sensor_hub.config import load_settings
settings = load_settings(data_dir=sys.argv[1], mqtt_port=0, web_port=0)
erase_athlete(settings, sys.argv[2], on_step=lambda s: s == sys.argv[3] and os.kill(os.getpid(), signal.SIGKILL))
"""


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, People]:
    folder = tmp_path_factory.mktemp("filled") / "data"
    return folder, fill(load_settings(data_dir=folder, mqtt_port=0, web_port=0))


@pytest.fixture
def people(filled: tuple[Path, People], settings: Settings) -> People:
    shutil.copytree(filled[0], settings.data_dir)
    return copy.deepcopy(filled[1])


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(data_dir=tmp_path / "data", mqtt_port=0, web_port=0)


def test_nothing_is_left_in_any_file_or_table_and_others_keep_everything(settings: Settings, people: People) -> None:
    before, mine = history_of(settings, people.ben), recorded_of(settings, people.me)
    assert left_in_files(settings.data_dir, people.traces)
    assert left_in_databases(settings.data_dir, people.traces)
    receipt = erase_athlete(settings, NAME)
    assert left_in_databases(settings.data_dir, people.traces) == []
    assert left_in_files(settings.data_dir, people.traces) == []
    assert receipt.complete, receipt.lines
    assert not [trace for trace in people.traces if trace in json.dumps(receipt.body)]
    assert history_of(settings, people.ben) == before
    assert recorded_of(settings, people.me) == mine


def test_what_was_given_away_stays_as_it_stands_with_whom_it_was_given_to(settings: Settings, people: People) -> None:
    recording = settings.data_dir / "recordings" / f"{people.given}.mcap"
    assert people.ana.id.encode() in recording.read_bytes()
    erase_athlete(settings, NAME)
    assert people.ben.id.encode() in recording.read_bytes()
    with open_archive(settings) as archive:
        for sid in (people.given, *people.split):
            stored = archive.recorded.session(sid)
            assert stored is not None
            assert stored.header.athlete == people.ben.id
        told = archive.keeping.kept(people.given)
        assert told is not None
        assert (told.told.effort, told.told.note) == (3.0, "mine")
        assert told.summary.header.surface == "treadmill"
    log = (settings.data_dir / "reanalysed.jsonl").read_text()
    assert people.given in log
    assert log.count("\n") == 1


# the first step, the last, and those after which the two databases differ; the steps between them by `thorough`
BETWEEN = {"files", "others", "broker"}


@pytest.mark.parametrize(
    "step", [pytest.param(step, marks=[pytest.mark.thorough] if step in BETWEEN else []) for step in STEPS]
)
def test_killed_anywhere_the_same_call_ends_it(settings: Settings, people: People, step: str) -> None:
    before, mine = history_of(settings, people.ben), recorded_of(settings, people.me)
    killed = subprocess.run(
        [sys.executable, "-c", KILLED_AT, str(settings.data_dir), NAME, step], env=os.environ, check=False, timeout=120
    )
    assert killed.returncode == -signal.SIGKILL
    # after the last step that needs it nobody is called so any more: then the pseudonym will do
    with open_archive(settings) as archive:
        who = NAME if NAME in {a.display_name for a in archive.registry.athletes()} else people.ana.id
    assert (who == NAME) == (step != "search")
    receipt = erase_athlete(settings, who)
    assert receipt.complete, receipt.lines
    assert left_in_databases(settings.data_dir, people.traces) == []
    assert left_in_files(settings.data_dir, people.traces) == []
    assert history_of(settings, people.ben) == before
    assert recorded_of(settings, people.me) == mine
    assert people.ben.id.encode() in (settings.data_dir / "recordings" / f"{people.given}.mcap").read_bytes()


def test_asking_what_would_be_erased_changes_nothing(settings: Settings, people: People) -> None:
    before = [history_of(settings, who) for who in (people.ana, people.ben, people.me)]
    receipt = erase_athlete(settings, NAME, dry_run=True)
    assert [history_of(settings, who) for who in (people.ana, people.ben, people.me)] == before
    assert not receipt.complete
    erased = receipt.body["erased"]
    assert isinstance(erased, dict)
    assert erased["recordings"] >= 4
    assert erased["sessions_given_on"] == 3


def test_sensors_stay_as_nobodys_unless_they_are_to_be_forgotten_too(settings: Settings, people: People) -> None:
    erase_athlete(settings, NAME)
    with open_archive(settings) as archive:
        pod = archive.registry.device(ADDRESS)
        assert pod.athlete is None
        assert pod.name == f"sensor {pod.id}"  # it was called by her name


def test_with_their_sensors_the_addresses_go_too(settings: Settings, people: People) -> None:
    receipt = erase_athlete(settings, NAME, with_devices=True)
    assert receipt.complete
    assert left_in_files(settings.data_dir, [*people.traces, ADDRESS, ADDRESS.casefold()]) == []


def test_what_is_left_is_told_with_its_place(settings: Settings, people: People) -> None:
    note = settings.data_dir / "notes.txt"
    note.write_text(f"ask {people.ana.id}")
    receipt = erase_athlete(settings, NAME)
    assert not receipt.complete
    assert any("notes.txt (1)" in line for line in receipt.lines)
    note.unlink()
    assert erase_athlete(settings, people.ana.id).complete


def test_nobody_is_erased_by_a_name_that_nobody_has(settings: Settings, people: People) -> None:
    with pytest.raises(RegistryError, match="no athlete"):
        erase_athlete(settings, "Nobody")


def test_late_messages_of_an_erased_person_are_taken_for_nobodys(settings: Settings, people: People) -> None:
    erase_athlete(settings, NAME)
    with open_archive(settings) as archive:
        erased = archive.registry.erasing.erasures()
        assert people.ana.id in erased
        assert people.former in erased
        assert people.ben.id not in erased
        archive.registry.erasing.lift([people.ana.id])
        assert people.ana.id not in archive.registry.erasing.erasures()
