"""``sensor-hub shoe``: pairs put in, put right, worn, retired, removed; how far each has run."""

import io
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.cli.conftest import Cli, begun
from tests.cli.files import fit_run

BERLIN = ZoneInfo("Europe/Berlin")


def today() -> date:
    return datetime.now(BERLIN).date()


def ago(days: int) -> str:
    return (today() - timedelta(days=days)).isoformat()


def noon_utc(days_ago: int) -> datetime:
    return datetime.combine(today() - timedelta(days=days_ago), datetime.min.time(), BERLIN).replace(hour=12)


def pairs(cli: Cli) -> dict[str, dict[str, Any]]:
    return {pair["name"]: pair for pair in cli.ok("shoe", "list", "--all", "--json").json}


def km(pair: dict[str, Any]) -> float | None:
    return None if pair["distance_m"] is None else round(pair["distance_m"] / 1000, 2)


@pytest.fixture(scope="module")
def ran_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ran")
    files = [fit_run(folder / f"{days}.fit", noon_utc(days).astimezone(UTC)) for days in (3, 2, 1)]
    return begun(folder / "data", ("session", "import", *files, "--jobs", 1))


@pytest.fixture
def ran(cli: Cli, ran_dir: Path) -> Cli:
    """Me with runs of 0.9 km (300 s at 3 m/s) three, two and one days ago."""
    return cli.begin_with(ran_dir)


def test_a_pair_is_listed_with_what_was_given(cli: Cli) -> None:
    added = cli.ok("shoe", "add", "Road [2]", "--drop", 8, "--km-before", 120, "--json").json
    assert added | {"id": ""} == {
        "id": "", "name": "Road [2]", "drop_mm": 8.0, "start_distance_m": 120_000.0, "retired_utc": None,
        "distance_m": 120_000.0, "known_distance_m": 120_000.0, "n_sessions": 0, "first": None, "last": None,
        "today": False, "default": False,
    }  # fmt: skip
    assert cli.ok("shoe", "list", "--json").json == [added]
    table = cli.ok("shoe", "list").out
    assert all(word in table for word in ("Road [2]", "8", "120.0", added["id"]))


def test_without_a_pair_the_list_says_how_to_add_one(cli: Cli) -> None:
    assert cli.ok("shoe", "list", "--json").json == []
    assert "sensor-hub shoe add NAME" in cli.ok("shoe", "list").out


def test_distances_are_taken_and_shown_in_miles(cli: Cli) -> None:
    cli.ok("shoe", "add", "Road", "--mi-before", 100)
    assert km(pairs(cli)["Road"]) == 160.93
    assert "100.0" in cli.ok("shoe", "list", "--mi").out
    assert "160.9" in cli.ok("shoe", "list").out
    assert cli("shoe", "add", "Trail", "--mi-before", 1, "--km-before", 1).code == 2


def test_what_cannot_be_is_refused_and_nothing_is_added(cli: Cli) -> None:
    cli.ok("shoe", "add", "Road")
    assert "a pair 'Road' already" in cli.refused("shoe", "add", "road")
    assert "drop" in cli.refused("shoe", "add", "Moon boot", "--drop", 400)
    assert "start distance" in cli.refused("shoe", "add", "Moon boot", "--km-before", "-1")
    assert list(pairs(cli)) == ["Road"]
    assert "did you mean 'Road'" in cli.refused("shoe", "wear", "Raod")


def test_the_default_pair_gets_the_runs_from_its_day_on_and_a_days_pair_goes_before_it(ran: Cli) -> None:
    ran.ok("shoe", "add", "Road", "--km-before", 10)
    ran.ok("shoe", "add", "Trail")
    ran.ok("shoe", "default", "Road", "--from", ago(2))
    assert (km(pairs(ran)["Road"]), km(pairs(ran)["Trail"])) == (11.8, 0.0)
    ran.ok("shoe", "wear", "trail", "--on", "yesterday")
    road, trail = pairs(ran)["Road"], pairs(ran)["Trail"]
    assert (km(road), road["n_sessions"], road["first"], road["last"]) == (10.9, 1, ago(2), ago(2))
    assert (km(trail), trail["n_sessions"], trail["first"], trail["last"]) == (0.9, 1, ago(1), ago(1))
    assert (road["today"], road["default"], trail["today"], trail["default"]) == (True, True, False, False)
    ran.ok("session", "undo")
    assert (km(pairs(ran)["Road"]), km(pairs(ran)["Trail"])) == (11.8, 0.0)


def test_a_pair_of_today_is_not_the_default(cli: Cli) -> None:
    cli.ok("shoe", "add", "Road", "--default")
    cli.ok("shoe", "add", "Trail")
    cli.ok("shoe", "wear", "Trail")
    assert [(p["today"], p["default"]) for p in pairs(cli).values()] == [(False, True), (True, False)]
    table = cli.ok("shoe", "list").out
    assert [line.split()[-1] for line in table.splitlines() if "Road" in line or "Trail" in line] == [
        "default",
        "today",
    ]
    cli.ok("shoe", "wear", "--none")
    cli.ok("shoe", "default", "--none")
    assert not any(p["today"] or p["default"] for p in pairs(cli).values())


def test_several_days_may_be_said_at_once(ran: Cli) -> None:
    ran.ok("shoe", "add", "Road")
    ran.ok("shoe", "wear", "Road", "--on", ago(3), "--to", ago(2))
    assert pairs(ran)["Road"]["n_sessions"] == 2
    assert "give the first day first" in ran.refused("shoe", "wear", "Road", "--on", ago(2), "--to", ago(3))


