import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.decoders.rsc import RscMeasurement
from sensor_hub.errors import DecodeError
from tests import need


def test_decodes_running_pod_with_stride_length() -> None:
    # 0x05 = stride length + running; 0x0380/256 = 3.5 m/s; 88/min; 0x00ef = 239 cm
    assert RscMeasurement.from_bytes(bytes.fromhex("05 8003 58 ef00")) == RscMeasurement(
        speed_mps=3.5, cadence_per_min=88, is_running=True, stride_length_m=2.39
    )


@given(st.binary(max_size=32))
def test_any_bytes_decode_or_raise_decode_error(payload: bytes) -> None:
    with suppress(DecodeError):
        RscMeasurement.from_bytes(payload)


MEASUREMENTS = st.builds(
    RscMeasurement,
    speed_mps=st.integers(0, 65535).map(lambda n: n / 256),
    cadence_per_min=st.integers(0, 255),
    is_running=st.booleans(),
    stride_length_m=st.none() | st.integers(0, 65535).map(lambda n: n / 100),
    total_distance_m=st.none() | st.integers(0, 2**32 - 1).map(lambda n: n / 10),
)


@given(MEASUREMENTS)
def test_what_is_encoded_decodes_to_itself(measurement: RscMeasurement) -> None:
    assert RscMeasurement.from_bytes(bytes(measurement)) == measurement


@given(MEASUREMENTS, st.binary(min_size=1, max_size=4))
def test_left_over_bytes_are_refused(measurement: RscMeasurement, tail: bytes) -> None:
    with pytest.raises(DecodeError, match="left over"):
        RscMeasurement.from_bytes(bytes(measurement) + tail)


def test_captured_vectors_decode_to_their_published_values() -> None:
    vectors = json.loads(need.data("ble_vectors/rsc_2a53.json").read_text())["vectors"]
    assert len(vectors) == 9
    for vector in vectors:
        got = RscMeasurement.from_bytes(bytes.fromhex(vector["hex"]))
        assert got == RscMeasurement(
            vector["speed_mps"], vector["cadence"], vector["running"], vector["stride_m"], vector["distance_m"]
        )
