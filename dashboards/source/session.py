"""One session of one runner."""

from typing import Any, Final

from grafana_foundation_sdk.builders import dashboard

from dashboards.source.parts import (
    ABSOLUTE,
    COMPARE,
    FORCE,
    HIDDEN,
    athlete_variable,
    chosen,
    lines,
    number,
    of_column,
    page,
    rows,
    value,
    with_panels,
)

UID: Final = "sensor-hub-session"
_OF_IT: Final = """WHERE "ath" = '$athlete' AND "sid" = '$session' AND $timeFilter"""
_A_TIME: Final = "GROUP BY time($__interval)"
_SD: Final = (
    "Running total with one standard deviation up and down, in a comparison with the same runner's sessions." + COMPARE
)


def _so_far(fields: str) -> str:
    return f'SELECT {fields}, "unknown" FROM "progress" {_OF_IT} ORDER BY time DESC LIMIT 1'


def _last(field: str, name: str) -> str:
    return f'SELECT last("{field}") AS "{name}" FROM "progress" {_OF_IT} {_A_TIME} fill(null)'


def _with_sd(field: str, sd: str, name: str) -> list[tuple[str, str]]:
    both = [
        (sign, f'SELECT last("{field}") {sign} last("{sd}") AS "{alias}"')
        for sign, alias in (("-", "minus"), ("+", "plus"))
    ]
    around = [
        (f'{query} FROM "progress" {_OF_IT} {_A_TIME} fill(null)', "− 1 SD" if sign == "-" else "+ 1 SD")
        for sign, query in both
    ]
    return [(_last(field, name), name), *around]


def _of_steps(what: str) -> str:
    return f'SELECT {what} FROM "steps" {_OF_IT} {_A_TIME}, "side" fill(null)'


def _numbers() -> list[Any]:
    hard = '"hard_load_bw_s" AS "hard load", "hard_load_sd" AS "1 SD"'
    return [
        rows(
            "What these numbers come from",
            "Origin, tier and instrument of the sensors, surface, model, reference and profile of this session. Every "
            "load below belongs to these.",
            [
                'SELECT "origin", "tier", "instrument", "surface", "ledger", "model", "reference", "profile", "zone" '
                f'FROM "session_open" {_OF_IT}'
            ],
            height=4,
            width=24,
        ),
        number(
            "Push-off load so far (eq-km, modelled)",
            f"Push-off load in equivalent easy kilometres.{COMPARE} A lower bound while coverage is below 80 %.",
            _so_far('"load_eq_km"'), "load_eq_km", "suffix: eq-km", decimals=2,
        ),
        number(
            f"Hard push-off load so far, and 1 SD ({FORCE})",
            "Achilles impulse a leg of the steps above the hard line, in body weights times seconds, and its standard "
            f"deviation in a comparison with the same runner's sessions.{COMPARE}{ABSOLUTE}",
            _so_far(hard), "(hard load|1 SD)", "suffix: BW·s", decimals=1,
        ),
        number("Distance so far", "As the source reports it.", _so_far('"distance_m"'), "distance_m", "lengthm"),
        number("Moving time", "Without pauses.", _so_far('"duration_s"'), "duration_s", "dtdurations"),
        number(
            "Coverage", "Recorded time over moving time. Below 80 % every load is a lower bound.",
            _so_far('"coverage"'), "coverage", "percentunit", warns=[("orange", None), ("text", 0.8)],
        ),
        number(
            "Median cadence", "Steps a minute of both feet, median over running.",
            _so_far('"cadence_spm"'), "cadence_spm", "suffix: spm",
        ),
    ]  # fmt: skip


def _charts() -> list[Any]:
    cadence = f'SELECT 60 / mean("step_time_s") AS "cadence" FROM "steps" {_OF_IT} {_A_TIME} fill(null)'
    return [
        lines(
            "Cadence",
            "Steps a minute of both feet, from the mean step time. A break in the line is a break in the data.",
            [(cadence, "cadence")], "suffix: spm", least=None,
        ),
        lines(
            "Contact time by side",
            "Initial contact to toe-off. L left, R right, U unknown or both. Sources of tier speed have none.",
            [(_of_steps('mean("contact_time_s") AS "contact time"'), "$tag_side")], "s", decimals=3, least=None,
        ),
        lines(
            "Push-off load so far, ± 1 SD (eq-km, modelled)", _SD, _with_sd("load_eq_km", "load_eq_km_sd", "load"),
            "suffix: eq-km", decimals=2,
        ),
        lines(
            f"Hard push-off load so far, ± 1 SD ({FORCE})", _SD + ABSOLUTE,
            _with_sd("hard_load_bw_s", "hard_load_sd", "hard load"), "suffix: BW·s", decimals=1,
        ),
        lines(
            f"Achilles force peak by side ({FORCE})",
            f"Mean of the steps of an interval, in body weights.{COMPARE}{ABSOLUTE}",
            [(_of_steps('mean("achilles_peak_bw") AS "peak"'), "$tag_side")], "suffix: BW", decimals=1, least=None,
        ),
        lines(
            "Coverage so far", "Recorded time over moving time; below the dashed line every load is a lower bound.",
            [(_last("coverage", "coverage"), "coverage")], "percentunit", most=1,
            warns=[("orange", None), ("transparent", 0.8)],
        ),
    ]  # fmt: skip


