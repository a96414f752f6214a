"""``SENSOR_HUB_UNITS`` and ``SENSOR_HUB_LANGUAGE`` on the command line: tables follow, JSON stays in metres."""

from collections.abc import Iterator

import pytest

from sensor_hub.words.manner import default, use_by_default
from tests.cli.conftest import Cli


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    before = default()
    yield
    use_by_default(before)


@pytest.fixture
def ran(cli: Cli) -> Cli:
    cli.ok("athlete", "add", "Ana", "--zone", "Europe/Berlin")
    cli.ok("session", "add", "--on", "2025-11-20", "--mi", "5", "--time", "45:00")
    return cli


def test_a_run_is_listed_in_the_units_of_the_settings_and_kept_in_metres(
    ran: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = ran.ok("session", "list", "--json").json
    table = ran.ok("session", "list").out
    assert "eq-km" in table
    assert "8.05" in table
    monkeypatch.setenv("SENSOR_HUB_UNITS", "mi")
    table = ran.ok("session", "list").out
    assert "eq-mi" in table
    assert "5.00" in table
    assert "km" not in table
    assert ran.ok("session", "list", "--json").json == before


@pytest.mark.parametrize(("name", "value"), [("UNITS", "furlongs"), ("LANGUAGE", "xx"), ("LANGUAGE", "../de")])
def test_what_there_is_none_of_is_refused_with_its_setting(
    ran: Cli, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"SENSOR_HUB_{name}", value)
    assert f"SENSOR_HUB_{name}" in ran.refused("session", "list")