def test_a_pair_or_none_has_to_be_named(cli: Cli) -> None:
    cli.ok("shoe", "add", "Road")
    for command in ("wear", "default"):
        assert cli("shoe", command).code == 2
        assert cli("shoe", command, "Road", "--none").code == 2
        assert "no day" in cli("shoe", command, "Road", "--on" if command == "wear" else "--from", "soon").err


def test_a_run_of_unknown_distance_makes_the_pairs_distance_unknown_and_at_least_so_much(ran: Cli) -> None:
    ran.ok("shoe", "add", "Road")
    ran.ok("shoe", "default", "Road", "--from", ago(5))
    ran.ok("session", "ran", "--on", ago(4))
    road = pairs(ran)["Road"]
    assert (road["distance_m"], road["n_sessions"], round(road["known_distance_m"])) == (None, 4, 2700)
    table = ran.ok("shoe", "list").out
    assert "≥ 2.7" in table
    assert "the distance is not known" in table


def test_set_changes_what_is_given_and_nothing_else(cli: Cli) -> None:
    before = cli.ok("shoe", "add", "Road", "--drop", 8, "--km-before", 5, "--json").json
    after = cli.ok("shoe", "set", "road", "--name", "Road 1", "--km-before", 7, "--json").json
    assert after == before | dict.fromkeys(("start_distance_m", "distance_m", "known_distance_m"), 7000.0) | {
        "name": "Road 1"
    }
    assert cli.ok("shoe", "set", before["id"], "--no-drop", "--json").json == after | {"drop_mm": None}
    assert cli("shoe", "set", "Road 1").code == 2
    assert cli("shoe", "set", "Road 1", "--drop", 4, "--no-drop").code == 2


def test_a_retired_pair_keeps_its_runs_is_no_default_from_tomorrow_on_and_comes_back(ran: Cli) -> None:
    ran.ok("shoe", "add", "Road")
    ran.ok("shoe", "default", "Road", "--from", ago(5))
    said = ran.ok("shoe", "retire", "Road").out
    assert "from tomorrow on no pair is" in said
    road = pairs(ran)["Road"]
    assert (road["retired_utc"] is not None, road["today"], km(road)) == (True, True, 2.7)
    assert "1 retired pair is not shown" in ran.ok("shoe", "list").out
    assert "Road" in ran.ok("shoe", "list", "--all").out
    assert "bring it back first" in ran.refused("shoe", "default", "Road")
    ran.ok("shoe", "wear", "Road", "--on", ago(1))  # that was before
    assert "from tomorrow" not in ran.ok("shoe", "retire", "Road").out
    assert pairs(ran)["Road"]["retired_utc"] == road["retired_utc"]
    ran.ok("shoe", "retire", "Road", "--back")
    assert pairs(ran)["Road"]["retired_utc"] is None
    ran.ok("shoe", "wear", "Road")


def test_a_pair_put_in_by_mistake_is_removed_and_one_with_runs_is_not(ran: Cli) -> None:
    ran.ok("shoe", "add", "Raod")
    ran.ok("shoe", "add", "Road")
    assert "would remove Raod" in ran.ok("shoe", "remove", "Raod", "--dry-run").out
    assert set(pairs(ran)) == {"Raod", "Road"}
    assert ran.ok("shoe", "remove", "Raod", "--yes", "--json").json["removed"] is True
    ran.ok("shoe", "default", "Road", "--from", ago(5))
    assert "'Road' has 3 runs: retire it instead" in ran.refused("shoe", "remove", "Road", "--yes")
    ran.ok("session", "undo")
    assert "the journal tells of 'Road'" in ran.refused("shoe", "remove", "Road", "--yes")
    assert list(pairs(ran)) == ["Road"]


def test_without_an_answer_nothing_is_removed(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    cli.ok("shoe", "add", "Road")
    for answer in ("n\n", ""):
        monkeypatch.setattr("sys.stdin", io.StringIO(answer))
        assert cli("shoe", "remove", "Road").code == 1
    assert list(pairs(cli)) == ["Road"]
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    assert cli("shoe", "remove", "Road").code == 0
    assert pairs(cli) == {}


def test_pairs_are_an_athletes_own(cli: Cli) -> None:
    for name in ("Ana", "Bea"):
        cli.ok("athlete", "add", name)
        cli.ok("shoe", "add", "Road", "--athlete", name)
    assert len(cli.ok("shoe", "list", "--athlete", "Ana", "--json").json) == 1
    of_bea = cli.ok("shoe", "list", "--athlete", "Bea", "--json").json[0]["id"]
    assert f"no pair of shoes '{of_bea}'" in cli.refused("shoe", "wear", of_bea, "--athlete", "Ana")
    cli.ok("athlete", "merge", "Bea", "Ana", "--yes")
    assert "give an id" in cli.refused("shoe", "wear", "Road", "--athlete", "Ana")
    cli.ok("shoe", "set", of_bea, "--name", "Road of Bea", "--athlete", "Ana")
    cli.ok("shoe", "wear", "Road", "--athlete", "Ana")


def test_a_session_may_say_another_pair_than_its_day(ran: Cli) -> None:
    ran.ok("shoe", "add", "Road")
    ran.ok("shoe", "add", "Trail")
    ran.ok("shoe", "default", "Road", "--from", ago(5))
    ran.ok("session", "change", "last", "--shoe", "trail")
    assert (pairs(ran)["Road"]["n_sessions"], pairs(ran)["Trail"]["n_sessions"]) == (2, 1)
    ran.ok("session", "delete", "last", "--yes")
    assert (pairs(ran)["Road"]["n_sessions"], pairs(ran)["Trail"]["n_sessions"]) == (2, 0)
    assert "the journal tells of 'Trail'" in ran.refused("shoe", "remove", "Trail", "--yes")
