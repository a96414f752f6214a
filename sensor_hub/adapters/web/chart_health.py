"""Pain as dots and a plan's stages as a strip, over the days and weeks of a load chart; pure functions.

Health data: only for who may see the diary.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from zoneinfo import ZoneInfo

from sensor_hub.adapters.web import chart_labels, diary_labels
from sensor_hub.adapters.web.chart_frame import Options
from sensor_hub.adapters.web.look import css_colour
from sensor_hub.model.diary import PainTime, SayPain
from sensor_hub.model.guidance import PlanView

AT_REST: Final[frozenset[PainTime]] = frozenset({"before", "morning", "day-after"})
SHAPES: Final = {"L": ("triangle", 90), "R": ("triangle", -90), "both": ("circle", 0)}
DAYS_A_WEEK: Final = 7
# A box a stage above the chart, with its number.
_STRIP: Final = (
    "(params, api) => { const w = api.size([1, 0])[0], box = params.coordSys;"
    " const from = api.coord([api.value(0), 0])[0] - w / 2, to = api.coord([api.value(1), 0])[0] + w / 2;"
    " return {type: 'group', children: [{type: 'rect', shape: {x: from + 1, y: 2, width: to - from - 2, height: 20,"
    " r: 4}, style: {fill: hubColour('--track'), stroke: hubColour('--line-strong'), lineWidth: 1}},"
    " {type: 'text', style: {x: (from + to) / 2, y: 12, text: String(api.value(2)), fill: hubColour('--ink'),"
    " font: '600 13px system-ui, sans-serif', align: 'center', verticalAlign: 'middle'}}]}; }"
)


@dataclass(frozen=True, slots=True)
class Health:
    """What of a diary stands in the charts. zone : the athlete's, IANA."""

    pains: tuple[SayPain, ...] = ()
    plan: PlanView | None = None
    zone: str = "UTC"
    _by_day: Mapping[date, list[SayPain]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Sort the levels by day once: a chart asks for some hundred days, and a diary grows for years."""
        by_day = defaultdict[date, list[SayPain]](list)
        for pain in self.pains:
            by_day[self.day_of(pain)].append(pain)
        object.__setattr__(self, "_by_day", dict(by_day))

    def pains_on(self, day: date) -> Sequence[SayPain]:
        """Levels of a local day, in the order of their times."""
        return self._by_day.get(day, ())

    def day_of(self, pain: SayPain) -> date:
        """The athlete's own day of a level."""
        return pain.at_utc.astimezone(ZoneInfo(self.zone)).date()

    def stage_on(self, day: date) -> int | None:
        """Which stage of the plan a day was in; None before it began, and without one."""
        return None if self.plan is None else stage_on(self.plan, day)


NOTHING: Final = Health()


def plan_of(plans: Sequence[PlanView]) -> PlanView | None:
    """Return the plan that is drawn: of running, else the first."""
    return next((p for p in plans if p.plan == "return-to-running"), plans[0] if plans else None)


def stage_on(plan: PlanView, day: date) -> int | None:
    """Return the stage a plan was in at the end of a day; None before it began."""
    if day < plan.started:
        return None
    changes = sorted(plan.changes, key=lambda change: change.day)
    before = [change for change in changes if change.day <= day]
    if before:
        return before[-1].after
    return changes[0].before if changes else plan.stage


def stage_strip(health: Health, days: Sequence[date]) -> list[Options]:
    """A box a stretch of days in one stage; empty where no day is in the plan."""
    boxes: list[list[int]] = []
    for i, day in enumerate(days):
        stage = health.stage_on(day)
        if stage is None:
            continue
        if boxes and boxes[-1][1] == i - 1 and boxes[-1][2] == stage:
            boxes[-1][1] = i
        else:
            boxes.append([i, i, stage])
    if not boxes:
        return []
    return [
        {
            "type": "custom", "name": chart_labels.stage_strip(), "data": boxes, ":renderItem": _STRIP,
            "encode": {"x": [0, 1]}, "silent": True, "clip": False, "tooltip": {"show": False}, "z": 7,
        }
    ]  # fmt: skip


def dots_by_day(health: Health, days: Sequence[date]) -> list[Options]:
    """A dot a level over its day: at rest to the left, with and after a run to the right."""
    dots = []
    for i, day in enumerate(days):
        dots += [
            _dot([i, pain.level], pain, aside_px=-4 if pain.when in AT_REST else 4) for pain in health.pains_on(day)
        ]
    return [_dots(dots)] if dots else []


def dots_by_week(health: Health, mondays: Sequence[date]) -> list[Options]:
    """A dot a level within its week, by its day; on a hidden axis of days."""
    dots = []
    for pain in health.pains:
        place = (health.day_of(pain) - mondays[0]).days if mondays else -1
        if 0 <= place < DAYS_A_WEEK * len(mondays):
            dots.append(_dot([place + 0.5, pain.level], pain))
    return [{**_dots(dots), "xAxisIndex": 1}] if dots else []


def with_pain_axes(options: Options, n_weeks: int | None = None) -> Options:
    """Return options with an axis of levels at the right; n_weeks : with a hidden axis of so many weeks' days too."""
    options["yAxis"] = [options["yAxis"], pain_axis()]
    options["grid"] = {**options["grid"], "right": 14}
    if n_weeks is not None:
        days = {
            "type": "value", "min": 0, "max": DAYS_A_WEEK * max(n_weeks, 1), "show": False, "position": "top",
            "axisPointer": {"show": False, "triggerTooltip": False},
        }  # fmt: skip
        options["xAxis"] = [options["xAxis"], days]
    return options


def pain_axis() -> dict[str, Any]:
    """Levels, 0 to 10."""
    text = {":color": css_colour("ink"), "fontSize": 13}
    return {
        "type": "value", "min": 0, "max": 10, "interval": 2, "position": "right", "name": diary_labels.pain_axis(),
        "nameTextStyle": {**text, "align": "right", "padding": [0, -10, 0, 0]}, "axisLabel": text, "nameGap": 12,
        "splitLine": {"show": False}, "axisPointer": {"show": False, "triggerTooltip": False},
    }  # fmt: skip


def _dot(value: list[float], pain: SayPain, aside_px: int = 0) -> dict[str, Any]:
    shape, turned = SHAPES[pain.side]
    filled = pain.when in AT_REST
    return {
        "value": value, "symbol": shape, "symbolRotate": turned, "symbolOffset": [aside_px, 0],
        "itemStyle": {
            ":color": css_colour("ink" if filled else "surface"),
            ":borderColor": css_colour("surface" if filled else "ink"),
            "borderWidth": 1.5 if filled else 2,
        },
    }  # fmt: skip


def _dots(data: list[dict[str, Any]]) -> Options:
    return {
        "type": "scatter", "name": diary_labels.pain_axis(), "yAxisIndex": 1, "data": data, "symbolSize": 12, "z": 8,
        "silent": True, "tooltip": {"show": False},
    }  # fmt: skip
