"""Marks on findings: until when they hold."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.model.finding import LEVELS, Level
from sensor_hub.model.mark import SNOOZES, FindingMark, Snooze, all_marked, is_marked, snoozed_until
from tests.adapters.web.hub import finding

NOW = datetime(2026, 11, 20, 22, 30, tzinfo=UTC)  # a Friday; in Berlin it is 23:30
FOUND = finding()


def mark(level: Level = "limit", until_utc: datetime | None = None, about: str = FOUND.about) -> FindingMark:
    return FindingMark("mia", about, level, NOW, "page", until_utc)


@pytest.mark.parametrize("marked", LEVELS)
@pytest.mark.parametrize("now", LEVELS)
def test_a_mark_holds_until_the_level_rises(marked: Level, now: Level) -> None:
    found = replace(FOUND, level=now)
    held = is_marked(found, {found.id: mark(marked)}, NOW)
    assert held is (LEVELS.index(now) <= LEVELS.index(marked))


def test_a_snooze_ends_at_its_moment() -> None:
    marks = {FOUND.id: mark(until_utc=NOW + timedelta(hours=1))}
    assert is_marked(FOUND, marks, NOW + timedelta(minutes=59))
    assert not is_marked(FOUND, marks, NOW + timedelta(hours=1))


def test_a_value_that_changes_within_its_level_and_a_withdrawal_do_not_lift_a_mark() -> None:
    assert is_marked(replace(FOUND, value=12.9, updated_utc=NOW), {FOUND.id: mark()}, NOW)
    assert replace(FOUND, withdrawn=True).id == FOUND.id == mark().finding


def test_an_athlete_is_quiet_if_every_alert_is_marked_and_there_is_one() -> None:
    other = finding(measure="distance_m")
    info = finding("mia", "distance_m", rule="week-limit", severity="info")
    gone = finding("mia", "hard_load_bw_s", withdrawn=True)
    marks = {FOUND.id: mark()}
    assert all_marked([FOUND, info, gone], marks, NOW)
    assert not all_marked([FOUND, other], marks, NOW)
    assert not all_marked([info], {}, NOW)
    assert not all_marked([], marks, NOW)


@pytest.mark.parametrize(
    ("snooze", "week_start", "local"),
    [
        ("morning", 1, "2026-11-21 07:00"),
        ("3-days", 1, "2026-11-23 07:00"),
        ("week-over", 1, "2026-11-23 00:00"),
        ("week-over", 7, "2026-11-22 00:00"),
        ("week-over", 5, "2026-11-27 00:00"),
    ],
)
def test_a_snooze_ends_on_the_athletes_own_day(snooze: Snooze, week_start: int, local: str) -> None:
    until = snoozed_until(snooze, NOW, "Europe/Berlin", week_start)
    assert until.astimezone(ZoneInfo("Europe/Berlin")).strftime("%Y-%m-%d %H:%M") == local


@given(
    st.sampled_from(SNOOZES),
    st.datetimes(NOW.replace(tzinfo=None), NOW.replace(2030, tzinfo=None), timezones=st.just(UTC)),
    st.sampled_from(["UTC", "Europe/Berlin", "Pacific/Apia", "America/St_Johns", "Australia/Lord_Howe"]),
    st.integers(1, 7),
)
def test_a_snooze_is_always_ahead_and_never_far(snooze: Snooze, now: datetime, zone: str, week_start: int) -> None:
    until = snoozed_until(snooze, now, zone, week_start)
    assert now < until <= now + timedelta(days=7, hours=2)
