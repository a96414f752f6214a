"""``registry move``: to a real PostgreSQL and back, row by row; what is wrong is said, and never the password."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from sensor_hub.adapters.registry import Registry
from sensor_hub.app.judging.turns import ROUNDS
from sensor_hub.app.place import Place
from tests.cli.conftest import Cli
from tests.servers_postgres import Postgres

pytestmark = pytest.mark.server("postgresql")
WRONG = "not-the-pass"


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    server = Postgres()
    yield server
    server.remove()


@pytest.fixture
def there(postgres: Postgres) -> Iterator[str]:
    """Address of an empty database, without its password."""
    postgres.sql("CREATE DATABASE of_a_hub TEMPLATE template0")
    yield postgres.url("of_a_hub").replace(f":{postgres.password}@", "@")
    postgres.sql("DROP DATABASE of_a_hub WITH (FORCE)")


def typed(cli: Cli, text: str) -> None:
    cli.monkeypatch.setattr("sys.stdin", io.StringIO(text + "\n"))


def test_a_registry_is_moved_there_and_back(cli: Cli, postgres: Postgres, there: str, tmp_path: Path) -> None:
    for name in ("Ana", "Ben"):
        cli.ok("athlete", "add", name)
    cli.ok("shoe", "add", "Road", "--athlete", "Ana")
    typed(cli, postgres.password)
    answer = cli.ok("registry", "move", there, "--password-file", "-", "--json")
    tables = answer.json["tables"]
    assert (tables["athletes"]["rows"], tables["shoes"]["rows"]) == (2, 1)
    assert postgres.password not in answer.out + answer.err
    typed(cli, postgres.password)
    assert "it is not empty" in cli.refused("registry", "move", there, "--password-file", "-")

    here = cli.ok("athlete", "list", "--json").json
    cli.monkeypatch.setenv("SENSOR_HUB_REGISTRY", postgres.url("of_a_hub"))
    assert cli.ok("athlete", "list", "--json").json == here
    cli.ok("athlete", "add", "Cleo")
    assert "nothing was changed in the old one" in cli.ok("registry", "move", f"sqlite:///{tmp_path / 'back.db'}").out
    with Registry(f"sqlite:///{tmp_path / 'back.db'}") as registry:
        assert [athlete.display_name for athlete in registry.athletes()] == ["Ana", "Ben", "Cleo"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["WITH"], r"a password on a command line"),
        (["THERE", "--password-file", "-"], r"password authentication failed .*check user and password"),
        (["NONE", "--password-file", "FILE"], r"does not exist .*createdb"),
        (["postgresql+pg8000://hub@127.0.0.1:1/x", "--password-file", "-"], r"cannot be reached: .*refused"),
        (["mysql://hub@127.0.0.1/x"], r"is not usable: give"),
    ],
)
def test_a_move_says_what_is_wrong_and_never_the_password(
    cli: Cli, postgres: Postgres, there: str, tmp_path: Path, words: list[str], said: str
) -> None:
    (tmp_path / "password").write_text(postgres.password + "\n")
    meant = {
        "WITH": postgres.url("of_a_hub"),
        "THERE": there,
        "NONE": there.replace("of_a_hub", "nowhere"),
        "FILE": str(tmp_path / "password"),
    }
    typed(cli, WRONG)
    told = cli.refused("registry", "move", *(meant.get(word, word) for word in words))
    assert re.search(said, told)
    assert postgres.password not in told
    assert WRONG not in told


def test_a_file_with_no_password_is_named(cli: Cli, there: str) -> None:
    answer = cli("registry", "move", there, "--password-file", "nowhere.txt")
    assert answer.code == 2
    assert "nowhere.txt" in answer.err


def test_while_a_hub_runs_nothing_is_moved(cli: Cli, tmp_path: Path) -> None:
    with Place.at(cli.data_dir).lock_for_hub():
        assert "another hub runs" in cli.refused("registry", "move", f"sqlite:///{tmp_path / 'other.db'}")
    assert not (tmp_path / "other.db").exists()


def test_while_hubs_that_share_are_at_work_elsewhere_nothing_is_moved(cli: Cli, tmp_path: Path) -> None:
    cli.ok("athlete", "add", "Ana")
    with Registry(Place.at(cli.data_dir).registry_url) as registry:
        assert registry.work.take(ROUNDS, "hub-elsewhere", for_s=30.0)
        assert "on another machine" in cli.refused("registry", "move", f"sqlite:///{tmp_path / 'other.db'}")
        assert not (tmp_path / "other.db").exists()
        registry.work.give_back(ROUNDS, "hub-elsewhere")
    cli.ok("registry", "move", f"sqlite:///{tmp_path / 'other.db'}")
