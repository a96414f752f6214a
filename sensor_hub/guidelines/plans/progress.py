"""Whether trouble gets better in the time the texts give it, and how long it stays watched (A12, B04, D45, D53)."""

from collections.abc import Sequence
from datetime import date, timedelta
from statistics import median

from sensor_hub.guidelines.case import Case
from sensor_hub.guidelines.pain.place import kind_of_trouble
from sensor_hub.guidelines.plans.courses import courses
from sensor_hub.guidelines.plans.levels import mornings
from sensor_hub.guidelines.plans.progress_info import INFOS, MONITORING, REVIEW
from sensor_hub.model.guidance import Fact, Notice, PlanView


def trouble_began(case: Case, plans: Sequence[PlanView]) -> date | None:
    """First day of the spell that goes on, else of the oldest plan that does; None without either."""
    told = [e for e in case.diary.episodes if e.day <= case.today]
    if told and told[-1].state == "began":
        return told[-1].day
    return min((view.started for view in plans), default=None)


def progress_notices(case: Case, plans: Sequence[PlanView]) -> list[Notice]:
    """Say what of these rules holds today."""
    return [*_watching(case, plans), *_review(case, plans), *_twelve_weeks(case, plans)]


def _watching(case: Case, plans: Sequence[PlanView]) -> list[Notice]:
    """Say until when to go on watching: twelve weeks at least unless set, also when it is said to be over sooner."""
    if not case.settings.is_on(MONITORING):
        return []
    began = [e.day for e in case.diary.episodes if e.state == "began" and e.day <= case.today]
    began += [course.started for course in courses(case.diary, case.today)]
    newest = max(began, default=None)
    if newest is None:
        return []
    until = newest + timedelta(days=int(case.settings.value(MONITORING, "watch_days")))
    still = case.today < until or any(view.plan != "return-to-running" and not view.complete for view in plans)
    least = case.settings.value(MONITORING, "least_days")
    facts: dict[str, Fact] = {
        "since": newest,
        "until": until if case.today < until else None,
        "least": min(until, newest + timedelta(days=int(least))),
    }
    return [Notice(MONITORING.id, "watching", ("B04",), "info", newest, facts)] if still else []


def _review(case: Case, plans: Sequence[PlanView]) -> list[Notice]:
    """Say after eight weeks that mornings are no better than at the start, or that nobody knows."""
    began = trouble_began(case, plans)
    due = timedelta(days=int(case.settings.value(REVIEW, "review_days")))
    if began is None or case.today - began < due or not case.settings.is_on(REVIEW):
        return []
    first, now = _level(case, began, begins=True), _level(case, case.today, begins=False)
    if first is None or now is None:
        return [Notice(REVIEW.id, "review-unknown", ("A12",), "unknown", began + due, {"since": began})]
    if now <= 0 or first - now >= case.settings.value(REVIEW, "better_by"):
        return []
    place = kind_of_trouble(case.diary)
    drops = any(view.plan == "mid-portion" and case.today - view.started >= due for view in plans)
    insertional, middle = place == "insertional", place == "mid-portion" and drops
    key, rows = "review", ("A12",)
    if insertional:
        key, rows = "review-insertion", ("A12", "D53")  # type: ignore[assignment]
    elif middle:
        key, rows = "review-middle", ("A12", "D45")  # type: ignore[assignment]
    facts: dict[str, Fact] = {"since": began, "first": first, "now": now}
    return [Notice(REVIEW.id, key, rows, "caution", began + due, facts)]


def _twelve_weeks(case: Case, plans: Sequence[PlanView]) -> list[Notice]:
    """Say after twelve weeks of a protocol for the middle that running is not all back; never at the insertion."""
    if not case.settings.is_on(REVIEW) or kind_of_trouble(case.diary) != "mid-portion":
        return []
    full = timedelta(days=int(case.settings.value(REVIEW, "full_days")))
    late = [v for v in plans if v.plan == "mid-portion" and case.today - v.started >= full]
    back = [v for v in plans if v.plan == "return-to-running" and not v.complete and case.today - v.started >= full]
    if not late or not back:
        return []
    return [Notice(REVIEW.id, "not-all-back", ("D45",), "info", late[0].started + full, {"since": late[0].started})]


def _level(case: Case, day: date, *, begins: bool) -> float | None:
    """Median of the mornings of the two weeks from or until a day; None with fewer than three."""
    length = timedelta(days=int(case.settings.value(REVIEW, "window_days")) - 1)
    low, high = (day, day + length) if begins else (day - length, day)
    known = [level for when, level in mornings(case).items() if low <= when <= high]
    return median(known) if len(known) >= case.settings.value(REVIEW, "least_mornings") else None


__all__ = ["INFOS", "progress_notices", "trouble_began"]
