"""Columns of a table as bytes, bit for bit, in a fraction of their size. Pure.

What was sent over the wire has six decimals at most. Such a column is stored as whole numbers above its smallest, a
plane of bytes after the other, each column deflated by itself; one that has more digits is stored by its bits. The same
columns give the same bytes. A NaN comes back as NaN, whatever its payload was.

Layout: four bytes (little-endian) that tell the length of a JSON list, that list, then the parts it names, in order.
"""

import json
import zlib
from collections.abc import Mapping
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sensor_hub.errors import StoreError
from sensor_hub.model.arrays import BoolArray, FloatArray, IntArray, TextArray

Column: TypeAlias = NDArray[Any]
CODEC: Final = 1  # stands beside the bytes; another layout needs another number
_DECIMALS: Final = range(7)
_EXACT: Final = 2.0**51  # whole numbers up to here are exact as floats, also a tenth of them and back
_LEVEL: Final = 6
_N_LENGTH: Final = 4


def pack(columns: Mapping[str, Column]) -> bytes:
    """Return columns of equal length, of int64, float64 or text, as bytes; their order and names come back too."""
    told: list[dict[str, Any]] = []
    parts: list[bytes] = []
    for name, column in columns.items():
        if column.dtype.kind == "U":
            kind, planes = _texts(column)
        elif column.dtype.kind == "f":
            kind, planes = _floats(column)
        else:
            kind, planes = _differences(column)
        squeezed = [zlib.compress(plane, _LEVEL) for plane in planes]
        told.append({"name": name, "n": len(column), **kind, "parts": [len(part) for part in squeezed]})
        parts += squeezed
    head = json.dumps(told, separators=(",", ":")).encode()
    return b"".join([len(head).to_bytes(_N_LENGTH, "little"), head, *parts])


def unpack(packed: bytes) -> dict[str, Column]:
    """Inverse of ``pack``; StoreError if the bytes are damaged."""
    try:
        at = _N_LENGTH + int.from_bytes(packed[:_N_LENGTH], "little")
        found: dict[str, Column] = {}
        for kind in json.loads(packed[_N_LENGTH:at]):
            planes = []
            for length in kind["parts"]:
                planes.append(zlib.decompress(packed[at : at + length]))
                at += length
            found[kind["name"]] = _READERS[kind["kind"]](kind, planes)
    except (ValueError, KeyError, TypeError, IndexError, zlib.error) as error:
        raise StoreError(f"columns that were stored are damaged: {error} (restore a backup)") from error
    return found


# --- whole numbers ----------------------------------------------------------------------------------------------------


def _above_least(values: IntArray) -> tuple[dict[str, Any], list[bytes]]:
    """Whole numbers above the least of them, as few bytes each as they need, all first bytes first."""
    least, most = (int(values.min()), int(values.max())) if len(values) else (0, 0)
    n_bytes = ((most - least).bit_length() + 7) // 8
    above = (values - least).astype("<i8") if most - least < 2**63 else values.astype("<i8")
    if most - least >= 2**63:
        least, n_bytes = 0, 8
    planes = above.view(np.uint8).reshape(-1, 8)[:, :n_bytes].T.tobytes()
    return {"least": least, "bytes": n_bytes}, [planes] if n_bytes else []


def _read_above_least(kind: Mapping[str, Any], planes: list[bytes]) -> IntArray:
    n, n_bytes = kind["n"], kind["bytes"]
    spread = np.zeros((n, 8), np.uint8)
    if n_bytes:
        spread[:, :n_bytes] = np.frombuffer(planes[0], np.uint8).reshape(n_bytes, n).T
    found: IntArray = spread.view("<i8").reshape(n).astype(np.int64)
    return found + kind["least"] if kind["least"] else found


def _differences(values: IntArray) -> tuple[dict[str, Any], list[bytes]]:
    """Times: the first of them, and from each to the next."""
    first = int(values[0]) if len(values) else 0
    kind, planes = _above_least(np.diff(values))
    return {"kind": "differences", "first": first, **kind}, planes


def _read_differences(kind: Mapping[str, Any], planes: list[bytes]) -> IntArray:
    n = kind["n"]
    found = np.empty(n, np.int64)
    if n:
        found[0] = kind["first"]
        np.cumsum(_read_above_least({**kind, "n": n - 1}, planes), out=found[1:])
        found[1:] += kind["first"]
    return found


# --- floats -----------------------------------------------------------------------------------------------------------


def _floats(values: FloatArray) -> tuple[dict[str, Any], list[bytes]]:
    is_unknown = np.isnan(values)
    known = np.where(is_unknown, 0.0, values)
    for decimals in _DECIMALS:
        whole = _in_decimals(known, decimals)
        if whole is not None:
            kind, planes = _above_least(whole)
            return {"kind": "decimals", "decimals": decimals, **kind, **_mask(is_unknown, planes)}, planes
    bits = np.where(is_unknown, np.nan, values).astype("<f8").view(np.uint8).reshape(-1, 8).T.tobytes()
    return {"kind": "bits"}, [bits]


def _in_decimals(values: FloatArray, decimals: int) -> IntArray | None:
    """(n,) values as whole numbers of their last decimal; None where one of them has more, or is a zero below zero."""
    if len(values) > (few := 64) and _in_decimals(values[:few], decimals) is None:
        return None
    with np.errstate(over="ignore"):
        scaled = values * 10.0**decimals
    if not np.all(np.abs(scaled) < _EXACT):
        return None
    whole: IntArray = np.rint(scaled).astype(np.int64)
    same = (whole / 10.0**decimals).view(np.int64) == np.ascontiguousarray(values).view(np.int64)
    return whole if bool(same.all()) else None


def _mask(is_unknown: BoolArray, planes: list[bytes]) -> dict[str, Any]:
    """Say which values are unknown: none, all, or those of a mask that is put behind the planes."""
    if not is_unknown.any():
        return {}
    if is_unknown.all():
        return {"unknown": "all"}
    planes.append(np.packbits(is_unknown).tobytes())
    return {"unknown": "some"}


def _read_decimals(kind: Mapping[str, Any], planes: list[bytes]) -> FloatArray:
    found: FloatArray = _read_above_least(kind, planes) / 10.0 ** kind["decimals"]
    unknown = kind.get("unknown")
    if unknown == "all":
        found[:] = np.nan
    elif unknown == "some":
        found[np.unpackbits(np.frombuffer(planes[-1], np.uint8), count=kind["n"]).astype(bool)] = np.nan
    return found


def _read_bits(kind: Mapping[str, Any], planes: list[bytes]) -> FloatArray:
    turned = np.ascontiguousarray(np.frombuffer(planes[0], np.uint8).reshape(8, kind["n"]).T)
    found: FloatArray = turned.view("<f8").reshape(kind["n"]).astype(np.float64)
    return found


# --- text -------------------------------------------------------------------------------------------------------------


def _texts(values: TextArray) -> tuple[dict[str, Any], list[bytes]]:
    """Texts of which there are few different ones."""
    words, codes = np.unique(values, return_inverse=True)
    kind, planes = _above_least(codes.astype(np.int64))
    return {"kind": "texts", "dtype": values.dtype.str, "words": words.tolist(), **kind}, planes


def _read_texts(kind: Mapping[str, Any], planes: list[bytes]) -> TextArray:
    words = np.array(kind["words"], dtype=kind["dtype"])
    return words[_read_above_least(kind, planes)] if len(words) else np.empty(0, kind["dtype"])


_READERS: Final = {
    "differences": _read_differences, "decimals": _read_decimals, "bits": _read_bits, "texts": _read_texts,
}  # fmt: skip
