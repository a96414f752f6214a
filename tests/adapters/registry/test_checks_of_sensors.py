"""The last check of each sensor is kept, in place of the one before."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sensor_hub.adapters.registry import Registry
from sensor_hub.model.sensor_view import SensorCheck

NOW = datetime(2026, 11, 20, 10, 30, tzinfo=UTC)
FIRST = SensorCheck("pod-1", NOW, "no", (("battery-empty", 7.0), ("not-heard", None)), "the adapter is off")
SECOND = SensorCheck("pod-1", NOW + timedelta(hours=1), "fit")


def test_the_newest_check_of_a_sensor_is_kept_and_forgotten_with_it(tmp_path: Path) -> None:
    with Registry(f"sqlite:///{tmp_path / 'registry.db'}") as registry:
        other = SensorCheck("pod-only-an-edge-knows", NOW, "look", (("gaps", 3.0),))
        for check in (FIRST, other):
            registry.sensor_checks.put(check)
    with Registry(f"sqlite:///{tmp_path / 'registry.db'}") as registry:
        assert registry.sensor_checks.all() == {"pod-1": FIRST, other.device: other}
        registry.sensor_checks.put(SECOND)
        assert registry.sensor_checks.all()["pod-1"] == SECOND
        registry.sensor_checks.remove("pod-1")
        registry.sensor_checks.remove("pod-1")
        assert list(registry.sensor_checks.all()) == [other.device]


def test_a_check_without_a_time_zone_is_a_programmers_error(tmp_path: Path) -> None:
    with Registry(f"sqlite:///{tmp_path / 'registry.db'}") as registry, pytest.raises(ValueError, match="time zone"):
        registry.sensor_checks.put(SensorCheck("pod-1", NOW.replace(tzinfo=None), "fit"))


def test_what_was_found_of_a_sensor_goes_with_it_and_with_whose_it_was(registry_url: str) -> None:
    with Registry(registry_url) as registry:
        ana, ben = (registry.add_athlete(name, "UTC") for name in ("Ana", "Ben"))
        anas, bens, boxed = (
            registry.add_device(f"C0:FF:EE:00:00:0{n}", f"pod {n}", "p@1", athlete=who, side="U")
            for n, who in enumerate((ana.id, ben.id, None))
        )
        for device in (anas, bens, boxed):
            registry.sensor_checks.put(SensorCheck(device.id, NOW, "look", (("swapped", None),)))
        registry.erasing.finish(ana.id)
        assert registry.device(anas.id).athlete is None
        assert set(registry.sensor_checks.all()) == {bens.id, boxed.id}
        registry.remove_device(bens.id)
        assert set(registry.sensor_checks.all()) == {boxed.id}
