"""Sensors and edges as a hub knows them, and what it asks of edges."""

from sensor_hub.app.sensors.hub_sensors import HubSensors

__all__ = ["HubSensors"]
