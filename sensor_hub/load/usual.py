"""A run's contact time and balance beside the runner's own runs: usual, or beyond what those differ by.

No fixed preset says that a contact is long or a balance uneven: shorter contact means higher force, 51.5 % lies within
the bias of two pods, and everybody is another. So a run is held against earlier ones of the same person with the same
instrument, at its own speed, and called another only where it lies beyond three standard deviations between those.
What earlier runs cannot tell is unknown, and is no mark. Every constant is ours.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median, stdev
from typing import Final, Literal, Self, TypeAlias

from sensor_hub.load.learning import FASTEST_REFERRED_MPS, LEAST_COVERAGE, SLOWEST_REFERRED_MPS
from sensor_hub.load.reference import EASY_SPEED_MPS, REF_POP_1
from sensor_hub.model.load import Totals
from sensor_hub.model.session import SessionSummary

WINDOW: Final = timedelta(days=42)
LEAST_SESSIONS: Final = 4  # as an own reference is learned from
LEAST_STEPS: Final = 200.0  # of a run: with fewer its mean is no run's
N_SD: Final = 3.0
CONTACT_FLOOR: Final = 0.015  # of a contact time, one SD: what a sensor put on anew does
BALANCE_FLOOR: Final = 0.005  # of the share of the left, one SD: three of them are the bias of two pods
BEYOND_SPEEDS: Final = 1.1  # a speed so far outside those of the runs before is one they say nothing about

ContactBeside: TypeAlias = Literal["longer", "shorter"]
BalanceBeside: TypeAlias = Literal["left", "right"]


@dataclass(frozen=True, slots=True)
class Band:
    """What is usual: the middle of the earlier runs, and how far from it is still as usual."""

    middle: float
    half: float

    @classmethod
    def of(cls, values: Sequence[float], floor: float) -> Self | None:
        """Return the band of these; None of too few. floor : one standard deviation at least."""
        if len(values) < LEAST_SESSIONS:
            return None
        return cls(median(values), N_SD * max(stdev(values), floor))


@dataclass(frozen=True, slots=True)
class Usual:
    """Of one runner with one instrument.

    contact_s : contact time brought to 2.78 m/s, by the ratio the population's have between two speeds. balance_left :
    share of contact time on the left. slowest_mps, fastest_mps : between which the earlier runs say something.
    """

    contact_s: Band | None
    balance_left: Band | None
    slowest_mps: float
    fastest_mps: float


def usual_of(run: SessionSummary, earlier: Iterable[SessionSummary]) -> Usual:
    """Return what was usual before a run: of its instrument, in the six weeks before it began.

    A replay is nobody's past, and what was simulated tells nothing of a run that was run.
    """
    alike = [session.totals for session in earlier if _is_alike(run, session)]
    contacts, speeds, balances = [], [], []
    for totals in alike:
        contact_s, speed_mps, balance = at_easy_speed_s(totals), totals.median_speed_mps, totals.contact_balance_left
        if contact_s is not None and speed_mps is not None:
            contacts.append(contact_s)
            speeds.append(speed_mps)
        if balance is not None and math.isfinite(balance):
            balances.append(balance)
    contact = Band.of(contacts, CONTACT_FLOOR * median(contacts)) if contacts else None
    slowest, fastest = (min(speeds), max(speeds)) if speeds else (math.nan, math.nan)
    return Usual(contact, Band.of(balances, BALANCE_FLOOR), slowest / BEYOND_SPEEDS, fastest * BEYOND_SPEEDS)


def contact_beside(totals: Totals, usual: Usual) -> ContactBeside | None:
    """Say whether a run's mean contact time lies beyond the band at its speed; None within it, and where unknown."""
    contact_s, band, speed_mps = at_easy_speed_s(totals), usual.contact_s, totals.median_speed_mps
    if contact_s is None or band is None or speed_mps is None or totals.n_steps < LEAST_STEPS:
        return None
    if not usual.slowest_mps <= speed_mps <= usual.fastest_mps or abs(contact_s - band.middle) <= band.half:
        return None
    return "longer" if contact_s > band.middle else "shorter"


def balance_beside(totals: Totals, usual: Usual) -> BalanceBeside | None:
    """Say to which side a run's balance lies beyond the band; None within it, and where unknown."""
    left, band = totals.contact_balance_left, usual.balance_left
    if left is None or not math.isfinite(left) or band is None or totals.n_steps < LEAST_STEPS:
        return None
    if abs(left - band.middle) <= band.half:
        return None
    return "left" if left > band.middle else "right"


def at_easy_speed_s(totals: Totals) -> float | None:
    """Return a run's contact time brought to 2.78 m/s, s; None where it or the speed is unknown, or out of range."""
    contact_s, speed_mps = totals.contact_time_s, totals.median_speed_mps
    if contact_s is None or speed_mps is None or not math.isfinite(contact_s) or contact_s <= 0:
        return None
    if not SLOWEST_REFERRED_MPS <= speed_mps <= FASTEST_REFERRED_MPS:
        return None
    return float(contact_s * REF_POP_1.contact_time_s(EASY_SPEED_MPS) / REF_POP_1.contact_time_s(speed_mps))


def _is_alike(run: SessionSummary, session: SessionSummary) -> bool:
    header, totals = session.header, session.totals
    return (
        header.sid != run.header.sid
        and session.ended
        and header.origin != "replay"
        and (header.origin == "simulated") is (run.header.origin == "simulated")
        and header.ledger == "run"
        and bool(header.instrument)
        and header.instrument == run.header.instrument
        and totals.coverage is not None
        and totals.coverage >= LEAST_COVERAGE
        and totals.n_steps >= LEAST_STEPS
        and timedelta(0) < run.start_utc - session.start_utc <= WINDOW
    )
