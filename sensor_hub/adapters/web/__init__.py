"""Pages and REST of a hub: ``create_app`` builds them on a ``HubView``, ``WebServer`` serves them."""

from sensor_hub.adapters.web.server import WebServer
from sensor_hub.adapters.web.site import create_app

__all__ = ["WebServer", "create_app"]
