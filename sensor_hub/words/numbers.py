"""Values → digits with their unit; unknown is an en dash, never a zero."""

import math
from datetime import date
from typing import Final

from sensor_hub.model.load import Measure
from sensor_hub.units import M_PER_KM
from sensor_hub.words.translation import translate as _

UNKNOWN: Final = "–"


def known(value: float | None) -> bool:
    """Whether there is a number: neither None nor NaN nor infinite."""
    return value is not None and math.isfinite(value)


def number(value: float | None, measure: Measure) -> str:
    """A value of a measure as digits: km and eq-km to a tenth (below 1 to a hundredth), BW·s whole; unknown a dash."""
    if value is None or not math.isfinite(value):
        return UNKNOWN
    if measure == "hard_load_bw_s":
        return fixed(value, 0)
    shown = value / M_PER_KM if measure == "distance_m" else value
    return fixed(shown, 2 if 0 < shown < 0.995 else 1)


def unit(measure: Measure) -> str:
    """The unit a measure is shown in."""
    return {"distance_m": _("km"), "load_eq_km": _("eq-km"), "hard_load_bw_s": _("BW·s")}[measure]


def quantity(value: float | None, measure: Measure) -> str:
    """A value with its unit; an en dash alone if unknown."""
    return f"{number(value, measure)} {unit(measure)}" if known(value) else UNKNOWN


def bounded(value: float | None, measure: Measure, *, lower_bound: bool) -> str:
    """A value with its unit, marked as "at least" where only part was recorded."""
    return f"≥ {quantity(value, measure)}" if lower_bound and known(value) else quantity(value, measure)


def share(value: float | None) -> str:
    """A share of 1 in percent; an en dash if unknown."""
    return UNKNOWN if value is None or not math.isfinite(value) else f"{value * 100:.0f} %"


def whole(value: float | None, scale: float = 1.0) -> str:
    """``value * scale`` as whole digits, such as cadence in steps/min or contact time in ms (scale 1000)."""
    return UNKNOWN if value is None or not math.isfinite(value) else fixed(value * scale, 0)


def day_name(day: date) -> str:
    """A short day: 16 Nov."""
    months = [
        _("Jan"), _("Feb"), _("Mar"), _("Apr"), _("May"), _("Jun"), _("Jul"), _("Aug"), _("Sep"), _("Oct"), _("Nov"),
        _("Dec"),
    ]  # fmt: skip
    return _("{day} {month}").format(day=day.day, month=months[day.month - 1])


def age(seconds: float | None) -> str:
    """How old the newest message is."""
    if seconds is None or not math.isfinite(seconds):
        return _("no data yet")
    if seconds < 2:
        return _("now")
    if seconds < 120:
        return _("{n} s ago").format(n=int(seconds))
    if seconds < 7200:
        return _("{n} min ago").format(n=int(seconds // 60))
    if seconds < 172800:
        return _("{n} h ago").format(n=int(seconds // 3600))
    return _("{n} days ago").format(n=int(seconds // 86400))


def fixed(value: float, decimals: int) -> str:
    """Digits with so many decimals, a real minus sign, and no minus before zero."""
    text = f"{value:.{decimals}f}"
    return text.removeprefix("-") if float(text) == 0 else text.replace("-", "−")
