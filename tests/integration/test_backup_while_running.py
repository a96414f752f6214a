"""Backup and restore beside a hub and an edge that go on: nothing acknowledged before a backup is lost by it."""

import json
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sensor_hub.adapters.recordings.mcap_file import McapRecorder
from sensor_hub.adapters.storage.outbox import Outbox
from sensor_hub.adapters.storage.sqlite import SqliteStore
from sensor_hub.app.collecting.firmware import all_profiles
from sensor_hub.app.person.backup_marker import MARKER
from sensor_hub.decoders.rsc import RscMeasurement
from sensor_hub.model.raw import RawNotification
from sensor_hub.model.session import BoundDevice
from sensor_hub.wire import Topics
from tests.processes import Process
from tests.servers_mqtt import free_port

START = datetime(2026, 11, 20, 6, 31, tzinfo=UTC)
SIDS = ("01jd0000000000000000000000", "01jd0000000000000000000001")
N_RECORDS = 1500


def recording(folder: Path, sid: str, start_utc: datetime, n: int = N_RECORDS) -> Path:
    """A simulated pod, one record a second."""
    path = folder / f"{sid}.mcap"
    devices = [BoundDevice("pod", all_profiles()["standard-rsc"])]
    recorder = McapRecorder(path, sid=sid, athlete="me", zone="Europe/Lisbon", origin="simulated", devices=devices)
    for i in range(n):
        payload = bytes(RscMeasurement(2.5 + (i % 50) / 100, 160 + i % 20, True, None, 2.7 * i))
        recorder.append(RawNotification("pod", "2a53", start_utc + timedelta(seconds=i), payload))
    recorder.close()
    return path


class Running:
    """A hub, and edges that send to it."""

    def __init__(self, folder: Path) -> None:
        self.hub_dir, self.edge_dir = folder / "hub", folder / "edge"
        self._port = free_port()
        self.hub = Process(["hub", "--port", "0", "--data-dir", str(self.hub_dir), "--mqtt-port", str(self._port)])
        self.hub.wait_for("^Open http")
        self._all = [self.hub]

    def send(self, path: Path, speed: int = 120) -> Process:
        password = json.loads((self.hub_dir / "broker-users.json").read_text())["edge"]
        url = f"mqtt://edge:{password}@127.0.0.1:{self._port}"
        arguments = ["edge", "--replay", str(path), "--speed", str(speed), "--data-dir", str(self.edge_dir)]
        edge = Process(arguments, {"SENSOR_HUB_MQTT": url})
        self._all.append(edge)
        edge.wait_for("^edge ")
        return edge

    def command(self, *words: str) -> Process:
        made = Process(["data", *words, "--data-dir", str(self.hub_dir)])
        self._all.append(made)
        return made

    def done(self, *words: str) -> list[str]:
        made = self.command(*words)
        assert made.wait(120) == 0, "\n".join(made.lines)
        return made.lines

    @property
    def gw(self) -> str:
        outbox = Outbox(self.edge_dir / "outbox.db", Topics())
        try:
            return outbox.gw
        finally:
            outbox.close()

    def received(self, gw: str) -> set[int]:
        with closing(SqliteStore(self.hub_dir / "store.db")) as store:
            return {n for first, last in store.received(gw) for n in range(first, last + 1)}

    def n_steps(self, sid: str) -> int:
        with closing(SqliteStore(self.hub_dir / "store.db")) as store:
            return len(store.steps(sid))

    def close(self) -> None:
        for process in reversed(self._all):
            process.close()


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    made = Running(tmp_path)
    yield made
    made.close()


def wait_until(holds: Callable[[], bool], what: str, timeout_s: float = 60.0) -> None:
    end_s = time.monotonic() + timeout_s
    while not holds():
        assert time.monotonic() < end_s, f"{what} did not come"
        time.sleep(0.05)


def test_what_was_acknowledged_before_a_backup_is_there_after_its_restore_and_the_hub_goes_on(
    running: Running, tmp_path: Path
) -> None:
    edge = running.send(recording(tmp_path, SIDS[0], START))
    wait_until(lambda: (running.edge_dir / "outbox.db").exists(), "an outbox")
    gw = running.gw
    wait_until(lambda: len(running.received(gw)) > 200, "200 messages")
    before = running.received(gw)
    assert edge.running, "the edge must still send"
    running.done("backup", "--out", str(tmp_path / "b.zip"))
    assert (tmp_path / "b.zip").stat().st_mode & 0o777 == 0o600
    assert edge.wait(120) == 0
    in_the_end = running.received(gw)
    assert len(in_the_end) > len(before)

    running.done("restore", str(tmp_path / "b.zip"), "--yes")
    restored = running.received(gw)
    assert before <= restored
    assert running.n_steps(SIDS[0]) > 0
    assert not (running.hub_dir / MARKER).exists()
    assert running.hub.running

    # the hub takes in what comes now, and the same edge's numbers go on
    assert running.send(recording(tmp_path, SIDS[1], START + timedelta(hours=2), 300), 300).wait(120) == 0
    wait_until(lambda: running.n_steps(SIDS[1]) == 300, "the next run")
    assert restored < running.received(gw)

    # what was there before the restore was kept beside the folder, and comes back
    (safety,) = tmp_path.glob("hub-before-restore-*.zip")
    running.done("restore", str(safety), "--yes")
    assert running.received(gw) >= in_the_end
    assert running.hub.interrupt() == 0, "\n".join(running.hub.lines)
    with closing(sqlite3.connect(running.hub_dir / "store.db")) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_restore_killed_anywhere_leaves_whole_databases_and_the_same_call_finishes_it(
    running: Running, tmp_path: Path
) -> None:
    assert running.send(recording(tmp_path, SIDS[0], START, 300), 300).wait(120) == 0
    gw = running.gw
    wait_until(lambda: running.n_steps(SIDS[0]) == 300, "the run")
    running.done("backup", "--out", str(tmp_path / "b.zip"))
    at_backup = running.received(gw)
    assert running.send(recording(tmp_path, SIDS[1], START + timedelta(hours=2), 300), 300).wait(120) == 0
    wait_until(lambda: running.n_steps(SIDS[1]) == 300, "the next run")
    later = running.received(gw)
    n_killed = 0
    for delay_s in (0.5, 0.8, 1.0, 1.2, 1.4, 1.7):
        restore = running.command("restore", str(tmp_path / "b.zip"), "--yes")
        time.sleep(delay_s)
        n_killed += restore.running
        restore.kill()
        assert running.received(gw) in (at_backup, later)
        with closing(sqlite3.connect(running.hub_dir / "registry.db")) as db:
            assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert n_killed, "no restore was killed before its end"
    running.done("restore", str(tmp_path / "b.zip"), "--yes")
    assert running.received(gw) == at_backup
    assert not (running.hub_dir / MARKER).exists()
    assert running.hub.running
