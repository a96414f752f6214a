"""``sensor-hub session add|trim|split|merge|delete|change|same|…|undo``: keeping a history from the command line."""

import io
import re
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from sensor_hub.adapters.registry import Registry
from sensor_hub.load.modifiers import TREADMILL
from tests.cli.conftest import Cli, begun
from tests.cli.files import LONG_AGO_UTC, fit_run, season

DAY = "2024-05-03"  # before the runs of the season's last day


def sessions(cli: Cli, *words: object) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = cli.ok("session", "list", *words, "--json").json
    return found


def table(cli: Cli, *words: object) -> list[str]:
    return cli.ok("session", "list", *words).out.splitlines()


@pytest.fixture(scope="module")
def season_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("season")
    return begun(folder / "data", ("session", "import", *season(folder, LONG_AGO_UTC, last_s=900)))


@pytest.fixture
def runs(cli: Cli, season_dir: Path) -> list[str]:
    """Four runs of 0.9 km, and a longest one of 2.7 km; ids, oldest first. The last one's starts at 10:00 in Berlin."""
    cli.begin_with(season_dir)
    return [session["sid"] for session in sessions(cli)[::-1]]


# --- by hand ---------------------------------------------------------------------------------------------------------


def test_a_run_by_hand_is_in_the_history_and_what_nobody_measured_is_unknown(cli: Cli) -> None:
    said = cli.ok("session", "add", "--on", DAY, "--at", "07:30", "--km", 8.2, "--time", "45:30", "--effort", 4)
    assert said.out.splitlines() == [
        "Put in by hand: run of Fri 3 May 2024 07:30, 8.20 km in 0:45:30, effort 4 of 10, somewhat hard.",
        "No finding changes.",
        "To take it back: sensor-hub session undo",
    ]
    (one,) = sessions(cli)
    assert (one["start_utc"], one["distance_m"], one["duration_s"]) == ("2024-05-03T05:30:00+00:00", 8200.0, 2730.0)
    assert (one["load_eq_km"], one["coverage"], one["effort"], one["source"]) == (None, None, 4.0, "by-hand")
    assert (one["standing"], one["standing_text"]) == ("counts", "")


def test_a_day_with_a_run_and_nothing_more_shows_dashes_and_no_zero(cli: Cli) -> None:
    cli.ok("session", "ran", "--on", DAY)
    (one,) = sessions(cli)
    assert (one["distance_m"], one["duration_s"], one["load_eq_km"]) == (None, None, None)
    assert {"by-hand", "time-unknown", "duration-unknown", "distance-unknown"} == set(one["warnings"])
    assert not any(text in one["warnings"] for text in one["warning_texts"])
    row = table(cli)[1].split()
    assert row[:7] == [DAY, "–", "–", "–", "–", "by", "hand"]


def test_miles_are_metres_in_the_history(cli: Cli) -> None:
    cli.ok("session", "add", "--on", DAY, "--mi", 5)
    assert sessions(cli)[0]["distance_m"] == pytest.approx(8046.72)


def test_the_very_same_run_is_put_in_again_only_where_that_is_meant(cli: Cli) -> None:
    run = ("session", "add", "--on", DAY, "--km", 5)
    cli.ok(*run)
    assert "--again" in cli.refused(*run)
    assert len(sessions(cli)) == 1
    cli.ok(*run, "--again")
    cli.ok("session", "add", "--on", DAY, "--km", 5.5)
    assert len(sessions(cli)) == 3


def test_a_run_taken_back_may_be_put_in_again(cli: Cli) -> None:
    run = ("session", "add", "--on", DAY, "--km", 5)
    cli.ok(*run)
    cli.ok("session", "undo")
    cli.ok(*run)
    assert len(sessions(cli)) == 1


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--on", "2026-03-29", "--at", "02:30"), "its clocks went forward over it"),
        (("--on", "2024-10-27", "--at", "02:30"), "give 02:30+02:00 or 02:30+01:00"),
        (("--on", "2999-01-01"), "lies in the future"),
        (("--on", DAY, "--km", "20", "--time", "1:30"), "faster than anybody runs"),
        (("--on", DAY, "--time", "45"), "no duration: give it as 45:30"),
        (("--on", "3.5.24"), "no day: give it as 2026-11-20"),
        (("--on", DAY, "--at", "7h30"), "no time of day: give it as 07:30"),
        (("--on", DAY, "--shoe", "Clog"), "'Clog'"),
    ],
)
def test_a_run_that_cannot_have_been_is_refused_in_one_line(cli: Cli, words: tuple[str, ...], told: str) -> None:
    assert told in cli.refused("session", "add", *words)
    assert sessions(cli, "--all") == []


