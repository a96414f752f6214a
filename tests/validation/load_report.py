"""The report's part on the load model: published tables, contrasts and forces."""

from collections.abc import Mapping
from typing import Any, Final

from tests.validation.load_report_files import cost, makers, repeatability
from tests.validation.load_report_force import bands, vgrf_table, vgrf_trials
from tests.validation.load_report_simulated import achilles_bands, alarms, following
from tests.validation.tables import cell, signed, table

ROLE: Final = (
    "*Fitted*: a constant of the model was set by this number, so agreement says nothing. *Predicted*: nothing was "
    "fitted to it. *Sign*: only a direction or an order is published."
)


def load_sections(results: Mapping[str, Any]) -> list[str]:
    """Return the sections on the load model, but for what is simulated."""
    told = results["load"]
    return [
        intro(told["model"]),
        van_hooren(told["van_hooren"]),
        "![Published ratios of load a km and the model's](load_per_km.png)",
        contrasts(told["contrasts"]),
        signs(told["signs"], told["impulse_of_a_step"]),
        absolutes(told["absolutes"]),
        "![Modelled Achilles force through contact](load_curves.png)",
        vgrf_table(told["vgrf_table"]),
        vgrf_trials(told["vgrf_trials"]),
        bands(told["bands"]),
        repeatability(told["repeatability"]),
        makers(told["makers"]),
        cost(told["cost"]),
    ]


def simulated_load_sections(results: Mapping[str, Any]) -> list[str]:
    """Return the sections on the load model that rest on simulated runners."""
    told = results["load"]
    seen = told["simulated"]
    return [achilles_bands(seen["bands"]), following(seen["following"]), alarms(told["alarms"])]


def intro(model: Mapping[str, Any]) -> str:
    """Return what is measured here, and what moves the model."""
    rows = ([one["name"], one["effect"], one["source"], one["evidence"]] for one in model["modifiers"])
    return (
        f"Model `{model['version']}`, reference `{model['reference']}`. Nobody has measured Achilles force in the "
        "field beside this model: what stands here is agreement with published tables, most of them known from "
        "abstracts. **None of it validates an Achilles force.** Vertical force and bands are held against real "
        "plates.\n\n" + ROLE + "\n\n"
    ) + table(("influence", "what the model does", "source", "evidence"), rows, n_words=4)


def van_hooren(told: Mapping[str, Any]) -> str:
    """Return the section on load per km."""
    lines = [
        "### Load a km over speeds, slopes and cadences",
        f"{told['source']}; **{told['mark']}**. {told['note']} Gait of the population at each speed; where only "
        "cadence changes, contact time is held at the population's, which nobody told. The table set two of the "
        "model's constants, so agreement with it is **no validation**; *left out* refits both without the ratio in "
        "question.",
    ]
    rows = (
        [
            row["condition"],
            row["group"],
            *(cell(row[key], 3) for key in ("table", "model", "left_out", "left_out_held", "time_and_grade")),
        ]
        for row in told["rows"]
    )
    headings = ("condition", "of", "table", "model", "left out", "left out, root held", "time x grade")
    lines.append(table(headings, rows, n_words=2))
    ways = (
        [
            row["way"],
            cell(row["n"]),
            cell(row["mae_pct"], 2),
            cell(row["mae_points"], 2),
            signed(row["largest_pct"]),
            f"{row['right_side']} of {row['n']}",
        ]
        for row in told["ways"]
    )
    lines.append(table(("way", "ratios", "mean error %", "in points", "largest %", "right side of 1"), ways))
    free, held, shipped = told["free"], told["held"], told["shipped"]
    lines.append(
        f"Exponent of the mean force, free: {cell(free['exponent'], 2)}; held at {cell(held['exponent'])} in the "
        f"model. Slope: {cell(free['per_rad'], 2)} a radian on these ten, {cell(shipped['per_rad'], 2)} as shipped. "
        "*Time x grade* and *distance* need no sensor. The gain over time x grade is two of a hundred, and nearly all "
        "of it lies in the faster kilometres: **the impulse is close to a stopwatch**, and a sensor's worth must show "
        "in peak, hard load and sides."
    )
    groups = (
        [
            f"all {row['group']}s",
            cell(row["n"]),
            cell(row["mae_pct"], 2),
            cell(row["shipped_mae_pct"], 2),
            cell(row["exponent"], 2),
            cell(row["per_rad"], 2),
        ]
        for row in told["groups"]
    )
    lines.append(
        "With a whole group left out. Without the slopes nothing tells their coefficient, so it is 0 and the model is "
        "off by the slopes' own effect: **the slope is an observation put in, not something the model predicts.**\n\n"
        + table(("left out", "ratios", "mean error %", "as shipped %", "exponent", "slope a rad"), groups)
    )
    cadence = ([row["way"], *(cell(ratio, 3) for ratio in row["ratios"])] for row in told["cadence_by_contact"])
    published = [row["table"] for row in told["rows"] if row["group"] == "cadence"]
    lines.append(
        "How contact time follows cadence at one speed decides that sign, so it was tried in three ways:\n\n"
        + table(
            ("contact time", "-10 steps/min", "+10 steps/min"),
            [["published", *(cell(one, 3) for one in published)], *cadence],
        )
    )
    return "\n\n".join(lines)


