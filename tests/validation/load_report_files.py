"""The report's part on real runs and on cost."""

from collections.abc import Mapping
from typing import Any

from tests.validation.report_reference import ABSENT
from tests.validation.tables import cell, signed, table


def repeatability(told: Mapping[str, Any] | None) -> str:
    """Return the section on alternate minutes."""
    lines = [
        "### Does it repeat? Alternate minutes of real runs",
        "Eq-km of the even and of the odd minutes of one run, by watches and pods. CV: |a − b| / √2 over their mean. "
        "*Three*: the longest runs with contact times. Both halves share device, mounting and day: **what taking the "
        "sensor off and on adds is unknown**, and it is what a comparison of two days feels.",
    ]
    if told is None:
        return "\n\n".join([*lines, ABSENT])
    keys = (
        "per_km_cv_pct", "per_min_cv_pct", "km_per_min_cv_pct", "time_and_grade_per_km_cv_pct",
        "over_time_and_grade_cv_pct",
    )  # fmt: skip
    rows = [
        [
            row["file"] + (" (three)" if row["file"] in told["named"] else ""),
            cell(row["contact_min"], 0),
            cell(row["km"], 2),
            cell(row["time_and_grade_km"], 2),
            cell(row["eq_km"], 2),
            *(cell(row[key], 2) for key in keys),
        ]
        for row in told["files"]
    ]
    rows.append(["root mean square of the three", "", "", "", "", *(cell(told["together"][key], 2) for key in keys)])
    headings = (
        "file", "min with contact", "distance km", "time x grade km", "eq-km", "CV of eq-km a km", "of eq-km a minute",
        "of km a minute", "of time x grade a km", "of eq-km over time x grade",
    )  # fmt: skip
    lines.append(table(headings, rows))
    lines.append(
        "Time x grade: moving minutes of an easy kilometre (2.78 m/s), times exp(0.053 · degrees). Much of what "
        "differs between the halves is the pace they were run at. That time x grade repeats as well says again that "
        "eq-km is close to it: a number that repeats is not yet one that knows more."
    )
    return "\n\n".join(lines)


def makers(told: Mapping[str, Any] | None) -> str:
    """Return the section on two streams of one run."""
    lines = [
        "### Why sources are never mixed: two contact times of one run",
        "The one file that has both: the watch's own stream and the pod's, second by second.",
    ]
    if told is None:
        return "\n\n".join([*lines, ABSENT])
    rows = [
        ["seconds with both", cell(told["n"]), ""],
        ["mean contact time, ms", *(cell(one, 1) for one in told["means_ms"])],
        ["distance, km", *(cell(one, 3) for one in told["km"])],
        ["time x grade, km", *(cell(one, 3) for one in told["time_and_grade_km"])],
        ["eq-km", *(cell(one, 3) for one in told["eq_km"])],
        ["mean modelled Achilles peak, BW (±40 %)", *(cell(one, 2) for one in told["peak_bw"])],
        ["hard load, BW·s", *(cell(one, 0) for one in told["hard_load_bw_s"])],
    ]
    low, high = told["limits_ms"]
    lines.append(table((told["file"], *told["streams"]), rows))
    hard = [one for one in told["hard_load_bw_s"] if one]
    more = f"{cell(100 * (max(hard) / min(hard) - 1), 0)} %" if len(hard) == 2 else "not known"
    lines.append(
        f"Difference {signed(told['bias_ms'])} ± {cell(told['sd_ms'], 1)} ms (95 % of it from {cell(low, 0)} to "
        f"{cell(high, 0)} ms), correlation {cell(told['correlation'], 2)}. For this runner and this pair the means lie "
        f"close and eq-km hardly feels it; hard load, which counts steps beyond a line, differs by {more}. In other "
        "public recordings devices are told to differ by up to 50 ms (not measured here), and one pod was 113 ms off "
        "(above). So a load is judged only against loads of the same instrument."
    )
    return "\n\n".join(lines)


def cost(told: Mapping[str, Any]) -> str:
    """Return the section on cost."""
    names = {
        "batch": "many at once, model alone",
        "batch_and_sums": "many at once, with the sums of the session",
        "live": "one step a call, model alone",
        "live_and_sums": "one step a call, with the sums and totals after each",
    }
    rows = (
        [
            what,
            cell(told[key]["n_steps"]),
            cell(told[key]["us"], 2),
            f"{cell(told[key]['fastest_us'], 2)}–{cell(told[key]['slowest_us'], 2)}",
        ]
        for key, what in names.items()
    )
    return "\n\n".join(
        [
            "### Cost of a step",
            f"{told['machine']}; middle of {told['batch']['n_times']} times, with the fastest and slowest. These "
            "figures are the machine's, with all else that ran on it, and are not the same twice.",
            table(("way", "steps", "µs a step", "fastest–slowest"), rows),
        ]
    )
