"""Sentences of the rules of shoes."""

from datetime import date
from typing import Final

from sensor_hub.model.guidance import Fact, Notice
from sensor_hub.units import M_PER_KM
from sensor_hub.words.days import days_text
from sensor_hub.words.lengths import length_m, length_unit
from sensor_hub.words.numbers import UNKNOWN, fixed, share
from sensor_hub.words.translation import translate as _
from sensor_hub.words.translation import translate_n as _n

RULES: Final[frozenset[str]] = frozenset({"shoe-wear", "drop-switch", "drop-ramp", "higher-drop", "insert"})
_SHARES: Final = frozenset({"share", "allowed", "slow"})


def sentence(notice: Notice, theirs: bool) -> str:
    """Return a notice in one or two short sentences."""
    facts = {name: _shown(name, value) for name, value in notice.facts.items()}
    facts["unit"] = length_unit()
    if notice.facts.get("at_least") is True:
        facts["km"] = _("at least {km}").format(km=facts["km"])
    n_unknown = notice.facts.get("n_unknown")
    n_unknown = n_unknown if isinstance(n_unknown, int | float) else 0
    if "kind" in facts:
        facts["what"] = {"heel-lift": _("A heel lift")}.get(facts["kind"], _("Shoes with more drop"))
    return (_wear(n_unknown) | _drop(theirs) | _help())[(notice.rule, notice.key)].format(**facts)


def why(notice: Notice) -> list[str]:
    """Return what is behind it, a line each."""
    lines = {
        "shoe-wear": [
            _("A traditional range, {low} to {high} {unit}; no study ties it to this tendon.").format(
                low=_length(483.0), high=_length(805.0), unit=length_unit()
            )
        ],
        "drop-switch": [
            _("A text names 10 to 12 mm down to 6 mm or less, within a week or within months."),
            _("More than half of a week's distance counts as switched: our own choice."),
            _trial(),
        ],
        "drop-ramp": [
            _("A text asks for 10 to 15 % of the week first, and 3 to 6 months until all of it."),
            _("The straight line between is our own choice."),
            _trial(),
        ],
        "higher-drop": [_("Texts offer it for a bad spell, not for good. How long at most is our own choice.")],
        "insert": [_("It is kept with the runs, so that a change of it can be seen.")],
    }[notice.rule]
    return [*lines, _("Source: {rows}.").format(rows=", ".join(notice.rows))]


def _trial() -> str:
    return _("A trial (n = 553) found no difference over all, and more injuries of regular runners in low drops.")


def _wear(n_unknown: float) -> dict[tuple[str, str], str]:
    return {
        ("shoe-wear", "worn"): _("{shoe}: called worn ({km} {unit}). Time for another pair."),
        ("shoe-wear", "critical"): _("{shoe}: {km} {unit}, above {limit_km} {unit}. Time for another pair."),
        ("shoe-wear", "warn"): _("{shoe}: {km} {unit}, above {limit_km} {unit}. Look how worn they are."),
        ("shoe-wear", "unknown"): _n(
            "{shoe}: {km} {unit}, and {n_unknown} run of which nobody knows how far. Look how worn they are.",
            "{shoe}: {km} {unit}, and {n_unknown} runs of which nobody knows how far. Look how worn they are.",
            n_unknown,
        ),
    }


def _drop(theirs: bool) -> dict[tuple[str, str], str]:
    usual = _("From their usual {usual_mm} mm") if theirs else _("From your usual {usual_mm} mm")
    change = usual + " " + _("to {drop_mm} mm within {took_days} days.") + " "
    return {
        ("drop-switch", "in-a-week"): change + _("Wear the higher pair for most runs, and change over months."),
        ("drop-switch", "in-months"): change + _("That is sooner than three months: wear the higher pair more often."),
        ("drop-ramp", "above"): _(
            "{share} of the week in {drop_mm} mm, {days} days after the first run in it: at most {allowed} now."
        ),
        ("drop-ramp", "quick"): _(
            "{share} of the week in {drop_mm} mm: within {allowed}, and above the slow way ({slow})."
        ),
        ("drop-ramp", "within"): _("{share} of the week in {drop_mm} mm; up to {slow} now, {allowed} at most."),
        ("drop-ramp", "share-unknown"): _(
            "Part of the week in {drop_mm} mm: unknown, as of some runs the pair or the distance is. "
            "At most {allowed} now."
        ),
        ("drop-ramp", "usual-unknown"): _(
            "{drop_mm} mm since {first}: whether that is less than before is unknown. Put in the other pairs' drop."
        ),
    }


def _help() -> dict[tuple[str, str], str]:
    return {
        ("higher-drop", "no-end"): _("{what} since {first}, without an end. It is for a while: set a last day."),
        ("higher-drop", "until"): _("{what} until {until}."),
        ("higher-drop", "too-long"): _("{what} since {first}: no longer a help for a while. Plan the way back."),
        ("higher-drop", "may-help"): _(
            "Shoes with {low_mm} to {high_mm} mm of drop, or a heel lift, can take load off the tendon for a while. "
            "Set a last day."
        ),
        ("insert", "orthotic"): _("An insert is worn."),
    }


def _shown(name: str, value: Fact) -> str:
    if value is None or isinstance(value, bool):
        return UNKNOWN
    if isinstance(value, date):
        return days_text(value, value)
    if isinstance(value, str):
        return value
    if name in {"km", "limit_km"}:
        return _length(value)
    return share(value) if name in _SHARES else fixed(value, 0 if float(value).is_integer() else 1)


def _length(km: float) -> str:
    return fixed(km * M_PER_KM / length_m(), 0)
