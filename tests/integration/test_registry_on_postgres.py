"""A hub with its registry on a real PostgreSQL: backed up, restored, erased from; and its server killed in mid-run."""

import os
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from sensor_hub.adapters.recordings.mcap_file import McapRecorder
from sensor_hub.adapters.registry import Registry
from sensor_hub.app.collecting.firmware import all_profiles
from sensor_hub.app.people import open_archive
from sensor_hub.app.person.backup import write_backup
from sensor_hub.app.person.backup_restore import restore_backup
from sensor_hub.app.person.erasing import erase_athlete
from sensor_hub.app.person.person_export import export_person
from sensor_hub.app.person.person_import import import_person
from sensor_hub.app.place import Place
from sensor_hub.config import Settings, load_settings
from sensor_hub.decoders.rsc import RscMeasurement
from sensor_hub.model.raw import RawNotification
from sensor_hub.model.session import BoundDevice
from tests.app.histories import envelopes
from tests.app.test_person_export import run_of
from tests.processes import Process
from tests.servers_mqtt import start_mosquitto
from tests.servers_postgres import Postgres

pytestmark = pytest.mark.server("postgresql")
SID = "01zzlive000000000000000001"
PATIENCE_S = 90.0


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    server = Postgres()
    yield server
    server.remove()


@pytest.fixture
def database(postgres: Postgres) -> Iterator[str]:
    postgres.sql("CREATE DATABASE of_a_hub TEMPLATE template0")
    yield "of_a_hub"
    postgres.sql("DROP DATABASE of_a_hub WITH (FORCE)")


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith("SENSOR_HUB_") and name != "SENSOR_HUB_REQUIRE_ALL"]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


def settings(folder: Path, url: str = "") -> Settings:
    return load_settings(data_dir=str(folder), registry=url)


def fill(chosen: Settings) -> None:
    """Two people with runs and a pod each."""
    with open_archive(chosen) as archive:
        for n, name in enumerate(("Ana", "Ben")):
            who = archive.registry.add_athlete(name, "UTC")
            archive.registry.add_device(f"AA:0{n}", f"Pod {n}", "standard-rsc", athlete=who.id)
            for days in (9, 2):
                run = run_of(who, days, 5.0, sid=f"01run{n}{days:020}")
                archive.recorded.commit(envelopes(run, f"edge-{n}-{days}"))
            archive.judge_again(who)


def seen(chosen: Settings) -> list[Any]:
    with open_archive(chosen) as archive:
        people = archive.registry.athletes()
        sessions = [archive.store.sessions(a.id) for a in people]
        return [people, archive.registry.devices(), sessions, archive.registry.journal.entries()]


def soon(holds: Callable[[], bool], what: str) -> None:
    end_s = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < end_s, f"{what}: not after {PATIENCE_S:.0f} s"
        time.sleep(0.1)


# --- persons and backups ---------------------------------------------------------------------------------------------


def test_a_backup_of_either_kind_of_registry_is_restored_into_either(
    postgres: Postgres, database: str, tmp_path: Path
) -> None:
    file, server = settings(tmp_path / "file"), settings(tmp_path / "server", postgres.url(database))
    fill(file)
    write_backup(file, tmp_path / "of-file.zip")
    restored = restore_backup(server, tmp_path / "of-file.zip")
    assert restored.safety is not None
    assert seen(server) == seen(file)
    before = seen(server)
    write_backup(server, tmp_path / "of-server.zip")
    with open_archive(server) as archive:
        archive.registry.add_athlete("Cleo", "UTC")
    restore_backup(server, tmp_path / "of-server.zip")
    assert seen(server) == before
    other = settings(tmp_path / "other")
    restore_backup(other, tmp_path / "of-server.zip")
    assert seen(other) == before


def test_a_person_goes_from_a_file_to_a_server_and_is_erased_there(
    postgres: Postgres, database: str, tmp_path: Path
) -> None:
    file, server = settings(tmp_path / "file"), settings(tmp_path / "server", postgres.url(database))
    fill(file)
    with open_archive(file) as archive:
        export_person(archive, None, "Ana", tmp_path / "ana.zip")
    with open_archive(server) as archive:
        import_person(archive, Place.at(server.data_dir).recordings, tmp_path / "ana.zip")
        export_person(archive, None, "Ana", tmp_path / "again.zip")
        ana = archive.registry.athlete("Ana")
    assert (tmp_path / "again.zip").read_bytes() == (tmp_path / "ana.zip").read_bytes()
    receipt = erase_athlete(server, "Ana")
    assert receipt.complete, receipt.lines
    assert "PostgreSQL: its tables' files were written anew" in "\n".join(receipt.lines)
    with open_archive(server) as archive:
        assert archive.registry.athletes() == []
        assert ana.id in archive.registry.erasing.erasures()


# --- a hub ------------------------------------------------------------------------------------------------------------


def recording(path: Path, athlete: str) -> Path:
    start_utc = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
    devices = [BoundDevice("pod", all_profiles()["standard-rsc"])]
    recorder = McapRecorder(path, sid=SID, athlete=athlete, zone="UTC", origin="live", devices=devices)
    for i in range(300):
        payload = bytes(RscMeasurement(2.5, 160 + i % 20, True, None, 2.5 * i))
        recorder.append(RawNotification("pod", "2a53", start_utc + timedelta(seconds=i), payload))
    recorder.close()
    return path


def test_a_hub_takes_a_run_in_and_outlives_its_database(database: str, postgres: Postgres, tmp_path: Path) -> None:
    url = postgres.url(database)
    with Registry(url) as registry:
        ana = registry.add_athlete("Ana", "UTC")
    broker = start_mosquitto(tmp_path)
    env = {"SENSOR_HUB_MQTT": broker.url, "SENSOR_HUB_REGISTRY": url}
    hub = Process(["hub", "--port", "0", "--data-dir", str(tmp_path / "hub")], env)
    edge: Process | None = None
    try:
        page = hub.wait_for(r"^Open (http\S+?)/?\s").rstrip("/")

        def sids() -> set[str]:
            asked = httpx.get(f"{page}/api/athletes/{ana.id}/sessions", trust_env=False, timeout=60)
            return {session["sid"] for session in asked.json()} if asked.is_success else set()

        postgres.kill()
        (tmp_path / "edge").mkdir()
        file = recording(tmp_path / "edge" / "run.mcap", ana.id)
        words = ["edge", "--replay", str(file), "--as-live", "--speed", "300", "--data-dir", str(tmp_path / "edge")]
        edge = Process(words, {"SENSOR_HUB_MQTT": broker.url})
        time.sleep(2.0)  # the run comes in while nobody can say whose it is
        postgres.restart()
        if edge.wait(PATIENCE_S) != 0:
            # What went out in the outage is sent again after a pause that may outlast the edge: then by its next start.
            assert any("stays in the outbox" in line for line in edge.lines), "\n".join(edge.lines)
            edge = Process(["edge", "--data-dir", str(tmp_path / "edge")], {"SENSOR_HUB_MQTT": broker.url})
        soon(lambda: sids() == {SID}, "the run that came while the database was away is there")
        assert hub.running
        assert postgres.password not in "\n".join(hub.lines)
        assert not (tmp_path / "hub" / "registry.db").exists()
    finally:
        for process in (edge, hub):
            if process is not None:
                process.close()
        broker.stop()
