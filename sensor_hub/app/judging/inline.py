"""One hub alone: it judges a batch right after it has acknowledged it, and writes nothing more than the findings."""

from collections.abc import Callable, Sequence

from sensor_hub.app.ingest import Ingest
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.finding import Finding
from sensor_hub.model.message import Envelope


class Inline:
    """``judging.port.Judging`` of a hub without others beside it. A kill between is made good at the next start."""

    def __init__(self, ingest: Ingest, tell: Callable[[Finding, bool], None]) -> None:
        self._ingest, self._tell = ingest, tell

    def start(self) -> None:
        """Nothing goes on beside the messages."""

    def stop(self) -> None:
        """Nothing is there to end."""

    def note(self, envelopes: Sequence[Envelope]) -> None:
        """Nothing is written: what a kill leaves unjudged the next start judges."""

    def after(self, envelopes: Sequence[Envelope]) -> list[Athlete]:
        """Judge whom the batch concerns."""
        return self._ingest.judge_changes(envelopes)

    def tell(self, finding: Finding, notify: bool) -> None:
        """Tell at once."""
        self._tell(finding, notify)
