"""What the publisher asks of an outbox."""

from collections.abc import Iterable
from typing import Protocol

from sensor_hub.model.message import Outgoing


class OutboxRows(Protocol):
    """What a publisher needs of an outbox; each method raises StoreError if the disk refuses."""

    gw: str

    def pending(self, limit: int, resend_before_s: float = ...) -> list[Outgoing]:
        """Messages never sent, or sent before that moment of the monotonic clock, oldest first."""
        ...

    def mark_sent(self, seqs: Iterable[int], at_s: float) -> None:
        """Remember when these were sent."""
        ...

    def forget_sent(self, seqs: Iterable[int] | None = None) -> None:
        """Count these, or everything, as unsent."""
        ...

    def delete(self, seqs: Iterable[int]) -> None:
        """Let go of these."""
        ...
