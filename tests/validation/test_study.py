import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sensor_hub.model.gait import Mount
from sensor_hub.simulation.worn import Course, Leg
from tests.validation import study
from tests.validation.scenarios import CONDITIONS, DELAY, GAITS, PEOPLE
from tests.validation.study import followed

COURSE = Course.of([Leg("stand", 4.0), Leg("run", 8.0, 2.5), Leg("run", 8.0, 4.0)])


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> Iterator[ThreadPoolExecutor]:
    """Two people of each foot strike on a short course, and two conditions."""
    monkeypatch.setattr(study, "PEOPLE", replace(PEOPLE, course=COURSE, n_people=2))
    monkeypatch.setattr(study, "DELAY", replace(DELAY, course=COURSE, n_people=1))
    monkeypatch.setattr(study, "GAITS", replace(GAITS, n_people=1))
    blind = next(s for s in CONDITIONS if s.name == "no gyroscope")
    monkeypatch.setattr(study, "CONDITIONS", [replace(s, course=COURSE, n_people=1) for s in (CONDITIONS[0], blind)])
    with ThreadPoolExecutor(2) as pool:
        yield pool


@pytest.mark.parametrize("mount", ["sacrum", pytest.param("foot", marks=pytest.mark.thorough)])
def test_the_same_study_gives_the_same_results(few: ThreadPoolExecutor, mount: Mount) -> None:
    first: dict[str, Any] = study.mount_study(mount, few)
    with ThreadPoolExecutor(1) as alone:
        second = study.mount_study(mount, alone)
    assert json.dumps(first, allow_nan=False) == json.dumps(second, allow_nan=False)


def test_every_person_is_in_the_results_and_in_one_strike_only(few: ThreadPoolExecutor) -> None:
    told: dict[str, Any] = study.mount_study("sacrum", few)
    assert len(told["people"]) == told["all"]["n_groups"] == 6
    by_strike = [row for row in told["groups"] if "strike" in row and "speed_mps" not in row]
    assert sum(row["n"] for row in by_strike) == told["all"]["n"] == sum(p["n"] for p in told["people"])
    by_speed = [row for row in told["groups"] if "strike" not in row]
    assert {row["speed_mps"] for row in by_speed} >= {2.5, 4.0}
    assert 0 < sum(row["n"] for row in by_speed) <= told["all"]["n"]  # changes of speed belong to no speed


def test_a_sensor_without_what_the_method_needs_finds_nothing_and_claims_nothing(few: ThreadPoolExecutor) -> None:
    told: dict[str, Any] = study.mount_study("foot", few)
    blind = next(row for row in told["conditions"] if row["name"] == "no gyroscope")
    assert blind["n_truth"] > 0
    assert blind["recall_pct"] == 0
    assert blind["precision_pct"] is blind["bias_ms"] is blind["claimed_sd_ms"] is None


def test_what_is_followed_of_a_change_is_the_slope_of_what_was_found() -> None:
    truth_s = np.array([0.20, 0.24, 0.28, 0.30])
    assert followed(truth_s, np.full(4, 0.03)) == pytest.approx(1.0)
    assert followed(truth_s, 0.25 - truth_s) == pytest.approx(0.0)
    unknown = np.append(0.4 * (0.25 - truth_s), np.nan)
    assert followed(np.append(truth_s, 0.5), unknown) == pytest.approx(0.6)
