"""Tape eases and carries a while; it is nothing to stay with."""

from datetime import date, timedelta
from typing import Final

from sensor_hub.guidelines.case import Case
from sensor_hub.model.guidance import Notice
from sensor_hub.model.rule import Parameter, RuleInfo

TAPE: Final = RuleInfo(
    "tape", "P", "profile", ("C05",), "text",
    (Parameter("weeks", 4.0, "weeks", 1.0, 26.0), Parameter("pause_days", 14.0, "days", 3.0, 60.0)),
)  # fmt: skip


def tape(case: Case) -> list[Notice]:
    """Return a reminder where tape is worn for some weeks now; a pause of two weeks ends that."""
    since = _taped_since(case)
    if since is None:
        return []
    days = (case.today - since).days + 1
    if days <= 7 * case.settings.value(TAPE, "weeks"):
        return []
    return [Notice(TAPE.id, "for-weeks", TAPE.rows, "info", since, {"weeks": float(days // 7)})]


def _taped_since(case: Case) -> date | None:
    """First day of the newest stretch of days with tape; None if it is over."""
    pause = timedelta(days=case.settings.value(TAPE, "pause_days"))
    since, last = None, None
    for care in case.diary.care:
        if care.kind != "tape" or care.first > case.today:
            continue
        if last is None or care.first - last > pause:
            since = care.first
        end = min(care.last or care.first, case.today)
        last = end if last is None else max(last, end)
    return since if last is not None and case.today - last <= pause else None
