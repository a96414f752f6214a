"""How a characteristic is named: ``"2a53"`` for adopted numbers, else 36 lower-case characters."""

from typing import Final

BASE_START: Final = "0000"
BASE_END: Final = "-0000-1000-8000-00805f9b34fb"
BATTERY_LEVEL: Final = "2a19"
SENSOR_LOCATION: Final = "2a5d"
MODEL, SERIAL, FIRMWARE, MANUFACTURER = "2a24", "2a25", "2a26", "2a29"
ABOUT_THE_DEVICE: Final = (MANUFACTURER, MODEL, SERIAL, FIRMWARE, "2a27", "2a28")
SERVICE_OF: Final = {
    "2a53": "1814", "2a54": "1814", "2a55": "1814", SENSOR_LOCATION: "1814",
    "2a37": "180d", "2a38": "180d", "2a63": "1818", "2a65": "1818", BATTERY_LEVEL: "180f",
    **dict.fromkeys(ABOUT_THE_DEVICE, "180a"),
}  # fmt: skip


def short_uuid(uuid: str) -> str:
    """Return the project's form of a UUID, whatever form it has."""
    uuid = uuid.lower()
    if len(uuid) == 8 and uuid.startswith(BASE_START):
        return uuid[4:]
    if uuid.startswith(BASE_START) and uuid.endswith(BASE_END):
        return uuid[4:8]
    return uuid


def long_uuid(uuid: str) -> str:
    """Return all 36 characters of a UUID in the project's form."""
    return f"{BASE_START}{uuid}{BASE_END}" if len(uuid) == 4 else uuid
