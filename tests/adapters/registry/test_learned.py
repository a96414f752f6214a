import math
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from sensor_hub.adapters.registry import Registry
from sensor_hub.errors import RegistryError
from sensor_hub.model.calibration import Calibration
from sensor_hub.model.pattern import GaitPattern

CALIBRATION = Calibration(
    method="foot-1.0", mount="foot", offset_s=-0.0123456789012345, slope=0.1, centre_s=0.24, residual_sd_s=0.008,
    n_steps=220, reference="force.csv at 20 N", made_on=date(2026, 11, 21), bias_bound_s=0.0111,
)  # fmt: skip
PATTERN = GaitPattern("foot", "L", ("swing_radps", "impact_mps2"), (11.1, 70.0 / 3), None, 1, 400)


@pytest.fixture
def registry(registry_url: str) -> Iterator[Registry]:
    with Registry(registry_url) as opened:
        opened.add_athlete("Anna", "UTC")
        opened.add_athlete("Bert", "UTC")
        yield opened


def test_a_calibration_comes_back_bit_for_bit_and_only_for_its_athlete_mount_and_method(registry: Registry) -> None:
    registry.learned.keep_calibration("anna", CALIBRATION)
    assert registry.learned.calibration("Anna", "foot", "foot-1.0") == CALIBRATION
    assert registry.learned.calibration("Anna", "foot", "foot-1.1") is None
    assert registry.learned.calibration("Anna", "shank", "foot-1.0") is None
    assert registry.learned.calibration("Bert", "foot", "foot-1.0") is None
    assert registry.learned.calibrations() == [(registry.athlete("Anna").id, CALIBRATION)]
    assert registry.learned.calibrations("Bert") == []


def test_a_new_calibration_takes_the_place_of_the_old_one(registry: Registry) -> None:
    registry.learned.keep_calibration("Anna", CALIBRATION)
    registry.learned.keep_calibration("Anna", replace(CALIBRATION, offset_s=0.001, slope=0.0))
    ((_, kept),) = registry.learned.calibrations("Anna")
    assert (kept.offset_s, kept.slope) == (0.001, 0.0)
    registry.learned.keep_calibration("Anna", replace(CALIBRATION, bias_bound_s=None))
    assert registry.learned.calibrations("Anna")[0][1].bias_bound_s is None


def test_calibrations_are_removed_by_mount_and_method(registry: Registry) -> None:
    later = replace(CALIBRATION, method="foot-1.1")
    for calibration in (CALIBRATION, later):
        registry.learned.keep_calibration("Anna", calibration)
    assert registry.learned.remove_calibrations("Anna", "foot", "foot-1.0") == [CALIBRATION]
    assert registry.learned.remove_calibrations("Anna", "foot") == [later]
    with pytest.raises(RegistryError, match=r"'Anna' has no calibration of the foot with x.*calibrate list"):
        registry.learned.remove_calibrations("Anna", "foot", "x")


def test_a_pattern_comes_back_bit_for_bit_with_and_without_spreads(registry: Registry) -> None:
    assert registry.learned.pattern("Anna", "foot", "L") is None
    for pattern in (PATTERN, replace(PATTERN, spreads=(0.1, 2.0 / 7), n_sessions=4)):
        registry.learned.keep_pattern("Anna", pattern)
        assert registry.learned.pattern("Anna", "foot", "L") == pattern
    assert registry.learned.pattern("Anna", "foot", "R") is None
    assert len(registry.learned.remove_patterns("Anna", "foot")) == 1
    assert registry.learned.remove_patterns("Anna") == []


def usual_places(registry: Registry, who: str = "Anna") -> list[tuple[str, str]]:
    return [(pattern.mount, pattern.side) for _, pattern in registry.learned.patterns(who)]


def test_a_sensor_that_is_put_somewhere_anew_makes_forget_what_was_usual_there_and_nowhere_else(
    registry: Registry,
) -> None:
    places = [("foot", "L"), ("foot", "R"), ("shank", "L"), ("shank", "R")]

    def learn_all() -> None:
        for mount, side in places:
            for who in ("Anna", "Bert"):
                registry.learned.keep_pattern(who, replace(PATTERN, mount=mount, side=side))  # type: ignore[arg-type]

    learn_all()
    registry.add_device("AA:01", "pod", "movesense", athlete="Anna", side="L", mount="shank")
    assert usual_places(registry) == [("foot", "L"), ("foot", "R"), ("shank", "R")]
    learn_all()
    registry.bind_device("pod", "Anna", "L", "shank")  # the same place: it was paired again because it sits another way
    assert usual_places(registry) == [("foot", "L"), ("foot", "R"), ("shank", "R")]
    learn_all()
    registry.bind_device("pod", "Anna", "R", "foot")
    assert usual_places(registry) == [("foot", "L"), ("shank", "L"), ("shank", "R")]
    learn_all()
    registry.bind_device("pod", "Anna", "R", None)  # the registry does not know where its profile puts it
    assert usual_places(registry) == [("foot", "L"), ("shank", "L")]
    learn_all()
    registry.bind_device("pod", None, "R", "foot")
    assert usual_places(registry) == usual_places(registry, "Bert") == places


def test_a_feature_that_is_not_known_stays_unknown(registry: Registry) -> None:
    registry.learned.keep_pattern("Anna", replace(PATTERN, values=(11.1, math.nan), spreads=(math.nan, 0.5)))
    kept = registry.learned.pattern("Anna", "foot", "L")
    assert kept is not None
    assert kept.spreads is not None
    assert (kept.values[0], kept.spreads[1]) == (11.1, 0.5)
    assert math.isnan(kept.values[1])
    assert math.isnan(kept.spreads[0])


def test_a_merge_hands_over_what_was_learned_and_keeps_the_better_founded_of_two(registry: Registry) -> None:
    earlier, later = replace(CALIBRATION, made_on=date(2025, 1, 1)), replace(CALIBRATION, offset_s=0.02)
    shank = replace(CALIBRATION, mount="shank", method="shank-1.0")
    right, often = replace(PATTERN, side="R"), replace(PATTERN, n_sessions=9)
    for who, calibrations, patterns in (("Anna", [later, shank], [right, PATTERN]), ("Bert", [earlier], [often])):
        for calibration in calibrations:
            registry.learned.keep_calibration(who, calibration)
        for pattern in patterns:
            registry.learned.keep_pattern(who, pattern)
    bert = registry.merge_athletes("Anna", "Bert")
    assert registry.learned.calibrations() == [(bert.id, later), (bert.id, shank)]
    assert registry.learned.pattern("Bert", "foot", "L") == often
    assert registry.learned.pattern("Bert", "foot", "R") == right


def test_a_merge_does_not_put_an_earlier_calibration_before_a_later_one(registry: Registry) -> None:
    registry.learned.keep_calibration("Anna", replace(CALIBRATION, made_on=date(2025, 1, 1)))
    registry.learned.keep_calibration("Bert", CALIBRATION)
    registry.merge_athletes("Anna", "Bert")
    assert [c for _, c in registry.learned.calibrations("Bert")] == [CALIBRATION]


def test_a_mount_that_does_not_exist_is_refused(registry: Registry) -> None:
    with pytest.raises(RegistryError, match="mount 'wrist'"):
        registry.learned.keep_calibration("Anna", replace(CALIBRATION, mount="wrist"))  # type: ignore[arg-type]
    with pytest.raises(RegistryError, match="no athlete 'Carla'"):
        registry.learned.keep_pattern("Carla", PATTERN)
