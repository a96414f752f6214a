"""Values that one notification carries by itself: heart rate, power, and what a sensor says of itself."""

from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.decoders.catalogue import VALUE_DECODERS
from sensor_hub.decoders.cycling_power import CyclingPowerMeasurement
from sensor_hub.decoders.device_facts import BatteryLevel, DeviceInformation, RscFeature, SensorLocation
from sensor_hub.decoders.heart_rate import HeartRateMeasurement
from sensor_hub.errors import DecodeError

U16 = st.integers(0, 2**16 - 1)


def test_heart_rate_with_intervals_between_beats() -> None:
    # 0x16: u8 rate, skin contact supported and detected, RR present; 0x0400/1024 = 1 s, 0x0300/1024 = 0.75 s
    assert HeartRateMeasurement.from_bytes(bytes.fromhex("16 48 0004 0003")) == HeartRateMeasurement(
        72, has_skin_contact=True, rr_s=(1.0, 0.75)
    )


def test_heart_rate_in_two_bytes_with_energy() -> None:
    # 0x0d: u16 rate, no skin (supported, not detected), energy 0x0102 kJ
    assert HeartRateMeasurement.from_bytes(bytes.fromhex("0d 0001 0201")) == HeartRateMeasurement(
        256, has_skin_contact=False, energy_j=258_000
    )


def test_power_of_a_running_pod() -> None:
    # 0x0020: crank data; 250 W; 1000 revolutions, the newest at 512/1024 s
    assert CyclingPowerMeasurement.from_bytes(bytes.fromhex("2000 fa00 e803 0002")) == CyclingPowerMeasurement(
        250, crank=(1000, 0.5)
    )


def test_power_takes_every_field_the_flags_announce() -> None:
    # 0x0fff: everything; 3 + 2 + 6 + 4 + 4 + 4 + 3 + 2 + 2 + 2 bytes after power
    fields = "ff0f ff ff 64 2000 01000000 0008 0200 0004 0100 ffff 0100 ffff 112233 0100 0200 0a00"
    assert CyclingPowerMeasurement.from_bytes(bytes.fromhex(fields)) == CyclingPowerMeasurement(
        -1, balance_percent=50.0, torque_nm=1.0, wheel=(1, 1.0), crank=(2, 1.0), energy_j=10_000
    )


def test_what_a_sensor_says_of_itself() -> None:
    assert BatteryLevel.from_bytes(b"\x55").percent == 85
    assert DeviceInformation.from_bytes(b"Verity Sense\0\0").text == "Verity Sense"
    assert SensorLocation.from_bytes(b"\x02").name == "in shoe"
    assert RscFeature.from_bytes(b"\x05\0") == RscFeature(
        has_stride_length=True,
        has_total_distance=False,
        tells_walking_from_running=True,
        can_be_calibrated=False,
        has_several_locations=False,
    )


@pytest.mark.parametrize(
    ("decode", "payload", "words"),
    [
        (HeartRateMeasurement.from_bytes, "20 48", "reserved flag bits"),
        (HeartRateMeasurement.from_bytes, "01 48", "2 more needed"),
        (HeartRateMeasurement.from_bytes, "10 48 00", "left over"),
        (CyclingPowerMeasurement.from_bytes, "0080 0000", "reserved flag bits"),
        (CyclingPowerMeasurement.from_bytes, "0001 0000 0102", "more needed"),
        (BatteryLevel.from_bytes, "65", "101 %"),
        (BatteryLevel.from_bytes, "6400", "left over"),
        (DeviceInformation.from_bytes, "41ff", "not UTF-8 at byte 1"),
        (SensorLocation.from_bytes, "11", "location 17 is reserved"),
        (RscFeature.from_bytes, "2000", "reserved bits"),
    ],
)
def test_what_contradicts_itself_is_refused(decode: Callable[[bytes], object], payload: str, words: str) -> None:
    with pytest.raises(DecodeError, match=words):
        decode(bytes.fromhex(payload))


@pytest.mark.parametrize("name", sorted(VALUE_DECODERS))
@given(payload=st.one_of(st.binary(max_size=40), st.binary(min_size=1, max_size=2)))
def test_any_bytes_decode_or_raise_decode_error(name: str, payload: bytes) -> None:
    with suppress(DecodeError):
        VALUE_DECODERS[name](payload)


HEART_RATES = st.builds(
    HeartRateMeasurement,
    U16,
    st.none() | st.booleans(),
    st.none() | U16.map(lambda n: 1000 * n),
    st.none() | st.lists(U16.map(lambda n: n / 1024), max_size=5).map(tuple),
)
POWERS = st.builds(
    CyclingPowerMeasurement,
    st.integers(-(2**15), 2**15 - 1),
    st.none() | st.integers(0, 255).map(lambda n: n / 2),
    st.none() | U16.map(lambda n: n / 32),
    st.none() | st.tuples(st.integers(0, 2**32 - 1), U16.map(lambda n: n / 2048)),
    st.none() | st.tuples(U16, U16.map(lambda n: n / 1024)),
    st.none() | U16.map(lambda n: 1000 * n),
)
FACTS = st.one_of(
    st.builds(BatteryLevel, st.integers(0, 100)),
    st.builds(DeviceInformation, st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)),
    st.builds(SensorLocation, st.integers(0, 16)),
    st.builds(RscFeature, *[st.booleans()] * 5),
)


@given(st.one_of(HEART_RATES, POWERS, FACTS))
def test_what_is_encoded_decodes_to_itself(value: HeartRateMeasurement | CyclingPowerMeasurement) -> None:
    assert type(value).from_bytes(bytes(value)) == value
