"""What only a server can show: two programs at once, a server that ends, tables made from nothing, TLS."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import make_url

from sensor_hub.adapters.registry import Registry
from sensor_hub.adapters.registry.addresses import database_at
from sensor_hub.adapters.registry.opening import open_engine, reading
from sensor_hub.adapters.registry.postgres_address import PostgresAddress
from sensor_hub.adapters.registry.tables import Base
from sensor_hub.errors import ConfigError, RegistryError
from sensor_hub.model.edit import Entry, Tell
from tests.certificates import certificate
from tests.servers_postgres import Postgres

pytestmark = pytest.mark.server("postgresql")
MADE_UTC = datetime(2026, 11, 20, 8, 0, 0, 123456, tzinfo=UTC)
ADD_MANY = """
import sys
from sensor_hub.adapters.registry import Registry
with Registry(sys.stdin.readline().strip()) as registry:
    for n in range(int(sys.argv[2])):
        registry.add_athlete(f"{sys.argv[1]} {n}", "UTC")
        registry.me("UTC")
"""


@pytest.fixture
def empty(postgres: Postgres) -> Iterator[str]:
    postgres.sql("CREATE DATABASE without_tables TEMPLATE template0")
    yield "without_tables"
    postgres.sql("DROP DATABASE without_tables WITH (FORCE)")


def add_many(url: str, name: str, n: int) -> "subprocess.Popen[str]":
    """A program of its own; the address comes by a pipe, as a password is in it."""
    process = subprocess.Popen(
        [sys.executable, "-W", "error", "-c", ADD_MANY, name, str(n)],
        stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdin is not None
    process.stdin.write(url + "\n")
    process.stdin.flush()
    return process


def test_two_programs_make_the_tables_at_once_and_write_at_once_and_nothing_is_lost(
    postgres: Postgres, empty: str
) -> None:
    processes = [add_many(postgres.url(empty), name, 15) for name in ("one", "two")]
    told = [process.communicate(timeout=60)[1] for process in processes]
    assert [process.returncode for process in processes] == [0, 0], told
    with Registry(postgres.url(empty)) as registry:
        assert sorted(athlete.display_name for athlete in registry.athletes()) == sorted(
            ["me", *(f"{name} {n}" for name in ("one", "two") for n in range(15))]
        )


def test_tables_made_from_nothing_are_the_models_and_texts_sort_as_on_sqlite(postgres: Postgres, empty: str) -> None:
    engine = open_engine(postgres.url(empty))
    with reading(engine) as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    engine.dispose()
    other = postgres.sql(
        "SELECT count(*) FROM information_schema.columns WHERE table_schema = 'public' AND data_type IN"
        " ('character varying', 'text') AND collation_name IS DISTINCT FROM 'C'",
        database=empty,
    )
    assert other == "0"
    with Registry(postgres.url(empty)) as registry:
        for name in ("äpfel", "Zoe", "anna", "_x"):
            registry.add_athlete(name, "UTC")
        assert [athlete.display_name for athlete in registry.athletes()] == ["_x", "anna", "Zoe", "äpfel"]


def test_a_migration_that_fails_leaves_no_table_behind(postgres: Postgres, empty: str) -> None:
    postgres.sql("CREATE TABLE journal (mine int)", database=empty)  # revision 0006 finds its name taken
    with pytest.raises(RegistryError, match="already exists"):
        Registry(postgres.url(empty))
    tables = postgres.sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public'", database=empty)
    assert tables == "journal"


def test_a_database_of_a_later_version_is_refused_with_the_mend(postgres: Postgres, database: str) -> None:
    postgres.sql("UPDATE alembic_version SET version_num = '9999'", database=database)
    with pytest.raises(RegistryError, match=r"another version of sensor-hub .*: update sensor-hub"):
        Registry(postgres.url(database))


def test_names_need_an_encoding_that_knows_them(postgres: Postgres) -> None:
    postgres.sql("CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'")
    with pytest.raises(RegistryError, match="encoding is LATIN1, and names need UTF8"):
        Registry(postgres.url("latin"))
    postgres.sql("DROP DATABASE latin")


def test_after_the_server_was_killed_a_call_says_so_and_once_it_is_back_the_next_one_works() -> None:
    server = Postgres()
    try:
        server.sql("CREATE DATABASE hub")
        with Registry(server.url("hub")) as registry:
            anna = registry.add_athlete("Anna", "UTC")
            server.kill()
            for call in (registry.athletes, lambda: registry.known(anna.id), lambda: registry.me("UTC")):
                with pytest.raises(RegistryError, match="cannot be reached") as refused:
                    call()
                assert server.password not in str(refused.value)
            server.restart()
            assert registry.athletes() == [anna]
            server.stop()
            server.restart()  # in between nobody asked: the old connections are found broken by the next call
            assert registry.me("UTC").display_name == "me"
            server.stop()
        with pytest.raises(RegistryError, match=r"cannot be reached: .*refused"):
            Registry(server.url("hub"))
    finally:
        server.remove()


def test_a_reader_sees_one_moment_while_others_write(postgres: Postgres, database: str) -> None:
    engine = open_engine(postgres.url(database))
    with Registry(postgres.url(database)) as registry, reading(engine) as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM athletes").scalar_one() == 0
        registry.add_athlete("Anna", "UTC")
        assert connection.exec_driver_sql("SELECT count(*) FROM athletes").scalar_one() == 0
    engine.dispose()


def test_a_number_that_came_with_somebody_is_not_given_again(postgres: Postgres, database: str) -> None:
    with Registry(postgres.url(database)) as registry:
        first = registry.persons.reserve_references(2, above=3_000_000_000)
        assert first == [3_000_000_001, 3_000_000_002]
        assert registry.persons.reserve_references(1) == [3_000_000_003]


def test_of_an_erased_athlete_no_file_of_a_table_has_a_byte_and_the_rest_stays(
    postgres: Postgres, database: str
) -> None:
    number = postgres.sql("SELECT oid FROM pg_database WHERE datname = current_database()", database=database)
    folder = postgres.folder / "data" / "base" / number

    def left(text: str) -> bool:
        postgres.sql("CHECKPOINT", database=database)  # what is in the server's memory goes to its files
        return any(text.encode() in file.read_bytes() for file in folder.iterdir())

    with Registry(postgres.url(database)) as registry:
        ana, ben = registry.add_athlete("Anastasia Q", "UTC"), registry.add_athlete("Benedict R", "UTC")
        registry.shoes.add(ana.id, "crimson")
        registry.journal.append([Entry("e1", ana.id, MADE_UTC, "cli", Tell("s1", note="quarrelsome"))])
        assert left("Anastasia")
        assert left("quarrelsome")
        registry.erasing.finish(ana.id)
        assert [text for text in (ana.id, "Anastasia", "crimson", "quarrelsome") if left(text)] == []
        assert left("Benedict")
        assert registry.athletes() == [ben]


def test_an_erasure_waits_for_who_reads_and_says_so_in_the_end(
    postgres: Postgres, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sensor_hub.adapters.registry.postgres.READERS_END_WITHIN_S", 0.2)
    engine = open_engine(postgres.url(database))
    with Registry(postgres.url(database)) as registry:
        ana = registry.add_athlete("Ana", "UTC")
        with reading(engine) as connection:
            connection.exec_driver_sql("SELECT * FROM athletes")
            with pytest.raises(RegistryError, match="call this again"):
                registry.erasing.finish(ana.id)
        registry.erasing.finish(ana.id)
        assert registry.athletes() == []
    engine.dispose()


def test_many_threads_ask_at_once(postgres: Postgres, database: str) -> None:
    with Registry(postgres.url(database)) as registry, ThreadPoolExecutor(12) as pool:
        anna = registry.add_athlete("Anna", "UTC")
        assert set(pool.map(lambda _: registry.known(anna.id), range(100))) == {anna}


# --- addresses: no server is asked -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("postgresql+pg8000://u:secret@h/d?sslmode=require", "sslmode is 'require'; allowed: verify-full or disable"),
        ("postgresql+pg8000://u:secret@h/d?colour=secret", "no option 'colour'"),
        ("postgresql+pg8000://u:secret@h", "needs user, host and database"),
        ("postgresql+pg8000://h/d", "needs user, host and database"),
        ("postgresql+pg8000://u:secret@h/d?sslmode=disable&sslrootcert=x", "contradict"),
        ("postgresql+pg8000://u:secret@h/d?sslcert=x", "go together"),
        ("postgresql+pg8000://u:secret@h/d?sslrootcert=nowhere.pem", "sslrootcert nowhere.pem: No such file"),
    ],
)
def test_an_address_that_cannot_be_is_refused_without_its_password(address: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said) as refused:
        database_at(address).connect()
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("rest", "has_tls"),
    [
        ("127.0.0.1/d", False),
        ("localhost:5433/d", False),
        ("[::1]/d", False),
        ("db.example/d", True),
        ("10.0.0.5/d", True),
        ("db.example/d?sslmode=disable", False),
        ("127.0.0.1/d?sslmode=verify-full", True),
        ("localhost/d?sslrootcert=ca.pem", True),
    ],
)
def test_every_way_off_this_machine_is_encrypted_unless_told_otherwise(rest: str, has_tls: bool) -> None:
    address = PostgresAddress.of(make_url(f"postgresql+pg8000://u:secret@{rest}"))
    assert address.has_tls is has_tls
    assert "secret" not in f"{address!r} {address} {address.shown}"


def test_without_the_driver_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pg8000", None)
    with pytest.raises(ConfigError, match=r"pip install 'sensor-hub\[postgres\]'"):
        Registry("postgresql+pg8000://u:p@127.0.0.1/d")


# --- TLS --------------------------------------------------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")  # the driver drops the one it did not trust
def test_over_tls_a_certificate_is_believed_only_if_its_authority_is_known_and_the_name_is_right(
    tmp_path: Path,
) -> None:
    texts = certificate(tmp_path, "localhost")
    server = Postgres(tls=texts)
    try:
        server.sql("CREATE DATABASE hub")
        trusted = {"sslrootcert": str(tmp_path / "cert.pem")}
        by_name = server.url("hub", **trusted).replace("127.0.0.1", "localhost")
        with Registry(by_name) as registry:
            assert registry.me("UTC").display_name == "me"
            with reading(registry._engine) as connection:
                query = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
                assert connection.exec_driver_sql(query).scalar_one() is True
        with pytest.raises(RegistryError, match=r"not valid for '127\.0\.0\.1'"):
            Registry(server.url("hub", **trusted))
        with pytest.raises(RegistryError, match="self-signed certificate"):
            Registry(server.url("hub", sslmode="verify-full").replace("127.0.0.1", "localhost"))
    finally:
        server.remove()


def test_a_server_without_tls_is_refused_where_tls_is_asked_for(postgres: Postgres, database: str) -> None:
    with pytest.raises(RegistryError, match="Server refuses SSL"):
        Registry(postgres.url(database, sslmode="verify-full"))
