"""``user``: accounts, browsers and tokens through the command line."""

import io
import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sensor_hub.adapters.registry import Registry
from sensor_hub.app.accounts import HubAccounts
from sensor_hub.errors import SignInRefused
from tests.cli.conftest import Cli, begun

RIGHT = "blue kettle running far"
PEER = "192.0.2.1"


@pytest.fixture(scope="module")
def hub_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    adding = [("athlete", "add", name, "--zone", "UTC") for name in ("Ana", "Ben")]
    chief = ("user", "add", "Chief", "--role", "admin", "--generate")
    return begun(tmp_path_factory.mktemp("hub") / "data", *adding, chief)


@pytest.fixture
def hub(cli: Cli, hub_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """Two athletes, and the admin Chief."""
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    return cli.begin_with(hub_dir)


def accounts_of(cli: Cli) -> HubAccounts:
    return HubAccounts(Registry(f"sqlite:///{cli.data_dir / 'registry.db'}"))


def given(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))


def lets_in(cli: Cli, name: str, password: str) -> bool:
    try:
        accounts_of(cli).sign_in(name, password, peer=PEER)
    except SignInRefused:
        return False
    return True


def test_before_the_first_account_it_is_said_how_to_make_one(cli: Cli) -> None:
    assert "user add NAME --role admin" in cli.ok("user", "list").out
    assert cli.ok("user", "list", "--json").json == []


def test_the_first_account_is_an_admins_and_its_password_is_shown_once(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    assert "has to be an admin's" in cli.refused("user", "add", "cem", "--role", "coach", "--generate")
    answer = cli.ok("user", "add", "Chief", "--role", "admin", "--generate", "--json")
    assert "from now on everybody signs in" in answer.err
    assert lets_in(cli, "chief", answer.json["password"])
    assert answer.json["password"] not in cli.ok("user", "list").out + cli.ok("user", "list", "--json").out


def test_a_password_comes_from_stdin_as_it_is(hub: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, f" {RIGHT} \r\nand more")
    hub.ok("user", "add", "ana", "--role", "runner", "--athlete", "ana", "--password-stdin")
    assert lets_in(hub, "ana", f" {RIGHT} ")
    assert not lets_in(hub, "ana", RIGHT)


@pytest.mark.parametrize(
    ("words", "stdin", "says"),
    [
        (("--role", "admin", "--password-stdin"), "short\n", "fewer than 12 characters"),
        (("--role", "admin", "--password-stdin"), "password1234\n", "first that are tried"),
        (("--role", "admin", "--password-stdin"), "", "fewer than 12 characters"),
        (("--role", "runner", "--generate"), "", "one athlete, and 0 are named"),
        (("--role", "runner", "--athlete", "Dora", "--generate"), "", "no athlete 'Dora'"),
        (("--role", "admin", "--athlete", "Ana", "--generate"), "", "of no athlete"),
    ],
)
def test_what_cannot_be_is_one_line_and_adds_nobody(
    hub: Cli, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], stdin: str, says: str
) -> None:
    given(monkeypatch, stdin)
    assert says in hub.refused("user", "add", "new", *words)
    assert [account["name"] for account in hub.ok("user", "list", "--json").json] == ["Chief"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("add", "new", "--role", "owner", "--generate"), "allowed: runner, coach, admin"),
        (("add", "new", "--role", "admin"), "--password-stdin or --generate"),
        (("add", "new", "--role", "admin", "--generate", "--password-stdin"), "not both"),
        (("password", "chief"), "--password-stdin or --generate"),
        (("change", "chief"), "nothing to change"),
        (("change", "chief", "--athlete", "Ana", "--everybody"), "not both"),
    ],
)
def test_a_command_that_says_too_little_or_too_much_is_told_what_to_say(
    hub: Cli, words: tuple[str, ...], says: str
) -> None:
    answer = hub("user", *words)
    assert answer.code == 2
    assert says in " ".join(answer.err.replace("│", " ").split())


def test_a_password_is_never_an_argument(hub: Cli) -> None:
    assert hub("user", "add", "new", "--role", "admin", "--password", RIGHT).code == 2
    assert hub("user", "password", "chief", RIGHT).code == 2


def test_accounts_are_listed_with_whom_they_are_about(hub: Cli) -> None:
    hub.ok("user", "add", "ana", "--role", "runner", "--athlete", "Ana", "--generate")
    hub.ok("user", "add", "cem", "--role", "coach", "--generate")
    hub.ok("user", "add", "dan", "--role", "coach", "--athlete", "Ana", "--athlete", "Ben", "--generate")
    listed = {a["name"]: a for a in hub.ok("user", "list", "--json").json}
    assert {name: a["role"] for name, a in listed.items()} == {
        "ana": "runner", "cem": "coach", "Chief": "admin", "dan": "coach"
    }  # fmt: skip
    assert [len(listed[name]["athletes"]) for name in ("ana", "cem", "Chief", "dan")] == [1, 0, 0, 2]
    assert [listed[name]["everybody"] for name in ("ana", "cem", "Chief", "dan")] == [False, True, False, False]
    lines = hub.ok("user", "list").out.splitlines()
    assert next("everybody" in line for line in lines if line.startswith("cem"))
    assert next("Ana, Ben" in line for line in lines if line.startswith("dan"))


