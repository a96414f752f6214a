"""Whose strides they look like, of a squad that shares a box of pods."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from sensor_hub.model.gait import Mount
from sensor_hub.model.pattern import GaitPattern
from sensor_hub.model.session import BoundDevice, SessionSetup, SessionSummary
from sensor_hub.session import RunSession
from sensor_hub.signal.wearing.log import WearingLog
from sensor_hub.signal.wearing.pattern import FEWEST_STRIDES, distance, merged
from sensor_hub.signal.wearing.squad import CLEARLY_NEARER, LOOKS_LIKE, fits_better
from sensor_hub.words import warning_text
from tests.signal.people_running import contacts_of, log_of, pattern_of_run, runner

SEEDS = (1, 2, 3, 4)
START_UTC = datetime(2026, 11, 20, 17, 30, tzinfo=UTC)


def usual_of(mount: Mount, seed: int) -> GaitPattern:
    usual = None
    for day in (1, 2, 3):
        usual = merged(usual, pattern_of_run(runner(mount, seed=seed, day=day), mount))
    assert usual is not None
    return usual


@pytest.fixture(scope="module")
def squad() -> dict[str, GaitPattern]:
    return {f"pod-{seed}": usual_of("foot", seed) for seed in SEEDS}


def others(squad: dict[str, GaitPattern], but: str) -> list[tuple[str, GaitPattern]]:
    return [(name, usual) for name, usual in squad.items() if name != but]


def test_a_swapped_pod_names_whose_strides_it_has_and_the_right_one_nobodys(squad: dict[str, GaitPattern]) -> None:
    for seed in SEEDS:
        today = pattern_of_run(runner("foot", seed=seed, day=9), "foot")
        assert fits_better(squad[f"pod-{seed}"], others(squad, f"pod-{seed}"), today) is None
        for bound in SEEDS:
            if bound != seed:
                found = fits_better(squad[f"pod-{bound}"], others(squad, f"pod-{bound}"), today)
                assert found in {f"pod-{seed}", None}, "never a third one"
    swapped = pattern_of_run(runner("foot", seed=2, day=9), "foot")
    assert fits_better(squad["pod-1"], others(squad, "pod-1"), swapped) == "pod-2"


def test_whoever_is_nobody_of_the_roster_is_not_taken_for_the_nearest(squad: dict[str, GaitPattern]) -> None:
    guest = pattern_of_run(runner("foot", seed=9, strike="forefoot", day=9), "foot")
    nearest = min(distance(usual, guest) for usual in squad.values())
    assert nearest > LOOKS_LIKE
    assert fits_better(squad["pod-1"], others(squad, "pod-1"), guest) is None


def test_nearer_is_not_enough(squad: dict[str, GaitPattern]) -> None:
    own = squad["pod-1"]
    today = pattern_of_run(runner("foot", seed=1, day=9), "foot")
    twin = replace(own, values=today.values)
    gained = distance(own, today) - distance(twin, today)
    assert 0 < gained < CLEARLY_NEARER
    assert fits_better(own, [("twin", twin)], today) is None


def test_what_cannot_be_compared_says_nothing(squad: dict[str, GaitPattern]) -> None:
    own, today = squad["pod-1"], pattern_of_run(runner("foot", seed=2, day=9), "foot")
    assert fits_better(own, [], today) is None
    older = replace(squad["pod-2"], features=(*own.features[:-1], "of_an_older_version"))
    assert fits_better(own, [("pod-2", older)], today) is None
    assert fits_better(older, others(squad, "pod-1"), today) is None
    assert fits_better(own, [("pod-2", replace(squad["pod-2"], side="R"))], today) is None


def test_the_log_says_it_in_place_of_that_the_pattern_differs_and_nothing_of_it_is_learned(
    squad: dict[str, GaitPattern],
) -> None:
    run = runner("foot", seed=2, day=9)
    log = WearingLog("foot", "L", squad["pod-1"], others(squad, "pod-1"))
    log.take(run.t_s, run.acceleration_mps2, run.rotation_radps, contacts_of(run))
    assert log.doubts() == ("fits-better",)
    assert log.fits() == "pod-2"
    assert not log.is_usual


def test_without_a_pattern_of_ones_own_or_with_too_few_strides_nothing_is_said(squad: dict[str, GaitPattern]) -> None:
    run = runner("foot", seed=2, day=9)
    unknown = WearingLog("foot", "L", None, others(squad, "pod-1"))
    unknown.take(run.t_s, run.acceleration_mps2, run.rotation_radps, contacts_of(run))
    assert unknown.doubts() == ()
    assert unknown.fits() is None
    short = WearingLog("foot", "L", squad["pod-1"], others(squad, "pod-1"))
    first = run.t_s < 6.0
    short.take(run.t_s[first], run.acceleration_mps2[first], run.rotation_radps[first], contacts_of(run))
    assert len(short.strides()) < FEWEST_STRIDES
    assert short.fits() is None
    assert log_of(run, "foot").fits() is None


def test_a_session_warns_of_it_by_the_names_of_the_pods(squad: dict[str, GaitPattern]) -> None:
    run = runner("foot", seed=2, day=9)
    bound = BoundDevice("pod-1", None, "L", "foot", usual=squad["pod-1"], others=tuple(others(squad, "pod-1")))
    session = RunSession(SessionSetup("s1", "ana23456", "UTC", "live", (bound,), "imu", start_utc=START_UTC))
    session.receive_many([run.block("pod-1")])
    assert session.fits() == {"pod-1": "pod-2"}
    assert session.patterns() == ()
    summary = session.finish()[-1]
    assert isinstance(summary, SessionSummary)
    (code,) = [warning for warning in summary.warnings if warning.startswith("fits-better")]
    assert code == "fits-better:pod-1:pod-2"
    said = warning_text(code, {"pod-1": "Pod 3 (Ana)", "pod-2": "Pod 4 (Ben)"})
    assert said.startswith("Pod 3 (Ana): the strides look like those of whoever should wear Pod 4 (Ben)")
