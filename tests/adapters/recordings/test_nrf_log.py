"""Logs of nRF Connect, as Android and iOS write them."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from sensor_hub.adapters.recordings.nrf_log import open_nrf_log
from sensor_hub.adapters.recordings.opened import OpenRecording
from sensor_hub.adapters.recordings.recognise import open_recording
from sensor_hub.errors import RecordingError
from sensor_hub.model.raw import RawNotification
from tests.adapters.recordings.captures_by_hand import RUNNING_3_MPS, nrf_android, nrf_line


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "log.txt"
    path.write_text(text, encoding="utf-8")
    return path


def raws(recording: OpenRecording) -> list[RawNotification]:
    return [raw for raw in recording if isinstance(raw, RawNotification)]


def test_an_android_log_gives_every_value_once_with_its_time(tmp_path: Path) -> None:
    lines = [
        "D\t11:59:58.000\tgatt.setCharacteristicNotification(00002a53-0000-1000-8000-00805f9b34fb, true)",
        nrf_line("11:59:59.125"),
        'A\t11:59:59.125\t"Speed: 3.0 m/s (0x) 01-00" received',
        nrf_line("12:00:00.500", b"\x4d", "2a19", "Read Response"),
        nrf_line("12:00:01.000", b"\x10\x01\x01", "2a55", "Indication"),
        "I\t12:00:02.000\tRead Response received from 00002a00-0000-1000-8000-00805f9b34fb, value: 0 bytes",
    ]
    recording = open_recording(written(tmp_path, nrf_android(lines)), zone=ZoneInfo("Europe/Berlin"))
    found = raws(recording)
    assert [(r.characteristic, r.payload) for r in found] == [
        ("2a53", RUNNING_3_MPS),
        ("2a19", b"\x4d"),
        ("2a55", b"\x10\x01\x01"),
        ("2a00", b""),
    ]
    assert found[0].arrival_utc == datetime(2024, 5, 4, 9, 59, 59, 125000, UTC)
    assert {r.device for r in found} == {"pod-1"}
    assert recording.info.names["pod-1"] == "Foot Pod"
    assert recording.faults == []
    assert "C6:05" not in repr(recording.info)


def test_midnight_begins_the_next_day(tmp_path: Path) -> None:
    lines = [nrf_line("23:59:59.900"), nrf_line("00:00:00.100"), nrf_line("00:00:01.100")]
    found = raws(open_nrf_log(written(tmp_path, nrf_android(lines))))
    assert [r.arrival_utc.day for r in found] == [4, 5, 5]


def test_a_clock_put_back_by_an_hour_is_no_midnight(tmp_path: Path) -> None:
    recording = open_nrf_log(written(tmp_path, nrf_android([nrf_line("10:00:00.000"), nrf_line("09:00:00.000")])))
    assert [r.arrival_utc.day for r in raws(recording)] == [4, 4]
    assert [f.lost for f in recording.faults] == [False]


def test_an_ios_log_is_read_as_text_and_as_csv(tmp_path: Path) -> None:
    text = "nRF Connect, 2024-05-04\n[08:00:00.1250] Normal: Updated Value of Characteristic 2A53 to 0100 0355 F000.\n"
    csv = (
        "Timestamp,Source,Level,Line\n"
        '2024-05-04 08:00:00.1250,Pod,Normal,"Updated Value of Characteristic 2A53 to 0x010003 55F000."\n'
    )
    for content in (text, csv):
        (raw,) = raws(open_recording(written(tmp_path, content)))
        assert (raw.characteristic, raw.payload) == ("2a53", RUNNING_3_MPS)
        assert raw.arrival_utc == datetime(2024, 5, 4, 8, 0, 0, 125000, UTC)


def test_a_log_without_date_begins_where_it_is_told(tmp_path: Path) -> None:
    path = written(tmp_path, nrf_android([nrf_line("08:00:00.000"), nrf_line("08:00:01.000")], head="nRF Connect\n"))
    assert open_nrf_log(path).info.start_utc is None
    start_utc = datetime(2025, 1, 2, 3, 4, tzinfo=UTC)
    recording = open_nrf_log(path, start_utc=start_utc)
    assert recording.info.start_utc == start_utc
    assert [(r.arrival_utc - start_utc).total_seconds() for r in raws(recording)] == [0.0, 1.0]


@pytest.mark.parametrize("value", ["(0x) 01-0", "(0x) 01-ZZ"])
def test_a_broken_value_is_named_by_its_line_and_the_rest_kept(tmp_path: Path, value: str) -> None:
    broken = f"I\t08:00:01.000\tNotification received from 00002a53-0000-1000-8000-00805f9b34fb, value: {value}"
    recording = open_nrf_log(
        written(tmp_path, nrf_android([nrf_line("08:00:00.000"), broken, nrf_line("08:00:02.000")]))
    )
    assert len(raws(recording)) == 2
    assert [(f.place, f.lost) for f in recording.faults] == [("line 4", True)]


def test_two_sensors_in_one_log_are_two_pods(tmp_path: Path) -> None:
    connect = "I\t08:00:{}\tConnected to {}"
    lines = [
        connect.format("00.000", "AA:AA:AA:AA:AA:AA"), nrf_line("08:00:01.000"),
        connect.format("02.000", "BB:BB:BB:BB:BB:BB"), nrf_line("08:00:03.000"),
        connect.format("04.000", "aa:aa:aa:aa:aa:aa"), nrf_line("08:00:05.000"),
    ]  # fmt: skip
    found = raws(open_nrf_log(written(tmp_path, nrf_android(lines, head="nRF Connect, 2024-05-04\n"))))
    assert [r.device for r in found] == ["pod-1", "pod-2", "pod-1"]


def test_a_log_without_values_is_refused_with_the_mend(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="notifications were switched on"):
        open_nrf_log(written(tmp_path, nrf_android(["V\t08:00:00.000\tConnecting..."])))


def test_a_broken_line_is_quoted_without_the_address_in_it(tmp_path: Path) -> None:
    path = tmp_path / "log.txt"
    broken = f"I\t08:00:01.000\t{' ' * 30}c6:05:04:03:02:01 Notification received from 2a53, value: (0x) 0G"
    path.write_text(nrf_android([nrf_line("08:00:00.000"), broken]))
    (fault,) = open_nrf_log(path).faults
    assert "XX:XX:XX:XX:XX:XX" in fault.problem
    assert "c6:05" not in fault.problem