def contrasts(told: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the section on published contrasts."""
    rows = (
        [
            row["study"],
            row["what"],
            row["role"] if row["mark"] == "read" else f"{row['role']}, {row['mark']}",
            signed(row["published_pct"]),
            signed(row["model_pct"]),
            cell(row["within_pct"]) if row["within_pct"] is None else f"±{cell(row['within_pct'], 0)}",
            {True: "yes", False: "**no**", None: "no limit set"}[row["met"]],
        ]
        for row in told.values()
    )
    return "\n\n".join(
        [
            "### Other published contrasts",
            "Rises in %, the model's with the population's gait. Loading rate: mean slope of the modelled force from "
            "20 to 80 % of its peak; it is in no product and shown to nobody, for no wearable tells it. Distance and "
            "time x grade say 0 to every row of peak, rate, strike and surface.",
            table(("study", "what", "role", "published", "model", "limit", "met"), rows, n_words=3),
            "What misses is known: the loading rate of those who do not land on the heel (the curve only starts "
            "further ahead, it rises no faster), the ratio of running to walking (10 to 60 points off in either "
            "direction: three instruments say three things), and Willy's load a km, since one factor cannot be two. "
            "Starbuck et al. report *more* load in all at the faster speed, against the table above; the model "
            "follows the table.",
        ]
    )


def signs(told: Mapping[str, Mapping[str, Any]], step: Mapping[str, Any]) -> str:
    """Return the section on directions and orders."""
    rows = (
        [
            row["study"],
            row["what"],
            cell(row["first"]),
            cell(row["last"]),
            {True: "yes", False: "**no**"}[row["right"]],
        ]
        for row in told.values()
    )
    return "\n\n".join(
        [
            "### Directions and orders",
            table(("study", "published", "model, first", "model, last", "same"), rows, n_words=2),
            "First and last of the values compared: body weights, BW·s, or over the first. The sign of cadence rests "
            "on a contact time that does not follow the step time in proportion: if it did, 5 % more steps would "
            "change no peak at all.",
            f"The **impulse** of a step does not rise from an easy to a fast run: {cell(step['from_bw_s'], 3)} BW·s at "
            f"{step['from_mps']} m/s and {cell(step['to_bw_s'], 3)} at {step['to_mps']} m/s, a ratio of "
            f"{cell(step['model'], 3)}. The table above says so itself ({cell(step['table'], 3)}: fewer seconds a step "
            f"and little more force). A walking step, at half the cadence, has {cell(step['walk_bw_s'], 3)}. What "
            "rises is the peak, and so intensity is told by hard load.",
        ]
    )


def absolutes(told: list[dict[str, Any]]) -> str:
    """Return the section on forces in body weights."""
    rows = (
        [
            row["study"],
            row["what"],
            row["role"] if row["mark"] == "read" else f"{row['role']}, {row['mark']}",
            cell(row["published_bw"], 1),
            f"{cell(row['model_bw'], 1)} ({cell(row['low_bw'], 1)}–{cell(row['high_bw'], 1)})",
            {True: "yes", False: "**no**"}[row["inside"]],
        ]
        for row in told
    )
    outside = sum(not row["inside"] for row in told)
    return "\n\n".join(
        [
            "### Peaks in body weights",
            "Modelled, with their ±40 %. Instruments disagree by more than that among themselves.",
            table(("study", "what", "role", "published BW", "modelled BW, ±40 %", "inside"), rows, n_words=3),
            f"{outside} of {len(told)} lie outside, all of them tensiometry, which reads nearly twice what moments "
            "over a lever of 5 cm give. A force of this model is worth comparing with the same runner's, and nothing "
            "else. Baxter et al.'s seated heel raise (0.5 BW) needs 0.19 BW on the leg here; what their leg carried is "
            "not published in what we have, so it is no test.",
        ]
    )
