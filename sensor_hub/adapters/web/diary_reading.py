"""What the diary's forms say → lines of the diary; a FormError, for whoever filled it in, where they cannot be read."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final, TypeVar, get_args
from zoneinfo import ZoneInfo

from sensor_hub.adapters.web import diary_labels as labels
from sensor_hub.adapters.web.forms import (
    Fields,
    FormError,
    moment_of,
    read_day,
    read_duration_s,
    read_number,
    read_time,
)
from sensor_hub.model.diary import (
    EMERGENCIES,
    USUAL_HOURS,
    CareKind,
    Condition,
    Consent,
    ConsentCategory,
    CrossSport,
    ExerciseName,
    Ground,
    Knee,
    MedicineKind,
    PainQuality,
    PainSide,
    PainSite,
    PainTime,
    Said,
    SayCare,
    SayClearance,
    SayCrossTraining,
    SayEpisode,
    SayExercise,
    SayMedicine,
    SayPain,
    SayProfile,
    SaySleep,
    SaySymptoms,
    Symptom,
    Warming,
)

_Word = TypeVar("_Word", bound=str)
NOON: Final = time(12)
SYMPTOMS: Final[tuple[Symptom, ...]] = (*EMERGENCIES, *(s for s in get_args(Symptom) if s not in EMERGENCIES))


@dataclass(frozen=True, slots=True)
class Here:
    """Where and when a form is read: the athlete's zone, and now."""

    zone: str
    now_utc: datetime

    @property
    def today(self) -> date:
        """The athlete's local day."""
        return self.now_utc.astimezone(ZoneInfo(self.zone)).date()


def read_moment(fields: Fields, here: Here) -> datetime:
    """The day and time of a form; a day without a time is now today, else the hour that is usual for such a thing."""
    day = read_day(fields.get("day", "") or here.today.isoformat())
    at = read_time(fields.get("at", ""))
    if at is None and day == here.today:
        return here.now_utc
    moment = moment_of(day, _usual(fields) if at is None else at, here.zone)
    if moment > here.now_utc:
        raise FormError(labels.time_to_come())
    return moment


def read_pain(fields: Fields, here: Here) -> SayPain:
    """A level at a time."""
    level = read_number(fields.get("level", ""), labels.field("level"), 10)
    if level is None:
        raise FormError(labels.say_level())
    return SayPain(
        at_utc=read_moment(fields, here),
        when=_word(fields, "when", PainTime) or "morning",
        level=level,
        side=_word(fields, "side", PainSide) or "both",
        site=_word(fields, "site", PainSite) or "unknown",
        quality=_word(fields, "quality", PainQuality) or "pain",
        sid=fields.get("sid") or None,
        warming=_word(fields, "warming", Warming),
        onset_min=read_number(fields.get("onset_min", ""), labels.field("onset_min"), 2880),
        tapering=_truth(fields, "tapering"),
        note=fields.get("note", ""),
    )


def read_symptoms(fields: Fields, here: Here) -> SaySymptoms:
    """What is ticked, and the rest as looked for where that is said."""
    present = tuple(s for s in SYMPTOMS if s in fields)
    absent = tuple(s for s in SYMPTOMS if s not in fields) if "others-absent" in fields else ()
    tender_cm = read_number(fields.get("tender_cm", ""), labels.field("tender_cm"), 30)
    if not present and not absent and tender_cm is None:
        raise FormError(labels.nothing_said())
    return SaySymptoms(
        at_utc=read_moment(fields, here),
        present=present,
        absent=absent,
        side=_word(fields, "side", PainSide) or "both",
        tender_cm=tender_cm,
        note=fields.get("note", ""),
    )


def read_exercise(fields: Fields, here: Here) -> SayExercise:
    """An exercise that was done."""
    exercise = _word(fields, "exercise", ExerciseName)
    if exercise is None:
        raise FormError(labels.say_which())
    return SayExercise(
        at_utc=read_moment(fields, here),
        exercise=exercise,
        sets=_whole(fields, "sets", 100) or 1,
        reps=_whole(fields, "reps", 1000) or 1,
        side=_word(fields, "side", PainSide) or "both",
        knee=_word(fields, "knee", Knee),
        ground=_word(fields, "ground", Ground),
        hold_s=read_number(fields.get("hold_s", ""), labels.field("hold_s"), 600, 0.5),
        lowering_s=read_number(fields.get("lowering_s", ""), labels.field("lowering_s"), 60, 0.1),
        both_feet_up=_truth(fields, "both_feet_up"),
        pain=read_number(fields.get("pain", ""), labels.field("pain"), 10),
        added_kg=read_number(fields.get("added_kg", ""), labels.field("added_kg"), 500) or 0.0,
        note=fields.get("note", ""),
    )


