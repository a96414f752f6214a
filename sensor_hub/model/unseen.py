"""What nothing is known of in a session's time."""

from dataclasses import dataclass
from typing import Final

PAUSE: Final = "pause"  # the one cause that is no gap: the runner stood by, and nothing is missing


@dataclass(frozen=True, slots=True)
class Unseen:
    """A stretch of which nothing is known, or in which the runner paused: seconds since the session's start.

    cause : a ``GapCause``, or ``PAUSE``. device : None where it is about all of them.
    """

    begin_s: float
    end_s: float
    cause: str
    device: str | None = None
