"""Days, times of day and durations as people type them, to SI and UTC; pure, and never guessing."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sensor_hub.errors import ConfigError, EditError

_CLOCK: Final = re.compile(r"(?P<h>\d{1,3}):(?P<m>\d{2})(?::(?P<s>\d{2}))?")
_UNITS: Final = re.compile(r"(?:(?P<h>\d+)h)?(?:(?P<m>\d+)(?:min|m(?!i)|(?=$)))?(?:(?P<s>\d+)s)?")
_TIME_OF_DAY: Final = re.compile(r"(?P<h>\d{1,2}):(?P<m>\d{2})(?::(?P<s>\d{2}))?(?P<offset>Z|[+-]\d{2}:\d{2})?")


def duration_s(text: str, option: str = "--time") -> float:
    """Seconds of a duration: 45:30, 1:02:30, 45min, 1h05min or 90s; ConfigError if it is none, or zero."""
    tidy = text.strip().lower().replace(" ", "")
    seconds = _of_clock(tidy) if ":" in tidy else _of_units(tidy)
    if not seconds:
        raise ConfigError(f"{option} {text!r} is no duration: give it as 45:30 (min:s), 1:02:30 (h:min:s) or 45min")
    return float(seconds)


def day_of(text: str, today: date, option: str = "--on") -> date:
    """Return a day: 2026-11-20, today or yesterday; ConfigError if it is none."""
    word = text.strip().lower()
    if word in {"today", "yesterday"}:
        return today - timedelta(days=word == "yesterday")
    try:
        return date.fromisoformat(word)
    except ValueError:
        raise ConfigError(f"{option} {text!r} is no day: give it as 2026-11-20, today or yesterday") from None


def moments_of(local: datetime, zone: ZoneInfo) -> list[datetime]:
    """Every UTC moment at which a zone's clocks show a naive time: one, none if skipped, two if set back."""
    both = {local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
    return sorted(moment for moment in both if moment.astimezone(zone).replace(tzinfo=None) == local)


def moment_on(day: date, text: str, zone: ZoneInfo, option: str = "--at") -> datetime:
    """UTC of a time of day such as 07:30 in a zone, or 02:30+01:00 of one that is there twice.

    Raises
    ------
    ConfigError
        If it is no time of day.
    EditError
        If the zone's clocks skip it on that day, or show it twice.
    """
    clock, offset = _time_of_day(text, option)
    if offset is not None:
        return datetime.combine(
            day, clock, tzinfo=datetime.fromisoformat(f"2000-01-01T00:00{offset}").tzinfo
        ).astimezone(UTC)
    return _only(datetime.combine(day, clock), zone, option)


def noon_of(day: date, zone: ZoneInfo, option: str = "--on") -> datetime:
    """UTC of a day's noon; EditError of a day that the zone has not."""
    return _only(datetime.combine(day, time(12)), zone, option)


def moment_in(text: str, start_utc: datetime, end_utc: datetime, zone: ZoneInfo, option: str) -> datetime:
    """UTC of a moment of a session: 07:32, +2:30 from its start, -1:00 from its end, or ISO 8601.

    Raises
    ------
    ConfigError
        If it is none of these.
    EditError
        If the session has no such moment, or has it twice.
    """
    tidy = text.strip()
    if tidy[:1] in {"+", "-"}:
        offset = timedelta(seconds=duration_s(tidy[1:], option))
        found = [start_utc + offset if tidy[0] == "+" else end_utc - offset]
    elif "T" in tidy.upper() or " " in tidy:
        found = [_iso(tidy, zone, option)]
    else:
        clock, zone_given = _time_of_day(tidy, option)
        first, last = start_utc.astimezone(zone).date(), end_utc.astimezone(zone).date()
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        if zone_given is None:
            found = [m for day in days for m in moments_of(datetime.combine(day, clock), zone)]
        else:
            found = [moment_on(day, tidy, zone, option) for day in days]
    inside = [moment for moment in found if start_utc <= moment <= end_utc]
    if len(inside) == 1:
        return inside[0]
    if inside:
        both = " or ".join(moment.astimezone(zone).isoformat(timespec="minutes") for moment in inside)
        raise EditError(f"{option} {text!r} was more than once in this session: give {both}")
    span = " to ".join(m.astimezone(zone).strftime("%H:%M:%S") for m in (start_utc, end_utc))
    day = start_utc.astimezone(zone).date().isoformat()
    raise EditError(f"{option} {text!r} is not in this session: it went from {span} on {day} ({zone.key})")


def _of_clock(tidy: str) -> int | None:
    found = _CLOCK.fullmatch(tidy)
    if found is None:
        return None
    first, second, third = int(found["h"]), int(found["m"]), found["s"]
    if second > 59 or (third is not None and int(third) > 59):
        return None
    return first * 60 + second if third is None else first * 3600 + second * 60 + int(third)


def _of_units(tidy: str) -> int | None:
    found = _UNITS.fullmatch(tidy)
    if found is None or tidy.isdigit():  # 45 of what?
        return None
    return int(found["h"] or 0) * 3600 + int(found["m"] or 0) * 60 + int(found["s"] or 0)


def _time_of_day(text: str, option: str) -> tuple[time, str | None]:
    found = _TIME_OF_DAY.fullmatch(text.strip().upper())
    try:
        if found is not None:
            offset = None if found["offset"] is None else found["offset"].replace("Z", "+00:00")
            if offset is not None:
                datetime.fromisoformat(f"2000-01-01T00:00{offset}")
            return time(int(found["h"]), int(found["m"]), int(found["s"] or 0)), offset
    except ValueError:
        pass
    raise ConfigError(f"{option} {text!r} is no time of day: give it as 07:30 or 07:30:15")


def _iso(text: str, zone: ZoneInfo, option: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ConfigError(f"{option} {text!r} is no moment: give it as 2026-11-20T07:32 or 07:32") from None
    return moment.astimezone(UTC) if moment.tzinfo is not None else _only(moment, zone, option)


def _only(local: datetime, zone: ZoneInfo, option: str) -> datetime:
    found = moments_of(local, zone)
    if len(found) == 1:
        return found[0]
    shown = f"{local:%H:%M} on {local:%Y-%m-%d}"
    if not found:
        raise EditError(f"{option}: {shown} was not in {zone.key}: its clocks went forward over it, give another time")
    both = " or ".join(moment.astimezone(zone).strftime("%H:%M%z") for moment in found)
    both = re.sub(r"([+-]\d{2})(\d{2})", r"\1:\2", both)
    raise EditError(f"{option}: {shown} was twice in {zone.key}, where clocks went back: give {both}")
