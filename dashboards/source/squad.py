"""Everybody at once."""

from typing import Final

from grafana_foundation_sdk.builders import dashboard

from dashboards.source.parts import (
    COMPARE,
    FORCE,
    HIDDEN,
    bars,
    lines,
    number,
    of_column,
    page,
    rows,
    value,
    with_panels,
)

UID: Final = "sensor-hub-squad"
_A_TIME: Final = "GROUP BY time($__interval)"
_TO_ATHLETE: Final = {
    "title": "Open this runner", "url": "/d/sensor-hub-athlete?var-athlete=${__value.raw}", "targetBlank": False,
}  # fmt: skip
_ATHLETE: Final = [value("links", [_TO_ATHLETE]), value("displayName", "athlete")]


def squad() -> dashboard.Dashboard:
    """Return the dashboard."""
    text = (
        "Everybody who ran within the time range, by pseudonym; names are in the hub's registry only. The limits are "
        "the hub's: its findings say where one was passed."
    )
    made = page(UID, "Squad", text, "now-3h", [("Athlete", "sensor-hub-athlete"), ("Pipeline", "sensor-hub-pipeline")])
    newest = (
        'SELECT last("load_eq_km") AS "load", last("load_eq_km_sd") AS "load, 1 SD", last("distance_m") AS "distance", '
        'last("cadence_spm") AS "cadence", last("coverage") AS "coverage" FROM "progress" WHERE $timeFilter '
        'GROUP BY "ath", "sid"'
    )
    findings = (
        'SELECT "ath", "rule", "measure", "level", "certainty", "value", "limit", "origin", "withdrawn" FROM "finding" '
        "WHERE \"severity\" = 'alert' AND $timeFilter ORDER BY time DESC LIMIT 100"
    )
    of_each = '"ath", "sid" fill(none)'
    panels = [
        number(
            "Runners heard", "Who sent steps within the time range.",
            'SELECT count("n") AS "runners" FROM (SELECT count("n_steps") AS "n" FROM "progress" WHERE $timeFilter '
            'GROUP BY "ath")',
            "runners", "none", nothing="0", width=8,
        ),
        number(
            "Alerts", "Findings of severity alert that were first made within the time range.",
            'SELECT count("level") AS "n" FROM "finding" WHERE "severity" = \'alert\' AND $timeFilter', "n", "none",
            nothing="0", width=8,
        ),
        number(
            "Gaps", "Stretches of which nothing is known.",
            'SELECT count("duration_s") AS "n" FROM "gap" WHERE $timeFilter', "n", "none", nothing="0",
            warns=[("text", None), ("orange", 1)], width=8,
        ),
        rows(
            "Sessions so far (loads modelled)",
            f"The newest running total of each session, its load with one standard deviation.{COMPARE}",
            [newest],
            columns={
                "Time": HIDDEN, "ath": _ATHLETE, "load": of_column("suffix: eq-km", 2),
                "load, 1 SD": of_column("suffix: eq-km", 2), "distance": of_column("lengthm", 0),
                "cadence": of_column("suffix: spm", 0), "coverage": of_column("percentunit", 0),
            },
            height=9, width=24,
        ),
        lines(
            "Cadence by runner", "Steps a minute of both feet. A break in the line is a break in the data.",
            [(f'SELECT 60 / mean("step_time_s") AS "cadence" FROM "steps" WHERE $timeFilter {_A_TIME}, "ath" '
              "fill(null)",
              "$tag_ath")],
            "suffix: spm", interval="10s", least=None,
        ),
        lines(
            "Contact time by runner and side",
            "Initial contact to toe-off. A shorter one means more force at one speed, and is no fault; hold it against "
            "the same runner only.",
            [(f'SELECT mean("contact_time_s") AS "contact time" FROM "steps" WHERE $timeFilter {_A_TIME}, "ath", '
              '"side" fill(null)', "$tag_ath $tag_side")],
            "s", decimals=3, interval="10s", least=None,
        ),
        lines(
            "Push-off load so far by session (eq-km, modelled)",
            f"Running totals, one line a session.{COMPARE}",
            [(f'SELECT last("load_eq_km") AS "load" FROM "progress" WHERE $timeFilter {_A_TIME}, {of_each}',
              "$tag_ath")],
            "suffix: eq-km", decimals=2, interval="10s",
        ),
        bars(
            "Push-off load of ended sessions, by runner (eq-km, modelled)",
            f"Sum within the time range. Walks and exercise are not among them.{COMPARE}",
            'SELECT sum("load_eq_km") AS "load" FROM "session" WHERE "ledger" = \'run\' AND $timeFilter GROUP BY "ath"',
            "ath", "suffix: eq-km", decimals=1,
        ),
        rows(
            f"Alerts, newest first (loads {FORCE} as a force)",
            "Each compares with the runner's own history; no diagnosis. A withdrawn one is no longer true.",
            [findings],
            columns={"ath": _ATHLETE, "value": of_column(decimals=2), "limit": of_column(decimals=2)},
            width=24,
        ),
    ]  # fmt: skip
    return with_panels(made, panels)
