"""The arithmetic behind the coverage of bands."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.validation.load_bands import by_others, exact_interval, factor_line, pooled, told_of


def test_the_exact_interval_is_that_of_the_tables() -> None:
    # Clopper and Pearson, as every statistics package has it
    assert exact_interval(9, 10) == pytest.approx((0.5550, 0.9975), abs=1e-4)
    assert exact_interval(0, 10) == pytest.approx((0.0, 0.3085), abs=1e-4)
    assert exact_interval(10, 10) == pytest.approx((0.6915, 1.0), abs=1e-4)
    assert exact_interval(45, 50) == pytest.approx((0.7819, 0.9667), abs=1e-4)


@given(st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_its_share_and_mirrors_that_of_the_rest(case: tuple[int, int]) -> None:
    k, n = case
    low, high = exact_interval(k, n)
    assert 0 <= low <= k / n <= high <= 1
    assert exact_interval(n - k, n) == pytest.approx((1 - high, 1 - low), abs=1e-9)


@pytest.mark.parametrize(("k", "n"), [(0, 0), (3, 2), (-1, 2)])
def test_what_is_no_share_has_no_interval(k: int, n: int) -> None:
    with pytest.raises(ValueError, match="no share"):
        exact_interval(k, n)


def test_rows_are_pooled_by_their_counts() -> None:
    rows = [
        told_of("a", "one", np.array([True, False]), np.array([0, 1])),
        told_of("b", "two", np.array([True, True, True]), np.array([0, 0, 1])),
    ]
    both = pooled(rows, "both")
    assert (both["n"], both["inside"], both["n_groups"]) == (5, 4, 4)
    assert both["coverage_pct"] == 80.0
    assert both["data"] == "one; two"


def test_a_band_of_others_holds_nine_of_ten_of_what_is_like_them() -> None:
    rng = np.random.default_rng(7)
    n = 3000
    base = rng.uniform(1, 2, n)
    target = 1.5 * base * (1 + rng.normal(0, 0.05, n))
    group = np.repeat(np.arange(30), n // 30)
    inside = by_others(factor_line(np.empty((n, 0)), base, target), target, group)
    assert inside.mean() == pytest.approx(0.9, abs=0.02)


def test_a_group_unlike_all_others_falls_out_of_their_band() -> None:
    rng = np.random.default_rng(8)
    group = np.repeat(np.arange(6), 20)
    base = np.ones(len(group))
    target = base * (1 + rng.normal(0, 0.01, len(group)))
    target[group == 5] *= 2
    inside = by_others(factor_line(np.empty((len(group), 0)), base, target), target, group)
    assert not inside[group == 5].any()
    assert inside[group != 5].all()  # and makes theirs far too wide
