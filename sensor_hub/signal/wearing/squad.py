"""Whose strides they look like, of a few people: of a squad that shares a box of pods two pods do get swapped.

Only where everybody compared is known: of a person whose strides were never learned nothing can be said, and nobody
outside the list given is ever looked at.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from sensor_hub.model.pattern import GaitPattern
from sensor_hub.signal.wearing.pattern import distance

# How far at most from somebody's usual strides, and how much nearer to them, in standard deviations between sessions.
# Ours, from 200 simulated people seen on another day (docs/squad.md): fewer than 1 in 100 are taken for somebody else,
# in squads of up to 20, and somebody who is nobody of the squad is named as one of them now and then.
LOOKS_LIKE: Final = 1.0
CLEARLY_NEARER: Final = 0.8


def fits_better(usual: GaitPattern, others: Sequence[tuple[str, GaitPattern]], new: GaitPattern) -> str | None:
    """Return the name of whose usual strides these clearly look like rather than ``usual``; None where nobody's.

    They must be no further from that person's than ``LOOKS_LIKE``, and nearer than to ``usual`` by ``CLEARLY_NEARER``.
    """
    own = distance(usual, new)
    apart = [(distance(theirs, new), name) for name, theirs in others]
    known = [(far, name) for far, name in apart if not np.isnan(far)]
    if np.isnan(own) or not known:
        return None
    nearest, name = min(known)
    return name if nearest <= LOOKS_LIKE and own - nearest > CLEARLY_NEARER else None
