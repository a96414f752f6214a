"""A runner's own load reference as it is kept, and why there is none yet."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from sensor_hub.model.load import LoadReference

Made: TypeAlias = Literal["first", "asked"]  # the first by itself, every later one because somebody asked
Missing: TypeAlias = Literal["instrument", "contact-time", "days", "sessions", "steps"]


@dataclass(frozen=True, slots=True)
class KeptReference:
    """One version of an athlete's reference; versions are kept for ever, one of them is active.

    at_easy_speed : whether its times are of 2.78 m/s; False where the sensor tells no speed, and they are of easy
    running as it was. before : id of what was active until then, "ref-pop-1" before the first.
    """

    athlete: str
    reference: LoadReference
    made: Made
    at_easy_speed: bool
    active: bool
    before: str


@dataclass(frozen=True, slots=True)
class Learned:
    """A reference that was learned and has no number yet: its id is empty. at_easy_speed : as of ``KeptReference``."""

    reference: LoadReference
    at_easy_speed: bool


@dataclass(frozen=True, slots=True)
class NotYet:
    """Why no reference can be learned with an instrument yet.

    missing : what, in the order a runner can mend it; "instrument" where an older program stored no instrument,
    "contact-time" where the sensor measures none, so that there never will be one. What is still wanted is counted in
    ``days_left``, ``sessions_left`` and ``steps_left``.
    """

    instrument: str
    missing: tuple[Missing, ...]
    days_left: int = 0
    sessions_left: int = 0
    steps_left: float = 0.0
