"""What an edit may say: values in range, times that have been, pairs and people that are known."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sensor_hub.adapters.recordings.session_log import FARTHEST_M, LONGEST_S
from sensor_hub.adapters.registry import Registry
from sensor_hub.app.sids import new_sid
from sensor_hub.errors import EditError
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.edit import (
    SOURCE_ORDER,
    AddRun,
    Change,
    Distinct,
    Edit,
    Link,
    MarkDays,
    Merge,
    Prefer,
    Split,
    Tell,
    WearShoe,
)

FIRST_UTC: Final = datetime(1970, 1, 2, tzinfo=UTC)
CLOCKS_DIFFER: Final = timedelta(minutes=5)
LONGEST_NOTE: Final = 1000
MOST_SESSIONS: Final = 50
MOST_DAYS: Final = timedelta(days=1000)
HARDEST: Final = 10.0  # of the CR-10 scale


def checked(edit: Edit, person: Athlete, registry: Registry, now_utc: datetime) -> tuple[Edit, str | None]:
    """Return an edit with ids where it needs them, and to whom a session goes; EditError names what cannot be."""
    match edit:
        case AddRun():
            _check_run(edit, person, now_utc)
            return (edit if edit.sid else replace(edit, sid=new_sid(edit.start_utc))), None
        case Split():
            return (edit if edit.second_sid else replace(edit, second_sid=new_sid(edit.at_utc))), None
        case Change():
            return _checked_change(edit, person, registry)
        case Tell():
            _check_told(edit, person, registry)
        case Merge() | Link() | Distinct():
            if len(edit.sids) > MOST_SESSIONS:
                raise EditError(f"{len(edit.sids)} sessions at once are too many: {MOST_SESSIONS} at most")
        case Prefer():
            if sorted(edit.order) != sorted(SOURCE_ORDER):
                raise EditError(f"the order of sources names each once: {', '.join(SOURCE_ORDER)}")
        case MarkDays():
            _check_days(edit, person, now_utc)
        case WearShoe():
            _check_worn(edit, person, registry)
        case _:
            pass
    return edit, None


def _check_run(run: AddRun, person: Athlete, now_utc: datetime) -> None:
    latest_utc, zone = now_utc + CLOCKS_DIFFER, ZoneInfo(person.zone)
    if run.has_time:
        has_been = run.start_utc <= latest_utc
    else:  # noon stands for the day, and the day may be today
        day_utc = min(run.start_utc, now_utc + timedelta(days=2))  # a zone has no days beyond the calendar's end
        has_been = day_utc.astimezone(zone).date() <= now_utc.astimezone(zone).date()
    if run.start_utc < FIRST_UTC or not has_been:
        raise EditError(f"{run.start_utc:%Y-%m-%d %H:%M} UTC has not been yet, or is too long ago: give another day")
    if run.duration_s is not None and not 0 < run.duration_s <= LONGEST_S:
        raise EditError(f"a time of {run.duration_s:g} s is no run: more than 0 s and 7 days at most")
    if run.duration_s is not None and run.has_time:
        end_utc = run.start_utc + timedelta(seconds=run.duration_s)
        if end_utc > latest_utc:
            raise EditError("it would end in the future: give an earlier start, or a shorter time")
    if run.distance_m is not None and not 0 < run.distance_m <= FARTHEST_M:
        raise EditError(f"a distance of {run.distance_m:g} m is no run: more than 0 and 2,000 km at most")
    _check_effort(run.effort)


def _check_effort(effort: float | None) -> None:
    if effort is not None and not 0 <= effort <= HARDEST:
        raise EditError(f"an effort of {effort:g} is not on the scale: 0 is rest, 10 the hardest there is")


def _checked_change(edit: Change, person: Athlete, registry: Registry) -> tuple[Change, str | None]:
    if (edit.athlete, edit.ledger, edit.surface) == (None, None, None):
        raise EditError("there is nothing to change: name another person, ledger or surface")
    if edit.ledger == "exercise":
        raise EditError("a session cannot become an exercise: put it in with 'diary exercise', and delete this one")
    if edit.athlete is None:
        return edit, None
    other = registry.athlete(edit.athlete)
    if other.simulated != person.simulated:
        raise EditError(f"of {person.display_name} and {other.display_name} one is simulated: only alike can be given")
    return replace(edit, athlete=other.id), None if other.id == person.id else other.id


def _check_told(edit: Tell, person: Athlete, registry: Registry) -> None:
    if (edit.shoe, edit.effort, edit.note, edit.forget) == (None, None, None, ()):
        raise EditError("there is nothing to say: name a pair, an effort or a note")
    _check_effort(edit.effort)
    if edit.note is not None and len(edit.note) > LONGEST_NOTE:
        raise EditError(f"the note has {len(edit.note)} characters: {LONGEST_NOTE} at most")
    if edit.shoe:
        _check_shoe(edit.shoe, person, registry)


def _check_shoe(shoe: str, person: Athlete, registry: Registry) -> None:
    if all(pair.id != shoe for pair in registry.shoes.all(person.id)):
        raise EditError(f"{person.display_name} has no pair {shoe!r}: 'sensor-hub shoe list' shows them")


def _check_days(edit: MarkDays, person: Athlete, now_utc: datetime) -> None:
    today = now_utc.astimezone(ZoneInfo(person.zone)).date()
    if edit.first > edit.last:
        raise EditError(f"{edit.first} is after {edit.last}: give the first day first")
    if edit.last > today:
        raise EditError(f"{edit.last} has not been yet: answer for days that are over")
    if edit.last - edit.first > MOST_DAYS:
        raise EditError(f"{edit.first} to {edit.last} are too many days at once: {MOST_DAYS.days} at most")


def _check_worn(edit: WearShoe, person: Athlete, registry: Registry) -> None:
    if edit.last is not None and edit.first > edit.last:
        raise EditError(f"{edit.first} is after {edit.last}: give the first day first")
    if edit.shoe:
        _check_shoe(edit.shoe, person, registry)
