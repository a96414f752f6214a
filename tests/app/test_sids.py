"""Session ids: 26 characters, sortable for live ones, content and athlete for imports."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.app.sids import import_sid, new_sid

SID = re.compile(r"[0-9a-hjkmnp-tv-z]{26}")
MOMENTS = st.datetimes(datetime(1970, 1, 1), datetime(2500, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(MOMENTS)
def test_a_new_sid_is_a_lower_case_ulid(start_utc: datetime) -> None:
    assert SID.fullmatch(new_sid(start_utc))


def test_the_time_of_a_sid_is_that_of_the_ulid_standard() -> None:
    # 1469918176385 ms is the example of the ULID specification: 01ARYZ6S41
    assert new_sid(datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=1469918176385))[:10] == "01aryz6s41"


@given(MOMENTS, st.timedeltas(timedelta(milliseconds=2), timedelta(days=5000)))
def test_a_later_session_has_a_greater_sid(start_utc: datetime, later: timedelta) -> None:
    assert new_sid(start_utc) < new_sid(start_utc + later)


def test_two_sessions_of_the_same_moment_differ() -> None:
    start_utc = datetime(2026, 11, 20, tzinfo=UTC)
    sids = {new_sid(start_utc) for _ in range(1000)}
    assert len(sids) == 1000
    assert len({sid[:10] for sid in sids}) == 1


def test_an_imports_sid_depends_on_content_and_athlete_only(tmp_path: Path) -> None:
    one, copy, other = tmp_path / "a.fit", tmp_path / "b.csv", tmp_path / "c.fit"
    one.write_bytes(b"run" * 1_000_000)
    copy.write_bytes(b"run" * 1_000_000)
    other.write_bytes(b"run" * 1_000_000 + b"!")
    sid = import_sid(one, "ana")
    assert SID.fullmatch(sid)
    assert import_sid(copy, "ana") == sid
    assert len({sid, import_sid(other, "ana"), import_sid(one, "bea")}) == 3


def test_the_end_of_a_name_is_not_the_beginning_of_a_file(tmp_path: Path) -> None:
    one, two = tmp_path / "1", tmp_path / "2"
    one.write_bytes(b"bc")
    two.write_bytes(b"c")
    assert import_sid(one, "a") != import_sid(two, "ab")


def test_an_imports_sid_is_the_same_in_every_release(tmp_path: Path) -> None:
    path = tmp_path / "run.fit"
    path.write_bytes(b"the same bytes")
    assert import_sid(path, "k3f9abcd") == "x2kbmsr69sxxcx4qf22en8e8ny"
