"""Titles, labels and choices of the diary's forms; what was said is told by the words."""

from collections.abc import Callable
from typing import Final

from sensor_hub.model.diary import Symptom
from sensor_hub.words import translate as _
from sensor_hub.words import translate_n as _n


def entries_title() -> str:
    """Title of the list of lines."""
    return _("What you said")


def no_entries() -> str:
    """The diary is empty."""
    return _("Nothing yet. What is not said is unknown; nobody takes it for well.")


def older(n: int) -> str:
    """How many lines are not shown."""
    return _("and {n} older").format(n=n)


def made(when: str, by: str) -> str:
    """When and where a line was written."""
    return _("written {when}, {by}").format(when=when, by=by)


def save() -> str:
    """Sends a form."""
    return _("Save")


def choose() -> str:
    """First of a list nobody chose from yet."""
    return _("Choose")


def not_said() -> str:
    """A choice that says nothing."""
    return _("not said")


def yes() -> str:
    """Yes."""
    return _("yes")


def no() -> str:
    """No."""
    return _("no")


def more() -> str:
    """Opens the rest of a form."""
    return _("More about it")


def kind_title(kind: str) -> str:
    """What a form is for."""
    return {
        "pain": _("Pain or stiffness"),
        "symptoms": _("Symptoms"),
        "exercise": _("Exercise done"),
        "cross-training": _("Another sport"),
        "care": _("Care: ice, tape, shoes and the like"),
        "medicine": _("Medicine"),
        "sleep": _("Sleep and food"),
        "profile": _("About you"),
        "episode": _("A spell of trouble"),
        "clearance": _("A clinician's word"),
        "consent": _("What the coach may see"),
    }[kind]


def kind_note(kind: str) -> str:
    """What to know before filling a form in; empty where it speaks for itself."""
    return {
        "pain": _("0 is nothing, 10 the worst you can think of. Saying 0 says that it does not hurt."),
        "symptoms": _("Tick what you notice. The first six need medical care at once."),
        "sleep": _("Kept for you; no rule uses it."),
        "profile": _("What is left out stays as it is."),
        "clearance": _(
            "That full intensity is free again is for a physician or physiotherapist to say, never a coach."
        ),
        "consent": _(
            "It is for the page of all athletes. Load is shown there unless you take the tick away. That your headroom "
            "is held back shows without a tick; that running is ended by pain, or by a medicine, only with one. Your "
            "own page shows what was run to whoever opens it."
        ),
    }.get(kind, "")


def field(name: str) -> str:
    """Name of a field."""
    return {
        "level": _("How much, 0 to 10"),
        "when": _("When"),
        "day": _("Day"),
        "at": _("At"),
        "side": _("Leg"),
        "site": _("Where"),
        "quality": _("What"),
        "sid": _("Run"),
        "warming": _("During the run it"),
        "tapering": _("After the run it becomes less"),
        "onset_min": _("Soreness set in, minutes after"),
        "note": _("Note"),
        "tender_cm": _("Most tender, cm above the heel bone"),
        "others-absent": _("I looked for the others; I do not have them"),
        "exercise": _("Exercise"),
        "sets": _("Sets"),
        "reps": _("Repetitions a set"),
        "knee": _("Knee"),
        "ground": _("Ground"),
        "hold_s": _("Each hold, s"),
        "lowering_s": _("Way down, s"),
        "both_feet_up": _("The other leg helped on the way up"),
        "pain": _("Worst pain, 0 to 10"),
        "added_kg": _("Added weight, kg"),
        "sport": _("Sport"),
        "duration": _("Time"),
        "care": _("What"),
        "medicine": _("Which"),
        "first": _("From"),
        "last": _("To (leave empty for that day alone)"),
        "sleep_h": _("Sleep, h"),
        "ate_well": _("Ate well"),
        "born": _("Born"),
        "running_since": _("Running since"),
        "metabolic": _("A metabolic condition, such as diabetes"),
        "chronic": _("Another chronic condition"),
        "no-condition": _("No such condition"),
        "weak_calf": _("A weak calf"),
        "knee_to_wall_cm": _("Knee to wall, cm"),
        "rest_h": _("Least hours between two runs"),
        "state": _("It"),
        "by_name": _("Name"),
        "role": _("Who is a"),
    }[name]


def choice(group: str, value: str) -> str:
    """Text of a choice of a list."""
    return _CHOICES[group]()[value]


def _times() -> dict[str, str]:
    return {
        "morning": _("in the morning, on getting up"), "before": _("before a run"),
        "during": _("during a run, the worst"), "after": _("after a run, the worst"),
        "evening": _("the evening of a run"), "day-after": _("24 h after a run, or later"),
        "exercise": _("in an exercise"),
    }  # fmt: skip


def _sites() -> dict[str, str]:
    return {
        "unknown": _("not said"), "mid-portion": _("2 to 6 cm above the heel bone"),
        "insertion": _("at the heel bone"), "above": _("higher than 6 cm"), "elsewhere": _("somewhere else"),
    }  # fmt: skip


