"""The doctor: what it finds, what it says mends it, and that it changes nothing."""

import json
import os
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from sqlalchemy import update
from typer.testing import CliRunner

from sensor_hub.adapters import certificates
from sensor_hub.adapters.registry import Registry
from sensor_hub.adapters.registry.work_tables import DueRow
from sensor_hub.adapters.storage.outbox import Outbox
from sensor_hub.app.doctor.check import Check, worst
from sensor_hub.app.doctor.files import look_at_files
from sensor_hub.app.doctor.outboxes import look_at_outbox
from sensor_hub.app.doctor.rounds import look_at_everything
from sensor_hub.app.hub import Hub
from sensor_hub.app.people import open_archive
from sensor_hub.app.place import Place
from sensor_hub.cli.main import app
from sensor_hub.config import Settings, load_settings
from sensor_hub.model.message import DeadLetter, Envelope
from sensor_hub.model.work import DueJudgement
from sensor_hub.wire import Topics
from tests.adapters.storage.runs import batches
from tests.servers_mqtt import free_port, start_mosquitto


def looked(settings: Settings) -> dict[str, Check]:
    """The heaviest check about each thing."""
    order = ("ok", "unknown", "warn", "fail")
    found: dict[str, Check] = {}
    for check in look_at_everything(settings, radio=False):
        if check.about not in found or order.index(check.state) > order.index(found[check.about].state):
            found[check.about] = check
    return found


@pytest.fixture
def place(tmp_path: Path) -> Settings:
    """A folder in which a hub has worked, and an edge."""
    settings = load_settings(data_dir=tmp_path / "hub", zone="Europe/Lisbon", web_port=free_port())
    with open_archive(settings) as archive:
        athlete = archive.registry.add_athlete("Ana", "Europe/Lisbon")
        assert athlete
        archive.recorded.commit([Envelope("edge-a", seq, event) for seq, event in enumerate(batches(3), 1)])
    outbox = Outbox(settings.data_dir / "outbox.db", Topics())
    outbox.append(batches(2), first_index=0, sid="01jd")
    outbox.close()
    return settings


def all_bytes(root: Path) -> dict[str, bytes]:
    return {str(p): p.read_bytes() for p in root.rglob("*") if p.is_file() and p.suffix not in {".db-shm", ".db-wal"}}


def test_a_folder_in_order_has_nothing_broken(place: Settings) -> None:
    found = looked(place)
    broken = {about: check for about, check in found.items() if check.state in {"fail", "warn"}}
    assert set(broken) <= {"clock"}, broken  # where nothing sets this machine's clock
    assert "1 athletes" in found["registry"].text
    assert "1 gateways" in found["store"].text
    assert "2 of 2 messages wait" in found["outbox"].text


def test_looking_makes_and_changes_nothing(place: Settings, tmp_path: Path) -> None:
    before = all_bytes(tmp_path)
    looked(place)
    assert {p.name for p in place.data_dir.iterdir()} >= {"registry.db", "store.db", "outbox.db"}
    after = all_bytes(tmp_path)
    assert after == before
    nowhere = load_settings(data_dir=tmp_path / "not-there")
    looked(nowhere)
    assert not nowhere.data_dir.exists()


def versions(place: Settings) -> tuple[list[str], list[int]]:
    with closing(sqlite3.connect(place.data_dir / "registry.db")) as db:
        tables = sorted(name for (name,) in db.execute("SELECT name FROM sqlite_master"))
    with closing(sqlite3.connect(place.data_dir / "store.db")) as db:
        return tables, [version for (version,) in db.execute("PRAGMA user_version")]


def test_databases_of_an_older_version_are_told_and_stay_as_they_are(place: Settings) -> None:
    with closing(sqlite3.connect(place.data_dir / "registry.db")) as db:
        db.executescript("DROP TABLE due; DROP TABLE leases; DROP TABLE told")
        db.execute("UPDATE alembic_version SET version_num = '0011_gateways'")
        db.commit()
    with closing(sqlite3.connect(place.data_dir / "store.db")) as db:
        db.execute("PRAGMA user_version = 4")
    before = versions(place)
    found = looked(place)
    assert [found[about].state for about in ("registry", "store")] == ["warn", "warn"]
    assert "backup" in found["registry"].mend
    assert versions(place) == before


