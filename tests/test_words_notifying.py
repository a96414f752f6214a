"""What a lock screen shows: nothing of loads, health or names, unless somebody wants numbers."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from sensor_hub.model.finding import Finding
from sensor_hub.words import finding_headline, safety_text
from sensor_hub.words.notifying import Pushed, finding_message, quiet_text, red_flag_message, trial_message

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
LINK = "https://hub.example/athlete/k3vt7q2a"
FINDING = Finding(
    "ana", "session-limit", "session:s1", "distance_m", "over-30", "alert", "above", 1.0, 14_000, 10_000, 11_000, 30,
    "normal", False, NOW, NOW, "live",
)  # fmt: skip
QUIET = [
    finding_message([FINDING], None, of_today=today, name=name, theirs=theirs, numbers=False)
    for today in (True, False)
    for theirs, name in ((False, None), (True, None), (True, "Ana"))
] + [red_flag_message(None, name=name, theirs=theirs, numbers=False) for theirs, name in ((False, None), (True, "Ana"))]


@pytest.mark.parametrize("pushed", QUIET)
def test_without_numbers_a_message_says_no_number_no_name_and_nothing_of_health(pushed: Pushed) -> None:
    text = f"{pushed.title} {pushed.body}"
    assert not re.search(r"\d", text)
    assert "Ana" not in text
    for word in ("pain", "load", "limit", "km", "distance", "medical", "tendon", "Achilles", "red flag"):
        assert word.casefold() not in text.casefold()


def test_the_words_a_runner_reads_after_a_run() -> None:
    pushed = finding_message([FINDING], LINK, of_today=True, name=None, theirs=False, numbers=False)
    assert pushed.body == f"After today's run your page has something to look at.\n\n{LINK}"
    other_day = finding_message([FINDING], None, of_today=False, name=None, theirs=False, numbers=False)
    assert other_day.body == "Your page has something to look at."


def test_with_numbers_it_is_the_headline_of_the_page_with_the_safety_line() -> None:
    pushed = finding_message([FINDING], LINK, of_today=True, name=None, theirs=False, numbers=True)
    assert pushed.body.split("\n\n") == [finding_headline(FINDING), safety_text(), LINK]
    assert "40 % above" in pushed.body


def test_a_coach_reads_whose_it_is_only_with_numbers() -> None:
    loud = finding_message([FINDING], None, of_today=True, name="Ana", theirs=True, numbers=True)
    assert loud.body.startswith("Ana: ")
    assert "their longest run" in loud.body
    nobodys = finding_message([FINDING], None, of_today=True, name=None, theirs=True, numbers=True)
    assert nobodys.body.startswith("A runner of yours: ")


def test_a_red_flag_says_which_signs_only_with_numbers() -> None:
    quiet = red_flag_message(LINK, name=None, theirs=False, numbers=False)
    assert quiet.body == f"Open your page now: it has a message that should not wait.\n\n{LINK}"
    assert safety_text() in red_flag_message(LINK, name=None, theirs=False, numbers=True).body
    assert "Ana" in red_flag_message(None, name="Ana", theirs=True, numbers=True).body


def test_two_measures_of_a_rule_are_one_message_with_both() -> None:
    two = [FINDING, replace(FINDING, measure="load_eq_km", value=14.0, reference=10.0, limit=11.0)]
    body = finding_message(two, None, of_today=True, name=None, theirs=False, numbers=True).body
    assert all(finding_headline(finding) in body for finding in two)


def test_a_test_says_that_it_is_one() -> None:
    assert "test" in trial_message(LINK).body
    assert LINK in trial_message(LINK).body


def test_quiet_hours_are_said_with_their_zone() -> None:
    assert quiet_text("22:00", "07:00", "Europe/Berlin") == "quiet from 22:00 to 07:00 (Europe/Berlin)"
    assert quiet_text("08:00", "08:00", "UTC") == "no quiet hours"
