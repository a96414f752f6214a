"""Days, times of day and durations as people type them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.cli.times import day_of, duration_s, moment_in, moment_on, moments_of, noon_of
from sensor_hub.errors import ConfigError, EditError
from sensor_hub.words import clock

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = st.sampled_from(
    [
        "UTC",
        "Europe/Berlin",
        "America/St_Johns",
        "Pacific/Apia",
        "Australia/Lord_Howe",
        "Asia/Kathmandu",
        "Africa/Cairo",
    ]
).map(ZoneInfo)
SECONDS = st.integers(0, 2**31 - 1).map(lambda s: datetime(1990, 1, 1, tzinfo=UTC) + timedelta(seconds=s))
FORWARD, BACK = date(2026, 3, 29), date(2026, 10, 25)  # when Berlin's clocks change


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("45:30", 2730), ("1:02:30", 3750), ("0:09", 9), ("90:00", 5400), ("45min", 2700), ("45m", 2700), ("1h", 3600),
        ("1h05", 3900), ("1h05min", 3900), ("1 h 5 min", 3900), ("90s", 90), ("1H30M10S", 5410),
    ],
)  # fmt: skip
def test_a_duration_is_read_as_people_write_it(text: str, seconds: float) -> None:
    assert duration_s(text) == seconds


@pytest.mark.parametrize(
    "text", ["45", "", "0:00", "0min", "45:60", "1:60:00", "1:2", "-5:00", "45,5", "5 mi", "h", "٤٥:٣٠x"]
)
def test_what_may_mean_two_things_or_nothing_is_no_duration(text: str) -> None:
    with pytest.raises(ConfigError, match=r"--time .* no duration: give it as 45:30"):
        duration_s(text)


@given(st.integers(1, 359_999))
def test_a_duration_as_we_show_it_is_read_back(seconds: int) -> None:
    assert duration_s(clock(float(seconds))) == seconds


@given(SECONDS, ZONES)
def test_every_moment_is_among_those_its_local_time_may_mean(moment: datetime, zone: ZoneInfo) -> None:
    found = moments_of(moment.astimezone(zone).replace(tzinfo=None), zone)
    assert moment in found
    assert len(found) in {1, 2}
    assert found == sorted(found)


@given(SECONDS, ZONES)
def test_a_time_with_its_offset_is_always_one_moment(moment: datetime, zone: ZoneInfo) -> None:
    local = moment.astimezone(zone)
    assert moment_on(local.date(), local.isoformat()[11:], zone) == moment


@given(SECONDS, st.integers(0, 6 * 3600), st.integers(0, 6 * 3600), ZONES)
def test_a_time_of_day_in_a_session_is_that_moment_of_it_or_asks_which(
    start: datetime, before_s: int, after_s: int, zone: ZoneInfo
) -> None:
    moment = start + timedelta(seconds=before_s)
    end = moment + timedelta(seconds=after_s)
    local = moment.astimezone(zone)
    clock_time = local.strftime("%H:%M:%S")
    same = [m for m in moments_of(local.replace(tzinfo=None), zone) if start <= m <= end]
    if len(same) == 1:
        assert moment_in(clock_time, start, end, zone, "--from") == moment
    else:
        with pytest.raises(EditError, match="more than once"):
            moment_in(clock_time, start, end, zone, "--from")
    assert moment_in(local.isoformat(), start, end, zone, "--from") == moment
    if before_s:
        assert moment_in(f"+{clock(before_s)}", start, end, zone, "--from") == moment
    if after_s:
        assert moment_in(f"-{clock(after_s)}", start, end, zone, "--to") == moment


@given(st.text(max_size=12))
def test_any_other_text_is_refused_in_a_sentence(text: str) -> None:
    start = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)
    for read in (
        lambda: duration_s(text),
        lambda: day_of(text, start.date()),
        lambda: moment_on(start.date(), text, BERLIN),
        lambda: moment_in(text, start, start + timedelta(hours=1), BERLIN, "--from"),
    ):
        said = ""
        try:
            read()
        except (ConfigError, EditError) as error:
            said = str(error)
        assert not said or said.startswith("--")


def test_a_time_that_the_clocks_skip_or_show_twice_gets_an_answer() -> None:
    with pytest.raises(EditError, match="02:30 on 2026-03-29 was not in Europe/Berlin: its clocks went forward"):
        moment_on(FORWARD, "02:30", BERLIN)
    with pytest.raises(EditError, match=r"02:30 on 2026-10-25 was twice .* give 02:30\+02:00 or 02:30\+01:00"):
        moment_on(BACK, "02:30", BERLIN)
    assert moment_on(BACK, "02:30+02:00", BERLIN) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert moment_on(BACK, "02:30+01:00", BERLIN) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_a_day_that_a_zone_never_had_is_said() -> None:
    with pytest.raises(EditError, match="2011-12-30 was not in Pacific/Apia"):
        noon_of(date(2011, 12, 30), ZoneInfo("Pacific/Apia"))
    assert noon_of(date(2026, 11, 20), BERLIN) == datetime(2026, 11, 20, 11, tzinfo=UTC)


def test_a_time_after_midnight_is_that_of_the_next_day() -> None:
    start = datetime(2026, 11, 20, 22, 30, tzinfo=UTC)
    end = start + timedelta(hours=2)
    assert moment_in("00:15", start, end, BERLIN, "--from") == datetime(2026, 11, 20, 23, 15, tzinfo=UTC)


def test_a_time_outside_the_session_is_told_with_when_it_was() -> None:
    start = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)
    end = start + timedelta(minutes=40)
    for text in ("07:20", "08:11", "+41:00", "-41:00", "2026-11-19T07:32", "2026-11-20T07:32Z"):
        with pytest.raises(EditError, match=r"07:30:00 to 08:10:00 on 2026-11-20 \(Europe/Berlin\)"):
            moment_in(text, start, end, BERLIN, "--from")


def test_a_day_may_be_a_word() -> None:
    today = date(2026, 11, 21)
    assert day_of("2026-11-20", today) == day_of("Yesterday", today) == date(2026, 11, 20)
    assert day_of("today", today) == today
    with pytest.raises(ConfigError, match=r"--on '20\.11\.2026' is no day: give it as 2026-11-20"):
        day_of("20.11.2026", today)