def test_people_whom_nobody_judges_are_told(place: Settings) -> None:
    with Registry(f"sqlite:///{place.data_dir / 'registry.db'}") as registry:
        registry.work.note([DueJudgement("ana-id", "UTC", simulated=False, since=date(2026, 11, 20), final=True)])
        assert "judging" not in looked(place)
        with registry._session(writes=True) as session:
            session.execute(update(DueRow).values(noted_s=DueRow.noted_s - 100.0))
    assert looked(place)["judging"].text.startswith("1 people have waited")


def test_databases_that_settings_name_and_nobody_has_made_are_not_made(place: Settings, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    settings = load_settings(
        data_dir=place.data_dir, store=f"sqlite:///{elsewhere}/s.db", registry=f"sqlite:///{elsewhere}/r.db"
    )
    found = looked(settings)
    assert [found[about].state for about in ("registry", "store")] == ["ok", "ok"]
    assert not elsewhere.exists()


def test_a_broker_that_a_hub_would_refuse_to_start_is_not_well(place: Settings) -> None:
    broker = looked(load_settings(data_dir=place.data_dir, mqtt_host="0.0.0.0"))["broker"]  # noqa: S104 (never opened)
    assert broker.state == "fail"
    assert "mqtt_cert" in broker.mend


def test_a_damaged_store_is_told_with_its_mend(place: Settings) -> None:
    store = place.data_dir / "store.db"
    for beside in ("store.db-wal", "store.db-shm"):
        (place.data_dir / beside).unlink(missing_ok=True)
    octets = bytearray(store.read_bytes())
    octets[4096:8192] = os.urandom(4096)
    store.write_bytes(octets)
    check = looked(place)["store.db"]
    assert check.state == "fail"
    assert "backup" in check.mend


def test_a_file_that_is_no_database_is_told(place: Settings) -> None:
    (place.data_dir / "registry.db").write_bytes(b"not a database" * 1000)
    found = looked(place)
    assert found["registry.db"].state == "fail"
    assert found["registry"].state == "fail"
    assert found["store"].state == "ok"  # one fault stops no other look


@pytest.mark.parametrize(("free", "state"), [(10**6, "fail"), (5 * 10**8, "warn"), (10**12, "ok")])
def test_little_room_is_told_before_there_is_none(
    place: Settings, monkeypatch: pytest.MonkeyPatch, free: int, state: str
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=free))
    (disk,) = (check for check in look_at_files(place.data_dir) if check.about == "disk")
    assert disk.state == state


def test_a_folder_that_others_can_read_is_told(place: Settings) -> None:
    place.data_dir.chmod(0o755)
    assert looked(place)["rights"].state == "warn"
    place.data_dir.chmod(0o700)
    assert looked(place)["rights"].state == "ok"


def test_missing_numbers_and_dead_letters_are_told(place: Settings) -> None:
    with open_archive(place) as archive:
        events = batches(6)
        archive.recorded.commit(
            [Envelope("edge-a", 6, events[5])], [DeadLetter("t", b"x", "steps: 'side' is not text", "edge-b", 1)]
        )
    found = looked(place)
    assert found["messages"].text.startswith("2 numbers")
    assert "'side' is not text" in found["dead letters"].text


def test_an_outbox_that_fills_is_told(place: Settings) -> None:
    path = place.data_dir / "outbox.db"
    with closing(sqlite3.connect(path)) as db:
        db.executemany("INSERT INTO waiting VALUES (?, 't', 'x')", [(n,) for n in range(100, 11_000)])
        db.commit()
    (check,) = look_at_outbox(path)
    assert check.state == "warn"


