"""``data prune``: what it shows, asks and leaves."""

import io
from contextlib import closing
from datetime import datetime, timedelta, tzinfo

import pytest

from sensor_hub.app.people import open_archive
from sensor_hub.cli import pruning
from sensor_hub.config import load_settings
from tests.adapters.storage.runs import HEADER, START_UTC, all_steps, header, run
from tests.cli.conftest import Cli

SID = HEADER.sid


@pytest.fixture
def old(cli: Cli) -> Cli:
    """Ana has a run that is years old."""
    with open_archive(load_settings(data_dir=cli.data_dir)) as archive:
        ana = archive.registry.add_athlete("Ana", "UTC")
        archive.store.commit(run(20, header(athlete=ana.id)))
    return cli


def is_pruned(cli: Cli) -> bool:
    with open_archive(load_settings(data_dir=cli.data_dir)) as archive, closing(archive.store):
        return archive.store.pruned(SID)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousand days after the run."""

    class Later(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> "Later":
            return cls.fromtimestamp((START_UTC + timedelta(days=1000)).timestamp(), tz)

    monkeypatch.setattr(pruning, "datetime", Later)


@pytest.mark.usefixtures("later")
def test_a_dry_run_shows_whose_steps_would_go_and_lets_go_of_none(old: Cli) -> None:
    shown = old.ok("data", "prune", "--keep-days", 400, "--dry-run").out
    assert "Ana" in shown
    answer = old.ok("data", "prune", "--keep-days", 400, "--dry-run", "--json").json
    assert [s["sid"] for s in answer["sessions"]] == [SID]
    assert (answer["sessions_done"], answer["dry_run"]) == (0, True)
    assert not is_pruned(old)


@pytest.mark.usefixtures("later")
def test_where_nobody_answers_nothing_is_lost(old: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    answer = old("data", "prune", "--keep-days", 400)
    assert answer.code == 1
    assert "no way back" in answer.err
    assert not is_pruned(old)


@pytest.mark.usefixtures("later")
def test_steps_go_when_told_yes_and_a_second_time_there_are_none(old: Cli) -> None:
    answer = old.ok("data", "prune", "--keep-days", 400, "--recordings", "--yes", "--json").json
    assert (answer["sessions_done"], answer["recordings_done"]) == (1, 0)
    assert is_pruned(old)
    again = old.ok("data", "prune", "--keep-days", 400, "--yes")
    assert "none to let go of" in again.out
    assert SID in old.ok("session", "list", "--athlete", "Ana").out
    assert "no longer kept" in old.refused("session", "export", SID, "--out", "x.csv")


def test_what_is_younger_stays(old: Cli) -> None:
    assert old.ok("data", "prune", "--keep-days", 36_500, "--yes", "--json").json["sessions"] == []
    with open_archive(load_settings(data_dir=old.data_dir)) as archive:
        assert archive.store.steps(SID) == all_steps(20)


def test_zero_days_are_refused(old: Cli) -> None:
    answer = old("data", "prune", "--keep-days", 0, "--yes")
    assert answer.code == 2
    assert "--keep-days" in answer.err
