"""The numbers of how long trouble is watched and when a plan is looked at again."""

from typing import Final

from sensor_hub.model.rule import Parameter, RuleInfo

MONITORING: Final = RuleInfo(
    id="monitoring",
    kind="P",
    family="plan",
    rows=("B04",),
    grade="text",
    parameters=(
        Parameter("least_days", 56.0, "d", 56.0, 84.0, ours=False),
        Parameter("watch_days", 84.0, "d", 56.0, 365.0, ours=False),
    ),
)
REVIEW: Final = RuleInfo(
    id="improvement",
    kind="P",
    family="plan",
    rows=("A12", "D45", "D53"),
    grade="text",
    parameters=(
        Parameter("review_days", 56.0, "d", 28.0, 56.0, ours=False),
        Parameter("full_days", 84.0, "d", 84.0, 182.0, ours=False),
        Parameter("window_days", 14.0, "d", 7.0, 28.0),
        Parameter("least_mornings", 3.0, "mornings", 1.0, 7.0),
        Parameter("better_by", 1.0, "of 10", 0.5, 5.0),
    ),
)
INFOS: Final = (MONITORING, REVIEW)
