"""``data export``, ``import``, ``backup`` and ``restore``: what is shown, asked and refused."""

import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest

from sensor_hub.adapters.bundle.manifest import Kind
from sensor_hub.adapters.bundle.writing import Part, write_bundle
from sensor_hub.adapters.storage.outbox import Outbox
from sensor_hub.app.people import open_archive
from sensor_hub.app.person.backup_marker import MARKER, alone
from sensor_hub.app.place import Place
from sensor_hub.config import load_settings
from sensor_hub.wire import Topics
from tests.app.histories import NOW_UTC, ended, header, keep
from tests.cli.conftest import Cli

NUMBER = {"Ana": "r", "Ben": "s"}


@pytest.fixture
def home(cli: Cli) -> Cli:
    """Ana with two runs, Ben with one, and what else a data folder holds."""
    with open_archive(load_settings(data_dir=cli.data_dir)) as archive:
        for name, days in (("Ana", (9, 2)), ("Ben", (5,))):
            who = archive.registry.add_athlete(name, "Europe/Berlin")
            runs = [
                ended(header(who, f"01{NUMBER[name]}{day:020}"), NOW_UTC - timedelta(days=day), 5.0) for day in days
            ]
            keep(archive.recorded, runs, f"edge-{NUMBER[name]}")
            archive.judge_again(who)
    (cli.data_dir / "hub-id").write_text("abcd1234")
    (cli.data_dir / "recordings" / "x.mcap").write_bytes(b"a recording")
    outbox = Outbox(cli.data_dir / "outbox.db", Topics())
    who_ran = header("somebody", "01waiting")
    outbox.append([ended(who_ran, NOW_UTC, 1.0)], first_index=0, sid="01waiting")
    outbox.close()
    return cli


def n_sessions(cli: Cli, name: str) -> int:
    with open_archive(load_settings(data_dir=cli.data_dir)) as archive:
        return len(archive.store.sessions(archive.athlete(name).id))


def elsewhere(cli: Cli, monkeypatch: pytest.MonkeyPatch, name: str = "other") -> Cli:
    folder = cli.data_dir.with_name(name)
    monkeypatch.setenv("SENSOR_HUB_DATA_DIR", str(folder))
    return Cli(folder, cli.capsys, monkeypatch)


