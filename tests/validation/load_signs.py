"""What only a sign, an order or an absolute force is published of."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from sensor_hub.load.exercise import hop_loads
from sensor_hub.load.uncertainty import ABSOLUTE_BAND
from sensor_hub.model.arrays import FloatArray
from sensor_hub.units import STANDARD_GRAVITY_MPS2
from tests.validation.load_contrasts import JSSM_MPS, at, walking_step
from tests.validation.load_steps import population_steps, published
from tests.validation.measures import rounded

LINE_MPS: Final = np.arange(2.5, 5.61, 0.1)


def absolutes() -> list[dict[str, Any]]:
    """Return peaks in body weights beside what other instruments gave, and whether the band of 40 % holds them."""
    told = published()
    keuler, kharazi, fukuchi, baxter, usual = (
        told[name] for name in ("keuler", "kharazi", "fukuchi", "baxter", "typical")
    )
    walk_bw = float(walking_step(usual["walk_step_time_s"]).achilles_peak_bw[0])
    hop_bw = float(hop_loads(np.array([usual["hop_contact_s"]]), np.array([usual["hop_time_s"]])).achilles_peak_bw[0])
    speeds_mps = keuler["from_mps"], keuler["to_mps"], kharazi["run_mps"], fukuchi["run_mps"]
    runs_bw = at(*speeds_mps).achilles_peak_bw.tolist()
    walked_bw = keuler["walk_n_per_kg"] / STANDARD_GRAVITY_MPS2
    rows = (
        (keuler, f"running, {keuler['from_mps']} m/s", "predicted", keuler["from_bw"], runs_bw[0]),
        (keuler, f"running, {keuler['to_mps']} m/s", "predicted", keuler["to_bw"], runs_bw[1]),
        (keuler, f"walking, {keuler['walk_mps']} m/s", "predicted", walked_bw, walk_bw),
        (kharazi, f"running, {kharazi['run_mps']} m/s, mass assumed", "predicted", kharazi["run_bw"], runs_bw[2]),
        (fukuchi, "running, mean; model at 3.33 m/s", "fitted", fukuchi["run_bw"], runs_bw[3]),
        (fukuchi, "walking, mean", "fitted", fukuchi["walk_bw"], walk_bw),
        (baxter, "forward hop on one leg", "predicted from a timing of ours", baxter["hop_bw"], hop_bw),
    )  # fmt: skip
    return [
        {
            "study": study["source"],
            "mark": study["mark"],
            "what": what,
            "role": role,
            "published_bw": rounded(float(bw), 1),
            "model_bw": rounded(model_bw, 1),
            "low_bw": rounded((1 - ABSOLUTE_BAND) * model_bw, 1),
            "high_bw": rounded((1 + ABSOLUTE_BAND) * model_bw, 1),
            "inside": bool(abs(bw - model_bw) <= ABSOLUTE_BAND * model_bw),
        }
        for study, what, role, bw, model_bw in rows
    ]


def per_km(speed_mps: FloatArray, power: int) -> FloatArray:
    """(n,) load a km of the m-th power over that of the first speed, as the curve keeps its shape."""
    loads = at(*speed_mps.tolist())
    steps = population_steps(speed_mps)
    a_km: FloatArray = (
        loads.achilles_impulse_bw_s * loads.achilles_peak_bw ** (power - 1) / (speed_mps * steps.step_time_s)
    )
    relative: FloatArray = a_km / a_km[0]
    return relative


def signs() -> dict[str, dict[str, Any]]:
    """Return what only a direction or an order is published of, with the modelled values that say it."""
    told = published()
    faster = 1 + told["lyght"]["cadence_pct"] / 100
    rate = 60.0 / population_steps(np.array([3.33])).step_time_s
    quicker = at(3.33, more_spm=(faster - 1) * rate).achilles_peak_bw[0] / at(3.33).achilles_peak_bw[0]
    slopes = at(2.78, 2.78, 2.78, slope_deg=np.array([-5.0, 0.0, 5.0]))
    strikes = [at(JSSM_MPS, strike=strike) for strike in told["jssm"]["order"]]
    gaits = (walking_step(told["typical"]["walk_step_time_s"]), at(2.78), at(5.0))
    once, often = per_km(LINE_MPS, 1), per_km(LINE_MPS, 9)
    return {
        "cadence": _sign(
            told["lyght"], "5 % more steps at a speed lower the peak", [1.0, float(quicker)], falls=True,
        ),
        "strike_peak": _sign(
            told["jssm"], "peak: fore > mid > rear", [float(s.achilles_peak_bw[0]) for s in strikes], falls=True
        ),
        "strike_impulse": _sign(
            told["jssm"], "impulse: fore > mid > rear", [float(s.achilles_impulse_bw_s[0]) for s in strikes], falls=True
        ),
        "per_km": _sign(told["firminger"], "load a km falls with speed, 2.5 to 5.6 m/s", once.tolist(), falls=True),
        "per_km_m9": _sign(told["firminger"], "of the 9th power it rises (or does not change)", often.tolist()),
        "slope_peak": _sign(
            told["van_hooren"], "peak: 5 degrees down < level < up", slopes.achilles_peak_bw.tolist()
        ),
        "slope_impulse": _sign(
            told["van_hooren"], "impulse: 5 degrees down < level < up", slopes.achilles_impulse_bw_s.tolist()
        ),
        "gait_peak": _sign(
            told["keuler"], "peak of a step: walking < 2.78 m/s < 5 m/s", [float(g.achilles_peak_bw[0]) for g in gaits]
        ),
    }  # fmt: skip


def _sign(study: Mapping[str, Any], what: str, values: list[float], *, falls: bool = False) -> dict[str, Any]:
    steps = np.diff(values)
    right = bool((steps < 0).all() if falls else (steps > 0).all())
    return {
        "study": study["source"],
        "mark": study["mark"],
        "what": what,
        "first": rounded(values[0], 3),
        "last": rounded(values[-1], 3),
        "right": right,
    }


def impulse_of_a_step() -> dict[str, Any]:
    """Return why a step's impulse does not rise from an easy to a fast run: the published table says so itself."""
    told = published()["van_hooren"]
    ends = np.array([told["speeds_base_mps"], told["speeds"][-1]["mps"]])
    metres = ends * population_steps(ends).step_time_s
    model = at(*ends.tolist()).achilles_impulse_bw_s
    return {
        "from_mps": float(ends[0]),
        "to_mps": float(ends[1]),
        "table": rounded(told["speeds"][-1]["ratio"] * float(metres[1] / metres[0]), 3),
        "model": rounded(float(model[1] / model[0]), 3),
        "walk_bw_s": rounded(
            float(walking_step(published()["typical"]["walk_step_time_s"]).achilles_impulse_bw_s[0]), 3
        ),
        "from_bw_s": rounded(float(model[0]), 3),
        "to_bw_s": rounded(float(model[1]), 3),
    }
