"""Recorded sessions as histories have them: real ones of a few minutes, run once and then put on any day.

Every session here went through ``RunSession``, so its totals are those of its steps, with pauses and gaps where such
a source has them. One of a log has totals only.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache, cached_property
from itertools import pairwise
from typing import Literal, TypeAlias

import numpy as np

from sensor_hub.load.achilles import VERSION
from sensor_hub.load.reference import REFERENCE_ID
from sensor_hub.model.gait import PauseReading, RecordReading, StepTable
from sensor_hub.model.load import Totals
from sensor_hub.model.message import Envelope
from sensor_hub.model.session import (
    BoundDevice,
    Event,
    GapFound,
    LiveReading,
    Origin,
    Reading,
    SessionHeader,
    SessionPaused,
    SessionSetup,
    SessionStarted,
    SessionSummary,
    StepBatch,
)
from sensor_hub.session import RunSession
from sensor_hub.units import utc_us
from tests.session.runs import blocks
from tests.synthetic_run import one_leg

Kind: TypeAlias = Literal["watch", "watch-speed", "pod", "log"]
KINDS: tuple[Kind, ...] = ("watch", "watch-speed", "pod", "log")
SOURCES: dict[Kind, str] = {"watch": "fit", "watch-speed": "gpx", "pod": "bluetooth", "log": "session-log"}
BASE_UTC = datetime(2026, 1, 5, 7, 0, tzinfo=UTC)


class Recorded:
    """One session and its events, in the order they were said."""

    def __init__(self, events: tuple[Event, ...]) -> None:
        self.events = events

    def __repr__(self) -> str:  # a failure that prints every row says nothing
        it = self.summary
        whose = f"{it.header.sid} {it.source} of {it.header.athlete}"
        return f"<{whose}, {it.start_utc:%m-%d %H:%M:%S} to {it.end_utc:%H:%M:%S}>"

    @property
    def summary(self) -> SessionSummary:
        last = self.events[-1]
        assert isinstance(last, SessionSummary)
        return last

    @property
    def sid(self) -> str:
        return self.summary.header.sid

    @property
    def athlete(self) -> str:
        return self.summary.header.athlete

    @cached_property
    def steps(self) -> StepTable:
        """In the order stores keep them."""
        steps = StepTable.concatenate(e.steps for e in self.events if isinstance(e, StepBatch))
        return steps.only(np.lexsort((steps.side, steps.time_utc_us)))

    @property
    def gaps(self) -> tuple[GapFound, ...]:
        found = [e for e in self.events if isinstance(e, GapFound)]
        return tuple(sorted(found, key=lambda gap: (gap.start_utc, gap.device)))

    def envelopes(self) -> list[Envelope]:
        kept = [event for event in self.events if not isinstance(event, LiveReading)]
        return [Envelope(f"edge-{self.sid}", seq, event) for seq, event in enumerate(kept, start=1)]


def recorded(
    kind: Kind, sid: str, athlete: str, start_utc: datetime, *, minutes: int = 3, zone: str = "UTC",
    gap: bool = False, pause: bool = False, origin: Origin | None = None,
) -> Recorded:  # fmt: skip
    """Return a session of a kind that starts then; to the microsecond it is the same session on every day."""
    events = _template(kind, minutes, gap, pause and kind != "pod")  # a pod cannot be paused
    how: Origin = origin or ("live" if kind == "pod" else "import")
    by_us = utc_us(start_utc) - utc_us(BASE_UTC)
    return Recorded(tuple(_put(event, sid, athlete, zone, how, by_us) for event in events))


def _put(event: Event, sid: str, athlete: str, zone: str, origin: Origin, by_us: int) -> Event:
    by = timedelta(microseconds=by_us)
    header = replace(event.header, sid=sid, athlete=athlete, zone=zone, origin=origin)
    match event:
        case StepBatch():
            moved = replace(event.steps, time_utc_us=event.steps.time_utc_us + by_us)
            return replace(event, header=header, start_utc=event.start_utc + by, steps=moved)
        case SessionStarted():
            return replace(event, header=header, start_utc=event.start_utc + by)
        case GapFound() | SessionPaused() | SessionSummary():
            return replace(event, header=header, start_utc=event.start_utc + by, end_utc=event.end_utc + by)
        case _:
            raise AssertionError(f"{type(event).__name__} is in no template")


@cache
def _template(kind: Kind, minutes: int, gap: bool, pause: bool) -> tuple[Event, ...]:
    if kind == "log":
        return (_line_of_a_log(minutes),)
    if kind == "pod":
        return analysed(pod_readings(minutes, gap=gap), "imu", "live")
    readings = watch_readings(minutes, contact=kind == "watch", gap=gap, pause=pause)
    return analysed(readings, "contact" if kind == "watch" else "speed", "import", SOURCES[kind])


def analysed(
    readings: Sequence[Reading], tier: Literal["imu", "contact", "speed"], origin: Origin, source: str = "bluetooth"
) -> tuple[Event, ...]:
    """Return what ``RunSession`` makes of readings, without those for a screen."""
    device = BoundDevice("pod-1", None, "R", "shank") if tier == "imu" else BoundDevice("watch", None)
    start_utc = BASE_UTC if tier == "imu" else None
    session = RunSession(SessionSetup("sid", "who", "UTC", origin, (device,), tier, start_utc, source))
    events = [*session.receive_many(readings), *session.finish()]
    return tuple(event for event in events if not isinstance(event, LiveReading))


def watch_readings(minutes: int, *, contact: bool, gap: bool = False, pause: bool = False) -> list[Reading]:
    """A record a second with a pace that changes; silent for 20 s in the second minute, paused for 30 s before its end.

    As a watch does, it tells the metres since its start; they rest while it is paused.
    """
    found: list[Reading] = []
    metres = 0.0
    paused = (minutes * 60 - 50, minutes * 60 - 20) if pause else (0, 0)
    for second in range(minutes * 60 + 1):
        speed_mps = 2.8 + 0.4 * np.sin(second / 17)
        if paused[0] < second < paused[1]:
            continue
        if second == paused[1] and pause:
            begin, end = (BASE_UTC + timedelta(seconds=s) for s in paused)
            found.append(PauseReading("watch", begin, end))
        elif second:
            metres += float(speed_mps)
        if gap and 70 <= second < 90:
            continue
        found.append(
            RecordReading(
                "watch",
                BASE_UTC + timedelta(seconds=second),
                cadence_spm=168.0 + second % 7,
                contact_time_s=0.25 - 0.001 * (second % 5) if contact else None,
                speed_mps=float(speed_mps),
                distance_m=metres,
            )
        )
    return found


def pod_readings(minutes: int, *, gap: bool = False) -> list[Reading]:
    """Samples of one shank, half a second at a time; none for 20 s in the second minute if there is a gap."""
    block = one_leg(minutes * 60.0).block()
    n = len(block)
    edges = [*range(0, n, 50), n]
    pieces = [(a, b) for a, b in pairwise(edges) if not (gap and 70 <= block.t_s[a] < 90)]
    return list(blocks(block, pieces))


def _line_of_a_log(minutes: int) -> SessionSummary:
    header = SessionHeader("sid", "who", "UTC", "import", "speed", VERSION, REFERENCE_ID, "file")
    totals = Totals(duration_s=minutes * 60.0, distance_m=minutes * 171.0)
    end_utc = BASE_UTC + timedelta(minutes=minutes)
    return SessionSummary(header, BASE_UTC, end_utc, totals, source="session-log", warnings=("summary-only",))