def test_a_new_password_signs_everybody_out_and_speaks_of_tokens_that_stay(
    hub: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = hub.ok("user", "password", "CHIEF", "--generate", "--json").json["password"]
    secret = accounts_of(hub).sign_in("chief", drawn, peer=PEER).secret
    hub.ok("user", "token", "add", "chief", "grafana")
    given(monkeypatch, RIGHT + "\n")
    answer = hub.ok("user", "password", "chief", "--password-stdin")
    assert "1 token stays" in answer.err
    assert RIGHT not in answer.out + answer.err
    assert accounts_of(hub).asker_of_session(secret) is None
    assert lets_in(hub, "chief", RIGHT)
    assert not lets_in(hub, "chief", drawn)


def test_an_account_is_changed_disabled_and_removed_and_the_last_admin_is_not(hub: Cli) -> None:
    hub.ok("user", "add", "ana", "--role", "runner", "--athlete", "Ana", "--generate")
    assert hub.ok("user", "change", "ana", "--disable", "--json").json["disabled"] is True
    assert hub.ok("user", "change", "ana", "--enable", "--json").json["disabled"] is False
    assert "say whose data" in hub.refused("user", "change", "ana", "--role", "coach")
    assert hub.ok("user", "change", "ana", "--role", "coach", "--everybody", "--json").json["everybody"] is True
    for words in (("change", "chief", "--disable"), ("change", "chief", "--role", "coach", "--everybody")):
        assert "last admin" in hub.refused("user", *words)
    assert "last admin" in hub.refused("user", "remove", "chief", "--yes")
    assert hub("user", "remove", "ana").code == 1  # nobody is there to be asked
    hub.ok("user", "remove", "ana", "--yes")
    assert "did you mean 'Chief'" in hub.refused("user", "remove", "chef", "--yes")
    assert [account["name"] for account in hub.ok("user", "list", "--json").json] == ["Chief"]


def test_browsers_are_listed_and_signed_out(hub: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, RIGHT + "\n")
    hub.ok("user", "password", "chief", "--password-stdin")
    secrets = [accounts_of(hub).sign_in("chief", RIGHT, peer=PEER).secret for _ in range(3)]
    listed = hub.ok("user", "sessions", "chief", "--json").json
    assert {browser["id"] for browser in listed} == {secret[:8] for secret in secrets}
    assert listed[0].keys() == {"id", "made", "seen", "expires"}
    assert not any(secret[8:] in hub.ok("user", "sessions", "chief", "--json").out for secret in secrets)
    assert "1 browser" in hub.ok("user", "sign-out", "chief", secrets[0][:8]).out
    assert "signed out already" in hub.refused("user", "sign-out", "chief", secrets[0][:8])
    assert "2 browsers" in hub.ok("user", "sign-out", "chief").out
    assert "no browser" in hub.ok("user", "sessions", "chief").out
    assert [accounts_of(hub).asker_of_session(secret) for secret in secrets] == [None] * 3


def test_a_token_is_shown_once_alone_on_its_line_and_removed_by_what_it_is_for(hub: Cli) -> None:
    answer = hub.ok("user", "token", "add", "chief", "grafana")
    token = answer.out.removesuffix("\n")
    assert "reads only" in answer.err
    asker = accounts_of(hub).asker_of_token(token)
    assert asker is not None
    assert asker.reads_only
    other = hub.ok("user", "token", "add", "chief", "sync", "--may-change", "--no-end", "--json").json
    assert (other["reads_only"], other["expires"]) == (False, None)
    shown = hub.ok("user", "token", "list", "chief")
    assert [view["name"] for view in hub.ok("user", "token", "list", "chief", "--json").json] == ["sync", "grafana"]
    assert token[13:] not in shown.out
    hub.ok("user", "token", "remove", "chief", "grafana")
    assert accounts_of(hub).asker_of_token(token) is None
    hub.ok("user", "token", "remove", "chief", other["id"])
    assert "no token" in hub.ok("user", "token", "list", "chief").out
    assert "no such token" in hub.refused("user", "token", "remove", "chief", "grafana")


@pytest.mark.parametrize(("again", "code"), [(RIGHT, 0), (RIGHT + "x", 2)])
def test_at_a_terminal_it_is_asked_for_twice_and_never_shown(cli: Cli, tmp_path: Path, again: str, code: int) -> None:
    told, left = at_a_terminal(["user", "add", "chief", "--role", "admin"], [RIGHT, again])
    assert left == code, told
    assert RIGHT not in told
    assert ("the two passwords differ" in told.replace("│", " ")) == bool(code)
    assert accounts_of(cli).in_use() == (not code)
    assert code or lets_in(cli, "chief", RIGHT)


def at_a_terminal(words: list[str], answers: list[str]) -> tuple[str, int]:
    """Run a command at a terminal of its own and type an answer at each colon; return what it showed, and its code."""
    terminal, its_end = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "sensor_hub.cli", *words], stdin=its_end, stdout=its_end, stderr=its_end,
        start_new_session=True,
    )  # fmt: skip
    os.close(its_end)
    shown, waiting, end_s = "", list(answers), time.monotonic() + 60
    while time.monotonic() < end_s:
        if not select.select([terminal], [], [], 1)[0]:
            continue
        try:
            read = os.read(terminal, 4096).decode()
        except OSError:  # it has gone
            break
        shown += read
        if waiting and shown.rstrip(" ").endswith(":"):
            os.write(terminal, waiting.pop(0).encode() + b"\n")
            shown += "\n"
        if not read:
            break
    os.close(terminal)
    return shown, process.wait(60)
