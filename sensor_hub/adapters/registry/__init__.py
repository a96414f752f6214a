"""The registry: athletes, their devices, their shoes. The one place that knows names and addresses (SQLAlchemy)."""

from sensor_hub.adapters.registry.registry import AthleteChanges, Registry

__all__ = ["AthleteChanges", "Registry"]
