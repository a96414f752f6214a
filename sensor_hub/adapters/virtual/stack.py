"""A Bluetooth stack made of software, on a simulated link."""

from typing import Final

from bumble import hci
from bumble.controller import Controller
from bumble.device import Device, DeviceConfiguration
from bumble.link import LocalLink

ADVERTISING_INTERVAL_MS: Final = 100
# The controller made of software answers these two differently from what a Linux kernel expects.
UNUSED_FEATURES: Final = hci.LeFeatureMask.LL_PRIVACY | hci.LeFeatureMask.LE_EXTENDED_ADVERTISING


def plain_controller(name: str, link: LocalLink) -> Controller:
    """Return a controller on the link that speaks the part of Bluetooth 4 every stack understands."""
    controller = Controller(name, link=link)
    controller.le_features &= ~UNUSED_FEATURES
    return controller


def device_on(link: LocalLink, name: str, address: str, advertisement: bytes) -> Device:
    """Return a device with a controller of its own on the link, without power yet."""
    controller = plain_controller(name, link)
    configuration = DeviceConfiguration(
        name=name,
        address=hci.Address(address),
        advertising_data=advertisement,
        advertising_interval_min=ADVERTISING_INTERVAL_MS,
        advertising_interval_max=ADVERTISING_INTERVAL_MS,
    )
    return Device.from_config_with_hci(configuration, controller, controller)
