"""Payloads that others captured or published, with the values they expect; and the traps in them, mended by profile."""

import json
import re
import struct
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from sensor_hub.app.collecting.firmware import all_profiles
from sensor_hub.decoders.pmd_frames import HEADER, packed_numbers
from sensor_hub.decoders.polar_pmd import PmdDecoder
from sensor_hub.decoders.rsc import RscMeasurement
from sensor_hub.model.raw import RawNotification
from sensor_hub.model.session import BoundDevice
from tests import need
from tests.decoders.senders import PMD, PMD_CONTROL, PMD_DATA, pmd_answer, pmd_factor
from tests.session.runs import START, run_one_by_one, setup, summary

G = 9.80665
PROFILE_OF = {
    "NPE Runn treadmill sensor": "npe-runn",
    "Technogym MyRun": "technogym-run",
    "Technogym Run": "technogym-run",
}
PROFILES = all_profiles()


def rsc_vectors() -> list[dict[str, Any]]:
    vectors: list[dict[str, Any]] = json.loads(need.data("ble_vectors/rsc_2a53.json").read_text())["vectors"]
    return vectors


def pmd_vectors() -> list[dict[str, Any]]:
    frames: list[dict[str, Any]] = json.loads(need.data("ble_vectors/polar_pmd_frames.json").read_text())["frames"]
    return frames


def measurement(vector: dict[str, Any]) -> RscMeasurement:
    return RscMeasurement.from_bytes(bytes.fromhex(vector["hex"]))


def pmd_frame(vector: dict[str, Any]) -> bytes:
    return bytes.fromhex("".join(vector["hex"].values()))


def counted(expected: str, first: dict[str, int]) -> int:
    """Return an expected value, which may be written as another one plus or minus a number."""
    name, sign, number = re.fullmatch(r"(?:(\w+) ([+-]) )?(-?\d+)", expected).groups()  # type: ignore[union-attr]
    return (first[name] if name else 0) + (-int(number) if sign == "-" else int(number))


def test_all_nine_running_payloads_decode_to_their_published_values() -> None:
    vectors = rsc_vectors()
    assert len(vectors) == 9
    for vector in vectors:
        assert measurement(vector) == RscMeasurement(
            vector["speed_mps"], vector["cadence"], vector["running"], vector["stride_m"], vector["distance_m"]
        )


def test_every_device_of_the_payloads_has_a_profile_that_counts_steps() -> None:
    devices = {vector["device"] for vector in rsc_vectors() if vector["kind"] == "device"}
    assert devices == set(PROFILE_OF)
    assert {PROFILES[PROFILE_OF[device]].cadence_counts for device in devices} == {"steps"}


def test_a_treadmill_that_sends_steps_as_strides_is_mended_by_its_profile() -> None:
    found = [(v["device"], measurement(v)) for v in rsc_vectors() if v.get("device") and v["stride_m"]]
    assert len(found) == 2
    for device, got in found:
        assert got.stride_length_m is not None
        strides_a_s = got.cadence_per_min / 2 / 60
        as_sent = got.stride_length_m * strides_a_s / got.speed_mps
        mended = as_sent / PROFILES[PROFILE_OF[device]].stride_divisor
        assert as_sent < 0.65, "the field holds a step"
        assert mended == pytest.approx(1.0, abs=0.25), f"{device}: stride x cadence is {mended:.2f} of the speed"


@pytest.mark.parametrize("name", ["NPE Runn treadmill sensor", "Technogym Run"])
def test_a_running_bit_that_is_never_set_hides_no_step(name: str) -> None:
    got = max((measurement(v) for v in rsc_vectors() if v.get("device") == name), key=lambda m: m.cadence_per_min)
    assert not got.is_running
    start_m = got.total_distance_m
    sent = [replace(got, total_distance_m=start_m and start_m + got.speed_mps * s) for s in range(61)]
    what = setup((BoundDevice("pod-1", PROFILES[PROFILE_OF[name]]),), tier="speed")
    raws = [RawNotification("pod-1", "2a53", START + timedelta(seconds=s), bytes(m)) for s, m in enumerate(sent)]
    totals = summary(run_one_by_one(what, raws)).totals
    assert totals.n_steps == pytest.approx(got.cadence_per_min, rel=0.02)  # of a minute: steps of both feet


@pytest.mark.parametrize("at", range(6))
def test_every_published_pmd_frame_decodes(at: int) -> None:
    vectors = pmd_vectors()
    assert len(vectors) == 6
    vector, frame = vectors[at], pmd_frame(vectors[at])
    kind, last_ns, frame_type = HEADER.unpack_from(frame)
    decoder = PmdDecoder(PMD)
    if factor := vector["expected"].get("factor"):
        decoder.decode(PMD_CONTROL, [pmd_answer(kind, settings=pmd_factor(float(factor.rstrip("f"))))])
    got = decoder.decode(PMD_DATA, [frame])
    assert not got.failures
    assert len(got) == packed_numbers(kind, frame_type, frame, 0)[1]
    assert got.time_s[-1] == pytest.approx(last_ns / 1e9)
    values = got.acceleration_mps2 if vector["stream"] == "acc" else got.angular_velocity_radps
    assert np.isfinite(values).all()


def test_raw_acceleration_matches_its_expected_samples() -> None:
    vector = pmd_vectors()[0]
    got = PmdDecoder(PMD).decode(PMD_DATA, [pmd_frame(vector)])
    expected = [[int(vector["expected"][f"{axis}Value{i}"]) for axis in "xyz"] for i in (1, 2)]
    assert_allclose(got.acceleration_mps2[:2] / G * 1000, expected)  # mg
    assert len(got) == len(bytes.fromhex(vector["hex"]["accDataFrameContent"])) // 6
    assert_allclose(np.diff(got.time_s), 1 / int(vector["expected"]["sampleRate"]), rtol=1e-6)


def test_compressed_acceleration_matches_its_expected_samples() -> None:
    vector = pmd_vectors()[1]
    expected, factor = vector["expected"], 2.44e-4
    assert expected["factor"] == "2.44E-4f"
    first = {f"sample0Channel{c}": int(expected[f"sample0Channel{c}"]) for c in range(3)}
    samples = [[counted(expected[f"sample{s}Channel{c}"], first) for c in range(3)] for s in range(2)]
    decoder = PmdDecoder(PMD)
    decoder.decode(PMD_CONTROL, [pmd_answer(2, settings=pmd_factor(factor))])
    got = decoder.decode(PMD_DATA, [pmd_frame(vector)])
    assert_allclose(got.acceleration_mps2[:2] / G / struct.unpack("<f", struct.pack("<f", factor))[0], samples)
    assert len(got) == 1 + 56
