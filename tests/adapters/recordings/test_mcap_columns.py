"""Recordings read as columns hold what the reader of notifications reads."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.adapters.recordings.mcap_columns import packet_columns
from sensor_hub.adapters.recordings.mcap_file import McapRecorder
from sensor_hub.adapters.recordings.mcap_reader import open_mcap
from sensor_hub.errors import RecordingError
from sensor_hub.model.packets import PacketColumns
from sensor_hub.model.raw import RawNotification
from sensor_hub.model.session import BoundDevice
from sensor_hub.units import from_utc_us

START_US = 1_795_000_000_000_000
DEVICES = (BoundDevice("pod-l", None, "L"), BoundDevice("pod-r", None, "R"))


def record(path: Path, raws: list[RawNotification], *, close: bool = True) -> Path:
    recorder = McapRecorder(path, sid="01jd", athlete="me", zone="UTC", origin="live", devices=DEVICES)
    for raw in raws:
        recorder.append(raw)
    data = path.read_bytes()
    recorder.close()
    if not close:
        path.write_bytes(data)  # as a process that was killed leaves it
    return path


def sent(n: int, length: int = 126) -> list[RawNotification]:
    rng = np.random.default_rng(n)
    devices = [("pod-l", "9efe"), ("pod-r", "9efe")]
    raws = [RawNotification(*devices[i % 2], from_utc_us(START_US + 25_000 * i), rng.bytes(length)) for i in range(n)]
    battery = RawNotification("pod-l", "2a19", from_utc_us(START_US + 1), b"\x5f")
    return [*raws[: n // 3], battery, *raws[n // 3 :], battery]


def told(columns: PacketColumns) -> list[tuple[int, bytes]]:
    return [(at, row.tobytes()) for at, row in zip(columns.arrival_us.tolist(), columns.payload, strict=True)]


def expected(path: Path) -> dict[tuple[str, str], list[tuple[int, bytes]]]:
    found: dict[tuple[str, str], list[tuple[int, bytes]]] = {}
    for raw in open_mcap(path):
        assert isinstance(raw, RawNotification)
        at_us = round(raw.arrival_utc.timestamp() * 1_000_000)
        found.setdefault((raw.device, raw.characteristic), []).append((at_us, raw.payload))
    return found


@pytest.mark.parametrize("close", [True, False])
@pytest.mark.parametrize("n", [3, 20_000])
def test_columns_hold_the_notifications_of_each_characteristic_in_order(tmp_path: Path, n: int, close: bool) -> None:
    path = record(tmp_path / "r.mcap", sent(n), close=close)
    columns, faults = packet_columns(path)
    assert {key: told(c) for key, c in columns.items()} == expected(path)
    assert len(columns["pod-l", "9efe"]) == (n + 1) // 2
    assert faults == []


@given(st.data())
def test_a_recording_that_is_cut_off_anywhere_is_read_as_far_as_it_goes(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("cut")
    whole = record(folder / "r.mcap", sent(60), close=False).read_bytes()
    at = data.draw(st.integers(200, len(whole) - 1))
    cut = folder / "cut.mcap"
    cut.write_bytes(whole[:at])
    try:
        sensors = expected(cut)
    except RecordingError:
        return
    columns, _ = packet_columns(cut)
    assert {key: told(c) for key, c in columns.items()} == sensors


def test_notifications_of_several_lengths_are_left_out_with_a_word(tmp_path: Path) -> None:
    raws = [*sent(4), *sent(4, length=100)]
    columns, faults = packet_columns(record(tmp_path / "r.mcap", raws))
    assert list(columns) == [("pod-l", "2a19")]
    assert [f.place for f in faults] == ["pod-l/9efe", "pod-r/9efe"]
    assert all(f.lost for f in faults)


def test_what_is_no_mcap_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("hello")
    with pytest.raises(RecordingError, match="no MCAP"):
        packet_columns(path)
    with pytest.raises(RecordingError):
        packet_columns(tmp_path / "none.mcap")
