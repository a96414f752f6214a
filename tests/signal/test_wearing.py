from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensor_hub.model.gait import Mount
from sensor_hub.signal.contacts import Contacts
from sensor_hub.signal.detectors import detector_for
from sensor_hub.signal.wearing.log import WearingLog
from sensor_hub.signal.wearing.mounting import DOUBTS, SHANK_STILLNESS, SOLE_STILLNESS, body_axes, stillness
from sensor_hub.signal.wearing.pattern import merged
from sensor_hub.signal.wearing.strides import HELD_S, is_looked_at, looked_at
from sensor_hub.simulation.course import Course
from sensor_hub.simulation.person import Person
from sensor_hub.simulation.worn import Fitting, Worn, worn
from tests.need import data
from tests.signal.people_running import contacts_of, log_of, pattern_of_run, runner
from tests.synthetic_run import cuts, equal_cuts, turns

MOUNTS: list[Mount] = ["foot", "shank", "sacrum"]


def streamed(run: Worn, mount: Mount, pieces: list[tuple[int, int]], told_after_s: float, *, flush: bool) -> WearingLog:
    """Cut into pieces; each contact is told with the first piece that ends ``told_after_s`` after it."""
    log, contacts, told = WearingLog(mount, "L"), contacts_of(run), 0
    for start, stop in pieces:
        until = int(np.searchsorted(contacts.toe_off_s + told_after_s, run.t_s[stop - 1]))
        log.take(
            run.t_s[start:stop],
            run.acceleration_mps2[start:stop],
            run.rotation_radps[start:stop],
            contacts.only(slice(told, max(told, until))),
        )
        told = max(told, until)
        if flush:
            log.flush()
    return log


@pytest.mark.parametrize("mount", MOUNTS)
@given(pieces=cuts(4000), told_after_s=st.floats(0.0, 3.0))
@settings(max_examples=20)
def test_what_is_seen_does_not_depend_on_how_the_stream_was_cut(
    mount: Mount, pieces: list[tuple[int, int]], told_after_s: float
) -> None:
    run = runner(mount)
    whole = streamed(run, mount, [(0, len(run.t_s))], told_after_s, flush=False)
    cut = streamed(run, mount, [p for p in pieces if p[0] < p[1]], told_after_s, flush=False)
    for name in ("start_s", "stride_time_s", "contact_time_s", "acceleration_mps2", "rotation_radps"):
        np.testing.assert_array_equal(getattr(cut.strides(), name), getattr(whole.strides(), name))
    np.testing.assert_array_equal(np.concatenate(cut._motion), np.concatenate(whole._motion))
    assert repr(cut.pattern()) == repr(whole.pattern())
    assert cut.doubts() == whole.doubts()


def test_one_sample_at_a_time_gives_the_same_as_the_whole() -> None:
    run = runner("foot")
    n = len(run.t_s)
    single = streamed(run, "foot", [(i, i + 1) for i in range(n)], 0.02, flush=False)
    whole = streamed(run, "foot", [(0, n)], 0.02, flush=False)
    assert len(single.strides()) > 10
    assert single.pattern() == whole.pattern()


@pytest.mark.parametrize("mount", MOUNTS)
def test_somebody_who_wears_a_sensor_as_always_causes_no_doubt(mount: Mount) -> None:
    usual = pattern_of_run(runner(mount, day=1), mount)
    assert log_of(runner(mount, day=2), mount, usual=usual).doubts() == ()


@pytest.mark.parametrize(("share", "doubts"), [(0.15, ()), (0.3, ("clipped",))])
def test_contacts_at_the_range_are_told_when_they_are_many_and_the_pattern_is_learned_nonetheless(
    share: float, doubts: tuple[str, ...]
) -> None:
    run = runner("foot")
    contacts = contacts_of(run)
    at_range = np.random.default_rng(0).permutation(len(contacts)) < share * len(contacts)
    log = WearingLog("foot", "L")
    log.take(run.t_s, run.acceleration_mps2, run.rotation_radps, replace(contacts, clipped=at_range))
    assert log.doubts() == doubts
    assert log.is_usual
    assert log.pattern() is not None


def test_a_few_contacts_at_the_range_are_not_told() -> None:
    run = runner("foot")
    contacts = contacts_of(run).only(slice(0, 19))
    log = WearingLog("foot", "L")
    log.take(run.t_s, run.acceleration_mps2, run.rotation_radps, replace(contacts, clipped=np.ones(19, dtype=bool)))
    assert log.doubts() == ()


