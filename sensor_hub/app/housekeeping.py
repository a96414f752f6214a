"""What a hub does with its store while it runs: sessions that ended are tidied up, old single steps are let go of."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Final

from sensor_hub.app.rounds import Chore
from sensor_hub.model.ports import Store

_LOG = logging.getLogger(__name__)
TIDY_EVERY_S: Final = 60
PRUNE_EVERY_S: Final = 3600  # of hubs that are switched off every night too
PRUNE_WITHIN_S: Final = 1.0  # a hub that is told to end waits for it; of much there is some every minute


def chores(
    store: Store, keep_steps_days: int, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> list[Chore]:
    """Return what is to be done; several hubs of one store may all do it. keep_steps_days : as in ``Settings``."""
    calls, is_left = count(), False

    def prune() -> None:
        nonlocal is_left
        if next(calls) % (PRUNE_EVERY_S // TIDY_EVERY_S) and not is_left:
            return
        n_sessions = store.prune(clock() - timedelta(days=keep_steps_days), within_s=PRUNE_WITHIN_S)
        is_left = n_sessions > 0
        if n_sessions:
            _LOG.info("single steps of %d sessions were let go of: they ended %d days ago", n_sessions, keep_steps_days)

    tidy = Chore("sessions that ended", TIDY_EVERY_S, store.tidy)
    return [tidy, Chore("old single steps", TIDY_EVERY_S, prune)] if keep_steps_days else [tidy]
