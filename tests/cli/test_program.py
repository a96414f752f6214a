"""The program around the commands: help, version, what it imports, and how it behaves in a pipe."""

import json
import os
import pty
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from importlib.metadata import version
from pathlib import Path

import pytest
import typer.main

from sensor_hub.adapters.registry import Registry
from sensor_hub.cli.main import app
from tests.cli.conftest import Cli

PROGRAM = [sys.executable, "-m", "sensor_hub.cli"]
ROOT = Path(__file__).parents[2]
HEAVY = {"numpy", "scipy", "nicegui", "sqlalchemy", "pydantic", "paho", "amqtt", "httpx", "fitdecode", "mcap",
         "apprise"}  # fmt: skip


def commands() -> Iterator[tuple[str, ...]]:
    def below(command: object, words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        inner = getattr(command, "commands", None)
        if inner is None:
            yield words
            return
        for name, one in inner.items():
            yield from below(one, (*words, name))

    return below(typer.main.get_command(app), ())


COMMANDS = list(commands())


def environment(cli: Cli, **more: str) -> dict[str, str]:
    plain = {k: v for k, v in os.environ.items() if k not in {"NO_COLOR", "FORCE_COLOR"}}
    return {**plain, "TERM": "xterm-256color", "SENSOR_HUB_DATA_DIR": str(cli.data_dir), **more}


def test_every_command_is_known_here() -> None:
    assert {" ".join(words) for words in COMMANDS} >= {
        "athlete add", "athlete list", "athlete set", "athlete merge", "session analyze", "session import",
        "session list", "session replay", "load status", "demo", "run", "hub", "edge",
    }  # fmt: skip


def test_no_name_is_given_to_two_groups_of_commands() -> None:
    names = [group.name for group in app.registered_groups]
    assert sorted(names, key=str) == sorted(set(names), key=str)


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_the_help_of_a_command_has_an_example_of_it(cli: Cli, words: tuple[str, ...]) -> None:
    said = " ".join(cli.ok(*words, "--help").out.split())
    assert "Example" in said
    assert f"sensor-hub {' '.join(words)}" in said.split("Example")[1]
    assert cli.ok(*words, "-h").out


@pytest.mark.parametrize("words", [(), ("athlete",), ("session",), ("load",)])
def test_a_group_without_command_shows_its_help(cli: Cli, words: tuple[str, ...]) -> None:
    answer = cli(*words)
    assert "Usage:" in answer.out + answer.err


def test_the_version_is_the_package_s(cli: Cli) -> None:
    assert cli.ok("--version").out == f"sensor-hub {version('sensor-hub')}\n"


@pytest.mark.parametrize("words", [("dance",), ("athlete", "dance"), ("session", "analyze", "x", "--dance")])
def test_an_unknown_word_leaves_with_2_and_says_it(cli: Cli, words: tuple[str, ...]) -> None:
    answer = cli(*words)
    assert (answer.code, answer.out) == (2, "")
    assert "dance" in answer.err
    assert "Traceback" not in answer.err


def imported(cli: Cli, *words: str) -> set[str]:
    """Names of the libraries a command has imported when it leaves."""
    code = (
        "import sys, json\nfrom sensor_hub.cli.main import run\n"
        "try:\n    run()\nexcept SystemExit as left:\n    assert not left.code, left.code\n"
        "print(json.dumps(sorted({name.split('.')[0] for name in sys.modules})), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *words], capture_output=True, text=True, cwd=ROOT, env=environment(cli), check=True
    )
    return set(json.loads(done.stderr.splitlines()[-1]))


def test_asking_for_help_imports_nothing_heavy(cli: Cli) -> None:
    assert imported(cli, "--help") & HEAVY == set()
    for words in (("session", "analyze"), ("demo",)):  # typer itself asks pydantic about the types of options
        assert imported(cli, *words, "--help") & HEAVY <= {"pydantic"}


def test_small_commands_do_not_load_the_page_or_the_broker(cli: Cli) -> None:
    loaded = imported(cli, "athlete", "list")
    assert loaded & {"scipy", "nicegui", "paho", "amqtt", "httpx", "fitdecode", "mcap"} == set()
    assert "sqlalchemy" in loaded, "the test sees what is imported"


# --- settings --------------------------------------------------------------------------------------------------------


def test_a_setting_that_is_wrong_is_one_line(cli: Cli) -> None:
    cli.monkeypatch.setenv("SENSOR_HUB_WEB_PORT", "eighty")
    assert "SENSOR_HUB_WEB_PORT" in cli.refused("athlete", "list")


def test_a_data_folder_that_cannot_be_is_one_line(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    said = cli.refused("athlete", "list", "--data-dir", tmp_path / "file" / "x")
    assert "(give another folder: --data-dir, or SENSOR_HUB_DATA_DIR)" in said


def test_a_store_that_is_no_store_is_one_line(cli: Cli) -> None:
    cli.data_dir.mkdir()
    (cli.data_dir / "store.db").write_text("not a database" * 1000)
    assert "store.db" in cli.refused("session", "list")
    (cli.data_dir / "store.db").unlink()
    (cli.data_dir / "registry.db").write_text("not a database" * 1000)
    assert "registry.db" in cli.refused("session", "list")


# --- pipes and terminals ---------------------------------------------------------------------------------------------


@pytest.fixture
def many(cli: Cli) -> Cli:
    """So many athletes that their list is longer than any buffer."""
    cli.data_dir.mkdir(mode=0o700)
    path = cli.data_dir / "registry.db"
    with Registry(f"sqlite:///{path}") as registry:
        registry.add_athlete("First", "UTC")
    with closing(sqlite3.connect(path)) as db, db:
        columns = [row[1] for row in db.execute("PRAGMA table_info(athletes)")]
        values = ", ".join(
            {"id": "'x' || n", "display_name": "'Athlete ' || n", "name_key": "'athlete ' || n"}.get(c, c)
            for c in columns
        )
        db.execute(
            f"WITH RECURSIVE numbers(n) AS (SELECT 1000 UNION ALL SELECT n + 1 FROM numbers WHERE n < 2000) "  # noqa: S608
            f"INSERT INTO athletes ({', '.join(columns)}) SELECT {values} FROM athletes, numbers"
        )
    return cli


@pytest.mark.parametrize(
    "words",
    [
        ("athlete", "list", "--json"),
        ("--help",),
        pytest.param(("athlete", "list"), marks=pytest.mark.thorough),
        pytest.param(("--version",), marks=pytest.mark.thorough),
    ],
)
def test_a_reader_that_has_gone_is_left_quietly(many: Cli, words: tuple[str, ...]) -> None:
    reads, writes = os.pipe()
    os.close(reads)
    with os.fdopen(writes, "wb") as gone:
        done = subprocess.run(
            [*PROGRAM, *words], stdout=gone, stderr=subprocess.PIPE, cwd=ROOT, env=environment(many), check=False
        )
    assert done.stderr == b""
    assert done.returncode == 0


def test_a_reader_that_leaves_after_a_line_is_left_quietly(many: Cli) -> None:
    with subprocess.Popen(
        [*PROGRAM, "athlete", "list", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env=environment(many),
    ) as program:
        assert program.stdout is not None
        assert program.stderr is not None
        assert program.stdout.readline() == b"[\n"
        program.stdout.close()
        assert program.stderr.read() == b""
        assert program.wait() == 0


@pytest.mark.parametrize(
    "words",
    [
        ("athlete", "list"),
        ("--help",),
        pytest.param(("load", "status", "--athlete", "Ana"), marks=pytest.mark.thorough),
    ],
)
def test_what_goes_into_a_pipe_has_no_ansi(cli: Cli, words: tuple[str, ...]) -> None:
    cli.ok("athlete", "add", "Ana")
    done = subprocess.run([*PROGRAM, *words], capture_output=True, cwd=ROOT, env=environment(cli), check=True)
    assert b"\x1b" not in done.stdout + done.stderr
    assert done.stdout


def on_a_terminal(cli: Cli, *words: str, **more: str) -> bytes:
    """What a command prints on a terminal of its own."""
    ours, theirs = pty.openpty()
    try:
        with subprocess.Popen(
            [*PROGRAM, *words], stdout=theirs, stderr=theirs, stdin=theirs, cwd=ROOT, env=environment(cli, **more)
        ) as program:
            os.close(theirs)
            said = b""
            while True:
                try:
                    part = os.read(ours, 65536)
                except OSError:  # the other end is closed
                    break
                if not part:
                    break
                said += part
            assert program.wait() == 0
    finally:
        os.close(ours)
    return said


def test_a_terminal_gets_ansi_unless_no_color_is_set(cli: Cli) -> None:
    cli.ok("athlete", "add", "Ana")
    assert b"\x1b[" in on_a_terminal(cli, "athlete", "list")
    plain = on_a_terminal(cli, "athlete", "list", NO_COLOR="1")
    assert b"\x1b" not in plain
    assert b"Ana" in plain
