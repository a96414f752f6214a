"""What a hub asks of whatever judges for it."""

from collections.abc import Sequence
from typing import Protocol

from sensor_hub.model.athlete import Athlete
from sensor_hub.model.finding import Finding
from sensor_hub.model.message import Envelope


class Judging(Protocol):
    """Judges whom a batch concerns. ``note`` is called before a batch is acknowledged, ``after`` once it is."""

    def start(self) -> None:
        """Begin whatever goes on beside the messages."""
        ...

    def stop(self) -> None:
        """End it; safe to call twice, and before ``start``."""
        ...

    def note(self, envelopes: Sequence[Envelope]) -> None:
        """Make sure that whom a committed batch concerns will be judged; StoreError if that cannot be."""
        ...

    def after(self, envelopes: Sequence[Envelope]) -> list[Athlete]:
        """Judge them, or let them be judged soon; return them."""
        ...

    def tell(self, finding: Finding, notify: bool) -> None:
        """Tell a person of a finding; ``notify`` is True for what is told once."""
        ...
