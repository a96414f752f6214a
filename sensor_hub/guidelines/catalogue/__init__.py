"""Which rules there are, and what became of each row of the source texts."""

from sensor_hub.guidelines.catalogue.conflicts import CONFLICTS, conflict_of
from sensor_hub.guidelines.catalogue.rows import ROWS, Row, row_of
from sensor_hub.guidelines.catalogue.rules import RULES, rule, rules_of, why_not_set

__all__ = ["CONFLICTS", "ROWS", "RULES", "Row", "conflict_of", "row_of", "rule", "rules_of", "why_not_set"]
