"""bleak on a virtual radio: what a collector does over the air it does here without an adapter and without D-Bus.

``BleakClient(address, backend=client_backend(radio))`` and ``BleakScanner(backend=scanner_backend(radio))``. The radio
comes into being in the event loop that first scans or connects.
"""

from bleak.backends.client import BaseBleakClient
from bleak.backends.scanner import BaseBleakScanner

from sensor_hub.adapters.virtual.bleak_client import VirtualClient
from sensor_hub.adapters.virtual.bleak_scanner import VirtualScanner
from sensor_hub.adapters.virtual.radio import VirtualRadio


def client_backend(radio: VirtualRadio) -> type[BaseBleakClient]:
    """Return bleak's client on this radio."""
    return type("VirtualClient", (VirtualClient,), {"radio": radio})


def scanner_backend(radio: VirtualRadio) -> type[BaseBleakScanner]:
    """Return bleak's scanner on this radio."""
    return type("VirtualScanner", (VirtualScanner,), {"radio": radio})