@pytest.mark.parametrize(("offset", "utc"), [("+02:00", "00:30"), ("+01:00", "01:30")])
def test_an_hour_that_is_there_twice_is_told_by_its_offset(cli: Cli, offset: str, utc: str) -> None:
    cli.ok("session", "add", "--on", "2024-10-27", "--at", f"02:30{offset}")
    assert sessions(cli)[0]["start_utc"] == f"2024-10-27T{utc}:00+00:00"


@pytest.mark.parametrize(
    "words",
    [("--km", "5", "--mi", "3"), ("--effort", "11"), ("--ledger", "swim"), ("--surface", "ice"), ("--km", "-1")],
)
def test_an_option_out_of_range_is_bad_usage(cli: Cli, words: tuple[str, ...]) -> None:
    answer = cli("session", "add", "--on", DAY, *words)
    assert (answer.code, answer.out) == (2, "")
    assert sessions(cli) == []


# --- trim, split, merge ----------------------------------------------------------------------------------------------


def test_a_trimmed_run_is_shorter_its_findings_go_and_undo_brings_all_back(cli: Cli, runs: list[str]) -> None:
    before = sessions(cli)
    said = cli.ok("session", "trim", "last", "--from", "+5:00", "--to", "10:07").out
    assert "Kept the run of Sat 4 May 2024 10:00 from 10:05 to 10:07." in said
    assert "Now the run of Sat 4 May 2024 10:05: 0.36 km in 0:02:00." in said
    assert "withdrawn" in said
    assert "Sat 4 May 2024 10:05: Withdrawn, no longer true with all data. This run's distance (2.7 km)" in said
    newest = sessions(cli)[0]
    assert (newest["sid"], newest["duration_s"]) == (runs[-1], pytest.approx(120.0))
    assert newest["distance_m"] == pytest.approx(360.0, rel=0.02)
    back = cli.ok("session", "undo").out
    assert " new" in back
    assert "Now the run of Sat 4 May 2024 10:00: 2.70 km in 0:15:00." in back
    assert sessions(cli) == before


def test_a_time_in_the_athletes_zone_an_offset_and_a_moment_mean_the_same(cli: Cli, runs: list[str]) -> None:
    lengths = []
    for first, last in (("10:02", "10:12"), ("+2:00", "-3:00"), ("2024-05-04T08:02Z", "2024-05-04T10:12")):
        cli.ok("session", "trim", runs[-1][:8], "--from", first, "--to", last)
        lengths.append((sessions(cli)[0]["start_utc"], sessions(cli)[0]["distance_m"]))
        cli.ok("session", "undo")
    assert len(set(lengths)) == 1


def test_the_parts_of_a_split_run_add_up_and_are_merged_again(cli: Cli, runs: list[str]) -> None:
    whole = sessions(cli)[0]
    done = cli.ok("session", "split", "last", "--at", "10:04", "--json").json
    assert [entry["edit"]["kind"] for entry in done["entries"]] == ["split"]
    second, first = sessions(cli)[:2]
    assert first["sid"] == runs[-1]
    assert second["start_utc"] == "2024-05-04T08:04:00+00:00"
    for total in ("distance_m", "duration_s", "load_bw_s", "n_steps"):
        assert first[total] + second[total] == pytest.approx(whole[total], rel=1e-6)
    said = cli.ok("session", "merge", second["sid"], first["sid"]).out
    assert "Part of the run of Sat 4 May 2024 10:00." in said
    merged = sessions(cli)[0]
    assert merged["sid"] == runs[-1]
    assert merged["load_bw_s"] == pytest.approx(whole["load_bw_s"], rel=1e-6)
    assert "1 part of another" in cli.ok("session", "list").out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("trim", "last", "--from", "09:00"), "it went from 10:00:00 to 10:15:00 on 2024-05-04 (Europe/Berlin)"),
        (("trim", "last", "--from", "10:10", "--to", "10:05"), "nothing would be left"),
        (("split", "last", "--at", "10:00"), "cannot be split there"),
        (("merge", "last", "last"), "2 different sessions or more, not 1"),
        (("trim", "nosuch", "--to", "10:05"), "no session 'nosuch' here"),
        (("trim", "abc", "--to", "10:05"), "at least 4 characters"),
        (("undo",), "no edit to take back"),
        (("undo", "nosuchentry"), "no entry 'nosuchentry' here"),
    ],
)
def test_an_edit_that_cannot_be_is_refused_in_one_line_and_changes_nothing(
    cli: Cli, runs: list[str], words: tuple[str, ...], told: str
) -> None:
    before = sessions(cli)
    assert told in cli.refused("session", *words)
    assert sessions(cli) == before
    assert cli.ok("session", "journal", "--json").json == []


