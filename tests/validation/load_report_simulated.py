"""The report's part on the load model of simulated runners."""

from collections.abc import Mapping
from typing import Any, Final

from tests.validation.tables import UNKNOWN, cell, table

ALARM_HEADINGS: Final = ("case", "claim", "claimed SD %", "noise", "sessions", "alerts % (95 %)")
BAND_HEADINGS: Final = ("case", "band of", "n", "inside % (95 %)", "claimed SD %", "found SD %")
BANDS: Final = {
    "load_ratio": "ratio of two sessions' loads",
    "hard_load": "hard load, in parts of the load",
    "step_peak": "peak of a step",
    "step_impulse": "impulse of a step",
    "absolute": "mean peak of a person, ±40 %",
}
MAIN_CASE: Final = 1


def span(row: Mapping[str, Any], digits: int = 1) -> str:
    """Return a share with its interval."""
    if "inside_pct" not in row:
        return UNKNOWN
    return f"{cell(row['inside_pct'], digits)} ({cell(row['from_pct'], digits)}–{cell(row['to_pct'], digits)})"


def achilles_bands(told: Mapping[str, Any]) -> str:
    """Return the section on the bands of Achilles loads."""
    rows = [
        [
            case["name"],
            name,
            cell(case[key]["n"]),
            span(case[key]),
            cell(case[key].get("claimed_sd_pct"), 1),
            cell(case[key].get("found_sd_pct"), 1),
        ]
        for case in told["cases"]
        for key, name in BANDS.items()
    ]
    main = told["cases"][MAIN_CASE]
    kinds = [
        [kind, cell(row["n"]), cell(row["true_share_pct"], 0), span(row), cell(row["bias_pct"], 1)]
        for kind, row in main["hard_load_by_kind"].items()
    ]
    calls = [
        [case["name"], called, cell(row["n"]), cell(row.get("said_pct"), 1), cell(row.get("so_pct"), 1)]
        for case in told["cases"]
        for called, key in (("80 % and more", "likely"), ("50–80 %", "too_close_to_call"))
        for row in (case["alerts"][key],)
    ]  # fmt: skip
    return "\n\n".join(
        [
            "### Simulated: bands of 90 % of Achilles loads",
            f"{told['n_runners']} simulated runners with an ankle of their own (lever 4–6 cm, foot, way of the centre "
            "of pressure, answer to slopes, days that differ); their truth is not the model's formula. Loads are "
            "compared within a runner. **This says whether bands hold if people vary as the simulator declares, and "
            "nothing about people.** The last two cases are worse than assumed: they show what an unknown remounting "
            "error would do to the bands.",
            table(BAND_HEADINGS, rows, n_words=2),
            f"Hard load by kind of run, {main['name']}; a bias is in parts of the load:\n\n"
            + table(("run", "n", "truly hard %", "inside % (95 %)", "bias %"), kinds),
            "Said probability that one of two sessions is above a multiple of the other, and how often it is so:\n\n"
            + table(("case", "said", "n", "said on average %", "so %"), calls, n_words=2),
        ]
    )


def following(told: Mapping[str, Any]) -> str:
    """Return the section on how changes within a runner are followed."""
    without = {
        "time_x_slope": "time x grade",
        "slope": "grade alone",
        "speed_and_cadence": "model, contact time from speed and cadence",
    }
    rows = [
        [
            quantity,
            influence,
            cell(row["n"]),
            cell(row["slope"], 2),
            cell(row["correlation"], 2),
            cell(row["right_way_pct"], 0),
            cell(row["error_pct"], 1),
            ", ".join(f"{without[name]} {cell(value, 1)}" for name, value in row["error_without_pct"].items()),
            ", ".join(cell(value, 2) for value in row["skill"].values()),
        ]
        for quantity in ("impulse", "peak")
        for influence, row in told[quantity].items()
    ]
    headings = (
        "of a step", "what changes", "n", "slope", "correlation", "right way %", "error %", "error % without a sensor",
        "skill",
    )  # fmt: skip
    return "\n\n".join(
        [
            "### Simulated: does the load follow what changes within a runner?",
            f"{told['n_runners']} simulated runners, half a minute each way, one thing changed at a time. Slope and "
            "correlation of the model's change on the true one; skill: 1 less the model's error over that of the way "
            "without a sensor, in the same order. At or below 0 the sensor adds nothing: so it is for slopes, where "
            "the grade itself is all there is to know.",
            table(headings, rows, n_words=2),
        ]
    )


def alarm_rows(rows: list[dict[str, Any]], measure: str) -> list[list[str]]:
    """Return rows of false alarms of one measure."""
    return [
        [
            row["case"],
            row["claim"],
            cell(row["claimed_sd_pct"], 1),
            f"x {row['noise']}",
            cell(row["n"]),
            f"{cell(row['rate_pct'], 2)} ({cell(row['low_pct'], 2)}–{cell(row['high_pct'], 2)})",
        ]
        for row in rows
        if row["measure"] == measure
    ]


def alarms(told: Mapping[str, Any]) -> str:
    """Return the section on false alarms and power of the session rule."""
    lines = [
        "### Simulated: alerts of the session rule without a true change, and with one",
        "A runner trains without change, and each session is measured with a normal error: as large as the claimed "
        "standard deviation, 1.5 or 2 times as large. *Two sessions*: one earlier run, as long. *Equal month*: twelve. "
        "*Varied month*: runs of log-normal size (20 %), false where the true ratio is at most 1.10. What remounting "
        "adds is unknown: the rows of more noise say what happens if it is more than claimed.",
    ]
    for measure, name in (("load_eq_km", "eq-km"), ("hard_load_bw_s", "hard load")):
        rows = alarm_rows(told["false_alarms"], measure)
        lines.append(f"False alarms, {name}:\n\n" + table(ALARM_HEADINGS, rows, n_words=2))
    power = [
        [
            row["case"],
            "eq-km" if row["measure"] == "load_eq_km" else "hard load",
            row["claim"],
            f"+{100 * (row['change'] - 1):.0f} %",
            cell(row["n"]),
            f"{cell(row['rate_pct'], 1)} ({cell(row['low_pct'], 1)}–{cell(row['high_pct'], 1)})",
        ]
        for row in told["power"]
    ]
    lines.append(
        "How often a true rise over the highest of thirty days is told, at the claimed SD:\n\n"
        + table(("case", "of", "claim", "true rise", "sessions", "told % (95 %)"), power, n_words=3)
    )
    hard = [row["rate_pct"] for row in told["power"] if row["measure"] == "hard_load_bw_s"]
    most = max(row["change"] for row in told["power"])
    lines.append(
        f"**On hard load the rule is nearly silent**: of true rises up to +{100 * (most - 1):.0f} % it tells at most "
        f"{cell(max(hard), 1)} %. Where many steps lie near the line, a few milliseconds of contact time move hard "
        "load by a third or more, and the claim says so. It is a number to look at, not one to be warned by."
    )
    bias = ", ".join(f"{cell(value, 1)} % of {n}" for n, value in told["reference_bias_pct"].items())
    lines.append(
        f"The reference is the highest of its window, so noise lifts it (runs in the window: {bias}); that makes the "
        "rule slower to alert, not quicker."
    )
    return "\n\n".join(lines)
