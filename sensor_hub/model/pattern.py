"""How an athlete's strides usually look to a sensor."""

from dataclasses import dataclass

from sensor_hub.model.gait import Mount, Side


@dataclass(frozen=True, slots=True)
class GaitPattern:
    """Robust features of running strides at one mount and side, and how much each varies between sessions.

    features : names with units, in the order of the values; a pattern with other names cannot be compared.
    values : medians. spreads : one standard deviation between sessions; None after a single one.
    """

    mount: Mount
    side: Side
    features: tuple[str, ...]
    values: tuple[float, ...]
    spreads: tuple[float, ...] | None
    n_sessions: int
    n_strides: int
