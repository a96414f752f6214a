"""The planner's week in words: what is left, what each day may be, and which rule keeps it from being more."""

from collections.abc import Iterable

from sensor_hub.model.guidance import Left, PlannedDay, PlannedItem, WeekPlan
from sensor_hub.model.load import Measure
from sensor_hub.units import S_PER_MIN
from sensor_hub.words.days import days_text, weekday_name
from sensor_hub.words.numbers import UNKNOWN, day_name, fixed, quantity
from sensor_hub.words.translation import translate as _


def week_lines(plan: WeekPlan) -> list[str]:
    """The whole of it, a line each: what is left today, this week, and the next seven days."""
    lines = [left_sentence(left, today=True) for left in plan.today]
    lines += [left_sentence(left, today=False) for left in plan.week]
    if plan.held is not None:
        return [*lines, held_sentence(plan.held)]
    return lines + [day_sentence(day) for day in plan.days]


def held_sentence(key: str) -> str:
    """Why no week is planned."""
    return {
        "red-flag": _("No week is planned: seek medical care now."),
        "refer": _("No week is planned: have it looked at first."),
        "stop": _("No week is planned while running is stopped."),
        "under-18": _("Under 18 no week is planned; the load is shown."),
        "unknown": _("No week is planned: an answer is missing that could stop running."),
        "no-history": _("No week is planned: nothing is known of the last four weeks to plan from."),
        "off": _("The planner is switched off."),
    }.get(key, _("No week is planned now."))


def left_sentence(left: Left, *, today: bool) -> str:
    """What a limit leaves of today or of this week; unknown says why."""
    when = _("Today") if today else _("This week")
    what, rule = measure_word(left.measure), rule_phrase(left.rule)
    if left.left is None:
        why = reason_text(left.reason)
        return _("{when}, {what}: {unknown}, {why} ({rule}).").format(
            when=when, what=what, unknown=UNKNOWN, why=why, rule=rule
        )
    if left.left <= 0:
        over = quantity(-left.left, left.measure)
        return _("{when}, {what}: nothing left, {over} above ({rule}).").format(
            when=when, what=what, over=over, rule=rule
        )
    amount, limit = quantity(left.left, left.measure), quantity(left.limit, left.measure)
    text = _("{when}, {what}: {amount} left of {limit} ({rule}).")
    return text.format(when=when, what=what, amount=amount, limit=limit, rule=rule)


def day_sentence(day: PlannedDay) -> str:
    """One day: its kind, at most how much, and what keeps it from being more."""
    when = _("{weekday} {day}").format(weekday=weekday_name(day.day), day=day_name(day.day))
    because = binds_text(day.binds)
    if day.kind == "rest" or day.distance_m == 0.0:
        text = _("{when}: rest, by {rules}.") if because else _("{when}: rest.")
        return text.format(when=when, rules=because)
    text = _("{when}: {kind}, at most {amount}; bound by {rules}.") if because else _("{when}: {kind}, {amount}.")
    told = text.format(when=when, kind=kind_word(day.kind), amount=amount_text(day), rules=because)
    return " ".join([told, *(item_text(item) for item in day.items if item.key == "as-on")])


def amount_text(day: PlannedDay) -> str:
    """How far, how much load and how long, as far as known: 6.6 km, 6.4 eq-km, 38 min."""
    parts = []
    if day.distance_m is not None:
        parts.append(quantity(day.distance_m, "distance_m"))
    if day.load_eq_km is not None:
        parts.append(quantity(day.load_eq_km, "load_eq_km"))
    if day.duration_s:
        parts.append(_("{n} min").format(n=fixed(day.duration_s / S_PER_MIN, 0)))
    return ", ".join(parts) or UNKNOWN


def item_text(item: PlannedItem) -> str:
    """That a run may be of the kind of an earlier one."""
    day = item.facts.get("day")
    if item.key != "as-on" or day is None or isinstance(day, bool | float | str):
        raise KeyError(item.key)
    return _("Like the one of {day}.").format(day=days_text(day, day))


def kind_word(kind: str) -> str:
    """What kind of day it is."""
    return {
        "rest": _("rest"),
        "easy": _("easy run, level"),
        "long": _("long run, easy and level"),
        "hills": _("run with hills"),
        "fast": _("fast run"),
        "plan": _("run of the plan"),
    }[kind]


def binds_text(rules: Iterable[str]) -> str:
    """What keeps a day from being more, in words; empty where nothing does."""
    return _(" and ").join(rule_phrase(rule) for rule in rules)


def rule_phrase(rule: str) -> str:
    """A rule in a few words; one without is called by its id."""
    return _phrases().get(rule, rule)


def _phrases() -> dict[str, str]:
    return {
        "session-limit": _("the limit against earlier runs"),
        "week-limit": _("the limit against the weeks before"),
        "week-on-week": _("the limit against last week"),
        "week-runs": _("the number of runs last week"),
        "week-speed": _("the speed of last week"),
        "week-climb": _("the climbing of last week"),
        "build-up": _("the rise over four weeks"),
        "return-after-break": _("the way back after a break"),
        "new-hills": _("no hills in the weeks before"),
        "new-fast": _("no fast run in the weeks before"),
        "hard-days": _("no hard day after a hard one"),
        "hard-spacing": _("the hours between fast or hilly runs"),
        "run-spacing": _("the hours wanted between two runs"),
        "surface-change": _("a change of ground"),
        "strike-change": _("a change of landing"),
        "pain-24h": _("what was said of pain"),
        "condition": _("a condition that asks for care"),
        "plan-stage": _("the stage of the plan"),
        "planner": _("what is usual that day"),
    }


def measure_word(measure: Measure) -> str:
    """What a limit is about."""
    return {
        "distance_m": _("distance"),
        "load_eq_km": _("push-off load"),
        "hard_load_bw_s": _("hard push-offs"),
    }[measure]


def reason_text(reason: str | None) -> str:
    """Why it is not known what is left."""
    return {
        "no-history": _("no run before it to compare with"),
        "learning": _("still learning, for the first 14 days"),
        "low-coverage": _("too little of it was recorded"),
        "no-source": _("no sensor gives it"),
        "hub-away": _("the hub is out of reach"),
        "nothing-before": _("there was none in earlier runs"),
        "bridging": _("it is measured another way since a few days"),
        "unknown-run": _("of a run nobody knows it"),
        "not-recorded": _("a day was not recorded"),
        "held": _("held back"),
    }.get(reason or "", _("not known"))
