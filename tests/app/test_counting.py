"""Heel drops counted from a file, shown and kept."""

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from sensor_hub.app.loads.counting import count_file
from sensor_hub.cli.main import app
from sensor_hub.errors import ExerciseError
from sensor_hub.simulation.heel_drops import HeelDrops, heel_drops
from sensor_hub.simulation.sensing import Fitting


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    sim = heel_drops(HeelDrops(sets=2, reps=6), Fitting("foot", rate_hz=52), seed=80)
    path = tmp_path_factory.mktemp("drops") / "2026-03-01T07_00_00.000Z.csv"
    rows = np.column_stack([sim.t_s * 1e3, sim.acceleration_mps2 / 9.80665, np.degrees(sim.rotation_radps)])
    np.savetxt(path, rows, delimiter=",", header="time,aX,aY,aZ,gX,gY,gZ", comments="", fmt="%.5f")
    return path


def test_the_sets_of_a_recording_are_counted_with_the_time_of_their_lowerings(recording: Path) -> None:
    counted = count_file(recording, mount="foot")
    assert [each.reps for each in counted.sets] == [6, 6]
    assert all(each.lowering_s is not None and 2.5 <= each.lowering_s <= 5.5 for each in counted.sets)


def test_of_a_shank_no_time_is_told(recording: Path) -> None:
    counted = count_file(recording, mount="shank")
    assert all(each.lowering_s is None for each in counted.sets)


def test_where_it_was_worn_must_be_said(recording: Path) -> None:
    with pytest.raises(ExerciseError, match="give --mount foot or --mount shank"):
        count_file(recording)


def test_what_is_kept_stands_in_the_diary_as_counted_by_a_sensor(recording: Path, tmp_path: Path) -> None:
    place = ["--data-dir", str(tmp_path)]
    shown = CliRunner().invoke(app, ["diary", "count", str(recording), "--mount", "foot", "--json", *place])
    assert shown.exit_code == 0, shown.output
    answer = json.loads(shown.stdout)
    assert (answer["n_reps"], answer["experimental"]) == (12, True)
    kept = CliRunner().invoke(
        app, ["diary", "count", str(recording), "--mount", "foot", "--keep", "--side", "L", "--knee", "bent", *place]
    )
    assert kept.exit_code == 0, kept.output
    assert "Experimental" in kept.stdout
    diary = json.loads(CliRunner().invoke(app, ["diary", "show", "--days", "1000", "--json", *place]).stdout)
    assert '"counted": true' in json.dumps(diary)
