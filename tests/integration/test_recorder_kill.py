import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sensor_hub.adapters.recordings.recognise import open_recording
from sensor_hub.model.raw import RawNotification
from tests.processes import Process


def last_arrival(folder: Path) -> datetime | None:
    """Newest whole notification in the recording, read while it is being written."""
    for path in folder.glob("*.mcap"):
        arrivals = [r.arrival_utc for r in open_recording(path) if isinstance(r, RawNotification)]
        return max(arrivals, default=None)
    return None


def test_a_recorder_killed_with_9_loses_at_most_a_second(tmp_path: Path) -> None:
    edge = Process(
        ["edge", "--simulate", "--speed", "1", "--data-dir", str(tmp_path)],
        {"SENSOR_HUB_MQTT": "mqtt://edge:nobody@127.0.0.1:9"},  # no broker there: recording does not need one
    )
    try:
        # The simulated clock starts a little before its first notification: learn by how much from the file itself.
        lags: list[timedelta] = []
        end_s = time.monotonic() + 60
        while len(lags) < 10 and time.monotonic() < end_s:
            time.sleep(0.3)
            now_utc, newest_utc = datetime.now(UTC), last_arrival(tmp_path / "recordings")
            if newest_utc is not None:
                lags.append(now_utc - newest_utc)
        assert len(lags) == 10
        killed_utc = datetime.now(UTC)
        edge.kill()
    finally:
        edge.close()
    newest_utc = last_arrival(tmp_path / "recordings")
    assert newest_utc is not None
    lost = killed_utc - min(lags) - newest_utc
    assert lost <= timedelta(seconds=1), f"{lost.total_seconds():.3f} s lost"
    (path,) = (tmp_path / "recordings").glob("*.mcap")
    recording = open_recording(path)
    n = sum(1 for _ in recording)
    assert n > 200
    assert recording.info.athlete
