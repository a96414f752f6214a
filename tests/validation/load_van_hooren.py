"""Achilles impulse per km over speeds, slopes and cadences: the model against a published table of ratios.

The table's ten ratios are of cumulative strain impulse, second-hand, and set two of the model's constants: agreement is
no validation. What remains when a ratio is left out of the fit says how far the form itself reaches.
"""

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from sensor_hub.load.achilles import AchillesModel
from sensor_hub.load.modifiers import GRADE_PER_RAD, MEAN_FORCE_EXPONENT
from sensor_hub.load.vgrf import mean_force_bw
from sensor_hub.model.arrays import BoolArray, FloatArray
from sensor_hub.units import DEGREE_RAD
from tests.validation.load_steps import population_steps, published
from tests.validation.measures import rounded

GROUPS: Final = ("speed", "slope", "cadence")


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """The ten ratios as columns: each condition over a base of the same group.

    log_mean_force, slope_rad, log_per_speed : (10,) what a condition has more than its base of ln(step time / contact
        time), of slope, and of ln(1 / speed): the terms of the model and of its baseline.
    """

    name: list[str]
    group: list[str]
    ratio: FloatArray
    model: FloatArray
    log_mean_force: FloatArray
    slope_rad: FloatArray
    log_per_speed: FloatArray

    def of_group(self, group: str) -> BoolArray:
        """(10,) True for the rows of a group."""
        return np.array([one == group for one in self.group])

    def predicted(self, exponent: float, per_rad: float) -> FloatArray:
        """(10,) ratios of the model's form with these two numbers."""
        log_ratio = exponent * self.log_mean_force + per_rad * self.slope_rad + self.log_per_speed
        ratio: FloatArray = np.exp(log_ratio)
        return ratio


def per_km_bw_s(speed_mps: FloatArray, slope_deg: FloatArray, more_spm: FloatArray) -> FloatArray:
    """(n,) BW·s a leg and km, as shipped."""
    steps = population_steps(speed_mps, slope_deg=slope_deg, more_spm=more_spm)
    loads = AchillesModel().step_loads(steps)
    a_km: FloatArray = loads.achilles_impulse_bw_s / 2 * 1000.0 / (speed_mps * steps.step_time_s)
    return a_km


def van_hooren_table() -> Table:
    """Return the published ratios and the model's."""
    told = published()["van_hooren"]
    slopes_mps, cadences_mps = told["slopes_mps"], told["cadences_mps"]
    rows: list[tuple[str, str, float, float, float, float]] = [
        *((f"{one['mps']:.2f} m/s", "speed", one["mps"], 0.0, 0.0, told["speeds_base_mps"]) for one in told["speeds"]),
        *((f"{one['deg']:+.0f} deg", "slope", slopes_mps, one["deg"], 0.0, slopes_mps) for one in told["slopes"]),
        *(
            (f"{one['more_spm']:+.0f} steps/min", "cadence", cadences_mps, 0.0, one["more_spm"], cadences_mps)
            for one in told["cadences"]
        ),
    ]
    speed, slope_deg, more_spm, base = (np.array([row[k] for row in rows], dtype=np.float64) for k in (2, 3, 4, 5))
    flat = np.zeros(len(rows))
    here, there = population_steps(speed, slope_deg=slope_deg, more_spm=more_spm), population_steps(base)
    forces = [np.log(mean_force_bw(steps.step_time_s, steps.contact_time_s)) for steps in (here, there)]
    return Table(
        name=[row[0] for row in rows],
        group=[row[1] for row in rows],
        ratio=np.array([one["ratio"] for one in (*told["speeds"], *told["slopes"], *told["cadences"])]),
        model=per_km_bw_s(speed, slope_deg, more_spm) / per_km_bw_s(base, flat, flat),
        log_mean_force=forces[0] - forces[1],
        slope_rad=slope_deg * DEGREE_RAD,
        log_per_speed=np.log(base / speed),
    )


def fitted(table: Table, known: BoolArray, exponent: float | None = None) -> tuple[float, float]:
    """Fit exponent (unless it is held) and slope coefficient on some rows; a term that no row tells of is 0."""
    target = np.log(table.ratio) - table.log_per_speed
    terms = np.column_stack([table.log_mean_force, table.slope_rad])[known]
    if exponent is None:
        found = np.linalg.lstsq(terms, target[known], rcond=None)[0]
        return float(found[0]), float(found[1])
    held = target[known] - exponent * terms[:, 0]
    return exponent, float(np.linalg.lstsq(terms[:, 1:], held, rcond=None)[0][0])


