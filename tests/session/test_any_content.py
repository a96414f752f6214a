"""Whatever numbers a device or a file brings, a session tells events and never raises."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensor_hub.model.gait import Mount, RecordReading
from sensor_hub.model.imu import ImuBlock
from sensor_hub.model.raw import RawNotification
from sensor_hub.model.session import BoundDevice, Origin
from tests import need
from tests.session.runs import (
    IMU,
    START,
    encoded,
    gaps,
    logger_file,
    run_grouped,
    run_one_by_one,
    setup,
    steps,
    summary,
)
from tests.synthetic_run import one_leg

WEEK_S = 7 * 24 * 3600.0
ANY_FLOAT = st.floats(width=64) | st.sampled_from([0.0, 1e15, -1e15, 1e300, -1e300, 1.7e308, -1.7e308, 1e-300, WEEK_S])
STEPS_S = st.sampled_from([0.01, 0.01, 0.02, 0.09, 0.5, WEEK_S - 1, WEEK_S + 1, 1e9, -1.0]) | ANY_FLOAT


def shaken(block: ImuBlock, data: st.DataObject) -> ImuBlock:
    """The block with any numbers in places."""
    t_s = block.t_s.copy()
    acceleration, rotation = block.acceleration_mps2.copy(), block.angular_velocity_radps.copy()
    with np.errstate(all="ignore"):
        for _ in range(data.draw(st.integers(1, 6))):
            at, n = data.draw(st.integers(0, len(t_s) - 1)), data.draw(st.integers(1, 300))
            what = data.draw(st.sampled_from(["time", "times", "later", "acceleration", "rotation"]))
            if what == "time":
                t_s[at] = data.draw(ANY_FLOAT)
            elif what == "times":
                t_s[at : at + n] = data.draw(ANY_FLOAT)
            elif what == "later":
                t_s[at:] += data.draw(STEPS_S)
            else:
                values = acceleration if what == "acceleration" else rotation
                values[at : at + n, data.draw(st.integers(0, 2))] = data.draw(ANY_FLOAT)
    return ImuBlock(block.device, t_s, acceleration, rotation)


@settings(max_examples=settings().max_examples // 2)
@given(st.data())
def test_no_number_in_a_block_raises_and_grouping_changes_nothing(data: st.DataObject) -> None:
    mount: Mount = data.draw(st.sampled_from(["shank", "sacrum"]))
    origin: Origin = data.draw(st.sampled_from(["live", "import"]))
    what = setup((BoundDevice("pod-1", None, "R", mount),), origin=origin)
    block = shaken(one_leg(6.0).block(), data)
    expected = encoded(run_one_by_one(what, [block]))
    pieces = [block.slice(i, i + 1) for i in range(len(block))]
    assert encoded(run_one_by_one(what, pieces)) == expected


@given(st.lists(st.tuples(*[ANY_FLOAT] * 7), min_size=1, max_size=40), st.sampled_from(["shank", "sacrum"]))
def test_no_block_of_any_numbers_raises(rows: list[tuple[float, ...]], mount: Mount) -> None:
    table = np.array(rows)
    block = ImuBlock("pod-1", table[:, 0], table[:, 1:4], table[:, 4:7])
    run_one_by_one(setup((BoundDevice("pod-1", None, "R", mount),)), [block])


@given(
    st.lists(st.tuples(st.binary(min_size=28, max_size=28), st.integers(-(10**9), 10**9)), min_size=1, max_size=40),
    st.sampled_from(["shank", "sacrum"]),
)
def test_no_bytes_of_a_notification_raise(sent: list[tuple[bytes, int]], mount: Mount) -> None:
    items = [RawNotification("pod-1", "2fff", START + timedelta(seconds=at), payload) for payload, at in sent]
    what = setup((BoundDevice("pod-1", IMU, "R", mount),), start_utc=None)
    expected = encoded(run_one_by_one(what, items))
    assert encoded(run_grouped(what, items, [(0, len(items))])) == expected


@given(st.lists(st.tuples(*[st.none() | ANY_FLOAT] * 4), min_size=1, max_size=20), st.booleans())
def test_no_number_in_a_record_raises(rows: list[tuple[float | None, ...]], is_plain: bool) -> None:
    device = BoundDevice("watch", None)
    items = [RecordReading("watch", START + timedelta(seconds=i), *row) for i, row in enumerate(rows)]
    events = run_one_by_one(setup((device,), "contact", "import" if is_plain else "live", None), items)
    assert encoded(events)


@pytest.mark.parametrize("absurd_s", [1e15, 1e300, -1e300, np.nan, np.inf])
def test_a_sample_whose_time_is_no_time_is_left_out(absurd_s: float) -> None:
    run = one_leg(20.0)
    t_s = run.t_s.copy()
    t_s[1000] = absurd_s
    events = run_one_by_one(setup(), [ImuBlock("pod-1", t_s, run.acceleration_mps2, run.rotation_radps)])
    assert gaps(events) == []
    assert len(steps(events)) == len(one_leg(20.0).initial_contact_s)
    assert (summary(events).end_utc - START).total_seconds() == pytest.approx(19.99)


@pytest.mark.parametrize("absurd_s", [9e10, -9e10, 8 * 24 * 3600.0])
def test_one_absurd_time_costs_a_moment_and_not_the_run(absurd_s: float) -> None:
    run = one_leg(20.0)
    t_s = run.t_s.copy()
    t_s[1000] = absurd_s
    block = ImuBlock("pod-1", t_s, run.acceleration_mps2, run.rotation_radps)
    events = run_one_by_one(setup(), [block])
    assert {g.cause for g in gaps(events)} == {"clock-reset"}
    assert (summary(events).end_utc - START).total_seconds() == pytest.approx(19.97, abs=0.05)
    assert len(steps(events)) >= len(one_leg(20.0).initial_contact_s) - 2
    assert summary(events).totals.coverage == pytest.approx(1.0)


def test_a_clock_that_goes_on_after_a_jump_goes_on_in_the_session() -> None:
    run = one_leg(20.0)
    t_s = run.t_s.copy()
    t_s[1000:] += 1e9
    events = run_one_by_one(setup(), [ImuBlock("pod-1", t_s, run.acceleration_mps2, run.rotation_radps)])
    (gap,) = gaps(events)
    assert (gap.cause, gap.start_utc) == ("clock-reset", gap.end_utc)
    assert (summary(events).end_utc - START).total_seconds() == pytest.approx(19.98)


def test_a_silence_of_six_days_is_a_silence() -> None:
    run = one_leg(20.0)
    t_s = run.t_s.copy()
    t_s[1000:] += 6 * 24 * 3600.0
    (gap,) = gaps(run_one_by_one(setup(), [ImuBlock("pod-1", t_s, run.acceleration_mps2, run.rotation_radps)]))
    assert gap.cause == "silence"


def test_silences_that_add_up_beyond_every_calendar_raise_nothing() -> None:
    t_s = np.linspace(0.0, 5e8, 1000)  # steps of less than six days
    block = ImuBlock("pod-1", t_s, np.zeros((len(t_s), 3)), np.zeros((len(t_s), 3)))
    late = setup(origin="import", start_utc=datetime(9990, 1, 1, tzinfo=UTC))
    events = run_one_by_one(late, [block])
    assert summary(events).end_utc.year == 9999


def test_a_shank_taken_for_a_sacrum_counts_no_step_without_a_word() -> None:
    run = logger_file(need.data("imu_shank/run_out.csv"))
    told = summary(run_one_by_one(setup((BoundDevice("pod-1", None, "U", "sacrum"),)), [run]))
    assert "no-contact-time" in told.warnings
    assert told.totals.n_steps == 0 or "implausible-cadence" in told.warnings
    right = summary(run_one_by_one(setup(), [run]))
    assert "implausible-cadence" not in right.warnings
    assert right.totals.n_steps > 100
