"""Steps → running totals of a session. Order matters only where a running sum is rounded; blocks never do."""

from collections import Counter
from typing import Final

import numpy as np

from sensor_hub.load.achilles import SESSION_LOAD_SD_FRACTION, AchillesModel
from sensor_hub.model.arrays import BoolArray
from sensor_hub.model.gait import StepTable
from sensor_hub.model.load import Totals

CADENCE_BIN_SPM: Final = 0.1


class SessionTotals:
    """Adds up a session. Rows are taken one after another, so the sums do not depend on how they came."""

    def __init__(self, model: AchillesModel) -> None:
        self._model = model
        self._cadence: Counter[int] = Counter()
        self._n_steps = self._n_strides = 0.0
        self._contact_sum_s, self._n_contacts = 0.0, 0
        self._impulse_bw_s = self._hard_bw_s = 0.0
        self._peak_known = False
        self.recorded_s = 0.0
        self.unknown_s = 0.0
        self.distance_m: float | None = None

    def add(self, steps: StepTable, running: BoolArray) -> None:
        """Add rows; walking rows count neither steps nor load (their ledger is another one)."""
        for i in np.nonzero(running)[0].tolist():
            n_steps = float(steps.n_steps[i])
            self._n_steps += n_steps
            self._n_strides += n_steps / 2
            step_time_s, contact_time_s = float(steps.step_time_s[i]), float(steps.contact_time_s[i])
            if step_time_s == step_time_s:
                self._cadence[round(60.0 / step_time_s / CADENCE_BIN_SPM)] += 1
            if contact_time_s == contact_time_s:
                self._contact_sum_s += contact_time_s
                self._n_contacts += 1
            self._add_load(steps, i, n_steps)

    def _add_load(self, steps: StepTable, i: int, n_steps: float) -> None:
        impulse_bw_s = float(steps.achilles_impulse_bw_s[i])
        if impulse_bw_s != impulse_bw_s:
            return
        a_leg_bw_s = impulse_bw_s * n_steps / 2
        self._impulse_bw_s += a_leg_bw_s
        peak_bw = float(steps.achilles_peak_bw[i])
        if peak_bw == peak_bw:
            self._peak_known = True
            if peak_bw > self._model.hard_line_bw:
                self._hard_bw_s += a_leg_bw_s

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
        eq_km = self._impulse_bw_s / self._model.eq_km_bw_s if self.recorded_s > 0 else None
        return Totals(
            n_steps=self._n_steps,
            n_strides=self._n_strides,
            duration_s=moving_s,
            distance_m=self.distance_m,
            cadence_spm=self._median_cadence_spm(),
            contact_time_s=self._contact_sum_s / self._n_contacts if self._n_contacts else None,
            load_eq_km=eq_km,
            load_eq_km_sd=None if eq_km is None else SESSION_LOAD_SD_FRACTION * eq_km,
            hard_load_bw_s=self._hard_bw_s if eq_km is not None and (self._peak_known or eq_km == 0.0) else None,
            coverage=self.recorded_s / moving_s if moving_s > 0 else None,
        )