def _exercises() -> dict[str, str]:
    return {
        "heel-drop": _("Heel drop"), "heel-raise": _("Heel raise"), "isometric-hold": _("Hold"),
        "slow-heavy": _("Slow and heavy"), "hop": _("Hops"), "plyometrics": _("Jumps"),
        "run-drills": _("Running drills"),
        "depth-jump": _("Depth jump"), "split-squat": _("Split squat"), "box-jump": _("Box jump"),
        "glutes": _("Glutes"), "hips": _("Hips"), "ankle-mobility": _("Ankle mobility"),
        "calf-stretch": _("Calf stretch"), "strength": _("Strength"),
    }  # fmt: skip


def _cares() -> dict[str, str]:
    return {
        "ice": _("Ice"), "heat": _("Heat"), "tape": _("Tape"), "foam-roll": _("Foam roll"), "massage": _("Massage"),
        "compression": _("Compression"), "warm-up": _("Warm-up"), "orthotic": _("Orthotic"),
        "heel-lift": _("Heel lift"), "higher-drop": _("Shoes with a higher drop"),
    }  # fmt: skip


_CHOICES: Final[dict[str, Callable[[], dict[str, str]]]] = {
    "when": _times,
    "site": _sites,
    "quality": lambda: {"pain": _("pain"), "stiffness": _("stiffness")},
    "warming": lambda: {
        "first-km": _("went within the first kilometre"), "warm-up": _("went while warming up"), "no": _("stayed"),
    },
    "knee": lambda: {"straight": _("straight"), "bent": _("bent")},
    "ground": lambda: {"flat": _("flat ground"), "step": _("a step")},
    "exercise": _exercises,
    "care": _cares,
    "medicine": lambda: {
        "nsaid": _("Anti-inflammatory painkiller (such as ibuprofen)"),
        "fluoroquinolone": _("Fluoroquinolone antibiotic (such as ciprofloxacin)"),
        "steroid-injection": _("Steroid injection"), "other": _("Another"),
    },
    "state": lambda: {"began": _("began"), "recovered": _("is over")},
    "role": lambda: {"physician": _("physician"), "physiotherapist": _("physiotherapist")},
    "category": lambda: {
        "load": _("Load: what was run"), "pain": _("Pain: whether it ends running"),
        "medication": _("Medicines: whether one ends running"),
    },
}  # fmt: skip


def symptom(name: Symptom) -> str:
    """A symptom, as somebody who has it would say it."""
    return {
        "sudden-severe-pain": _("Sudden severe pain"),
        "pop": _("A pop or snap"),
        "cannot-bear-weight": _("I cannot put weight on it"),
        "cannot-walk": _("I cannot walk"),
        "cannot-rise-on-toes": _("I cannot rise on my toes"),
        "severe-bruising-swelling": _("Severe bruising or swelling"),
        "swelling": _("Some swelling"),
        "thickening": _("It feels thicker"),
        "redness": _("Redness"),
        "tenderness": _("Tender to touch"),
        "weak-push-off": _("A weak push-off"),
        "pain-pulling-foot-up": _("It hurts when I pull the foot up"),
        "stiff-ankle": _("A stiff ankle"),
        "pain-after-sitting": _("It hurts after sitting"),
        "pain-when-jumping": _("It hurts when I jump"),
        "pain-walking": _("It hurts when I walk"),
    }[name]


def time_to_come() -> str:
    """Somebody said a time that has not been."""
    return _("That time is yet to come.")


def nothing_said() -> str:
    """A form was sent empty."""
    return _("Say something first.")


def say_level() -> str:
    """No level was chosen."""
    return _("Choose how much it hurts; 0 says that it does not.")


def say_which() -> str:
    """Nothing was chosen from a list."""
    return _("Choose what it was.")


def say_name() -> str:
    """No name was given."""
    return _("Say who gave it.")


def by_its_time() -> str:
    """A run that is told by the time."""
    return _("told by its time")


def pain_chart_title() -> str:
    """Title of the chart of pain over load."""
    return _("Pain over your weekly load")


def pain_chart_note() -> str:
    """What the chart shows."""
    return _(
        "Dots are what you said, 0 to 10, at the right scale; bars are the week's modelled push-off load. "
        "Side by side they show what came with what, not what caused it."
    )


def pain_chart_keys() -> list[tuple[str, str]]:
    """Legend of the chart."""
    return [
        ("bar", _("Push-off load of a week")),
        ("bound", _("at least")),
        ("unknown", _("not known")),
        ("range", _("likely range (80 %)")),
        ("pain-left", _("left")),
        ("pain-right", _("right")),
        ("pain-both", _("both or not said")),
        ("pain-filled", _("filled: at rest, as in the morning")),
        ("pain-hollow", _("hollow: with or after a run")),
    ]


def pain_chart_header() -> list[str]:
    """Header of the table behind the chart."""
    return [_("When"), _("What"), _("Level")]


def pain_chart_label(n: int) -> str:
    """What the chart shows, for those who do not see it."""
    return _n(
        "{n} level of pain as a dot over the weekly load; the table below has the numbers.",
        "{n} levels of pain as dots over the weekly load; the table below has the numbers.",
        n,
    ).format(n=n)


def pain_axis() -> str:
    """Name of the right scale."""
    return _("pain")
