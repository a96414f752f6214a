"""Steps → running totals of a session. Order matters only where a running sum is rounded; blocks never do."""

from collections import Counter
from typing import Final

import numpy as np

from sensor_hub.load.achilles import SESSION_LOAD_SD_FRACTION, AchillesModel
from sensor_hub.model.arrays import BoolArray, FloatArray
from sensor_hub.model.foot_strike import STRIKES, FootStrike
from sensor_hub.model.gait import StepTable, count_strikes
from sensor_hub.model.load import Totals

CADENCE_BIN_SPM: Final = 0.1
LEAST_PEAKS: Final = (
    0.8  # of the steps; with fewer peaks known, hard load is unknown: the rest may have been hard (ours)
)
# Rows of the sums.
_STEPS, _CONTACT, _LEFT, _RIGHT, _FLIGHT, _DUTY, _PITCH, _IMPULSE, _PEAK, _HARD = range(10)
_N_SUMS: Final = 10


class SessionTotals:
    """Adds up a session. Rows are taken one after another, so the sums do not depend on how they came.

    contact_time_bias_s : how far the mean contact time may lie from a force plate's; the session knows it from the
        evidence of its method and says so here. None is unknown.
    """

    def __init__(self, model: AchillesModel) -> None:
        self._model = model
        self._cadence: Counter[int] = Counter()
        self._strikes: Counter[FootStrike] = Counter()
        self._sums = np.zeros(_N_SUMS)
        self._counts = np.zeros(_N_SUMS, dtype=np.int64)
        self.recorded_s = 0.0
        self.unknown_s = 0.0
        self.distance_m: float | None = None
        self.contact_time_bias_s: float | None = None

    def add(self, steps: StepTable, running: BoolArray) -> None:
        """Add rows; walking rows count neither steps nor load (their ledger is another one)."""
        if not running.any():
            return
        if not running.all():
            steps = steps.only(running)
        self._add_columns(self._columns(steps))
        cadence_spm = 60.0 / steps.step_time_s[~np.isnan(steps.step_time_s)]
        self._cadence.update(np.rint(cadence_spm / CADENCE_BIN_SPM).astype(np.int64).tolist())
        self._strikes.update(count_strikes(steps.foot_pitch_rad))

    def _columns(self, steps: StepTable) -> FloatArray:
        """(_N_SUMS, n) what each row adds to each sum; NaN where it adds nothing."""
        values = np.full((_N_SUMS, len(steps)), np.nan)
        values[_STEPS] = steps.n_steps
        values[_CONTACT] = steps.contact_time_s
        for row, side in ((_LEFT, "L"), (_RIGHT, "R")):
            np.copyto(values[row], steps.contact_time_s, where=steps.side == side)
        values[_FLIGHT] = steps.flight_time_s
        values[_DUTY] = steps.duty_factor
        values[_PITCH] = steps.foot_pitch_rad
        values[_IMPULSE] = a_leg_bw_s = steps.achilles_impulse_bw_s * steps.n_steps / 2
        values[_PEAK] = np.where(np.isnan(a_leg_bw_s), np.nan, steps.achilles_peak_bw)
        np.copyto(values[_HARD], a_leg_bw_s, where=values[_PEAK] > self._model.hard_line_bw)
        return values

    def _add_columns(self, values: FloatArray) -> None:
        """Add one row after the other, as ``cumsum`` does: ``sum`` adds in pairs, and would round with the grouping."""
        known = ~np.isnan(values)
        self._counts += np.count_nonzero(known, axis=1)
        carried = np.concatenate([self._sums[:, np.newaxis], np.where(known, values, 0.0)], axis=1)
        self._sums = np.cumsum(carried, axis=1)[:, -1]

    def _mean(self, row: int) -> float | None:
        return float(self._sums[row] / self._counts[row]) if self._counts[row] else None

    def _contact_balance_left(self) -> float | None:
        left_s, right_s = self._mean(_LEFT), self._mean(_RIGHT)
        return None if left_s is None or right_s is None else left_s / (left_s + right_s)

    def _foot_strike(self) -> FootStrike | None:
        counts = [self._strikes[strike] for strike in STRIKES]
        return STRIKES[counts.index(max(counts))] if counts.count(max(counts)) == 1 else None

    def _median_cadence_spm(self) -> float | None:
        """Return the median over running rows, each counted once; of an even number the mean of the middle two."""
        n = self._cadence.total()
        if n == 0:
            return None
        middle, seen, low = ((n - 1) // 2, n // 2), 0, None
        for key in sorted(self._cadence):
            seen += self._cadence[key]
            if low is None and seen > middle[0]:
                low = key
            if low is not None and seen > middle[1]:
                return (low + key) / 2 * CADENCE_BIN_SPM
        return None

    def totals(self) -> Totals:
        """Return the totals so far."""
        moving_s = self.recorded_s + self.unknown_s
        n_steps, impulse_bw_s = float(self._sums[_STEPS]), float(self._sums[_IMPULSE])
        eq_km = impulse_bw_s / self._model.eq_km_bw_s if self.recorded_s > 0 else None
        knows_hard = eq_km is not None and self._counts[_PEAK] >= LEAST_PEAKS * self._counts[_IMPULSE]
        contact_time_s = self._mean(_CONTACT)
        return Totals(
            n_steps=n_steps,
            n_strides=n_steps / 2,
            duration_s=moving_s,
            distance_m=self.distance_m,
            cadence_spm=self._median_cadence_spm(),
            contact_time_s=contact_time_s,
            load_eq_km=eq_km,
            load_eq_km_sd=None if eq_km is None else SESSION_LOAD_SD_FRACTION * eq_km,
            hard_load_bw_s=float(self._sums[_HARD]) if knows_hard else None,
            coverage=self.recorded_s / moving_s if moving_s > 0 else None,
            duty_factor=self._mean(_DUTY),
            flight_time_s=self._mean(_FLIGHT),
            contact_balance_left=self._contact_balance_left(),
            contact_time_bias_s=None if contact_time_s is None else self.contact_time_bias_s,
            foot_pitch_rad=self._mean(_PITCH),
            foot_strike=self._foot_strike(),
        )
