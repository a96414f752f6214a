"""``sensor-hub diary``, ``plan``, ``load headroom``: what is said on the command line, what it answers, how it ends."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args

import pytest

from sensor_hub.model.diary import EMERGENCIES, SAID, ExerciseName
from sensor_hub.wire.edits import DIARY_KINDS
from tests.cli.conftest import Cli

NOW_UTC = datetime.now(UTC)
TODAY = NOW_UTC.date()
AFTERNOON = f"Etc/GMT{NOW_UTC.hour - 14:+d}"  # where it is past two now, so that today's questions are due
SAYINGS: dict[str, tuple[object, ...]] = {
    "pain": ("diary", "pain", 4, "--when", "morning", "--side", "L"),
    "symptoms": ("diary", "symptoms", "swelling", "--absent", "pop", "--tender-cm", 4),
    "exercise": ("diary", "exercise", "isometric-hold", "--sets", 5, "--reps", 1, "--hold", 45, "--side", "L"),
    "cross-training": ("diary", "cross", "cycling", 45, "--pain", 0),
    "care": ("diary", "care", "ice"),
    "medicine": ("diary", "medicine", "nsaid", "--from", "yesterday", "--to", "today"),
    "sleep": ("diary", "sleep", 7.5, "--ate-well"),
    "profile": ("diary", "profile", "--born", "1980-02-03", "--condition", "none"),
    "episode": ("diary", "episode", "began", "--side", "L"),
    "clearance": ("diary", "clearance", "Dr Kim", "--role", "physician"),
    "start-plan": ("plan", "start", "return-to-running", "--usual-km", 30),
    "step-plan-back": ("plan", "back", "return-to-running"),
    "stop-plan": ("plan", "stop", "return-to-running"),
    "worn-out": ("diary", "worn-out", "Blue"),
    "consent": ("diary", "consent", "pain", "on"),
}
ELSEWHERE = {"set-policy", "set-rule"}  # said with 'sensor-hub rules'
NEEDS_A_PLAN = {"step-plan-back", "stop-plan"}


@pytest.fixture
def ana(cli: Cli) -> Cli:
    """One's own: an athlete in UTC with a pair of shoes."""
    cli.ok("athlete", "add", "Ana", "--zone", "UTC")
    return cli


def prepared(cli: Cli, kind: str) -> None:
    if kind in NEEDS_A_PLAN:
        cli.ok(*SAYINGS["start-plan"])
    if kind == "worn-out":
        cli.ok("shoe", "add", "Blue")


def test_every_kind_of_line_has_a_command() -> None:
    assert SAYINGS.keys() | ELSEWHERE == set(DIARY_KINDS)
    assert len(SAID) == len(DIARY_KINDS)


@pytest.mark.parametrize("kind", SAYINGS)
def test_a_line_is_kept_told_and_taken_back(cli: Cli, kind: str) -> None:
    prepared(cli, kind)
    before = cli.ok("diary", "show", "--json").json
    told = cli.ok(*SAYINGS[kind], "--json").json
    (entry,) = told["entries"]
    assert entry["edit"]["kind"] == kind
    assert told["guidance"]["verdict"]["sentence"]
    line = cli.ok("diary", "show", "--json").json[0]
    assert (line["id"], line["undone"], line["by"]) == (entry["id"], False, "cli")
    back = cli.ok("diary", "undo").out
    assert "Took back: " + line["sentence"] in back
    assert f"sensor-hub diary undo {entry['id']}" in back
    lines = cli.ok("diary", "show", "--json").json
    assert {each["id"]: each["undone"] for each in lines}[entry["id"]] is True
    assert len(lines) == len(before) + 2


def test_what_is_said_is_answered_with_the_verdict_and_how_to_take_it_back(ana: Cli) -> None:
    told = ana.ok("diary", "pain", 4, "--side", "L", "--athlete", "Ana").out.splitlines()
    assert told[0].startswith("Pain 4/10, in the morning, on getting up, left")
    assert told[-1] == "To take it back: sensor-hub diary undo --athlete Ana"
    assert len(told) >= 3


@pytest.mark.parametrize("sign", EMERGENCIES)
def test_a_sign_that_needs_care_is_answered_at_once_and_holds_everything(cli: Cli, sign: str) -> None:
    told = cli.ok("diary", "symptoms", sign).out
    assert "Seek medical care now" in told.splitlines()[1]
    answer = cli.ok("load", "headroom", "--json").json
    assert {h["reason"] for h in answer["headroom"]} == {"held"}
    assert answer["guidance"]["verdict"]["standing"] == "red-flag"
    assert "Seek medical care now" in cli.ok("load", "headroom").out.splitlines()[0]
    assert cli.ok("load", "plan", "--json").json["held"] is not None
    assert {h["reason"] for h in cli.ok("load", "status", "--json").json["headroom"]} == {"held"}
    cli.refused("plan", "start", "return-to-running")


