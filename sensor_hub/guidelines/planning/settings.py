"""The planner's own numbers; all of them ours."""

from typing import Final

from sensor_hub.model.rule import Parameter, RuleInfo

INFO: Final = RuleInfo(
    "planner", "S", "session", (), "ours",
    (
        Parameter("pattern_days", 28.0, "days", 14.0, 42.0),
        Parameter("growth", 1.10, "of the usual", 1.0, 1.10),
        Parameter("least_m", 1000.0, "m", 200.0, 5000.0),
    ),
)  # fmt: skip