def test_the_real_run_of_a_leg_was_clipped_and_is_told_so_as_a_foot() -> None:
    rows = np.genfromtxt(data("imu_shank/run_out.csv"), delimiter=",", skip_header=1)
    samples = rows[:, 0] / 1000, rows[:, 1:4] * 9.80665, np.radians(rows[:, 4:7])
    log = WearingLog("foot", "U")
    log.take(*samples, detector_for("foot").receive(*samples))
    assert log.doubts() == ("clipped",)


@pytest.mark.parametrize("mount", MOUNTS)
def test_nothing_seen_is_no_doubt_and_no_pattern(mount: Mount) -> None:
    log = WearingLog(mount, "L")
    log.take(np.empty(0), np.empty((0, 3)), np.empty((0, 3)), Contacts.none())
    log.flush()
    assert (log.doubts(), log.pattern()) == ((), None)


@pytest.mark.parametrize("mount", MOUNTS)
def test_walking_is_no_pattern_and_no_doubt(mount: Mount) -> None:
    walk = worn(Course.walk(1.4, 60.0), Person.drawn(1), Fitting(mount=mount, rate_hz=100.0), seed=1)
    log = log_of(walk, mount)
    assert (log.doubts(), log.pattern()) == ((), None)


def test_a_break_in_every_stride_leaves_nothing() -> None:
    run = runner("foot")
    pieces = [(i, min(i + 40, len(run.t_s))) for i in range(0, len(run.t_s), 40)]
    assert len(streamed(run, "foot", pieces, 0.0, flush=True).strides()) == 0


def test_a_stride_never_spans_a_break() -> None:
    run = runner("foot")
    log, contacts = WearingLog("foot", "L"), contacts_of(run)
    half = len(run.t_s) // 2
    at_s = float(run.t_s[half])
    first = contacts.initial_contact_s < at_s
    log.take(run.t_s[:half], run.acceleration_mps2[:half], run.rotation_radps[:half], contacts.only(first))
    log.flush()
    log.take(run.t_s[half:], run.acceleration_mps2[half:], run.rotation_radps[half:], contacts.only(~first))
    seen = log.strides()
    assert len(seen) > 8
    assert not ((seen.start_s < at_s) & (seen.start_s + seen.stride_time_s > at_s)).any()


@pytest.mark.parametrize("set_s", [-1e4, 1e4])
@pytest.mark.parametrize(("really", "doubts"), [("foot", ()), ("sacrum", ("not-this-mount",))])
def test_after_a_clock_was_set_everything_is_seen_as_before(
    really: Mount, doubts: tuple[str, ...], set_s: float
) -> None:
    run = runner(really)
    plain, log = log_of(run, "foot"), WearingLog("foot", "L")
    log.take(run.t_s[:250], run.acceleration_mps2[:250], run.rotation_radps[:250], Contacts.none())
    log.flush()
    contacts = contacts_of(run)
    later = replace(
        contacts, initial_contact_s=contacts.initial_contact_s + set_s, toe_off_s=contacts.toe_off_s + set_s
    )
    log.take(run.t_s + set_s, run.acceleration_mps2, run.rotation_radps, later)
    assert log.doubts() == plain.doubts() == doubts
    assert len(log.strides()) == len(plain.strides())
    np.testing.assert_allclose(log.strides().acceleration_mps2, plain.strides().acceleration_mps2, atol=1e-6)


def test_only_some_seconds_of_a_long_run_are_held() -> None:
    run = runner("foot")
    log = streamed(run, "foot", [(0, len(run.t_s))], 0.0, flush=False)
    held_s = log._samples.between(-np.inf, np.inf)[0]
    assert held_s[-1] - held_s[0] <= HELD_S + 0.1
    assert held_s.base is None  # a view would keep the whole run


def test_an_answer_is_brought_up_to_date_by_what_comes_after_it() -> None:
    run = runner("foot", "R")
    log = WearingLog("foot", "L")
    contacts, half = contacts_of(run), len(run.t_s) // 8
    early = contacts.toe_off_s < run.t_s[half - 1]
    log.take(run.t_s[:half], run.acceleration_mps2[:half], run.rotation_radps[:half], contacts.only(early))
    assert (log.doubts(), log.pattern()) == ((), None)
    log.take(run.t_s[half:], run.acceleration_mps2[half:], run.rotation_radps[half:], contacts.only(~early))
    assert log.doubts() == ("sides-swapped",)
    assert log.pattern() is not None