def read_cross_training(fields: Fields, here: Here) -> SayCrossTraining:
    """Another sport."""
    sport = _word(fields, "sport", CrossSport)
    duration_s = read_duration_s(fields.get("duration", ""))
    if sport is None or duration_s is None:
        raise FormError(labels.nothing_said())
    pain = read_number(fields.get("pain", ""), labels.field("pain"), 10)
    return SayCrossTraining(read_moment(fields, here), sport, duration_s, pain, fields.get("note", ""))


def read_care(fields: Fields, here: Here) -> SayCare:
    """Something done or worn."""
    kind = _word(fields, "care", CareKind)
    if kind is None:
        raise FormError(labels.say_which())
    return SayCare(kind, *_span(fields, here), fields.get("note", ""))


def read_medicine(fields: Fields, here: Here) -> SayMedicine:
    """A medicine."""
    kind = _word(fields, "medicine", MedicineKind)
    if kind is None:
        raise FormError(labels.say_which())
    return SayMedicine(kind, *_span(fields, here), fields.get("note", ""))


def read_sleep(fields: Fields, here: Here) -> SaySleep:
    """A night."""
    sleep_h = read_number(fields.get("sleep_h", ""), labels.field("sleep_h"), 24)
    day = read_day(fields.get("day", "") or here.today.isoformat())
    return SaySleep(day, sleep_h, _truth(fields, "ate_well"), fields.get("note", ""))


def read_profile(fields: Fields, _here: Here) -> SayProfile:
    """What somebody says of themselves."""
    conditions: tuple[Condition, ...] | None = tuple(c for c in get_args(Condition) if c in fields)
    if not conditions and "no-condition" not in fields:
        conditions = None
    said = SayProfile(
        born=read_day(fields["born"]) if fields.get("born") else None,
        running_since=read_day(fields["running_since"]) if fields.get("running_since") else None,
        conditions=conditions,
        weak_calf=_truth(fields, "weak_calf"),
        knee_to_wall_cm=read_number(fields.get("knee_to_wall_cm", ""), labels.field("knee_to_wall_cm"), 30),
        rest_h=read_number(fields.get("rest_h", ""), labels.field("rest_h"), 336),
    )
    if said == SayProfile():
        raise FormError(labels.nothing_said())
    return said


def read_episode(fields: Fields, here: Here) -> SayEpisode:
    """A spell of trouble began, or is over."""
    state = "recovered" if fields.get("state") == "recovered" else "began"
    day = read_day(fields.get("day", "") or here.today.isoformat())
    return SayEpisode(day, state, _word(fields, "side", PainSide) or "both", fields.get("note", ""))  # type: ignore[arg-type]


def read_clearance(fields: Fields, here: Here) -> SayClearance:
    """A clinician's word."""
    if not fields.get("by_name"):
        raise FormError(labels.say_name())
    role = "physiotherapist" if fields.get("role") == "physiotherapist" else "physician"
    day = read_day(fields.get("day", "") or here.today.isoformat())
    return SayClearance(day, fields["by_name"], role)  # type: ignore[arg-type]


def read_consents(fields: Fields, granted: frozenset[ConsentCategory]) -> list[Said]:
    """What was ticked or no longer is."""
    categories: tuple[ConsentCategory, ...] = get_args(ConsentCategory)
    return [Consent(c, c in fields) for c in categories if (c in fields) is not (c in granted)]


Reader = Callable[[Fields, Here], Said]
READERS: Final[dict[str, Reader]] = {
    "pain": read_pain,
    "symptoms": read_symptoms,
    "exercise": read_exercise,
    "cross-training": read_cross_training,
    "care": read_care,
    "medicine": read_medicine,
    "sleep": read_sleep,
    "profile": read_profile,
    "episode": read_episode,
    "clearance": read_clearance,
}


def _word(fields: Fields, name: str, of: object) -> _Word | None:
    """The chosen word, None where nothing, or none of those that there are, was chosen."""
    value = fields.get(name, "")
    return value if value in get_args(of) else None  # type: ignore[return-value]


def _usual(fields: Fields) -> time:
    when: PainTime | None = _word(fields, "when", PainTime)
    return NOON if when is None or when not in USUAL_HOURS else time(USUAL_HOURS[when])


def _truth(fields: Fields, name: str) -> bool | None:
    return {"yes": True, "no": False}.get(fields.get(name, ""))


def _whole(fields: Fields, name: str, highest: int) -> int | None:
    value = read_number(fields.get(name, ""), labels.field(name), highest, 1)
    return None if value is None else round(value)


def _span(fields: Fields, here: Here) -> tuple[date, date | None]:
    first = read_day(fields.get("first", "") or here.today.isoformat())
    return first, read_day(fields["last"]) if fields.get("last") else None