def test_a_person_goes_from_one_installation_to_another(
    home: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "ana.zip"
    answer = home.ok("data", "export", "ana", "--out", out)
    assert "Ana: sessions: 2" in answer.out
    assert str(out) in answer.out
    assert "already there" in home.refused("data", "export", "Ana", "--out", out)
    there = elsewhere(home, monkeypatch)
    assert "would be added: sessions: 2" in there.ok("data", "import", out, "--dry-run").out
    assert there.ok("athlete", "list", "--json").json == []
    said = there.ok("data", "import", out, "--json").json
    assert (said["new"], said["changed"], said["counts"]["sessions"]) == (True, True, 2)
    assert "nothing changed" in there.ok("data", "import", out).out
    there.ok("data", "export", "Ana", "--out", tmp_path / "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == out.read_bytes()


def test_what_is_no_export_is_refused_in_one_line(home: Cli, tmp_path: Path) -> None:
    home.ok("data", "backup", "--out", tmp_path / "b.zip")
    home.ok("data", "export", "Ana", "--out", tmp_path / "ana.zip")
    whole = (tmp_path / "ana.zip").read_bytes()
    (tmp_path / "cut.zip").write_bytes(whole[: len(whole) // 2])
    write_bundle(tmp_path / "new.zip", Kind("sensor-hub-person", 2, ""), [Part("a", b"")], dict)
    assert "not an export of a person" in home.refused("data", "import", tmp_path / "b.zip")
    assert "not a backup" in home.refused("data", "restore", tmp_path / "ana.zip", "--yes")
    assert "cut off" in home.refused("data", "import", tmp_path / "cut.zip")
    assert "update sensor-hub" in home.refused("data", "import", tmp_path / "new.zip")
    assert "No such file" in home.refused("data", "import", tmp_path / "gone.zip")
    assert "no athlete 'Anna'" in home.refused("data", "export", "Anna", "--out", tmp_path / "x.zip")
    assert not (tmp_path / "x.zip").exists()


def test_a_backup_holds_the_folder_and_a_new_machine_takes_it(
    home: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "b.zip"
    said = home.ok("data", "backup", "--out", out, "--json").json
    assert (said["store"], said["athletes"], said["recordings"]) == ("sqlite", 2, 1)
    assert out.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(out) as file:
        names = set(file.namelist())
    assert names == {"hub-id", "manifest.json", "outbox.db", "recordings/x.mcap", "registry.db", "store.db"}
    there = elsewhere(home, monkeypatch)
    there.ok("data", "restore", out, "--dry-run")
    assert not (there.data_dir / "store.db").exists()
    said = there.ok("data", "restore", out, "--yes", "--json").json
    assert (said["safety_backup"], said["recordings_added"], said["messages_waiting"]) == (None, 1, 1)
    assert (n_sessions(there, "Ana"), n_sessions(there, "Ben")) == (2, 1)
    assert (there.data_dir / "hub-id").read_text() == "abcd1234"
    outbox = Outbox(there.data_dir / "outbox.db", Topics())
    assert (outbox.depth(), outbox.taken("01waiting")) == (1, 1)
    outbox.append([ended(header("somebody", "01next"), NOW_UTC, 1.0)], first_index=0, sid="01next")
    assert max(message.seq for message in outbox.pending(9)) > 1_000_000  # no number may be used twice
    outbox.close()


def test_a_restore_brings_back_what_was_and_keeps_what_is(home: Cli, tmp_path: Path) -> None:
    home.ok("data", "backup", "--out", tmp_path / "b.zip")
    home.ok("athlete", "add", "Cleo", "--zone", "UTC")
    home.ok("session", "delete", "01r00000000000000000009", "--yes")
    assert n_sessions(home, "Ana") == 1
    said = home.ok("data", "restore", tmp_path / "b.zip", "--yes", "--json").json
    assert n_sessions(home, "Ana") == 2
    assert [a["name"] for a in home.ok("athlete", "list", "--json").json] == ["Ana", "Ben"]
    home.ok("data", "restore", said["safety_backup"], "--yes")
    assert n_sessions(home, "Ana") == 1
    assert len(home.ok("athlete", "list", "--json").json) == 3


@pytest.mark.parametrize("text", ["n\n", ""])
def test_nothing_is_replaced_without_a_yes(
    home: Cli, tmp_path: Path, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.ok("data", "backup", "--out", tmp_path / "b.zip")
    home.ok("athlete", "add", "Cleo", "--zone", "UTC")
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    assert home("data", "restore", tmp_path / "b.zip").code == 1
    assert len(home.ok("athlete", "list", "--json").json) == 3


def test_who_was_erased_since_does_not_come_back_with_a_backup_unasked(home: Cli, tmp_path: Path) -> None:
    home.ok("data", "backup", "--out", tmp_path / "b.zip")
    home.ok("data", "erase", "Ana", "--yes")
    assert home.ok("data", "restore", tmp_path / "b.zip", "--yes", "--json").json["erased_again"] == 1
    assert [a["name"] for a in home.ok("athlete", "list", "--json").json] == ["Ben"]
    home.ok("data", "restore", tmp_path / "b.zip", "--yes", "--with-erased")
    assert n_sessions(home, "Ana") == 2


def test_a_damaged_backup_changes_nothing(home: Cli, tmp_path: Path) -> None:
    home.ok("data", "backup", "--out", tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "b.zip") as file:
        parts = {name: file.read(name) for name in file.namelist() if name != "manifest.json"}
        about = {"store": json.loads(file.read("manifest.json"))["store"]}
    damaged = parts | {"store.db": parts["store.db"][:5000] + bytes(20000) + parts["store.db"][25000:]}
    told = [Part(*one) for one in sorted(damaged.items())]
    write_bundle(tmp_path / "bad.zip", Kind("sensor-hub-backup", 1, ""), told, lambda: about)
    before = (home.data_dir / "store.db").read_bytes()
    assert "damaged" in home.refused("data", "restore", tmp_path / "bad.zip", "--yes")
    assert (home.data_dir / "store.db").read_bytes() == before
    assert not (home.data_dir / MARKER).exists()


def test_a_restore_that_was_stopped_is_spoken_of(home: Cli, tmp_path: Path) -> None:
    home.ok("data", "backup", "--out", tmp_path / "b.zip")
    told = {"backup": str(tmp_path / "b.zip"), "safety": None}
    (home.data_dir / MARKER).write_text(json.dumps(told))
    assert (
        f"go on with 'sensor-hub data restore {tmp_path / 'b.zip'}'"
        in home.ok("data", "backup", "--out", tmp_path / "c.zip").err
    )
    home.ok("data", "restore", tmp_path / "b.zip", "--yes")
    assert "stopped" not in home.ok("data", "backup", "--out", tmp_path / "d.zip").err


@pytest.mark.parametrize("command", ["hub", "run"])
def test_a_hub_that_starts_after_it_says_so(home: Cli, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    (home.data_dir / MARKER).write_text(json.dumps({"backup": "/b.zip", "safety": None}))
    serve = f"sensor_hub.app.serving.serve_{'both' if command == 'run' else 'hub'}"
    monkeypatch.setattr(serve, lambda *_, **__: None)
    assert "a restore was stopped in between: go on with 'sensor-hub data restore /b.zip'" in home.ok(command).err
    with alone(Place.at(home.data_dir)):
        assert "stopped" not in home.ok(command).err, "it is still at work"
