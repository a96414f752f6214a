"""``--surface``: what was run on, where a file does not say it, or says it wrongly."""

from pathlib import Path

import pytest

from sensor_hub.load.modifiers import TREADMILL
from tests.cli.conftest import Cli
from tests.cli.files import fit_run, rsc_mcap


def test_analyze_takes_the_surface_it_is_told(cli: Cli, tmp_path: Path) -> None:
    file = fit_run(tmp_path / "run.fit")
    untold, belt, road = (
        cli.ok("session", "analyze", file, *how, "--json").json
        for how in ((), ("--surface", "treadmill"), ("--surface", "overground"))
    )
    assert [a["surface"] for a in (untold, belt, road)] == ["unknown", "treadmill", "overground"]
    assert belt["load_bw_s"] / untold["load_bw_s"] == pytest.approx(TREADMILL, abs=1e-4)
    assert road["load_bw_s"] == untold["load_bw_s"]


def test_import_keeps_the_surface_it_is_told_also_of_a_recording_of_ours(cli: Cli, tmp_path: Path) -> None:
    files = [fit_run(tmp_path / "run.fit"), rsc_mcap(tmp_path / "run.mcap")]
    results = cli.ok("session", "import", *files, "--surface", "treadmill", "--json").json
    assert [r["session"]["surface"] for r in results] == ["treadmill"] * 2
    assert {s["surface"] for s in cli.ok("session", "list", "--json").json} == {"treadmill"}


@pytest.mark.parametrize("command", ["analyze", "import", "record"])
def test_a_surface_nobody_runs_on_is_refused_with_those_that_exist(cli: Cli, tmp_path: Path, command: str) -> None:
    files = () if command == "record" else (fit_run(tmp_path / "run.fit"),)
    answer = cli("session", command, *files, "--surface", "water")
    assert answer.code == 2
    assert "overground, treadmill" in answer.err
