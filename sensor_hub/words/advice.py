"""Texts that stand whatever anybody's numbers are: comfort, claims, injections, names, and what all this is not.

Each names the rows of the source texts it stands for; its key is that of its rule (``guidelines.catalogue.texts``).
"""

from dataclasses import dataclass

from sensor_hub.words.terms import safety_text
from sensor_hub.words.translation import translate as _


@dataclass(frozen=True, slots=True)
class AdviceSection:
    """A heading and what stands under it. rows : of the source texts, such as "C02"."""

    key: str
    title: str
    lines: tuple[str, ...]
    rows: tuple[str, ...]


def advice_sections(ice_min: float = 15.0, first_days: float = 5.0) -> list[AdviceSection]:
    """Every text. ice_min : minutes of one cooling. first_days : how many days count as the first."""
    return [
        _disclaimer(),
        _first_days(first_days),
        _ice(ice_min),
        _medicines(),
        _injections(),
        _resting(),
        _easy(),
        _knees(),
        _claims(),
        _names(first_days),
    ]


def advice_section(key: str) -> AdviceSection:
    """Return one text; KeyError if there is none of that key."""
    return {section.key: section for section in advice_sections()}[key]


def disclaimer_text() -> str:
    """What stands under every plan and every alert."""
    return _("Training information from your own history. It is no diagnosis and no treatment, and replaces no doctor.")


def ice_steps(minutes: float = 15.0) -> list[str]:
    """What to do while a timer for ice runs."""
    return [
        _("Put a cloth around the pack: no ice on bare skin."),
        _("{minutes:g} minutes, then take it off. Several times a day if you want.").format(minutes=minutes),
        _("Take it off at once if the skin turns white or numb."),
        _("It eases; it is not what makes a tendon stronger."),
    ]


def _disclaimer() -> AdviceSection:
    return AdviceSection("text-disclaimer", _("What this is not"), (disclaimer_text(), safety_text()), ("B16",))


def _first_days(days: float) -> AdviceSection:
    return AdviceSection(
        "text-first-days",
        _("The first days"),
        (
            _("In the first {days:g} days rest, cooling, a bandage and a raised leg may make it more bearable.").format(
                days=days
            ),
            _("That is comfort and no plan: what a tendon is asked to carry again has to be built up by load."),
            _("No plan here consists of rest or ice alone."),
        ),
        ("A14",),
    )


def _ice(minutes: float) -> AdviceSection:
    return AdviceSection("text-ice", _("Ice, for comfort"), tuple(ice_steps(minutes)), ("A17", "C02", "C03"))


def _medicines() -> AdviceSection:
    return AdviceSection(
        "text-medicines",
        _("Anti-inflammatory medicine"),
        (
            _("Ask a doctor or pharmacist before; it is for a few days at the beginning, if at all."),
            _("It may hide pain that the plan asks about: log what you took. After some days you are reminded."),
            _("An antibiotic of the fluoroquinolone kind: speak to whoever prescribed it before you exercise."),
        ),
        ("A15", "D38", "E16", "A10"),
    )


def _injections() -> AdviceSection:
    return AdviceSection(
        "text-injections",
        _("Injections"),
        (
            _("Whether to inject anything is for a clinician who has examined you. No rule speaks for or against."),
            _("What is known of steroids: they may ease for some weeks, are not what one begins with, and can weaken."),
        ),
        ("A26", "D41"),
    )


def _resting() -> AdviceSection:
    return AdviceSection(
        "text-resting",
        _("Resting completely"),
        (
            _("Without any load for weeks a tendon hurts less and carries less. Both end when running begins again."),
            _("What helps is load in small steps, and the answer of the next day."),
        ),
        ("B12", "D40"),
    )


def _easy() -> AdviceSection:
    return AdviceSection(
        "text-easy",
        _("Walking and slow running"),
        (
            _("Step by step, the model has walking lowest, slow running above it and fast running highest."),
            _("Cycling, swimming and rowing count as no running load here."),
        ),
        ("D48", "A22", "C07"),
    )


def _knees() -> AdviceSection:
    return AdviceSection(
        "text-knees",
        _("Heel drops: knee straight and knee bent"),
        (
            _("Straight works the gastrocnemius more, bent the soleus. Do both."),
            _("The peak force on the tendon is about the same (Weinert-Aplin 2015)."),
        ),
        ("D20", "B07"),
    )


def _claims() -> AdviceSection:
    return AdviceSection(
        "text-claims",
        _("Said of running style, and not computed here"),
        (
            _("Feet that roll inward, landing on the heel, long steps, a sinking heel, a stiff hip: all are blamed."),
            _("The sources disagree; in measurements landing on the forefoot loads this tendon more, not less."),
            _("Of all these only steps, contact times and, with some sensors, the strike are seen here."),
            _("Nothing here asks you to change how you land."),
        ),
        ("A23", "B11"),
    )


def _names(days: float) -> AdviceSection:
    return AdviceSection(
        "text-names",
        _("What it is called"),
        (
            _("Tendinopathy is the general word for a tendon that hurts under load and does less."),
            _("Tendinitis means inflammation, and fits the first {days:g} days at most.").format(days=days),
            _("What you have, if anything, only somebody who examines you can say. This program names no disease."),
        ),
        ("B17", "E13"),
    )