def test_trim_without_an_end_and_change_without_a_word_are_bad_usage(cli: Cli, runs: list[str]) -> None:
    for words in (("trim", "last"), ("change", "last"), ("change", "last", "--ledger", "swim")):
        answer = cli("session", *words)
        assert (answer.code, answer.out) == (2, "")
    assert cli.ok("session", "journal", "--json").json == []


# --- delete and undo -------------------------------------------------------------------------------------------------


def test_a_deleted_run_counts_nowhere_its_findings_are_withdrawn_and_undo_brings_it_back(
    cli: Cli, runs: list[str]
) -> None:
    before = sessions(cli)
    done = cli.ok("session", "delete", "last", "--yes", "--json").json
    assert [s["standing"] for s in done["sessions"]] == ["deleted"]
    assert {f["change"] for f in done["findings"] if f["scope"] == f"session:{runs[-1]}"} == {"withdrawn"}
    assert runs[-1] not in {s["sid"] for s in sessions(cli)}
    assert {s["sid"]: s["standing"] for s in sessions(cli, "--all")}[runs[-1]] == "deleted"
    shown = table(cli, "--all")
    assert any(line.split()[-1] == "deleted" for line in shown)
    assert f"{runs[-1]}: Deleted: it counts nowhere." in shown
    assert "not shown, because they do not count: 1 deleted (sensor-hub session list --all)" in table(cli)
    back = cli.ok("session", "undo", "--json").json
    assert {f["change"] for f in back["findings"] if f["scope"] == f"session:{runs[-1]}"} == {"new"}
    assert sessions(cli) == before


def test_what_would_be_deleted_is_said_and_stays(cli: Cli, runs: list[str]) -> None:
    said = cli.ok("session", "delete", "last", "--dry-run").out
    assert said == "would delete the run of Sat 4 May 2024 10:00 (2.70 km in 0:15:00)\n"
    assert cli.ok("session", "delete", "last", "--dry-run", "--json").json == {"dry_run": True, "sids": [runs[-1]]}
    assert len(sessions(cli)) == 5


def test_nobody_to_answer_deletes_nothing(cli: Cli, runs: list[str]) -> None:
    cli.monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    answer = cli("session", "delete", "last")
    assert (answer.code, answer.out.strip()) == (1, "")
    assert "nothing was changed" in answer.err
    assert len(sessions(cli)) == 5


def test_several_sessions_are_deleted_and_brought_back_together(cli: Cli, runs: list[str]) -> None:
    cli.ok("session", "delete", runs[0], runs[1], "--yes")
    assert len(sessions(cli)) == 3
    cli.ok("session", "undo")
    assert len(sessions(cli)) == 5


def test_an_exercise_put_in_by_hand_can_be_taken_out(cli: Cli) -> None:
    said = cli.ok("diary", "exercise", "heel-drop", "--at", "2026-11-20T06:00:00").out
    (sid,) = (session["sid"] for session in sessions(cli))
    cli.ok("session", "delete", sid, "--yes")
    assert sessions(cli) == []
    cli.ok("session", "undo")
    assert len(sessions(cli)) == 1
    command = said.splitlines()[-1].partition("sensor-hub ")[2]
    assert command == "diary undo"
    cli.ok(*command.split())
    assert sessions(cli) == []


def test_an_exercise_that_the_diary_took_back_comes_back_by_the_diary_alone(cli: Cli) -> None:
    cli.ok("diary", "exercise", "heel-drop", "--at", "2026-11-20T06:00:00")
    cli.ok("diary", "undo")
    mend = re.search(r"'(diary undo \w+)'", cli.refused("session", "undo"))
    assert mend is not None
    assert sessions(cli) == []
    cli.ok(*mend[1].split())
    assert len(sessions(cli)) == 1


def test_an_entry_is_taken_back_and_done_again_by_its_id(cli: Cli, runs: list[str]) -> None:
    cli.ok("session", "delete", runs[0], "--yes")
    entry = cli.ok("session", "delete", runs[1], "--yes", "--json").json["entries"][0]["id"]
    assert "Took back: Deleted the run" in cli.ok("session", "undo", entry).out
    assert len(sessions(cli)) == 4
    assert "Did again: Deleted the run" in cli.ok("session", "undo", entry).out
    assert len(sessions(cli)) == 3
    cli.ok("session", "undo")
    assert len(sessions(cli)) == 4, "the newest in force is the one done again"


