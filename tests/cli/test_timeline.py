"""``sensor-hub session timeline``: one session over its time, for a person and for a program."""

from pathlib import Path

import pytest

from tests.cli.conftest import Cli
from tests.cli.files import fit_run


@pytest.fixture
def sid(cli: Cli, tmp_path: Path) -> str:
    (result,) = cli.ok("session", "import", fit_run(tmp_path / "run.fit"), "--json").json
    return str(result["sid"])


def test_a_program_gets_columns_that_end_with_the_totals(cli: Cli, sid: str) -> None:
    found = cli.ok("session", "timeline", sid, "--json").json
    (listed,) = cli.ok("session", "list", "--json").json
    assert (found["sid"], found["bin_s"], found["from_minutes"]) == (sid, 5.0, False)
    assert len(found["at_s"]) == len(found["load_eq_km"]) == len(found["grade"])
    assert found["load_eq_km"][-1] == pytest.approx(listed["load_eq_km"], abs=0.001)
    assert found["balance_left"] == [None] * len(found["at_s"])  # one stream tells of no side


def test_a_person_gets_a_row_a_minute(cli: Cli, sid: str) -> None:
    lines = cli.ok("session", "timeline", "last").out.splitlines()
    assert "loads are modelled" in lines[0]
    assert [line.split()[0] for line in lines[2:7]] == ["0:00", "1:00", "2:00", "3:00", "4:00"]


def test_a_session_without_steps_says_so(cli: Cli) -> None:
    cli.ok("session", "add", "--on", "2024-05-03", "--at", "07:30", "--km", 8.2, "--time", "45:30")
    assert "no step of a run is kept of it" in cli.refused("session", "timeline", "last")
