"""The audit of gaps: which numbers a store has of each gateway, and which are missing. A query over ``received``."""

from collections.abc import Sequence
from dataclasses import dataclass

from sensor_hub.model.ports import Store

FIRST_SEQ = 1  # an outbox numbers from here


@dataclass(frozen=True, slots=True)
class GatewayNumbers:
    """One gateway's numbers as closed ranges [first, last], ascending; ``last`` is the greatest received.

    What is under way right now may be missing for a moment. An outbox that was put back from a backup leaves a million
    numbers out, so that it never uses one twice.
    """

    gw: str
    received: tuple[tuple[int, int], ...]
    missing: tuple[tuple[int, int], ...]

    @property
    def last(self) -> int:
        """Greatest number received."""
        return self.received[-1][1]

    @property
    def n_received(self) -> int:
        """How many numbers were received."""
        return sum(last - first + 1 for first, last in self.received)

    @property
    def n_missing(self) -> int:
        """How many numbers before the last were not."""
        return sum(last - first + 1 for first, last in self.missing)


def missing_between(received: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Return the closed ranges not in ``received`` (ascending, disjoint), from the first number to the last."""
    found = []
    due = FIRST_SEQ
    for first, last in received:
        if first > due:
            found.append((due, first - 1))
        due = max(due, last + 1)
    return tuple(found)


def audit(store: Store, gateway: str | None = None) -> list[GatewayNumbers]:
    """Return the numbers of one gateway, or of every gateway that anything was received from, by name."""
    gws = store.gateways() if gateway is None else [gateway]
    ranges = {gw: tuple(store.received(gw)) for gw in gws}
    return [GatewayNumbers(gw, known, missing_between(known)) for gw, known in ranges.items() if known]
