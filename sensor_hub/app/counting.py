"""What a hub counts while it works, and what it is asked for when somebody reads its metrics."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from fastapi import APIRouter

from sensor_hub.adapters.metrics import CONTENT_TYPE, HubMetrics
from sensor_hub.adapters.web.rest_metrics import metrics_router
from sensor_hub.app.digest import Digest
from sensor_hub.errors import StoreError
from sensor_hub.model.access import Action
from sensor_hub.model.finding import Finding

# The first word of a dead letter's reason may be anybody's; a label must be one of few.
KINDS: Final = frozenset(
    ("message", "topic", "start", "steps", "gap", "pause", "decode-failed", "live", "summary", "raw", "InfluxDB")
)


class Counts:
    """The metrics of one hub, which has no subscriber yet while this is made.

    trouble : why nothing is taken in, None if all is well. inbox : messages that wait, and those not taken so far.
    """

    def __init__(self, trouble: Callable[[], object], inbox: Callable[[], tuple[int, int]]) -> None:
        self.metrics = HubMetrics()
        for name, help_text, ask in (
            ("well", "1 while messages are taken in, 0 while something is in the way.", lambda: trouble() is None),
            ("inbox_messages", "Messages that have come and are not committed yet.", lambda: inbox()[0]),
            ("inbox_dropped", "Messages not taken because the inbox was full; they come again.", lambda: inbox()[1]),
        ):
            self.metrics.watch(name, help_text, ask)

    def routers(self) -> list[tuple[APIRouter, Action]]:
        """Return the page of the metrics, and the right it needs."""
        return [(metrics_router(self.metrics.text, CONTENT_TYPE), "see-metrics")]

    @contextmanager
    def commit(self, found: Digest) -> Iterator[None]:
        """Count a commit that happens inside, or that the store refused it."""
        begin_s = time.perf_counter()
        try:
            yield
        except StoreError:
            self.metrics.refused()
            raise
        took_s = time.perf_counter() - begin_s
        dead = Counter(_kind(letter.reason) for letter in found.dead)
        self.metrics.committed(len(found.envelopes), len(found.live), dead, took_s)

    def live(self, n_readings: int) -> None:
        """Count live readings that waited for no commit."""
        self.metrics.committed(0, n_readings, {}, 0.0)

    def finding(self, finding: Finding) -> None:
        """Count a finding that is new or changed."""
        self.metrics.found("withdrawn" if finding.withdrawn else finding.severity)


def _kind(reason: str) -> str:
    word = reason.partition(":")[0].partition(".")[0]
    return word if word in KINDS else "other"
