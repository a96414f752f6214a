"""Results → pictures for the report: plain, on white, 900 px wide, every axis with its unit."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from tests.validation.drawing import COLOUR, GREY, STRIKE_COLOUR, drawn
from tests.validation.load_plots import load_pictures


def sacral_trials(told: Mapping[str, Any], path: Path) -> None:
    """Draw contact time found against the treadmill's, and errors by speed."""
    way = told["left_out"]
    rows = [row for row in way["trials"] if row["error_ms"] is not None]
    truth, error = np.array([r["contact_ms"] for r in rows]), np.array([r["error_ms"] for r in rows])
    slope, speed = np.array([r["slope_deg"] for r in rows]), np.array([r["speed_mps"] for r in rows])
    baseline = np.array(told["baselines"][0]["errors_ms"])
    with drawn(path, 2, share_y=False, legend_of=1) as (left, right):
        span = [truth.min() - 8, truth.max() + 8]
        left.plot(span, span, color=GREY, lw=1)
        for sign, name, mark in ((1, "uphill", "^"), (0, "level", "o"), (-1, "downhill", "v")):
            one = np.sign(slope) == sign
            left.scatter(truth[one], (truth + error)[one], marker=mark, color=COLOUR["sacrum"], label=name)
        left.set(xlabel="contact time, treadmill at 20 N (ms)", ylabel="contact time, sacrum (ms)", title=way["way"])
        left.legend()
        right.axhline(0, color=GREY, lw=1)
        right.scatter(speed - 0.03, error, color=COLOUR["sacrum"], label="sacrum")
        right.scatter(speed + 0.03, baseline, marker="x", color=GREY, label="no sensor: speed + cadence")
        right.set(xlabel="speed (m/s)", ylabel="error of a trial's mean (ms)", title="one runner, 16 trials")


def with_and_without(results: Mapping[str, Any], path: Path) -> None:
    """Draw spreads with a sensor beside spreads without one."""
    told, bars = results["reference"], []
    if told["sacral_trials"] is not None:
        trials = told["sacral_trials"]
        way = trials["left_out"]
        baseline = trials["baselines"][0]["trial_mean_sd_ms"]
        bars.append(("16 trials, sacrum\n(one runner, trial means)", way["trial_mean_sd_ms"], baseline))
    if told["sacral_table"] is not None:
        sd = {row["way"]: row["sd_ms"] for row in told["sacral_table"]["ways"]}
        bars.append(("19 runners, sacrum\n(published method)", sd["as published"], sd["speed + cadence + mass"]))
    for mount, one in results["simulated"].items():
        bars.append(
            (f"simulated, {mount}\n(means of 60 people)", one["all"]["between_sd_ms"], one["baseline"]["between_sd_ms"])
        )
    at = np.arange(len(bars))
    with drawn(path, legend_of=0) as (axes,):
        axes.barh(at - 0.19, [b[1] or 0 for b in bars], 0.36, color=COLOUR["foot"], label="with the sensor")
        axes.barh(
            at + 0.19, [b[2] or 0 for b in bars], 0.36, color="#c9c9c9", label="no sensor: speed + cadence (+ mass)"
        )
        axes.set_yticks(at, [b[0] for b in bars])
        axes.invert_yaxis()
        axes.grid(visible=False, axis="y")
        axes.set(xlabel="SD of the error of mean contact time (ms); less is better")


def pod_against_video(told: Mapping[str, Any], path: Path) -> None:
    """Draw each step of both feet."""
    with drawn(path, 2) as axes:
        for one, (foot, steps) in zip(axes, told["steps"].items(), strict=True):
            at_s, video_ms, pod_ms = np.array(steps).T
            one.plot(at_s, video_ms, "o-", color=GREY, ms=4, lw=1, label="video, 60 frames a second")
            one.plot(at_s, pod_ms, "s-", color=COLOUR["shank"], ms=4, lw=1, label="pod")
            one.set(xlabel="time (s)", title=f"{foot} foot")
        axes[0].set(ylabel="contact time (ms)", ylim=(230, 480))
        axes[0].legend(loc="lower left")


def simulated_people(told: Mapping[str, Any], path: Path) -> None:
    """Draw the mean error of every simulated person, with the sensor and without."""
    with drawn(path, len(told), share_y=False, legend_of=0) as axes:
        for one, (mount, study) in zip(axes, told.items(), strict=True):
            one.axhline(0, color=GREY, lw=1)
            for k, strike in enumerate(STRIKE_COLOUR):
                rows = [p for p in study["people"] if p["strike"] == strike]
                spread = np.linspace(-0.12, 0.12, len(rows))
                one.plot(k - 0.18 + spread, [p["bias_ms"] for p in rows], "o", ms=4, color=STRIKE_COLOUR[strike])
                one.plot(k + 0.22 + spread, [p["baseline_bias_ms"] for p in rows], "x", ms=4, color=GREY)
            one.plot([], [], "o", ms=4, color="black", label="with the sensor")
            one.plot([], [], "x", ms=4, color=GREY, label="no sensor: speed + cadence")
            one.set_xticks(range(len(STRIKE_COLOUR)), list(STRIKE_COLOUR))
            one.set(title=f"simulated, {mount}")
        axes[0].set(ylabel="mean error of a person (ms)")


