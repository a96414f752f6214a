"""``sensor-hub diary days``: rested, or not recorded?"""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.cli.conftest import Cli

TODAY = datetime.now(UTC).date()


def ran(cli: Cli, *days_ago: int) -> None:
    for n in days_ago:
        cli.ok("session", "ran", "--on", TODAY - timedelta(days=n))


def ago(n: int) -> str:
    return str(TODAY - timedelta(days=n))


def test_a_week_without_a_record_is_asked_about_and_one_word_answers(cli: Cli) -> None:
    ran(cli, 20, 8, 2)
    asked = cli.ok("diary", "days", "--json").json
    assert asked == {"open": [{"first": ago(19), "last": ago(9)}], "days": []}
    told = cli.ok("diary", "days").out
    assert "no record. Rested, or not recorded?" in told
    assert f"sensor-hub diary days rested --from {ago(19)} --to {ago(9)}" in told
    assert "Answer with: sensor-hub diary days" in cli.ok("session", "list").out
    cli.ok("diary", "days", "rested")
    assert cli.ok("diary", "days", "--json").json == {
        "open": [],
        "days": [{"first": ago(19), "last": ago(9), "mark": "rested"}],
    }
    cli.ok("session", "undo")
    assert cli.ok("diary", "days", "--json").json == asked


def test_days_are_answered_one_by_one_too_and_taken_back(cli: Cli) -> None:
    ran(cli, 3)
    assert "none was answered for" in cli.ok("diary", "days").out
    cli.ok("diary", "days", "not-recorded", "--from", ago(2))
    assert cli.ok("diary", "days", "--json").json["days"] == [{"first": ago(2), "last": ago(2), "mark": "not-recorded"}]
    cli.ok("diary", "days", "unsaid", "--from", ago(2), "--to", ago(1))
    assert cli.ok("diary", "days", "--json").json["days"] == []


def test_where_several_stretches_are_asked_about_it_must_be_said_which(cli: Cli) -> None:
    ran(cli, 40, 20, 2)
    assert "2 stretches of days" in cli.refused("diary", "days", "rested")
    cli.ok("diary", "days", "rested", "--from", ago(39), "--to", ago(21))
    cli.ok("diary", "days", "not-recorded")
    assert {d["mark"] for d in cli.ok("diary", "days", "--json").json["days"]} == {"rested", "not-recorded"}


@pytest.mark.parametrize(
    "words",
    [("rested",), ("rested", "--from", "2999-01-01"), ("rested", "--from", "2024-02-02", "--to", "2024-02-01")],
)
def test_days_that_cannot_be_answered_for_are_refused_in_one_line(cli: Cli, words: tuple[str, ...]) -> None:
    cli.refused("diary", "days", *words)
    assert cli.ok("diary", "days", "--json").json == {"open": [], "days": []}


@pytest.mark.parametrize("words", [("slept",), ("--from", "2024-02-02"), ("rested", "--to", "2024-02-02")])
def test_an_answer_that_says_nothing_is_bad_usage(cli: Cli, words: tuple[str, ...]) -> None:
    answer = cli("diary", "days", *words)
    assert (answer.code, answer.out) == (2, "")


def test_today_is_the_athletes(cli: Cli) -> None:
    cli.ok("athlete", "add", "Kiri", "--zone", "Pacific/Kiritimati")
    cli.ok("session", "ran", "--on", "today", "--athlete", "Kiri")
    (one,) = cli.ok("session", "list", "--athlete", "Kiri", "--json").json
    start = datetime.fromisoformat(one["start_utc"])
    assert abs(start - datetime.now(UTC)) <= timedelta(hours=13)
    assert isinstance(start.date(), date)
