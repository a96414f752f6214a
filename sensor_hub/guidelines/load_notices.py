"""What the load rules say of now: alerts that stand, more load while pain is not logged, and what nobody knows."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from sensor_hub.guidelines.case import Case
from sensor_hub.guidelines.exposures import FAST, HILLS, exposure
from sensor_hub.guidelines.history import Run, n_not_recorded
from sensor_hub.guidelines.past import Past
from sensor_hub.guidelines.rules.register import INFOS
from sensor_hub.guidelines.rules.unlogged import ALERT, UNLOGGED
from sensor_hub.model.finding import Finding
from sensor_hub.model.guidance import Fact, Notice, RunResponse

LAST_DAYS: Final = 7


def load_notices(case: Case, answered: Sequence[RunResponse]) -> list[Notice]:
    """Return what the rules say that need load and diary, and a notice for each alert of the load rules that stands."""
    return [*_alerts(case), *_unlogged(case), *_unknown(case)]


def _alerts(case: Case) -> list[Notice]:
    if not case.settings.is_on(ALERT):
        return []
    days = int(case.settings.value(ALERT, "days"))
    since = case.today - timedelta(days=days - 1)
    standing = [f for f in case.findings if f.severity == "alert" and not f.withdrawn and f.rule in INFOS]
    mine = [f for f in standing if since <= case.day_of(f.updated_utc) <= case.today]
    return [_alert(case, f) for f in sorted(mine, key=lambda f: (f.updated_utc, f.key), reverse=True)]


def _alert(case: Case, finding: Finding) -> Notice:
    kind, _, name = finding.scope.partition(":")
    return Notice(
        rule=ALERT.id,
        key=finding.rule,
        rows=INFOS[finding.rule].rows,
        weight="load",
        since=case.day_of(finding.updated_utc),
        facts={
            "scope": finding.scope,
            "measure": finding.measure,
            "level": finding.level,
            "value": finding.value,
            "reference": finding.reference,
            "limit": finding.limit,
            "window_days": finding.window_days,
            "confidence": finding.confidence,
            "probability": finding.probability,
            "lower_bound": finding.lower_bound,
        },
        sid=name if kind == "session" else None,
    )


def _unlogged(case: Case) -> list[Notice]:
    """More run in the last seven days than in the seven before, and pain not logged since, or more of it (E03)."""
    days = timedelta(days=LAST_DAYS)
    first = case.today - days + timedelta(days=1)
    now_m, before_m = (_distance_m(case.runs_between(a, a + days - timedelta(days=1))) for a in (first, first - days))
    if not case.settings.is_on(UNLOGGED) or now_m is None or not before_m or not _is_whole(case, first - days):
        return []
    if now_m <= case.settings.value(UNLOGGED, "factor") * before_m:
        return []
    now, before = _worst(case, first, case.today), _worst(case, first - days, first - timedelta(days=1))
    if now is not None and (before is None or now <= before):
        return []
    facts: dict[str, Fact] = {"distance_m": now_m, "before_m": before_m, "worst": now, "worst_before": before}
    if now is None:
        return [Notice(UNLOGGED.id, "not-logged", UNLOGGED.rows, "unknown", first, facts)]
    return [Notice(UNLOGGED.id, "pain-up", UNLOGGED.rows, "caution", first, facts)]


def _distance_m(runs: Sequence[Run]) -> float | None:
    """Sum of what is known; None without any. An unknown run makes more of it, and never less."""
    known = [run.distance_m for run in runs if run.distance_m is not None]
    return sum(known) if known else None


def _is_whole(case: Case, first: date) -> bool:
    """Whether all that was run in seven days is known: less than all is nothing to hold more against."""
    last = first + timedelta(days=LAST_DAYS - 1)
    runs = case.runs_between(first, last)
    return all(run.distance_m is not None for run in runs) and not n_not_recorded(case.days, runs, first, last)


def _worst(case: Case, first: date, last: date) -> float | None:
    """The most that was said to hurt on some days; None where nobody said anything."""
    said = (pain for pain in case.diary.pains if first <= case.day_of(pain.at_utc) <= last)
    return max((pain.level for pain in said), default=None)


def _unknown(case: Case) -> list[Notice]:
    """Of which of the last runs it is not known whether they were uphill or fast; that is never taken for no."""
    runs = [run for run in case.runs_of_last(LAST_DAYS) if run.ended]
    past = Past(case.runs, case.days, recorded=case.recorded, settings=case.settings)
    found = []
    for info, unknown in (
        (HILLS, [r for r in runs if exposure(past, r).hill is None]),
        (FAST, [r for r in runs if exposure(past, r).fast is None]),
    ):
        if unknown and case.settings.is_on(info):
            facts = {"n": float(len(unknown)), "of": float(len(runs))}
            found.append(Notice(info.id, "unknown", info.rows, "unknown", unknown[0].day, {**facts}))
    return found
