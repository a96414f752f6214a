"""Two sessions of one runner side by side: what differs, and what cannot be told apart."""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from sensor_hub.model.gait import Tier
from sensor_hub.model.load import is_partly_recorded
from sensor_hub.model.session import SessionHeader, SessionSummary

# How far a session's mean contact time is off that day, one standard deviation (ours): how the sensor sat.
DAY_CONTACT_SD_S: Final[dict[Tier, float]] = {"imu": 0.006, "contact": 0.003, "speed": 0.003}
DURATION_UNKNOWN: Final = "duration-unknown"  # a warning: nobody said how long a run put in by hand took
EIGHTY_PERCENT: Final = 1.2816  # standard deviations either side that hold 80 % of a normal distribution

Compared: TypeAlias = Literal[
    "distance_m", "duration_s", "coverage", "median_speed_mps", "ascent_m", "cadence_spm", "contact_time_s",
    "flight_time_s", "contact_balance_left", "load_eq_km", "hard_load_bw_s",
]  # fmt: skip
COMPARED: Final[tuple[Compared, ...]] = Compared.__args__  # type: ignore[attr-defined]
LOADS: Final[tuple[Compared, ...]] = ("load_eq_km", "hard_load_bw_s")
CONTACTS: Final[tuple[Compared, ...]] = ("contact_time_s", "flight_time_s", "contact_balance_left")
Verdict: TypeAlias = Literal["differs", "alike", "plain", "unknown", "apart", "lower-bound"]
Unlike: TypeAlias = Literal["instrument", "model", "reference"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One quantity of two sessions, in SI or the measure's own unit; None is unknown.

    verdict : "differs" beyond 80 % of what is known of the uncertainty; "alike" within it, so that nobody can tell;
    "plain" where nothing is known of it; "unknown" where one of them is; "apart" where they were measured in ways that
    are not held against each other; "lower-bound" where too little of one was recorded.
    by : the first less the second, where that means something. at_least : whether the first, the second is a lower
    bound.
    """

    measure: Compared
    one: float | None
    other: float | None
    verdict: Verdict
    by: float | None = None
    at_least: tuple[bool, bool] = (False, False)


def are_of_a_kind(one: SessionHeader, other: SessionHeader) -> bool:
    """Whether two sessions are held against each other at all: of one ledger, and none simulated beside a real one."""
    return one.ledger == other.ledger and (one.origin == "simulated") is (other.origin == "simulated")


def unlike(one: SessionHeader, other: SessionHeader) -> tuple[Unlike, ...]:
    """Return in what two loads were measured or expressed differently: empty where they may be compared."""
    found: list[Unlike] = []
    if one.instrument != other.instrument or one.tier != other.tier:
        found.append("instrument")
    if one.model != other.model:
        found.append("model")
    if one.reference != other.reference:
        found.append("reference")
    return tuple(found)


def differences(one: SessionSummary, other: SessionSummary) -> tuple[Difference, ...]:
    """Return every quantity of two sessions, and whether it can be told apart."""
    return tuple(_difference(measure, one, other) for measure in COMPARED)


def _difference(measure: Compared, one: SessionSummary, other: SessionSummary) -> Difference:
    first, second, is_load = _value(measure, one), _value(measure, other), measure in LOADS
    partly = is_partly_recorded(one.totals.coverage), is_partly_recorded(other.totals.coverage)
    at_least = partly if is_load else (False, False)
    if first is None or second is None:
        return Difference(measure, first, second, "unknown", at_least=at_least)
    differs_in = unlike(one.header, other.header)
    if (is_load and differs_in) or (measure in CONTACTS and "instrument" in differs_in):
        return Difference(measure, first, second, "apart", at_least=at_least)
    if any(at_least):
        return Difference(measure, first, second, "lower-bound", at_least=at_least)
    by, spreads = first - second, (_sd(measure, one), _sd(measure, other))
    if spreads[0] is None or spreads[1] is None:
        return Difference(measure, first, second, "plain", by)
    sure = EIGHTY_PERCENT * (spreads[0] ** 2 + spreads[1] ** 2) ** 0.5
    return Difference(measure, first, second, "differs" if abs(by) > sure else "alike", by)


def _sd(measure: Compared, session: SessionSummary) -> float | None:
    """One standard deviation of a quantity in a comparison with the same runner's sessions; None: nobody knows."""
    totals = session.totals
    day_s = DAY_CONTACT_SD_S[session.header.tier]
    match measure:
        case "load_eq_km":
            return _known(totals.load_eq_km_sd)
        case "hard_load_bw_s":
            return _known(totals.hard_load_sd)
        case "contact_time_s" | "flight_time_s":  # a step's time is known well: what one has, the other lacks
            return day_s
        case "contact_balance_left":  # each of two sensors sat as it did that day: L / (L + R), by both
            contact_s = _known(totals.contact_time_s)
            return None if not contact_s else day_s * 2**0.5 / (4 * contact_s)
        case _:
            return None


def _value(measure: Compared, session: SessionSummary) -> float | None:
    if measure == "duration_s" and DURATION_UNKNOWN in session.warnings:
        return None
    return _known(getattr(session.totals, measure))


def _known(value: float | None) -> float | None:
    return value if value is not None and value == value and abs(value) != float("inf") else None
