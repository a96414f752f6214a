"""What a hub does with its store while it runs: sessions that ended are tidied up, old single steps are let go of."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from sensor_hub.app.rounds import Chore
from sensor_hub.model.ports import Store

_LOG = logging.getLogger(__name__)
TIDY_EVERY_S: Final = 60
PRUNE_EVERY_S: Final = 3600  # of hubs that are switched off every night too


def chores(
    store: Store, keep_steps_days: int, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> list[Chore]:
    """Return what is to be done; several hubs of one store may all do it. keep_steps_days : as in ``Settings``."""

    def prune() -> None:
        n_sessions = store.prune(clock() - timedelta(days=keep_steps_days))
        if n_sessions:
            _LOG.info("single steps of %d sessions were let go of: they ended %d days ago", n_sessions, keep_steps_days)

    tidy = Chore("sessions that ended", TIDY_EVERY_S, store.tidy)
    return [tidy, Chore("old single steps", PRUNE_EVERY_S, prune)] if keep_steps_days else [tidy]
