"""``sensor-hub rules``: rows and rules listed and explained, set for somebody, and tried on a past."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sensor_hub.words.advice import disclaimer_text
from tests import need
from tests.cli.conftest import Cli, begun
from tests.cli.files import fit_run

SEASON = "season/runnerA_sessions.csv"


@pytest.fixture(scope="module")
def spiked_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("spiked")
    noon = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=2)
    files = [fit_run(folder / f"{days}.fit", noon - timedelta(days=days)) for days in range(30, 0, -3)]
    long = fit_run(folder / "long.fit", noon, 900)
    return begun(folder / "data", ("session", "import", *files, long, "--jobs", 1))


@pytest.fixture
def spiked(cli: Cli, spiked_dir: Path) -> Cli:
    """Me with ten runs of 0.9 km, every third day, and one of 2.7 km after them."""
    return cli.begin_with(spiked_dir)


def test_every_row_is_listed_with_its_state_rules_tests_and_counts(cli: Cli) -> None:
    answer = cli.ok("rules", "list", "--json").json
    assert answer["n"] == len(answer["rows"]) == 138
    assert sum(n for by_state in answer["counts"].values() for n in by_state.values()) == 138
    assert set(answer["counts"]) == {"S", "P", "T"}
    by_id = {row["id"]: row for row in answer["rows"]}
    assert by_id["C02"]["rules"] == ["text-ice"]
    assert by_id["C02"]["source"] == "002_156f0c6d005919fd.txt"
    assert any("test_words_advice" in test for test in by_id["C02"]["tests"])
    assert all(row["tests"] or row["reason"] for row in answer["rows"] if row["state"] == "implemented")


def test_refused_rows_are_listed_with_their_reasons(cli: Cli) -> None:
    rows = cli.ok("rules", "list", "--state", "refused", "--json").json["rows"]
    assert [row["id"] for row in rows] == ["C13", "E01", "E09"]
    assert all(row["reason"] for row in rows)
    table = cli.ok("rules", "list", "--state", "refused").out
    assert "wrong way round" in table
    assert "138 rows" in table


def test_rows_of_a_class_and_rules_are_listed(cli: Cli) -> None:
    assert {row["class"] for row in cli.ok("rules", "list", "--class", "S", "--json").json["rows"]} == {"S"}
    rules = cli.ok("rules", "list", "--rules", "--json").json
    assert rules["policy"] == "balanced"
    assert "session-limit" in {rule["id"] for rule in rules["rules"]}
    assert "session-limit" in cli.ok("rules", "list", "--rules", "--class", "S").out


def test_what_cannot_be_asked_names_what_can(cli: Cli) -> None:
    assert "implemented, refused" in cli("rules", "list", "--state", "done").err
    assert "S, P, T" in cli("rules", "list", "--class", "X").err
    assert cli("rules", "list", "--rules", "--state", "refused").code == 2
    assert "session-limit" in cli.refused("rules", "explain", "session")
    assert "rules list" in cli.refused("rules", "explain", "nonsense")


def test_a_rule_is_explained_with_its_numbers_whose_they_are_and_what_is_not_known(cli: Cli) -> None:
    told = cli.ok("rules", "explain", "session-limit").out
    assert "Frandsen" in told
    assert "Not known" in told
    assert "factor = 1.1" in told
    assert "may be" in told
    told = cli.ok("rules", "explain", "pain-24h").out
    assert "ours" in told
    assert "from its source" in told
    assert "D15 (003_096979cb830076c1.txt)" in told
    assert "C3 " in told


def test_a_row_and_a_contradiction_are_explained_and_a_name_of_both_gives_both(cli: Cli) -> None:
    assert "from 3 on it ends" in " ".join(cli.ok("rules", "explain", "C3").out.split())
    assert "pain-24h" in cli.ok("rules", "explain", "d15").out
    both = cli.ok("rules", "explain", "C13", "--json").json
    assert [row["id"] for row in both["rows"]] == [conflict["id"] for conflict in both["conflicts"]] == ["C13"]


def test_a_value_is_set_shown_and_given_back(cli: Cli) -> None:
    said = cli.ok("rules", "set", "session-limit", "factor", 1.2).out
    assert "factor = 1.2" in said
    assert "without that 1.1" in said
    explained = cli.ok("rules", "explain", "session-limit", "--json").json["rules"][0]
    assert {p["name"]: p["set_to"] for p in explained["parameters"]}["factor"] == 1.2
    cli.ok("rules", "reset", "session-limit")
    explained = cli.ok("rules", "explain", "session-limit", "--json").json["rules"][0]
    assert {p["name"]: p["set_to"] for p in explained["parameters"]}["factor"] == 1.1


def test_a_rule_is_switched_off_and_on(cli: Cli) -> None:
    assert "says nothing" in cli.ok("rules", "set", "week-limit", "off").out
    assert cli.ok("rules", "explain", "week-limit", "--json").json["rules"][0]["on"] is False
    cli.ok("rules", "set", "week-limit", "on")
    assert cli.ok("rules", "explain", "week-limit", "--json").json["rules"][0]["on"] is True


def test_a_value_out_of_range_is_refused_with_the_range_and_nothing_is_kept(cli: Cli) -> None:
    refused = cli.refused("rules", "set", "text-ice", "ice_min", 90)
    assert "5 to 20 min" in refused
    assert "no parameter" in cli.refused("rules", "set", "text-ice", "minutes", 10)
    assert "no rule" in cli.refused("rules", "set", "ice", "minutes", 10)
    assert cli("rules", "set", "text-ice", "ice_min").code == 2
    assert cli("rules", "set", "text-ice", "on", 3).code == 2
    assert "nothing to reset" in cli.ok("rules", "reset").out
    assert "no rule" in cli.refused("rules", "reset", "ice")


def test_another_policy_says_which_findings_changed_and_can_be_taken_back(spiked: Cli) -> None:
    said = spiked.ok("rules", "policy", "strict").out
    assert "every rule asks for attention" in said
    assert "diary undo" in said
    assert spiked.ok("rules", "list", "--rules", "--json").json["policy"] == "strict"
    assert spiked("rules", "policy", "loud").code == 2
    spiked.ok("rules", "reset")
    assert spiked.ok("rules", "list", "--rules", "--json").json["policy"] == "balanced"


def test_switching_a_rule_off_withdraws_what_it_found(spiked: Cli) -> None:
    answer = spiked.ok("rules", "set", "session-limit", "off", "--json").json
    assert {(f["rule"], f["withdrawn"]) for f in answer["findings"]} == {("session-limit", True)}
    assert "session-limit" not in spiked.ok("load", "status").out


def test_what_a_rule_said_last_stands_in_its_explanation(spiked: Cli) -> None:
    assert spiked.ok("rules", "explain", "session-limit", "--json").json["rules"][0]["said"]
    assert "What it said last" in spiked.ok("rules", "explain", "session-limit").out


@pytest.mark.row("B16")
def test_plans_alerts_and_next_weeks_end_with_the_words_that_nothing_replaces_a_doctor(spiked: Cli) -> None:
    said = disclaimer_text()
    assert "session-limit" in {f["rule"] for f in spiked.ok("rules", "backtest", "--json").json["spoken"]}
    assert said not in spiked.ok("plan", "status").out
    spiked.ok("plan", "start", "return-to-running", "--usual-km", 20)
    assert spiked.ok("plan", "status").out.rstrip().endswith(said)
    assert spiked.ok("load", "plan").out.rstrip().endswith(said)
    assert (said in spiked.ok("load", "status").out) == bool(spiked.ok("load", "status", "--json").json["findings"])


def test_texts_are_shown(cli: Cli) -> None:
    assert "15 minutes" in cli.ok("rules", "advice", "ice").out
    sections = cli.ok("rules", "advice", "--json").json
    assert {"text-ice", "text-disclaimer"} <= {section["key"] for section in sections}
    assert "ice" in cli("rules", "advice", "fire").err


def test_ones_own_history_is_told_again_and_nothing_is_stored(spiked: Cli) -> None:
    before = spiked.ok("load", "status", "--json").json
    report = spiked.ok("rules", "backtest", "--json").json
    assert report["n_runs"] == 11
    assert report["n_pushes"] >= 1
    assert {s["rule"] for s in report["spoken"] if s["pushed"]} <= {"session-limit", "build-up", "hard-days"}
    assert spiked.ok("load", "status", "--json").json == before
    told = spiked.ok("rules", "backtest").out
    assert "Pushes:" in told
    assert "no cause" in told


def test_a_backtest_can_be_of_one_rule_another_policy_another_value_and_of_the_last_days(spiked: Cli) -> None:
    plain = spiked.ok("rules", "backtest", "--rule", "session-limit", "--json").json
    assert {s["rule"] for s in plain["spoken"]} == {"session-limit"}
    wide = spiked.ok("rules", "backtest", "--set", "session-limit.factor=2", "--json").json
    assert wide["n_pushes"] <= plain["n_pushes"]
    strict = spiked.ok("rules", "backtest", "--policy", "strict", "--json").json
    assert strict["policy"] == "strict"
    assert strict["n_pushes"] >= plain["n_pushes"]
    since = (datetime.now(UTC) - timedelta(days=8)).date().isoformat()
    assert 1 <= spiked.ok("rules", "backtest", "--since", since, "--json").json["n_runs"] <= 5


def test_a_backtest_that_cannot_be_says_why(cli: Cli, tmp_path: Path) -> None:
    assert "no run" in cli.ok("rules", "backtest").out
    assert cli("rules", "backtest", "--policy", "loud").code == 2
    assert "RULE.PARAM=VALUE" in cli("rules", "backtest", "--set", "factor").err
    assert "range" in cli.refused("rules", "backtest", "--set", "session-limit.factor=99")
    assert "no rule" in cli.refused("rules", "backtest", "--rule", "nonsense")
    empty = tmp_path / "none.csv"
    empty.write_text("nothing\n")
    assert cli("rules", "backtest", "--file", empty).code == 2
    assert cli("rules", "backtest", "--file", empty, "--athlete", "me").code == 2


def test_an_archive_is_told_again_and_forgotten(cli: Cli) -> None:
    archive = need.data(SEASON)
    report = cli.ok("rules", "backtest", "--file", archive, "--json").json
    assert report["n_runs"] == 257
    assert report["pushes_per_week"] <= 1  # the budget of the default policy, red flags and pain apart
    assert report["most_pushes_in_week"] <= 2
    assert report["n_pushes"] > 0
    strict = cli.ok("rules", "backtest", "--file", archive, "--policy", "strict", "--json").json
    assert strict["n_pushes"] > report["n_pushes"]
    assert cli.ok("session", "list", "--json").json == []
