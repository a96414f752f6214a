"""A recording on a disk that is full for a while: no record is broken, and it goes on from the byte it stopped at."""

import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.adapters.recordings.mcap_file import McapRecorder
from sensor_hub.adapters.recordings.mcap_reader import open_mcap
from sensor_hub.errors import RecordingError
from sensor_hub.model.raw import RawNotification
from sensor_hub.model.session import BoundDevice

START = datetime(2026, 11, 20, 6, 31, tzinfo=UTC)


def raw(i: int, length: int = 90) -> RawNotification:
    return RawNotification("pod", "2a53", START + timedelta(seconds=i), bytes((i + n) % 256 for n in range(length)))


@contextmanager
def files_at_most(n_bytes: int) -> Iterator[None]:
    """Let no file of this process grow beyond so many bytes: the kernel refuses in the middle of a write."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


def recorder_at(path: Path) -> McapRecorder:
    devices = [BoundDevice("pod", None)]
    return McapRecorder(path, sid="01jd", athlete="me", zone="UTC", origin="live", devices=devices)


def notifications(path: Path) -> list[RawNotification]:
    return [item for item in open_mcap(path) if isinstance(item, RawNotification)]


def until_refused(recorder: McapRecorder, first: int) -> int:
    """Append until the disk refuses; return how many are kept, the last of them in hand."""
    for i in range(first, first + 1000):
        try:
            recorder.append(raw(i))
        except RecordingError:
            return i + 1
    raise AssertionError("the disk never refused")


@given(room=st.integers(0, 400), n_refused=st.integers(1, 3))
def test_wherever_the_disk_ends_the_recording_goes_on_whole(
    tmp_path_factory: pytest.TempPathFactory, room: int, n_refused: int
) -> None:
    path = tmp_path_factory.mktemp("disk") / "run.mcap"
    recorder = recorder_at(path)
    for i in range(5):
        recorder.append(raw(i))
    kept = 5
    with files_at_most(path.stat().st_size + room):
        kept = until_refused(recorder, kept)
        for _ in range(n_refused):
            with pytest.raises(RecordingError, match="make room"):
                recorder.resume()
        assert notifications(path) == [raw(i) for i in range(kept - 1)], "what is there is readable meanwhile"
    recorder.resume()
    recorder.append(raw(99))
    recorder.close()
    assert notifications(path) == [*(raw(i) for i in range(kept)), raw(99)]


def test_ended_while_the_disk_is_full_it_stays_readable_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "run.mcap"
    recorder = recorder_at(path)
    for i in range(5):
        recorder.append(raw(i))
    with files_at_most(path.stat().st_size + 10):
        with pytest.raises(RecordingError):
            recorder.append(raw(5))
        with pytest.raises(RecordingError):
            recorder.close()
    assert notifications(path) == [raw(i) for i in range(5)]
