"""A finding in one short line: against the runner's own history, and never surer than the whole sentence."""

import pytest

from sensor_hub.words import finding_headline
from sensor_hub.words.headlines import finding_in_short
from tests.adapters.web.hub import finding

DISTANCE = {"measure": "distance_m", "value": 11_900.0, "reference": 10_200.0, "limit": 11_220.0}


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({}, "Push-off load 22 % above their highest run of 30 days"),
        (DISTANCE, "Distance 17 % above their longest run of 30 days"),
        ({"lower_bound": True}, "Push-off load at least 22 % above their highest run of 30 days"),
        ({**DISTANCE, "lower_bound": True}, "Distance at least 17 % above their longest run of 30 days"),
        ({"level": "over-100", "value": 22.0}, "Push-off load more than twice their highest run of 30 days"),
        ({**DISTANCE, "level": "over-100", "value": 22e3}, "Distance more than twice their longest run of 30 days"),
        ({"certainty": "too-close"}, "Push-off load may be above the limit: too close to call"),
        ({"level": "near", "certainty": "below", "value": 10.6}, "Push-off load close to the limit: 0.6 eq-km left"),
        (
            {"level": "near", "certainty": "below", "value": 10.6, "lower_bound": True},
            "Push-off load below the limit as far as it was recorded; not judged",
        ),
        ({"reference": 0.0}, "Push-off load above the limit"),
        ({"confidence": "learning"}, "Push-off load 22 % above their highest run of 30 days (still learning)"),
    ],
)
def test_a_runs_finding_in_short(changes: dict[str, object], text: str) -> None:
    assert finding_in_short(finding(**changes)) == text  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "changes",
    [{"rule": "week-limit", "scope": "week:2026-11-16"}, {"measure": "hard_load_bw_s"}],
)
def test_any_other_finding_keeps_its_headline(changes: dict[str, object]) -> None:
    other = finding(**changes)  # type: ignore[arg-type]
    assert finding_in_short(other) == finding_headline(other, theirs=True)
