"""The usual strides of everybody on tonight's roster, for a session to compare its own with: pods do get swapped."""

from dataclasses import replace
from datetime import datetime

from sensor_hub.adapters.registry import Registry
from sensor_hub.errors import RegistryError
from sensor_hub.model.pattern import GaitPattern
from sensor_hub.model.session import BoundDevice


def with_squad(bound: BoundDevice, registry: Registry, athlete: str, now_utc: datetime) -> BoundDevice:
    """Return an IMU with the usual patterns of the others on tonight's roster at its mount and side.

    Each is named by the pod that its athlete wears tonight, so that no session carries another's pseudonym. Where
    nobody knows how the athlete's own strides look, nothing can be said, and nobody else's are given.
    """
    if bound.usual is None:
        return bound
    mount, side = bound.usual.mount, bound.usual.side
    try:
        _, lines = registry.rosters.devices_and_lines(now_utc)
        others: dict[str, str] = {}
        for line in sorted(lines, key=lambda line: (line.side != side, line.number)):
            if line.athlete != athlete and line.device != bound.device:
                others.setdefault(line.athlete, line.device)
        known = {who: registry.learned.pattern(who, mount, side) for who in others}
    except RegistryError:  # the comparison is lost, not the run
        return bound
    found: list[tuple[str, GaitPattern]] = [(others[who], p) for who, p in known.items() if p is not None]
    return replace(bound, others=tuple(found))
