"""What is known of a contact time without any sensor: a straight line in speed, cadence and mass."""

import numpy as np

from sensor_hub.model.arrays import FloatArray, IntArray


def left_out(predictors: FloatArray, target: FloatArray, group: IntArray) -> FloatArray:
    """Predict each group by least squares on all other groups.

    Parameters
    ----------
    predictors : (n, k)
        Without the constant, which is added.
    target : (n,)
    group : (n,)
        Rows of one group are never used to predict another row of it.

    Returns
    -------
    (n,)
        Predictions; NaN where the other groups are too few for k + 1 coefficients, or a predictor is unknown.
    """
    table = np.column_stack([np.ones(len(target)), predictors])
    whole = np.isfinite(table).all(axis=1) & np.isfinite(target)
    predicted = np.full(len(target), np.nan)
    for one in np.unique(group):
        known, asked = whole & (group != one), whole & (group == one)
        if np.count_nonzero(known) <= table.shape[1]:
            continue
        centre = table[known].mean(axis=0) * ([0] + [1] * predictors.shape[1])  # for the numbers' sake only
        coefficients = np.linalg.lstsq(table[known] - centre, target[known], rcond=None)[0]
        predicted[asked] = (table[asked] - centre) @ coefficients
    return predicted
