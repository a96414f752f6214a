"""Events of a commit → lines for an InfluxDB, by what is known of their sessions before."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from sensor_hub.adapters.storage import line_protocol as lp
from sensor_hub.adapters.storage.influxql import Series, select
from sensor_hub.adapters.storage.points import any_session, header_of
from sensor_hub.adapters.storage.progress import is_outdated, is_replay, of_new_athlete
from sensor_hub.errors import StoreError
from sensor_hub.model.message import DeadLetter, Envelope
from sensor_hub.model.session import Event, LiveReading, SessionHeader, StepBatch
from sensor_hub.wire import Topics, encode

ALIASES: Final = select(("to",), "reassigned", tail="GROUP BY ath")
_BY_SESSION: Final = "GROUP BY ath, sid, replayed"
_SIDS_AT_ONCE: Final = 200

Ask: TypeAlias = Callable[[str], list[Series]]


@dataclass(frozen=True, slots=True)
class Notes:
    """What is known of the sessions of a commit before it.

    aliases : the new pseudonym of athletes that were merged. replaced : header, by tag, of sessions that were replaced.
    pruned : (tag, whether it is the replay's mark) of sessions whose steps were let go of.
    """

    aliases: dict[str, str]
    replaced: dict[str, SessionHeader]
    pruned: set[tuple[str, bool]]

    def is_over(self, event: Event) -> bool:
        """Whether a message tells what its session no longer keeps: of a model before, or steps after the last."""
        sid = lp.tag_value(event.header.sid)
        if isinstance(event, StepBatch) and not self.pruned.isdisjoint({(sid, False), (sid, is_replay(event.header))}):
            return True
        return is_outdated(event, self.replaced.get(sid))


def lines_of(envelopes: Sequence[Envelope], notes: Notes, letters: list[DeadLetter], marks: list[str]) -> Iterator[str]:
    """Lines of the events; ``letters`` get what InfluxDB cannot hold, ``marks`` what is to be written after them."""
    opening: set[str] = set()
    written: dict[str, StepBatch] = {}
    for envelope in envelopes:
        if isinstance(envelope.event, LiveReading):
            continue
        marks += [lp.received_line(envelope.gw, seq) for seq in envelope.seqs]
        if notes.is_over(envelope.event):
            continue
        event = of_new_athlete(envelope.event, notes.aliases)
        try:
            lines = lp.event_lines(event, envelope.seq)
        except StoreError as error:
            letters.append(_unstorable(envelope, str(error)))
            continue
        if isinstance(event, StepBatch):
            # batches of one commit repeat the line that opens their session
            if lines[-1] in opening:
                lines.pop()
            else:
                opening.add(lines[-1])
                written[lines[-1]] = event
        yield from lines
    token = time.time_ns()
    marks += [lp.written_line(event, token) for event in written.values()]


def notes_of(ask: Ask, sids: set[str]) -> Notes:
    """Ask what a commit has to know of its sessions, anew each time: another hub may have written since."""
    parts = _parts(sids)
    flags = (lp.REPLACED, lp.PRUNED)
    asked = [ALIASES, *(select(flags, "session", any_session(part), _BY_SESSION) for part in parts)]
    found = ask("; ".join(asked))
    sessions = [series for series in found if series.measurement == "session"]
    replaced = {s.tags["sid"] for s in sessions if any(row[1] for row in s.rows)}
    pruned = {(s.tags["sid"], bool(s.tags.get("replayed"))) for s in sessions if any(row[2] for row in s.rows)}
    aliases = aliases_of(series for series in found if series.measurement == "reassigned")
    return Notes(aliases, _headers_of_replaced(ask, replaced), pruned)


def aliases_of(grouped: Iterable[Series]) -> dict[str, str]:
    """Return the new pseudonym of each that was given to another, of an answer to ``ALIASES``."""
    return {s.tags["ath"]: s.rows[-1][1] for s in grouped if s.rows[-1][1] != s.tags["ath"]}


def _headers_of_replaced(ask: Ask, sids: set[str]) -> dict[str, SessionHeader]:
    """Headers, by tag, of those of the sessions that were replaced by what another model made of them."""
    found: dict[str, SessionHeader] = {}
    columns = (*lp.HEADER, lp.REPLACED, "unknown")
    for part in _parts(sids):
        for series in ask(select(columns, "session", any_session(part), _BY_SESSION)):
            headers = [header_of(series, record) for record in series.records() if record[lp.REPLACED]]
            found |= {header.sid: header for header in headers}
    return found


def _parts(sids: set[str]) -> list[list[str]]:
    ordered = sorted(sids)
    return [ordered[at : at + _SIDS_AT_ONCE] for at in range(0, len(ordered), _SIDS_AT_ONCE)]


def _unstorable(envelope: Envelope, reason: str) -> DeadLetter:
    message = encode(envelope.event, topics=Topics(), gw=envelope.gw, seq=envelope.seq)
    return DeadLetter(message.topic, message.payload, reason, envelope.gw, envelope.seq)
