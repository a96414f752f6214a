"""``data erase``: what it asks, shows and leaves with."""

import io
import json
import re
import stat
from pathlib import Path

import pytest

from sensor_hub.app.people import open_archive
from sensor_hub.config import load_settings
from tests.cli.conftest import Cli
from tests.servers_mqtt import free_port

NAME = "Anastasia Quintaflor"


@pytest.fixture
def known(cli: Cli) -> Cli:
    """Two athletes, one of them with a pair of shoes."""
    with open_archive(load_settings(data_dir=cli.data_dir)) as archive:
        ana = archive.registry.add_athlete(NAME, "UTC")
        archive.registry.shoes.add(ana.id, "blue")
        archive.registry.add_athlete("Ben", "UTC")
    return cli


def names(cli: Cli) -> list[str]:
    with open_archive(load_settings(data_dir=cli.data_dir)) as archive:
        return [athlete.display_name for athlete in archive.registry.athletes()]


def test_without_a_yes_nothing_is_erased(known: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    for typed in ("n\n", ""):
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        asked = known("data", "erase", NAME)
        assert asked.code == 1
        assert "There is no way back" in asked.err
        assert names(known) == [NAME, "Ben"]


def test_a_yes_erases_and_the_receipt_names_nobody(known: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    receipt = tmp_path / "receipt.json"
    done = known("data", "erase", NAME.upper(), "--receipt", receipt)
    assert done.code == 0
    assert "Nothing of them was found." in done.out
    assert names(known) == ["Ben"]
    body = json.loads(receipt.read_text())
    assert body["complete"]
    assert NAME not in receipt.read_text()
    assert stat.S_IMODE(receipt.stat().st_mode) == 0o600


def test_a_dry_run_asks_nothing_and_erases_nothing(known: Cli) -> None:
    done = known("data", "erase", NAME, "--dry-run", "--json")
    assert done.code == 0
    assert done.json["dry_run"]
    assert not done.json["complete"]
    assert names(known) == [NAME, "Ben"]


def test_a_receipt_that_cannot_be_written_is_told_before_anything_is_erased(known: Cli, tmp_path: Path) -> None:
    there = tmp_path / "there.json"
    there.write_text("mine")
    for receipt in (there, tmp_path / "nowhere" / "r.json"):
        assert known("data", "erase", NAME, "--yes", "--receipt", receipt).code == 2
    assert names(known) == [NAME, "Ben"]
    assert there.read_text() == "mine"


def test_what_is_left_makes_it_leave_with_one(known: Cli) -> None:
    with open_archive(load_settings(data_dir=known.data_dir)) as archive:
        who = archive.registry.athlete(NAME).id
    (known.data_dir / "notes.txt").write_text(f"ask {NAME}")
    done = known("data", "erase", NAME, "--yes")
    assert done.code == 1
    assert "notes.txt (1)" in done.out
    assert "call this again" in done.out
    (known.data_dir / "notes.txt").unlink()
    assert known("data", "erase", who, "--yes").code == 0


def test_somebody_whom_nobody_knows_is_refused_with_a_near_name(known: Cli) -> None:
    done = known("data", "erase", "Anastasia Quintaflora", "--yes")
    assert done.code == 2
    assert f"did you mean {NAME!r}" in done.err


def test_the_receipt_says_what_was_read_also_where_nothing_is_kept_any_more(known: Cli) -> None:
    done = known("data", "erase", NAME, "--yes")
    assert re.search(r"Searched the store: tables: \d+, no text is left in any of them; nothing of them", done.out)
    assert re.search(r"Searched the registry: tables: \d+, rows in them: \d+; nothing of them there", done.out)
    assert re.search(r"Searched the files of the data folder: files: \d+; nothing of them there", done.out)
    assert ": 0" not in done.out


def test_a_broker_that_is_away_is_not_told_as_something_found(known: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SENSOR_HUB_MQTT", f"mqtt://127.0.0.1:{free_port()}")
    done = known("data", "erase", NAME, "--yes")
    assert done.code == 1
    assert "The broker was not searched: cannot reach the broker" in done.out
    assert done.out.splitlines()[-1] == (
        "The broker may still keep something of them: call this again when it can be asked."
    )
    assert "left: cannot" not in done.out
