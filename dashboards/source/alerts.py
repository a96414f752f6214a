"""Alert rules about the pipeline, and about findings; whom Grafana tells of them is set in Grafana."""

from typing import Any, Final

from grafana_foundation_sdk.builders import alerting, expr
from grafana_foundation_sdk.models import alerting as models

from dashboards.source.parts import InfluxQl

FOLDER: Final = "sensor_hub"
EVERY: Final = "1m"


def _rule(
    uid: str,
    title: str,
    summary: str,
    query: str,
    *,
    within_s: int,
    above: float = 0.0,
    for_: str = "0s",
    severity: str,
) -> alerting.Rule:
    """Return a rule that fires while the last value of a query lies above a number; without a row it is well."""
    since = models.RelativeTimeRange(from_val=within_s, to=0)
    asked = alerting.Query("A").datasource_uid("sensor-hub").relative_time_range(since).model(InfluxQl(query, "value"))
    last = expr.TypeReduce().expression("A").reducer("last").ref_id("B")
    limit = expr.TypeThreshold().expression("B").ref_id("C").conditions([_above(above)])
    nothing = models.RelativeTimeRange(from_val=0, to=0)
    return (
        alerting.Rule(title).uid(uid).condition("C").no_data_state("OK").exec_err_state("Error").for_val(for_)
        .with_query(asked)
        .with_query(alerting.Query("B").datasource_uid("__expr__").relative_time_range(nothing).model(last))
        .with_query(alerting.Query("C").datasource_uid("__expr__").relative_time_range(nothing).model(limit))
        .annotations({"summary": summary}).labels({"service": "sensor_hub", "severity": severity})
    )  # fmt: skip


def _above(limit: float) -> expr.ExprTypeThresholdConditions:
    evaluator = expr.ExprTypeThresholdConditionsEvaluator().type("gt").params([limit])
    return expr.ExprTypeThresholdConditions().evaluator(evaluator)


def rules() -> list[alerting.Rule]:
    """Return every rule."""
    counted = "WHERE $timeFilter"  # no pieces of time: the newest would have just begun
    return [
        _rule(
            "sensor-hub-dead-letters", "Messages that could not be used",
            "A message could not be used in the last hour. The dashboard Pipeline says why, and from whom.",
            f'SELECT count("reason") AS "value" FROM "dead_letter" {counted}', within_s=3600, severity="warning",
        ),
        _rule(
            "sensor-hub-decode-failures", "Payloads that could not be decoded",
            "More than a hundred payloads of a sensor could not be decoded in the last hour: its firmware may have "
            "changed. They stay in the recording.",
            f'SELECT count("problem") AS "value" FROM "decode_failure" {counted}', within_s=3600, above=100.0,
            severity="warning",
        ),
        _rule(
            "sensor-hub-long-gaps", "Long stretches without data",
            "More than ten minutes of the last hour are unknown, all runners together: a sensor, its battery.",
            f'SELECT sum("duration_s") AS "value" FROM "gap" {counted}', within_s=3600, above=600.0, severity="warning",
        ),
        _rule(
            "sensor-hub-finding", "A finding that asks for attention",
            "A rule of the hub has spoken of a run in the last hour, and it still stands. Its page says of whose, and "
            "why; it compares with their own history and is no diagnosis.",
            'SELECT count("level") AS "value" FROM "finding" WHERE "severity" = \'alert\' '
            'AND "origin" != \'simulated\' AND "withdrawn" = false AND $timeFilter',
            within_s=3600, severity="info",
        ),
    ]  # fmt: skip


def provisioned() -> dict[str, Any]:
    """Return the file of rules as Grafana's provisioning reads it."""
    group = {"orgId": 1, "name": "sensor_hub", "folder": FOLDER, "interval": EVERY}
    return {"apiVersion": 1, "groups": [group | {"rules": [_of_a_file(rule) for rule in rules()]}]}


def _of_a_file(rule: alerting.Rule) -> dict[str, Any]:
    """Return a rule without what the file says for the whole group."""
    body: dict[str, Any] = rule.build().to_json()
    return {key: content for key, content in body.items() if key not in {"folderUID", "ruleGroup", "orgID"}}
