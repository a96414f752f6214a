"""Rows and rules as people question them: the catalogue with its words."""

from sensor_hub.errors import EditError
from sensor_hub.guidelines.catalogue import CONFLICTS, ROWS, RULES, Row, rules_of
from sensor_hub.guidelines.catalogue.row_tests import ROW_TESTS
from sensor_hub.guidelines.catalogue.rules import ON
from sensor_hub.guidelines.catalogue.texts import TEXTS
from sensor_hub.model.diary import SetPolicy, SetRule
from sensor_hub.model.rule import DEFAULT_SETTINGS, Conflict, RowView, RuleInfo, RuleSettings, RuleView
from sensor_hub.words.advice import advice_sections
from sensor_hub.words.rule_notes import does
from sensor_hub.words.rules import rule_title


class Book:
    """``model.ports.RuleBook``: every row and every rule. It reads nothing but the program itself."""

    def rows(self) -> tuple[RowView, ...]:
        """Every row, in the texts' order."""
        return tuple(_row_view(row) for row in ROWS)

    def rules(self, settings: RuleSettings = DEFAULT_SETTINGS) -> tuple[RuleView, ...]:
        """Every rule, as it is set."""
        return tuple(_rule_view(info, settings) for info in RULES)

    def conflicts(self) -> tuple[Conflict, ...]:
        """Where the texts contradict each other, and what holds."""
        return CONFLICTS


def _row_view(row: Row) -> RowView:
    return RowView(
        id=row.id,
        source=row.source,
        kind=row.kind,
        state="refused" if row.refused else "implemented",
        asks=row.asks,
        rules=tuple(info.id for info in rules_of(row.id)),
        tests=ROW_TESTS.get(row.id, ()),
        reason=row.reason,
        conflict=row.conflict,
    )


def _rule_view(info: RuleInfo, settings: RuleSettings) -> RuleView:
    says = _text_of(info, settings) or (*does(info.id), *(row.asks for row in ROWS if row.id in info.rows))
    return RuleView(
        info=info,
        title=rule_title(info.id),
        says=says,
        values={parameter.name: settings.value(info, parameter.name) for parameter in info.parameters},
        on=settings.is_on(info),
        alerts=settings.alerts(info),
    )


def _text_of(info: RuleInfo, settings: RuleSettings) -> tuple[str, ...]:
    values = {p.name: settings.value(one, p.name) for one in TEXTS for p in one.parameters}
    return next((section.lines for section in advice_sections(**values) if section.key == info.id), ())


def resetting(set_to: RuleSettings, rule_id: str | None = None) -> list[SetRule | SetPolicy]:
    """Return what to say so that a rule, or all of them and the policy, are as they came; EditError if it is none."""
    if rule_id is not None and all(info.id != rule_id for info in RULES):
        raise EditError(f"there is no rule {rule_id!r} ('sensor-hub rules list --rules' shows them)")
    said: list[SetRule | SetPolicy] = [
        SetRule(rule, parameter) for rule, parameter in sorted(set_to.values) if rule_id in {None, rule}
    ]
    said += [SetRule(rule, ON, 1.0) for rule in sorted(set_to.off) if rule_id in {None, rule}]
    if rule_id is None and set_to.policy != DEFAULT_SETTINGS.policy:
        said.append(SetPolicy(DEFAULT_SETTINGS.policy))
    return said
