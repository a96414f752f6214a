"""A batch of messages sorted into what is kept, what is shown and what cannot be used."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from sensor_hub.errors import DecodeError
from sensor_hub.model.message import Ack, DeadLetter, Envelope
from sensor_hub.model.session import GapFound, LiveReading, SessionHeader, StepBatch
from sensor_hub.wire import MOST_BYTES, decode, sender

MaySpeak: TypeAlias = Callable[[str, str], bool]  # of a gateway, about an athlete
KEPT_BYTES: Final = 1_000_000  # ours


@dataclass(slots=True)
class Digest:
    """What a batch held: durable envelopes, dead letters, live readings, and the acks that are due after commit."""

    envelopes: list[Envelope] = field(default_factory=list)
    dead: list[DeadLetter] = field(default_factory=list)
    live: list[LiveReading] = field(default_factory=list)
    acks: dict[str, list[int]] = field(default_factory=dict)

    def refuse(self, topic: str, payload: bytes, reason: str, may_speak: MaySpeak) -> None:
        """Make a message a dead letter; one that says its number is acked, or it would come for ever.

        Of one that no store could take whole the beginning is kept. The number of a gateway that may not speak for whom
        the topic is about is somebody else's: it is neither acked nor marked.
        """
        gw, seq = sender(payload)
        if gw is not None and not may_speak(gw, _about(topic)[0]):
            gw = seq = None
        if len(payload) > MOST_BYTES:
            payload, reason = payload[:KEPT_BYTES], f"{reason}; its first {KEPT_BYTES} are kept"
        self.dead.append(DeadLetter(topic, payload, reason, gw, seq))
        if gw is not None and seq is not None:
            self.acks.setdefault(gw, []).append(seq)

    def due(self) -> list[Ack]:
        """One ack a gateway."""
        return [Ack(gw, seqs) for gw, seqs in self.acks.items()]

    def grown(self, whose: Callable[[str], str] = str) -> dict[str, set[str]]:
        """Return by athlete the sessions of which more came, where nothing else came.

        whose : who is meant by a pseudonym of a message; two of them may be one person's.
        """
        grown: dict[str, set[str]] = {}
        others = set[str]()
        for event in (envelope.event for envelope in self.envelopes):
            if isinstance(event, StepBatch | GapFound):
                grown.setdefault(whose(event.header.athlete), set()).add(event.header.sid)
            else:
                others.add(whose(event.header.athlete))
        return {athlete: sids for athlete, sids in grown.items() if athlete not in others}


def _speaks_for(topic: str, header: SessionHeader) -> bool:
    """Whether a message is about whom its topic names: a broker's access rules know topics only."""
    words = _about(topic)
    return words[0] == header.athlete and (words[1] != "s" or words[2:3] == [header.sid] if len(words) > 1 else False)


def _about(topic: str) -> list[str]:
    """Return the words of a topic from whom it is about on."""
    return topic.partition("/ath/")[2].split("/")


def anybody(_gw: str, _athlete: str) -> bool:
    """Let every gateway speak for everybody."""
    return True


def digest(messages: Iterable[tuple[str, bytes]], may_speak: MaySpeak = anybody) -> Digest:
    """Sort a batch of (topic, payload); what cannot be decoded becomes a dead letter, which is acked too."""
    found = Digest()
    for topic, payload in messages:
        try:
            envelope = decode(payload)
        except DecodeError as error:
            found.refuse(topic, payload, f"{error.wire_format}: {error.problem}", may_speak)
            continue
        if not _speaks_for(topic, envelope.event.header):
            found.refuse(topic, payload, "topic: it names another athlete or session than the message", may_speak)
            continue
        if not may_speak(envelope.gw, envelope.event.header.athlete):
            found.refuse(topic, payload, f"gateway: {envelope.gw} is not about this athlete", may_speak)
            continue
        if isinstance(envelope.event, LiveReading):
            found.live.append(envelope.event)
            continue
        found.envelopes.append(envelope)
        found.acks.setdefault(envelope.gw, []).extend(envelope.seqs)
    return found
