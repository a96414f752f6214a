"""Kilometres or miles: lengths, speeds, climbs and loads as they are shown, by the manner in use.

A load in eq-mi is the same load: an equivalent easy mile is 1.609344 equivalent easy kilometres, as a mile is of
kilometres. So a load a mile, in eq-mi, has the same digits as a load a kilometre, in eq-km.
"""

import math
from typing import Final

from sensor_hub.units import M_PER_FT, M_PER_KM, M_PER_MI, S_PER_MIN
from sensor_hub.words.manner import current
from sensor_hub.words.translation import translate as _

_EASY_PACE_S_PER_KM: Final = 360.0  # of the reference: 6:00 min/km on the flat


def in_miles() -> bool:
    """Whether whoever reads now wants miles."""
    return current().distance == "mi"


def length_m() -> float:
    """Metres of the unit that lengths are shown in and asked for in: a kilometre or a mile."""
    return M_PER_MI if in_miles() else M_PER_KM


def length_unit() -> str:
    """The unit of lengths: km or mi."""
    return _("mi") if in_miles() else _("km")


def length_noun() -> str:
    """The unit of lengths in a sentence: kilometre or mile."""
    return _("mile") if in_miles() else _("kilometre")


def load_unit() -> str:
    """The unit of loads: eq-km or eq-mi."""
    return _("eq-mi") if in_miles() else _("eq-km")


def load_scale() -> float:
    """Units shown in one eq-km: 1, or 0.62 eq-mi."""
    return M_PER_KM / length_m()


def speed_unit() -> str:
    """The unit of speeds: km/h or mph."""
    return _("mph") if in_miles() else _("km/h")


def speed_scale() -> float:
    """Units shown in one m/s."""
    return S_PER_MIN * S_PER_MIN / length_m()


def climb_unit() -> str:
    """The unit of a climb on a way: m/km or ft/mi."""
    return _("ft/mi") if in_miles() else _("m/km")


def climb_scale() -> float:
    """Units shown in one m/km."""
    return M_PER_MI / M_PER_FT / M_PER_KM if in_miles() else 1.0


def height_unit() -> str:
    """The unit of heights: m or ft."""
    return _("ft") if in_miles() else _("m")


def height_digits(height_m: float) -> str:
    """A climb or a height without its unit."""
    return f"{height_m / M_PER_FT if in_miles() else height_m:.0f}"


def height_text(height_m: float | None) -> str:
    """A climb or a height: 120 m or 394 ft; an en dash if unknown."""
    if height_m is None or not math.isfinite(height_m):
        return "–"
    return f"{height_digits(height_m)} {height_unit()}"


def pace_text(speed_mps: float | None) -> str:
    """How long a kilometre or a mile takes: 6:00 min/km or 9:39 min/mi; an en dash where nothing moves."""
    if speed_mps is None or not math.isfinite(speed_mps) or speed_mps <= 0:
        return "–"
    return _("{pace} {unit}").format(pace=pace_digits(length_m() / speed_mps), unit=pace_unit())


def pace_digits(pace_s: float) -> str:
    """Seconds of a kilometre or mile as m:ss."""
    whole_s = round(pace_s)
    return f"{whole_s // 60}:{whole_s % 60:02d}"


def pace_unit() -> str:
    """The unit of a pace: min/km or min/mi."""
    return _("min/mi") if in_miles() else _("min/km")


def easy_pace_text() -> str:
    """The pace of the easy kilometre that loads are expressed in."""
    return pace_text(M_PER_KM / _EASY_PACE_S_PER_KM)


def typed_length(distance_m: float) -> str:
    """A length as digits for a field that is filled in beforehand: 120 or 74.5645, in the unit in use."""
    return f"{distance_m / length_m():.4f}".rstrip("0").rstrip(".")
