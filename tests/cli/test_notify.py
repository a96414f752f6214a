"""``sensor-hub notify``: an address goes in by stdin, and comes out nowhere."""

import io

import pytest

from sensor_hub.adapters.registry import Registry
from tests.adapters.notify.receiving import receiving
from tests.cli.conftest import Cli

URL = "ntfys://ntfy.sh/a-s3cret-topic"


def typed(cli: Cli, text: str) -> None:
    cli.monkeypatch.setattr("sys.stdin", io.StringIO(text + "\n"))


def test_an_address_is_added_listed_and_removed_and_never_shown(cli: Cli) -> None:
    cli.ok("athlete", "add", "Ana", "--zone", "Europe/Berlin")
    typed(cli, URL)
    how = ("--label", "my phone", "--quiet-from", "21:30", "--numbers")
    made = cli.ok("notify", "add", "--athlete", "ana", *how, "--json").json
    assert (made["label"], made["service"], made["whose"], made["zone"]) == (
        "my phone",
        "ntfys",
        "Ana",
        "Europe/Berlin",
    )
    assert (made["quiet_from"], made["quiet_until"], made["numbers"], made["waiting"]) == ("21:30", "07:00", True, 0)
    table = cli.ok("notify", "list")
    assert "my phone" in table.out
    assert cli.ok("notify", "list", "--athlete", "Ana", "--json").json == [made]
    assert "s3cret" not in table.out + str(made)
    assert "removed my phone" in cli.ok("notify", "remove", made["id"]).out
    assert "nobody is told" in cli.ok("notify", "list").out


@pytest.mark.parametrize("whom", [(), ("--athlete", "Ana", "--hub"), ("--athlete", "Ana", "--coach", "cem")])
def test_it_is_said_whom_to_tell(cli: Cli, whom: tuple[str, ...]) -> None:
    answer = cli("notify", "add", *whom)
    assert answer.code == 2
    assert "--athlete NAME" in " ".join(answer.err.split())


def test_what_cannot_be_is_one_sentence_without_the_address(cli: Cli) -> None:
    cli.ok("athlete", "add", "Ana", "--zone", "UTC")
    for url, says in [("nobody://s3cret", "no service"), ("json://127.0.0.1/s3cret", "notify_private")]:
        typed(cli, url)
        line = cli.refused("notify", "add", "--athlete", "Ana")
        assert says in line
        assert "s3cret" not in line
    typed(cli, URL)
    assert "Zed" in cli.refused("notify", "add", "--athlete", "Zed")
    assert "notify list" in cli.refused("notify", "test", "gone2345")
    assert "notify list" in cli.refused("notify", "remove", "gone2345")


def test_a_coach_is_told_by_account_once_people_sign_in(cli: Cli) -> None:
    typed(cli, URL)
    assert cli.ok("notify", "add", "--hub", "--json").json["whose"] == "the hub's coach"
    for name, role in (("boss", "admin"), ("cem", "coach")):
        typed(cli, "seven brown kettles in a row")
        cli.ok("user", "add", name, "--role", role, "--password-stdin")
    typed(cli, URL)
    assert "--coach ACCOUNT" in cli.refused("notify", "add", "--hub", "--label", "other")
    typed(cli, URL)
    assert "admin" in cli.refused("notify", "add", "--coach", "boss")
    typed(cli, URL)
    made = cli.ok("notify", "add", "--coach", "cem", "--json").json
    assert made["whose"] == "coach cem"
    assert cli.ok("notify", "list", "--coach", "cem", "--json").json == [made]


def test_a_simulated_runner_tells_nobody(cli: Cli) -> None:
    cli.ok("athlete", "list")
    with Registry(f"sqlite:///{cli.data_dir / 'registry.db'}") as registry:
        registry.add_athlete("Sim", "UTC", simulated=True)
    assert "simulated" in cli.refused("notify", "add", "--athlete", "Sim")


def test_a_test_is_sent_now(cli: Cli) -> None:
    cli.monkeypatch.setenv("SENSOR_HUB_NOTIFY_PRIVATE", "true")
    cli.ok("athlete", "add", "Ana", "--zone", "UTC")
    with receiving() as received:
        typed(cli, received.url)
        made = cli.ok("notify", "add", "--athlete", "Ana", "--json").json
        assert "took a test" in cli.ok("notify", "test", made["id"]).out
        assert len(received.messages) == 1
        received.refusals = [401]
        assert "answered 401" in cli.refused("notify", "test", made["id"])
