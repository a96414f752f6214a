"""The planner as a card: what limits leave, and the next days with the rule that binds each."""

from typing import Final

from sensor_hub import words
from sensor_hub.adapters.web import guide_words
from sensor_hub.adapters.web import plan_labels as labels
from sensor_hub.adapters.web.elements import Tag, fill_table, table, unbroken
from sensor_hub.model.guidance import Left, PlannedDay, WeekPlan
from sensor_hub.words.days import dated

RUNS: Final = frozenset({"walk-run", "easy-run", "gentle-hills", "towards-usual", "speed", "as-on"})  # the plan has all


class WeekCard:
    """Held, it says so and why."""

    def __init__(self) -> None:
        self._shown: WeekPlan | None = None
        with Tag("section", classes="card", aria_labelledby="week-title", data_testid="week"):
            Tag("h2", labels.week_title(), id="week-title")
            self._held = Tag("p", classes="muted", data_testid="week-held")
            self._note = Tag("p", labels.week_note(), "muted")
            self._days = Tag("ol", classes="week-days", data_testid="week-days")
        with Tag("section", classes="card", aria_labelledby="left-title", data_testid="left") as self._left_box:
            Tag("h2", labels.left_title(), id="left-title")
            self._left = table(labels.left_title(), labels.left_header())
            self._reasons = Tag("ul", classes="muted")

    def show(self, week: WeekPlan) -> None:
        """Show a week."""
        if week == self._shown:
            return
        self._shown = week
        held = guide_words.held(week) if week.held else ("" if week.days else labels.no_week())
        self._held.set_text(held)
        self._held.set_visibility(bool(held))
        self._note.set_visibility(bool(week.days))
        self._days.clear()
        with self._days:
            for day in week.days:
                _day(day)
        limits = [(True, left) for left in week.today] + [(False, left) for left in week.week]
        self._left_box.set_visibility(bool(limits))
        fill_table(self._left, [_row(left, today=today) for today, left in limits])
        self._reasons.clear()
        with self._reasons:
            for today, left in limits:
                Tag("li", unbroken(guide_words.left(left, today=today)))


def _day(day: PlannedDay) -> None:
    with Tag("li", classes=f"week-day week-{day.kind}", data_testid=f"day-{day.day.isoformat()}"):
        Tag("span", dated(day.day), "week-date")
        Tag("span", unbroken(guide_words.planned_amount(day)), "week-amount")
        for item in (item for item in day.items if item.key in RUNS):
            Tag("span", unbroken(guide_words.item(item)))
        if day.binds:
            Tag("span", labels.binds(guide_words.binds(day)), "muted")


def _row(left: Left, *, today: bool) -> list[str]:
    name = f"{labels.today() if today else labels.this_week()}: {words.short_measure(left.measure)}"
    return [
        name,
        words.quantity(left.so_far, left.measure),
        words.quantity(left.limit, left.measure),
        words.quantity(left.left, left.measure),
    ]
