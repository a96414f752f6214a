"""Quiet hours by the clock on somebody's wall, and how long a refused message is tried again."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.guidelines.quiet import (
    GIVEN_UP_AFTER,
    LONGEST_PAUSE,
    after_quiet,
    first_due,
    given_up_utc,
    is_quiet,
    next_try,
)
from sensor_hub.model.notifying import Addressee

ZONES = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "America/Santiago", "UTC",
         "Africa/Casablanca", "Pacific/Chatham"]  # fmt: skip


def told(zone: str = "Europe/Berlin", begin: time = time(22), end: time = time(7)) -> Addressee:
    return Addressee("a", "json://h", "phone", zone, "ana", quiet_from=begin, quiet_until=end)


def local(zone: str, *parts: int, fold: int = 0) -> datetime:
    return datetime(*parts, tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("who", "at", "goes"),
    [
        (told(), (2026, 11, 20, 18, 0), (2026, 11, 20, 18, 0)),
        (told(), (2026, 11, 20, 22, 0), (2026, 11, 21, 7, 0)),
        (told(), (2026, 11, 21, 6, 59), (2026, 11, 21, 7, 0)),
        (told(), (2026, 11, 21, 7, 0), (2026, 11, 21, 7, 0)),
        (told(begin=time(0), end=time(6)), (2026, 11, 21, 0, 0), (2026, 11, 21, 6, 0)),
        (told(begin=time(13), end=time(15)), (2026, 11, 21, 14, 0), (2026, 11, 21, 15, 0)),
        (told(begin=time(8), end=time(8)), (2026, 11, 21, 8, 0), (2026, 11, 21, 8, 0)),
        # the night the clocks are put forward: 02:30 is not there, and the quiet ends with the jump, at 03:00
        (told(end=time(2, 30)), (2026, 3, 28, 23, 0), (2026, 3, 29, 3, 0)),
        (told(), (2026, 3, 28, 23, 0), (2026, 3, 29, 7, 0)),
        (told(), (2026, 10, 24, 23, 0), (2026, 10, 25, 7, 0)),
        (told("America/New_York"), (2026, 11, 20, 23, 0), (2026, 11, 21, 7, 0)),
    ],
)
def test_a_message_goes_at_the_end_of_the_quiet_hours_it_falls_in(
    who: Addressee, at: tuple[int, ...], goes: tuple[int, ...]
) -> None:
    assert after_quiet(who, local(who.zone, *at)) == local(who.zone, *goes)


def test_an_end_that_comes_twice_in_a_night_is_the_first_of_the_two() -> None:
    who = told(end=time(2, 30))
    assert after_quiet(who, local(who.zone, 2026, 10, 24, 23, 0)) == local(who.zone, 2026, 10, 25, 2, 30, fold=0)


moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001
times = st.times().map(lambda at: at.replace(second=0, microsecond=0))
people = st.builds(told, st.sampled_from(ZONES), times, times)


@given(people, moments)
def test_what_waits_for_the_end_of_the_quiet_hours_waits_a_day_at_most_and_comes_when_they_are_over(
    who: Addressee, at: datetime
) -> None:
    goes = after_quiet(who, at)
    assert at <= goes <= at + timedelta(hours=26)
    assert not is_quiet(who, goes)
    if not is_quiet(who, at):
        assert goes == at


@given(people, moments)
def test_until_it_goes_it_is_quiet(who: Addressee, at: datetime) -> None:
    goes = after_quiet(who, at)
    moment = at
    while moment < goes:
        assert is_quiet(who, moment)
        moment += timedelta(minutes=20)


@given(people, moments)
def test_what_should_not_wait_goes_at_once(who: Addressee, at: datetime) -> None:
    assert first_due(who, at, passes_quiet=True) == at


@given(people, moments, st.booleans())
def test_a_refused_message_is_tried_again_ever_more_rarely_and_given_up_after_a_day(
    who: Addressee, made: datetime, passes: bool
) -> None:
    now, n_tries, pauses = first_due(who, made, passes_quiet=passes), 0, []
    end = given_up_utc(who, made, passes_quiet=passes)
    assert end - now == GIVEN_UP_AFTER
    while True:
        n_tries += 1
        again = next_try(who, made, now, n_tries, passes_quiet=passes)
        if again is None:
            break
        assert now < again <= end
        assert passes or not is_quiet(who, again)
        pauses.append(again - now)
        now = again
    assert n_tries >= 1
    if passes:
        assert pauses == sorted(pauses)
        assert pauses[0] == timedelta(seconds=30)
        assert pauses[-1] == LONGEST_PAUSE
        assert 25 < n_tries < 40


def test_the_day_of_a_message_is_not_needed_for_any_of_it() -> None:
    who = told("UTC")
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(0, 365, 30)]
    ends = {after_quiet(who, datetime.combine(day, time(23), UTC)).time() for day in days}
    assert ends == {time(7)}
