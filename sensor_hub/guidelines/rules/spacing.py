"""Hard days in a row, hard runs too close to each other, and runs closer than somebody wants (D42, E04, A03).

Of what is unknown nothing is said: every run without altitude may have been uphill. What rests only on the mean speed
of a run without samples is too close to call. A run that alerts as the second hard day in a row is told of the hours
between for information: both say the same.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Final

from sensor_hub.guidelines.exposures import HARD, exposure, hard_day
from sensor_hub.guidelines.history import DAY, LEARNING_DAYS, Run
from sensor_hub.guidelines.judgement import Confidence, Found
from sensor_hub.guidelines.past import Past
from sensor_hub.model.rule import Parameter, RuleInfo

AN_HOUR: Final = timedelta(hours=1)
LONGEST_ROW: Final = 7  # days that are counted back: rows that are longer are told as so long
HARD_SPACING: Final = RuleInfo(
    id="hard-spacing",
    kind="S",
    family="exposure",
    rows=("E04",),
    grade="text",
    parameters=(Parameter("rest_h", 48, "h", 12, 96),),
)
RUN_SPACING: Final = RuleInfo(
    id="run-spacing",
    kind="S",
    family="exposure",
    rows=("A03",),
    grade="text",
    parameters=(Parameter("rest_h", 0, "h", 0, 96),),
)
INFOS: Final = (HARD, HARD_SPACING, RUN_SPACING)


def hard_days(past: Past, run: Run) -> Iterator[Found]:
    """Judge the run that makes its day hard, after a hard day."""
    today = hard_day(past, run.day)
    if not today.hard or today.run is None or today.run.sid != run.sid:
        return
    row = [today]
    while len(row) < LONGEST_ROW and (before := hard_day(past, run.day - len(row) * DAY)).hard:
        row.append(before)
    if len(row) > 1:
        unsure = any(day.estimated for day in row[:2])
        yield Found(
            measure="hard_days",
            level="limit",
            certainty="too-close" if unsure else "above",
            probability=0.5 if unsure else 1.0,
            value=float(len(row)),
            reference=1.0,
            limit=1.0,
            window_days=int(past.settings.value(HARD, "window_days")),
            confidence=_confidence(past, run, learns=any(day.because != "hill" for day in row[:2])),
        )


def hard_spacing(past: Past, run: Run) -> Iterator[Found]:
    """Judge a run uphill or a fast one that begins too soon after another."""
    was = exposure(past, run)
    if not (was.hill or was.fast):
        return
    rest_h = past.settings.value(HARD_SPACING, "rest_h")
    for before in _ended_before(past, run, rest_h):
        then = exposure(past, before)
        if then.hill or then.fast:
            sure = all(e.hill or not e.estimated for e in (was, then))
            said = _too_soon(past, run, before, rest_h, sure=sure)
            confidence = _confidence(past, run, learns=not (was.hill and then.hill))
            yield replace(said, confidence=confidence, informs=_alerts_as_hard_day(past, run))
            return


def _alerts_as_hard_day(past: Past, run: Run) -> bool:
    """Whether the same run alerts as a hard day after a hard day; under the strict policy every rule alerts."""
    if past.settings.policy == "strict" or not (past.settings.is_on(HARD) and past.settings.alerts(HARD)):
        return False
    return any(said.certainty == "above" and said.confidence != "learning" for said in hard_days(past, run))


def run_spacing(past: Past, run: Run) -> Iterator[Found]:
    """Judge a run that begins sooner after another than the runner wants; silent where they did not say."""
    rest_h = past.settings.value(RUN_SPACING, "rest_h")
    for before in _ended_before(past, run, rest_h):
        yield _too_soon(past, run, before, rest_h, sure=before.duration_s > 0)
        return


def _ended_before(past: Past, run: Run, rest_h: float) -> list[Run]:
    """Return the runs that ended less than ``rest_h`` before one began, the last first; of it the start is known."""
    if rest_h <= 0 or run.duration_s <= 0:  # put in by hand without a time, it lies at noon
        return []
    near = past.between(run.day - timedelta(days=rest_h // 24 + 2), run.day)
    late = [r for r in near if r.end_utc <= run.start_utc and _gap_h(r, run) < rest_h]
    return sorted((r for r in late if r.sid != run.sid), key=lambda r: (r.end_utc, r.sid), reverse=True)


def _gap_h(before: Run, run: Run) -> float:
    return (run.start_utc - before.end_utc) / AN_HOUR


def _too_soon(past: Past, run: Run, before: Run, rest_h: float, *, sure: bool) -> Found:
    return Found(
        measure="spacing_h",
        level="limit",
        certainty="above" if sure else "too-close",
        probability=1.0 if sure else 0.5,
        value=_gap_h(before, run),
        reference=rest_h,
        limit=rest_h,
        window_days=int(rest_h // 24) + 1,
        confidence=_confidence(past, run, learns=False),
    )


def _confidence(past: Past, run: Run, *, learns: bool) -> Confidence:
    """How far a history carries; learns : it rests on what is usual of somebody, which two weeks have to tell."""
    if past.history_days(run.day) >= LEARNING_DAYS:
        return "normal"
    return "learning" if learns else "low"