def test_the_journal_tells_when_by_whom_what_and_what_became_of_it(cli: Cli, runs: list[str]) -> None:
    assert "nothing was edited" in cli.ok("session", "journal").out
    cli.ok("session", "split", "last", "--at", "10:04")
    cli.ok("session", "trim", "last", "--to", "-1:00")
    split = cli.ok("session", "journal", "--json").json[-1]
    cli.ok("session", "undo", split["id"])
    newest, trimmed, first = cli.ok("session", "journal", "--json").json
    assert (newest["edit"]["kind"], trimmed["edit"]["kind"], first["id"]) == ("undo", "trim", split["id"])
    assert (first["state"], trimmed["state"], newest["state"]) == ("taken back", "no effect now", "")
    assert {entry["by"] for entry in (newest, trimmed, first)} == {"cli"}
    told = cli.ok("session", "journal").out
    assert "Took back: Split the run of Sat 4 May 2024 10:00 at 10:04." in told
    assert "no effect now" in told


# --- whose and what --------------------------------------------------------------------------------------------------


def test_a_run_of_somebody_else_goes_to_them_and_both_are_judged(cli: Cli, runs: list[str]) -> None:
    cli.ok("athlete", "add", "Ben", "--zone", "Europe/Berlin")
    mine = sessions(cli)
    said = cli.ok("session", "change", "last", "--athlete", "Ben").out
    assert "Said of the run of Sat 4 May 2024 10:00: it is Ben's." in said
    assert "withdrawn" in said
    assert [s["sid"] for s in sessions(cli, "--athlete", "Ben")] == [runs[-1]]
    assert len(sessions(cli)) == 4
    assert [e["other"] for e in cli.ok("session", "journal", "--athlete", "Ben", "--json").json] != [None]
    cli.ok("session", "undo", "--athlete", "Ben")
    assert sessions(cli) == mine
    assert sessions(cli, "--athlete", "Ben") == []


def test_of_somebody_else_the_words_are_theirs_and_so_is_the_way_back(cli: Cli, tmp_path: Path) -> None:
    cli.ok("athlete", "add", "Ana Lia", "--zone", "Europe/Berlin")
    cli.ok("session", "import", *season(tmp_path, LONG_AGO_UTC, last_s=900), "--athlete", "Ana Lia")
    said = cli.ok("session", "delete", "last", "--athlete", "Ana Lia", "--yes").out
    assert "Ana Lia: Withdrawn" in said
    assert "your" not in said
    assert said.splitlines()[-1] == "To take it back: sensor-hub session undo --athlete 'Ana Lia'"
    assert (
        "(sensor-hub session list --all --athlete 'Ana Lia')" in cli.ok("session", "list", "--athlete", "Ana Lia").out
    )


def test_effort_note_and_shoe_are_said_and_unsaid(cli: Cli, runs: list[str]) -> None:
    with Registry(f"sqlite:///{cli.data_dir / 'registry.db'}") as registry:
        shoe = registry.shoes.add("me", "Pegasus", drop_mm=10.0).id
    said = cli.ok("session", "change", "last", "--effort", 7, "--note", "windy", "--shoe", "pegasus").out
    assert "run in Pegasus; effort 7 of 10, very hard; note “windy”" in said
    told = sessions(cli)[0]
    assert (told["shoe"], told["shoe_said"], told["effort"], told["note"]) == (shoe, True, 7.0, "windy")
    assert "*" in table(cli)[1].split()
    cli.ok("session", "change", "last", "--forget", "note", "--forget", "shoe")
    told = sessions(cli)[0]
    assert (told["shoe"], told["effort"], told["note"]) == (None, 7.0, "")


def test_a_surface_said_afterwards_is_that_of_the_load(cli: Cli, runs: list[str]) -> None:
    before = sessions(cli)[0]
    cli.ok("session", "change", "last", "--surface", "treadmill", "--ledger", "other")
    after = sessions(cli)[0]
    assert (after["surface"], after["ledger"]) == ("treadmill", "other")
    assert after["load_bw_s"] / before["load_bw_s"] == pytest.approx(TREADMILL, rel=1e-3)


def test_a_run_given_away_and_its_shoe_are_two_steps(cli: Cli, runs: list[str]) -> None:
    cli.ok("athlete", "add", "Ben")
    answer = cli("session", "change", "last", "--athlete", "Ben", "--shoe", "Pegasus")
    assert answer.code == 2
    assert "give it to them first" in " ".join(answer.err.replace("│", " ").split())


