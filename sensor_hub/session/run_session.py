"""``RunSession.receive(RawNotification | Reading) → events``.

Rules of this file. It knows no clock, disk or network: time is what readings carry. The same bytes give the same
events, bit for bit, however they are grouped, because whatever a message repeats (totals, coverage) is only brought up
to date at fixed boundaries of stream time, and samples are split there. Steps are sent in batches that close at those
boundaries: every half second live, every minute for a file. Bad bytes become a ``DecodeFailed`` event.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Final

import numpy as np

from sensor_hub.load.achilles import AchillesModel
from sensor_hub.load.aggregate import SessionTotals
from sensor_hub.model.arrays import FloatArray
from sensor_hub.model.gait import PauseReading, RecordReading
from sensor_hub.model.imu import LARGEST_CLOCK_S, ImuBlock
from sensor_hub.model.link import LinkChange
from sensor_hub.model.pattern import GaitPattern
from sensor_hub.model.raw import RawNotification
from sensor_hub.model.session import (
    ClockQuality,
    DecodeFailed,
    Event,
    GapFound,
    Reading,
    SessionHeader,
    SessionPaused,
    SessionSetup,
    SessionStarted,
    SessionSummary,
    StepBatch,
)
from sensor_hub.session.decoding import Decoded, NotificationDecoder
from sensor_hub.session.imu_decoding import Arrived, Failed, Single
from sensor_hub.session.imu_stream import ImuStream
from sensor_hub.session.instrument import instrument_of
from sensor_hub.session.live import LiveReadings
from sensor_hub.session.pending_steps import PendingSteps
from sensor_hub.session.primary import primary_devices
from sensor_hub.session.record_stream import RecordStream, believable
from sensor_hub.session.rest import RestMarks
from sensor_hub.session.sensor_runs import WORTH, SensorRuns
from sensor_hub.session.sources import Sources
from sensor_hub.session.timeline import DatedRecord, DatedSteps, Landed, Paused, Rows, Silence, Told
from sensor_hub.session.unworn import NOT_WORN
from sensor_hub.units import US_PER_S, from_utc_us, utc_us

LIVE_BATCH_US: Final = 500_000
FILE_BATCH_US: Final = 60_000_000
MOST_TOO_FAST: Final = 0.2  # ours: a larger share of impossible steps is a wrong mount and not a few mistakes
WITHOUT_STEPS_S: Final = 60.0  # ours: so much recorded without one step is more than lacing a shoe


def header_of(setup: SessionSetup, model: AchillesModel) -> SessionHeader:
    """Return what every message of the session repeats."""
    devices = *primary_devices(setup), *setup.devices
    profile = next((d.profile for d in devices if d.profile is not None), None)
    return SessionHeader(
        sid=setup.sid,
        athlete=setup.athlete,
        zone=setup.zone,
        origin=setup.origin,
        tier=setup.tier,
        model=model.version,
        reference=model.reference.id,
        profile=profile.tag if profile else "file",
        ledger=setup.ledger,
        instrument=instrument_of(setup),
        surface=setup.conditions.surface,
    )


class RunSession:
    """One run of one athlete, from first byte to summary."""

    def __init__(self, setup: SessionSetup) -> None:
        self.setup = setup
        model = AchillesModel(setup.load_reference, setup.conditions)
        self._sources = Sources(setup)
        self._decoder = NotificationDecoder(setup.devices)
        self._runs = SensorRuns(self._decoder, self._sources)
        self._sums = SessionTotals(model, setup.tier)
        self._header = header_of(setup, model)
        self._start_us: int | None = utc_us(setup.start_utc) if setup.start_utc else None
        self._started = False
        self._newest_us = self._start_us or 0
        self._boundary_us = 0
        self._batch_us = FILE_BATCH_US if setup.origin == "import" else LIVE_BATCH_US
        self._pending = PendingSteps(model, two_feet=self._sources.has_two_feet, tier=setup.tier)
        self._live = LiveReadings(self._header)
        self._totals = self._sums.totals()  # at the newest boundary
        self._rest = RestMarks()
        self._n_decode_failures = 0
        self._causes: set[str] = set()
        self._n_rows = self._n_too_fast = 0

    # --- what goes in ------------------------------------------------------------------------------------------------

    def receive(self, item: RawNotification | Reading) -> tuple[Event, ...]:
        """Take one notification or reading; return the events it completes, in order."""
        if not isinstance(item, RawNotification):
            return tuple(self._take(item))
        events: list[Event] = []
        for decoded in self._decoder.decode_single(item):
            events += self._take(decoded)
        return tuple(events)

    def receive_many(self, items: Iterable[RawNotification | Reading]) -> tuple[Event, ...]:
        """Take several at once, faster; the events are those of taking them one by one."""
        if self.setup.origin == "import":
            return tuple(self._of_file(list(items)))
        return tuple(self._in_turn(items))

    def _of_file(self, items: Sequence[RawNotification | Reading]) -> list[Event]:
        """Take items of a file, many of one sensor at once where their order says nothing."""
        events: list[Event] = []
        at = 0
        while at < len(items):
            n = self._runs.length(items, at, self._boundary_us) if self._started else 0
            part = items[at : at + max(1, n)]
            events += self._in_turn(part) if n < WORTH else self._apart(part)
            at += len(part)
        return events

    def _apart(self, items: Sequence[RawNotification | Reading]) -> list[Event]:
        """Take a run of notifications a sensor at a time if nothing depends on their order."""
        raws = [item for item in items if isinstance(item, RawNotification)]
        together, in_order = self._runs.decoded(raws, self._boundary_us)
        events: list[Event] = []
        for stream, arrived in together:
            _, told = stream.run_far(arrived.block, arrived.offset_us)
            events += self._tell_all(arrived.block.device, told)
            self._newest_us = max(self._newest_us, stream.last_us or 0)
        for decoded in in_order:
            events += self._take(decoded)
        return events

    def _in_turn(self, items: Iterable[RawNotification | Reading]) -> list[Event]:
        events: list[Event] = []
        for (device, kind), run in groupby(items, key=lambda item: (item.device, type(item))):
            if kind is RawNotification:
                raws = [raw for raw in run if isinstance(raw, RawNotification)]
                for decoded in self._decoder.decode_run(device, raws):
                    events += self._take(decoded)
            else:
                for reading in run:
                    events += self._take(reading)
        return events

    def finish(self) -> tuple[Event, ...]:
        """End the session: return what was still open, and the summary."""
        events: list[Event] = []
        for device in self._decoder.devices:
            for decoded in self._decoder.flush(device):
                events += self._take(decoded)
        if not self._started or self._start_us is None:
            return tuple(events)
        for device, stream in self._sources.streams.items():
            for told in stream.finish() if self._sources.is_primary(device) else ():
                events += self._tell(device, told)
        events += self._tails()
        events += self._close_batch(is_over=True)
        events += self._batch(self._pending.finish())
        end_us, self._sums.recorded_s, self._sums.unknown_s = self._rest.end_of_run()
        summary = SessionSummary(
            header=self._header,
            start_utc=from_utc_us(self._start_us),
            end_utc=from_utc_us(end_us),
            totals=self._sums.totals(),
            source=self.setup.source,
            warnings=self._warnings(),
        )
        return (*events, summary)

    def clocks(self) -> dict[str, ClockQuality]:
        """Return how well the clock of each device that has one is known so far."""
        return {d: s.place.clock.quality() for d, s in self._sources.streams.items() if isinstance(s, ImuStream)}

    def patterns(self) -> tuple[GaitPattern, ...]:
        """Return how the strides looked to each IMU that seems to be worn as it should be."""
        return self._sources.patterns()

    def fits(self) -> dict[str, str]:
        """Return, by IMU, the pod of whom its strides look like rather than their wearer's (``BoundDevice.others``)."""
        return self._sources.fits()

    # --- readings ----------------------------------------------------------------------------------------------------

    def _take(self, item: Decoded | object) -> list[Event]:
        match item:
            case Single():
                return self._single(item)
            case Arrived():
                return self._arrived(item)
            case LinkChange():
                return self._link(item)
            case Failed():
                self._n_decode_failures += 1
                raw = item.raw
                return [DecodeFailed(self._header, raw.device, raw.characteristic, raw.arrival_utc, item.problem)]
            case ImuBlock():
                return self._imu_block(item)
            case RecordReading() | PauseReading():
                return self._record(item)
            case _:
                raise ValueError(f"not a reading: {type(item).__name__}")

    def _single(self, single: Single) -> list[Event]:
        """Take the samples of one notification; most of a live link run on, so nothing else need be looked at."""
        stream = self._sources.streams.get(single.device)
        n = stream.single_end(single, self._boundary_us) if isinstance(stream, ImuStream) else None
        if n is None or not isinstance(stream, ImuStream):
            arrived = single.arrived()
            return self._imu_block(arrived.block, arrived.offset_us)
        if n == 0:
            return self._advance(stream.place.time_us(single.first_s)) + self._single(single)
        if n < len(single.t_s):
            before, after = single.split(n)
            return self._single(before) + self._single(after)
        told, last_us = stream.take_single(single)
        self._newest_us = max(self._newest_us, last_us)
        return self._tell_all(single.device, told) if told else []

    def _arrived(self, arrived: Arrived) -> list[Event]:
        """Take the samples of notifications, at once where they run on."""
        block = arrived.block
        stream = self._sources.streams.get(block.device)
        if not isinstance(stream, ImuStream):
            return self._imu_block(block, arrived.offset_us)
        found = stream.run_on(block, arrived.offset_us, self._boundary_us)
        if found is None:
            return self._imu_block(block, arrived.offset_us)
        self._newest_us = max(self._newest_us, stream.last_us or 0)
        return self._tell_all(block.device, found)

    def _imu_block(self, block: ImuBlock, offset_us: FloatArray | None = None) -> list[Event]:
        dated = np.abs(block.t_s) <= LARGEST_CLOCK_S  # a sample that does not know when it was says nothing
        if not dated.all():
            offset_us = None if offset_us is None else offset_us[dated]
            block = block.only(dated)
        if not len(block):
            return []
        stream = self._sources.imu(block.device)
        events: list[Event] = []
        for first, last, overtaken in stream.runs_in_order(block.t_s):
            part = block if last - first == len(block) else block.slice(first, last)
            if overtaken:
                events += self._tell_all(block.device, stream.overtaken(part.t_s))
            else:
                events += self._in_order(stream, part, None if offset_us is None else offset_us[first:last])
        return events

    def _in_order(self, stream: ImuStream, block: ImuBlock, offset_us: FloatArray | None) -> list[Event]:
        first_s = float(block.t_s[0])
        if offset_us is not None:
            stream.place.anchor(first_s, round(float(offset_us[0]) + first_s * US_PER_S))
        else:
            stream.place.anchor(first_s, self._start_us or 0)
        events = self._start(stream.place.time_us(first_s))
        if stream.last_us is None:
            events += self._joined_late(block.device, stream, stream.place.time_us(first_s))
        at = 0
        while at < len(block):
            events += self._advance(stream.place.next_us(float(block.t_s[at]), _at(offset_us, at)))
            stop = stream.place.piece_end(block, offset_us, at, self._boundary_us)
            told = stream.receive(block.slice(at, stop), None if offset_us is None else offset_us[at:stop])
            events += self._tell_all(block.device, told)
            self._newest_us = max(self._newest_us, stream.last_us or 0)
            at = stop
        return events

    def _link(self, change: LinkChange) -> list[Event]:
        """Remember what happened to a link; the time until then is time in which its device was not heard."""
        stream = self._sources.streams.get(change.device)
        at_us = utc_us(change.at_utc)
        if isinstance(stream, RecordStream):
            at_us = stream.session_us(at_us)
        self._sources.links(change.device).take(change, at_us)
        if not self._started:
            return []
        events = self._advance(at_us)
        self._newest_us = max(self._newest_us, at_us)
        return events

    def _joined_late(self, device: str, stream: ImuStream, first_us: int) -> list[Event]:
        """Others were heard before this device: its time until now is a gap, or half the steps would be missing."""
        others = any(s is not stream for s in self._sources.streams.values())
        start_us = first_us if self._start_us is None else self._start_us
        if (
            not others
            or not self._sources.is_primary(device)
            or first_us - start_us <= self._sources.patience_us(device)
        ):
            return []
        stream.miss(first_us - start_us)
        return self._tell(device, self._silence(device, start_us, first_us))

    def _silence(self, device: str, start_us: int, end_us: int) -> Silence:
        return Silence(start_us, end_us, self._sources.links(device).cause(start_us, end_us) or "silence")

    def _record(self, reading: RecordReading | PauseReading) -> list[Event]:
        stream = self._sources.records(reading.device)
        if isinstance(reading, RecordReading):
            reading = believable(reading)
        at_us = stream.next_us(utc_us(reading.end_utc))
        events = [] if isinstance(reading, PauseReading) else self._start(at_us) + self._advance(at_us)
        events += self._tell_all(reading.device, stream.receive(reading))
        if isinstance(reading, RecordReading):
            self._newest_us = max(self._newest_us, at_us)
            self._sums.distance_m = self._sources.distance_m(self._newest_us)
            self._sources.lend(reading, at_us)
        return events

    # --- events ------------------------------------------------------------------------------------------------------

    def _start(self, at_us: int) -> list[Event]:
        if self._started:
            return []
        self._started = True
        self._start_us = at_us if self._start_us is None else self._start_us
        self._newest_us = max(self._start_us, at_us)
        self._boundary_us = self._start_us + self._batch_us
        devices = tuple(d.device for d in self.setup.devices)
        return [SessionStarted(self._header, from_utc_us(self._start_us), devices)]

    def _advance(self, at_us: int) -> list[Event]:
        """Close the batch if the stream's clock has reached the boundary."""
        if at_us < self._boundary_us or self._start_us is None:
            return []
        events = self._close_batch()
        self._boundary_us += ((at_us - self._boundary_us) // self._batch_us + 1) * self._batch_us
        return events

    def _close_batch(self, *, is_over: bool = False) -> list[Event]:
        unworn = self._sources.not_worn(self._start_us or 0, self._newest_us, is_over=is_over)
        gaps = [event for device, silence in unworn for event in self._tell(device, silence)]
        self._take_times()
        return gaps + self._batch(self._pending.close(self._newest_us, self._sources.heard_us()))

    def _batch(self, rows: Rows | None) -> list[Event]:
        if rows is None or self._start_us is None:
            self._totals = self._sums.totals()
            return []
        steps = rows.steps
        self._n_rows += len(steps)
        self._n_too_fast += int(np.count_nonzero(rows.too_fast))
        self._sums.add(steps, rows.running)
        self._totals = self._sums.totals()
        stepped_us = steps.time_utc_us[steps.n_steps > 0]  # a record of standing is a row without steps
        if len(stepped_us):
            self._rest.stepped(int(stepped_us.max()))
        return [StepBatch(self._header, from_utc_us(self._start_us), steps, self._totals)]

    def _take_times(self) -> None:
        times_s = self._sources.times_s(self._start_us or 0, self._newest_us)
        self._sums.recorded_s, self._sums.unknown_s = times_s
        self._rest.mark(self._newest_us, *times_s)
        self._sums.distance_m = self._sources.distance_m(self._newest_us)
        self._sums.contact_time_bias_s = self._sources.contact_time_bias_s()

    def _tell_all(self, device: str, told: Sequence[Told]) -> list[Event]:
        """Tell what a stream found, if its device counts."""
        if not told or not self._sources.is_primary(device):
            return []
        return [event for one in told for event in self._tell(device, one)]

    def _tell(self, device: str, told: Told) -> list[Event]:
        self._sources.tell(device, told)
        match told:
            case DatedRecord() | Landed():
                self._pending.take(told)
                return list(self._live.of(told, self._totals))
            case DatedSteps():
                self._pending.take(told)
                return []
            case Silence():
                self._causes.add(f"{NOT_WORN}:{device}" if told.cause == NOT_WORN else told.cause)
                times = from_utc_us(told.start_us), from_utc_us(told.end_us)
                return [GapFound(self._header, device, *times, told.cause)]
            case Paused():
                return [SessionPaused(self._header, from_utc_us(told.start_us), from_utc_us(told.end_us))]

    def _tails(self) -> list[Event]:
        """A primary device that fell silent before the others did has a gap up to the end."""
        events: list[Event] = []
        for device in self._sources.streams:
            silent_us = self._sources.silent_us(device, self._newest_us)
            if silent_us and self._sources.is_primary(device):
                events += self._tell(device, self._silence(device, self._newest_us - silent_us, self._newest_us))
        for device in self._sources.unheard():
            events += self._tell(device, self._silence(device, self._start_us or 0, self._newest_us))
        return events

    def _warnings(self) -> tuple[str, ...]:
        found = sorted(self._causes)
        if self._n_decode_failures:
            found.append(f"decode-failed:{self._n_decode_failures}")
        if self._n_too_fast > MOST_TOO_FAST * self._n_rows:
            found.append("implausible-cadence")
        if self.setup.tier == "imu" and not self._rest.has_steps and self._sums.recorded_s >= WITHOUT_STEPS_S:
            found.append("no-steps")
        if self._sources.has_void_calibration():
            found.append("calibration-void")
        if self._sources.doubts_cadence_unit():
            found.append("cadence-unit-doubtful")
        found += self._sources.wearing_doubts()
        if self._sums.totals().contact_time_s is None and (self.setup.tier != "imu" or self._rest.has_steps):
            found.append("contact-time-never-came" if self._was_promised_contact() else "no-contact-time")
        return tuple(found)

    def _was_promised_contact(self) -> bool:
        """Whether the tier, which is fixed at the start, rests on what a running sensor's profile says it gives."""
        profiles = [d.profile for d in self.setup.devices if d.profile is not None]
        return self.setup.tier == "contact" and any(p.gives_contact_time for p in profiles)


def _at(offset_us: FloatArray | None, at: int) -> float | None:
    return None if offset_us is None else float(offset_us[at])