def _tables() -> list[Any]:
    return [
        rows(
            "Gaps", "Stretches of which nothing is known, and why.",
            [f'SELECT "device", "cause", "duration_s" FROM "gap" {_OF_IT} ORDER BY time DESC LIMIT 200'],
            columns={"duration_s": of_column("s", name="length")},
        ),
        findings_of_one(),
        ended_sessions(),
    ]  # fmt: skip


def findings_of_one() -> Any:
    """Return the table of one runner's findings."""
    return rows(
        f"Findings about this runner (loads {FORCE} as a force)",
        "Compared with this runner's own history; no diagnosis. Certainty: above, too close to call, below. Values in "
        "BW·s are modelled and may be off by 40 % as absolute values; a finding compares.",
        [
            'SELECT "rule", "measure", "level", "severity", "certainty", "value", "limit", "confidence", "origin", '
            """"withdrawn" FROM "finding" WHERE "ath" = '$athlete' AND $timeFilter ORDER BY time DESC LIMIT 100"""
        ],
        columns={"value": of_column(decimals=2), "limit": of_column(decimals=2)},
    )


def ended_sessions() -> Any:
    """Return the table of one runner's ended sessions, each a way to its page."""
    link = {
        "title": "Open this session", "targetBlank": False,
        "url": f"/d/{UID}?var-athlete=${{athlete}}&var-session=${{__data.fields.sid}}&from=${{__value.raw}}"
        "&to=${__data.fields.end_ms.numeric}",
    }  # fmt: skip
    load, hard = "suffix: eq-km", "suffix: BW·s"
    return rows(
        f"Ended sessions of this runner (loads {FORCE} as a force)",
        "A click on a time opens that session. Loads are modelled; hold against each other only those of one "
        "instrument and model, and, as eq-km stand here as they were stored, of one reference.",
        [
            'SELECT "sid", "origin", "ledger", "instrument", "model", "distance_m", "duration_s", "load_eq_km", '
            '"load_eq_km_sd", "hard_load_bw_s", "hard_load_sd", "coverage", ("end_us" - "end_us" % 1000) / 1000 AS '
            """"end_ms" FROM "session" WHERE "ath" = '$athlete' ORDER BY time DESC LIMIT 200"""
        ],
        columns={
            "Time": [value("links", [link])],
            "distance_m": of_column("lengthm", name="distance"),
            "duration_s": of_column("dtdurations", name="moving time"),
            "load_eq_km": of_column(load, 2, "load"),
            "load_eq_km_sd": of_column(load, 2, "load, 1 SD"),
            "hard_load_bw_s": of_column(hard, 1, "hard load"),
            "hard_load_sd": of_column(hard, 1, "hard load, 1 SD"),
            "coverage": of_column("percentunit", 0),
            "end_ms": HIDDEN,
        },
        height=8,
        width=24,
    )


def _more() -> list[Any]:
    return [
        lines(
            f"Load of the left and the right leg so far ({FORCE})",
            f"Achilles impulse of each leg while running; only where both feet were measured.{COMPARE}{ABSOLUTE}",
            [(_last("load_left_bw_s", "left"), "left"), (_last("load_right_bw_s", "right"), "right")], "suffix: BW·s",
            decimals=2, width=8,
        ),
        lines(
            "Sensitivity: forces to the 4th and the 9th power (eq-km, modelled)",
            "The same load with high forces weighing more. Shown only; no rule uses it. An error of 5 % in a force "
            f"becomes 22 % and 55 %.{COMPARE}",
            [
                (_last("load_eq_km", "load"), "load"), (_last("load_m4_eq_km", "m = 4"), "m = 4"),
                (_last("load_m9_eq_km", "m = 9"), "m = 9"),
            ],
            "suffix: eq-km", decimals=2, width=8,
        ),
        lines(
            "Vertical stiffness so far (BW/m, modelled)",
            "Mean over level running, from contact and step time (Morin 2005). Compare it within one sensor only: 10 % "
            "less contact time is about 20 % more stiffness.",
            [(_last("vertical_stiffness_bw_per_m", "vertical"), "vertical")], "suffix: BW/m", decimals=2, width=8,
        ),
    ]  # fmt: skip


def session() -> dashboard.Dashboard:
    """Return the dashboard."""
    text = (
        "One session of one runner: cadence, contact time, modelled load so far, coverage, gaps. In the browser's time."
    )
    links = [("Squad", "sensor-hub-squad"), ("Athlete", "sensor-hub-athlete"), ("Pipeline", "sensor-hub-pipeline")]
    made = page(UID, "Athlete session", text, "now-3h", links)
    sessions = """SHOW TAG VALUES FROM "session_open", "session" WITH KEY = "sid" WHERE "ath" = '$athlete'"""
    made.with_variable(athlete_variable())
    hint = "Newest first; the time range must hold it."
    made.with_variable(chosen("session", "Session", hint, sessions, newest_first=True))
    return with_panels(made, [*_numbers(), *_charts(), *_tables(), *_more()])
