"""The frames of Polar Measurement Data: where their numbers lie, and what they were before packing.

Raw: x, y, z after each other, as many samples as fit. Compressed: a reference sample, then groups of ``bits u8,
count u8`` and ``count`` differences a channel of ``bits`` each, least significant bit first, every one to the sample
before. Source: Polar, online measurement specification of the BLE SDK, and its Android sources (PMD client).
Validity: no published frame has differences of 0 bits; they are refused.
"""

import struct
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


def packed_numbers(kind: int, frame_type: int, payload: bytes, begin: int) -> tuple[list[tuple[int, int, int]], int]:
    """Return where the numbers of a frame lie, and of how many samples they are.

    Parameters
    ----------
    kind, frame_type : int
        As the header says.
    payload : bytes
        The whole frame.
    begin : int
        Added to every place: where the frame lies among others.

    Returns
    -------
    runs : list of (byte, bits of one number, how many)
        Of a compressed frame, the first is its reference sample.
    n_samples : int
        At least 1.

    Raises
    ------
    DecodeError
        If the frame breaks off, is of an unknown type or has no sample.
    """
    at, end = HEADER.size, len(payload)
    bits = _RAW_BITS.get((kind, frame_type))
    if bits is not None:
        n, rest = divmod(end - at, 3 * bits // 8)
        if rest or not n:
            raise DecodeError(WIRE_FORMAT, f"{end - at} bytes are no whole samples of {3 * bits // 8}", payload)
        return [(begin + at, bits, 3 * n)], n
    bits = _REFERENCE_BITS.get((kind, frame_type))
    if bits is None:
        raise DecodeError(WIRE_FORMAT, f"unknown frame type 0x{frame_type:02x} of {KINDS[kind]}", payload)
    if at + 3 * bits // 8 > end:
        raise DecodeError(WIRE_FORMAT, "breaks off in the reference sample", payload)
    runs, n = [(begin + at, bits, 3)], 1
    at += 3 * bits // 8
    while at + 1 < end:
        bits, count = payload[at], payload[at + 1]
        if not 1 <= bits <= MOST_BITS:
            raise DecodeError(WIRE_FORMAT, f"differences of {bits} bits at byte {at}", payload)
        runs.append((begin + at + 2, bits, 3 * count))
        n += count
        at += 2 + (3 * bits * count + 7) // 8
    if at != end:
        problem = f"breaks off at byte {at}" if at < end else f"ends at byte {end}, {at - end} more announced"
        raise DecodeError(WIRE_FORMAT, problem, payload)
    return runs, n


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
