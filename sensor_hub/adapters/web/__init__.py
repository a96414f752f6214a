"""Pages and REST of a hub: ``create_app`` builds them on a ``HubView``, ``WebServer`` serves them."""

from sensor_hub.adapters.web.server import WebServer
from sensor_hub.adapters.web.site import create_app
from sensor_hub.adapters.web.writing import WriteSide

__all__ = ["WebServer", "WriteSide", "create_app"]