def left_out(table: Table, together: list[str], exponent: float | None = None) -> FloatArray:
    """(10,) each ratio predicted by what was fitted without those of the same name in ``together``."""
    predicted = np.full(len(table.ratio), np.nan)
    for name in dict.fromkeys(together):
        asked = np.array([one == name for one in together])
        predicted[asked] = table.predicted(*fitted(table, ~asked, exponent))[asked]
    return predicted


def errors_of(table: Table, predicted: FloatArray) -> dict[str, Any]:
    """Mean absolute error in % of the published ratio and in ratio points, and how many lie on the right side of 1."""
    error = predicted / table.ratio - 1
    return {
        "n": len(error),
        "mae_pct": rounded(100 * float(np.abs(error).mean())),
        "mae_points": rounded(100 * float(np.abs(predicted - table.ratio).mean())),
        "largest_pct": rounded(100 * float(error[np.abs(error).argmax()])),
        "right_side": int(np.count_nonzero(np.sign(np.round(predicted - 1, 6)) == np.sign(table.ratio - 1))),
    }


def cadence_by_contact() -> list[dict[str, Any]]:
    """Return the ratios of both cadences for three ways in which contact time may follow step time at one speed."""
    told = published()["van_hooren"]
    more_spm = np.array([0.0, *(one["more_spm"] for one in told["cadences"])])
    steps = population_steps(np.full(len(more_spm), told["cadences_mps"]), more_spm=more_spm)
    of_preferred = steps.step_time_s / steps.step_time_s[0]
    ways = {"contact time kept": 0.0, "as the root of step time": 0.5, "in proportion to step time": 1.0}
    table = []
    for way, power in ways.items():
        changed = replace(steps, contact_time_s=steps.contact_time_s * of_preferred**power)
        a_km = AchillesModel().step_loads(changed).achilles_impulse_bw_s / steps.step_time_s
        ratios = [rounded(one, 3) for one in (a_km[1:] / a_km[0]).tolist()]
        table.append({"way": way, "ratios": ratios})
    return table


def van_hooren() -> dict[str, Any]:
    """Return the ten ratios and what each way of reaching them is worth."""
    table = van_hooren_table()
    told = published()["van_hooren"]
    everything = np.ones(len(table.ratio), dtype=np.bool_)
    free, held = fitted(table, everything), fitted(table, everything, MEAN_FORCE_EXPONENT)
    baseline = table.predicted(0.0, told["time_and_grade_per_deg"] / DEGREE_RAD)
    without = left_out(table, table.name)
    without_held = left_out(table, table.name, MEAN_FORCE_EXPONENT)
    ways = {
        "the model as shipped": table.model,
        "exponent and slope fitted on all ten": table.predicted(*free),
        "each ratio left out, exponent and slope fitted on nine": without,
        "each ratio left out, exponent 1/2, slope fitted on nine": without_held,
        "time x grade: 1/v x exp(0.053 deg)": baseline,
        "distance: a km is a km": np.ones(len(table.ratio)),
    }
    groups = left_out(table, table.group)
    return {
        "source": told["source"],
        "mark": told["mark"],
        "note": told["note"].strip(),
        "shipped": {"exponent": MEAN_FORCE_EXPONENT, "per_rad": GRADE_PER_RAD},
        "free": {"exponent": rounded(free[0], 3), "per_rad": rounded(free[1], 3)},
        "held": {"exponent": held[0], "per_rad": rounded(held[1], 3)},
        "rows": [
            {
                "condition": table.name[i],
                "group": table.group[i],
                "table": float(table.ratio[i]),
                "model": rounded(table.model[i], 3),
                "left_out": rounded(without[i], 3),
                "left_out_held": rounded(without_held[i], 3),
                "time_and_grade": rounded(baseline[i], 3),
            }
            for i in range(len(table.ratio))
        ],
        "ways": [{"way": way, **errors_of(table, predicted)} for way, predicted in ways.items()],
        "cadence_by_contact": cadence_by_contact(),
        "groups": [
            {
                "group": group,
                **_group_errors(table, groups, table.of_group(group)),
                "exponent": rounded(fitted(table, ~table.of_group(group))[0], 3),
                "per_rad": rounded(fitted(table, ~table.of_group(group))[1], 3),
            }
            for group in GROUPS
        ],
    }


def _group_errors(table: Table, predicted: FloatArray, asked: BoolArray) -> dict[str, Any]:
    error = np.abs(predicted / table.ratio - 1)[asked]
    shipped = np.abs(table.model / table.ratio - 1)[asked]
    return {
        "n": int(asked.sum()),
        "mae_pct": rounded(100 * float(error.mean())),
        "shipped_mae_pct": rounded(100 * float(shipped.mean())),
    }
