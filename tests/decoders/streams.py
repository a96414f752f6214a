"""What must hold for every decoder of a stream: any bytes, any grouping."""

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import TypeAlias

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from sensor_hub.decoders.samples import ACCELERATION, ANGULAR_VELOCITY, Samples, StreamDecoder

Notification: TypeAlias = tuple[str, bytes]  # characteristic, payload
Told: TypeAlias = tuple[list[bytes], list[tuple[int, str]]]


def blocks_of(payloads: "st.SearchStrategy[Notification]") -> "st.SearchStrategy[list[list[Notification]]]":
    """Notifications in blocks, each block to be decoded in as few calls as it has runs of one characteristic."""
    return st.lists(st.lists(payloads, max_size=6), max_size=8)


def mutated(valid: "st.SearchStrategy[bytes]") -> "st.SearchStrategy[bytes]":
    """Valid payloads, some of them cut, with bytes turned over or put in, and bytes of any kind."""

    def change(args: tuple[bytes, list[tuple[int, int]], int, bytes]) -> bytes:
        payload, flips, cut, tail = args
        octets = bytearray(payload)
        for at, bits in flips:
            if octets:
                octets[at % len(octets)] ^= bits
        return bytes(octets[: max(len(octets) - cut, 0)]) + tail

    flips = st.lists(st.tuples(st.integers(0, 600), st.integers(1, 255)), max_size=3)
    broken = st.tuples(valid, flips, st.sampled_from([0, 0, 0, 1, 3]), st.sampled_from([b"", b"", b"\0", b"ab"]))
    return st.one_of(valid, broken.map(change), st.binary(max_size=40))


def decode_all(decoder: StreamDecoder, blocks: Sequence[Sequence[Notification]]) -> Told:
    """Decode block after block; columns joined bit for bit, and failures, both by number of the notification."""
    columns: list[list[NDArray[np.generic]]] = [[] for _ in range(5)]
    failures: list[tuple[int, str]] = []
    done = 0
    for block in blocks:
        for characteristic, run in groupby(block, key=lambda n: n[0]):
            payloads = [payload for _, payload in run]
            got = decoder.decode(characteristic, payloads)
            check(got, len(payloads))
            for column, part in zip(columns, columns_of(got), strict=True):
                column.append(part)
            columns[0][-1] = got.notification + done
            failures += [(index + done, error.problem) for index, error in got.failures]
            done += len(payloads)
    return [np.concatenate(c).tobytes() if c else b"" for c in columns], failures


def columns_of(got: Samples) -> "tuple[NDArray[np.generic], ...]":
    return got.notification, got.time_s, got.acceleration_mps2, got.angular_velocity_radps, got.measured


def check(got: Samples, n_payloads: int) -> None:
    """The contract of ``Samples``."""
    n = len(got)
    assert [c.shape for c in columns_of(got)] == [(n,), (n,), (n, 3), (n, 3), (n,)]
    assert [c.dtype for c in columns_of(got)] == [np.dtype(t) for t in ("i8", "f8", "f8", "f8", "u1")]
    assert np.all(np.diff(got.notification) >= 0)
    assert not n or (got.notification[0] >= 0 and got.notification[-1] < n_payloads)
    for values, bit in ((got.acceleration_mps2, ACCELERATION), (got.angular_velocity_radps, ANGULAR_VELOCITY)):
        assert not np.isinf(values).any()
        assert np.isnan(values[got.measured & bit == 0]).all()
    assert not np.isinf(got.time_s).any()
    assert np.all((got.measured > 0) & (got.measured <= ACCELERATION | ANGULAR_VELOCITY))
    failed = [index for index, _ in got.failures]
    assert failed == sorted(set(failed))
    assert all(0 <= index < n_payloads for index in failed)
    assert not set(failed) & set(got.notification.tolist()), "a notification that failed gives no samples"


def same_in_any_grouping(make: Callable[[], StreamDecoder], blocks: Sequence[Sequence[Notification]]) -> None:
    """Decoding in blocks, one by one and all at once must give the same, bit for bit."""
    flat = [notification for block in blocks for notification in block]
    whole = decode_all(make(), [flat])
    assert decode_all(make(), blocks) == whole
    assert decode_all(make(), [[notification] for notification in flat]) == whole


def copies_add_nothing(make: Callable[[], StreamDecoder], notifications: Sequence[Notification]) -> None:
    """Every notification twice, as a link sends it after a reconnect that was not cleaned up."""
    once, _ = decode_all(make(), [notifications])
    twice, _ = decode_all(make(), [[n for n in notifications for _ in range(2)]])
    assert twice[1:] == once[1:]
