"""Errors → the figures of a report. Every figure comes with its n; too few rows give None, never 0."""

from typing import Final, TypeAlias

import numpy as np

from sensor_hub.model.arrays import FloatArray, IntArray
from sensor_hub.units import DEGREE_RAD, MS_PER_S
from tests.validation.scoring import Scored

Figures: TypeAlias = dict[str, float | int | None]
FEWEST: Final = 3  # rows, below which a spread says nothing


def rounded(value: float, digits: int = 2) -> float | None:
    """Return a figure as it stands in the results, None if it is not known."""
    return round(float(value), digits) + 0.0 if np.isfinite(value) else None


def mean_ms(error_s: FloatArray) -> float | None:
    """Mean, ms."""
    known = error_s[np.isfinite(error_s)]
    return rounded(MS_PER_S * known.mean()) if len(known) else None


def sd_ms(error_s: FloatArray) -> float | None:
    """One standard deviation about the mean, ms."""
    known = error_s[np.isfinite(error_s)]
    return rounded(MS_PER_S * known.std(ddof=1)) if len(known) >= FEWEST else None


def group_means(error_s: FloatArray, group: IntArray) -> FloatArray:
    """(g,) mean error of each group, in order of the groups' numbers."""
    _, at = np.unique(group, return_inverse=True)
    n = np.bincount(at)
    means: FloatArray = np.bincount(at, weights=error_s) / n if len(n) else np.empty(0)
    return means


def within_sd_ms(error_s: FloatArray, group: IntArray) -> float | None:
    """One standard deviation about each group's own mean, ms."""
    groups, at = np.unique(group, return_inverse=True)
    free = len(error_s) - len(groups)
    if free < FEWEST:
        return None
    left = error_s - group_means(error_s, group)[at]
    return rounded(MS_PER_S * float(np.sqrt(np.sum(left**2) / free)))


def errors(error_s: FloatArray, group: IntArray) -> Figures:
    """Bias and spreads of any error: of all rows, of the groups' means, about the groups' means."""
    return {
        "n": len(error_s),
        "bias_ms": mean_ms(error_s),
        "sd_ms": sd_ms(error_s),
        "between_sd_ms": sd_ms(group_means(error_s, group)),
        "within_sd_ms": within_sd_ms(error_s, group),
    }


def share(part: float, whole: float) -> float | None:
    """A share in percent, to a hundredth."""
    return rounded(100 * part / whole, 3) if whole else None


def coverage(scored: Scored) -> Figures:
    """How often the claimed standard deviation covers the error: 68.3 and 95.4 % if errors were Gaussian."""
    ratio = np.abs(scored.contact_error_s) / scored.claimed_sd_s
    n = int(np.count_nonzero(np.isfinite(ratio)))
    return {
        "within_1_sd_pct": share(int(np.count_nonzero(ratio <= 1)), n),
        "within_2_sd_pct": share(int(np.count_nonzero(ratio <= 2)), n),
        "claimed_sd_ms": mean_ms(scored.claimed_sd_s),
    }


def figures(scored: Scored) -> Figures:
    """Everything a table of the report tells of one condition."""
    timed = len(scored)
    pitch = scored.foot_pitch_error_rad[np.isfinite(scored.foot_pitch_error_rad)] / DEGREE_RAD
    return {
        "n_groups": len(np.unique(scored.group)),
        "n_truth": scored.n_truth,
        "n_found": scored.n_found,
        "recall_pct": share(timed, scored.n_truth),
        "precision_pct": share(scored.n_matched, scored.n_found),
        **errors(scored.contact_error_s, scored.group),
        "initial_contact_bias_ms": mean_ms(scored.initial_contact_error_s),
        "initial_contact_sd_ms": sd_ms(scored.initial_contact_error_s),
        "toe_off_bias_ms": mean_ms(scored.toe_off_error_s),
        "toe_off_sd_ms": sd_ms(scored.toe_off_error_s),
        "foot_pitch_bias_deg": rounded(pitch.mean()) if len(pitch) else None,
        "foot_pitch_sd_deg": rounded(pitch.std(ddof=1)) if len(pitch) >= FEWEST else None,
        "clipped_pct": share(int(np.count_nonzero(scored.clipped)), timed),
        **coverage(scored),
    }


def by_quality(scored: Scored, n_bins: int = 5) -> list[Figures]:
    """Root mean square error beside the mean claimed SD, in bins of quality with equally many rows."""
    order = np.argsort(scored.quality, kind="stable")
    table: list[Figures] = []
    for part in np.array_split(order, n_bins):
        if len(part) < FEWEST:
            continue
        table.append(
            {
                "n": len(part),
                "quality": rounded(scored.quality[part].mean(), 3),
                "rms_ms": rounded(MS_PER_S * float(np.sqrt(np.mean(scored.contact_error_s[part] ** 2)))),
                "claimed_sd_ms": mean_ms(scored.claimed_sd_s[part]),
            }
        )
    return table
