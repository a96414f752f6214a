"""Accounts where other parts of the program meet them: processes of their own, backups, exports, erasing."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from sensor_hub.adapters.passwords import Passwords
from sensor_hub.adapters.registry import Registry
from sensor_hub.app.accounts import HubAccounts
from sensor_hub.app.people import open_archive
from sensor_hub.app.person.backup import write_backup
from sensor_hub.app.person.backup_restore import restore_backup
from sensor_hub.app.person.erasing import erase_athlete
from sensor_hub.app.person.person_export import export_person
from sensor_hub.config import Settings
from tests.app.accounts.conftest import CHEAP, RIGHT, Door

PEER = "192.0.2.1"
GUESSES = """
import sys
from datetime import UTC, datetime
from sensor_hub.adapters.passwords import Cost, Passwords
from sensor_hub.adapters.registry import Registry
from sensor_hub.app.accounts import HubAccounts
from sensor_hub.errors import SignInRefused

looked = 0
class Watched(Passwords):
    def is_right(self, password, kept):
        global looked
        looked += 1
        return super().is_right(password, kept)

now_utc = datetime(2026, 11, 22, 8, tzinfo=UTC)
with Registry(sys.argv[1]) as registry:
    accounts = HubAccounts(registry, Watched(Cost(passes=1, memory_kib=8)), lambda: now_utc)
    print("ready", flush=True)
    sys.stdin.readline()
    for n in range(25):
        try:
            accounts.sign_in("ana", f"guess {n}", peer="192.0.2.1")
        except SignInRefused:
            pass
print(looked)
"""


def test_two_processes_that_guess_at_once_have_five_tries_together(door: Door) -> None:
    guessing = [
        subprocess.Popen(
            [sys.executable, "-c", GUESSES, door.registry.url],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for _ in range(2)
    ]  # fmt: skip
    looked = 0
    for process in guessing:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in guessing:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in guessing:
        looked += int(process.communicate(timeout=120)[0])
        assert process.returncode == 0
    assert looked == 5


@pytest.fixture
def settings(door: Door, tmp_path: Path) -> Settings:
    """Of the folder that the registry of ``door`` is in."""
    return Settings(data_dir=tmp_path, zone="UTC")


def test_a_backup_brings_accounts_and_tokens_back_and_signs_every_browser_out(
    door: Door, settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> None:
    ana = door.accounts.known("ana").id
    signed_in = door.accounts.sign_in("ana", RIGHT, peer=PEER)
    _, token = door.accounts.add_token(ana, "t")
    out = tmp_path_factory.mktemp("out") / "hub.zip"
    write_backup(settings, out)
    before = door.accounts.accounts()
    door.accounts.remove("ana")
    door.accounts.sign_in("chief", RIGHT, peer=PEER)
    version = door.accounts.version()
    restore_backup(settings, out)
    assert door.accounts.accounts() == before
    assert door.accounts.version() != version
    assert door.accounts.asker_of_token(token) is not None
    assert door.accounts.asker_of_session(signed_in.secret) is None
    assert not any(door.accounts.sessions(account.id) for account in before)


def test_an_export_of_a_person_holds_nothing_of_their_account(door: Door, settings: Settings, tmp_path: Path) -> None:
    ana, kept = door.accounts.known("ana"), door.registry.accounts.named("ana")
    door.accounts.add_token(ana.id, "a token of theirs")
    with open_archive(settings) as archive:
        export_person(archive, None, "Ana", tmp_path / "ana.zip")
    with zipfile.ZipFile(tmp_path / "ana.zip") as bundle:
        held = b"".join(bundle.read(name) for name in bundle.namelist())
    assert b"Ana" in held
    for trace in (ana.id, kept.password_hash, "argon2", "a token of theirs"):
        assert trace.encode() not in held
        assert json.dumps(trace)[1:-1].encode() not in held


def test_who_is_erased_can_sign_in_no_more_and_no_byte_of_their_account_is_left(
    door: Door, settings: Settings, tmp_path: Path
) -> None:
    door.accounts.add("unmistakable runner", "runner", RIGHT, ["Ana"])
    signed_in = door.accounts.sign_in("unmistakable runner", RIGHT, peer=PEER)
    account = door.accounts.known("unmistakable runner").id
    _, token = door.accounts.add_token(account, "a token of theirs")
    kept = door.registry.accounts.named("unmistakable runner").password_hash
    erase_athlete(settings, "Ana")
    assert [known.name for known in door.accounts.accounts()] == ["Chief"]
    assert door.accounts.asker_of_session(signed_in.secret) is None
    assert door.accounts.asker_of_token(token) is None
    held = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    for trace in ("unmistakable", account, kept, "a token of theirs", signed_in.secret[:8], token[5:13]):
        assert trace.encode() not in held, trace


def test_a_registry_that_is_busy_keeps_nobody_out(door: Door, caplog: pytest.LogCaptureFixture) -> None:
    signed_in = door.accounts.sign_in("ana", RIGHT, peer=PEER)
    with Registry(door.registry.url) as other:
        accounts = HubAccounts(other, Passwords(CHEAP), door.clock)
        door.clock.sleep(120)
        other.sign_ins.saw_session = _busy  # type: ignore[method-assign, assignment]
        assert accounts.asker_of_session(signed_in.secret) == signed_in.asker
    assert "could not be written" in caplog.text


def _busy(*_what: object) -> None:
    from sensor_hub.errors import RegistryError

    raise RegistryError("locked")
