"""A week's load over that of four: right where it is known, unknown where it is not, and looked at by no rule."""

import ast
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sensor_hub
from sensor_hub.guidelines.evaluate import past_of
from sensor_hub.guidelines.ratios import WEIGHTED_DAYS, ratios_of
from sensor_hub.model.history import DaySpan
from sensor_hub.model.ratio import LoadRatio
from sensor_hub.model.session import SessionSummary
from sensor_hub.words import ratio_lines
from tests.guidelines.histories import FEET, POD, RUNNER, TODAY, ran, run

ROOM = Path(sensor_hub.__file__).parent
EVERY_DAY = [run(n, 5.0, eq_km=6.0) for n in range(60)]


def ratios(
    sessions: Sequence[SessionSummary], days: Sequence[DaySpan] = (), day: date = TODAY
) -> tuple[LoadRatio, LoadRatio]:
    distance, load = ratios_of(past_of(RUNNER, sessions, days), day)
    assert (distance.measure, load.measure) == ("distance_m", "load_eq_km")
    return distance, load


def reasons(sessions: Sequence[SessionSummary], days: Sequence[DaySpan] = ()) -> tuple[str | None, str | None]:
    distance, load = ratios(sessions, days)
    for ratio in (distance, load):
        assert (ratio.rolling is None) == (ratio.weighted is None) == (ratio.reason is not None)
    return distance.reason, load.reason


def ago(n: int) -> date:
    return TODAY - timedelta(days=n)


def test_of_days_that_are_all_the_same_both_ratios_are_one() -> None:
    for ratio in ratios(EVERY_DAY):
        assert ratio.rolling == pytest.approx(1.0)
        assert ratio.weighted == pytest.approx(1.0)


def test_a_week_of_twice_as_much_is_a_ratio_of_eight_fifths() -> None:
    """(7 x 2 / 7) / ((7 x 2 + 21) / 28): the week is part of the four, as those who publish it have it."""
    sessions = [run(n, 10.0 if n < 7 else 5.0) for n in range(60)]
    distance, load = ratios(sessions)
    assert distance.rolling == load.rolling == pytest.approx(8 / 5)


@given(st.lists(st.integers(0, 30), min_size=WEIGHTED_DAYS, max_size=WEIGHTED_DAYS), st.integers(1, 20))
def test_it_is_the_published_formula(km: list[int], oldest: int) -> None:
    """Newest first; a day of 0 km has no session, and no seven such days follow each other."""
    km = [max(k, 1) if n % 5 == 0 else k for n, k in enumerate(km)]
    sessions = [run(n, float(k)) for n, k in enumerate(km) if k] + [run(45, float(oldest)), run(50, 1.0)]
    distance, _ = ratios(sessions)
    loads = np.array(km, dtype=float)
    assert distance.rolling == pytest.approx(loads[:7].mean() / loads[:28].mean())
    expected = []
    for n_days in (7, 28):
        weight = 2 / (n_days + 1)
        left = (1 - weight) ** np.arange(len(loads))
        expected.append(weight * (left * loads).sum() + (1 - weight) ** len(loads) * loads.mean())
    assert distance.weighted == pytest.approx(expected[0] / expected[1])


def test_less_than_four_weeks_of_history_is_no_ratio() -> None:
    assert reasons([run(n, 5.0) for n in range(28)]) == ("short-history",) * 2
    assert reasons([run(n, 5.0) for n in range(29)]) == (None, None)
    assert reasons([]) == ("short-history",) * 2


def test_a_day_that_was_not_recorded_makes_it_unknown_and_not_low() -> None:
    without = [s for n, s in enumerate(EVERY_DAY) if n != 3]
    assert reasons(without) == (None, None)
    assert reasons(without, [DaySpan(ago(3), ago(3), "not-recorded")]) == ("not-recorded",) * 2


def test_a_silence_that_nobody_has_explained_is_no_detraining() -> None:
    silent = [s for n, s in enumerate(EVERY_DAY) if not 10 <= n <= 17]
    assert reasons(silent) == ("unanswered",) * 2
    rested = ratios(silent, [DaySpan(ago(17), ago(10), "rested")])
    assert [r.rolling for r in rested] == [pytest.approx(7 * 28 / 20 / 7)] * 2


def test_a_silence_until_today_is_no_detraining_either() -> None:
    silent = [s for n, s in enumerate(EVERY_DAY) if n > 9]
    assert reasons(silent) == ("unanswered",) * 2
    rested = ratios(silent, [DaySpan(ago(9), ago(0), "rested")])
    assert [r.rolling for r in rested] == [0.0, 0.0]
    assert reasons([s for n, s in enumerate(EVERY_DAY) if n > 45]) == ("unanswered",) * 2


def test_an_unknown_day_before_the_four_weeks_only_shortens_what_the_weighted_one_looks_at() -> None:
    sessions = [*(run(n, 5.0) for n in range(60) if n != 35), ran(35)]
    assert reasons(sessions) == (None, None)


def test_a_run_of_which_nothing_is_known_makes_it_unknown() -> None:
    assert reasons([*EVERY_DAY, ran(2)]) == ("unknown-run",) * 2


def test_loads_of_two_sensors_have_no_ratio_but_the_distance_does() -> None:
    sessions = [run(n, 5.0, instrument=FEET if n < 5 else POD) for n in range(60)]
    assert reasons(sessions) == (None, "mixed-instruments")


def test_a_run_that_was_recorded_in_part_has_a_distance_and_no_load() -> None:
    sessions = [run(n, 5.0, coverage=0.5 if n == 4 else 1.0) for n in range(60)]
    assert reasons(sessions) == (None, "low-coverage")


def test_what_is_run_after_the_day_does_not_count() -> None:
    later = [run(-1, 99.0), *EVERY_DAY]
    assert ratios(later) == ratios(EVERY_DAY)


def imports(path: Path) -> set[str]:
    text = path.read_text(encoding="utf-8")
    if "ratio" not in text:  # what does not say the word imports nothing of that name
        return set()
    tree = ast.parse(text)
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def test_no_rule_looks_at_a_ratio() -> None:
    looks = {
        path.relative_to(ROOM).as_posix()
        for path in ROOM.rglob("*.py")
        if imports(path) & {"sensor_hub.guidelines.ratios", "sensor_hub.model.ratio"}
    }
    assert looks == {"app/board.py", "guidelines/ratios.py", "model/ports/views.py", "words/ratios.py"}


def test_the_words_say_what_it_is_worth_and_unknown_is_a_dash() -> None:
    known = ratio_lines(ratios(EVERY_DAY))
    assert known[0] == "Distance, last 7 over last 28 days: 1.00; newer days weighing more: 1.00."
    assert "not supported by evidence (Impellizzeri et al. 2020)" in known[-1]
    unknown = ratio_lines(ratios([*EVERY_DAY, ran(2)]))
    assert unknown[1] == "Push-off load (modelled), last 7 over last 28 days: – (of a run it is not known)."
    assert ratio_lines(()) == []
