"""sensor_hub: a runner's sensors in, Achilles push-off load out."""

from importlib.metadata import version

__version__ = version("sensor-hub")
__all__ = ["__version__"]
