"""``sensor-hub diary``: exercise put in by hand."""

import pytest

from sensor_hub.app.loads.exercising import HOPS_S
from sensor_hub.load.tendon import HOP
from tests.cli.conftest import Cli

AT = ("--at", "2026-11-20T06:00:00")


def test_heel_drops_of_one_leg_carry_the_body_and_stand_in_their_own_ledger(cli: Cli) -> None:
    kept = cli.ok("diary", "exercise", "heel-drop", "--sets", 3, "--reps", 15, *AT, "--json").json
    assert (kept["ledger"], kept["load_eq_km"], kept["n_steps"]) == ("exercise", None, 0)
    assert kept["load_bw_s"] == pytest.approx(45 * 4.0 * HOP.lever)
    assert kept["achilles_peak_bw"] == pytest.approx(HOP.lever)
    assert kept["duration_s"] == 180.0


def test_the_same_entry_again_changes_nothing(cli: Cli) -> None:
    first, again = (cli.ok("diary", "exercise", "hop", *AT, "--json").json["sid"] for _ in range(2))
    assert first == again
    sessions = cli.ok("session", "list", "--json").json
    assert [s["sid"] for s in sessions] == [first]


def test_two_legs_share_the_weight(cli: Cli) -> None:
    one, two = (cli.ok("diary", "exercise", "heel-drop", "--legs", n, *AT, "--json").json for n in (1, 2))
    assert two["load_bw_s"] == pytest.approx(one["load_bw_s"] / 2)


def test_added_weight_counts_against_the_body_and_needs_its_mass(cli: Cli) -> None:
    cli.ok("athlete", "add", "Ana", "--zone", "UTC")
    refused = cli.refused("diary", "exercise", "heel-drop", "--added-kg", 10, "--athlete", "Ana")
    assert "--mass-kg" in refused
    cli.ok("athlete", "set", "Ana", "--mass-kg", 50)
    kept = cli.ok("diary", "exercise", "heel-drop", "--added-kg", 10, "--athlete", "Ana", *AT, "--json").json
    assert kept["achilles_peak_bw"] == pytest.approx(1.2 * HOP.lever)


@pytest.mark.parametrize("words", [("squat",), ("hop", "--added-kg", 5), ("hop", "--legs", 3)])
def test_what_is_not_modelled_is_refused(cli: Cli, words: tuple[object, ...]) -> None:
    answer = cli("diary", "exercise", *words)
    assert answer.code == 2
    assert answer.out == ""


@pytest.mark.parametrize("seconds", [2, 3, 5, 10, 60])
def test_a_hop_of_a_time_that_is_not_modelled_is_refused_with_the_times_that_are(cli: Cli, seconds: int) -> None:
    told = cli.refused("diary", "exercise", "hop", "--seconds", seconds)
    assert "0.2 to 1 s" in told
    assert cli.ok("session", "list", "--json").json == []


@pytest.mark.parametrize("seconds", HOPS_S)
def test_the_shortest_and_the_longest_hop_have_a_load(cli: Cli, seconds: float) -> None:
    kept = cli.ok("diary", "exercise", "hop", "--seconds", seconds, *AT, "--json").json
    assert kept["load_bw_s"] == pytest.approx(45 * seconds * HOP.lever)
    assert kept["achilles_peak_bw"] > 0


def test_an_exercise_of_the_future_is_refused(cli: Cli) -> None:
    answer = cli("diary", "exercise", "heel-drop", "--at", "2999-01-01")
    assert (answer.code, answer.out) == (2, "")
    assert "lies in the future" in " ".join(answer.err.split())
    assert cli.ok("session", "list", "--json").json == []


def test_an_exercise_is_no_line_of_a_log_and_the_list_says_what_was_done(cli: Cli) -> None:
    kept = cli.ok("diary", "exercise", "heel-drop", *AT, "--json").json
    assert kept["warning_texts"] == ["put in by hand: nothing was measured"]
    assert "3 x 15 heel-drop" in cli.ok("session", "list").out


@pytest.mark.parametrize("group", [("load",), ("load", "reference"), ("diary",)])
def test_a_group_of_commands_has_an_example(cli: Cli, group: tuple[str, ...]) -> None:
    assert f"sensor-hub {' '.join(group)} " in cli.ok(*group, "--help").out.split("Example", 1)[1]


def test_the_answer_says_modelled_and_how_far_it_may_be_off(cli: Cli) -> None:
    told = cli.ok("diary", "exercise", "hop").out
    assert "modelled, ±40 %" in told
    assert "no part of a run's load" in told


def test_exercise_never_reaches_the_load_of_a_run(cli: Cli) -> None:
    cli.ok("diary", "exercise", "hop", "--sets", 10, "--reps", 100)
    status = cli.ok("load", "status", "--json").json
    assert status["today_load_eq_km"] in {0, None}
    assert all(h["so_far"] in {0, None} for h in status["headroom"])