def test_the_strides_looked_at_get_rarer() -> None:
    chosen = looked_at(np.arange(5000))
    assert chosen[:8].all()
    assert np.count_nonzero(chosen[8:512]) == 63
    assert np.count_nonzero(chosen[512:]) == 141
    assert chosen.tolist() == [is_looked_at(number) for number in range(5000)]


@given(turn=turns())
@settings(max_examples=15)
def test_it_does_not_matter_which_way_round_a_sensor_is_strapped_on(turn: np.ndarray) -> None:
    run = runner("foot")
    turned = Worn(run.t_s, run.acceleration_mps2 @ turn.T, run.rotation_radps @ turn.T, run.truth)
    usual = pattern_of_run(run, "foot")
    assert log_of(turned, "foot", usual=usual).doubts() == ()
    found = pattern_of_run(turned, "foot")
    np.testing.assert_allclose(found.values[:-3], usual.values[:-3], rtol=2e-3, atol=1e-3)  # medians are taken by axis


@pytest.mark.parametrize("mount", MOUNTS)
def test_the_detectors_own_contacts_do_as_well_for_any_cutting(mount: Mount) -> None:
    run = runner(mount)
    logs = []
    for size in (len(run.t_s), 7):
        detector, log = detector_for(mount), WearingLog(mount, "L")
        for start, stop in equal_cuts(len(run.t_s), size):
            samples = run.t_s[start:stop], run.acceleration_mps2[start:stop], run.rotation_radps[start:stop]
            log.take(*samples, detector.receive(*samples))
        log.take(np.empty(0), np.empty((0, 3)), np.empty((0, 3)), detector.flush())
        log.flush()
        logs.append(log)
    assert len(logs[0].strides()) > 10
    np.testing.assert_array_equal(logs[0].strides().start_s, logs[1].strides().start_s)
    assert repr(logs[0].pattern()) == repr(logs[1].pattern())
    assert logs[0].doubts() == logs[1].doubts() == ()


def test_a_sensor_without_a_gyroscope_is_told_nothing_that_takes_one() -> None:
    run = runner("sacrum")
    still = Worn(run.t_s, run.acceleration_mps2, np.full_like(run.rotation_radps, np.nan), run.truth)
    log = log_of(still, "sacrum")
    assert log.doubts() == ()
    assert log.pattern() is not None


@pytest.mark.parametrize("mount", MOUNTS)
@given(
    seed=st.integers(0, 1000),
    size=st.sampled_from([0.0, 1e-9, 10.0, 1e4]),
    turn=st.sampled_from([0.0, 1e-9, 5.0, 1e3, np.nan]),
    every_s=st.floats(0.05, 1.0),
    contact_s=st.floats(-0.1, 1.0),
)
@settings(max_examples=25)
def test_any_samples_and_any_contacts_have_an_answer(
    mount: Mount, seed: int, size: float, turn: float, every_s: float, contact_s: float
) -> None:
    rng = np.random.default_rng(seed)
    t_s = np.arange(0.0, 30.0, 0.02)
    at_s = np.arange(0.0, 29.0, every_s)
    n = len(at_s)
    toe_off_s = np.where(rng.random(n) < 0.1, np.nan, at_s + contact_s)
    contacts = Contacts(at_s, toe_off_s, np.zeros(n), np.ones(n), np.full(n, np.nan), np.zeros(n, dtype=bool))
    log = WearingLog(mount, "L")
    log.take(t_s, size * rng.uniform(-1, 1, (len(t_s), 3)), turn * rng.uniform(-1, 1, (len(t_s), 3)), contacts)
    found = log.pattern()
    assert found is None or not np.isinf(found.values).any()
    again = WearingLog(mount, "L", None if found is None else merged(found, found))
    again.take(t_s, size * rng.uniform(-1, 1, (len(t_s), 3)), turn * rng.uniform(-1, 1, (len(t_s), 3)), contacts)
    assert set(again.doubts()) <= set(DOUBTS)


def test_where_the_public_recording_was_worn_cannot_be_told() -> None:
    rows = np.genfromtxt(data("imu_shank/run_out.csv"), delimiter=",", skip_header=1)
    t_s, acceleration, rotation = rows[:, 0] / 1000, rows[:, 1:4] * 9.80665, np.radians(rows[:, 4:7])
    found = detector_for("shank").receive(t_s, acceleration, rotation)
    for mount in ("foot", "shank"):
        log = WearingLog(mount, "U")
        log.take(t_s, acceleration, rotation, found)
        assert set(log.doubts()) <= {"clipped"}
        strides = log.strides()
        axes = body_axes(strides, mount)
        assert SOLE_STILLNESS < stillness(strides, axes) < SHANK_STILLNESS
