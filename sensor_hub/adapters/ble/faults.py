"""What bleak, D-Bus and BlueZ raise, and what it means to a person."""

import re
from typing import Final

from bleak.exc import BleakBluetoothNotAvailableError, BleakBluetoothNotAvailableReason, BleakDBusError, BleakError
from bleak_retry_connector import (
    BleakAbortedError,
    BleakConnectionError,
    BleakNotFoundError,
    BleakOutOfConnectionSlotsError,
)
from dbus_fast.errors import DBusFastError

# Beside its own errors bleak lets assertions, KeyErrors and broken sockets through when bluetoothd or the bus dies
# under it, and D-Bus messages that make no sense are ValueErrors. They are caught around calls into bleak and nowhere
# else.
RADIO_FAULTS: Final = (
    BleakError, DBusFastError, OSError, EOFError, TimeoutError, LookupError, AttributeError, AssertionError, ValueError,
    RuntimeError,
)  # fmt: skip
NO_BUS: Final = "there is no system D-Bus here (on a machine with BlueZ: sudo systemctl start dbus bluetooth)"
NO_DAEMON: Final = "bluetoothd is not running (sudo systemctl start bluetooth)"
NO_ADAPTER: Final = "no Bluetooth adapter (plug one in; if there is one, `rfkill list` may say it is blocked)"
ADAPTER_OFF: Final = "the Bluetooth adapter is switched off (rfkill unblock bluetooth; bluetoothctl power on)"
BUSY: Final = "Bluetooth is busy with something else: trying again"
_WRAPPERS: Final = (BleakNotFoundError, BleakConnectionError, BleakAbortedError, BleakOutOfConnectionSlotsError)
_ADDRESS: Final = re.compile(r"([0-9A-Fa-f]{2}[:_-]){5}[0-9A-Fa-f]{2}")
_AUTHENTICATION: Final = (0x05, 0x08, 0x0C, 0x0F)  # ATT: authentication, authorization, key size, encryption
_UNLIKELY: Final = 0x0E
_ATTRIBUTE_IS_ELSEWHERE: Final = (0x01, 0x0A)  # ATT: invalid handle, attribute not found


def bluez_error(error: BaseException) -> str | None:
    """Return the last part of BlueZ's error name, such as ``"InProgress"``, or None if it is not BlueZ's."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, BleakDBusError):
            return seen.dbus_error.rpartition(".")[2]
        seen = seen.__cause__
    return None


def is_in_progress(error: BaseException) -> bool:
    """Whether BlueZ said ``org.bluez.Error.InProgress``."""
    return bluez_error(error) == "InProgress"


def wants_pairing(error: BaseException) -> bool:
    """Whether a characteristic was refused because the sensor is not paired."""
    code = getattr(error, "code", None)
    return code in _AUTHENTICATION or bluez_error(error) in {"NotPaired", "NotAuthorized", "NotPermitted"}


def is_unlikely(error: BaseException) -> bool:
    """Whether it is ATT's "unlikely error": what BlueZ answers to a read when the pairing it began by itself failed."""
    return getattr(error, "code", None) == _UNLIKELY


def is_another_table(error: BaseException) -> bool:
    """Whether an attribute is not where the cached table of services says."""
    code = getattr(error, "code", None)
    return code in _ATTRIBUTE_IS_ELSEWHERE or bluez_error(error) in {"UnknownObject", "UnknownMethod"}


def in_words(error: BaseException) -> str:
    """Return what a fault means, with its mend where there is one; never an address."""
    while isinstance(error, _WRAPPERS) and error.__cause__ is not None:
        error = error.__cause__
    if isinstance(error, BleakBluetoothNotAvailableError):
        off = error.reason is BleakBluetoothNotAvailableReason.POWERED_OFF
        return ADAPTER_OFF if off else NO_ADAPTER
    name = bluez_error(error)
    if name == "InProgress":
        return BUSY
    if name == "NotReady":
        return ADAPTER_OFF
    if name in {"ServiceUnknown", "NameHasNoOwner"}:
        return NO_DAEMON
    if name in {"AuthenticationFailed", "AuthenticationRejected", "AuthenticationCanceled", "AuthenticationTimeout"}:
        return "the sensor refused the pairing (was the passkey right?)"
    if wants_pairing(error):
        return "the sensor must be paired first (sensor-hub devices pair)"
    if isinstance(error, FileNotFoundError | ConnectionRefusedError):
        return NO_BUS
    if isinstance(error, TimeoutError):
        return "the sensor did not answer in time (is it near, and not connected to a phone or a watch?)"
    text = without_address(str(error)) or type(error).__name__
    if "le-connection-abort-by-local" in text:
        return "the connection was broken off (radio noise, or the sensor is at the edge of its range)"
    return f"the connection failed: {text}"


def without_address(text: str) -> str:
    """Return a text of a foreign library with whatever looks like a Bluetooth address left out."""
    return _ADDRESS.sub("the sensor", text)
