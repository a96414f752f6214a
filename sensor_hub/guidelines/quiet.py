"""When a message may go: not in quiet hours, again after a refusal, and at last no more. Pure: the clock is given."""

from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sensor_hub.model.notifying import Addressee

GIVEN_UP_AFTER: Final = timedelta(hours=24)  # ours: of yesterday's run nobody need be told
FIRST_PAUSE: Final = timedelta(seconds=30)
LONGEST_PAUSE: Final = timedelta(hours=1)


def is_quiet(addressee: Addressee, at_utc: datetime) -> bool:
    """Whether a moment lies in somebody's quiet hours, by the clock on their wall; two ends alike mean none."""
    begin, end = addressee.quiet_from, addressee.quiet_until
    at = at_utc.astimezone(ZoneInfo(addressee.zone)).time()
    if begin <= end:
        return begin <= at < end
    return at >= begin or at < end


def after_quiet(addressee: Addressee, at_utc: datetime) -> datetime:
    """Return the moment itself, UTC, or the end of the quiet hours it lies in.

    That is the first moment at which the clock on the wall is past them, also in the nights in which it is put forward
    (an end that does not exist is the moment of the jump) or back (an end that comes twice is the first).
    """
    if not is_quiet(addressee, at_utc):
        return at_utc
    zone, end = ZoneInfo(addressee.zone), addressee.quiet_until
    today = at_utc.astimezone(zone).date()
    for day in (today, today + timedelta(days=1)):
        for fold in (0, 1):
            local = datetime.combine(day, end, zone).replace(fold=fold)
            moment = local.astimezone(UTC)
            if moment.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
                moment = _jump(moment - timedelta(hours=3), moment + timedelta(hours=3), zone)
            if moment > at_utc and not is_quiet(addressee, moment):
                return moment
    return at_utc  # a zone that left out a whole day: nothing is held back for longer than that


def first_due(addressee: Addressee, made_utc: datetime, *, passes_quiet: bool) -> datetime:
    """Return when a message goes for the first time. passes_quiet : of what should not wait."""
    return made_utc if passes_quiet else after_quiet(addressee, made_utc)


def next_try(
    addressee: Addressee, made_utc: datetime, now_utc: datetime, n_tries: int, *, passes_quiet: bool
) -> datetime | None:
    """Return when a message goes again that was refused ``n_tries`` times; None when it is given up.

    The pause doubles, from half a minute to an hour. Given up is a day after it might have gone first.
    """
    pause = min(FIRST_PAUSE * 2 ** min(max(n_tries - 1, 0), 10), LONGEST_PAUSE)
    again_utc = now_utc + pause
    if not passes_quiet:
        again_utc = after_quiet(addressee, again_utc)
    return again_utc if again_utc <= given_up_utc(addressee, made_utc, passes_quiet=passes_quiet) else None


def given_up_utc(addressee: Addressee, made_utc: datetime, *, passes_quiet: bool) -> datetime:
    """Return the moment from which a message goes no more."""
    return first_due(addressee, made_utc, passes_quiet=passes_quiet) + GIVEN_UP_AFTER


def _jump(before_utc: datetime, after_utc: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment within at which a zone's clock is put forward, to the second."""
    offset = before_utc.astimezone(zone).utcoffset()
    while after_utc - before_utc > timedelta(seconds=1):
        middle = before_utc + (after_utc - before_utc) / 2
        if middle.astimezone(zone).utcoffset() == offset:
            before_utc = middle
        else:
            after_utc = middle
    return after_utc.replace(microsecond=0)
