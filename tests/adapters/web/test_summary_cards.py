"""The cards beside the charts, and why a finding was withdrawn: what they say, also of what is not known."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from sensor_hub.adapters.web.finding_cards import Found, gone_note, mark_note, parted
from sensor_hub.adapters.web.summary_cards import sensor_lines, worn_last
from sensor_hub.adapters.web.withdrawn import withdrawn_because
from sensor_hub.model.athlete import Shoe
from sensor_hub.model.diary import SayPain, SetRule
from sensor_hub.model.edit import Delete, Edit, Entry
from sensor_hub.model.history import HistoryView
from sensor_hub.model.mark import FindingMark
from sensor_hub.model.sensor_view import SensorCheck, SensorView
from tests.adapters.web.history import history
from tests.adapters.web.hub import NOW, TODAY, finding

ZONE = "Europe/Berlin"
GONE = finding(withdrawn=True, updated_utc=NOW)


def entry(edit: Edit, seconds_before: float) -> Entry:
    return Entry(f"e{seconds_before}", "mia", NOW - timedelta(seconds=seconds_before), "page", edit)


@pytest.mark.parametrize(
    ("journal", "because"),
    [
        ([entry(Delete("mia-1"), 1)], "an edit of 20 Nov, 11:29 changed it."),
        ([entry(SetRule("session-limit", "on", 0.0), 2)], "the rules were set otherwise 20 Nov, 11:29."),
        ([entry(Delete("mia-1"), 3600)], "the history changed"),
        ([entry(Delete("mia-1"), -5)], "the history changed"),
        ([entry(SayPain(NOW, "morning", 3.0), 1)], "the history changed"),
        ([], "the history changed"),
    ],
)
def test_a_withdrawal_names_the_edit_right_before_it_and_guesses_nothing(journal: list[Entry], because: str) -> None:
    assert withdrawn_because(GONE, journal, ZONE).startswith(because)


def test_a_withdrawn_finding_says_when_in_the_athletes_zone() -> None:
    assert gone_note(GONE, Found(because={GONE.id: "so."}, zone=ZONE)) == "Withdrawn 20 Nov, 11:30: so."


def test_a_mark_tells_a_role_and_a_time_and_no_name() -> None:
    seen = FindingMark("mia", GONE.about, "limit", NOW, "coach")
    assert mark_note(seen, ZONE) == "Seen, 20 Nov, 11:30 (by a coach). It comes back if it rises."
    put_off = replace(seen, until_utc=NOW + timedelta(days=1), by="runner")
    assert mark_note(put_off, ZONE) == "Later: back 21 Nov, 11:30 (by the runner), or if it rises."


def test_the_highest_that_nobody_has_seen_comes_first() -> None:
    low = finding(measure="distance_m", level="near", certainty="below", severity="info")
    high = finding(level="over-30")
    assert parted([low, high], {}, NOW) == ([high, low], [])
    seen = FindingMark("mia", high.about, "over-30", NOW, "page")
    assert parted([low, high], {high.id: seen}, NOW) == ([low], [high])
    assert parted([low, high], {high.id: replace(seen, level="limit")}, NOW) == ([high, low], [])


SENSOR = SensorView("dev-1", "Left pod", "p@1", "L", "foot", "mia", "gw", "streaming", 71, NOW - timedelta(minutes=5))


def test_a_sensor_says_its_place_battery_last_word_and_check() -> None:
    check = SensorCheck("dev-1", NOW - timedelta(days=1), "look")
    told = sensor_lines(replace(SENSOR, check=check), NOW, ZoneInfo(ZONE))
    assert told == ("Left pod, left foot", "battery 71 % · heard 5 min ago", "last check 19 Nov, 11:30: have a look")


def test_of_a_sensor_nothing_is_made_up() -> None:
    silent = replace(SENSOR, name=None, side="U", mount=None, battery_percent=None, heard_utc=None)
    assert sensor_lines(silent, NOW, ZoneInfo(ZONE)) == (
        "Sensor", "battery not known · not heard yet", "never checked",
    )  # fmt: skip


def test_the_pair_is_todays_else_the_newest_runs_else_the_usual_one() -> None:
    shoes = [Shoe(key, "mia", key.upper(), None, 0.0, None) for key in ("s-today", "s-run", "s-usual")]
    base = replace(history(), shoe_today=None, shoe_default="s-usual")
    runs = tuple(replace(kept, told=replace(kept.told, shoe=None)) for kept in base.sessions)
    newest = (replace(runs[0], told=replace(runs[0].told, shoe="s-run")), *runs[1:])

    def worn(view: HistoryView) -> str | None:
        found = worn_last(shoes, view)
        return None if found is None else found.id

    assert worn(replace(base, sessions=newest, shoe_today="s-today")) == "s-today"
    assert worn(replace(base, sessions=newest)) == "s-run"
    assert worn(replace(base, sessions=runs)) == "s-usual"
    assert worn(replace(base, sessions=runs, shoe_default=None)) is None
    assert worn(HistoryView("mia", TODAY, ())) is None
