"""Running and walking by turns, from the gait of recorded steps."""

import pytest

from sensor_hub.guidelines.plans.walk_run import Pace, WalkRun, check, check_of, spans_of
from sensor_hub.model.rule import RuleSettings

OURS = RuleSettings()


def turns(n: int, run_s: float, walk_s: float) -> WalkRun:
    """So many stretches of running, each followed by walking."""
    spans: list[tuple[float, Pace]] = []
    for k in range(n):
        spans += [(k * (run_s + walk_s), "run"), (k * (run_s + walk_s) + run_s, "walk")]
    return WalkRun("a", tuple(spans), n * (run_s + walk_s))


@pytest.mark.row("D26")
@pytest.mark.parametrize(
    ("n", "run_s", "walk_s", "fits"),
    [
        (10, 60, 120, True),
        (10, 75, 120, True),
        (10, 76, 120, False),
        (10, 60, 90, True),
        (10, 60, 89, False),
        (6, 60, 120, True),
        (11, 60, 120, False),
        (10, 30, 300, True),
    ],
)
def test_ten_times_one_minute_and_two_fits_within_a_quarter_and_less_is_no_fault(
    n: int, run_s: float, walk_s: float, fits: bool
) -> None:
    found = check(turns(n, run_s, walk_s), OURS)

    assert (found.fits, found.n_runs, found.longest_run_s) == (fits, n, run_s)


@pytest.mark.row("D26")
def test_where_too_little_was_recorded_it_is_unknown_unless_a_stretch_was_too_long_anyway() -> None:
    unknown = WalkRun("a", ((0.0, "run"), (60.0, "unknown")), 1800.0)
    too_long = WalkRun("a", ((0.0, "run"), (300.0, "unknown")), 1800.0)

    assert check(unknown, OURS).fits is None
    assert check(too_long, OURS).fits is False
    assert check(WalkRun("a", (), 1800.0), OURS).fits is None
    assert check(WalkRun("a", ((0.0, "walk"),), 1800.0), OURS).fits is None


def test_a_stumble_parts_no_stretch_of_running() -> None:
    session = WalkRun("a", ((0.0, "run"), (40.0, "walk"), (44.0, "run"), (100.0, "walk")), 220.0)

    assert check(session, OURS).longest_run_s == 100.0
    assert check(session, OURS).fits is False


def test_steps_become_spans_and_what_lies_between_distant_ones_is_unknown() -> None:
    time_s = [0.0, 0.4, 0.8, 1.4, 2.0, 60.0, 60.5, 61.0]
    gait = ["run", "run", "run", "walk", "walk", "walk", "", "run"]

    assert spans_of(time_s, gait) == (
        (0.0, "run"), (1.4, "walk"), (2.0, "unknown"), (60.0, "walk"), (60.5, "unknown"), (61.0, "run"),
    )  # fmt: skip
    assert spans_of([], []) == ()


def test_a_session_that_nobody_recorded_has_no_check() -> None:
    assert check_of("b", [turns(10, 60, 120)], OURS) is None
    assert check_of("a", [turns(10, 60, 120)], OURS) is not None
