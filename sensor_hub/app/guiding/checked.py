"""What a line of the diary may say: values in range, days that have been, sessions and pairs that are theirs."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta
from math import isfinite
from typing import Final
from zoneinfo import ZoneInfo

from sensor_hub.errors import DecodeError, EditError
from sensor_hub.guidelines.catalogue import why_not_set
from sensor_hub.guidelines.diary import Diary
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.diary import (
    Said,
    SayCare,
    SayClearance,
    SayEpisode,
    SayExercise,
    SayMedicine,
    SayPain,
    SayProfile,
    SaySleep,
    SaySymptoms,
    SetPolicy,
    SetRule,
    WornOut,
)
from sensor_hub.wire.edits import edit_body, edit_of

FIRST_UTC: Final = datetime(1970, 1, 2, tzinfo=UTC)
FIRST_DAY: Final = date(1900, 1, 1)
CLOCKS_DIFFER: Final = timedelta(minutes=5)
LONGEST_NOTE: Final = 1000
LONGEST_NAME: Final = 100
MOST_DAYS: Final = timedelta(days=1000)
ABOUT_A_RUN: Final = timedelta(days=7)  # ours: later nobody answers for it
HIGHEST: Final = 10.0
LONGEST_S: Final = 86400.0
LOWEST_H: Final = 0.0
LONGEST_REST_H: Final = 336.0
FARTHEST_M: Final = 500_000.0
# (low, high, what it is) of numbers by the field's name
_RANGES: Final = {
    "tender_cm": (0.0, 30.0, "cm above the heel bone"),
    "onset_min": (0.0, 2880.0, "minutes after a run"),
    "sets": (1, 100, "sets"),
    "reps": (1, 1000, "repetitions"),
    "hold_s": (0.5, 600.0, "s of a hold"),
    "lowering_s": (0.1, 60.0, "s on the way down"),
    "added_kg": (0.0, 500.0, "kg"),
    "duration_s": (1.0, LONGEST_S, "s"),
    "sleep_h": (0.0, 24.0, "hours of sleep"),
    "knee_to_wall_cm": (0.0, 30.0, "cm from knee to wall"),
    "rest_h": (LOWEST_H, LONGEST_REST_H, "hours between runs"),
    "usual_m": (100.0, FARTHEST_M, "m a week"),
}


@dataclass(frozen=True, slots=True)
class Around:
    """What is known where something is said. span_of : start and end of a session of theirs, None where it is none."""

    person: Athlete
    now_utc: datetime
    diary: Diary
    shoes: frozenset[str]
    span_of: Callable[[str], tuple[datetime, datetime] | None]

    @property
    def today(self) -> date:
        """The athlete's local day."""
        return self.now_utc.astimezone(ZoneInfo(self.person.zone)).date()


def check(said: Said, around: Around) -> None:
    """Raise EditError, with the mend, where something cannot be said."""
    _check_values(said)
    _check_moment(said, around)
    _check_kinds(said)
    _check_numbers(said)
    _check_texts(said)
    _check_days(said, around)
    match said:
        case SayExercise():
            _check_amount(said)
            _check_session(said, around)
        case SayPain():
            _check_session(said, around)
        case SaySymptoms():
            _check_symptoms(said)
        case SaySleep():
            if said.sleep_h is None and said.ate_well is None and not said.note:
                raise EditError("there is nothing to keep: say how long the night was, how you ate, or a note")
        case SayProfile():
            _check_profile(said, around)
        case SayEpisode():
            if said.state == "recovered" and all(e.state != "began" for e in around.diary.episodes):
                raise EditError("no episode has begun: say first when it did (diary episode began --on DAY)")
        case SetRule():
            if (reason := why_not_set(said)) is not None:
                raise EditError(reason)
        case WornOut():
            if said.shoe not in around.shoes:
                raise EditError(f"{around.person.display_name} has no pair {said.shoe!r}: 'sensor-hub shoe list' shows")
        case _:
            pass


def _check_values(said: Said) -> None:
    """Refuse what is no number or no moment."""
    for each in fields(said):
        value = getattr(said, each.name)
        if isinstance(value, float) and not isfinite(value):
            raise EditError(f"{each.name.replace('_', ' ')} is no number: give one, or leave it out")
        if isinstance(value, datetime) and value.tzinfo is None:
            raise EditError(f"{each.name.replace('_', ' ')} has no time zone: give it with one, such as Z")


def _check_kinds(said: Said) -> None:
    """Refuse a word or type that the field has not: what is written must be read again."""
    try:
        edit_of(edit_body(said))
    except DecodeError as error:
        raise EditError(f"this cannot be kept: {error.problem}") from None


