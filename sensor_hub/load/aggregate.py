"""Steps → running totals of a session. Order matters only where a running sum is rounded; blocks never do."""

from collections import Counter
from typing import Final

import numpy as np

from sensor_hub.load.achilles import AchillesModel
from sensor_hub.load.exposure import Exposure
from sensor_hub.load.modifiers import MEAN_FORCE_EXPONENT
from sensor_hub.load.stiffness import leg_stiffness_bw_per_m, vertical_stiffness_bw_per_m
from sensor_hub.load.tendon import REARFOOT
from sensor_hub.load.uncertainty import HARD_AT_SD, SessionSpread, common_peak_sd, hard_sd
from sensor_hub.model.arrays import BoolArray, FloatArray
from sensor_hub.model.foot_strike import STRIKES, FootStrike
from sensor_hub.model.gait import StepTable, Tier, count_strikes
from sensor_hub.model.load import Totals

CADENCE_BIN_SPM: Final = 0.1
LEAST_PEAKS: Final = (
    0.8  # of the steps; with fewer peaks known, hard load is unknown: the rest may have been hard (ours)
)
# Of the steps of one leg, those that the other may have more: beyond it one was not heard for a while, and the sums of
# the two legs are not of the same run (ours). A step or two differ anyhow.
MOST_STEPS_APART: Final = 0.02
STEPS_APART: Final = 2
# Rows of the sums.
(
    _STEPS, _CONTACT, _LEFT, _RIGHT, _FLIGHT, _DUTY, _PITCH, _IMPULSE, _PEAK, _HARD, _FAR_LESS, _LESS, _MORE, _FAR_MORE,
    _LEFT_LOAD, _RIGHT_LOAD, _PUSH_OFF, _OWN, _BY_CONTACT, _UNTOLD, _M4, _M9, _VGRF, _VERTICAL, _LEG,
    _BLIND, _LEFT_STEP, _RIGHT_STEP,
) = range(28)  # fmt: skip
_N_SUMS: Final = 28
_MOVED_BY_SD: Final = np.array([[0.0, *HARD_AT_SD]]).T  # rows _HARD to _FAR_MORE: hard load with all peaks so moved
_WALK_STEPS, _WALK_LOAD = range(2)


