"""Rules over two years of one athlete, and a night of 1,000 athletes; the goals are 10 ms and 10 s."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from sensor_hub.guidelines.evaluate import evaluate, standing
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.load import Totals
from sensor_hub.model.session import SessionSummary
from tests.guidelines.histories import FEET, NOW_UTC, RUNNER, TODAY, run

N_DAYS, N_RUNS, N_ATHLETES = 730, 500, 1_000
DAY = timedelta(days=1)


def two_years(seed: int) -> list[SessionSummary]:
    """Runs with everything known that a rule looks at."""
    chance = random.Random(seed)
    found = []
    for n, days_ago in enumerate(sorted(chance.sample(range(N_DAYS), N_RUNS), reverse=True)):
        km, mps = chance.lognormvariate(2.1, 0.3), chance.gauss(2.8, 0.2)
        is_fast, is_hill = chance.random() < 0.15, chance.random() < 0.15
        totals = Totals(
            distance_m=1000 * km, load_eq_km=km, load_eq_km_sd=0.03 * km, load_bw_s=300 * km, hard_load_bw_s=30 * km,
            hard_load_sd=3 * km, coverage=1.0, duration_s=1000 * km / mps, median_speed_mps=mps,
            speed_5min_mps=1.4 * mps if is_fast else 1.05 * mps, uphill_s=600.0 if is_hill else 30.0,
            ascent_m=20 * km if is_hill else 3 * km, foot_strike="rearfoot",
        )  # fmt: skip
        made = run(days_ago, km, sid=f"{seed}-{n}", instrument=FEET, more=totals)
        found.append(replace(made, end_utc=made.start_utc + timedelta(seconds=totals.duration_s)))
    return found


def night(athlete: Athlete, sessions: Sequence[SessionSummary]) -> int:
    """The last two days judged, and where the athlete stands."""
    found = evaluate(athlete, sessions, TODAY - DAY)
    return len(found) + len(standing(athlete, sessions, NOW_UTC).headroom)


def report(benchmark: BenchmarkFixture, what: str, goal_s: float) -> None:
    # a run without measuring has no statistics
    if benchmark.stats is None:
        return
    stats = benchmark.stats.stats
    print(f"\n{what}: median {stats.median * 1e3:,.1f} ms (n = {stats.rounds}), goal {goal_s * 1e3:,.0f} ms")


@pytest.mark.benchmark(group="rules")
def test_a_night_of_one_athlete_with_two_years(benchmark: BenchmarkFixture) -> None:
    benchmark(night, RUNNER, two_years(1))
    report(benchmark, f"one athlete's night, {N_RUNS} runs", 0.010)


@pytest.mark.benchmark(group="rules")
def test_two_years_judged_from_scratch(benchmark: BenchmarkFixture) -> None:
    found = benchmark(evaluate, RUNNER, two_years(1), TODAY - N_DAYS * DAY)
    report(benchmark, f"one athlete's two years, {N_RUNS} runs, {len(found or [])} findings", 0.010)


@pytest.mark.benchmark(group="rules")
def test_a_night_of_1000_athletes(benchmark: BenchmarkFixture) -> None:
    pasts = [two_years(seed) for seed in range(20)]
    people = [replace(RUNNER, id=f"a{n}") for n in range(N_ATHLETES)]

    def all_of_them() -> int:
        return sum(night(person, pasts[n % len(pasts)]) for n, person in enumerate(people))

    benchmark.pedantic(all_of_them, rounds=3)  # type: ignore[no-untyped-call]
    report(benchmark, f"{N_ATHLETES} athletes' night, {N_RUNS} runs each", 10.0)
