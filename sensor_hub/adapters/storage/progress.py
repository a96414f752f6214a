"""What a session's messages add up to, whatever the order they come in. Pure; both stores use it.

Batches carry running totals. The batch that is furthest into the session wins: longest moving time, then most steps,
then the latest last step; the remaining numbers break ties, so that no order of arrival can show. A summary ends the
session, and its totals are final.

A replay of a recording keeps its session's id. It never changes a session that is known from another origin, and gives
way to one that becomes known later.

A session that ended may be replaced by what another model makes of it. What then still comes, or comes again, of the
model before it changes nothing.
"""

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from operator import attrgetter

from sensor_hub.errors import StoreError
from sensor_hub.model.foot_strike import STRIKES
from sensor_hub.model.load import Totals
from sensor_hub.model.message import DeadLetter
from sensor_hub.model.session import (
    DecodeFailed,
    Event,
    SessionHeader,
    SessionPaused,
    SessionStarted,
    SessionSummary,
    StepBatch,
)
from sensor_hub.units import from_utc_us, utc_us

_numbers = attrgetter(*(f.name for f in fields(Totals) if f.name != "foot_strike"))


@dataclass(frozen=True, slots=True)
class Progress:
    """A session as known so far; ``batch_us`` is the last step of the batch whose totals it shows, None before one."""

    summary: SessionSummary
    batch_us: int | None = None


def is_replay(header: SessionHeader) -> bool:
    """Return whether a message repeats a recording, so that what came from any other origin outranks it."""
    return header.origin == "replay"


def is_outdated(event: Event, replaced: SessionHeader | None) -> bool:
    """Return whether a message tells of its session as it was before that was replaced.

    replaced : header of the session since then, None if nobody replaced it. What no model made is never outdated, and a
    run may still take the place of its own replay.
    """
    if replaced is None or isinstance(event, DecodeFailed | SessionPaused):
        return False
    return is_replay(event.header) == is_replay(replaced) and _made_by(event.header) != _made_by(replaced)


def _made_by(header: SessionHeader) -> tuple[str, str, str]:
    return header.model, header.reference, header.instrument


def check_replaceable(known: SessionSummary | None, new: SessionSummary) -> None:
    """Raise StoreError unless ``new`` may take the place of what is known of its session."""
    sid = new.header.sid
    if known is None:
        raise StoreError(f"session {sid}: it is not here, so nothing can take its place")
    if not known.ended:
        raise StoreError(f"session {sid}: it still runs; it can be replaced when it has ended")
    if (known.header.athlete, known.header.origin) != (new.header.athlete, new.header.origin):
        raise StoreError(f"session {sid}: another athlete or origin cannot take its place; read it again")


def check_same_athlete(known: SessionSummary | None, new: SessionSummary) -> None:
    """Raise StoreError if what is known of a session is another athlete's."""
    if known is not None and known.header.athlete != new.header.athlete:
        raise StoreError(f"session {new.header.sid}: it is here as another athlete's, and stays that")


def last_step_us(batch: StepBatch) -> int:
    """Microseconds UTC of the newest step of a batch; of the session's start if the batch is empty."""
    return int(batch.steps.time_utc_us.max()) if len(batch.steps) else utc_us(batch.start_utc)


def rank(totals: Totals, batch_us: int) -> tuple[float, ...]:
    """Sort key of running totals: the greater is further into the session; unknown is least."""
    strike = None if totals.foot_strike is None else STRIKES.index(totals.foot_strike)
    return tuple(map(_or_least, (*_first(totals, batch_us), *_numbers(totals), strike)))


def is_further(totals: Totals, batch_us: int, known: Totals, known_us: int) -> bool:
    """Return whether running totals are further into the session than those that are known, by ``rank``."""
    one, other = (tuple(map(_or_least, _first(*each))) for each in ((totals, batch_us), (known, known_us)))
    return one > other if one != other else rank(totals, batch_us) > rank(known, known_us)


def _first(totals: Totals, batch_us: int) -> tuple[float | None, ...]:
    """What decides in nearly every case."""
    return totals.duration_s, totals.n_steps, batch_us


def _or_least(value: float | None) -> float:
    return -math.inf if value is None or value != value else value


def advance(known: Progress | None, event: SessionStarted | StepBatch | SessionSummary) -> Progress:
    """Return what is known of a session after one more of its messages."""
    if known is not None and is_replay(known.summary.header) != is_replay(event.header):
        if is_replay(event.header):
            return known
        known = None
    match event:
        case SessionSummary():
            return Progress(replace(event, ended=True))
        case SessionStarted():
            return known or Progress(_running(event, event.start_utc, Totals()))
        case StepBatch():
            return _advance_by_batch(known, event)


def _advance_by_batch(known: Progress | None, batch: StepBatch) -> Progress:
    if known is not None and known.summary.ended:
        return known
    batch_us = last_step_us(batch)
    end_utc = max(from_utc_us(batch_us), batch.start_utc)
    if known is None or known.batch_us is None:
        return Progress(_running(batch, end_utc, batch.totals), batch_us)
    end_utc = max(end_utc, known.summary.end_utc)
    if is_further(batch.totals, batch_us, known.summary.totals, known.batch_us):
        return Progress(_running(batch, end_utc, batch.totals), batch_us)
    return replace(known, summary=replace(known.summary, end_utc=end_utc))


def _running(event: SessionStarted | StepBatch, end_utc: datetime, totals: Totals) -> SessionSummary:
    return SessionSummary(event.header, event.start_utc, end_utc, totals, ended=False)


def of_new_athlete(event: Event, aliases: Mapping[str, str]) -> Event:
    """Return the event, under the new pseudonym if its athlete was given to another."""
    athlete = aliases.get(event.header.athlete)
    return event if athlete is None else replace(event, header=replace(event.header, athlete=athlete))


def dead_letter_key(dead: DeadLetter) -> str:
    """Return what makes a dead letter the same one when it is delivered again."""
    if dead.gw is not None and dead.seq is not None:
        return f"{dead.gw}/{dead.seq}"
    return hashlib.sha256(dead.topic.encode("utf-8", "replace") + b"\0" + dead.payload).hexdigest()


def ranges(numbers: list[int]) -> list[tuple[int, int]]:
    """Closed ranges that cover exactly the given whole numbers, ascending, none touching the next."""
    found: list[tuple[int, int]] = []
    for number in sorted(numbers):
        if found and number <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], number))
        else:
            found.append((number, number))
    return found
