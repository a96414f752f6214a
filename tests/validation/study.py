"""Every simulated condition of every mount, in parallel; the same results whatever runs where."""

from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from typing import Any, TypeAlias

import numpy as np

from sensor_hub.model.arrays import BoolArray, FloatArray
from sensor_hub.model.gait import Mount
from sensor_hub.signal.detectors import detector_for
from tests.validation.baseline import left_out
from tests.validation.delays import Delays, delay_figures
from tests.validation.leg_offsets import SHIPPED, fitted
from tests.validation.measures import Figures, by_quality, errors, figures, group_means, mean_ms, rounded, sd_ms, share
from tests.validation.pedalling import no_runs
from tests.validation.scenarios import CONDITIONS, DELAY, GAITS, MOUNTS, PEOPLE, SPEEDS_MPS, STRIKES, Scenario
from tests.validation.scoring import Scored
from tests.validation.simulated import delays, person_number, score_person

Job: TypeAlias = tuple[Scenario, Mount, int, int]
NEAR_MPS = 0.05  # a contact belongs to a speed if it is not between two


def jobs(scenario: Scenario, mount: Mount) -> Iterator[Job]:
    """Yield one job for each simulated person."""
    for strike_number in range(len(STRIKES)):
        for number in range(scenario.n_people):
            yield scenario, mount, strike_number, number


def score(job: Job) -> tuple[Scored, dict[str, int]]:
    """Score one person; a function of the module, so that another process can be told to."""
    return score_person(*job)


def delay(job: Job) -> Delays:
    """Time one person's records."""
    return delays(*job)


def study(n_processes: int) -> dict[str, Any]:
    """Return the simulated part of the results, by mount."""
    with ProcessPoolExecutor(n_processes) as pool:
        return {mount: mount_study(mount, pool) for mount in MOUNTS}


def mount_study(mount: Mount, pool: Executor) -> dict[str, Any]:
    """Return everything told of one mount."""
    everyone = Scored.pooled([scores for scores, _ in pool.map(score, jobs(PEOPLE, mount), chunksize=4)])
    without_sensor = everyone_without_sensor(everyone)
    gait: dict[str, int] = defaultdict(int)
    for _, counts in pool.map(score, jobs(GAITS, mount)):
        for name, n in counts.items():
            gait[name] += n
    return {
        "all": figures(everyone),
        "baseline": errors(without_sensor, everyone.group),
        "groups": list(groups(everyone, without_sensor)),
        "people": people(everyone, without_sensor),
        "within_bound_pct": within_bound_pct(mount, everyone),
        "quality": by_quality(everyone),
        "gait": gait_figures(gait),
        "offsets": pool.submit(fitted, mount).result() if mount in SHIPPED else None,
        "no_runs": pool.submit(no_runs, mount).result(),
        "latency": delay_figures(list(pool.map(delay, jobs(DELAY, mount)))),
        "conditions": conditions(mount, pool),
    }


def conditions(mount: Mount, pool: Executor) -> list[dict[str, Any]]:
    """Return one row for each condition."""
    all_jobs = [job for scenario in CONDITIONS for job in jobs(scenario, mount)]
    parts: dict[str, list[Scored]] = defaultdict(list)
    for (scenario, *_), (scores, _) in zip(all_jobs, pool.map(score, all_jobs, chunksize=4), strict=True):
        parts[scenario.name].append(scores)
    return [{"table": s.table, "name": s.name, **figures(Scored.pooled(parts[s.name]))} for s in CONDITIONS]


def everyone_without_sensor(everyone: Scored) -> FloatArray:
    """(n,) s, error of contact time told from true speed and cadence: a line through all other simulated people."""
    predictors = np.column_stack([everyone.speed_mps, everyone.step_rate_hz])
    return left_out(predictors, everyone.truth_s, everyone.group) - everyone.truth_s


def groups(everyone: Scored, without_sensor: FloatArray) -> Iterator[dict[str, Any]]:
    """Yield the figures by foot strike, by speed, and by both for the plots."""
    for name, chosen in grouped(everyone):
        if chosen.any():
            rest = errors(without_sensor[chosen], everyone.group[chosen])
            own = figures(everyone.only(chosen))
            # counts belong to whole recordings, not to a choice of their contacts
            for whole in ("n_truth", "n_found", "recall_pct", "precision_pct"):
                del own[whole]
            yield {**name, **own, "baseline_sd_ms": rest["sd_ms"], "baseline_between_sd_ms": rest["between_sd_ms"]}


def grouped(everyone: Scored) -> Iterator[tuple[dict[str, Any], BoolArray]]:
    """Yield what a group is called, and (n,) its rows."""
    strike = everyone.group // person_number(0, 0) - 1
    strikes = [({"strike": name}, strike == k) for k, name in enumerate(STRIKES)]
    speeds = [({"speed_mps": v}, np.abs(everyone.speed_mps - v) <= NEAR_MPS) for v in SPEEDS_MPS]
    yield from strikes
    yield from speeds
    for one, of_strike in strikes:
        for other, of_speed in speeds:
            yield {**one, **other}, of_strike & of_speed


def people(everyone: Scored, without_sensor: FloatArray) -> list[dict[str, Any]]:
    """Return the mean error of each simulated person, with and without the sensor."""
    told = []
    for person in np.unique(everyone.group).tolist():
        own = everyone.group == person
        told.append(
            {
                "strike": STRIKES[person // person_number(0, 0) - 1],
                "n": int(np.count_nonzero(own)),
                "bias_ms": mean_ms(everyone.contact_error_s[own]),
                "sd_ms": sd_ms(everyone.contact_error_s[own]),
                "baseline_bias_ms": mean_ms(without_sensor[own]),
                "followed": rounded(followed(everyone.truth_s[own], everyone.contact_error_s[own])),
            }
        )
    return told


def followed(truth_s: FloatArray, error_s: FloatArray) -> float:
    """How much of a person's change of contact time is found: 1 all of it, 0 none, below that the other way."""
    known = ~np.isnan(error_s)
    return 1.0 + float(np.polyfit(truth_s[known], error_s[known], 1)[0])


def within_bound_pct(mount: Mount, everyone: Scored) -> float | None:
    """Share of simulated people whose mean error is within what the method says of a session's mean."""
    means_s = np.abs(group_means(everyone.contact_error_s, everyone.group))
    return share(int(np.count_nonzero(means_s <= detector_for(mount).method.bias_bound_s)), len(means_s))


def gait_figures(counts: dict[str, int]) -> Figures:
    """Return counts and shares of steps that were told to be running."""
    return {
        **counts,
        "walking_as_running_pct": share(counts["n_walk_as_run"], counts["n_walk"]),
        "running_as_running_pct": share(counts["n_run_as_run"], counts["n_run"]),
    }
