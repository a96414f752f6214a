"""A session's cadence and contact time over its time of day, with the parts that would go shaded."""

from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np

from sensor_hub.adapters.web.look import css_colour
from sensor_hub.model.arrays import FloatArray
from sensor_hub.model.gait import StepTable
from sensor_hub.words import translate as _

N_PLACES: Final = 240
SHORTEST_STEP_S: Final = 0.15  # of a shorter one the cadence would say nothing


class Timeline:
    """Means of a session's steps over equal spans of time; ``options`` draws them.

    start_utc, end_utc : of the session. zone : of the times of day beneath.
    """

    def __init__(self, steps: StepTable, start_utc: datetime, end_utc: datetime, zone: str) -> None:
        self._start_us = int(start_utc.timestamp() * 1e6)
        self._span_us = max(int(end_utc.timestamp() * 1e6) - self._start_us, 1)
        self._zone = ZoneInfo(zone)
        place = (steps.time_utc_us - self._start_us) * N_PLACES // self._span_us
        step_s = steps.step_time_s
        with np.errstate(divide="ignore", invalid="ignore"):
            cadence_spm = np.where(step_s >= SHORTEST_STEP_S, 60.0 / step_s, np.nan)
        self.cadence_spm = _means(place, cadence_spm)
        self.contact_ms = _means(place, 1000.0 * steps.contact_time_s)

    def place_of(self, moment_utc: datetime) -> int:
        """Where a moment stands, 0 to ``N_PLACES - 1``."""
        place = (int(moment_utc.timestamp() * 1e6) - self._start_us) * N_PLACES // self._span_us
        return min(max(place, 0), N_PLACES - 1)

    def options(self, from_utc: datetime | None, to_utc: datetime | None) -> dict[str, Any]:
        """Options for ECharts; what lies outside ``[from_utc, to_utc)`` is shaded."""
        gone = []
        if from_utc is not None and (place := self.place_of(from_utc)) > 0:
            gone.append([{"xAxis": 0}, {"xAxis": place}])
        if to_utc is not None and (place := self.place_of(to_utc)) < N_PLACES - 1:
            gone.append([{"xAxis": place}, {"xAxis": N_PLACES - 1}])
        shaded = {
            "silent": True, "data": gone, "itemStyle": {":color": css_colour("stale"), "opacity": 0.45},
        }  # fmt: skip
        axis = {"type": "value", "scale": True, "splitLine": {"show": False}, "axisLabel": _ink("muted")}
        names = [_("cadence, spm"), _("contact, ms")]
        return {
            "animation": False, "grid": {"left": 44, "right": 44, "top": 34, "bottom": 26},
            "legend": {"data": names, "top": 0, "textStyle": _ink("ink")},
            "xAxis": {"type": "category", "data": self._times(), "axisLabel": _ink("muted"), "boundaryGap": False},
            "yAxis": [axis, axis],
            "series": [
                _line(names[0], self.cadence_spm, 0, "bar", "solid") | {"markArea": shaded},
                _line(names[1], self.contact_ms, 1, "muted", "dashed"),
            ],
        }  # fmt: skip

    def _times(self) -> list[str]:
        moments = self._start_us + self._span_us * np.arange(N_PLACES) // N_PLACES
        return [datetime.fromtimestamp(m / 1e6, UTC).astimezone(self._zone).strftime("%H:%M") for m in moments]


def _means(place: np.ndarray[Any, Any], values: FloatArray) -> list[float | None]:
    within = (place >= 0) & (place < N_PLACES) & np.isfinite(values)
    n = np.bincount(place[within], minlength=N_PLACES)
    sums = np.bincount(place[within], values[within], minlength=N_PLACES)
    return [round(float(s / k), 1) if k else None for s, k in zip(sums, n, strict=True)]


def _ink(colour: str) -> dict[str, Any]:
    return {":color": css_colour(colour), "fontSize": 13}


def _line(name: str, values: list[float | None], axis: int, colour: str, kind: str) -> dict[str, Any]:
    return {
        "type": "line", "name": name, "yAxisIndex": axis, "data": values, "symbol": "none", "connectNulls": False,
        "lineStyle": {":color": css_colour(colour), "width": 2, "type": kind},
        "itemStyle": {":color": css_colour(colour)},
    }  # fmt: skip
