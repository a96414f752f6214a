"""Every load rule that is judged from sessions alone, with the function that judges a run or a week by it."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Final, TypeAlias

from sensor_hub.guidelines.exposures import FAST, HARD, HILLS
from sensor_hub.guidelines.history import DAY, Run
from sensor_hub.guidelines.judgement import Found, found
from sensor_hub.guidelines.past import Past
from sensor_hub.guidelines.rules import (
    after_break,
    build_up,
    new_exposure,
    session_limit,
    shifts,
    spacing,
    unlogged,
    week_changes,
    week_limit,
)
from sensor_hub.guidelines.tolerance import INFO as RETURN
from sensor_hub.guidelines.tolerance import rests
from sensor_hub.model.rule import RuleInfo

OfRun: TypeAlias = Callable[[Past, Run], Iterator[Found]]
OfWeek: TypeAlias = Callable[[Past, date], Iterator[Found]]
# The limits look at runs of 30 days (four weeks), and at what measured those: it is remembered for 30 days, and decides
# on 14 days of bridging.
LIMIT_REACH: Final = timedelta(days=45)


def session_limits(past: Past, run: Run) -> Iterator[Found]:
    """Judge a run by the session limits. After a known rest nothing is near them: less than they are is left."""
    runs = past.between(run.day - LIMIT_REACH, run.day)
    less_is_left = past.settings.is_on(RETURN)
    for rule in session_limit.session_limits(past.settings):
        said = found(rule.judge(runs, run), rule.window_days)
        if said is None:
            continue
        if said.level == "near" and less_is_left and rests(past, run.day, rule.window_days):
            continue
        yield said


def week_limits(past: Past, monday: date) -> Iterator[Found]:
    """Judge a week against the highest of four."""
    yield from _week_limits(past, monday, week_limit.INFO)


def week_on_week(past: Past, monday: date) -> Iterator[Found]:
    """Judge a week against the one before."""
    yield from _week_limits(past, monday, week_limit.PLAIN_INFO)


def _week_limits(past: Past, monday: date, info: RuleInfo) -> Iterator[Found]:
    runs = past.between(monday - LIMIT_REACH, monday + 6 * DAY)
    for rule in week_limit.week_limits(info, past.settings, past.week_start):
        said = found(rule.judge(runs, monday, past.days), 7 * rule.weeks)
        if said is not None:
            yield said


RUN_RULES: Final[tuple[tuple[RuleInfo, OfRun], ...]] = (
    (session_limit.INFO, session_limits),
    (RETURN, after_break.first_runs),
    (HILLS, new_exposure.new_hills),
    (FAST, new_exposure.new_fast),
    (HARD, spacing.hard_days),
    (spacing.HARD_SPACING, spacing.hard_spacing),
    (spacing.RUN_SPACING, spacing.run_spacing),
)
WEEK_RULES: Final[tuple[tuple[RuleInfo, OfWeek], ...]] = (
    (week_limit.INFO, week_limits),
    (week_limit.PLAIN_INFO, week_on_week),
    (week_changes.SPEED, week_changes.week_speed),
    (week_changes.RUNS, week_changes.week_runs),
    (week_changes.CLIMB, week_changes.week_climb),
    (build_up.INFO, build_up.build_up),
    (RETURN, after_break.weeks_after),
    (shifts.SURFACE, shifts.surface_change),
    (shifts.STRIKE, shifts.strike_change),
)
INFOS: Final[dict[str, RuleInfo]] = {info.id: info for info, _ in (*RUN_RULES, *WEEK_RULES)} | {
    info.id: info for info in unlogged.INFOS
}
