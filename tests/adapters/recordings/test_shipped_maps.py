"""The column maps that come with the program, each against lines as its logger writes them."""

import tomllib
from pathlib import Path

import numpy as np
import pytest

from sensor_hub.adapters.recordings.column_map import parse_column_map
from sensor_hub.adapters.recordings.columns_csv import open_columns_csv
from sensor_hub.app.importing.column_maps import map_text, shipped_maps, titles
from sensor_hub.errors import ProfileError, RecordingError
from sensor_hub.model.imu import ImuBlock
from sensor_hub.units import DEGREE_RAD, STANDARD_GRAVITY_MPS2

WRAP = 2**32
DOT = (
    "sep=,\nDeviceTag:,1\nFirmwareVersion:,3.0.0\nOutputRate:,60Hz\nStartTime: ,2025-07-11_20:06:00_086 WEST\n"
    "© Movella Technologies B. V. 2005-2025\n\n"
    "PacketCounter,SampleTimeFine,Acc_X,Acc_Y,Acc_Z,Gyr_X,Gyr_Y,Gyr_Z,\n"
    + "".join(f"{i},{(WRAP - 50_000 + 16_667 * i) % WRAP},1.0,2.0,9.81,90.0,0.0,-90.0,\n" for i in range(8))
)
MOVESENSE = "timestamp,x,y,z,gx,gy,gz\n" + "".join(f"{1000 + 10 * i},1.0,2.0,9.81,90.0,0.0,-90.0\n" for i in range(8))
METABASE = "epoc (ms),timestamp (-0700),elapsed (s),x-axis (g),y-axis (g),z-axis (g)\n" + "".join(
    f"15{i:011d},2019-02-18T15.30.10.{i:03d},{0.01 * i:.3f},0.1,0.2,1.0\n" for i in range(8)
)
SHANK = "time,aX,aY,aZ,gX,gY,gZ,button\n" + "".join(f"{10 * i},0.1,0.2,1.0,90,0,-90,0\n" for i in range(8))
TURN = [90 * DEGREE_RAD, 0.0, -90 * DEGREE_RAD]
G = STANDARD_GRAVITY_MPS2
EXAMPLES = {
    "movella-dot": (DOT, 0.016667, [1.0, 2.0, 9.81], TURN),
    "movesense": (MOVESENSE, 0.01, [1.0, 2.0, 9.81], TURN),
    "metabase-accelerometer": (METABASE, 0.01, [0.1 * G, 0.2 * G, G], [np.nan] * 3),
    "shank-logger": (SHANK, 0.01, [0.1 * G, 0.2 * G, G], TURN),
}


def test_every_shipped_map_has_a_title_and_an_example_here() -> None:
    assert set(shipped_maps()) == set(EXAMPLES) == set(titles())
    assert all(titles().values())


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_shipped_map_reads_its_loggers_lines_in_si_units(name: str, tmp_path: Path) -> None:
    text, interval_s, acceleration, turn = EXAMPLES[name]
    path = tmp_path / "log.csv"
    path.write_text(text, encoding="utf-8")
    recording = open_columns_csv(path, parse_column_map(map_text(name), name))
    (block,) = [reading for reading in recording if isinstance(reading, ImuBlock)]
    assert [f for f in recording.faults if f.lost] == []
    assert len(block) == 8
    np.testing.assert_allclose(np.diff(block.t_s), interval_s, rtol=1e-6)  # also where the counter wraps
    np.testing.assert_allclose(block.acceleration_mps2, [acceleration] * 8)
    np.testing.assert_allclose(block.angular_velocity_radps, [turn] * 8)


def test_a_dot_export_without_acceleration_says_which_column_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "euler.csv"
    path.write_text("sep=,\nPacketCounter,SampleTimeFine,Euler_X,Euler_Y,Euler_Z\n1,2,3,4,5\n")
    with pytest.raises(RecordingError, match="no column 'Acc_X'"):
        open_columns_csv(path, parse_column_map(map_text("movella-dot"), "movella-dot"))


def test_a_file_goes_before_a_shipped_map_and_a_near_name_is_offered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("movesense").write_text("mine = true\n")
    assert map_text("movesense") == "mine = true\n"
    with pytest.raises(ProfileError, match="did you mean 'movella-dot'"):
        map_text("movela-dot")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ('header_begins = "t"\nskip_rows = 2\n', "header_begins: stands beside skip_rows"),
        ("header_begins = 3\n", "header_begins: 3 is not text"),
    ],
)
def test_a_header_is_looked_for_in_one_way_only(change: str, says: str) -> None:
    text = '[time]\ncolumn = "t"\nunit = "s"\n[acceleration]\ncolumns = ["x", "y", "z"]\nunit = "g"\n'
    with pytest.raises(ProfileError, match=says):
        parse_column_map(change + text)
    with pytest.raises(ProfileError, match="wrap_bits: 4 is no size of a counter"):
        parse_column_map(text.replace('unit = "s"', 'unit = "s"\nwrap_bits = 4'))


def test_the_shipped_maps_are_part_of_the_wheel() -> None:
    root = Path(__file__).parents[3]
    build = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]
    assert build["targets"]["wheel"]["force-include"]["column_maps"] == "sensor_hub/column_maps"
    assert {path.stem for path in (root / "column_maps").iterdir()} == set(shipped_maps())
