"""Days without a session: what somebody answered, and which ones nobody has answered for."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Final

from sensor_hub.model.edit import DayMark, MarkDays
from sensor_hub.model.history import DaySpan, OpenDays

ASKED_AFTER: Final = timedelta(days=7)  # without any record
ASKED_BACK: Final = timedelta(days=120)  # ours: further back no rule looks, and nobody remembers
DAY: Final = timedelta(days=1)


def answered(marks: Iterable[MarkDays]) -> list[DaySpan]:
    """Return what was answered last for each day, as spans by day; ``marks`` in the order they were made."""
    by_day: dict[date, DayMark] = {}
    for mark in marks:
        by_day |= {mark.first + n * DAY: mark.mark for n in range((mark.last - mark.first).days + 1)}
    spans: list[DaySpan] = []
    for day, said in sorted(by_day.items()):
        if said == "unsaid":
            continue
        if spans and spans[-1].last + DAY == day and spans[-1].mark == said:
            spans[-1] = DaySpan(spans[-1].first, day, said)
        else:
            spans.append(DaySpan(day, day, said))
    return spans


def open_days(recorded: Iterable[date], spans: Sequence[DaySpan], today: date) -> list[OpenDays]:
    """Return stretches of seven days or more without any record and without an answer, newest first.

    Parameters
    ----------
    recorded : iterable of date
        Local days with a session of any kind. Before the first of them nobody expects one.
    spans : sequence of DaySpan
        What was answered.
    today : date
        The athlete's day; it is not over, and so not asked about.
    """
    days = sorted({day for day in recorded if day <= today})
    if not days:
        return []
    found = []
    for before, after in zip(days, [*days[1:], today], strict=True):
        first, last = max(before + DAY, today - ASKED_BACK), after - DAY
        for start, end in _without(first, last, spans):
            if end - start + DAY >= ASKED_AFTER:
                found.append(OpenDays(start, end))
    return found[::-1]


def _without(first: date, last: date, spans: Sequence[DaySpan]) -> list[tuple[date, date]]:
    """Return what of ``first`` to ``last`` no span covers."""
    left = []
    for span in sorted(spans, key=lambda s: s.first):
        if span.last < first or span.first > last:
            continue
        if span.first > first:
            left.append((first, span.first - DAY))
        first = max(first, span.last + DAY)
    return [*left, (first, last)] if first <= last else left
