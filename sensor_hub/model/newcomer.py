"""Simulated runners that a hub was given to show what it does."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

SquadDoing: TypeAlias = Literal["coming", "going"]


@dataclass(frozen=True, slots=True)
class SimulatedSquad:
    """How it stands with them.

    n_athletes : of this hub that are simulated. n_running : whose run goes on now, in this program; after a restart
    none. doing : they are being added, or erased; None where neither. n_done, n_total : how far that is. problem : why
    the last time did not come to its end, a sentence; None if it did.
    """

    n_athletes: int = 0
    n_running: int = 0
    doing: SquadDoing | None = None
    n_done: int = 0
    n_total: int = 0
    problem: str | None = None