@pytest.mark.parametrize(
    ("words", "mend"),
    [
        (("diary", "pain", 4.3), "steps of 0.5"),
        (("diary", "pain", 4, "--on", "2999-01-01"), "has not been yet"),
        (("diary", "pain", 4, "--on", "soon"), "2026-11-20"),
        (("diary", "pain", 4, "--sid", "nothing"), "session list"),
        (("diary", "symptoms"), "name what you notice"),
        (("diary", "symptoms", "pop", "--absent", "pop"), "say one of them"),
        (("diary", "symptoms", "--tender-cm", 40), "0 to 30"),
        (("diary", "care", "ice", "--from", "today", "--to", "yesterday"), "first day first"),
        (("diary", "medicine", "nsaid", "--from", "2999-01-01"), "has not been yet"),
        (("diary", "sleep"), "nothing to keep"),
        (("diary", "profile", "--born", "2999-01-01"), "has not been yet"),
        (("diary", "profile", "--born", "1980-01-01", "--running-since", "1979-01-01"), "before the birth"),
        (("diary", "profile", "--rest-h", 1000), "0 to 336"),
        (("diary", "profile", "--born", "1980-01-01", "--forget", "born"), "at once"),
        (("diary", "episode", "recovered"), "episode began"),
        (("diary", "clearance", " ", "--role", "physician"), "give their name"),
        (("diary", "worn-out", "Nothing"), "Nothing"),
        (("diary", "undo"), "nothing stands"),
        (("diary", "undo", "01k9zzzz"), "diary show"),
        (("plan", "back", "isometric"), "plan start"),
        (("plan", "stop", "isometric"), "plan start"),
    ],
)
def test_what_cannot_be_is_refused_with_the_mend_and_nothing_is_kept(
    cli: Cli, words: tuple[object, ...], mend: str
) -> None:
    assert mend in cli.refused(*words)
    assert cli.ok("diary", "show", "--json").json == []


@pytest.mark.parametrize(
    "words",
    [
        ("diary", "pain", 11),
        ("diary", "pain", 4, "--when", "noon"),
        ("diary", "pain", 4, "--side", "left"),
        ("diary", "symptoms", "headache"),
        ("diary", "cross", "chess", 30),
        ("diary", "clearance", "Kim", "--role", "coach"),
        ("diary", "consent", "pain"),
        ("diary", "consent", "names", "on"),
        ("diary", "exercise", "isometric-hold", "--legs", 2),
        ("plan", "start", "marathon"),
    ],
)
def test_a_word_there_is_not_is_refused_with_those_there_are(cli: Cli, words: tuple[object, ...]) -> None:
    answer = cli(*words)
    assert (answer.code, answer.out) == (2, "")
    assert cli.ok("diary", "show", "--json").json == []


def test_every_exercise_is_kept_and_only_two_have_a_load(cli: Cli) -> None:
    names = get_args(ExerciseName)
    for name in names:
        cli.ok("diary", "exercise", name, "--sets", 2, "--reps", 10, "--pain", 1.5)
    assert len(cli.ok("session", "list", "--json").json) == len({"heel-drop", "hop"})
    lines = cli.ok("diary", "show", "--json").json
    assert {(line["edit"]["exercise"], line["edit"]["pain"]) for line in lines} == {(name, 1.5) for name in names}
    assert len(lines) == len(names)
    for name in ("heel-drop", "hop"):
        cli.ok("diary", "undo", next(line["id"] for line in lines if line["edit"]["exercise"] == name))
    assert cli.ok("session", "list", "--json").json == []


def test_an_exercise_that_is_taken_back_is_out_of_the_history_and_comes_back(cli: Cli) -> None:
    cli.ok("diary", "exercise", "heel-drop", "--lowering", 4, "--knee", "bent", "--ground", "step")
    (session,) = cli.ok("session", "list", "--json").json
    assert session["duration_s"] == 45 * 5.0, "four seconds down, one up"
    (line,) = cli.ok("diary", "show", "--json").json
    cli.ok("diary", "undo")
    assert cli.ok("session", "list", "--json").json == []
    cli.ok("diary", "undo", line["id"])
    assert [s["sid"] for s in cli.ok("session", "list", "--json").json] == [session["sid"]]


def test_a_past_day_without_a_time_is_told_at_its_usual_hour(ana: Cli) -> None:
    day = TODAY - timedelta(days=3)
    for when, hour in (("morning", 7), ("evening", 22), ("during", 22), ("exercise", 12)):
        words = ("--when", when, "--on", day, "--athlete", "Ana", "--json")
        edit = ana.ok("diary", "pain", 1, *words).json["entries"][0]["edit"]
        assert edit["at_utc"] == f"{day}T{hour:02}:00:00.000000Z"
    at = ana.ok("diary", "pain", 1, "--on", day, "--at", "06:15", "--athlete", "Ana", "--json").json
    assert at["entries"][0]["edit"]["at_utc"] == f"{day}T06:15:00.000000Z"


