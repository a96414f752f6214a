"""Which Bluetooth adapters the settings mean."""

import logging
from typing import Any, Final

from sensor_hub.adapters.ble.radio import ANY_RADIO, Radio, adapters
from sensor_hub.app.collecting.collecting import Air
from sensor_hub.config import Settings

WRITE_ADDRESSES: Final = ("bleak", "bleak_retry_connector")


def radios(settings: Settings) -> tuple[Radio, ...]:
    """Return the adapters named by address or ``hciN``, separated by commas; without names the machine's first one.

    The libraries' own warnings are silenced: they name sensors by address, and a pod's state says all of it in words.
    """
    for library in WRITE_ADDRESSES:
        logging.getLogger(library).setLevel(logging.CRITICAL)
    names = [name.strip() for name in settings.adapter.split(",") if name.strip()]
    return tuple(Radio(name) for name in names) or (ANY_RADIO,)


def air(settings: Settings) -> Air:
    """Return how the settings' adapters are used for collecting."""
    return Air(radios(settings))


async def adapter_answers() -> list[dict[str, Any]]:
    """Return this machine's adapters as JSON values; BluetoothError if Bluetooth is not running."""
    return [{"name": a.name, "address": a.address, "powered": a.powered} for a in await adapters()]
