"""Which contact that was found is which true contact."""

from typing import Final

import numpy as np

from sensor_hub.model.arrays import FloatArray, IntArray

# A third of the shortest step (300 a minute is 0.2 s from foot to foot): far more than any error worth the name, and
# too little to reach the next foot.
WITHIN_S: Final = 0.1


def matched(truth_s: FloatArray, found_s: FloatArray, within_s: float = WITHIN_S) -> tuple[IntArray, IntArray]:
    """Pair true and found initial contacts one to one, the nearest first.

    Parameters
    ----------
    truth_s : (n,) s, rising.
    found_s : (m,) s, in any order.
    within_s : largest distance of a pair, s.

    Returns
    -------
    (k,), (k,)
        Indices into truth and into found, by truth. Each contact is in one pair at most: of two found beside one truth
        the nearer is its match and the other is nobody's. Of equal distances the earlier truth goes first.
    """
    if not len(truth_s) or not len(found_s):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    first = np.searchsorted(truth_s, found_s - within_s, side="left")
    stop = np.searchsorted(truth_s, found_s + within_s, side="right")
    pairs = [
        (abs(float(truth_s[i] - found_s[j])), i, j)
        for j, (a, b) in enumerate(zip(first.tolist(), stop.tolist(), strict=True))
        for i in range(a, b)
    ]
    truth_left, found_left = set(range(len(truth_s))), set(range(len(found_s)))
    chosen = []
    for _, i, j in sorted(pairs):
        if i in truth_left and j in found_left:
            truth_left.discard(i)
            found_left.discard(j)
            chosen.append((i, j))
    table = np.array(sorted(chosen), dtype=np.int64).reshape(-1, 2)
    return table[:, 0], table[:, 1]