def test_a_run_is_named_by_last(ana: Cli) -> None:
    ana.ok("session", "add", "--on", "yesterday", "--km", 5, "--time", "30:00", "--athlete", "Ana")
    (run,) = ana.ok("session", "list", "--athlete", "Ana", "--json").json
    told = ana.ok("diary", "pain", 2, "--when", "after", "--sid", "last", "--athlete", "Ana", "--json").json
    assert told["entries"][0]["edit"]["sid"] == run["sid"]


def test_the_diary_leaves_the_journal_of_edits_alone(cli: Cli) -> None:
    cli.ok("session", "add", "--on", "yesterday", "--km", 5)
    before = cli.ok("session", "journal", "--json").json
    cli.ok("diary", "pain", 3)
    assert cli.ok("session", "journal", "--json").json == before
    cli.ok("session", "undo")
    assert [line["undone"] for line in cli.ok("diary", "show", "--json").json] == [False]
    assert "no edit to take back" in cli.refused("session", "undo")


def test_of_oneself_is_shown_what_was_said_and_unknown_as_a_dash(cli: Cli) -> None:
    cli.ok("diary", "profile", "--born", "1980-02-03", "--weak-calf")
    shown = cli.ok("diary", "profile").out
    assert "date of birth: 1980-02-03" in shown
    assert "running since: –" in shown
    cli.ok("diary", "profile", "--forget", "born")
    assert cli.ok("diary", "profile", "--json").json["born"] is None
    assert cli.ok("diary", "profile", "--json").json["weak_calf"] is True


def test_what_the_coach_may_see_is_shown_and_taken_away(cli: Cli) -> None:
    assert cli.ok("diary", "consent").out == "The coach may see: load.\n"
    cli.ok("diary", "consent", "pain", "on")
    assert cli.ok("diary", "consent", "--json").json == ["load", "pain"]
    cli.ok("diary", "consent", "pain", "off")
    cli.ok("diary", "consent", "load", "off")
    assert cli.ok("diary", "consent", "--json").json == []
    assert "nothing" in cli.ok("diary", "consent").out


def test_a_question_comes_with_the_command_that_answers_it(cli: Cli) -> None:
    cli.ok("athlete", "add", "Ana", "--zone", AFTERNOON)
    assert "nothing is asked" in cli.ok("diary", "ask", "--athlete", "Ana").out
    cli.ok("diary", "episode", "began", "--on", "2026-01-05", "--athlete", "Ana")
    asked: list[dict[str, Any]] = cli.ok("diary", "ask", "--athlete", "Ana", "--json").json
    assert asked, "in an episode somebody is asked every day"
    shown = cli.ok("diary", "ask", "--athlete", "Ana").out
    for each in asked:
        assert each["question"] in shown
        assert each["command"] in shown
        cli.ok(*each["command"].removeprefix("sensor-hub ").replace("LEVEL", "1").split())
    assert cli.ok("diary", "ask", "--athlete", "Ana", "--json").json == []


def test_a_question_is_about_the_side_that_was_said_last(cli: Cli) -> None:
    cli.ok("athlete", "add", "Ana", "--zone", AFTERNOON)
    cli.ok("diary", "pain", 2, "--side", "R", "--on", "yesterday", "--athlete", "Ana")
    assert "--when morning --side R" in cli.ok("diary", "ask", "--athlete", "Ana").out


def test_of_somebody_under_18_no_plan_begins(cli: Cli) -> None:
    born = date(TODAY.year - 16, 1, 1)
    cli.ok("diary", "profile", "--born", born)
    assert "18" in cli.refused("plan", "start", "return-to-running")


def test_a_plan_is_shown_with_its_stage(cli: Cli) -> None:
    assert "no plan goes on" in cli.ok("plan", "status").out
    cli.ok(*SAYINGS["start-plan"])
    (plan,) = cli.ok("plan", "status", "--json").json
    assert (plan["plan"], plan["stage"]) == ("return-to-running", 1)
    assert "Return to running" in cli.ok("plan", "status").out
    assert {each["plan"] for each in cli.ok("plan", "list", "--json").json} >= {"return-to-running", "isometric"}


@pytest.mark.parametrize("group", [("diary",), ("plan",), ("load",)])
def test_every_command_of_a_group_has_an_example_that_names_it(cli: Cli, group: tuple[str, ...]) -> None:
    import typer

    from sensor_hub.cli.main import app

    found: Any = typer.main.get_command(app)
    for word in group:
        found = found.commands[word]
    for name in found.commands:
        shown = cli.ok(*group, name, "--help").out
        assert f"sensor-hub {' '.join(group)} {name}" in shown.split("Example", 1)[1]
