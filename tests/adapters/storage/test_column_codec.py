"""Columns come back bit for bit, whatever is in them, and small."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from sensor_hub.adapters.storage.column_codec import Column, pack, unpack
from sensor_hub.errors import StoreError

LENGTHS = st.integers(0, 80)
ANY_FLOAT = st.floats(allow_nan=True, allow_infinity=True, width=64)
ON_THE_WIRE = st.integers(-(10**9), 10**9).map(lambda n: round(n / 1e6, 6)) | st.just(float("nan"))


def same_bits(one: Column, other: Column) -> bool:
    """Whether two columns are the same; a NaN is a NaN."""
    if one.dtype != other.dtype or one.shape != other.shape:
        return False
    if one.dtype.kind != "f":
        return bool(np.array_equal(one, other))
    known = ~np.isnan(one)
    if not np.array_equal(known, ~np.isnan(other)):
        return False
    ours, theirs = (np.ascontiguousarray(column[known]).view(np.int64) for column in (one, other))
    return bool(np.array_equal(ours, theirs))


@st.composite
def tables(draw: st.DrawFn) -> dict[str, Column]:
    n = draw(LENGTHS)
    whole = arrays.arrays(np.int64, n, elements=st.integers(-(2**63), 2**63 - 1))
    near = arrays.arrays(np.int64, n, elements=st.integers(1_700_000_000_000_000, 1_700_000_010_000_000))
    words = arrays.arrays("<U9", n, elements=st.sampled_from(["", "measured", "estimated"]))
    return {
        "time": draw(near.map(np.sort) | whole),
        "any": draw(arrays.arrays(np.float64, n, elements=ANY_FLOAT)),
        "wire": draw(arrays.arrays(np.float64, n, elements=ON_THE_WIRE)),
        "word": draw(words),
    }


@given(tables())
def test_any_columns_come_back_bit_for_bit_in_their_order(columns: dict[str, Column]) -> None:
    packed = pack(columns)
    found = unpack(packed)
    assert list(found) == list(columns)
    assert [name for name in columns if not same_bits(columns[name], found[name])] == []
    assert pack(found) == packed


@pytest.mark.parametrize(
    "values",
    [
        [0.1, 0.2, 0.300001], [-0.0, 0.0], [float("nan")] * 3, [float("inf"), -float("inf")], [5e-324, 1e308], [],
        [1 / 3], [1e15 + 0.5, 2.0], [float("nan"), 0.25], [123456789.123456], [-1.5, float("nan"), -0.0],
    ],
)  # fmt: skip
def test_values_at_the_edges_come_back(values: list[float]) -> None:
    column = np.array(values, float)
    assert same_bits(unpack(pack({"a": column}))["a"], column)


def test_numbers_as_they_are_sent_need_a_fraction_of_their_bytes() -> None:
    random = np.random.default_rng(1)
    contact_time_s = np.round(random.normal(0.23, 0.012, 20_000), 6)
    constant = np.full(20_000, 2.0)
    assert len(pack({"a": contact_time_s})) < 3 * 20_000
    assert len(pack({"a": constant})) < 200


@pytest.mark.parametrize("cut", [0, 3, 4, 20, -1])
def test_damaged_columns_are_named_as_that(cut: int) -> None:
    packed = pack({"time": np.arange(50), "a": np.random.default_rng(1).uniform(size=50)})
    with pytest.raises(StoreError, match="damaged"):
        unpack(packed[:cut])
