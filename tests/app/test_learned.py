from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from sensor_hub.adapters.recordings.mcap_file import McapRecorder
from sensor_hub.adapters.recordings.mcap_reader import open_mcap
from sensor_hub.adapters.registry import Registry
from sensor_hub.app.collecting.collecting import bound_pods
from sensor_hub.app.collecting.firmware import all_profiles
from sensor_hub.app.loads.learned import is_void, with_learned
from sensor_hub.model.calibration import Calibration
from sensor_hub.model.gait import Mount
from sensor_hub.model.pattern import GaitPattern
from sensor_hub.model.session import BoundDevice
from sensor_hub.signal.detectors import detector_for
from tests.session.runs import IMU, encoded, notified, run_one_by_one, setup
from tests.synthetic_run import one_leg

PROFILES = all_profiles()
USUAL = GaitPattern("shank", "L", ("swing_radps",), (11.0,), None, 1, 400)


def calibration(mount: Mount, method: str | None = None) -> Calibration:
    name = method or detector_for(mount).method.name
    return Calibration(name, mount, -0.012, 0.0, 0.24, 0.008, 220, "force.csv at 20 N", date(2026, 11, 21))


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    with Registry(f"sqlite:///{tmp_path / 'registry.db'}") as opened:
        opened.add_athlete("Anna", "UTC")
        opened.add_athlete("Bert", "UTC")
        opened.learned.keep_calibration("Anna", calibration("shank"))
        opened.learned.keep_calibration("Anna", calibration("foot", "a-method-of-the-past"))
        opened.learned.keep_pattern("Anna", USUAL)
        yield opened


def test_a_paired_pod_is_bound_with_what_was_learned_of_its_wearer_there(registry: Registry) -> None:
    registry.add_device("AA:01", "left", "movesense", athlete="Anna", side="L", mount="shank")
    registry.add_device("AA:02", "other", "movesense", athlete="Bert", side="L", mount="shank")
    registry.add_device("AA:03", "third", "movesense", athlete="Anna", side="R", mount="shank")
    registry.learned.keep_pattern("Anna", USUAL)  # pairing forgot it
    pods, _ = bound_pods(registry, PROFILES)
    left, other, third = (with_learned(pod.bound(), registry, pod.athlete.id) for pod in pods)
    assert (left.calibration, left.usual) == (calibration("shank"), USUAL)
    assert (other.calibration, other.usual) == (None, None)
    assert (third.calibration, third.usual) == (calibration("shank"), None)


def test_a_calibration_of_another_method_is_given_for_the_session_to_call_it_void(registry: Registry) -> None:
    bound = BoundDevice("pod-1", None, "L", "foot")
    void = with_learned(bound, registry, "Anna").calibration
    assert void == calibration("foot", "a-method-of-the-past")
    assert is_void(void)


def test_a_calibration_of_the_method_goes_before_a_newer_one_of_another(registry: Registry) -> None:
    newer = replace(calibration("shank", "a-method-tried-out"), made_on=date(2027, 1, 1))
    registry.learned.keep_calibration("Anna", newer)
    assert with_learned(BoundDevice("pod-1", None, "L", "shank"), registry, "Anna").calibration == calibration("shank")


def test_of_two_calibrations_of_other_methods_the_newer_one_is_void(registry: Registry) -> None:
    newer = replace(calibration("foot", "a-later-one"), made_on=date(2027, 1, 1))
    registry.learned.keep_calibration("Anna", newer)
    assert with_learned(BoundDevice("pod-1", None, "L", "foot"), registry, "Anna").calibration == newer


def test_what_is_no_imu_stays_as_it_is(registry: Registry) -> None:
    rsc = BoundDevice("pod-1", PROFILES["standard-rsc"], "L", "shank")
    watch = BoundDevice("watch", None)
    assert with_learned(rsc, registry, "Anna") is rsc
    assert with_learned(watch, registry, "Anna") is watch
    assert with_learned(watch, registry, "Anna", otherwise="shank").calibration == calibration("shank")


def test_a_replay_gives_the_bytes_of_the_run_whatever_was_learned_since(tmp_path: Path) -> None:
    learned = BoundDevice("pod-1", IMU, "R", "shank", calibration("shank"), replace(USUAL, side="R"))
    run = notified("pod-1", one_leg(12.0))
    lived = {}
    for name, bound in (("calibrated", learned), ("plain", replace(learned, calibration=None))):
        what = setup((bound,), start_utc=None)
        who = {"sid": what.sid, "athlete": what.athlete, "zone": what.zone, "origin": what.origin}
        recorder = McapRecorder(tmp_path / f"{name}.mcap", devices=what.devices, **who)
        for raw in run:
            recorder.append(raw)
        recorder.close()
        lived[name] = encoded(run_one_by_one(what, run))
        recording = open_mcap(tmp_path / f"{name}.mcap")
        devices = tuple(replace(device, profile=IMU) for device in recording.info.devices)
        assert encoded(run_one_by_one(replace(what, devices=devices), recording)) == lived[name]
    assert lived["calibrated"] != lived["plain"]
