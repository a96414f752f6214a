"""Minutes of a session: they add up to its steps, whatever the order, and unknown stays unknown."""

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.model.gait import FLOAT_COLUMNS, StepTable
from sensor_hub.model.minutes import MEANS, MINUTE_COLUMNS, US_PER_MINUTE, MinuteTable, minutes_of

NUMBERS = st.just(float("nan")) | st.floats(0.01, 9.0)


@st.composite
def runs(draw: st.DrawFn) -> StepTable:
    """Some steps in time order, over some minutes, some unknown, some walked."""
    n = draw(st.integers(0, 30))
    times = sorted(draw(st.lists(st.integers(-(3 * 10**8), 3 * 10**8), min_size=n, max_size=n, unique=True)))
    columns = {name: np.array(draw(st.lists(NUMBERS, min_size=n, max_size=n)), float) for name in FLOAT_COLUMNS}
    columns["n_steps"] = np.array(draw(st.lists(st.sampled_from([1.0, 2.0, 0.5, 2.87]), min_size=n, max_size=n)))
    return StepTable(
        time_utc_us=np.array(times, np.int64),
        side=np.array(["L", "R"] * n, "<U1")[:n],
        step_time_origin=np.full(n, "measured", "<U9"),
        gait=np.array(draw(st.lists(st.sampled_from(["run", "walk", ""]), min_size=n, max_size=n)), "<U4"),
        **columns,
    )


@given(runs())
def test_minutes_add_up_to_the_steps(steps: StepTable) -> None:
    minutes = minutes_of(steps)
    is_walk = steps.gait == "walk"
    assert minutes.n_steps.sum() == pytest.approx(steps.n_steps[~is_walk].sum())
    assert minutes.n_walk_steps.sum() == pytest.approx(steps.n_steps[is_walk].sum())
    load = (steps.achilles_impulse_bw_s * steps.n_steps)[~is_walk]
    assert np.isnan(minutes.achilles_impulse_bw_s).any() == np.isnan(load).any()
    if not np.isnan(load).any():
        assert minutes.achilles_impulse_bw_s.sum() == pytest.approx(load.sum())


@given(runs())
def test_each_minute_is_there_once_and_only_where_a_step_is(steps: StepTable) -> None:
    minutes = minutes_of(steps)
    starts = {int(us) // US_PER_MINUTE * US_PER_MINUTE for us in steps.time_utc_us}
    assert minutes.minute_utc_us.tolist() == sorted(starts)
    assert {len(getattr(minutes, name)) for name in MINUTE_COLUMNS} == {len(minutes)}


@given(runs())
def test_a_mean_lies_within_its_steps_and_is_unknown_where_all_of_them_are(steps: StepTable) -> None:
    minutes = minutes_of(steps)
    for place, start_us in enumerate(minutes.minute_utc_us.tolist()):
        inside = (steps.time_utc_us // US_PER_MINUTE * US_PER_MINUTE == start_us) & (steps.gait != "walk")
        for name in MEANS:
            known = getattr(steps, name)[inside]
            known = known[~np.isnan(known)]
            mean = getattr(minutes, name)[place]
            assert np.isnan(mean) == (len(known) == 0)
            assert len(known) == 0 or known.min() - 1e-9 <= mean <= known.max() + 1e-9


@given(runs(), st.integers(0, 60))
def test_whole_minutes_are_the_same_alone_and_within_the_run(steps: StepTable, at: int) -> None:
    minutes = minutes_of(steps)
    if not len(minutes):
        return
    border_us = int(minutes.minute_utc_us[at % len(minutes)])
    n_before = int(np.searchsorted(steps.time_utc_us, border_us))
    parts = [minutes_of(part) for part in (steps.slice(0, n_before), steps.slice(n_before, len(steps)))]
    joined = MinuteTable(**{f.name: np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(MinuteTable)})
    assert joined == minutes


def test_no_steps_have_no_minutes() -> None:
    assert len(minutes_of(StepTable.empty())) == 0
