"""The sans-I/O heart: what a device said goes in, events come out. Composes decoders, signal and load."""

from sensor_hub.session.run_session import RunSession

__all__ = ["RunSession"]
