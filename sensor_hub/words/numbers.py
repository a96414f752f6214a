"""Values → digits with their unit; unknown is an en dash, never a zero."""

import math
from datetime import date
from typing import Final

from sensor_hub.model.finding import FindingMeasure
from sensor_hub.model.load import Measure
from sensor_hub.units import S_PER_MIN
from sensor_hub.words import lengths
from sensor_hub.words.translation import translate as _
from sensor_hub.words.translation import translate_n as _n

UNKNOWN: Final = "–"
ABSOLUTE_BAND_PERCENT: Final = 40  # of a modelled force, either way; ``load.uncertainty`` says what it is made of
SHOWN_AS: Final[dict[FindingMeasure, float]] = {
    "uphill_s": 1 / S_PER_MIN,
    "treadmill_share": 100.0,
    "track_share": 100.0,
    "trail_share": 100.0,
    "road_share": 100.0,
    "forefoot_share": 100.0,
}
WITH_A_TENTH: Final = frozenset({"distance_m", "load_eq_km", "speed_mps", "speed_5min_mps"})
EIGHTY_PERCENT: Final = 1.2816  # standard deviations either side that hold 80 % of a normal distribution


def known(value: float | None) -> bool:
    """Whether there is a number: neither None nor NaN nor infinite."""
    return value is not None and math.isfinite(value)


def number(value: float | None, measure: FindingMeasure) -> str:
    """A value of a measure as digits: lengths and loads to a tenth (below 1 to a hundredth), others whole; a dash."""
    if value is None or not math.isfinite(value):
        return UNKNOWN
    shown = _shown(value, measure)
    return fixed(shown, _decimals(shown, measure))


def _shown(value: float, measure: FindingMeasure) -> float:
    match measure:
        case "distance_m":
            return value / lengths.length_m()
        case "load_eq_km":
            return value * lengths.load_scale()
        case "speed_mps" | "speed_5min_mps":
            return value * lengths.speed_scale()
        case "climb_m_per_km":
            return value * lengths.climb_scale()
        case _:
            return value * SHOWN_AS.get(measure, 1.0)


def _decimals(shown: float, measure: FindingMeasure) -> int:
    if measure not in WITH_A_TENTH:
        return 0
    return 2 if 0 < shown < 0.995 else 1


def unit(measure: FindingMeasure) -> str:
    """The unit a measure is shown in."""
    units: dict[FindingMeasure, str] = {
        "distance_m": lengths.length_unit(),
        "load_eq_km": lengths.load_unit(),
        "hard_load_bw_s": _("BW·s"),
        "speed_mps": lengths.speed_unit(),
        "speed_5min_mps": lengths.speed_unit(),
        "n_runs": _("runs"),
        "uphill_s": _("min"),
        "climb_m_per_km": lengths.climb_unit(),
        "hard_days": _("days"),
        "spacing_h": _("h"),
    }
    return units.get(measure, "%")


def quantity(value: float | None, measure: FindingMeasure) -> str:
    """A value with its unit; an en dash alone if unknown."""
    return f"{number(value, measure)} {unit(measure)}" if known(value) else UNKNOWN


def apart(value: float | None, limit: float | None, measure: FindingMeasure) -> str:
    """How far two values lie apart as shown, with their unit: whoever reads all three can add them up."""
    texts = number(value, measure), number(limit, measure)
    if UNKNOWN in texts:
        return UNKNOWN
    one, other = (float(text.replace("−", "-")) for text in texts)
    decimals = min(len(text.partition(".")[2]) for text in texts)
    return f"{fixed(abs(one - other), decimals)} {unit(measure)}"


def bounded(value: float | None, measure: Measure, *, lower_bound: bool) -> str:
    """A value with its unit, marked as "at least" where only part was recorded."""
    return f"≥ {quantity(value, measure)}" if lower_bound and known(value) else quantity(value, measure)


def likely(value: float | None, sd: float | None, measure: Measure) -> str:
    """Where it lies at 80 % in a comparison with the same runner's runs, such as 6.1–6.7; empty where unknown."""
    if value is None or sd is None or not (math.isfinite(value) and math.isfinite(sd)) or sd <= 0:
        return ""
    decimals = _decimals(_shown(value, measure), measure)
    ends = max(value - EIGHTY_PERCENT * sd, 0.0), value + EIGHTY_PERCENT * sd
    return "–".join(fixed(_shown(end, measure), decimals) for end in ends)


def ranged(value: float | None, sd: float | None, measure: Measure, *, lower_bound: bool = False) -> str:
    """A value with its unit and its range: 6.4 eq-km, 6.1–6.7. Of a lower bound the range would promise too much."""
    text = bounded(value, measure, lower_bound=lower_bound)
    between = "" if lower_bound else likely(value, sd, measure)
    return f"{text}, {between}" if between else text


def as_a_force() -> str:
    """What stands beside every modelled force that is shown as an absolute value."""
    return _("modelled, ±{percent} %").format(percent=ABSOLUTE_BAND_PERCENT)


def force(value_bw: float | None) -> str:
    """A modelled force as an absolute value, the one way it may be shown: 5.1 BW (modelled, ±40 %)."""
    if value_bw is None or not math.isfinite(value_bw):
        return UNKNOWN
    return _("{value} BW ({caveat})").format(value=fixed(value_bw, 1), caveat=as_a_force())


def impulse(value_bw_s: float | None, sd: float | None = None) -> str:
    """A modelled impulse of a leg: 412 BW·s, 380–444 a leg (modelled, ±40 %)."""
    if not known(value_bw_s):
        return UNKNOWN
    amount = ranged(value_bw_s, sd, "hard_load_bw_s")
    return _("{amount} a leg ({caveat})").format(amount=amount, caveat=as_a_force())


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


def clock(seconds: float | None) -> str:
    """A duration as h:mm:ss; an en dash if unknown."""
    if seconds is None or not math.isfinite(seconds):
        return UNKNOWN
    n_s = round(seconds)
    return f"{n_s // 3600}:{n_s // 60 % 60:02d}:{n_s % 60:02d}"


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
    n_days = int(seconds // 86400)
    return _n("{n} day ago", "{n} days ago", n_days).format(n=n_days)


def fixed(value: float, decimals: int) -> str:
    """Digits with so many decimals, a real minus sign, and no minus before zero."""
    text = f"{value:.{decimals}f}"
    return text.removeprefix("-") if float(text) == 0 else text.replace("-", "−")
