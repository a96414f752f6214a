"""The registry: athletes, their devices, their shoes. The one place that knows names and addresses (SQLAlchemy)."""

import sensor_hub.adapters.registry.live_tables  # noqa: F401 (its tables are part of every registry)
from sensor_hub.adapters.registry.registry import AthleteChanges, Registry

__all__ = ["AthleteChanges", "Registry"]
