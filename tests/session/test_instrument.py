"""Whose rows a session counts, and the word for what measured them: loads of two instruments are never compared."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from sensor_hub.app.collecting.firmware import all_profiles
from sensor_hub.app.replaying import simulated_setup
from sensor_hub.model.calibration import Calibration
from sensor_hub.model.gait import RecordReading, Side, Tier
from sensor_hub.model.profile import DeviceProfile
from sensor_hub.model.session import BoundDevice, SessionSetup
from sensor_hub.session import RunSession
from sensor_hub.session.instrument import instrument_of
from sensor_hub.session.primary import primary_devices
from sensor_hub.signal.detectors import detector_for
from sensor_hub.simulation.squad import live_runs, squad
from tests.session.runs import IMU, RSC, START, notified, rsc, run_one_by_one, setup, steps, summary
from tests.synthetic_run import one_leg

FOOT, SHANK, SACRUM = (detector_for(mount).method.name for mount in ("foot", "shank", "sacrum"))
LAYOUTS = next(p for p in all_profiles().values() if p.gives_contact_time and p.kind == "records")
BELT = replace(RSC, id="belt", kind="companion")


def calibrated(method: str = FOOT, made_on: date = date(2026, 11, 20)) -> Calibration:
    return Calibration(method, "foot", 0.004, 0.0, 0.24, 0.008, 300, "force plate", made_on, 0.002)


def pod(name: str, side: Side = "U", profile: DeviceProfile | None = IMU, **more: object) -> BoundDevice:
    return replace(BoundDevice(name, profile, side), **more)  # type: ignore[arg-type]


def of(tier: Tier, *devices: BoundDevice) -> str:
    return instrument_of(setup(devices, tier))


@pytest.mark.parametrize(("mount", "method"), [("foot", FOOT), ("shank", SHANK), ("sacrum", SACRUM)])
def test_an_imu_is_its_place_and_its_method(mount: str, method: str) -> None:
    assert of("imu", pod("a", "L", mount=mount)) == f"imu/{mount}/{method}"


def test_a_sensor_on_each_foot_is_another_instrument_than_one() -> None:
    left, right = pod("a", "L", mount="foot"), pod("b", "R", mount="foot")
    assert of("imu", left, right) == of("imu", right, left) == f"imu/feet/{FOOT}"
    assert of("imu", pod("a", "L", mount="shank"), pod("b", "R", mount="shank")) == f"imu/shanks/{SHANK}"
    assert of("imu", left) == of("imu", right) == f"imu/foot/{FOOT}"


def test_two_legs_measured_in_two_ways_are_an_instrument_of_their_own() -> None:
    mixed = of("imu", pod("a", "L", mount="foot"), pod("b", "R", mount="shank"))
    assert mixed == f"imu/foot/{FOOT}+shank/{SHANK}"


def test_each_calibration_is_another_instrument_and_a_void_one_is_none() -> None:
    plain = pod("a", "L", mount="foot")
    line = replace(plain, calibration=calibrated())
    again = replace(plain, calibration=calibrated(made_on=date(2026, 12, 1)))
    void = replace(plain, calibration=calibrated(method="foot-0.9"))
    assert of("imu", line) == f"imu/foot/{FOOT}+cal-2026-11-20"
    assert len({of("imu", plain), of("imu", line), of("imu", again)}) == 3
    assert of("imu", void) == of("imu", plain)


def test_a_calibrated_foot_beside_one_that_is_not_is_not_a_calibrated_pair() -> None:
    left, right = pod("a", "L", mount="foot", calibration=calibrated()), pod("b", "R", mount="foot")
    both = of("imu", left, replace(right, calibration=calibrated()))
    assert both == f"imu/feet/{FOOT}+cal-2026-11-20"
    assert len({of("imu", left, right), both, of("imu", pod("a", "L", mount="foot"), right)}) == 3


def test_of_a_file_it_is_the_device_and_the_contact_times_that_were_used_of_it() -> None:
    garmin = BoundDevice("garmin-2431", None, contact_stream="stance-time")
    stryd = replace(garmin, contact_stream="ground-time")
    assert of("contact", garmin) == "contact/garmin-2431/stance-time"
    assert of("contact", stryd) == "contact/garmin-2431/ground-time"
    assert of("speed", replace(garmin, contact_stream="")) == "speed/garmin-2431"


@pytest.mark.parametrize("name", ["tcx", "watch-5"])
def test_of_a_track_it_is_what_wrote_it(name: str) -> None:
    assert of("speed", BoundDevice(name, None)) == f"speed/{name}"


def test_of_a_footpod_it_is_the_profile_and_not_the_single_device() -> None:
    assert of("speed", pod("a", profile=RSC)) == of("speed", pod("b", profile=RSC)) == "speed/rsc"
    assert of("contact", pod("a", profile=LAYOUTS)) == f"contact/{LAYOUTS.id}"


def test_of_several_sources_it_is_that_of_the_one_whose_rows_count() -> None:
    plain, better, belt = pod("a", profile=RSC), pod("b", profile=LAYOUTS), pod("c", profile=BELT)
    assert of("contact", plain, better) == f"contact/{LAYOUTS.id}"
    assert of("speed", belt, plain) == "speed/rsc"
    assert of("imu", plain, pod("i", "L", mount="foot")) == f"imu/foot/{FOOT}"
    assert of("imu", pod("s", mount="sacrum"), pod("i", "L", mount="foot")) == f"imu/sacrum/{SACRUM}"
    assert of("speed") == "speed/file"


def test_a_simulated_run_has_the_instrument_of_the_sensors_it_imitates() -> None:
    found = set()
    for live in live_runs(7, squad(7)):
        what = simulated_setup(live, live.athlete, START)
        assert RunSession(what)._header.instrument == instrument_of(what)
        found.add(instrument_of(what))
        primary = primary_devices(what)[0].profile
        assert primary is not None
        assert instrument_of(what).startswith(f"{what.tier}/")
        if what.tier == "speed":
            assert instrument_of(what) == f"speed/{primary.id}"
    assert found


def records_of(device: str, cadence_spm: float, until_s: int, first_s: float = 0.0) -> list[RecordReading]:
    at_s = [first_s + s for s in range(until_s)]
    return [RecordReading(device, START + timedelta(seconds=s), cadence_spm, speed_mps=3.0) for s in at_s]


def both_pods(first: str, second: str) -> list[RecordReading]:
    readings = records_of(first, 160.0, 20) + records_of(second, 180.0, 20, 0.5)
    return sorted(readings, key=lambda reading: reading.end_utc)


def test_rows_come_from_the_instruments_device_whoever_is_heard_first() -> None:
    what = setup((pod("a", profile=RSC), pod("b", profile=replace(RSC, id="other"))), "speed", start_utc=None)
    for first, second, cadence in (("a", "b", 160.0), ("b", "a", 180.0)):
        events = run_one_by_one(what, both_pods(first, second))
        assert summary(events).totals.cadence_spm == pytest.approx(cadence)
        assert summary(events).header.instrument == "speed/rsc"


def test_of_two_pods_the_one_that_gives_contact_times_counts_where_the_tier_is_theirs() -> None:
    what = setup((pod("a", profile=RSC), pod("b", profile=LAYOUTS)), "contact", start_utc=None)
    assert summary(run_one_by_one(what, both_pods("a", "b"))).totals.cadence_spm == pytest.approx(180.0)


def test_rows_of_two_imus_come_from_the_one_that_was_named_first() -> None:
    what = setup((pod("b", "R", mount="shank"), pod("a", "U", mount="shank")), start_utc=None)
    quick, slow = notified("a", one_leg(20.0, stride_s=0.62)), notified("b", one_leg(20.0, stride_s=0.74), late_s=0.04)
    together = sorted(quick + slow, key=lambda raw: raw.arrival_utc)
    events = run_one_by_one(what, together)
    assert set(steps(events).side.tolist()) == {"R"}
    assert summary(events).totals.cadence_spm == pytest.approx(120 / 0.74, rel=0.01)


def test_a_session_that_names_no_device_counts_the_first_it_hears() -> None:
    events = run_one_by_one(setup((), "speed", start_utc=None), both_pods("a", "b"))
    assert summary(events).totals.cadence_spm == pytest.approx(160.0)
    assert summary(events).header.instrument == "speed/file"


def test_every_event_says_with_what_and_on_what_it_was_measured() -> None:
    what: SessionSetup = setup((pod("rsc-1", profile=RSC),), "speed", start_utc=None)
    what = replace(what, conditions=replace(what.conditions, surface="treadmill"))
    events = run_one_by_one(what, [rsc(s) for s in range(5)])
    assert {(e.header.instrument, e.header.surface) for e in events} == {("speed/rsc", "treadmill")}
