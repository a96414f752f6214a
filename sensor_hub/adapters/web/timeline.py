"""A session's cadence and contact time over its time of day as a picture, with the parts that would go shaded."""

from datetime import datetime
from typing import Final

import numpy as np

from sensor_hub.adapters.web.elements import Tag
from sensor_hub.model.arrays import FloatArray, IntArray
from sensor_hub.model.gait import StepTable
from sensor_hub.words import translate as _

N_PLACES: Final = 240
HEIGHT: Final = 100.0
SHORTEST_STEP_S: Final = 0.15  # of a shorter one the cadence would say nothing
_EDGE: Final = 6.0  # left free above and below a line


class Timeline:
    """Means of a session's steps over equal spans of its time.

    start_utc, end_utc : of the session. Drawn as SVG, not by the chart library: a panel may be closed before that is
    there.
    """

    def __init__(self, steps: StepTable, start_utc: datetime, end_utc: datetime) -> None:
        self._start_us = int(start_utc.timestamp() * 1e6)
        self._span_us = max(int(end_utc.timestamp() * 1e6) - self._start_us, 1)
        place = (steps.time_utc_us - self._start_us) * N_PLACES // self._span_us
        with np.errstate(divide="ignore", invalid="ignore"):
            cadence_spm = np.where(steps.step_time_s >= SHORTEST_STEP_S, 60.0 / steps.step_time_s, np.nan)
        self.cadence_spm = _means(place, cadence_spm)
        self.contact_ms = _means(place, 1000.0 * steps.contact_time_s)

    def place_of(self, moment_utc: datetime) -> float:
        """Where a moment stands, 0 to ``N_PLACES``."""
        place = (int(moment_utc.timestamp() * 1e6) - self._start_us) * N_PLACES / self._span_us
        return min(max(place, 0.0), float(N_PLACES))

    def svg(self, from_utc: datetime | None, to_utc: datetime | None, label: str) -> str:
        """The picture; what lies outside ``[from_utc, to_utc)`` is shaded."""
        first = 0.0 if from_utc is None else self.place_of(from_utc)
        last = float(N_PLACES) if to_utc is None else self.place_of(to_utc)
        return (
            f'<svg class="timeline" viewBox="0 0 {N_PLACES} {HEIGHT:.0f}" preserveAspectRatio="none" role="img" '
            f'aria-label="{label}">'
            f"{_lines(self.contact_ms, 'contact-line')}{_lines(self.cadence_spm, 'cadence-line')}"
            f"{_gone(0.0, first)}{_gone(last, float(N_PLACES))}</svg>"
        )

    def legend(self) -> list[tuple[str, str]]:
        """What the lines are and between which values they lie: style of the key, and text."""
        cadence, contact = _ends(self.cadence_spm), _ends(self.contact_ms)
        keys = []
        if cadence is not None:
            keys.append(("cadence", _("cadence, {low} to {high} spm").format(low=cadence[0], high=cadence[1])))
        if contact is not None:
            keys.append(("contact", _("contact time, {low} to {high} ms").format(low=contact[0], high=contact[1])))
        return [*keys, ("gone", _("would go"))]


def show_legend(keys: list[tuple[str, str]]) -> None:
    """Explain the lines."""
    with Tag("ul", classes="legend"):
        for style, text in keys:
            with Tag("li"):
                Tag("span", classes=f"key key-{style}")
                Tag("span", text)


def _means(place: IntArray, values: FloatArray) -> FloatArray:
    within = (place >= 0) & (place < N_PLACES) & np.isfinite(values)
    n = np.bincount(place[within], minlength=N_PLACES)
    sums = np.bincount(place[within], values[within], minlength=N_PLACES)
    return np.where(n > 0, sums / np.maximum(n, 1), np.nan)


def _ends(values: FloatArray) -> tuple[str, str] | None:
    known = values[np.isfinite(values)]
    return None if known.size == 0 else (f"{known.min():.0f}", f"{known.max():.0f}")


def _lines(values: FloatArray, style: str) -> str:
    """One line a stretch of places that are known; a gap stays a gap."""
    known = np.isfinite(values)
    if not known.any():
        return ""
    low, high = float(values[known].min()), float(values[known].max())
    scale = (HEIGHT - 2 * _EDGE) / max(high - low, 1.0)
    middle = (HEIGHT - 2 * _EDGE - (high - low) * scale) / 2
    heights = HEIGHT - _EDGE - middle - (values - low) * scale
    drawn = []
    for stretch in np.split(np.arange(N_PLACES), np.flatnonzero(np.diff(known)) + 1):
        if known[stretch[0]]:
            ends = [*stretch, stretch[-1] + 0.9] if stretch.size == 1 else stretch
            points = " ".join(f"{x + 0.5:.1f},{heights[int(x)]:.1f}" for x in ends)
            drawn.append(f'<polyline class="{style}" points="{points}"/>')
    return "".join(drawn)


def _gone(first: float, last: float) -> str:
    if last <= first:
        return ""
    return f'<rect class="gone" x="{first:.2f}" y="0" width="{last - first:.2f}" height="{HEIGHT:.0f}"/>'
