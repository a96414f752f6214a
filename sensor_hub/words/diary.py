"""What was said in the diary, as sentences in the past, and what its words are called."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from sensor_hub.model.diary import (
    Consent,
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
    SetPolicy,
    SetRule,
    StartPlan,
    StepPlanBack,
    StopPlan,
    WornOut,
)
from sensor_hub.words.days import dated, days_text, moment_text
from sensor_hub.words.lengths import length_m, length_unit
from sensor_hub.words.translation import translate as _


def pain_time_word(when: str) -> str:
    """When something hurt."""
    return {
        "before": _("before the run"),
        "during": _("worst during the run"),
        "after": _("worst after the run"),
        "evening": _("in the evening"),
        "morning": _("in the morning, on getting up"),
        "day-after": _("24 hours after the run or later"),
        "exercise": _("in an exercise"),
    }[when]


def side_word(side: str) -> str:
    """Which leg."""
    return {"L": _("left"), "R": _("right"), "both": _("both sides")}[side]


def site_word(site: str) -> str:
    """Where along the tendon."""
    return {
        "mid-portion": _("2 to 6 cm above the heel bone"),
        "insertion": _("at the heel bone"),
        "above": _("higher than 6 cm above the heel bone"),
        "elsewhere": _("somewhere else"),
        "unknown": _("place not said"),
    }[site]


def warming_word(warming: str) -> str:
    """How pain of a run went on."""
    return {
        "first-km": _("gone within the first kilometre"),
        "warm-up": _("gone while warming up"),
        "no": _("it did not go while warming up"),
    }[warming]


def symptom_word(symptom: str) -> str:
    """What somebody may notice."""
    return {
        "sudden-severe-pain": _("sudden severe pain"),
        "pop": _("a pop or snap"),
        "cannot-bear-weight": _("cannot bear weight"),
        "cannot-walk": _("cannot walk"),
        "cannot-rise-on-toes": _("cannot rise on the toes"),
        "severe-bruising-swelling": _("severe bruising or swelling"),
        "swelling": _("swelling"),
        "thickening": _("a thickening"),
        "redness": _("redness"),
        "tenderness": _("sore to the touch"),
        "weak-push-off": _("a weak push-off"),
        "pain-pulling-foot-up": _("pain when the foot is pulled up"),
        "stiff-ankle": _("a stiff ankle"),
        "pain-after-sitting": _("pain on getting up from sitting"),
        "pain-when-jumping": _("pain when jumping"),
        "pain-walking": _("pain when walking"),
    }[symptom]


def exercise_word(exercise: str) -> str:
    """What an exercise is called."""
    return {
        "heel-drop": _("heel drops"),
        "heel-raise": _("heel raises"),
        "isometric-hold": _("holds"),
        "slow-heavy": _("slow heavy raises"),
        "hop": _("hops"),
        "plyometrics": _("jumps"),
        "run-drills": _("running drills"),
        "depth-jump": _("depth jumps"),
        "split-squat": _("split squats"),
        "box-jump": _("box jumps"),
        "glutes": _("glute exercises"),
        "hips": _("hip exercises"),
        "ankle-mobility": _("ankle mobility"),
        "calf-stretch": _("calf stretches"),
        "strength": _("strength training"),
    }[exercise]


def knee_word(knee: str) -> str:
    """How the knee was held."""
    return {"straight": _("knee straight"), "bent": _("knee bent")}[knee]


def ground_word(ground: str) -> str:
    """What it was done on."""
    return {"step": _("on a step"), "flat": _("on flat ground")}[ground]


def sport_word(sport: str) -> str:
    """Another sport."""
    return {
        "cycling": _("cycling"),
        "swimming": _("swimming"),
        "rowing": _("rowing"),
        "walking": _("walking"),
        "other": _("another sport"),
    }[sport]


def care_word(kind: str) -> str:
    """What was done or worn for comfort."""
    return {
        "ice": _("ice"),
        "heat": _("heat"),
        "tape": _("tape"),
        "foam-roll": _("foam rolling"),
        "massage": _("massage"),
        "compression": _("compression"),
        "warm-up": _("a warm-up"),
        "orthotic": _("an orthotic"),
        "heel-lift": _("a heel lift"),
        "higher-drop": _("shoes with a higher drop"),
    }[kind]


def medicine_word(kind: str) -> str:
    """A medicine."""
    return {
        "nsaid": _("an anti-inflammatory painkiller (NSAID)"),
        "fluoroquinolone": _("a fluoroquinolone antibiotic"),
        "steroid-injection": _("a steroid injection"),
        "other": _("another medicine"),
    }[kind]


def plan_word(plan: str) -> str:
    """What a plan is called."""
    return {
        "return-to-running": _("return to running"),
        "mid-portion": _("exercises for the tendon's middle"),
        "insertional": _("exercises on flat ground"),
        "isometric": _("holds"),
    }[plan]


def consent_word(category: str) -> str:
    """What a coach may see."""
    return {"load": _("load"), "pain": _("pain and what follows from it"), "medication": _("medicines")}[category]


def field_word(name: str) -> str:
    """What somebody says of themselves."""
    return {
        "born": _("date of birth"),
        "running_since": _("running since"),
        "conditions": _("conditions"),
        "weak_calf": _("a weak calf"),
        "knee_to_wall_cm": _("knee to wall"),
        "rest_h": _("least hours between two runs"),
    }[name]


def said_sentence(said: Said, zone: str, shoes: Mapping[str, str] | None = None) -> str:
    """One line of the diary. zone : the athlete's, for times of day. shoes : names of pairs by id."""
    if isinstance(said, WornOut):
        pair = (shoes or {}).get(said.shoe, said.shoe)
        text = _("Said that {pair} is worn out.") if said.worn else _("Said that {pair} is not worn out.")
        return text.format(pair=pair)
    return _SENTENCES[type(said)](said, zone)


