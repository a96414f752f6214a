"""What ``session analyze`` shows a person of one file."""

import math
from dataclasses import fields
from typing import Any

from sensor_hub.cli.show import as_table, length, minutes, number, say, settings
from sensor_hub.cli.texts import steps_number
from sensor_hub.words import MadeBy, contact_bias_text, load_facts, range_text
from sensor_hub.words.lengths import length_unit


def show_analysis(title: str, answer: dict[str, Any], *, both_feet: bool = False) -> None:
    """Print the answer of ``session analyze`` for a person: a table, and its warnings under it.

    What was wrong with the file is said on stderr. both_feet : the session's sensors see the steps of both.
    """
    settings(None)  # for the units; the analysis itself asks for none
    rows = [
        ["steps", steps_number(answer["n_steps"], answer["coverage"]), _steps_unit(answer, both_feet)],
        ["moving time", minutes(answer["duration_s"]), "h:mm:ss"],
        ["distance", length(answer["distance_m"]), length_unit()],
        ["cadence", number(answer["cadence_spm"], 1), "steps/min, median"],
        ["contact time", number(answer["contact_time_s"], 0, 1000), _contact_unit(answer)],
        ["duty factor", number(answer["duty_factor"], 1, 100), "% of the stride on the ground"],
        ["flight time", number(answer["flight_time_s"], 0, 1000), _flight_unit(answer)],
        *_of_feet(answer),
        ["recorded", number(answer["coverage"], 0, 100), "% of moving time"],
        ["tier", str(answer["tier"]), f"source {answer['source']}"],
    ]
    if answer["tier"] is not None:
        as_table(title, ["quantity", "value", "unit"], rows)
        as_table("load", ["quantity", "value", "how to take it"], _of_load(answer))
        say(range_text())
    if answer["contact_method"] is not None:
        say(f"contacts by {answer['contact_method']}: {answer['contact_method_evidence']}")
    for text in answer["warning_texts"]:
        say(f"note: {text}")


def _of_load(answer: dict[str, Any]) -> list[list[str]]:
    """Rows of the load, each with its band; an answer of an older program knows less, and those rows are dashes."""
    from sensor_hub.model.load import Totals

    totals = Totals(**{f.name: answer[f.name] for f in fields(Totals) if answer.get(f.name) is not None})
    made = MadeBy(
        tier=answer["tier"],
        model=answer["model"] or "",
        reference=answer["reference"] or "",
        instrument=answer.get("instrument") or "",
        surface=answer.get("surface") or "unknown",
    )
    return [[fact.name.lower(), fact.text, fact.note] for fact in load_facts(totals, made)]


def _steps_unit(answer: dict[str, Any], both_feet: bool) -> str:
    if both_feet or not answer["n_steps"]:
        return "of both feet"
    return f"{answer['n_strides']:.1f}".removesuffix(".0") + " strides of one foot"


def _contact_unit(answer: dict[str, Any]) -> str:
    if answer["contact_time_s"] is None:
        return "ms, mean"
    of = {"mount": answer["contact_mount"], "calibrated": bool(answer["contact_time_calibrated"])}
    return f"ms, mean; {contact_bias_text(answer['contact_time_bias_s'], **of)}"


def _flight_unit(answer: dict[str, Any]) -> str:
    origin = answer["flight_time_origin"]
    return "ms, mean" if origin is None else f"ms, mean, {origin}"


def _of_feet(answer: dict[str, Any]) -> list[list[str]]:
    """Rows that only sensors on feet can fill; left out without them."""
    rows, left = [], answer["contact_balance_left"]
    if left is not None:
        balance = f"{left * 100:.1f} / {100 - left * 100:.1f}"
        rows.append(
            ["contact balance", balance, "% left / right; a difference between sensors until they have changed feet"]
        )
    if answer["foot_pitch_rad"] is not None:
        degrees = f"{math.degrees(answer['foot_pitch_rad']):.0f}°"
        pitch = f"estimated, tried on simulated people only; sole at {degrees} to the ground, mean"
        rows.append(["foot strike", answer["foot_strike"] or "–", pitch])
    return rows
