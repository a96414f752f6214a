"""What is drawn of one or two runs over their time, and how: which panels, by what axis, which part."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

import numpy as np

from sensor_hub.adapters.web import timeline_labels as labels
from sensor_hub.adapters.web.timeline_panels import LOADS, Panel, PanelKey
from sensor_hub.model.arrays import FloatArray
from sensor_hub.model.load import is_partly_recorded
from sensor_hub.model.session import SessionSummary
from sensor_hub.model.timeline import Timeline
from sensor_hub.model.unseen import PAUSE
from sensor_hub.units import MS_PER_S
from sensor_hub.words import lengths
from sensor_hub.words.gaps import unseen_text

By: TypeAlias = Literal["time", "distance"]
LEAST_WINDOW_LENGTH: Final = 0.2  # km or miles


@dataclass(frozen=True, slots=True)
class Run:
    """A run that is drawn."""

    summary: SessionSummary
    timeline: Timeline

    @property
    def is_lower_bound(self) -> bool:
        """Whether too little of it was recorded to believe more of a sum than "at least"."""
        return is_partly_recorded(self.summary.totals.coverage)

    @property
    def lasted_s(self) -> float:
        """Seconds of the axis it needs."""
        timeline = self.timeline
        return max((timeline.end_utc - timeline.start_utc).total_seconds(), timeline.bin_s)


@dataclass(frozen=True, slots=True)
class Drawn:
    """What is drawn, and how. other : a second run, dashed. apart : panels of which each has its own.

    limits : of the day, by panel, in SI. window : the part that is drawn, in units of the axis; None leaves it.
    """

    run: Run
    panels: Sequence[Panel]
    other: Run | None = None
    by: By = "time"
    apart: Collection[PanelKey] = ()
    limits: Mapping[str, float] = field(default_factory=dict)
    window: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One panel of the chart: whose lines it has."""

    panel: Panel
    mine: bool = True
    others: bool = False

    @property
    def key(self) -> str:
        """What series are named after."""
        return self.panel.key if self.mine else f"{self.panel.key}-other"


def rows_of(drawn: Drawn) -> list[Row]:
    """Return the panels from top to bottom; what is not comparable gets one each."""
    rows = []
    for panel in drawn.panels:
        is_apart = drawn.other is not None and panel.key in drawn.apart
        rows.append(Row(panel, others=drawn.other is not None and not is_apart))
        if is_apart:
            rows.append(Row(panel, mine=False, others=True))
    return rows


def extent(drawn: Drawn) -> tuple[float, float]:
    """Both ends of the axis: milliseconds since the start, or kilometres or miles."""
    runs = [drawn.run] if drawn.other is None else [drawn.run, drawn.other]
    if drawn.by == "distance":
        ends = [float(np.nanmax(run.timeline.distance_m, initial=0.0)) for run in runs]
        return 0.0, max(math.ceil(max(ends) / lengths.length_m() * 100) / 100, LEAST_WINDOW_LENGTH)
    begins = min(0.0, *(float(run.timeline.at_s[0]) for run in runs))
    return begins * MS_PER_S, max(run.lasted_s for run in runs) * MS_PER_S


def positions(run: Run, by: By) -> FloatArray:
    """(n,) where each piece stands on the axis; running sums hold at its end, and are drawn half a piece early."""
    if by == "distance":
        return run.timeline.distance_m / lengths.length_m()
    return run.timeline.at_s * MS_PER_S


def has_band(panel: Panel, run: Run) -> bool:
    """A range of a lower bound would promise too much."""
    return panel.half is not None and not (panel.key in LOADS and run.is_lower_bound)


def shown_limit(panel: Panel, limit: float) -> float:
    """Return a limit as its panel shows it."""
    return limit * lengths.load_scale() if panel.key == "load" else limit


def stretches(drawn: Drawn) -> list[tuple[float, float, str, str]]:
    """Begin, end, cause and words of each gap and pause of this run, in units of the axis."""
    timeline = drawn.run.timeline
    found = []
    for one in timeline.unseen:
        said = unseen_text(one.cause)
        text = said if one.cause == PAUSE else labels.gap_of(said, one.device)
        if drawn.by == "time":
            found.append((one.begin_s * MS_PER_S, one.end_s * MS_PER_S, one.cause, text))
            continue
        before = timeline.distance_m[timeline.at_s <= one.begin_s]
        after = timeline.distance_m[timeline.at_s >= one.end_s]
        before, after = before[np.isfinite(before)], after[np.isfinite(after)]
        if len(after):
            begin = float(before[-1]) if len(before) else 0.0
            found.append((begin / lengths.length_m(), float(after[0]) / lengths.length_m(), one.cause, text))
    return found


def of_row(row: Row, drawn: Drawn) -> list[Run]:
    """Return the runs that a panel has lines of."""
    runs = [drawn.run] if row.mine else []
    return [*runs, drawn.other] if row.others and drawn.other is not None else runs
