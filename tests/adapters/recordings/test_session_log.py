"""Logs with one session a line."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from sensor_hub.adapters.recordings.recognise import open_recording
from sensor_hub.adapters.recordings.session_log import (
    OWN_MAP,
    LoggedSession,
    SessionLogMap,
    is_session_log,
    parse_session_map,
    read_session_log,
)
from sensor_hub.errors import ProfileError, RecordingError
from sensor_hub.model.recording import Fault
from tests import need

HEAD = "start_utc,type,distance_m,duration_s,mean_hr\n"
MAP = """
[session]
start = "Date"
format = "%d/%m/%Y %H:%M"
zone = "Europe/Berlin"
type = "Activity"
distance = "Km"
distance_unit = "km"
duration = "Time"
duration_unit = "h:mm:ss"
delimiter = ";"
"""


def read(tmp_path: Path, text: str, columns: SessionLogMap = OWN_MAP) -> tuple[list[LoggedSession], list[Fault]]:
    path = tmp_path / "log.csv"
    path.write_text(text, encoding="utf-8")
    return read_session_log(path, columns, zone=ZoneInfo("America/New_York"))


def test_a_line_is_a_session_of_its_type(tmp_path: Path) -> None:
    found, faults = read(
        tmp_path, HEAD + "2024-05-04T08:00:00Z,running,5000.5,1500,150\n2024-05-05T08:00:00Z,cycling,,60,\n"
    )
    assert [(s.start_utc, s.duration_s, s.distance_m, s.ledger) for s in found] == [
        (datetime(2024, 5, 4, 8, tzinfo=UTC), 1500.0, 5000.5, "run"),
        (datetime(2024, 5, 5, 8, tzinfo=UTC), 60.0, None, "other"),
    ]
    assert faults == []


def test_a_time_without_offset_is_in_the_runners_zone(tmp_path: Path) -> None:
    (session,), _ = read(tmp_path, HEAD + "2024-05-04T08:00:00,hiking,1,2,\n")
    assert session.start_utc == datetime(2024, 5, 4, 12, tzinfo=UTC)
    assert session.ledger == "walk"


def test_a_declared_log_is_read_in_its_own_units(tmp_path: Path) -> None:
    text = "Date;Activity;Km;Time\n04/05/2024 10:00;Run;10,5;1:02:03\n"
    with pytest.raises(RecordingError, match="'10,5' is no distance"):
        read(tmp_path, text, parse_session_map(MAP))
    (session,), _ = read(tmp_path, text.replace("10,5", "10.5"), parse_session_map(MAP))
    assert (session.start_utc, session.distance_m, session.duration_s, session.ledger) == (
        datetime(2024, 5, 4, 8, tzinfo=UTC), 10500.0, 3723.0, "run",
    )  # fmt: skip


def test_lines_about_the_same_session_count_once_and_the_longest_stands(tmp_path: Path) -> None:
    lines = [
        "08:00:00Z,running,5000,1500",
        "08:00:00Z,running,5000,1500",
        "08:10:00Z,running,6000,2000",
        "08:05:00Z,cycling,9,9",
    ]
    found, faults = read(tmp_path, HEAD + "".join(f"2024-05-04T{line},\n" for line in lines))
    assert [(s.ledger, s.distance_m, s.n_lines) for s in found] == [("run", 6000.0, 3), ("other", 9.0, 1)]
    assert [(f.lost, f.problem[:16]) for f in faults] == [(False, "2 tell again of ")]


@pytest.mark.parametrize("line", ["x,running,1,2", "Z,running,-1,2", "Z,running,1,nan", "Z,running,1,0", "Z"])
def test_a_line_that_is_no_session_is_named(tmp_path: Path, line: str) -> None:
    found, faults = read(
        tmp_path, HEAD + f"{line.replace('Z', '2024-05-04T08:00:00Z')}\n2024-05-04T08:00:00Z,running,1,2,\n"
    )
    assert [s.line for s in found] == [3]
    assert [(f.place, f.lost) for f in faults] == [("line 2", True)]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("km", "furlong"), "'furlong' is unknown"),
        (('start = "Date"\n', ""), "start: is missing"),
        (("Europe/Berlin", "Europe/Utopia"), "zone: 'Europe/Utopia' is unknown"),
        (("[session]", "[sessions]"), "is missing"),
        (("delimiter", "delimeter"), "delimeter: is no key"),
    ],
)
def test_a_wrong_map_names_the_key(change: tuple[str, str], says: str) -> None:
    with pytest.raises(ProfileError, match=says):
        parse_session_map(MAP.replace(*change), "log.toml")


def test_a_log_is_known_by_its_header_and_sent_to_import(tmp_path: Path) -> None:
    assert is_session_log(HEAD.encode())
    assert not is_session_log(b"time,aX,aY,aZ,gX,gY,gZ\n")
    path = tmp_path / "log.csv"
    path.write_text(HEAD)
    with pytest.raises(RecordingError, match="session import takes it"):
        open_recording(path)


def test_a_real_log_of_679_sessions_keeps_every_one() -> None:
    found, faults = read_session_log(need.data("season/runnerA_sessions.csv"))
    runs = [s for s in found if s.ledger == "run" and s.start_utc.year > 2010]
    assert faults == []
    assert len(found) == 679
    assert len(runs) == 256
    assert sum(s.distance_m or 0.0 for s in runs) / 1000 == pytest.approx(2150.6, abs=0.05)
