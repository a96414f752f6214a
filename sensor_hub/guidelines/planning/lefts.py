"""What each limit leaves of today and of this week; unknown says why."""

from sensor_hub.guidelines.baseline import confidence
from sensor_hub.guidelines.case import Case
from sensor_hub.guidelines.history import n_not_recorded, week_of
from sensor_hub.guidelines.rules.register import LIMIT_REACH
from sensor_hub.guidelines.rules.session_limit import RULE as SESSION_RULE
from sensor_hub.guidelines.rules.week_limit import INFO, PLAIN_INFO, WeekLimit, week_limits, week_total
from sensor_hub.model.guidance import Left


def left_today(case: Case) -> tuple[Left, ...]:
    """Return what the session limits leave, as the headroom says."""
    return tuple(Left(SESSION_RULE, h.measure, h.limit, h.so_far, h.left, h.reason) for h in case.headroom)


def left_this_week(case: Case) -> tuple[Left, ...]:
    """Return what the two rules of the week leave of it."""
    return tuple(_left(case, rule) for rule in rules_of_week(case))


def rules_of_week(case: Case) -> list[WeekLimit]:
    """Return the rules of the week that are on, for each measure, as they are set."""
    on = [info for info in (INFO, PLAIN_INFO) if case.settings.is_on(info)]
    return [rule for info in on for rule in week_limits(info, case.settings, case.athlete.week_start)]


def _left(case: Case, rule: WeekLimit) -> Left:
    monday = week_of(case.today, case.athlete.week_start)
    runs = case.runs_between(monday - LIMIT_REACH, case.today)
    like = rule.like(runs, monday)
    limit = rule.limit(runs, monday, case.days)
    total = week_total(runs, monday, rule.measure, like, case.days)
    so_far = None if total is None or (total.missing and total.value <= (limit or 0.0)) else total.value
    if limit is not None and so_far is not None:
        return Left(rule.rule, rule.measure, limit, so_far, limit - so_far)
    if limit is None:
        sure = confidence(runs, monday, rule.measure, like, rule.learning_days)
        return Left(rule.rule, rule.measure, None, so_far, None, "learning" if sure != "normal" else "no-history")
    lost = n_not_recorded(case.days, runs, monday, case.today)
    return Left(rule.rule, rule.measure, limit, None, None, "not-recorded" if lost else "unknown-run")
