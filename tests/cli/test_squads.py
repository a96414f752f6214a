"""``squad``: groups of athletes through the command line."""

import pytest

from sensor_hub.adapters.registry import Registry
from tests.cli.conftest import Cli


@pytest.fixture
def three(cli: Cli) -> Cli:
    with Registry(f"sqlite:///{cli.data_dir / 'registry.db'}") as registry:
        for who in ("Ana", "Ben", "Cem"):
            registry.add_athlete(who, "UTC")
    return cli


def who(cli: Cli) -> dict[str, int]:
    return {squad["name"]: len(squad["athletes"]) for squad in cli.ok("squad", "list", "--json").json}


def test_without_a_squad_it_is_said_what_to_do(three: Cli) -> None:
    assert "squad add" in three.ok("squad", "list").out


def test_a_squad_is_made_shown_changed_and_removed(three: Cli) -> None:
    made = three.ok("squad", "add", "Sprint", "Ana", "Ben", "--json").json[0]
    assert (made["name"], len(made["athletes"])) == ("Sprint", 2)
    assert "Ana, Ben" in three.ok("squad", "list").out
    changed = three.ok("squad", "set", "sprint", "--add", "Cem", "--out", "Ana", "--name", "Fast")
    assert "Ben, Cem" in changed.out
    assert who(three) == {"Fast": 2}
    three.ok("squad", "set", "Fast", "Ana")
    assert who(three) == {"Fast": 1}
    assert three.ok("squad", "remove", "Fast", "--json").json["name"] == "Fast"
    assert who(three) == {}


def test_everybody_or_some_in_and_out_but_not_both(three: Cli) -> None:
    three.ok("squad", "add", "Sprint", "Ana")
    refused = three("squad", "set", "Sprint", "Ben", "--add", "Cem")
    assert (refused.code, "not both" in refused.err) == (2, True)
    assert who(three) == {"Sprint": 1}