def simulated_speed(told: Mapping[str, Any], path: Path) -> None:
    """Draw bias and spread over speed, by foot strike."""
    with drawn(path, len(told), share_y=False, legend_of=0) as axes:
        for one, (mount, study) in zip(axes, told.items(), strict=True):
            one.axhline(0, color=GREY, lw=1)
            for k, (strike, colour) in enumerate(STRIKE_COLOUR.items()):
                rows = [r for r in study["groups"] if r.get("strike") == strike and "speed_mps" in r]
                speed = np.array([r["speed_mps"] for r in rows]) + 0.05 * (k - 1)
                bias, sd = [r["bias_ms"] for r in rows], [r["sd_ms"] for r in rows]
                one.errorbar(speed, bias, yerr=sd, fmt="o-", ms=4, lw=1, capsize=2, color=colour, label=strike)
            one.set(xlabel="speed (m/s)", title=f"simulated, {mount}")
        axes[0].set(ylabel="error of contact time: mean, bars 1 SD (ms)")


def simulated_rate(told: Mapping[str, Any], path: Path) -> None:
    """Draw spread and recall over the sampling rate."""
    with drawn(path, 2, share_y=False, legend_of=0) as (left, right):
        for mount, study in told.items():
            rows = [r for r in study["conditions"] if r["table"] == "sampling rate"]
            rate = [float(r["name"].removesuffix(" Hz").replace(",", "")) for r in rows]
            left.plot(rate, [r["sd_ms"] for r in rows], "o-", color=COLOUR[mount], label=mount)
            right.plot(rate, [r["recall_pct"] for r in rows], "o-", color=COLOUR[mount], label=mount)
        left.plot(rate, [408 / r for r in rate], "--", color=GREY, label="whole samples, 0.408 / rate")
        for one in (left, right):
            one.set_xscale("log")
            one.set_xticks(rate, [f"{r:.0f}" for r in rate])
            one.minorticks_off()
            one.set(xlabel="sampling rate (Hz), simulated")
        left.set(ylabel="SD of a contact time (ms)", ylim=(0, None))
        right.set(ylabel="recall (%)")


def delay(told: Mapping[str, Any], path: Path) -> None:
    """Draw percentiles of the delay of the record."""
    percentiles = (1, 5, 25, 50, 75, 95, 99)
    with drawn(path, height=3.2) as (axes,):
        for mount, study in told.items():
            values = [study["latency"].get(f"p{p}_ms") for p in percentiles]
            if None not in values:
                axes.plot(values, percentiles, "o-", color=COLOUR[mount], label=mount)
        axes.axvline(20, color=GREY, ls="--", lw=1, label="goal for 99 %: 20 ms")
        axes.axvline(0, color=GREY, lw=1)
        axes.set(
            xlabel="from true toe-off to the record, device time, simulated at 200 Hz (ms)",
            ylabel="share of contacts (%)",
        )
        axes.legend()


def uncertainty(told: Mapping[str, Any], path: Path) -> None:
    """Draw the error found against the spread claimed."""
    with drawn(path, height=3.6) as (axes,):
        largest = 0.0
        for mount, study in told.items():
            claimed = [r["claimed_sd_ms"] for r in study["quality"]]
            found = [r["rms_ms"] for r in study["quality"]]
            largest = max([largest, *claimed, *found])
            axes.plot(claimed, found, "o", color=COLOUR[mount], label=mount)
        axes.plot([0, largest], [0, largest], color=GREY, lw=1, label="claimed = found")
        axes.set(
            xlabel="claimed SD of a contact time (ms)",
            ylabel="RMS error, simulated (ms)",
            xlim=(0, None),
            ylim=(0, None),
        )
        axes.legend()


def draw_all(results: Mapping[str, Any], folder: Path) -> list[str]:
    """Draw every picture whose figures are there; return their names."""
    told, seen = results["reference"], results["simulated"]
    pictures: list[tuple[str, Callable[[Any, Path], None], Any]] = [
        ("sacral_trials", sacral_trials, told["sacral_trials"]),
        ("with_and_without", with_and_without, results),
        ("pod_against_video", pod_against_video, told["pod_against_video"]),
        ("simulated_people", simulated_people, seen),
        ("simulated_speed", simulated_speed, seen),
        ("simulated_rate", simulated_rate, seen),
        ("delay", delay, seen),
        ("uncertainty", uncertainty, seen),
        *load_pictures(results["load"]),
    ]
    names = []
    for name, draw, what in pictures:
        path = folder / f"{name}.png"
        path.unlink(missing_ok=True)
        if what is not None:
            draw(what, path)
            names.append(path.name)
    return names