class SessionTotals:
    """Adds up a session. Rows are taken one after another, so the sums do not depend on how they came.

    contact_time_bias_s : how far the mean contact time may lie from a force plate's; the session knows it from the
        evidence of its method and says so here. None is unknown.
    """

    def __init__(self, model: AchillesModel, tier: Tier = "imu") -> None:
        self._model, self._tier = model, tier
        self._cadence: Counter[int] = Counter()
        self._strikes: Counter[FootStrike] = Counter()
        self._sums = np.zeros(_N_SUMS)
        self._counts = np.zeros(_N_SUMS, dtype=np.int64)
        self._exposure = Exposure()
        self._walk = np.zeros(2)
        self._n_walk_rows = 0
        self.recorded_s = 0.0
        self.unknown_s = 0.0
        self.distance_m: float | None = None
        self.contact_time_bias_s: float | None = None

    def add(self, steps: StepTable, running: BoolArray) -> None:
        """Add rows; walking rows go to a ledger of their own."""
        if running.all():
            if len(steps):
                self._add_running(steps)
            return
        self._add_walking(steps)
        if running.any():
            self._add_running(steps.only(running))

    def _add_running(self, steps: StepTable) -> None:
        self._add_columns(self._columns(steps))
        cadence_spm = 60.0 / steps.step_time_s[~np.isnan(steps.step_time_s)]
        self._cadence.update(np.rint(cadence_spm / CADENCE_BIN_SPM).astype(np.int64).tolist())
        self._strikes.update(count_strikes(steps.foot_pitch_rad))
        self._exposure.add(steps)

    def _add_walking(self, steps: StepTable) -> None:
        """Add what was walked; what nobody knows as running or walking is in neither ledger."""
        walked = steps.gait == "walk"
        if not walked.any():
            return
        n_steps, impulse_bw_s = steps.n_steps[walked], steps.achilles_impulse_bw_s[walked]
        known = ~np.isnan(n_steps * impulse_bw_s)
        added = np.stack([n_steps[known], (impulse_bw_s * n_steps / 2)[known]])
        self._walk = np.cumsum(np.concatenate([self._walk[:, np.newaxis], added], axis=1), axis=1)[:, -1]
        self._n_walk_rows += int(np.count_nonzero(known))

    def _columns(self, steps: StepTable) -> FloatArray:
        """(_N_SUMS, n) what each row adds to each sum; NaN where it adds nothing."""
        values = np.full((_N_SUMS, len(steps)), np.nan)
        values[_STEPS] = steps.n_steps
        values[_CONTACT] = steps.contact_time_s
        values[_FLIGHT] = steps.flight_time_s
        values[_DUTY] = steps.duty_factor
        values[_PITCH] = steps.foot_pitch_rad
        values[_IMPULSE] = a_leg_bw_s = steps.achilles_impulse_bw_s * steps.n_steps / 2
        values[_PEAK] = peak_bw = np.where(np.isnan(a_leg_bw_s), np.nan, steps.achilles_peak_bw)
        values[_PUSH_OFF] = steps.achilles_push_off_bw_s * steps.n_steps / 2
        values[_VGRF] = steps.vgrf_peak_bw
        np.copyto(values[_BLIND], a_leg_bw_s, where=np.isnan(peak_bw))
        self._add_sides(values, steps)
        self._add_weighted(values, a_leg_bw_s, peak_bw)
        self._add_spreads(values, steps, a_leg_bw_s, peak_bw)
        values[_VERTICAL] = vertical_stiffness_bw_per_m(steps.step_time_s, steps.contact_time_s, steps.grade)
        leg_m = self._model.conditions.leg_length_m
        if leg_m is not None:
            timing = steps.step_time_s, steps.contact_time_s, steps.grade, steps.speed_mps
            values[_LEG] = leg_stiffness_bw_per_m(*timing, leg_m)
        return values

    def _add_sides(self, values: FloatArray, steps: StepTable) -> None:
        """Fill the rows of the left and of the right foot."""
        for side, contact, load, step in (
            ("L", _LEFT, _LEFT_LOAD, _LEFT_STEP),
            ("R", _RIGHT, _RIGHT_LOAD, _RIGHT_STEP),
        ):
            of_side = steps.side == side
            if of_side.any():
                np.copyto(values[contact], steps.contact_time_s, where=of_side)
                np.copyto(values[load], steps.achilles_impulse_bw_s * steps.n_steps, where=of_side)
                np.copyto(values[step], steps.step_time_s, where=of_side & ~np.isnan(steps.achilles_impulse_bw_s))

    def _add_weighted(self, values: FloatArray, a_leg_bw_s: FloatArray, peak_bw: FloatArray) -> None:
        """Fill the rows of the forces' 4th and 9th power: a curve of one shape makes them impulse times the peak's."""
        ratio = peak_bw / self._model.easy_peak_bw
        cube = ratio * ratio * ratio
        values[_M4] = a_leg_bw_s * cube
        values[_M9] = a_leg_bw_s * (cube * cube) * (ratio * ratio)

    def _add_spreads(self, values: FloatArray, steps: StepTable, a_leg_bw_s: FloatArray, peak_bw: FloatArray) -> None:
        """Fill the rows of hard load, and of what the uncertainty of a session is made of (``uncertainty``)."""
        own_bw_s = steps.achilles_impulse_sd * steps.n_steps / 2
        values[_OWN] = own_bw_s * own_bw_s
        # d impulse / d contact time = impulse / (2 · contact time), and peak = peak_over_mean · impulse / contact time
        values[_BY_CONTACT] = peak_bw * steps.n_steps / (4 * REARFOOT.peak_over_mean)
        np.copyto(values[_UNTOLD], a_leg_bw_s, where=np.isnan(steps.grade))
        line_bw = self._model.hard_line_bw
        with np.errstate(divide="ignore", invalid="ignore"):
            modelled_contact_s = 2 * REARFOOT.peak_over_mean * a_leg_bw_s / (peak_bw * steps.n_steps)
            # how many of a day's standard deviations a step's peak lies under the line
            under = (line_bw - peak_bw) / (peak_bw * common_peak_sd(modelled_contact_s, steps.grade, self._tier))
        values[_HARD : _FAR_MORE + 1] = np.where(under < _MOVED_BY_SD, a_leg_bw_s, np.nan)

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

    def _sides_bw_s(self) -> tuple[float | None, float | None]:
        """Load of the left and of the right leg; None unless both were measured, over the same run.

        A leg carries its contact and half of the flight before and after it, so in steady running both carry body
        weight for half of the time. A row's step runs from one foot to the other, and two sensors' clocks that are a
        few milliseconds apart would make one kind of step the longer: so both legs get the mean step.
        """
        n_left, n_right = int(self._counts[_LEFT_STEP]), int(self._counts[_RIGHT_STEP])
        apart = STEPS_APART + MOST_STEPS_APART * max(n_left, n_right)
        if not n_left or not n_right or abs(n_left - n_right) > apart:
            return None, None
        left_s, right_s = float(self._sums[_LEFT_STEP]) / n_left, float(self._sums[_RIGHT_STEP]) / n_right
        mean_s = (left_s + right_s) / 2
        # an impulse goes with step time, and with the mean force to its power, which goes with step time too
        exponent = MEAN_FORCE_EXPONENT + 1.0
        left = float(self._sums[_LEFT_LOAD]) * (mean_s / left_s) ** exponent
        return left, float(self._sums[_RIGHT_LOAD]) * (mean_s / right_s) ** exponent

    def _hard_load_sd(self, spread: SessionSpread, unseen: float) -> float:
        """One standard deviation of hard load, BW·s. unseen : load over that of the steps with a known peak."""
        relative_sd = spread.load_sd(self._tier) / spread.load_bw_s if spread.load_bw_s > 0 else 0.0
        hard, *elsewhere = (unseen * self._sums[_HARD : _FAR_MORE + 1]).tolist()
        return hard_sd(hard, tuple(elsewhere), relative_sd, spread.blind_bw_s)

    def totals(self) -> Totals:
        """Return the totals so far."""
        moving_s = self.recorded_s + self.unknown_s
        sums = [float(s) for s in self._sums]
        is_known = self.recorded_s > 0 and bool(self._counts[_IMPULSE] or not sums[_STEPS])
        load_bw_s = sums[_IMPULSE] if is_known else None
        eq_km_bw_s = self._model.eq_km_bw_s
        knows_peaks = load_bw_s is not None and self._counts[_PEAK] >= LEAST_PEAKS * self._counts[_IMPULSE]
        own_bw_s = sums[_OWN] ** 0.5
        spread = SessionSpread(sums[_IMPULSE], sums[_BLIND], own_bw_s, sums[_BY_CONTACT], sums[_UNTOLD])
        # steps whose peak nobody knows are taken to be as hard as the others, and that widens the spread
        seen_bw_s = sums[_IMPULSE] - sums[_BLIND]
        unseen = sums[_IMPULSE] / seen_bw_s if seen_bw_s > 0 else 1.0
        left_bw_s, right_bw_s = self._sides_bw_s()
        contact_time_s = self._mean(_CONTACT)
        return Totals(
            n_steps=sums[_STEPS],
            n_strides=sums[_STEPS] / 2,
            duration_s=moving_s,
            distance_m=self.distance_m,
            cadence_spm=self._median_cadence_spm(),
            contact_time_s=contact_time_s,
            load_eq_km=None if load_bw_s is None else load_bw_s / eq_km_bw_s,
            load_eq_km_sd=None if load_bw_s is None else spread.load_sd(self._tier) / eq_km_bw_s,
            hard_load_bw_s=unseen * sums[_HARD] if knows_peaks else None,
            hard_load_sd=self._hard_load_sd(spread, unseen) if knows_peaks else None,
            coverage=self.recorded_s / moving_s if moving_s > 0 else None,
            duty_factor=self._mean(_DUTY),
            flight_time_s=self._mean(_FLIGHT),
            contact_balance_left=self._contact_balance_left(),
            contact_time_bias_s=None if contact_time_s is None else self.contact_time_bias_s,
            foot_pitch_rad=self._mean(_PITCH),
            foot_strike=self._foot_strike(),
            load_bw_s=load_bw_s,
            load_left_bw_s=left_bw_s,
            load_right_bw_s=right_bw_s,
            push_off_bw_s=None if load_bw_s is None else sums[_PUSH_OFF],
            load_m4_eq_km=unseen * sums[_M4] / eq_km_bw_s if knows_peaks else None,
            load_m9_eq_km=unseen * sums[_M9] / eq_km_bw_s if knows_peaks else None,
            achilles_peak_bw=self._mean(_PEAK),
            vgrf_peak_bw=self._mean(_VGRF),
            vertical_stiffness_bw_per_m=self._mean(_VERTICAL),
            leg_stiffness_bw_per_m=self._mean(_LEG),
            n_walk_steps=float(self._walk[_WALK_STEPS]) if self._n_walk_rows else None,
            walk_load_bw_s=float(self._walk[_WALK_LOAD]) if self._n_walk_rows else None,
            median_speed_mps=self._exposure.median_speed_mps(),
            speed_5min_mps=self._exposure.speed_5min_mps(),
            uphill_s=self._exposure.uphill_s(),
            ascent_m=self._exposure.ascent_m(),
        )
