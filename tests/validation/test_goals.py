from typing import Any

import pytest

from tests.validation.goals import GOALS, Goal, figure_at, judged

RESULTS: dict[str, Any] = {"a": {"bias_ms": -4.0, "recall_pct": 99.5, "n": 70}, "rows": [{"sd_ms": 9.0}], "gone": None}


@pytest.mark.parametrize(
    ("compare", "limit", "at", "met"),
    [
        ("within", 4.0, ("a", "bias_ms"), True),
        ("within", 3.9, ("a", "bias_ms"), False),
        ("at least", 99.5, ("a", "recall_pct"), True),
        ("at least", 99.6, ("a", "recall_pct"), False),
        ("at most", 9.0, ("rows", 0, "sd_ms"), True),
        ("at most", 8.9, ("rows", 0, "sd_ms"), False),
        ("exactly", 70, ("a", "n"), True),
        ("exactly", 69, ("a", "n"), False),
        ("below", ("rows", 0, "sd_ms"), ("a", "bias_ms"), True),
        ("below", ("a", "bias_ms"), ("rows", 0, "sd_ms"), False),
        ("below", ("rows", 0, "sd_ms"), ("rows", 0, "sd_ms"), False),
    ],
)
def test_a_goal_is_met_or_not(compare: Any, limit: Any, at: Any, met: bool) -> None:
    assert judged(Goal("a figure", at, compare, limit, "ms"), RESULTS)["met"] is met


@pytest.mark.parametrize("at", [("gone", "sd_ms"), ("rows", 3, "sd_ms"), ("nowhere",)])
def test_what_was_not_measured_is_neither_met_nor_missed(at: Any) -> None:
    assert figure_at(RESULTS, at) is None
    assert judged(Goal("a figure", at, "at most", 1.0, "ms"), RESULTS)["met"] is None
    assert judged(Goal("a figure", ("a", "n"), "below", at, "ms"), RESULTS)["met"] is None


def test_no_goal_is_told_twice() -> None:
    assert len({goal.what for goal in GOALS}) == len(GOALS)
    assert len({(goal.at, goal.compare) for goal in GOALS}) == len(GOALS)
