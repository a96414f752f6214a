"""Results of the load model → pictures for the report."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np

from tests.validation.drawing import COLOUR, GREY, STRIKE_COLOUR, drawn
from tests.validation.load_report_simulated import BANDS, MAIN_CASE

CURVE_COLOUR: Final = {**STRIKE_COLOUR, "walk": "#5b5b5b"}


def load_per_km(told: Mapping[str, Any], path: Path) -> None:
    """Draw the published ratios beside the model's, left out, and those of time x grade."""
    rows = told["rows"]
    at = np.arange(len(rows))
    with drawn(path, height=4.4, legend_of=0) as (axes,):
        axes.axvline(1, color=GREY, lw=1)
        axes.plot([r["table"] for r in rows], at, "o", ms=9, mfc="none", color="black", label="table (second-hand)")
        axes.plot([r["model"] for r in rows], at, "o", ms=4, color=COLOUR["foot"], label="model, fitted")
        axes.plot([r["left_out"] for r in rows], at + 0.2, "^", ms=4, color=COLOUR["shank"], label="each left out")
        axes.plot([r["time_and_grade"] for r in rows], at - 0.2, "x", ms=5, color=GREY, label="time x grade, no sensor")
        axes.set_yticks(at, [r["condition"] for r in rows])
        axes.invert_yaxis()
        axes.set(xlabel="modelled Achilles impulse a km, over that of the base condition (ratio)")


def load_vgrf(told: Mapping[str, Any], path: Path) -> None:
    """Draw predicted against measured peaks of the table, and the errors of each way."""
    speed, true, predicted = np.array(told["rows"]).T
    with drawn(path, 2, height=4.0, share_y=False) as (left, right):
        span = [true.min() - 0.1, true.max() + 0.1]
        left.plot(span, span, color=GREY, lw=1)
        for mps, mark in zip(np.unique(speed), "osv^", strict=False):
            one = speed == mps
            left.scatter(true[one], predicted[one], marker=mark, s=22, color=COLOUR["foot"], label=f"{mps} m/s")
        left.set(
            xlabel="peak vertical force, plate (body weights)",
            ylabel="predicted, subject left out (body weights)",
            title="19 runners, plate contact time",
        )
        left.legend()
        ways = [w for w in told["ways"] if "shipped" not in w["way"]]
        at = np.arange(len(ways))
        right.barh(at, [w["mape_pct"] for w in ways], 0.6, color=COLOUR["foot"])
        right.set_yticks(at, [w["way"].replace(" (", "\n(") for w in ways], fontsize=7)
        right.invert_yaxis()
        right.grid(visible=False, axis="y")
        right.set(xlabel="mean error of the peak (%)")


def load_curves(told: Mapping[str, Any], path: Path) -> None:
    """Draw the modelled force through contact with the band of 40 %, as a share of contact and in time."""
    band = told["absolute_band"]
    with drawn(path, 2, height=4.0, legend_of=0) as (left, right):
        for name, one in told["curves"].items():
            force = np.array(one["force_bw"])
            phase = np.linspace(0, 100, len(force))
            label = "walking" if name == "walk" else f"{name}, {told['mps']} m/s"
            left.plot(phase, force, color=CURVE_COLOUR[name], label=label)
            right.plot(phase / 100 * one["contact_ms"], force, color=CURVE_COLOUR[name])
            if name in {"rearfoot", "walk"}:
                left.fill_between(
                    phase, (1 - band) * force, (1 + band) * force, color=CURVE_COLOUR[name], alpha=0.15, lw=0
                )
        left.set(
            xlabel="contact (%)",
            ylabel="Achilles force, modelled (body weights)",
            title=f"modelled; shaded ±{100 * band:.0f} % of rearfoot and walking",
            ylim=(0, None),
        )
        right.set(xlabel="time from initial contact (ms)", title="modelled, ±40 % on every curve")


def simulated_row(case: Mapping[str, Any], key: str, name: str) -> dict[str, Any]:
    """Return a band of simulated runners as a row like those of real ones."""
    row = case[key]
    told = {"coverage_pct": row["inside_pct"], "low_pct": row["from_pct"], "high_pct": row["to_pct"], "n": row["n"]}
    return {"what": f"Achilles: {name}", "data": f"simulated, {case['name']}", "left_out": None, **told}


def load_bands(told: Mapping[str, Any], path: Path) -> None:
    """Draw the coverage of every band with its interval."""
    real = told["bands"]
    case = told["simulated"]["bands"]["cases"][MAIN_CASE]
    rows = [
        *real["contact"],
        *real["vgrf"],
        real["contact_pooled"],
        real["vgrf_pooled"],
        *(simulated_row(case, key, name) for key, name in BANDS.items()),
    ]
    at = np.arange(len(rows))
    names = [
        f"{r['what']}\n{r['data'] if len(r['data']) < 60 else 'the first of each above'}, n = {r['n']}" for r in rows
    ]
    with drawn(path, height=7.6) as (axes,):
        axes.axvline(90, color=GREY, ls="--", lw=1)
        for i, row in enumerate(rows):
            colour = {True: COLOUR["foot"], False: "#b08900", None: GREY}[row["left_out"]]
            axes.plot([row["low_pct"], row["high_pct"]], [i, i], color=colour, lw=2)
            axes.plot(row["coverage_pct"], i, "o", color=colour)
        axes.plot([], [], "o-", color=COLOUR["foot"], label="left out")
        axes.plot([], [], "o-", color="#b08900", label="as shipped")
        axes.plot([], [], "o-", color=GREY, label="simulated, Achilles")
        axes.set_yticks(at, names, fontsize=7)
        axes.invert_yaxis()
        axes.grid(visible=False, axis="y")
        axes.set(xlabel="inside the band of 90 % (%), bars: exact interval of 95 %", xlim=(50, 100))
        axes.legend(loc="lower left")


def load_pictures(told: Mapping[str, Any]) -> list[tuple[str, Callable[[Any, Path], None], Any]]:
    """Return the names of the load model's pictures, how they are drawn, and from what."""
    return [
        ("load_per_km", load_per_km, told["van_hooren"]),
        ("load_curves", load_curves, told["curves"]),
        ("load_vgrf", load_vgrf, told["vgrf_table"]),
        ("load_bands", load_bands, told if told["bands"] is not None else None),
    ]
