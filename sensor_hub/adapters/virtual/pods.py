"""Ready pods: what a sensor of a kind offers, with bytes from a run behind it.

Each says in its device information that it is simulated. Layouts are those of the firmware profiles.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from sensor_hub.adapters.virtual.gatt import VirtualCharacteristic, VirtualService
from sensor_hub.adapters.virtual.player import Frame
from sensor_hub.adapters.virtual.pod import VirtualPod

RSC_SERVICE: Final = "1814"
RSC_MEASUREMENT: Final = "2a53"
RSC_FEATURE: Final = "2a54"
SENSOR_LOCATION: Final = "2a5d"
HEART_RATE_SERVICE: Final = "180d"
HEART_RATE: Final = "2a37"
BATTERY_SERVICE: Final = "180f"
BATTERY: Final = "2a19"
SHANK_SERVICE: Final = "1fff"
SHANK: Final = "2fff"
MANUFACTURER: Final = "sensor-hub (simulated)"
_STRIDE_DISTANCE_RUNNING: Final = 0b111
_IN_SHOE: Final = 2


def about(model: str, battery_percent: int) -> list[VirtualService]:
    """Return battery and device information, as nearly every sensor has them."""
    facts = {"2a29": MANUFACTURER, "2a24": model, "2a25": "SIM-1", "2a26": "1.0"}
    battery = VirtualCharacteristic(BATTERY, bytes([battery_percent]), read=True, notify=True)
    strings = [VirtualCharacteristic(uuid, text.encode(), read=True) for uuid, text in facts.items()]
    return [VirtualService(BATTERY_SERVICE, [battery]), VirtualService("180a", strings)]


def rsc_pod(
    address: str,
    name: str,
    frames: Sequence[Frame] = (),
    *,
    speed: float = 1.0,
    battery_percent: int = 87,
    location: int = _IN_SHOE,
    heart_rate: bool = False,
    passkey: int | None = None,
) -> VirtualPod:
    """Return a footpod: running speed and cadence, and with ``heart_rate`` that service too."""
    rsc = [
        VirtualCharacteristic(RSC_MEASUREMENT, notify=True),
        VirtualCharacteristic(RSC_FEATURE, _STRIDE_DISTANCE_RUNNING.to_bytes(2, "little"), read=True),
        VirtualCharacteristic(SENSOR_LOCATION, bytes([location]), read=True, needs_pairing=passkey is not None),
    ]
    services = [VirtualService(RSC_SERVICE, rsc)]
    if heart_rate:
        services.append(VirtualService(HEART_RATE_SERVICE, [VirtualCharacteristic(HEART_RATE, notify=True)]))
    pod = VirtualPod(address, name, [*services, *about("virtual footpod", battery_percent)], passkey=passkey)
    pod.play(frames, speed=speed)
    return pod


def shank_pod(
    address: str,
    name: str,
    frames: Sequence[Frame] = (),
    *,
    speed: float = 1.0,
    battery_percent: int = 87,
    passkey: int | None = None,
) -> VirtualPod:
    """Return the open shank logger: 28 bytes a sample on 0x2FFF."""
    services = [VirtualService(SHANK_SERVICE, [VirtualCharacteristic(SHANK, notify=True)])]
    pod = VirtualPod(address, name, [*services, *about("virtual shank logger", battery_percent)], passkey=passkey)
    pod.play(frames, speed=speed)
    return pod


def stream_pod(
    address: str,
    name: str,
    service: str,
    notifies: Sequence[str],
    frames: Sequence[Frame] = (),
    *,
    reads: Mapping[str, bytes] | None = None,
    writes: Sequence[str] = (),
    speed: float = 1.0,
    battery_percent: int = 87,
    company_id: int | None = None,
    advertises: Sequence[str] | None = None,
) -> VirtualPod:
    """Return a sensor that notifies as soon as it is subscribed to, such as one that plays a recording.

    notifies, reads (with their values), writes (accepted and forgotten) : UUIDs of its one service.
    """
    characteristics = [VirtualCharacteristic(uuid, notify=True) for uuid in notifies]
    characteristics += [VirtualCharacteristic(uuid, value, read=True) for uuid, value in (reads or {}).items()]
    characteristics += [
        VirtualCharacteristic(uuid, write=True, write_without_response=True, on_write=lambda _payload: None)
        for uuid in writes
    ]
    services = [VirtualService(service, characteristics), *about("virtual sensor", battery_percent)]
    pod = VirtualPod(address, name, services, company_id=company_id, advertises=advertises)
    pod.play(frames, speed=speed)
    return pod
