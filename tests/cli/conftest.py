"""The command line, run in this process with a data folder of its own."""

import json
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer.main

from sensor_hub.cli.main import app, run

_build = typer.main.get_command


@cache
def command() -> Any:
    """All the commands, put together once: typer does it anew for each call of a program, which is one a process."""
    return _build(app)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command left with."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True, slots=True)
class Cli:
    """Call it with a command's words."""

    data_dir: Path
    capsys: pytest.CaptureFixture[str]
    monkeypatch: pytest.MonkeyPatch

    def __call__(self, *words: object) -> Answer:
        self.monkeypatch.setattr(sys, "argv", ["sensor-hub", *map(str, words)])
        self.capsys.readouterr()
        code: object = 0
        try:
            run()
        except SystemExit as left:
            code = left.code or 0
        out, err = self.capsys.readouterr()
        assert isinstance(code, int)
        return Answer(code, out, err)

    def begin_with(self, folder: Path) -> "Cli":
        """Take a copy of a data folder that ``begun`` made; return itself."""
        shutil.copytree(folder, self.data_dir)
        return self

    def ok(self, *words: object) -> Answer:
        """The same, for a command that must work."""
        answer = self(*words)
        assert answer.code == 0, answer.err
        return answer

    def refused(self, *words: object) -> str:
        """The same, for a command that must leave with 2 and one line on stderr; return that line."""
        answer = self(*words)
        assert answer.code == 2, answer
        assert answer.out == ""
        assert answer.err.startswith("sensor-hub: ")
        assert answer.err.count("\n") == 1, answer.err
        return answer.err


def begun(folder: Path, *commands: Sequence[object]) -> Path:
    """Make a data folder with some commands, for several tests that begin with a copy of it; return it."""
    with pytest.MonkeyPatch.context() as changed:
        lives_in(folder, changed)
        for words in commands:
            changed.setattr(sys, "argv", ["sensor-hub", *map(str, words)])
            with pytest.raises(SystemExit, match=r"^0$"):
                run()
    return folder


def lives_in(data_dir: Path, changed: pytest.MonkeyPatch) -> None:
    """Let every command have this data folder, this place's zone, and no other setting."""
    for name in [name for name in os.environ if name.startswith("SENSOR_HUB_")]:
        if name != "SENSOR_HUB_REQUIRE_ALL":
            changed.delenv(name)
    changed.setenv("SENSOR_HUB_DATA_DIR", str(data_dir))
    changed.setenv("SENSOR_HUB_ZONE", "Europe/Berlin")
    changed.setenv("XDG_CONFIG_HOME", str(data_dir.parent / "config"))


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables as wide as in a pipe, whatever terminal the tests run in."""
    monkeypatch.delenv("COLUMNS", raising=False)


@pytest.fixture(autouse=True)
def put_together_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typer.main, "get_command", lambda asked: command() if asked is app else _build(asked))


@pytest.fixture
def cli(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Cli:
    data_dir = tmp_path / "data-dir"
    lives_in(data_dir, monkeypatch)
    return Cli(data_dir, capsys, monkeypatch)


@pytest.fixture
def private_bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A D-Bus of its own, where a fake BlueZ can be."""
    from tests.radio.private_bus import PrivateBus

    bus = PrivateBus(tmp_path)
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", bus.address)
    yield
    bus.stop()
