"""An athlete's own line from a method's contact time to a reference's, and when there is none to be drawn.

What is fitted is an offset. A slope beside it is drawn only where the run itself had clearly different contact times:
a single contact time is measured with an error as large as the differences between steps of one speed, and a line
through such points is flat whatever the truth is, so that it would take real changes away. Slopes are therefore looked
for between means of twenty steps, and only where these means spread widely and the line predicts left-out ones better
than the offset alone.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from sensor_hub.model.arrays import BoolArray, FloatArray, IntArray
from sensor_hub.model.calibration import Calibration
from sensor_hub.model.gait import Mount
from sensor_hub.signal.calibration.comparison import FEWEST_MINUTES, Pairs, Reason, Refusal
from sensor_hub.signal.calibration.event_matching import FEWEST_STEPS
from sensor_hub.signal.contacts import Method

BLOCK_STEPS: Final = 20
FEWEST_BLOCKS: Final = 6  # ours, for a slope
SMALLEST_SPREAD_S: Final = 0.008  # ours: two clearly different speeds; contact time falls by 30 ms from 2.5 to 3.5 m/s
SMALLEST_SIGNAL: Final = 9.0  # ours: of that spread over what single steps' noise gives it; flattens a slope by a ninth
SMALLEST_T: Final = 3.0
SMALLEST_GAIN: Final = 0.9  # ours: error of left-out blocks with a slope, over that without
LARGEST_SLOPE: Final = 0.5  # ours: a method that sees half or twice of a change is not corrected but wrong
# Ours: no method's known error between people comes near it; beyond it the sensor, its place or the reference is wrong.
# A public pod that reads 113 ms too much is faulty.
LARGEST_OFFSET_S: Final = 0.060
LARGEST_SIDE_DIFFERENCE_S: Final = 0.030  # ours: of the errors on the left and on the right; the gait itself is no part
LARGEST_RESIDUAL_S: Final = 0.030  # ours: a single step told no better is no contact time
FAR_OFF: Final = 4.0  # robust standard deviations
SMALLEST_SCALE_S: Final = 0.001
FEWEST_OF_A_SIDE: Final = 10


@dataclass(frozen=True, slots=True)
class Fit:
    """What a comparison says.

    n : pairs, n_steps : steps they stand for, n_left_out : pairs too far off to count.
    bias_before_s, sd_before_s : of measured minus reference. bias_after_s, sd_after_s : the same of pairs a line fitted
    without them was applied to (blocks of ``BLOCK_STEPS``, or minutes); NaN with one block only.
    offset_s, slope, centre_s, residual_sd_s : the line, as ``Calibration`` has it. offset_se_s : standard error, the
    larger of what blocks and what single pairs say: two blocks may agree by chance, and steps are not independent.
    by_side_s : offset of each side where both are known. refusals : empty if the line may be used.
    """

    n: int
    n_steps: int
    n_left_out: int
    of_minutes: bool
    bias_before_s: float
    sd_before_s: float
    bias_after_s: float
    sd_after_s: float
    offset_s: float
    offset_se_s: float
    slope: float
    centre_s: float
    residual_sd_s: float
    by_side_s: tuple[tuple[str, float], ...]
    refusals: tuple[Refusal, ...]

    def calibration(
        self, method: Method, mount: Mount, reference: str, made_on: date, *, reference_error_s: float | None = None
    ) -> Calibration:
        """Return the line to be kept; ValueError if it was refused.

        reference_error_s : how far the reference's own mean may lie from force at 20 N; None where nobody knows.
        Minutes say nothing of single steps, so the method's own standard deviation stands for theirs.
        """
        if self.refusals:
            raise ValueError(f"a line that was refused: {', '.join(r.reason for r in self.refusals)}")
        sd_s = max(self.residual_sd_s, method.contact_time_sd_s) if self.of_minutes else self.residual_sd_s
        line = self.offset_s, self.slope, self.centre_s
        bound_s = None if reference_error_s is None else 2 * self.offset_se_s + reference_error_s
        return Calibration(method.name, mount, *line, sd_s, self.n_steps, reference, made_on, bound_s)


def fit(pairs: Pairs) -> Fit:
    """Fit a calibration to pairs, and say why it must not be used if it must not."""
    refusals = list(pairs.refusals)
    n_steps = round(float(pairs.n_steps.sum()))
    fewest = FEWEST_MINUTES if pairs.of_minutes else FEWEST_STEPS
    if len(pairs) < fewest and not refusals:
        refusals.append(Refusal("too-few", len(pairs), fewest))
    if len(pairs) < 2:
        return _nothing(pairs, n_steps, tuple(refusals))
    error_s = pairs.measured_s - pairs.reference_s
    kept = _near(error_s)
    blocks = _blocks(pairs, kept)
    centre_s = float(np.mean(pairs.measured_s[kept]))
    within_s2 = [float(np.var(pairs.measured_s[rows], ddof=1)) / len(rows) for rows in blocks if len(rows) > 1]
    slope = _slope(*_block_means(pairs, blocks), centre_s, noise_s2=float(np.mean(within_s2)) if within_s2 else 0.0)
    offset_s = -float(np.mean(error_s[kept]))
    residual_s = error_s[kept] + offset_s + slope * (pairs.measured_s[kept] - centre_s)
    after_s = _left_out(pairs, blocks, with_slope=slope != 0)
    by_side = _by_side(pairs, error_s)
    limits: tuple[tuple[Reason, float, float], ...] = (
        ("offset-too-large", offset_s, LARGEST_OFFSET_S),
        ("sides-differ", by_side[0][1] - by_side[1][1] if len(by_side) == 2 else 0.0, LARGEST_SIDE_DIFFERENCE_S),
        ("residual-too-large", _sd(residual_s), LARGEST_RESIDUAL_S),
        ("slope-too-large", slope, LARGEST_SLOPE),
    )
    refusals += [Refusal(reason, found, limit) for reason, found, limit in limits if abs(found) > limit]
    block_offset_s = np.array([float(np.mean(error_s[rows])) for rows in blocks])
    return Fit(
        n=len(pairs),
        n_steps=n_steps,
        n_left_out=int((~kept).sum()),
        of_minutes=pairs.of_minutes,
        bias_before_s=-offset_s,
        sd_before_s=_sd(error_s[kept]),
        bias_after_s=float(np.mean(after_s)) if len(after_s) else np.nan,
        sd_after_s=_sd(after_s),
        offset_s=offset_s,
        offset_se_s=float(np.fmax(_standard_error(block_offset_s), _standard_error(error_s[kept]))),
        slope=slope,
        centre_s=centre_s,
        residual_sd_s=_sd(residual_s),
        by_side_s=by_side,
        refusals=tuple(refusals),
    )


def _nothing(pairs: Pairs, n_steps: int, refusals: tuple[Refusal, ...]) -> Fit:
    return Fit(
        n=len(pairs),
        n_steps=n_steps,
        n_left_out=0,
        of_minutes=pairs.of_minutes,
        bias_before_s=np.nan,
        sd_before_s=np.nan,
        bias_after_s=np.nan,
        sd_after_s=np.nan,
        offset_s=np.nan,
        offset_se_s=np.nan,
        slope=0.0,
        centre_s=np.nan,
        residual_sd_s=np.nan,
        by_side_s=(),
        refusals=refusals,
    )


def _sd(values: FloatArray) -> float:
    return float(np.std(values, ddof=1)) if len(values) > 1 else np.nan


def _standard_error(values: FloatArray) -> float:
    return _sd(values) / float(np.sqrt(len(values))) if len(values) else np.nan


def _near(error_s: FloatArray) -> BoolArray:
    """(n,) False for pairs so far from the others that one of the two was no contact."""
    away_s = np.abs(error_s - np.median(error_s))
    scale_s = max(SMALLEST_SCALE_S, 1.4826 * float(np.median(away_s)))
    near: BoolArray = away_s <= FAR_OFF * scale_s
    return near


def _blocks(pairs: Pairs, kept: BoolArray) -> list[IntArray]:
    """Rows of what is left out together: a minute, or ``BLOCK_STEPS`` steps one after the other."""
    rows = np.nonzero(kept)[0]
    n = len(rows) if pairs.of_minutes else max(1, len(rows) // BLOCK_STEPS)
    return [np.asarray(block, dtype=np.int64) for block in np.array_split(rows, n)]


def _block_means(pairs: Pairs, blocks: list[IntArray]) -> tuple[FloatArray, FloatArray]:
    """(n_blocks,) mean measured contact time, and mean of reference minus measured."""
    measured_s = np.array([float(np.mean(pairs.measured_s[rows])) for rows in blocks])
    apart_s = np.array([float(np.mean(pairs.reference_s[rows] - pairs.measured_s[rows])) for rows in blocks])
    return measured_s, apart_s


def _slope(measured_s: FloatArray, apart_s: FloatArray, centre_s: float, *, noise_s2: float) -> float:
    """Slope of what is missing over what was measured, or 0 where the blocks do not support one.

    noise_s2 : variance that the steps within a block give its mean.
    """
    n = len(measured_s)
    spread_s = _sd(measured_s)
    if n < FEWEST_BLOCKS or spread_s < SMALLEST_SPREAD_S or spread_s**2 < SMALLEST_SIGNAL * noise_s2:
        return 0.0
    x = measured_s - centre_s
    slope, level = _least_squares(x, apart_s)
    error_s = apart_s - level - slope * x
    spread = float(np.sum((x - x.mean()) ** 2))
    standard_error = float(np.sqrt(np.sum(error_s**2) / (n - 2) / spread))
    if abs(slope) < SMALLEST_T * standard_error:
        return 0.0
    # left-out errors of a straight line and of a mean, in closed form
    leverage = 1 / n + (x - x.mean()) ** 2 / spread
    with_slope = float(np.sum((error_s / (1 - leverage)) ** 2))
    without = float(np.sum(((apart_s - apart_s.mean()) * n / (n - 1)) ** 2))
    return slope if with_slope < SMALLEST_GAIN**2 * without else 0.0


def _least_squares(x: FloatArray, y: FloatArray) -> tuple[float, float]:
    away = x - x.mean()
    spread = float(np.sum(away**2))
    slope = float(np.sum(away * y)) / spread if spread > 0 else 0.0
    return slope, float(y.mean()) - slope * float(x.mean())


def _left_out(pairs: Pairs, blocks: list[IntArray], *, with_slope: bool) -> FloatArray:
    """(n,) calibrated minus reference, each block by the line of the others; empty if there are no others."""
    if len(blocks) < 2:
        return np.empty(0)
    measured_s, apart_s = _block_means(pairs, blocks)
    size = np.array([len(rows) for rows in blocks], dtype=float)
    errors = []
    for k, rows in enumerate(blocks):
        others = np.arange(len(blocks)) != k
        slope, level = _least_squares(measured_s[others], apart_s[others]) if with_slope else (0.0, 0.0)
        level = float(np.average(apart_s[others] - slope * measured_s[others], weights=size[others]))
        mine_s = pairs.measured_s[rows]
        errors.append(mine_s + level + slope * mine_s - pairs.reference_s[rows])
    return np.concatenate(errors)


def _by_side(pairs: Pairs, error_s: FloatArray) -> tuple[tuple[str, float], ...]:
    """Offset of the left and of the right, where both have enough pairs to tell."""
    offsets = []
    for side in ("L", "R"):
        mine = pairs.side == side  # all of them: what is far off among both may be the rule of one side
        if int(mine.sum()) >= FEWEST_OF_A_SIDE:
            offsets.append((side, -float(np.median(error_s[mine]))))
    return tuple(offsets) if len(offsets) == 2 else ()
