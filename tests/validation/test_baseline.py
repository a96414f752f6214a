import numpy as np
from numpy.testing import assert_allclose

from tests.validation.baseline import left_out


def test_a_straight_line_is_found_for_groups_that_were_left_out() -> None:
    x = np.linspace(2, 5, 12)
    group = np.repeat(np.arange(4), 3)
    assert_allclose(left_out(x[:, None], 0.4 - 0.04 * x, group), 0.4 - 0.04 * x, atol=1e-12)


def test_a_group_never_helps_to_predict_itself() -> None:
    x = np.linspace(2, 5, 12)
    group = np.repeat(np.arange(4), 3)
    target = 0.4 - 0.04 * x
    moved = target + np.where(group == 2, 1.0, 0.0)
    predicted = left_out(x[:, None], moved, group)
    assert_allclose(predicted[group == 2], target[group == 2], atol=1e-12)


def test_too_few_others_predict_nothing() -> None:
    assert np.isnan(left_out(np.array([[1.0], [2.0]]), np.array([1.0, 2.0]), np.array([0, 1]))).all()


def test_a_row_without_its_predictor_is_unknown() -> None:
    x = np.linspace(2, 5, 12)
    x[5] = np.nan
    predicted = left_out(x[:, None], 0.4 - 0.04 * x, np.repeat(np.arange(4), 3))
    assert np.flatnonzero(np.isnan(predicted)).tolist() == [5]
