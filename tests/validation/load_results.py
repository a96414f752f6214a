"""Everything that is measured of the load model, for the report."""

from collections.abc import Callable
from typing import Any, Final

import numpy as np

from sensor_hub.load.achilles import VERSION, WALK_PEAK_OVER_MEAN, AchillesModel
from sensor_hub.load.modifiers import MODIFIERS
from sensor_hub.load.tendon import FOREFOOT, MIDFOOT, REARFOOT, WALK, achilles_curve
from sensor_hub.load.uncertainty import ABSOLUTE_BAND
from sensor_hub.load.vgrf import mean_force_bw
from sensor_hub.units import MS_PER_S
from tests.validation.load_alarms import load_alarms
from tests.validation.load_bands import bands
from tests.validation.load_contrasts import at, contrasts, walking_step
from tests.validation.load_cost import cost
from tests.validation.load_files import makers, repeatability
from tests.validation.load_force_table import vgrf_table
from tests.validation.load_force_trials import vgrf_trials
from tests.validation.load_signs import absolutes, impulse_of_a_step, signs
from tests.validation.load_simulated import figures
from tests.validation.load_steps import population_steps, published
from tests.validation.load_van_hooren import van_hooren
from tests.validation.measures import rounded
from tests.validation.recordings import AbsentError

N_PHASES: Final = 61
CURVES_MPS: Final = 3.33


def curves() -> dict[str, Any]:
    """Return the modelled force through contact, BW: three strikes at one speed, and walking."""
    phase = np.linspace(0.0, 1.0, N_PHASES)
    steps = population_steps(np.array([CURVES_MPS]))
    told = {}
    for name, curve in (("rearfoot", REARFOOT), ("midfoot", MIDFOOT), ("forefoot", FOREFOOT)):
        peak_bw = float(at(CURVES_MPS, strike=name).achilles_peak_bw[0])
        told[name] = (float(steps.contact_time_s[0]), peak_bw, achilles_curve(phase, curve))
    walk_s = published()["typical"]["walk_step_time_s"]
    walk = walking_step(walk_s)
    mean_bw = float(walk.vgrf_peak_bw[0]) / WALK_PEAK_OVER_MEAN
    told["walk"] = (walk_s / mean_bw, float(walk.achilles_peak_bw[0]), achilles_curve(phase, WALK))
    return {
        "mps": CURVES_MPS,
        "absolute_band": ABSOLUTE_BAND,
        "mean_force_bw": rounded(float(mean_force_bw(steps.step_time_s, steps.contact_time_s)[0]), 3),
        "curves": {
            name: {
                "contact_ms": rounded(MS_PER_S * contact_s, 0),
                "force_bw": [rounded(one, 3) for one in (peak_bw * shape / shape.max()).tolist()],
            }
            for name, (contact_s, peak_bw, shape) in told.items()
        },
    }


def alarms() -> dict[str, Any]:
    """Return false alarms and power of the session rule on simulated runners, in %, and the worst of each measure."""
    told = load_alarms()
    in_percent: dict[str, Any] = {
        table: [
            {
                **{key: value for key, value in row.items() if key not in {"claimed_sd", "rate", "low", "high"}},
                "claimed_sd_pct": rounded(100 * row["claimed_sd"], 1),
                **{f"{key}_pct": rounded(100 * row[key]) for key in ("rate", "low", "high")},
            }
            for row in told[table]
        ]
        for table in ("false_alarms", "power")
    }
    as_claimed = [row for row in in_percent["false_alarms"] if row["noise"] == 1.0]
    return {
        **in_percent,
        "reference_bias_pct": {k: rounded(100 * value, 1) for k, value in told["reference_bias"].items()},
        "largest_pct": {
            measure: max(row["rate_pct"] for row in as_claimed if row["measure"] == measure)
            for measure in dict.fromkeys(row["measure"] for row in as_claimed)
        },
    }


LOAD: Final[dict[str, Callable[[], Any]]] = {
    "van_hooren": van_hooren,
    "contrasts": contrasts,
    "signs": signs,
    "absolutes": absolutes,
    "impulse_of_a_step": impulse_of_a_step,
    "curves": curves,
    "vgrf_table": vgrf_table,
    "vgrf_trials": vgrf_trials,
    "bands": bands,
    "repeatability": repeatability,
    "makers": makers,
    "simulated": figures,
    "alarms": alarms,
    "cost": cost,
}


def model_card() -> dict[str, Any]:
    """Return who the model is and what moves it."""
    model = AchillesModel()
    return {
        "version": VERSION,
        "reference": model.reference.id,
        "modifiers": [
            {"name": one.name, "effect": one.effect, "evidence": one.evidence, "source": one.source}
            for one in MODIFIERS
        ],
    }


def measured_load(say: Callable[[str], None]) -> tuple[dict[str, Any], list[str]]:
    """Measure everything; return it with the names of recordings that are not here, whose parts are None."""
    told: dict[str, Any] = {"model": model_card()}
    absent = []
    for name, measure in LOAD.items():
        say(f"load model: {name}")
        try:
            told[name] = measure()
        except AbsentError as error:
            told[name] = None
            absent.append(str(error))
    told["n_wrong_signs"] = sum(not row["right"] for row in told["signs"].values())
    return told, absent
