"""``sensor-hub athlete``: add, list, set, merge."""

import io
from datetime import timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import Cli, begun
from tests.cli.files import LONG_AGO_UTC, fit_run


def test_an_added_athlete_is_listed_with_what_was_given(cli: Cli) -> None:
    (added,) = cli.ok(
        "athlete",
        "add",
        "Ana",
        "--zone",
        "Europe/Lisbon",
        "--mass-kg",
        58,
        "--height",
        1.68,
        "--week-start",
        7,
        "--json",
    ).json
    assert added | {"id": ""} == {
        "id": "", "name": "Ana", "zone": "Europe/Lisbon", "mass_kg": 58.0, "height_m": 1.68, "week_start": 7,
        "simulated": False,
    }  # fmt: skip
    assert cli.ok("athlete", "list", "--json").json == [added]
    table = cli.ok("athlete", "list").out
    assert all(word in table for word in ("Ana", "Europe/Lisbon", "58", "1.68", added["id"]))


def test_no_athletes_are_an_empty_list(cli: Cli) -> None:
    assert cli.ok("athlete", "list", "--json").json == []


def test_without_zone_the_athlete_has_this_place_s(cli: Cli) -> None:
    assert cli.ok("athlete", "add", "Ana", "--json").json[0]["zone"] == "Europe/Berlin"


@pytest.mark.parametrize("name", ["Ana [old]", "[/]", "[red]x", ":smile:", "Ünal 走", "a\\[b"])
def test_a_name_is_shown_as_it_is_written(cli: Cli, name: str) -> None:
    assert name in cli.ok("athlete", "add", name).out
    assert name in cli.ok("athlete", "list").out
    assert name in cli.ok("load", "status", "--athlete", name).out


def test_a_name_is_given_once_in_any_case(cli: Cli) -> None:
    cli.ok("athlete", "add", "Ana")
    assert "'ANA' is taken" in cli.refused("athlete", "add", "ANA")
    assert len(cli.ok("athlete", "list", "--json").json) == 1


def test_an_unknown_zone_names_the_near_ones(cli: Cli) -> None:
    assert "did you mean 'Europe/Berlin'" in cli.refused("athlete", "add", "Ana", "--zone", "Europe/Berln")
    assert "give an IANA name" in cli.refused("athlete", "add", "Ana", "--zone", "???")
    assert cli.ok("athlete", "list", "--json").json == []


def test_a_number_out_of_range_says_the_range(cli: Cli) -> None:
    assert "between 20 and 250 kg" in cli.refused("athlete", "add", "Ana", "--mass-kg", "5800")
    assert "between 0.8 and 2.5 m" in cli.refused("athlete", "add", "Ana", "--height", "178")
    assert "1 is Monday" in cli.refused("athlete", "add", "Ana", "--week-start", "0")


def test_set_changes_what_is_given_and_nothing_else(cli: Cli) -> None:
    (before,) = cli.ok("athlete", "add", "Ana", "--zone", "Europe/Lisbon", "--mass-kg", 58, "--json").json
    (after,) = cli.ok("athlete", "set", "ana", "--name", "Anna", "--week-start", 7, "--json").json
    assert after == before | {"name": "Anna", "week_start": 7}
    (after,) = cli.ok("athlete", "set", before["id"], "--no-mass", "--zone", "Europe/Madrid", "--json").json
    now = before | {"name": "Anna", "week_start": 7, "mass_kg": None, "zone": "Europe/Madrid"}
    assert after == now
    (after,) = cli.ok("athlete", "set", "Anna", "--height", 1.7, "--json").json
    assert after == now | {"height_m": 1.7}
    (after,) = cli.ok("athlete", "set", "Anna", "--no-height", "--json").json
    assert after == now


def test_set_refuses_an_unknown_athlete_and_no_change(cli: Cli) -> None:
    cli.ok("athlete", "add", "Ana")
    assert "did you mean 'Ana'" in cli.refused("athlete", "set", "Anna", "--mass-kg", 60)
    answer = cli("athlete", "set", "Ana")
    assert answer.code == 2
    assert "--zone" in answer.err


@pytest.fixture(scope="module")
def two_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("two")
    runs = {"Ana": fit_run(folder / "a.fit"), "Bea": fit_run(folder / "b.fit", LONG_AGO_UTC + timedelta(days=1))}
    adding = [("athlete", "add", name, "--zone", "UTC") for name in runs]
    return begun(folder / "data", *adding, *(("session", "import", run, "--athlete", n) for n, run in runs.items()))


@pytest.fixture
def two(cli: Cli, two_dir: Path) -> Cli:
    """Ana with one session, Bea with another."""
    return cli.begin_with(two_dir)


def sids(cli: Cli, athlete: str) -> set[str]:
    return {s["sid"] for s in cli.ok("session", "list", "--athlete", athlete, "--json").json}


def names(cli: Cli) -> list[str]:
    return [a["name"] for a in cli.ok("athlete", "list", "--json").json]


def test_merge_moves_the_sessions(two: Cli) -> None:
    ana = two.ok("athlete", "list", "--json").json[0]["id"]
    both = sids(two, "Ana") | sids(two, "Bea")
    (kept,) = two.ok("athlete", "merge", "Ana", "Bea", "--yes", "--json").json
    assert kept["name"] == "Bea"
    assert names(two) == ["Bea"]
    assert sids(two, "Bea") == both
    assert len(both) == 2
    assert sids(two, ana) == both


def test_the_same_file_imported_after_a_merge_is_there_already(two: Cli, tmp_path: Path) -> None:
    ana = two.ok("athlete", "list", "--json").json[0]["id"]
    two.ok("athlete", "merge", "Bea", "Ana", "--yes")
    (again,) = two.ok("session", "import", fit_run(tmp_path / "a.fit"), "--athlete", ana, "--json").json
    assert again["result"] == "already there"


def test_a_dry_run_only_says(two: Cli) -> None:
    said = two.ok("athlete", "merge", "Ana", "Bea", "--dry-run").out
    assert "Ana (1 sessions) into Bea" in said
    assert names(two) == ["Ana", "Bea"]
    assert len(sids(two, "Ana")) == 1


def test_without_an_answer_nothing_is_merged(two: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    assert two("athlete", "merge", "Ana", "Bea").code == 1
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert two("athlete", "merge", "Ana", "Bea").code == 1
    assert names(two) == ["Ana", "Bea"]
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    assert two("athlete", "merge", "Ana", "Bea").code == 0
    assert names(two) == ["Bea"]


def test_nobody_is_merged_with_themselves_or_with_nobody(two: Cli) -> None:
    assert "name two athletes" in two.refused("athlete", "merge", "Ana", "ana", "--yes")
    assert "'Cea'" in two.refused("athlete", "merge", "Ana", "Cea", "--yes")
    assert names(two) == ["Ana", "Bea"]


def test_me_merged_into_a_name_is_still_me(cli: Cli, tmp_path: Path) -> None:
    cli.ok("athlete", "add", "Ana")
    cli.ok("session", "import", fit_run(tmp_path / "a.fit"))
    cli.ok("athlete", "merge", "me", "Ana", "--yes")
    cli.ok("session", "import", fit_run(tmp_path / "b.fit", LONG_AGO_UTC + timedelta(days=1)))
    assert names(cli) == ["Ana"]
    assert len(sids(cli, "Ana")) == 2