def one_line(text: str) -> str:
    """People's own words on one line, whatever is in them."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _line(*parts: str, note: str = "") -> str:
    told = [part for part in parts if part]
    return ", ".join(told) + "." + (f" “{one_line(note)}”" if note else "")


def _pain(said: SayPain, zone: str) -> str:
    what = _("Stiffness {level:g}/10") if said.quality == "stiffness" else _("Pain {level:g}/10")
    return _line(
        what.format(level=said.level),
        pain_time_word(said.when),
        side_word(said.side),
        "" if said.site == "unknown" else site_word(said.site),
        "" if said.warming is None else warming_word(said.warming),
        "" if said.onset_min is None else _("it set in {n:.0f} min after the run").format(n=said.onset_min),
        "" if said.tapering is None else (_("becoming less") if said.tapering else _("not becoming less")),
        moment_text(said.at_utc, zone),
        note=said.note,
    )


def _symptoms(said: SaySymptoms, zone: str) -> str:
    present, absent = (", ".join(symptom_word(s) for s in some) for some in (said.present, said.absent))
    tender = "" if said.tender_cm is None else _("most tender {cm:g} cm above the heel bone").format(cm=said.tender_cm)
    return _line(
        _("Noticed: {what}").format(what=present) if present else "",
        _("looked for and not there: {what}").format(what=absent) if absent else "",
        tender,
        side_word(said.side),
        moment_text(said.at_utc, zone),
        note=said.note,
    )


def _exercise(said: SayExercise, zone: str) -> str:
    return _line(
        _("Did {sets} x {reps} {what}").format(sets=said.sets, reps=said.reps, what=exercise_word(said.exercise)),
        side_word(said.side),
        "" if said.knee is None else knee_word(said.knee),
        "" if said.ground is None else ground_word(said.ground),
        "" if said.hold_s is None else _("held {s:g} s").format(s=said.hold_s),
        "" if said.lowering_s is None else _("{s:g} s on the way down").format(s=said.lowering_s),
        _("the other leg helped up") if said.both_feet_up else "",
        _("{kg:g} kg added").format(kg=said.added_kg) if said.added_kg else "",
        "" if said.pain is None else _("pain {level:g}/10").format(level=said.pain),
        _("counted by a sensor (experimental)") if said.counted else "",
        moment_text(said.at_utc, zone),
        note=said.note,
    )


def _cross(said: SayCrossTraining, zone: str) -> str:
    return _line(
        _("{minutes:.0f} min of {sport}").format(minutes=said.duration_s / 60, sport=sport_word(said.sport)),
        "" if said.pain is None else _("pain {level:g}/10").format(level=said.pain),
        moment_text(said.at_utc, zone),
        note=said.note,
    )


def _span(first: date, last: date | None) -> str:
    return dated(first) if last is None else days_text(first, last)


def _care(said: SayCare, _zone: str) -> str:
    return _line(_("Used {what}").format(what=care_word(said.kind)), _span(said.first, said.last), note=said.note)


def _medicine(said: SayMedicine, _zone: str) -> str:
    return _line(_("Took {what}").format(what=medicine_word(said.kind)), _span(said.first, said.last), note=said.note)


def _sleep(said: SaySleep, _zone: str) -> str:
    ate = {None: "", True: _("ate well"), False: _("did not eat well")}[said.ate_well]
    slept = "" if said.sleep_h is None else _("slept {h:g} h").format(h=said.sleep_h)
    return _line(dated(said.day), slept, ate, note=said.note)


def _profile(said: SayProfile, _zone: str) -> str:
    told = [_field(name, value) for name in _FIELDS if (value := getattr(said, name)) is not None]
    forgot = [_("{field} forgotten").format(field=field_word(name)) for name in said.forget]
    return _("Of themselves: {what}.").format(what=", ".join([*told, *forgot]))


_FIELDS = ("born", "running_since", "conditions", "weak_calf", "knee_to_wall_cm", "rest_h")


def _field(name: str, value: Any) -> str:
    if name == "conditions":
        shown = ", ".join(_condition(word) for word in value) or _("none")
    elif isinstance(value, bool):
        shown = _("yes") if value else _("no")
    else:
        shown = f"{value} cm" if name == "knee_to_wall_cm" else str(value)
    return f"{field_word(name)}: {shown}"


def _condition(word: str) -> str:
    return {"metabolic": _("a metabolic one"), "chronic": _("a chronic one")}[word]


def _episode(said: SayEpisode, _zone: str) -> str:
    text = _("A spell of trouble began") if said.state == "began" else _("A spell of trouble is over")
    return _line(text, side_word(said.side), dated(said.day), note=said.note)


def _clearance(said: SayClearance, _zone: str) -> str:
    role = {"physician": _("physician"), "physiotherapist": _("physiotherapist")}[said.role]
    text = _("Full intensity is free again, says {name}, {role}, {day}.")
    return text.format(name=one_line(said.by_name), role=role, day=dated(said.day))


def _start(said: StartPlan, _zone: str) -> str:
    usual = "" if said.usual_m is None else _("usually {distance} a week").format(distance=_usual(said.usual_m))
    began = _("Began the plan: {plan}").format(plan=plan_word(said.plan))
    return _line(began, side_word(said.side), usual, dated(said.day))


def _usual(distance_m: float) -> str:
    return _("{distance} {unit}").format(distance=f"{distance_m / length_m():.4g}", unit=length_unit())


def _back(said: StepPlanBack, _zone: str) -> str:
    return _line(_("Went one stage back in the plan: {plan}").format(plan=plan_word(said.plan)), dated(said.day))


def _stop(said: StopPlan, _zone: str) -> str:
    ended = _("Ended the plan: {plan}").format(plan=plan_word(said.plan))
    return _line(ended, dated(said.day), note=said.note)


def _policy(said: SetPolicy, _zone: str) -> str:
    return _("Set which rules alert: {policy}.").format(policy=said.policy)


def _rule(said: SetRule, _zone: str) -> str:
    if said.parameter == "on":
        text = _("Switched the rule {rule} off.") if said.value == 0 else _("Switched the rule {rule} on.")
        return text.format(rule=said.rule)
    if said.value is None:
        return _("Gave the rule {rule} its own {parameter} back.").format(rule=said.rule, parameter=said.parameter)
    return _("Set {parameter} of the rule {rule} to {value:g}.").format(
        parameter=said.parameter, rule=said.rule, value=said.value
    )


def _consent(said: Consent, _zone: str) -> str:
    text = _("The coach may see: {what}.") if said.granted else _("The coach may no longer see: {what}.")
    return text.format(what=consent_word(said.category))


_SENTENCES: dict[type, Callable[[Any, str], str]] = {
    SayPain: _pain,
    SaySymptoms: _symptoms,
    SayExercise: _exercise,
    SayCrossTraining: _cross,
    SayCare: _care,
    SayMedicine: _medicine,
    SaySleep: _sleep,
    SayProfile: _profile,
    SayEpisode: _episode,
    SayClearance: _clearance,
    StartPlan: _start,
    StepPlanBack: _back,
    StopPlan: _stop,
    SetPolicy: _policy,
    SetRule: _rule,
    Consent: _consent,
}


def consents_sentence(granted: Iterable[str]) -> str:
    """What the coach may see, as it is now."""
    words = [consent_word(each) for each in sorted(granted)]
    return _("The coach may see: {what}.").format(what=", ".join(words)) if words else _("The coach may see nothing.")


__all__ = [
    "care_word", "consent_word", "consents_sentence", "exercise_word", "field_word", "ground_word", "knee_word",
    "medicine_word", "pain_time_word", "plan_word", "said_sentence", "side_word", "site_word", "sport_word",
    "symptom_word", "warming_word",
]  # fmt: skip
