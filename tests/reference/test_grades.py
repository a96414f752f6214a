"""The slope under the runner in real files: whatever is told of it must add up to the climb that was written down."""

from functools import cache

import numpy as np
import pytest

from sensor_hub.adapters.recordings.fit import open_fit
from sensor_hub.model.arrays import FloatArray
from sensor_hub.model.gait import RecordReading, StepTable
from sensor_hub.testing import replay
from sensor_hub.units import utc_us
from tests import need

# file, how much of the way has a grade, share of the way steeper than 3 %
FILES = [
    ("activity-small-fenix2-run.fit", 0.98, 0.17),
    ("activity_1378220136.fit", 0.95, 0.08),
    ("activity_2477200414.fit", 0.96, 0.09),
    ("activity_2545022458.fit", 0.90, 0.12),
    ("activity_2944936628.fit", 0.93, 0.75),  # a trail, 770 m up
    ("developer-types-sample.fit", 0.98, 0.32),
    ("stryd-backgaden-1km.fit", 0.90, 0.03),
    ("track_cs_5611.fit", 0.92, 0.30),
    ("track_cs_728599.fit", 0.98, 0.12),
    ("track_cs_777501.fit", 0.98, 0.12),
]
LARGEST_DIFFERENCE_M = 8.0


@cache
def followed(name: str) -> tuple[StepTable, FloatArray, FloatArray]:
    """The rows of a file, and of each the way and the rise since the row before."""
    path = need.data(f"fit/{name}")
    told = {utc_us(r.end_utc): r for r in open_fit(path) if isinstance(r, RecordReading)}
    table = replay(path).steps
    rows = [told[at_us] for at_us in table.time_utc_us.tolist()]
    metres = np.array([np.nan if r.distance_m is None else r.distance_m for r in rows])
    altitude_m = np.array([np.nan if r.altitude_m is None else r.altitude_m for r in rows])
    return table, np.diff(metres, prepend=0.0), np.diff(altitude_m, prepend=altitude_m[0])


@pytest.mark.parametrize(("name", "least_known", "most_steep"), FILES)
def test_grade_times_way_is_the_net_climb(name: str, least_known: float, most_steep: float) -> None:
    table, way_m, rise_m = followed(name)
    known = ~np.isnan(table.grade)
    assert known.mean() > least_known
    climbed_m, written_m = np.nansum((table.grade * way_m)[known]), np.nansum(rise_m[known])
    assert abs(climbed_m - written_m) < LARGEST_DIFFERENCE_M
    steep = np.nansum(way_m[known & (np.abs(table.grade) > 0.03)]) / np.nansum(way_m)
    assert steep < most_steep


def test_over_all_files_the_grades_lean_neither_up_nor_down() -> None:
    differences_m = []
    for name, _, _ in FILES:
        table, way_m, rise_m = followed(name)
        known = ~np.isnan(table.grade)
        differences_m.append(np.nansum((table.grade * way_m)[known]) - np.nansum(rise_m[known]))
    assert abs(np.mean(differences_m)) < 1.5


def test_a_trail_is_mostly_steep_and_a_park_mostly_flat() -> None:
    steep = {}
    for name in ("activity_2944936628.fit", "stryd-backgaden-1km.fit"):
        table, way_m, _ = followed(name)
        steep[name] = np.nansum(way_m[np.abs(table.grade) > 0.03]) / np.nansum(way_m)
    assert steep["activity_2944936628.fit"] > 0.5
    assert steep["stryd-backgaden-1km.fit"] < 0.05
