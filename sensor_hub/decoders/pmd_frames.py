"""The frames of Polar Measurement Data: where their numbers lie, and what they were before packing.

Raw: x, y, z after each other, as many samples as fit. Compressed: a reference sample, then groups of ``bits u8,
count u8`` and ``count`` differences a channel of ``bits`` each, least significant bit first, every one to the sample
before. Source: Polar, online measurement specification of the BLE SDK, and its Android sources (PMD client).
Validity: no published frame has differences of 0 bits; they are refused.
"""

import struct
from collections.abc import Iterator
from typing import Final

import numpy as np

from sensor_hub.errors import DecodeError
from sensor_hub.model.arrays import BoolArray, IntArray

WIRE_FORMAT: Final = "polar_pmd"
ACC: Final = 2
GYRO: Final = 5
KINDS: Final = {0: "ECG", 1: "PPG", ACC: "acceleration", 3: "PPI", GYRO: "angular velocity", 6: "magnetic field"}
COMPRESSED: Final = 0x80
HEADER: Final = struct.Struct("<BQB")  # kind, time of the last sample, frame type
MOST_BITS: Final = 32
_RAW_BITS: Final = {(ACC, 0): 8, (ACC, 1): 16, (ACC, 2): 24}
_REFERENCE_BITS: Final = {(ACC, 0x80): 16, (ACC, 0x81): 16, (GYRO, 0x80): 16, (GYRO, 0x81): 32}


def packed_numbers(kind: int, frame_type: int, payload: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield where the numbers of a frame lie: (byte, bits of one, how many).

    A compressed frame begins with its reference sample. DecodeError if the frame breaks off, is of an unknown type or
    has no sample.
    """
    at, end = HEADER.size, len(payload)
    bits = _RAW_BITS.get((kind, frame_type))
    if bits is not None:
        n, rest = divmod(end - at, 3 * bits // 8)
        if rest or not n:
            raise DecodeError(WIRE_FORMAT, f"{end - at} bytes are no whole samples of {3 * bits // 8}", payload)
        yield at, bits, 3 * n
        return
    bits = _REFERENCE_BITS.get((kind, frame_type))
    if bits is None:
        raise DecodeError(WIRE_FORMAT, f"unknown frame type 0x{frame_type:02x} of {KINDS[kind]}", payload)
    if at + 3 * bits // 8 > end:
        raise DecodeError(WIRE_FORMAT, "breaks off in the reference sample", payload)
    yield at, bits, 3
    at += 3 * bits // 8
    while at < end:
        if at + 2 > end:
            raise DecodeError(WIRE_FORMAT, f"breaks off at byte {at}", payload)
        bits, count = payload[at], 3 * payload[at + 1]
        if not 1 <= bits <= MOST_BITS:
            raise DecodeError(WIRE_FORMAT, f"differences of {bits} bits at byte {at}", payload)
        yield at + 2, bits, count
        at += 2 + (bits * count + 7) // 8
    if at > end:
        raise DecodeError(WIRE_FORMAT, f"ends at byte {end}, {at - end} more announced", payload)


def unpacked(numbers: IntArray, n: IntArray, is_compressed: BoolArray) -> IntArray:
    """Return the samples of frames.

    Parameters
    ----------
    numbers : (sum of n, 3)
        As they lie in the frames.
    n, is_compressed : (frames,)
        Samples of each, and whether its numbers after the first sample are differences.

    Returns
    -------
    (sum of n, 3)
        Counts of the sensor.
    """
    if not is_compressed.any():
        return numbers
    sums: IntArray = np.cumsum(numbers, axis=0)
    first = np.cumsum(n) - n
    sums -= np.repeat(sums[first] - numbers[first], n, axis=0)
    if is_compressed.all():
        return sums
    return np.where(np.repeat(is_compressed, n)[:, None], sums, numbers)
