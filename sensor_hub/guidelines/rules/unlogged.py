"""More running while pain is not logged, or grows (text row E03), and what the notices about load are called."""

from typing import Final

from sensor_hub.model.rule import Parameter, RuleInfo

UNLOGGED: Final = RuleInfo(
    id="load-up-unlogged",
    kind="P",
    family="pain",
    rows=("E03",),
    grade="text",
    parameters=(Parameter("factor", 1.10, "of the week before", 1.0, 2.0), Parameter("days", 7, "d", 7, 7)),
)
ALERT: Final = RuleInfo(
    id="load-alert",
    kind="S",
    family="session",
    rows=(),
    grade="ours",
    parameters=(Parameter("days", 7, "d", 1, 28),),
)
INFOS: Final = (UNLOGGED, ALERT)
