from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.adapters.web.forms import (
    FormError,
    moment_of,
    moment_within,
    read_day,
    read_distance_m,
    read_duration_s,
    read_number,
    read_time,
    sent_fields,
)


def outcome(read: Callable[[], Any]) -> tuple[Any, str]:
    """What a field was read as, or why it was refused."""
    try:
        return read(), ""
    except FormError as problem:
        return None, str(problem)


ZONES = ["Europe/Berlin", "UTC", "America/St_Johns", "Pacific/Chatham", "Australia/Lord_Howe"]


@pytest.mark.parametrize(
    ("text", "duration_s"),
    [("45:30", 2730.0), ("1:05:00", 3900.0), ("90", 5400.0), ("100:00", 6000.0), ("0:05", 5.0), ("", None)],
)
def test_durations_are_read_as_people_write_them(text: str, duration_s: float | None) -> None:
    assert read_duration_s(text) == duration_s


@pytest.mark.parametrize("text", ["45:3", "45:60", "1:60:00", "0", "0:00", "-5", "an hour", "49:00:00", "1:2:3:4"])
def test_a_duration_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(FormError, match=r"such as 45:30"):
        read_duration_s(text)


@given(st.integers(1, 172_800))
def test_every_duration_comes_back(duration_s: int) -> None:
    hours, rest = divmod(duration_s, 3600)
    assert read_duration_s(f"{hours}:{rest // 60:02d}:{rest % 60:02d}") == duration_s


@pytest.mark.parametrize(("text", "distance_m"), [("8,2", 8200.0), ("8.2", 8200.0), ("0", 0.0), ("", None)])
def test_distances_are_read_with_point_or_comma(text: str, distance_m: float | None) -> None:
    assert read_distance_m(text) == pytest.approx(distance_m)


@given(st.text(max_size=12))
def test_no_text_is_read_as_a_number_out_of_range_or_raises_anything_else(text: str) -> None:
    value, problem = outcome(lambda: read_number(text, "Drop", 40, -10))
    if problem:
        assert problem.startswith("Drop: a number from -10 to 40")
    else:
        assert value is None if text == "" else -10 <= float(str(value)) <= 40


@given(st.text(max_size=12))
def test_no_text_breaks_a_day_a_time_or_a_duration(text: str) -> None:
    for read in (read_day, read_time, read_duration_s, read_distance_m):
        value, problem = outcome(lambda read=read: read(text))  # type: ignore[misc]
        assert value is None or problem == ""


@given(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)), st.sampled_from(ZONES))  # noqa: DTZ001
def test_a_local_time_is_either_found_or_refused_for_the_clocks(local: datetime, zone: str) -> None:
    local = local.replace(microsecond=0)
    moment, problem = outcome(lambda: moment_of(local.date(), local.time(), zone))
    if problem:
        assert "clocks" in problem
        offsets = {local.replace(tzinfo=ZoneInfo(zone), fold=fold).utcoffset() for fold in (0, 1)}
        assert len(offsets) == 2
    else:
        assert moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == local


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)),  # noqa: DTZ001
    st.integers(60, 30 * 3600),
    st.floats(0, 1),
    st.sampled_from(ZONES),
)
def test_a_time_of_day_within_a_session_is_found_across_midnight_and_clock_changes(
    start: datetime, length_s: int, share: float, zone: str
) -> None:
    first_utc = start.replace(tzinfo=UTC, microsecond=0)
    last_utc = first_utc + timedelta(seconds=length_s)
    wanted_utc = first_utc + timedelta(seconds=int(share * length_s))
    shown = wanted_utc.astimezone(ZoneInfo(zone)).time()
    found = moment_within(shown, first_utc, last_utc, zone)
    assert first_utc - timedelta(seconds=1) < found < last_utc + timedelta(seconds=1)
    assert found.astimezone(ZoneInfo(zone)).time() == shown
    if length_s < 22 * 3600 and found != wanted_utc:
        assert abs(found - wanted_utc) <= timedelta(hours=1), "shown twice by clocks that were put back"


def test_a_time_of_day_outside_a_session_is_refused() -> None:
    first_utc = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
    with pytest.raises(FormError, match="12:00:00 is not within this run"):
        moment_within(time(12), first_utc, first_utc + timedelta(hours=1), "Europe/Berlin")


def test_the_hour_that_the_clocks_skip_or_repeat_is_refused() -> None:
    with pytest.raises(FormError, match="put forward"):
        moment_of(date(2026, 3, 29), time(2, 30), "Europe/Berlin")
    with pytest.raises(FormError, match="put back"):
        moment_of(date(2026, 10, 25), time(2, 30), "Europe/Berlin")


def test_a_password_is_taken_as_it_was_typed_and_everything_else_without_spaces_around_it() -> None:
    told = {"password": " four words here ", "old": "a ", "new": " b", "again": " b", "name": " Ana "}
    event: Any = SimpleNamespace(args=told)
    assert sent_fields(event) == {**told, "name": "Ana"}
