"""Sentences of the rules of profile, medicines, care, episodes and too little load."""

from datetime import date
from typing import Final

from sensor_hub.model.guidance import Notice
from sensor_hub.words.days import days_text
from sensor_hub.words.numbers import UNKNOWN, fixed
from sensor_hub.words.translation import translate as _

RULES: Final[frozenset[str]] = frozenset(
    {
        "under-18", "age", "vulnerable", "fluoroquinolone", "condition", "weak-calf", "limited-ankle",
        "tight-or-too-much", "anti-inflammatory", "tape", "first-year", "comes-back", "under-load", "profile-unknown",
    }
)  # fmt: skip


def sentence(notice: Notice, theirs: bool) -> str:
    """Return a notice in one or two short sentences."""
    text = _texts(theirs)[(notice.rule, notice.key)]
    facts = {name: _shown(value) for name, value in notice.facts.items()}
    if notice.rule == "profile-unknown":
        facts["missing"] = _missing(str(notice.facts.get("missing", "")))
    return text.format(**facts)


def why(notice: Notice) -> list[str]:
    """Return what is behind it, a line each."""
    lines = _reasons()[notice.rule]
    return [*lines, _("Source: {rows}.").format(rows=", ".join(notice.rows))] if notice.rows else list(lines)


def _texts(theirs: bool) -> dict[tuple[str, str], str]:
    return {**_medical(theirs), **_about(theirs), **_habits(theirs)}


def _medical(theirs: bool) -> dict[tuple[str, str], str]:
    return {
        ("fluoroquinolone", "prescriber-first"): _(
            "An antibiotic that can weaken tendons was taken until {last}. "
            "First speak to whoever prescribed it; until then there is no exercise plan."
        ),
        ("condition", "metabolic"): _(
            "A metabolic condition can weaken tendons: limits are kept careful, and the planner lets nothing grow."
        ),
        ("condition", "chronic"): _(
            "A chronic condition can weaken tendons: limits are kept careful, and the planner lets nothing grow."
        ),
        ("anti-inflammatory", "short-term"): _(
            "Anti-inflammatories on {days} of the last {window_days} days: for a short time, as a physician advises."
        ),
        ("anti-inflammatory", "long"): _(
            "Anti-inflammatories on {days} of the last {window_days} days: that is more than a few. "
            "They ease pain and mend nothing; please ask a physician."
        ),
        ("anti-inflammatory", "too-long"): _(
            "Anti-inflammatories on {days} of the last {window_days} days: too long without advice. "
            "Please speak to a physician before taking more."
        ),
        ("comes-back", "assessment"): _(
            "Trouble began {n} times within {days} days. Somebody who knows about it could look at how they run."
        )
        if theirs
        else _("Trouble began {n} times within {days} days. Let somebody who knows about it look at how you run."),
        ("under-18", "load-view-only"): _("Under 18: the load is shown, and there are no plans and no exercises."),
    }


def _about(theirs: bool) -> dict[tuple[str, str], str]:
    return {
        ("age", "tolerates-less"): _(
            "At {age_years} a tendon takes longer to adapt than it did. No limit is changed for it."
        ),
        ("vulnerable", "weekends-only"): _(
            "Runs at weekends only: two hard days and five without ask more of a tendon. "
            "Warm up, and spread a part into the week."
        ),
        ("vulnerable", "new-runner"): _(
            "Running since {running_since}: tendons need longer than breath and muscles. Warm up, and build up slowly."
        ),
        ("vulnerable", "after-injury"): _("Less than a year since trouble ({day}): warm up, and build up slowly."),
        ("first-year", "watch"): _(
            "Recovered on {recovered}. Trouble comes back most in the first year: until {until} keep up the exercises "
            "and note how each run is answered."
        ),
        ("weak-calf", "strengthen"): _(
            "A weak calf leaves more to the tendon. Strengthening the calf takes some of that away."
        ),
        ("limited-ankle", "knee-to-wall"): _(
            "Knee to wall {cm} cm, below {least_cm} cm: an ankle that bends little asks more of the tendon."
        ),
        ("profile-unknown", "missing"): (
            _("Not known of them: {missing}.") if theirs else _("Not known of you: {missing}.")
        )
        + " "
        + _("Rules that need it say nothing."),
    }


def _habits(theirs: bool) -> dict[tuple[str, str], str]:
    return {
        ("tight-or-too-much", "stiff-ankle"): _(
            "A stiff ankle adds to the tendon's work. Gentle mobility is fine; do not stretch into pain."
        ),
        ("tight-or-too-much", "too-much"): _(
            "{n} runs or weeks in {days} days were above a limit. Too much at once is a common beginning of trouble."
        ),
        ("tape", "for-weeks"): _(
            "Tape for {weeks} weeks now. It can help through a run, and is nothing to stay with: "
            "what carries is a stronger calf."
        ),
        ("under-load", "resting"): (
            _("{days} days without a run or an exercise for their tendon.")
            if theirs
            else _("{days} days without a run or an exercise for your tendon.")
        )
        + " "
        + _("Rest alone weakens it further; begin small, and within what hurts little."),
        ("under-load", "gap-unknown"): _(
            "No run and no exercise is known since {days} days, and nobody said whether it was rest. "
            "Rested, or not recorded?"
        ),
    }


def _reasons() -> dict[str, tuple[str, ...]]:
    text_only = _("It rests on a text; no study gave a number.")
    return {
        "under-18": (_("Plans and limits of pain were made for adults."),),
        "age": (text_only, _("How much it matters at an age is not known, so nothing is multiplied.")),
        "vulnerable": (text_only, _("A year, and four weeks of weekends, are our own choice.")),
        "fluoroquinolone": (
            _("Drug labels tell of tendon ruptures, also months after the last dose."),
            _("It ends when a physician's clearance is put in."),
        ),
        "condition": (text_only, _("The planner then stays at what was run already: our own choice.")),
        "weak-calf": (text_only,),
        "limited-ankle": (_("Studies saw it more in people with trouble. The centimetres are our own choice."),),
        "tight-or-too-much": (text_only, _("How many alerts are too many is our own choice.")),
        "anti-inflammatory": (
            _("They are for the first days of a bad spell. Where these end is our own choice: three days, and five."),
        ),
        "tape": (text_only, _("From how many weeks on it is said is our own choice.")),
        "first-year": (text_only,),
        "comes-back": (text_only, _("Twice in a year is our own choice.")),
        "under-load": (
            _("Two texts say so; from two weeks on is our own choice."),
            _("Only days that were rest count; days that nobody spoke of are unknown."),
        ),
        "profile-unknown": (_("What is not said is unknown; it is never taken to be well."),),
    }


def _missing(names: str) -> str:
    words = {
        "born": _("when born"),
        "running_since": _("running since when"),
        "conditions": _("metabolic or chronic conditions"),
        "weak_calf": _("whether a calf is weak"),
        "knee_to_wall_cm": _("the knee-to-wall test"),
    }
    return ", ".join(words.get(name, name) for name in names.split(",") if name)


def _shown(value: object) -> str:
    if isinstance(value, bool) or value is None:
        return UNKNOWN
    if isinstance(value, date):
        return days_text(value, value)
    if isinstance(value, float | int):
        return fixed(float(value), 0 if float(value).is_integer() else 1)
    return str(value)
