"""A registry that moves is row by row the same, both ways; a number is never given twice, and no rest is left."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from sensor_hub.adapters.registry import Registry
from sensor_hub.adapters.registry.addresses import with_password
from sensor_hub.adapters.registry.copying import copy_registry
from sensor_hub.adapters.registry.tables import Base
from sensor_hub.errors import RegistryError
from sensor_hub.model.calibration import Calibration
from sensor_hub.model.edit import Delete, Entry, Tell
from sensor_hub.model.load import LoadReference
from sensor_hub.model.pattern import GaitPattern
from sensor_hub.model.reference import Learned
from sensor_hub.model.roster import RosterLine
from tests.servers_postgres import Postgres

pytestmark = pytest.mark.server("postgresql")
MADE_UTC = datetime(2026, 11, 20, 8, 0, 0, 123456, tzinfo=UTC)
LEARNED = Learned(
    LoadReference(
        "", 0.3612345678901234, 0.25, 5.4321, "achilles-1.0.0", "imu/foot", date(2026, 11, 21), 6, 12_000.5, 1.04
    ),
    at_easy_speed=True,
)


@pytest.fixture
def filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A SQLite registry with something of everything, and more rows than go at once."""
    monkeypatch.setattr("sensor_hub.adapters.registry.copying.AT_ONCE", 50)
    url = f"sqlite:///{tmp_path / 'old' / 'registry.db'}"
    with Registry(url) as registry:
        ana, old, ben = (
            registry.add_athlete(name, "Europe/Berlin", mass_kg=61.123456789)
            for name in ("Änne O'Hara %", "Old", "Ben")
        )
        registry.references.keep("Old", LEARNED, asked=False)
        registry.references.keep("Old", LEARNED, asked=True)
        registry.merge_athletes(old.id, ana.id)
        pod = registry.add_device("AA:01", "Pod", "imu-generic", athlete=ana.id, side="L", mount="foot")
        registry.shoes.retire(registry.shoes.add(ben.id, "blue \N{RUNNING SHIRT WITH SASH}").id, MADE_UTC)
        line = Calibration(
            "foot-1.0", "foot", -0.0123456789012345, 0.1, 0.24, 0.008, 220, "f", date(2026, 11, 21), None
        )
        registry.learned.keep_calibration(ana.id, line)
        registry.learned.keep_pattern(ana.id, GaitPattern("foot", "L", ("a", "b"), (11.1, float("nan")), None, 1, 400))
        registry.rosters.write(
            [RosterLine(0, pod.id, ben.id, "L", None, MADE_UTC, datetime(2027, 1, 1, tzinfo=UTC))], MADE_UTC
        )
        edits = [Tell(f"s{n}", note='"quotes" and \\ and ß') if n % 2 else Delete(f"s{n}") for n in range(120)]
        registry.journal.append([Entry(f"e{n}", ana.id, MADE_UTC, "cli", edit) for n, edit in enumerate(edits)])
        gone = registry.add_athlete("Gone", "UTC")
        registry.journal.append([Entry("last", gone.id, MADE_UTC, "cli", Tell("s", note="x"))])
        registry.erasing.begin([gone.id])
        registry.erasing.finish(gone.id)  # the journal's highest number is of an entry that is gone
    return url


def rows(url: str) -> dict[str, list[str]]:
    with Registry(url) as registry:
        return {name: sorted(map(repr, found)) for name, found in registry.erasing.tables().items()}


def test_to_a_server_and_back_every_row_is_the_same_and_numbers_go_on(
    filled: str, postgres: Postgres, database: str, tmp_path: Path
) -> None:
    server, back = postgres.url(database), f"sqlite:///{tmp_path / 'back.db'}"
    there = copy_registry(filled, server)
    assert {table.name for table in there} == set(Base.metadata.tables)
    assert {table.name: table.n_rows for table in there}["journal"] == 120
    assert rows(server) == rows(filled)
    with Registry(server) as registry:
        registry.journal.append([Entry("next", registry.athlete("Ben").id, MADE_UTC, "cli", Delete("s"))])
        assert registry.journal.version() == (122, 121)  # 121 was the entry of somebody who is gone
        assert registry.references.keep("Ben", LEARNED, asked=False).reference.id == "ref-own-3"
    assert copy_registry(server, back) != there
    assert rows(back) == rows(server)
    with Registry(back) as registry:
        registry.journal.append([Entry("more", registry.athlete("Ben").id, MADE_UTC, "cli", Delete("s"))])
        assert registry.journal.version()[0] == 123


def test_a_target_that_is_not_empty_is_refused_and_stays_as_it_is(
    filled: str, postgres: Postgres, database: str
) -> None:
    with Registry(postgres.url(database)) as registry:
        carla = registry.add_athlete("Carla", "UTC")
        with pytest.raises(RegistryError, match=r"it is not empty \(athletes\): give an empty database"):
            copy_registry(filled, postgres.url(database))
        assert registry.athletes() == [carla]
        copy_registry(filled, postgres.url(database), replace=True)
    assert rows(postgres.url(database)) == rows(filled)
    with pytest.raises(RegistryError, match="into itself"):
        copy_registry(filled, filled)


def test_a_copy_that_is_not_what_it_was_is_undone(filled: str, postgres: Postgres, database: str) -> None:
    postgres.sql(
        "CREATE FUNCTION shorten() RETURNS trigger AS $$ BEGIN NEW.by := 'else'; RETURN NEW; END $$ LANGUAGE plpgsql",
        "CREATE TRIGGER shorten BEFORE INSERT ON journal FOR EACH ROW EXECUTE FUNCTION shorten()",
        database=database,
    )
    with pytest.raises(RegistryError, match=r"table journal is not what it was .*nothing was changed"):
        copy_registry(filled, postgres.url(database))
    with Registry(postgres.url(database)) as registry:
        assert registry.athletes() == []


def test_a_password_in_an_address_on_a_command_line_is_refused_and_not_repeated() -> None:
    with pytest.raises(RegistryError, match="leave it out") as refused:
        with_password("postgresql+pg8000://u:secret@h/d", None)
    assert "secret" not in str(refused.value)
    assert with_password("postgresql+pg8000://u@h/d", "p@ss/") == "postgresql+pg8000://u:p%40ss%2F@h/d"
