"""bleak's scanner on a virtual radio."""

from typing import Any, ClassVar, Final

from bleak.backends.scanner import AdvertisementData, AdvertisementDataCallback, BaseBleakScanner
from bumble import core
from bumble.device import Advertisement

from sensor_hub.adapters.virtual.gatt import long_uuid
from sensor_hub.adapters.virtual.radio import VirtualRadio

_SERVICES: Final = (
    core.AdvertisingData.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS,
    core.AdvertisingData.INCOMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS,
    core.AdvertisingData.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS,
)


class VirtualScanner(BaseBleakScanner):
    """Hears what is on the radio of its class."""

    radio: ClassVar[VirtualRadio]

    def __init__(
        self,
        detection_callback: AdvertisementDataCallback | None = None,
        service_uuids: list[str] | None = None,
        scanning_mode: str = "active",
        **_platform: Any,
    ) -> None:
        super().__init__(detection_callback, service_uuids)

    async def start(self) -> None:
        """Begin to hear."""
        self.seen_devices = {}
        await self.radio.listen(self._heard)

    async def stop(self) -> None:
        """End it."""
        await self.radio.unlisten(self._heard)

    def _heard(self, advertisement: Advertisement) -> None:
        data = advertisement.data
        uuids = {long_uuid(uuid): None for kind in _SERVICES for listed in data.get_all(kind) for uuid in listed}
        if not self.is_allowed_uuid(list(uuids)):
            return
        name = data.get(core.AdvertisingData.Type.COMPLETE_LOCAL_NAME)
        makers = data.get_all(core.AdvertisingData.Type.MANUFACTURER_SPECIFIC_DATA)
        heard = AdvertisementData(
            local_name=name,
            manufacturer_data={company: bytes(rest) for company, rest in makers},
            service_data={},
            service_uuids=list(uuids),
            tx_power=None,
            rssi=advertisement.rssi,
            platform_data=(),
        )
        address = advertisement.address.to_string(with_type_qualifier=False)
        device = self.create_or_update_device(address, address, name, None, heard)
        self.call_detection_callbacks(device, heard)
