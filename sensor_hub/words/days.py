"""Days and times of day as a person reads them, in the zone of whoever ran."""

from datetime import date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from sensor_hub.words.numbers import day_name
from sensor_hub.words.translation import translate as _

_MINUTE: Final = "%H:%M"
_SECOND: Final = "%H:%M:%S"


def weekday_name(day: date) -> str:
    """A short weekday: Fri."""
    return [_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun")][day.weekday()]


def dated(day: date) -> str:
    """A day with its weekday and year: Fri 20 Nov 2026."""
    return _("{weekday} {day} {year}").format(weekday=weekday_name(day), day=day_name(day), year=day.year)


def days_text(first: date, last: date) -> str:
    """Some days in a row: 14 to 23 Nov 2026; 20 Nov 2026 for one of them."""
    if first == last:
        return _("{day} {year}").format(day=day_name(first), year=first.year)
    if first.year != last.year:
        begin = _("{day} {year}").format(day=day_name(first), year=first.year)
    else:
        begin = str(first.day) if first.month == last.month else day_name(first)
    return _("{first} to {last} {year}").format(first=begin, last=day_name(last), year=last.year)


def time_text(moment_utc: datetime, zone: str) -> str:
    """A time of day in a zone: 07:30; with seconds where it has some."""
    local = moment_utc.astimezone(ZoneInfo(zone)).time().replace(microsecond=0)
    return local.strftime(_MINUTE if local == time(local.hour, local.minute) else _SECOND)


def moment_text(moment_utc: datetime, zone: str) -> str:
    """A day and time of day in a zone: Fri 20 Nov 2026 07:30."""
    day = moment_utc.astimezone(ZoneInfo(zone)).date()
    return _("{day} {time}").format(day=dated(day), time=time_text(moment_utc, zone))
