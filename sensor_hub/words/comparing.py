"""Two runs side by side in words: a row a quantity, and why some are not held against each other."""

from collections.abc import Sequence

from sensor_hub.model.comparison import Compared, Difference, Unlike
from sensor_hub.units import MS_PER_S
from sensor_hub.words.lengths import (
    height_digits,
    height_text,
    height_unit,
    length_m,
    pace_digits,
    pace_text,
    pace_unit,
)
from sensor_hub.words.numbers import UNKNOWN, apart, bounded, clock, fixed, share, whole
from sensor_hub.words.terms import short_measure
from sensor_hub.words.timelines import PER_CENT, percent
from sensor_hub.words.translation import translate as _


def compared_name(measure: Compared) -> str:
    """What a quantity is called."""
    return {
        "distance_m": short_measure("distance_m"),
        "duration_s": _("Moving time"),
        "coverage": _("Recorded"),
        "median_speed_mps": _("Median pace"),
        "ascent_m": _("Climbed"),
        "cadence_spm": _("Cadence"),
        "contact_time_s": _("Contact time"),
        "flight_time_s": _("Flight time"),
        "contact_balance_left": _("Contact time, left of both"),
        "load_eq_km": _("Push-off load (modelled)"),
        "hard_load_bw_s": _("Hard push-offs (modelled, ±40 %)"),
    }[measure]


def header(one: str, other: str) -> list[str]:
    """Columns of the table: the quantity, both runs, and the first less the second."""
    return [_("Quantity"), one, other, _("Difference")]


def row(difference: Difference) -> list[str]:
    """Name, both values, and what can be said of the difference."""
    measure = difference.measure
    return [
        compared_name(measure),
        _value(measure, difference.one, at_least=difference.at_least[0]),
        _value(measure, difference.other, at_least=difference.at_least[1]),
        difference_text(difference),
    ]


def difference_text(difference: Difference) -> str:
    """The first less the second with its sign, that nobody can tell, or why it is not said."""
    match difference.verdict:
        case "unknown":
            return UNKNOWN
        case "apart":
            return _("not comparable")
        case "lower-bound":
            return _("not known: too little recorded")
        case "alike":
            return _("cannot be told apart")
    return UNKNOWN if difference.by is None else _by(difference)


def unlike_sentence(differs_in: Sequence[Unlike]) -> str:
    """Why two loads are not held against each other; empty where they may be."""
    if not differs_in:
        return ""
    names = {
        "instrument": _("the sensor or how it was worn"),
        "model": _("the version of the load model"),
        "reference": _("the reference that loads are expressed in"),
    }
    reasons = ", ".join(names[one] for one in differs_in)
    text = _("Their loads are not comparable and are drawn apart: {reasons} is not the same.").format(reasons=reasons)
    if "instrument" in differs_in:
        return " ".join([text, _("Contact times and balance are drawn apart, too: they were measured another way.")])
    return text


def alike_sentence() -> str:
    """What "cannot be told apart" means."""
    return _(
        "“Cannot be told apart” means that the difference is smaller than what the measurement itself may be off "
        "(80 %). Where no uncertainty is known the plain difference stands."
    )


def _value(measure: Compared, value: float | None, *, at_least: bool) -> str:
    match measure:
        case "distance_m" | "load_eq_km" | "hard_load_bw_s":
            return bounded(value, measure, lower_bound=at_least)
        case "duration_s":
            return clock(value)
        case "coverage":
            return share(value)
        case "median_speed_mps":
            return pace_text(value)
        case "ascent_m":
            return height_text(value)
        case "cadence_spm":
            return _with_unit(whole(value), _("spm"))
        case "contact_time_s" | "flight_time_s":
            return _with_unit(whole(value, MS_PER_S), _("ms"))
        case "contact_balance_left":
            return UNKNOWN if value is None else _with_unit(percent(value, 1), "%")


def _by(difference: Difference) -> str:
    by, measure = difference.by or 0.0, difference.measure
    match measure:
        case "distance_m" | "load_eq_km" | "hard_load_bw_s":
            digits, _space, unit_text = apart(difference.one, difference.other, measure).partition(" ")
            return _signed(by, digits, unit_text)
        case "duration_s":
            return _signed(by, clock(abs(by)), "")
        case "coverage":
            return _signed(by, fixed(abs(by) * PER_CENT, 0), "%")
        case "median_speed_mps":
            return _pace_difference(difference)
        case "ascent_m":
            return _signed(by, height_digits(abs(by)), height_unit())
        case "cadence_spm":
            return _signed(by, fixed(abs(by), 0), _("spm"))
        case "contact_time_s" | "flight_time_s":
            return _signed(by, fixed(abs(by) * MS_PER_S, 0), _("ms"))
        case "contact_balance_left":
            return _signed(by, fixed(abs(by) * PER_CENT, 1), "%")


def _pace_difference(difference: Difference) -> str:
    """In a pace less is faster."""
    if not difference.one or not difference.other:
        return UNKNOWN
    by_s = length_m() / difference.one - length_m() / difference.other
    return _signed(by_s, pace_digits(abs(by_s)), pace_unit())


def _signed(by: float, digits: str, unit_text: str) -> str:
    if not any(c in "123456789" for c in digits):
        return _("the same")
    return f"{'+' if by > 0 else '−'}{_with_unit(digits, unit_text)}"


def _with_unit(digits: str, unit_text: str) -> str:
    return digits if digits == UNKNOWN or not unit_text else f"{digits} {unit_text}"