def test_a_broker_that_refuses_is_told_without_its_password(
    place: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broker = start_mosquitto(tmp_path)
    try:
        good = looked(load_settings(data_dir=place.data_dir, mqtt=broker.url))["broker"]
        assert good.state == "ok", good
        wrong = f"mqtt://hub:hush-hush@127.0.0.1:{broker.port}"
        bad = looked(load_settings(data_dir=place.data_dir, mqtt=wrong))["broker"]
    finally:
        broker.stop()
    assert bad.state == "fail"
    assert "hush-hush" not in json.dumps([good.text, bad.text, bad.mend])
    monkeypatch.setattr("sensor_hub.app.doctor.servers.CONNECT_S", 0.5)
    gone = looked(load_settings(data_dir=place.data_dir, mqtt=broker.url))["broker"]
    assert gone.state == "fail"


def certificate(path: Path, days_left: float) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hub.local")])
    now_utc = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now_utc - timedelta(days=400))
        .not_valid_after(now_utc + timedelta(days=days_left))
        .sign(key, hashes.SHA256())
    )
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.mark.parametrize(("days_left", "state"), [(-1, "fail"), (10, "warn"), (200, "ok")])
def test_a_certificate_that_ends_is_told_a_month_before(
    place: Settings, tmp_path: Path, days_left: float, state: str
) -> None:
    cert = certificate(tmp_path / "web.pem", days_left)
    found = looked(load_settings(data_dir=place.data_dir, web_cert=cert, web_key=cert))
    assert found["certificate of the page"].state == state


def test_the_embedded_broker_of_a_hub_that_runs_is_tried_as_an_edge_here_would(place: Settings, tmp_path: Path) -> None:
    assert "none runs here" in looked(place)["broker"].text
    certificates.init(tmp_path / "tls", ["hub.test"], now_utc=datetime.now(UTC).replace(microsecond=0))
    files = {"mqtt_cert": tmp_path / "tls/server.crt", "mqtt_key": tmp_path / "tls/server.key"}
    settings = place.model_copy(update={**files, "mqtt_ca": tmp_path / "tls/ca.crt", "mqtt_port": free_port()})
    hub = Hub(settings, Place.at(settings.data_dir), web=False)
    hub.start()
    try:
        found = looked(settings)["broker"]
        assert (found.state, "mqtts://edge@localhost" in found.text) == ("ok", True)
        without_ca = looked(settings.model_copy(update={"mqtt_ca": None}))["broker"]
        assert (without_ca.state, "SENSOR_HUB_MQTT_CA" in without_ca.text) == ("fail", True)
    finally:
        hub.stop()


def test_a_key_that_others_can_read_is_told(place: Settings, tmp_path: Path) -> None:
    key = tmp_path / "server.key"
    key.touch(mode=0o600)
    settings = place.model_copy(update={"mqtt_key": key})
    assert "key of the broker" not in looked(settings)
    key.chmod(0o644)
    assert looked(settings)["key of the broker"].mend == f"chmod o= {key}"


def test_a_page_for_others_without_tls_and_without_accounts_is_told(place: Settings) -> None:
    found = looked(load_settings(data_dir=place.data_dir, web_host="192.0.2.1", web_port=place.web_port))
    assert found["page"].state == "warn"
    assert "user add" in found["accounts"].mend


def test_the_command_says_it_to_people_and_to_programs(place: Settings) -> None:
    where = ["doctor", "--no-bluetooth", "--data-dir", str(place.data_dir)]
    env = {"SENSOR_HUB_WEB_PORT": str(place.web_port)}
    shown = CliRunner().invoke(app, where, env=env)
    assert shown.exit_code == 0, shown.output
    assert "Nothing is broken" in shown.output or "as it should be" in shown.output
    told = json.loads(CliRunner().invoke(app, [*where, "--json"], env=env).output)
    assert told["state"] in {"ok", "unknown", "warn"}
    (place.data_dir / "registry.db").write_bytes(b"not a database" * 1000)
    assert CliRunner().invoke(app, where, env=env).exit_code == 1


def test_a_fault_outweighs_everything_and_unknown_is_not_ok() -> None:
    def one(*states: str) -> str:
        return worst([Check("x", state, "") for state in states])  # type: ignore[arg-type]

    assert one() == "ok"
    assert one("ok", "unknown") == "unknown"
    assert one("warn", "unknown") == "warn"
    assert one("fail", "warn", "ok") == "fail"
