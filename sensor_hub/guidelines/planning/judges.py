"""The load rules as the judges of a planned run: what they would find if it were run."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple, TypeAlias

from sensor_hub.guidelines.case import Case
from sensor_hub.guidelines.evaluate import REACH, session_findings, week_findings
from sensor_hub.guidelines.history import Run
from sensor_hub.guidelines.past import Past
from sensor_hub.guidelines.rules.spacing import RUN_SPACING
from sensor_hub.model.finding import Finding
from sensor_hub.model.rule import RuleSettings

Known: TypeAlias = dict[tuple[str, object], object]
"""What rules have found out of runs and days that no run planned later changes (``Past.remembered``)."""


def past_of(case: Case, runs: Sequence[Run], day: date, known: Known) -> Past:
    """Return what the rules look at to judge a day and its week. runs : the past and what is planned, by day."""
    near = [run for run in runs if run.day > day - REACH]
    week_start = case.athlete.week_start
    past = Past(near, case.days, recorded=case.recorded, settings=settings_of(case), week_start=week_start)
    past.remembered.update(known)
    return past


def keep(past: Past, day: date, known: Known, but: Run | None = None) -> None:
    """Keep what was found out of runs, and of days before a day; of ``but`` nothing, it may not stay."""
    for key, found in past.remembered.items():
        kind, what = key
        of_run = kind == "exposure" and what != id(but)
        of_day = isinstance(what, date) and (what < day or (kind == "easy" and what == day))
        if of_run or of_day:
            known[key] = found


def settings_of(case: Case) -> RuleSettings:
    """Return what is set of the rules, with the hours between two runs that somebody wants."""
    key = (RUN_SPACING.id, "rest_h")
    wanted = case.diary.profile.rest_h
    if wanted is None or key in case.settings.values:
        return case.settings
    return replace(case.settings, values={**case.settings.values, key: wanted})


class Judged(NamedTuple):
    """What stands against a planned run, and what the rules find in its week with it, by key."""

    against: list[Finding]
    week: dict[str, Finding]


def of_week(case: Case, runs: Sequence[Run], day: date, known: Known) -> dict[str, Finding]:
    """Return what the rules find in the week of a day, from the limit on, by key."""
    return _in_week(case, past_of(case, runs, day, known), day)


def judge(case: Case, runs: Sequence[Run], run: Run, before: dict[str, Finding], known: Known) -> Judged:
    """Return what is found of a planned run, else what is found of its week and was not so much ``before``.

    runs : the past and what is planned until then, with this run. A run that is found itself is too much for any week,
    which is then not judged.
    """
    past = past_of(case, runs, run.day, known)
    of_run = [f for f in session_findings(case.athlete, past, run) if f.level != "near"]
    keep(past, run.day, known, run)
    if of_run:
        return Judged(of_run, {})
    week = _in_week(case, past, run.day)
    return Judged([f for f in week.values() if f.key not in before or f.value > before[f.key].value], week)


def _in_week(case: Case, past: Past, day: date) -> dict[str, Finding]:
    return {f.key: f for f in week_findings(case.athlete, past, past.week_of(day)) if f.level != "near"}
