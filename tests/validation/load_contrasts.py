"""Published contrasts beside the table of ratios: which of them were fitted, and which are predicted."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from sensor_hub.load.achilles import AchillesModel, StepLoads
from sensor_hub.load.tendon import FOREFOOT, MIDFOOT, REARFOOT, TendonCurve, achilles_curve
from sensor_hub.model.load import Conditions
from sensor_hub.units import STANDARD_GRAVITY_MPS2
from tests.validation.load_steps import inputs, population_steps, published
from tests.validation.measures import rounded

RISE_FROM, RISE_TO = 0.2, 0.8  # of the peak: where a loading rate is taken
N_PHASES: Final = 100_000
JSSM_MPS: Final = 2.78  # 10 km/h


def rise_part(curve: TendonCurve) -> float:
    """Part of the contact in which the modelled force rises from 20 to 80 % of its peak."""
    phase = (np.arange(N_PHASES) + 0.5) / N_PHASES
    force = achilles_curve(phase, curve)
    rising = force[: int(force.argmax()) + 1]
    low, high = (float(phase[np.nonzero(rising < part * force.max())[0][-1]]) for part in (RISE_FROM, RISE_TO))
    return high - low


def loading_rate(peak_bw: float, contact_time_s: float, curve: TendonCurve = REARFOOT) -> float:
    """BW/s, mean slope from 20 to 80 % of the peak."""
    return (RISE_TO - RISE_FROM) * peak_bw / (rise_part(curve) * contact_time_s)


def at(*speeds_mps: float, surface: str = "unknown", **how: Any) -> StepLoads:
    """Return the population's steps at these speeds."""
    conditions = Conditions(surface="treadmill") if surface == "treadmill" else Conditions()
    return AchillesModel(conditions=conditions).step_loads(population_steps(np.array(speeds_mps), **how))


def walking_step(step_time_s: float) -> StepLoads:
    """Return one walking step, its contact time not measured."""
    return AchillesModel().step_loads(inputs(np.array([step_time_s]), np.array([np.nan]), is_walk=True))


def per_cent(part: float, whole: float) -> float | None:
    """By how much ``part`` is above ``whole``, %."""
    return rounded(100 * (part / whole - 1), 1)


def row(
    study: Mapping[str, Any],
    what: str,
    role: str,
    told: float | None,
    model: float | None,
    within: float | None = None,
) -> dict[str, Any]:
    """Return one contrast, %: published, modelled, and whether they agree within a limit set beforehand."""
    met = None if within is None or model is None or told is None else abs(model - told) <= within
    return {
        "study": study["source"],
        "mark": study["mark"],
        "what": what,
        "role": role,
        "published_pct": rounded(told, 1) if told is not None else None,
        "model_pct": model,
        "within_pct": within,
        "off_pct": rounded(model - told, 1) if model is not None and told is not None else None,
        "met": met,
    }


def contrasts() -> dict[str, dict[str, Any]]:
    """Return contrasts with a published size, by name."""
    told = published()
    return {**of_speed(told), **of_strike(told), **of_surface(told), **of_walking(told)}


def of_speed(told: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return what speed does to peak and loading rate."""
    study, keuler = told["starbuck"], told["keuler"]
    ends = study["from_mps"], study["to_mps"]
    peak = at(*ends).achilles_peak_bw
    contact_s = population_steps(np.array(ends)).contact_time_s
    rate = [loading_rate(float(p), float(c)) for p, c in zip(peak, contact_s, strict=True)]
    risen = at(keuler["from_mps"], keuler["to_mps"]).achilles_peak_bw
    way = f"{ends[0]} to {ends[1]} m/s"
    return {
        "starbuck_peak": row(
            study, f"peak, {way}", "predicted", study["peak_pct"], per_cent(peak[1], peak[0]), study["peak_within_pct"]
        ),
        "starbuck_rate": row(
            study, f"loading rate, {way}", "predicted", study["rate_pct"], per_cent(rate[1], rate[0]),
            study["rate_within_pct"],
        ),
        "keuler_peak": row(
            keuler, f"peak, {keuler['from_mps']} to {keuler['to_mps']} m/s", "predicted",
            per_cent(keuler["to_bw"], keuler["from_bw"]), per_cent(risen[1], risen[0]),
        ),
    }  # fmt: skip


def of_strike(told: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return mid- and forefoot together over rearfoot, at the same timing."""
    study = told["almonroeder"]
    loads = {strike: at(JSSM_MPS, strike=strike) for strike in ("rearfoot", "midfoot", "forefoot")}
    contact_s = float(population_steps(np.array([JSSM_MPS])).contact_time_s[0])
    curves = {"rearfoot": REARFOOT, "midfoot": MIDFOOT, "forefoot": FOREFOOT}
    impulse = {strike: float(one.achilles_impulse_bw_s[0]) for strike, one in loads.items()}
    rate = {
        strike: loading_rate(float(one.achilles_peak_bw[0]), contact_s, curves[strike]) for strike, one in loads.items()
    }
    others = [(numbers["midfoot"] + numbers["forefoot"]) / 2 for numbers in (impulse, rate)]
    return {
        "almonroeder_impulse": row(
            study, "impulse a step, mid- and forefoot over rearfoot", "fitted", study["impulse_pct"],
            per_cent(others[0], impulse["rearfoot"]), study["impulse_within_pct"],
        ),
        "almonroeder_rate": row(
            study, "loading rate, mid- and forefoot over rearfoot", "predicted", study["rate_pct"],
            per_cent(others[1], rate["rearfoot"]),
        ),
    }  # fmt: skip


def of_surface(told: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return treadmill over anywhere else."""
    study = told["willy"]
    belt, ground = at(JSSM_MPS, surface="treadmill"), at(JSSM_MPS)
    peak = per_cent(belt.achilles_peak_bw[0], ground.achilles_peak_bw[0])
    a_km = per_cent(belt.achilles_impulse_bw_s[0], ground.achilles_impulse_bw_s[0])
    return {
        "willy_peak": row(
            study, "peak, treadmill over overground", "fitted", study["peak_pct"], peak, study["peak_within_pct"]
        ),
        "willy_rate": row(
            study, "loading rate, treadmill over overground", "predicted", study["rate_pct"], peak
        ),
        "willy_per_km": row(
            study, "load a km, treadmill over overground", "predicted", study["per_km_pct"], a_km
        ),
    }  # fmt: skip


def of_walking(told: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the peak of running over that of walking."""
    walk_bw = float(walking_step(told["typical"]["walk_step_time_s"]).achilles_peak_bw[0])
    keuler, kharazi, fukuchi = told["keuler"], told["kharazi"], told["fukuchi"]
    walked_bw = keuler["walk_n_per_kg"] / STANDARD_GRAVITY_MPS2
    pairs = (
        ("keuler_walk", keuler, keuler["from_mps"], keuler["from_bw"] / walked_bw, "predicted"),
        ("kharazi_walk", kharazi, kharazi["run_mps"], kharazi["run_kn"] / kharazi["walk_kn"], "predicted"),
        ("fukuchi_walk", fukuchi, fukuchi["run_mps"], fukuchi["run_bw"] / fukuchi["walk_bw"], "fitted"),
    )
    return {
        name: row(
            study, f"peak, running at {mps} m/s over walking", role, 100 * (ratio - 1),
            per_cent(float(at(mps).achilles_peak_bw[0]), walk_bw),
        )
        for name, study, mps, ratio, role in pairs
    }  # fmt: skip
