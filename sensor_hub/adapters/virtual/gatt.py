"""What a virtual pod offers, and how it is put into bumble's words."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from bumble.att import Attribute, AttributeValue
from bumble.core import UUID, AdvertisingData
from bumble.device import Device
from bumble.gatt import GATT_CLIENT_CHARACTERISTIC_CONFIGURATION_DESCRIPTOR, Characteristic, Descriptor, Service
from bumble.pairing import PairingConfig, PairingDelegate

OnWrite: TypeAlias = Callable[[bytes], Awaitable[None] | None]
LARGEST_ADVERTISEMENT: Final = 31
_FLAGS: Final = bytes([0x06])  # general discoverable, no classic Bluetooth
_NOT_ADVERTISED: Final = {"180f", "180a"}  # every sensor has them: they say nothing about it


@dataclass(frozen=True, slots=True)
class VirtualCharacteristic:
    """One value of a pod.

    uuid : 4 hex digits or 36 characters, lower case. value : what a read gives. on_write : told of every write; what it
    returns is awaited before the write is confirmed. needs_pairing : refused on a link that is not authenticated.
    """

    uuid: str
    value: bytes = b""
    notify: bool = False
    read: bool = False
    write: bool = False
    write_without_response: bool = False
    indicate: bool = False
    on_write: OnWrite | None = None
    needs_pairing: bool = False


@dataclass(frozen=True, slots=True)
class VirtualService:
    """A service of a pod."""

    uuid: str
    characteristics: Sequence[VirtualCharacteristic]


class _PasskeyDisplay(PairingDelegate):
    """A pod that shows its passkey, such as on a sticker."""

    def __init__(self, passkey: int) -> None:
        super().__init__(PairingDelegate.IoCapability.DISPLAY_OUTPUT_ONLY)
        self._passkey = passkey

    async def generate_passkey(self) -> int:
        return self._passkey

    async def display_number(self, number: int, digits: int) -> None:
        """Show nothing: whoever pairs knows the number."""


def pairing_of(passkey: int | None) -> PairingConfig:
    """Say how a pod pairs: with a passkey it shows, or without asking."""
    if passkey is None:
        return PairingConfig(sc=True, mitm=False, bonding=True)
    return PairingConfig(sc=True, mitm=True, bonding=True, delegate=_PasskeyDisplay(passkey))


def advertisement(
    name: str, services: Sequence[VirtualService], advertises: Sequence[str] | None, company_id: int | None
) -> bytes:
    """Return an advertisement: flags, services, company, name.

    advertises : UUIDs to be named in it; None names the adopted services except those every sensor has.

    Raises
    ------
    ValueError
        If it would be longer than the 31 bytes an advertisement has.
    """
    if advertises is None:
        advertises = [s.uuid for s in services if len(s.uuid) == 4 and s.uuid not in _NOT_ADVERTISED]
    parts: list[tuple[int, bytes]] = [(AdvertisingData.FLAGS, _FLAGS)]
    for length, kind in (
        (4, AdvertisingData.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS),
        (36, AdvertisingData.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS),
    ):
        if uuids := b"".join(bytes(UUID(uuid)) for uuid in advertises if len(uuid) == length):
            parts.append((kind, uuids))
    if company_id is not None:
        parts.append((AdvertisingData.MANUFACTURER_SPECIFIC_DATA, company_id.to_bytes(2, "little")))
    parts.append((AdvertisingData.COMPLETE_LOCAL_NAME, name.encode()))
    found = b"".join(bytes([len(data) + 1, kind]) + data for kind, data in parts)
    if len(found) > LARGEST_ADVERTISEMENT:
        raise ValueError(f"the advertisement of {name!r} takes {len(found)} bytes, {LARGEST_ADVERTISEMENT} are there")
    return found


def long_uuid(uuid: UUID) -> str:
    """Return all 36 characters, lower case, as bleak writes a UUID."""
    digits = uuid.to_bytes(force_128=True)[::-1].hex()
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def add_services(device: Device, services: Sequence[VirtualService]) -> dict[str, Characteristic[bytes]]:
    """Give services to a device; return its characteristics by UUID."""
    found: dict[str, Characteristic[bytes]] = {}
    for service in services:
        made = [_characteristic(device, c) for c in service.characteristics]
        found |= {c.uuid: m for c, m in zip(service.characteristics, made, strict=True)}
        device.add_service(Service(UUID(service.uuid), made))
    return found


def _characteristic(device: Device, wanted: VirtualCharacteristic) -> Characteristic[bytes]:
    flag = Characteristic.Properties
    properties = flag(0)
    for on, bit in (
        (wanted.read, flag.READ),
        (wanted.write, flag.WRITE),
        (wanted.write_without_response, flag.WRITE_WITHOUT_RESPONSE),
        (wanted.notify, flag.NOTIFY),
        (wanted.indicate, flag.INDICATE),
    ):
        if on:
            properties |= bit
    may = Attribute.Permissions
    permissions = may.READABLE | may.WRITEABLE
    if wanted.needs_pairing:
        permissions |= may.READ_REQUIRES_ENCRYPTION | may.READ_REQUIRES_AUTHENTICATION
        permissions |= may.WRITE_REQUIRES_ENCRYPTION | may.WRITE_REQUIRES_AUTHENTICATION
    value: AttributeValue[bytes] | bytes = wanted.value
    if wanted.on_write is not None:
        value = AttributeValue(read=lambda _link: wanted.value, write=_written(wanted.on_write))
    made: Characteristic[bytes] = Characteristic(UUID(wanted.uuid), properties, permissions, value)
    if wanted.needs_pairing and (wanted.notify or wanted.indicate):
        subscription = device.gatt_server.make_descriptor_value(made)
        made.descriptors = [Descriptor(GATT_CLIENT_CHARACTERISTIC_CONFIGURATION_DESCRIPTOR, permissions, subscription)]
    return made


def _written(on_write: OnWrite) -> Any:
    async def write(_link: Any, payload: bytes) -> None:
        waits = on_write(bytes(payload))
        if waits is not None:
            await waits

    return write
