from datetime import date, timedelta

import numpy as np
import pytest

from sensor_hub.simulation.on_air import BREAK_AFTER_S, BREAK_S, air_runs, comeback_athlete, comeback_season
from sensor_hub.simulation.squad import squad

TODAY = date(2026, 5, 20)
LIMIT = 1.10


def season_of(seed: int, today: date = TODAY) -> list[tuple[date, float]]:
    past = comeback_season(seed, today, model="m", reference="r", athlete=comeback_athlete())
    return [(s.start_utc.date(), s.totals.distance_m or 0.0) for s in past.sessions]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_past_run_of_the_comeback_crosses_a_limit(seed: int) -> None:
    for today in (TODAY + timedelta(days=n) for n in range(7)):
        past = season_of(seed, today)
        for day, distance_m in past:
            before = [m for d, m in past if timedelta(0) < day - d <= timedelta(days=30)]
            assert not before or distance_m <= LIMIT * max(before)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_todays_run_of_the_comeback_crosses_its_limit_within_ninety_seconds(seed: int) -> None:
    limit_m = LIMIT * max(m for d, m in season_of(seed) if TODAY - d <= timedelta(days=30))
    run = air_runs(seed)[0]
    assert run.athlete.display_name == comeback_athlete().display_name
    footpod = run.pods[-1].streams[0]
    odometer_m = np.array([int.from_bytes(payload[-4:], "little") / 10 for payload in footpod.payloads])
    crossed_s = footpod.arrival_us[np.argmax(odometer_m > limit_m)] / 1e6
    assert odometer_m[-1] > limit_m
    assert 40 < crossed_s < 90


def test_one_link_breaks_in_mid_run_and_everybody_says_simulated() -> None:
    runs = air_runs(1)
    (broken,) = [run for run in runs if run.breaks]
    assert broken.duration_s > BREAK_AFTER_S + BREAK_S + 60
    assert all(run.athlete.simulated and "(simulated)" in run.athlete.display_name for run in runs)
    addresses = [pod.address for run in runs for pod in run.pods]
    assert len(set(addresses)) == len(addresses) == 7


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others() -> None:
    def payloads(seed: int) -> list[bytes]:
        return [p for run in air_runs(seed) for pod in run.pods for stream in pod.streams for p in stream.payloads]

    assert payloads(4) == payloads(4)
    assert payloads(4) != payloads(5)


def test_the_runners_are_those_a_registry_knows() -> None:
    known = [*squad(1), comeback_athlete()]
    assert [run.athlete for run in air_runs(1, known)] == [known[6], known[1], known[2], known[3]]
    with pytest.raises(ValueError, match="simulated"):
        air_runs(1, known[:-1])
