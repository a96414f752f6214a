"""A batch of messages sorted into what is kept, what is shown and what cannot be used."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from sensor_hub.errors import DecodeError
from sensor_hub.model.message import Ack, DeadLetter, Envelope
from sensor_hub.model.session import LiveReading, SessionHeader
from sensor_hub.wire import MOST_BYTES, decode, sender

KEPT_BYTES: Final = 1_000_000  # ours


@dataclass(slots=True)
class Digest:
    """What a batch held: durable envelopes, dead letters, live readings, and the acks that are due after commit."""

    envelopes: list[Envelope] = field(default_factory=list)
    dead: list[DeadLetter] = field(default_factory=list)
    live: list[LiveReading] = field(default_factory=list)
    acks: dict[str, list[int]] = field(default_factory=dict)

    def refuse(self, topic: str, payload: bytes, reason: str) -> None:
        """Make a message a dead letter; one that says its number is acked, or it would come for ever.

        Of one that no store could take whole the beginning is kept.
        """
        gw, seq = sender(payload)
        if len(payload) > MOST_BYTES:
            payload, reason = payload[:KEPT_BYTES], f"{reason}; its first {KEPT_BYTES} are kept"
        self.dead.append(DeadLetter(topic, payload, reason, gw, seq))
        if gw is not None and seq is not None:
            self.acks.setdefault(gw, []).append(seq)

    def due(self) -> list[Ack]:
        """One ack a gateway."""
        return [Ack(gw, seqs) for gw, seqs in self.acks.items()]


def _speaks_for(topic: str, header: SessionHeader) -> bool:
    """Whether a message is about whom its topic names: a broker's access rules know topics only."""
    _, _, about = topic.partition("/ath/")
    words = about.split("/")
    return words[0] == header.athlete and (words[1] != "s" or words[2:3] == [header.sid] if len(words) > 1 else False)


def digest(messages: Iterable[tuple[str, bytes]]) -> Digest:
    """Sort a batch of (topic, payload); what cannot be decoded becomes a dead letter, which is acked too."""
    found = Digest()
    for topic, payload in messages:
        try:
            envelope = decode(payload)
        except DecodeError as error:
            found.refuse(topic, payload, f"{error.wire_format}: {error.problem}")
            continue
        if not _speaks_for(topic, envelope.event.header):
            found.refuse(topic, payload, "topic: it names another athlete or session than the message")
            continue
        if isinstance(envelope.event, LiveReading):
            found.live.append(envelope.event)
            continue
        found.envelopes.append(envelope)
        found.acks.setdefault(envelope.gw, []).extend(envelope.seqs)
    return found
