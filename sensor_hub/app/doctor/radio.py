"""Bluetooth on this machine."""

import asyncio
from collections.abc import Iterator

from sensor_hub.adapters.ble.radio import adapters
from sensor_hub.app.doctor.check import Check
from sensor_hub.errors import BluetoothError


def look_at_radio() -> Iterator[Check]:
    """Ask BlueZ for adapters. A hub needs none, so that none is there is no fault."""
    try:
        found = asyncio.run(adapters())
    except BluetoothError as error:
        yield Check("bluetooth", "unknown", f"{error} (only a machine that collects sensors needs it)")
        return
    if not found:
        yield Check("bluetooth", "unknown", "no adapter (only a machine that collects sensors needs one)")
    for adapter in found:
        if adapter.powered:
            yield Check("bluetooth", "ok", f"{adapter.name} is on")
        else:
            yield Check(
                "bluetooth", "warn", f"{adapter.name} is off", "bluetoothctl power on, or rfkill unblock bluetooth"
            )
