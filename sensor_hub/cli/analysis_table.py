"""What ``session analyze`` shows a person of one file."""

import math
from typing import Any

from sensor_hub.cli.show import as_table, minutes, number, say


def show_analysis(title: str, answer: dict[str, Any]) -> None:
    """Print the answer of ``session analyze`` for a person: a table, and its warnings under it."""
    rows = [
        ["steps", number(answer["n_steps"], 0), f"{number(answer['n_strides'], 0)} strides of one foot"],
        ["moving time", minutes(answer["duration_s"]), "h:mm:ss"],
        ["distance", number(answer["distance_m"], 2, 0.001), "km"],
        ["cadence", number(answer["cadence_spm"], 1), "steps/min, median"],
        ["contact time", number(answer["contact_time_s"], 0, 1000), _contact_unit(answer)],
        ["duty factor", number(answer["duty_factor"], 1, 100), "% of the stride on the ground"],
        ["flight time", number(answer["flight_time_s"], 0, 1000), _flight_unit(answer)],
        *_of_feet(answer),
        ["push-off load", number(answer["load_eq_km"], 2), f"eq-km (modelled, {answer['model']}, provisional)"],
        ["hard push-off load", number(answer["hard_load_bw_s"], 0), "BW·s a leg (modelled)"],
        ["recorded", number(answer["coverage"], 0, 100), "% of moving time"],
        ["tier", str(answer["tier"]), f"source {answer['source']}, reference {answer['reference']}"],
    ]
    if answer["tier"] is not None:
        as_table(title, ["quantity", "value", "unit"], rows)
    for text in answer["warnings"]:
        say(f"note: {text}")


def _contact_unit(answer: dict[str, Any]) -> str:
    bias_s = answer["contact_time_bias_s"]
    if bias_s is None:
        return "ms, mean"
    return f"ms, mean; within {bias_s * 1000:.0f} ms of a force plate's, by its evidence"


def _flight_unit(answer: dict[str, Any]) -> str:
    origin = answer["flight_time_origin"]
    return "ms, mean" if origin is None else f"ms, mean, {origin}"


def _of_feet(answer: dict[str, Any]) -> list[list[str]]:
    """Rows that only sensors on feet can fill; left out without them."""
    rows, left = [], answer["contact_balance_left"]
    if left is not None:
        rows.append(["contact balance", f"{left * 100:.1f} / {100 - left * 100:.1f}", "% left / right of both"])
    if answer["foot_pitch_rad"] is not None:
        pitch = f"sole at {math.degrees(answer['foot_pitch_rad']):.0f}° to the ground, mean"
        rows.append(["foot strike", answer["foot_strike"] or "–", pitch])
    return rows
