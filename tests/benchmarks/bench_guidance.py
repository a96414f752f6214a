"""Everything that is said of one athlete with two years of runs, and their next week; asked for, not every night."""

from dataclasses import replace
from datetime import timedelta

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from sensor_hub.guidelines.guidance import guide
from sensor_hub.guidelines.planner import plan_week
from sensor_hub.model.athlete import Shoe
from tests.benchmarks.bench_rules import N_RUNS, report, two_years
from tests.guidelines.cases import RUNNER, case_of

PAIRS = (Shoe("high", RUNNER.id, "High", 10.0), Shoe("low", RUNNER.id, "Low", 4.0))
CASE = replace(
    case := case_of(two_years(1), judged=True),
    shoes=PAIRS,
    worn=tuple((run.sid, "low" if case.today - run.day < timedelta(days=60) else "high") for run in case.runs),
)


@pytest.mark.benchmark(group="guidance")
def test_everything_that_is_said_of_one_athlete(benchmark: BenchmarkFixture) -> None:
    benchmark(guide, CASE)
    report(benchmark, f"guidance of one athlete, {N_RUNS} runs", 0.010)


@pytest.mark.benchmark(group="guidance")
def test_a_next_week_that_keeps_every_rule(benchmark: BenchmarkFixture) -> None:
    benchmark(plan_week, CASE, guide(CASE))
    report(benchmark, f"the planner's week, {N_RUNS} runs", 0.010)
