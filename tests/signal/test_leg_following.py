"""Nothing is told later, and nothing else, than by a search at every sample."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensor_hub.model.arrays import FloatArray
from sensor_hub.signal.leg import stream as leg_stream
from sensor_hub.signal.leg.events import LONGEST_CONTACT_S
from sensor_hub.signal.leg.following import Following
from sensor_hub.signal.leg.foot import FEATURES, FootDetector
from sensor_hub.signal.leg.shank import ShankDetector
from sensor_hub.signal.leg.stream import LegDetector
from sensor_hub.signal.leg.swings import QUIET_S, Phases, phases_in
from sensor_hub.simulation.course import Course, Leg
from sensor_hub.simulation.person import Person, Strike
from sensor_hub.simulation.worn import Fitting, worn
from tests.signal.detecting import content
from tests.signal.test_shank import as_run
from tests.synthetic_run import SyntheticRun, one_leg

NewDetector = Callable[[], LegDetector]
each_detector = pytest.mark.parametrize("detector", [FootDetector, ShankDetector])


def told(detector: LegDetector, run: SyntheticRun, size: int) -> list[tuple[int, list[list[object]]]]:
    """Which contacts are told after which sample."""
    found = []
    for a in range(0, len(run.t_s), size):
        part = slice(a, a + size)
        contacts = detector.receive(run.t_s[part], run.acceleration_mps2[part], run.rotation_radps[part])
        if len(contacts):
            found.append((a, content(contacts)))
    return found


def told_by_searching_always(detector: NewDetector, run: SyntheticRun, size: int) -> object:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(leg_stream, "FEW", 0)
        return told(detector(), run, size)


@each_detector
@pytest.mark.parametrize("strike", ["rearfoot", "forefoot"])
def test_a_person_who_walks_runs_and_stands(detector: NewDetector, strike: Strike) -> None:
    course = Course.of([Leg("walk", 10.0, 1.3), Leg("run", 10.0, 3.0), Leg("stand", 5.0), Leg("run", 8.0, 4.5)])
    fitting = Fitting(mount=detector().method.mount, rate_hz=100.0, jitter_s=0.002)
    run = as_run(worn(course, Person.drawn(8, strike), fitting, seed=8))
    for size in (1, 7):
        expected = told_by_searching_always(detector, run, size)
        assert expected
        assert told(detector(), run, size) == expected


@each_detector
@settings(max_examples=settings().max_examples // 4)
@given(st.integers(0, 1000), st.sampled_from([0.3, 2.0, 6.0]), st.integers(1, 12), st.booleans())
def test_a_leg_that_shakes_and_a_clock_that_stutters(
    detector: NewDetector, seed: int, noise: float, size: int, stutters: bool
) -> None:
    run = one_leg(12.0, seed=seed, noise=noise)
    rng = np.random.default_rng(seed)
    t_s = run.t_s.copy()
    if stutters:
        late = np.flatnonzero(rng.random(len(t_s)) < 0.1)
        t_s[late] = t_s[np.maximum(late - 1, 0)]
    run = SyntheticRun(
        np.maximum.accumulate(t_s),
        run.acceleration_mps2,
        run.rotation_radps + rng.normal(0.0, noise / 3, run.rotation_radps.shape),
        run.initial_contact_s,
        run.toe_off_s,
    )
    assert told(detector(), run, size) == told_by_searching_always(detector, run, size)


@each_detector
def test_of_a_stride_the_whole_is_searched_once(detector: NewDetector, monkeypatch: pytest.MonkeyPatch) -> None:
    searched: list[int] = []

    def counted(t_s: FloatArray, about_radps: FloatArray) -> Phases:
        searched.append(len(t_s))
        return phases_in(t_s, about_radps)

    monkeypatch.setattr(leg_stream, "phases_in", counted)
    n_contacts = sum(len(contacts[0]) for _, contacts in told(detector(), one_leg(30.0), 10))
    assert len(searched) <= 1.1 * n_contacts + 2


def test_a_turning_of_a_few_hundredths_is_no_swing() -> None:
    following = Following(FEATURES)
    t_s = [0.01 * k for k in range(12)]
    assert not following.may_decide(t_s, [0.0] * 3 + [5.0] * 6 + [-3.0] * 3)
    assert following.is_idle
    assert not following.may_decide([1.0 + at_s for at_s in t_s], [5.0] * 9 + [-3.0] * 3)
    assert not following.is_idle


def test_a_phase_that_fades_has_ended_when_it_was_quiet_for_long_enough() -> None:
    following = Following(FEATURES)
    assert not following.may_decide([0.0, 0.1, 0.2], [5.0, 5.0, 0.0])
    assert not following.may_decide([0.1 + QUIET_S], [0.0])
    assert following.may_decide([0.11 + QUIET_S], [0.0])


def test_a_landing_that_is_seen_when_a_contact_must_be_over_is_due_at_once() -> None:
    following = Following(FEATURES)
    following.await_push(5.0, 1.0)
    assert not following.may_have_decided([], [], 1.0 + LONGEST_CONTACT_S)
    assert following.may_have_decided([], [], 1.01 + LONGEST_CONTACT_S)
