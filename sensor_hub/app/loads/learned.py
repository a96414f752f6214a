"""What the registry has learned of an athlete's gait: given to the sensors of a new session, and learned from it."""

import logging
import math
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

from sensor_hub.adapters.registry import Registry
from sensor_hub.errors import RegistryError
from sensor_hub.model.calibration import Calibration
from sensor_hub.model.gait import Mount
from sensor_hub.model.pattern import GaitPattern
from sensor_hub.model.session import BoundDevice
from sensor_hub.signal.detectors import detector_for
from sensor_hub.signal.wearing.pattern import merged

_LOG: Final = logging.getLogger(__name__)


def with_learned(
    bound: BoundDevice, registry: Registry, athlete: str, *, otherwise: Mount | None = None
) -> BoundDevice:
    """Return an IMU with the calibration and the usual pattern of its athlete, mount and side, where there are any.

    A calibration counts for the method that will find the contacts. Without one the newest of another method is given,
    for the session to say that it is void. What is no IMU stays as it is.
    otherwise : mount a session takes where none is told; None where a sensor without one is no IMU.
    """
    mount = bound.mount or (bound.profile.mount if bound.profile is not None else None) or otherwise
    if mount is None or (bound.profile is not None and bound.profile.kind != "imu"):
        return bound
    lines = [line for _, line in registry.learned.calibrations(athlete) if line.mount == mount]
    calibration = max(lines, key=lambda line: (not is_void(line), line.made_on), default=None)
    return replace(bound, calibration=calibration, usual=registry.learned.pattern(athlete, mount, bound.side))


def is_void(calibration: Calibration) -> bool:
    """Whether a calibration was made with another method than the one that finds the contacts there now."""
    return calibration.method != detector_for(calibration.mount).method.name


def pattern_answer(athlete: str, pattern: GaitPattern) -> dict[str, Any]:
    """Return all that is kept of how strides usually look there as JSON values; None is unknown."""
    spreads = pattern.spreads or (math.nan,) * len(pattern.features)
    rows = zip(pattern.features, pattern.values, spreads, strict=True)
    return {
        "athlete": athlete,
        "mount": pattern.mount,
        "side": pattern.side,
        "n_sessions": pattern.n_sessions,
        "n_strides": pattern.n_strides,
        "features": {name: {"mean": _known(mean), "sd": _known(sd)} for name, mean, sd in rows},
    }


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value


def learn(registry: Registry, athlete: str, patterns: Iterable[GaitPattern]) -> None:
    """Take how the strides of a session that is over looked into what is usual for its athlete.

    A pattern that cannot be kept is said in the log: the run itself must not suffer from it.
    """
    for new in patterns:
        try:
            usual = registry.learned.pattern(athlete, new.mount, new.side)
            registry.learned.keep_pattern(athlete, merged(_like(usual, new), new))
        except RegistryError as error:
            _LOG.warning("how %s runs could not be kept: %s", athlete, error)


def _like(usual: GaitPattern | None, new: GaitPattern) -> GaitPattern | None:
    """One of another version is begun anew."""
    return usual if usual is not None and usual.features == new.features else None