# --- the same run from two sources -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def twice_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("twice")
    late_utc = LONG_AGO_UTC + timedelta(minutes=2)
    files = [fit_run(folder / "one.fit", LONG_AGO_UTC, 900), fit_run(folder / "two.fit", late_utc, 790)]
    return begun(folder / "data", ("session", "import", *files))


@pytest.fixture
def twice(cli: Cli, twice_dir: Path) -> list[str]:
    """One run by two watches, the second switched on two minutes late; ids, the longer one first."""
    cli.begin_with(twice_dir)
    return [session["sid"] for session in sessions(cli)[::-1]]


def test_two_likely_sources_are_offered_count_until_answered_and_then_one_does(cli: Cli, twice: list[str]) -> None:
    (offer,) = cli.ok("session", "offers", "--json").json
    assert (set(offer["sids"]), offer["counts"]) == (set(twice), twice[0])
    assert all("?" in line.split() for line in table(cli)[1:3])
    told = cli.ok("session", "offers").out
    command = next(line for line in told.splitlines() if "the same:" in line).partition("sensor-hub ")[2]
    cli.ok(*command.split())
    assert [s["sid"] for s in sessions(cli)] == [twice[0]]
    hidden = next(s for s in sessions(cli, "--all") if s["sid"] == twice[1])
    assert (hidden["standing"], hidden["instead"], hidden["because"]) == ("same-run", twice[0], "said")
    assert cli.ok("session", "offers").out.startswith("nothing to answer")


def test_a_run_by_hand_that_a_watch_tells_of_too_is_said_to_be_likely_the_same(cli: Cli, runs: list[str]) -> None:
    said = cli.ok("session", "add", "--on", "2024-05-04", "--at", "10:00", "--km", 3, "--time", "16:00").out
    assert said.splitlines()[-1].endswith("both count until you answer: sensor-hub session offers")
    (offer,) = cli.ok("session", "offers", "--json").json
    assert offer["counts"] == runs[-1]
    assert "by hand Sat 4 May 2024 10:00, 3.00 km in 0:16:00" in offer["sentence"]


def test_sessions_of_two_people_are_not_one_run(cli: Cli, runs: list[str]) -> None:
    cli.ok("athlete", "add", "Ben", "--zone", "Europe/Berlin")
    cli.ok("session", "change", "last", "--athlete", "Ben")
    for command in ("same", "distinct", "merge", "delete"):
        assert "are not of one athlete" in cli.refused("session", command, runs[0], runs[-1])


def test_it_may_be_said_which_counts_and_that_they_are_different_after_all(cli: Cli, twice: list[str]) -> None:
    cli.ok("session", "same", *twice, "--counts", twice[1][:10])
    assert [s["sid"] for s in sessions(cli)] == [twice[1]]
    cli.ok("session", "distinct", *twice)
    assert {s["sid"] for s in sessions(cli)} == set(twice)
    assert cli.ok("session", "offers", "--json").json == []


def test_sources_are_shown_set_and_linked_without_asking(cli: Cli, twice: list[str]) -> None:
    assert cli.ok("session", "sources", "--json").json == {"order": ["sensor", "watch", "log", "by-hand"], "ask": True}
    cli.ok("session", "sources", "log, watch", "--no-ask")
    now = cli.ok("session", "sources", "--json").json
    assert now == {"order": ["log", "watch", "sensor", "by-hand"], "ask": False}
    assert len(sessions(cli)) == 1
    assert "linked without asking" in cli.ok("session", "sources").out
    cli.ok("session", "undo")
    assert len(sessions(cli)) == 2


@pytest.mark.parametrize("order", ["phone", "watch,watch", ""])
def test_a_source_that_there_is_not_is_refused(cli: Cli, order: str) -> None:
    answer = cli("session", "sources", order)
    assert (answer.code, answer.out) == (2, "")


def test_an_export_takes_the_beginning_of_an_id_and_holds_what_the_edits_left(
    cli: Cli, runs: list[str], tmp_path: Path
) -> None:
    whole = cli.ok("session", "export", runs[-1][:6], "--out", tmp_path / "a.csv", "--json").json["rows"]
    cli.ok("session", "trim", "last", "--to", "+7:30")
    half = cli.ok("session", "export", "last", "--out", tmp_path / "b.csv", "--json").json["rows"]
    assert half == pytest.approx(whole / 2, rel=0.02)
