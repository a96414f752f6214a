"""What one look came to."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

State: TypeAlias = Literal["ok", "warn", "fail", "unknown"]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at.

    state : "ok"; "warn", it works and something should be done; "fail", something does not work; "unknown", it could
    not be looked at, which is not "ok". text : what was found. mend : what to do, empty if there is nothing.
    """

    about: str
    state: State
    text: str
    mend: str = ""


Look: TypeAlias = Callable[[], Sequence[Check]]


def worst(checks: Sequence[Check]) -> State:
    """Return the heaviest state: a fault outweighs a warning, that what is unknown, that "ok"."""
    order: tuple[State, ...] = ("ok", "unknown", "warn", "fail")
    return max((check.state for check in checks), key=order.index, default="ok")
