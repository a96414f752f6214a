"""Names of characteristics, fingerprints, and what faults are called."""

import pytest
from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakDBusError,
    BleakError,
    BleakGATTProtocolError,
    BleakGATTProtocolErrorCode,
)
from bleak_retry_connector import BleakConnectionError, BleakNotFoundError
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.adapters.ble.faults import in_words, is_another_table, is_in_progress, wants_pairing
from sensor_hub.adapters.ble.uuids import long_uuid, short_uuid


@given(st.integers(0, 0xFFFF))
def test_adopted_numbers_are_four_digits_and_back(number: int) -> None:
    short = f"{number:04x}"
    assert long_uuid(short) == f"0000{short}-0000-1000-8000-00805f9b34fb"
    assert short_uuid(long_uuid(short).upper()) == short_uuid(f"0000{short}") == short


@given(st.uuids().map(str))
def test_other_uuids_stay_as_they_are(uuid: str) -> None:
    if not uuid.endswith("-0000-1000-8000-00805f9b34fb"):
        assert short_uuid(uuid.upper()) == long_uuid(uuid) == uuid


def test_the_uuid_trap_of_witmotion_is_not_an_adopted_number() -> None:
    assert short_uuid("0000FFE4-0000-1000-8000-00805F9A34FB") == "0000ffe4-0000-1000-8000-00805f9a34fb"


def bluez(name: str, text: str = "") -> BleakDBusError:
    return BleakDBusError(f"org.bluez.Error.{name}", [text])


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (bluez("InProgress"), "busy"),
        (bluez("NotReady"), "switched off"),
        (BleakDBusError("org.freedesktop.DBus.Error.ServiceUnknown", []), "systemctl start bluetooth"),
        (bluez("AuthenticationFailed"), "passkey"),
        (bluez("NotPermitted", "Not paired"), "devices pair"),
        (FileNotFoundError("/run/dbus/system_bus_socket"), "no system D-Bus"),
        (TimeoutError(), "did not answer in time"),
        (bluez("Failed", "le-connection-abort-by-local"), "radio noise"),
        (BleakBluetoothNotAvailableError("-", BleakBluetoothNotAvailableReason.POWERED_OFF), "switched off"),
        (BleakBluetoothNotAvailableError("-", BleakBluetoothNotAvailableReason.NO_BLUETOOTH), "no Bluetooth adapter"),
        (EOFError(), "the connection failed: EOFError"),
    ],
)
def test_a_fault_is_said_so_that_somebody_can_mend_it(error: Exception, words: str) -> None:
    assert words in in_words(error)


def test_the_cause_behind_a_wrapped_fault_is_found() -> None:
    wrapped = BleakConnectionError("failed after 2 attempts")
    wrapped.__cause__ = bluez("InProgress")
    assert is_in_progress(wrapped)
    assert "busy" in in_words(wrapped)


def test_no_address_is_in_the_words_for_a_fault() -> None:
    timed_out = BleakNotFoundError("footpod - C0:00:00:00:00:01: Failed to connect after 2 attempt(s): TimeoutError")
    timed_out.__cause__ = TimeoutError()
    assert "did not answer in time" in in_words(timed_out)
    for text in ("device C0:00:00:00:00:01 was not found", "device 'dev_C0_00_00_00_00_01' not found"):
        assert "C0" not in in_words(BleakError(text))


def test_a_refusal_for_want_of_pairing_is_not_taken_for_another_table() -> None:
    refused = BleakGATTProtocolError(BleakGATTProtocolErrorCode.INSUFFICIENT_AUTHENTICATION)
    elsewhere = BleakGATTProtocolError(BleakGATTProtocolErrorCode.INVALID_HANDLE)
    assert wants_pairing(refused)
    assert not is_another_table(refused)
    assert is_another_table(elsewhere)
    assert not wants_pairing(elsewhere)
