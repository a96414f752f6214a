import shutil
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine

from sensor_hub.adapters.registry import Registry
from sensor_hub.adapters.registry.addresses import database_at
from sensor_hub.adapters.registry.opening import migrations_config, open_engine
from sensor_hub.adapters.registry.tables import Base
from sensor_hub.errors import RegistryError
from sensor_hub.model.athlete import Athlete, Device, Shoe
from sensor_hub.model.calibration import Calibration
from tests import new_registries

OLD = Path(__file__).parent / "schema_0001.sql"
ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def migrated(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here no registry is a copy."""
    new_registries.are_migrated(monkeypatch)


def old_database(path: Path) -> Path:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(OLD.read_text())
    return path


def schema(path: Path) -> dict[str, object]:
    """Columns, indexes, foreign keys and check constraints of every table, without the order of text."""
    with closing(sqlite3.connect(path)) as connection:
        tables = {
            name: sql
            for name, sql in connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
            if name != "alembic_version"
        }
        return {
            name: (
                sorted(row[1:] for row in connection.execute(f"PRAGMA table_info({name})")),
                sorted(row[1:] for row in connection.execute(f"PRAGMA index_list({name})")),
                sorted(row[2:] for row in connection.execute(f"PRAGMA foreign_key_list({name})")),
                sorted(line.strip(" \t,") for line in sql.splitlines() if "CONSTRAINT" in line),
            )
            for name, sql in tables.items()
        }


def created_from_models(path: Path) -> Path:
    engine = create_engine(f"sqlite:///{path}")
    Base.metadata.create_all(engine)
    engine.dispose()
    return path


@pytest.mark.parametrize("start", ["new", "old"])
def test_the_migrated_schema_is_the_models_schema(tmp_path: Path, start: str) -> None:
    path = tmp_path / "registry.db"
    if start == "old":
        old_database(path)
    Registry(f"sqlite:///{path}").close()
    assert schema(path) == schema(created_from_models(tmp_path / "models.db"))


def test_alembic_itself_sees_no_difference_between_migrations_and_models(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'registry.db'}")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    engine.dispose()


def test_an_old_database_keeps_everything_and_learns_who_me_is(tmp_path: Path) -> None:
    path = old_database(tmp_path / "registry.db")
    with Registry(f"sqlite:///{path}") as registry:
        me = Athlete("aaaaaaaa", "me", "Europe/Berlin", 70.0, 1)
        assert registry.athletes() == [Athlete("bbbbbbbb", "Bert", "UTC", None, 7), me]
        assert registry.devices() == [Device("dddddddd", "AA:BB", "pod", "standard-rsc", "aaaaaaaa", "L", "foot")]
        retired = datetime(2026, 1, 1, tzinfo=UTC)
        assert registry.shoes.all() == [Shoe("ssssssss", "aaaaaaaa", "Racer", 8.0, 1000.0, retired)]
        assert registry.resolve("cccccccc") == "aaaaaaaa"
        assert registry.set_athlete("me", name="Anna") == registry.me("UTC")


def at_revision(path: Path, revision: str) -> Path:
    """The old database, brought to a revision in between."""
    config = migrations_config()
    engine = create_engine(f"sqlite:///{old_database(path)}")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()
    return path


def test_a_database_from_before_anything_was_learned_keeps_its_rows_and_can_learn(tmp_path: Path) -> None:
    path = at_revision(tmp_path / "registry.db", "0003")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE devices SET fingerprint = 'f1', swing = 'z+'")
        connection.commit()
        assert not connection.execute("SELECT name FROM sqlite_master WHERE name = 'calibrations'").fetchall()
    with Registry(f"sqlite:///{path}") as registry:
        (device,) = registry.devices("me")
        assert (device.fingerprint, device.swing) == ("f1", "z+")
        assert [a.id for a in registry.athletes()] == ["bbbbbbbb", "aaaaaaaa"]
        assert (registry.learned.calibrations(), registry.learned.patterns()) == ([], [])
        line = Calibration("foot-1.0", "foot", 0.01, 0.0, 0.24, 0.008, 220, "force", date(2026, 11, 21), 0.0111)
        registry.learned.keep_calibration("me", line)
    with Registry(f"sqlite:///{path}") as registry:
        assert registry.learned.calibrations() == [("aaaaaaaa", line)]
    assert schema(path) == schema(created_from_models(tmp_path / "models.db"))


def test_a_migration_that_fails_leaves_the_old_database_as_it_was(tmp_path: Path) -> None:
    path = old_database(tmp_path / "registry.db")
    with closing(sqlite3.connect(path)) as connection:
        # Revision 0002 marks this athlete last of all, so its other changes are made by then.
        connection.execute("CREATE TRIGGER no BEFORE UPDATE ON athletes BEGIN SELECT RAISE(ABORT, 'not today'); END")
    before = schema(path)
    with pytest.raises(RegistryError, match="not today"):
        Registry(f"sqlite:///{path}")
    assert schema(path) == before
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TRIGGER no")
    with Registry(f"sqlite:///{path}") as registry:
        assert registry.me("UTC").id == "aaaaaaaa"


def test_a_database_of_a_later_version_is_refused_with_the_mend(tmp_path: Path) -> None:
    path = old_database(tmp_path / "registry.db")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    with pytest.raises(RegistryError, match=r"another version of sensor-hub .*: update sensor-hub"):
        Registry(f"sqlite:///{path}")


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "registry.db"
    path.write_bytes(b"certainly not a database" * 100)
    with pytest.raises(RegistryError, match="not a database"):
        Registry(f"sqlite:///{path}")


def test_a_place_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(RegistryError, match="choose a place"):
        Registry(f"sqlite:///{tmp_path / 'file' / 'registry.db'}")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "registry.db",
        "sqlite://",
        "sqlite:///:memory:",
        "postgresql://u:secret@h/d",
        "mysql://u:secret@h/d?p=secret",
    ],
)
def test_an_address_of_no_database_we_know_is_refused_without_repeating_a_password(url: str) -> None:
    with pytest.raises(RegistryError, match="give sqlite:///PATH or postgresql") as refused:
        database_at(url)
    assert "secret" not in str(refused.value)


def test_the_file_is_for_its_owner_in_wal_with_foreign_keys_on(tmp_path: Path) -> None:
    path = tmp_path / "registry.db"
    engine = open_engine(f"sqlite:///{path}")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for _ in range(2):  # the connection that migrated goes back into the pool
        with engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"
    engine.dispose()


def test_the_package_opens_a_registry_from_wherever_it_is_installed(tmp_path: Path) -> None:
    installed = tmp_path / "installed 100%"
    shutil.copytree(ROOT / "sensor_hub", installed / "sensor_hub", ignore=shutil.ignore_patterns("__pycache__"))
    code = (
        "import sensor_hub, sys; from sensor_hub.adapters.registry import Registry;"
        "assert sensor_hub.__file__.startswith(sys.argv[1]);"
        "r = Registry('sqlite:///registry.db'); print(r.me('UTC').display_name); r.close()"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code, str(installed)],
        cwd=tmp_path, env={"PYTHONPATH": str(installed)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.stdout.strip(), done.stderr) == ("me", "")
