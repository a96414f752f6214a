"""A recorded run at once gives what a session gives of the same notifications."""

from dataclasses import fields, replace
from datetime import date, timedelta

import numpy as np
import pytest

from sensor_hub.model.calibration import Calibration
from sensor_hub.model.gait import StepTable
from sensor_hub.model.packets import PacketColumns
from sensor_hub.model.raw import RawNotification
from sensor_hub.model.session import BoundDevice, SessionSetup
from sensor_hub.session.whole_run import whole_run
from sensor_hub.signal.detectors import detector_for
from tests.session.packets_of import GENERIC, columns_of, notified
from tests.session.runs import IMU as LOGGER
from tests.session.runs import START, run_grouped, setup, steps, summary
from tests.session.runs import notified as logger_notified
from tests.synthetic_run import one_leg

LEFT, RIGHT = BoundDevice("pod-l", GENERIC, "L", "foot"), BoundDevice("pod-r", GENERIC, "R", "foot")


def same_as_session(what: SessionSetup, raws: list[RawNotification]) -> StepTable:
    """Check a run at once against an import of the same notifications; return its steps."""
    raws = sorted(raws, key=lambda raw: raw.arrival_utc)
    table, totals = whole_run(columns_of(raws), what)
    events = run_grouped(what, raws, [(i, min(i + 500, len(raws))) for i in range(0, len(raws), 500)])
    expected = steps(events)
    for column in fields(StepTable):
        np.testing.assert_array_equal(getattr(table, column.name), getattr(expected, column.name), column.name)
    assert totals == summary(events).totals
    return table


def two_feet(duration_s: float = 130.0) -> dict[str, list[RawNotification]]:
    right = one_leg(duration_s, rate_hz=200.0, stride_s=0.71)
    left = one_leg(duration_s, rate_hz=200.0, stride_s=0.71, seed=1, first_contact_s=1.35)
    return {
        "pod-r": notified("pod-r", right, device_s=right.t_s * (1 + 5e-5) + 4200.0),
        "pod-l": notified("pod-l", left, device_s=left.t_s * (1 - 5e-5) + 17.0, late_s=0.03),
    }


TWO = setup((LEFT, RIGHT), origin="import", start_utc=None)


def test_two_feet_at_once_are_what_an_import_of_them_gives() -> None:
    sent = two_feet()
    table = same_as_session(TWO, [*sent["pod-l"], *sent["pod-r"]])
    assert len(table) > 300
    assert np.count_nonzero(table.step_time_origin == "measured") > 0.97 * len(table)


def test_a_gap_a_reset_and_a_late_start_are_what_they_are_in_a_session() -> None:
    sent = two_feet()
    left = [raw for i, raw in enumerate(sent["pod-l"]) if i >= 200 and not 900 <= i < 1100]
    half = len(sent["pod-r"]) // 2
    restarted = one_leg(60.0, rate_hz=200.0, stride_s=0.71, seed=3)
    again = notified("pod-r", restarted, start_utc=START + timedelta(seconds=71), device_s=restarted.t_s + 1.0)
    same_as_session(TWO, [*left, *sent["pod-r"][:half], *again])


def test_a_long_rest_after_the_run_is_left_out_as_in_a_session() -> None:
    run = one_leg(480.0, rate_hz=200.0, stop_s=100.0)
    sent = notified("pod-r", run, device_s=run.t_s + 5.0)
    what = setup((RIGHT,), origin="import", start_utc=None)
    same_as_session(what, sent)
    _, totals = whole_run(columns_of(sent), what)
    assert totals.duration_s < 200.0


def test_frames_of_one_sample_are_read_too() -> None:
    sent = logger_notified("pod-1", one_leg(70.0))
    same_as_session(setup((BoundDevice("pod-1", LOGGER, "R"),), origin="import", start_utc=None), sent)


def test_a_calibration_is_applied() -> None:
    method = detector_for("foot").method.name
    line = Calibration(method, "foot", 0.012, 0.1, 0.25, 0.004, 200, "plate, 20 N", date(2026, 11, 1), 0.013)
    sent = two_feet(40.0)["pod-r"]
    plain, _ = whole_run(columns_of(sent), setup((RIGHT,), origin="import", start_utc=None))
    what = setup((replace(RIGHT, calibration=line),), origin="import", start_utc=None)
    table = same_as_session(what, sent)
    assert table.contact_time_s == pytest.approx(line.contact_time_s(plain.contact_time_s), nan_ok=True)
    assert np.nanmax(table.contact_time_sd) < np.nanmin(plain.contact_time_sd)
    _, totals = whole_run(columns_of(sent), what)
    assert totals.contact_time_bias_s == 0.013
    by_a_pod = setup((replace(RIGHT, calibration=replace(line, bias_bound_s=None)),), origin="import", start_utc=None)
    assert whole_run(columns_of(sent), by_a_pod)[1].contact_time_bias_s is None
    void = setup((replace(RIGHT, calibration=replace(line, method="other-9")),), origin="import", start_utc=None)
    assert whole_run(columns_of(sent), void)[0] == plain
    assert "calibration-void" in summary(run_grouped(void, sent, [(0, 100)])).warnings
    assert "calibration-void" not in summary(run_grouped(what, sent, [(0, 100)])).warnings


def test_bytes_that_are_no_frame_are_a_gap_and_not_an_error() -> None:
    sent = two_feet(40.0)["pod-r"]
    columns = columns_of(sent)["pod-r"]
    what = setup(
        (
            replace(
                RIGHT,
                profile=replace(
                    LOGGER, characteristics=GENERIC.characteristics, layouts={"batch": LOGGER.layouts["shank"]}
                ),
            ),
        ),
        origin="import",
        start_utc=None,
    )
    table, totals = whole_run({"pod-r": columns}, what)
    assert len(table) == 0
    assert totals.coverage is None or totals.coverage == 0.0


def test_nothing_recorded_is_no_step_and_unknown_totals() -> None:
    none = PacketColumns(next(iter(GENERIC.characteristics)), np.empty(0, np.int64), np.empty((0, 126), np.uint8))
    table, totals = whole_run({"pod-l": none, "pod-r": none}, TWO)
    assert len(table) == 0
    assert totals.load_eq_km is None


def test_a_device_that_is_not_in_the_setup_is_refused_by_name() -> None:
    columns = columns_of(two_feet(5.0)["pod-r"])
    with pytest.raises(ValueError, match="pod-r: no device of the setup"):
        whole_run(columns, setup((LEFT,), origin="import", start_utc=None))