def _check_numbers(said: Said) -> None:
    level = said.level if isinstance(said, SayPain) else getattr(said, "pain", None)
    if level is not None and not (0 <= level <= HIGHEST and level * 2 == round(level * 2)):
        raise EditError(f"a level of {level:g} is not on the scale: 0 is none, 10 the worst there is, in steps of 0.5")
    for name, (low, high, what) in _RANGES.items():
        value = getattr(said, name, None)
        if value is not None and not low <= value <= high:
            raise EditError(f"{value:g} {what} cannot be: {low:g} to {high:g}")


def _check_amount(said: SayExercise) -> None:
    """Refuse an exercise that would take longer than a day: its load would drown every other."""
    each_s = (said.lowering_s or 0.0) + (said.hold_s or 0.0)
    if said.sets * said.reps * each_s > LONGEST_S:
        raise EditError(
            f"{said.sets} x {said.reps} of {each_s:g} s last longer than a day: give fewer, or shorter ones"
        )


def _check_texts(said: Said) -> None:
    note = getattr(said, "note", "")
    if len(note) > LONGEST_NOTE:
        raise EditError(f"the note has {len(note)} characters: {LONGEST_NOTE} at most")
    if isinstance(said, SayClearance) and not 0 < len(said.by_name.strip()) <= LONGEST_NAME:
        raise EditError(f"a clearance is a named person's word: give their name, {LONGEST_NAME} characters at most")


def _check_moment(said: Said, around: Around) -> None:
    at_utc = getattr(said, "at_utc", None)
    if isinstance(at_utc, datetime) and not FIRST_UTC <= at_utc <= around.now_utc + CLOCKS_DIFFER:
        raise EditError(f"{at_utc:%Y-%m-%d %H:%M} UTC has not been yet, or is too long ago: give another time")


def _check_days(said: Said, around: Around) -> None:
    if isinstance(said, SayCare | SayMedicine):
        last = said.last or said.first
        if said.first > last:
            raise EditError(f"{said.first} is after {last}: give the first day first")
        if last - said.first > MOST_DAYS:
            raise EditError(f"{said.first} to {last} are too many days at once: {MOST_DAYS.days} at most")
        first = said.first
    else:
        first = getattr(said, "day", around.today)
    if not FIRST_DAY <= first <= around.today:
        raise EditError(f"{first} has not been yet, or is too long ago: give another day")


def _check_session(said: SayPain | SayExercise, around: Around) -> None:
    if said.sid is None:
        return
    span = around.span_of(said.sid)
    if span is None:
        raise EditError(f"{around.person.display_name} has no session {said.sid}: 'sensor-hub session list' shows them")
    if isinstance(said, SayPain) and not span[0] - ABOUT_A_RUN <= said.at_utc <= span[1] + ABOUT_A_RUN:
        raise EditError(f"the session was on {span[0]:%Y-%m-%d}, more than a week from then: name another, or none")


def _check_symptoms(said: SaySymptoms) -> None:
    if not said.present and not said.absent and said.tender_cm is None:
        raise EditError("there is nothing to keep: name what you notice, or looked for and do not (--absent)")
    if both := sorted({*said.present} & {*said.absent}):
        raise EditError(f"{both[0]} is said to be there and not to be there: say one of them")


def _check_profile(said: SayProfile, around: Around) -> None:
    told = {f.name for f in fields(said) if f.name != "forget" and getattr(said, f.name) is not None}
    if not told and not said.forget:
        raise EditError("there is nothing to keep: say what it is of you, or what to forget")
    if both := sorted(told & {*said.forget}):
        raise EditError(f"{both[0]} is said and forgotten at once: do one of them")
    for name in ("born", "running_since"):
        day = getattr(said, name)
        if day is not None and not FIRST_DAY <= day <= around.today:
            raise EditError(f"{name.replace('_', ' ')} {day} has not been yet, or is too long ago: give another day")
    born = said.born or around.diary.profile.born
    since = said.running_since or around.diary.profile.running_since
    if born is not None and since is not None and since < born:
        raise EditError(f"running since {since} is before the birth on {born}: mend one of them")


def settings_change(said: Said) -> bool:
    """Whether what the load rules find may change with it: policy, parameters, or the least rest between runs."""
    return isinstance(said, SetPolicy | SetRule) or (
        isinstance(said, SayProfile) and (said.rest_h is not None or "rest_h" in said.forget)
    )


__all__ = ["Around", "check", "settings_change"]
