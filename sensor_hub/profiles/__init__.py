"""TOML text → DeviceProfile. Reading the files is the composition root's work."""

from sensor_hub.profiles.loading import DECODERS, STANDARD_DECODERS, load_profile

__all__ = ["DECODERS", "STANDARD_DECODERS", "load_profile"]
