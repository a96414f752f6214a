"""A message of the contract: an event with its place in the sequence of one gateway."""

from collections.abc import Sequence
from dataclasses import dataclass

from sensor_hub.model.session import Event


@dataclass(frozen=True, slots=True)
class Message:
    """What a broker is given."""

    topic: str
    payload: bytes
    qos: int
    retain: bool = False


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message that waits in an edge's outbox; its payload carries the same ``seq``."""

    seq: int
    topic: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class Envelope:
    """An event as a hub receives it: (gw, seq) is unique for ever.

    joined : all numbers that one message stands for, ascending, ``seq`` the last of them, where a backlog was joined.
    """

    gw: str
    seq: int
    event: Event
    joined: tuple[int, ...] = ()

    @property
    def seqs(self) -> tuple[int, ...]:
        """Every number of the gateway that is received with this; applying it again for one of them is harmless."""
        return self.joined or (self.seq,)


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that could not be used, kept with its reason. gw and seq are None where even they were unreadable."""

    topic: str
    payload: bytes
    reason: str
    gw: str | None = None
    seq: int | None = None


@dataclass(frozen=True, slots=True)
class Ack:
    """Sequence numbers of a gateway that are committed to the store."""

    gw: str
    seqs: Sequence[int]
