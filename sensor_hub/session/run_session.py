"""``RunSession.receive(RawNotification | Reading) → events``.

Rules of this file. It knows no clock, disk or network: time is what readings carry. The same bytes give the same
events, bit for bit, however they are grouped, because whatever a message repeats (totals, coverage) is only brought up
to date at fixed boundaries of stream time, and samples are split there. Steps are sent in batches that close at those
boundaries: every half second live, every minute for a file. Bad bytes become a ``DecodeFailed`` event.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Final, TypeAlias

from sensor_hub.decoders import rsc, shank_logger
from sensor_hub.decoders.clock import WrappedClock
from sensor_hub.errors import DecodeError
from sensor_hub.load.achilles import ACHILLES_0_1, AchillesModel
from sensor_hub.load.aggregate import SessionTotals
from sensor_hub.model.gait import PauseReading, RecordReading, StepTable
from sensor_hub.model.imu import ImuBlock
from sensor_hub.model.raw import RawNotification
from sensor_hub.model.session import (
    BoundDevice,
    DecodeFailed,
    Event,
    GapFound,
    LiveReading,
    Reading,
    SessionHeader,
    SessionPaused,
    SessionSetup,
    SessionStarted,
    SessionSummary,
    StepBatch,
)
from sensor_hub.session.imu_stream import ImuStream
from sensor_hub.session.record_stream import LONGEST_FILE_INTERVAL_S, RecordStream
from sensor_hub.session.timeline import Paused, Rows, Silence, Told, to_us, to_utc
from sensor_hub.units import S_PER_MIN, US_PER_S

LIVE_BATCH_US: Final = 500_000
FILE_BATCH_US: Final = 60_000_000
LIVE_INTERVAL_US: Final = 200_000  # at most five live messages a second
SPEED_USABLE_US: Final = 2_000_000  # a speed older than this is not the step's speed
SATURATED_CADENCE: Final = 255

Stream: TypeAlias = ImuStream | RecordStream


def _a_pod_on_each_foot(imus: Sequence[BoundDevice]) -> list[str]:
    """Return the devices of the left and the right foot, or nothing if there is only one side."""
    feet = [next((d.device for d in imus if d.side == side), None) for side in ("L", "R")]
    known = [device for device in feet if device is not None]
    return known if len(known) == 2 else []


class RunSession:
    """One run of one athlete, from first byte to summary."""

    def __init__(self, setup: SessionSetup, model: AchillesModel = ACHILLES_0_1) -> None:
        self.setup = setup
        self._bound = {d.device: d for d in setup.devices}
        self._imus = [d for d in setup.devices if d.profile is None or d.profile.kind == "imu"]
        self._feet = _a_pod_on_each_foot(self._imus)
        self._streams: dict[str, Stream] = {}
        self._clocks: dict[str, WrappedClock] = {}
        self._model = model
        self._sums = SessionTotals(model)
        self._header = self._make_header()
        self._start_us: int | None = to_us(setup.start_utc) if setup.start_utc else None
        self._started = False
        self._newest_us = self._start_us or 0
        self._boundary_us = 0
        self._batch_us = FILE_BATCH_US if setup.origin == "import" else LIVE_BATCH_US
        self._pending: list[StepTable] = []
        self._live_after_us = 0
        self._n_decode_failures = 0
        self._causes: set[str] = set()

    # --- what goes in ------------------------------------------------------------------------------------------------

    def receive(self, item: RawNotification | Reading) -> tuple[Event, ...]:
        """Take one notification or reading; return the events it completes, in order."""
        return self.receive_many((item,))

    def receive_many(self, items: Iterable[RawNotification | Reading]) -> tuple[Event, ...]:
        """Take several at once, faster; the events are those of taking them one by one."""
        events: list[Event] = []
        for (device, kind), run in groupby(items, key=lambda item: (item.device, type(item))):
            if kind is RawNotification:
                events += self._notifications(device, [r for r in run if isinstance(r, RawNotification)])
            else:
                for reading in run:
                    events += self._reading(reading)
        return tuple(events)

    def finish(self) -> tuple[Event, ...]:
        """End the session: return what was still open, and the summary."""
        if not self._started or self._start_us is None:
            return ()
        events: list[Event] = []
        for device, stream in self._streams.items():
            for told in stream.finish() if self._is_primary(device) else ():
                events += self._tell(device, told)
        events += self._tails()
        events += self._close_batch()
        summary = SessionSummary(
            header=self._header,
            start_utc=to_utc(self._start_us),
            end_utc=to_utc(self._newest_us),
            totals=self._sums.totals(),
            source=self.setup.source,
            warnings=self._warnings(),
        )
        return (*events, summary)

    # --- decoding ----------------------------------------------------------------------------------------------------

    def _notifications(self, device: str, run: Sequence[RawNotification]) -> list[Event]:
        bound = self._bound.get(device)
        events: list[Event] = []
        for characteristic, same in groupby(run, key=lambda raw: raw.characteristic):
            profile = bound.profile if bound else None
            decoder = profile.characteristics.get(characteristic) if profile else None
            group = list(same)
            if decoder == "shank_logger":
                events += self._imu_run(device, group)
            elif decoder == "rsc":
                for raw in group:
                    events += self._rsc(device, raw)
            else:
                events += [self._failed(raw, "no decoder in the device's profile") for raw in group]
        return events

    def _imu_run(self, device: str, group: Sequence[RawNotification]) -> list[Event]:
        events: list[Event] = []
        for is_whole, same in groupby(group, key=lambda raw: len(raw.payload) == shank_logger.SIZE_BYTES):
            part = list(same)
            if not is_whole:
                events += [self._failed(raw, f"{len(raw.payload)} bytes") for raw in part]
                continue
            time_s, acceleration, rotation = shank_logger.decode_many([raw.payload for raw in part])
            clock = self._clocks.setdefault(device, WrappedClock(shank_logger.WRAP_MS / 1000))
            block = ImuBlock(device, clock.unwrap(time_s), acceleration, rotation)
            events += self._imu_block(block, part)
        return events

    def _rsc(self, device: str, raw: RawNotification) -> list[Event]:
        profile = self._bound[device].profile
        try:
            measured = rsc.RscMeasurement.from_bytes(raw.payload)
        except DecodeError as error:
            return [self._failed(raw, error.problem)]
        counted = 2.0 if profile is not None and profile.cadence_counts == "strides" else 1.0
        saturated = measured.cadence_per_min == SATURATED_CADENCE
        return self._record(
            RecordReading(
                device=device,
                end_utc=raw.arrival_utc,
                cadence_spm=None if saturated else measured.cadence_per_min * counted,
                speed_mps=measured.speed_mps,
                distance_m=measured.total_distance_m,
            )
        )

    def _failed(self, raw: RawNotification, problem: str) -> DecodeFailed:
        self._n_decode_failures += 1
        return DecodeFailed(self._header, raw.device, raw.characteristic, raw.arrival_utc, problem)

    # --- readings ----------------------------------------------------------------------------------------------------

    def _reading(self, reading: object) -> list[Event]:
        match reading:
            case ImuBlock():
                return self._imu_block(reading)
            case RecordReading() | PauseReading():
                return self._record(reading)
            case _:
                raise ValueError(f"not a reading: {type(reading).__name__}")

    def _imu_block(self, block: ImuBlock, raws: Sequence[RawNotification] = ()) -> list[Event]:
        if not len(block):
            return []
        stream = self._imu_stream(block.device)
        anchor_us = to_us(raws[0].arrival_utc) if raws else self._start_us
        stream.anchor(float(block.t_s[0]), 0 if anchor_us is None else anchor_us)
        events = self._start(stream.time_us(float(block.t_s[0])))
        if stream.last_us is None:
            events += self._joined_late(block.device, stream, stream.time_us(float(block.t_s[0])))
        at = 0
        while at < len(block):
            events += self._advance(stream.time_us(float(block.t_s[at])))
            stop = stream.piece_end(block, at, self._boundary_us)
            stream.arrived_us = to_us(raws[at].arrival_utc) if raws else None
            for told in stream.receive(block.slice(at, stop)):
                if self._is_primary(block.device):
                    events += self._tell(block.device, told)
            self._newest_us = max(self._newest_us, stream.last_us or 0)
            at = stop
        return events

    def _joined_late(self, device: str, stream: ImuStream, first_us: int) -> list[Event]:
        """Others were heard before this device: its time until now is a gap, or half the steps would be missing."""
        others = any(s is not stream for s in self._streams.values())
        start_us = first_us if self._start_us is None else self._start_us
        if not others or not self._is_primary(device) or first_us - start_us <= self._patience_us(device):
            return []
        stream.unknown_us += first_us - start_us
        return self._tell(device, Silence(start_us, first_us, "silence"))

    def _record(self, reading: RecordReading | PauseReading) -> list[Event]:
        stream = self._record_stream(reading.device)
        at_us = to_us(reading.end_utc)
        events = [] if isinstance(reading, PauseReading) else self._start(at_us) + self._advance(at_us)
        before_m = stream.distance_m
        for told in stream.receive(reading):
            if self._is_primary(reading.device):
                events += self._tell(reading.device, told)
        if isinstance(reading, RecordReading):
            self._newest_us = max(self._newest_us, at_us)
            if reading.device == self._distance_source() and stream.distance_m != before_m:
                self._sums.distance_m = stream.distance_m
            self._lend_speed(reading, at_us)
        return events

    def _lend_speed(self, reading: RecordReading, at_us: int) -> None:
        if reading.speed_mps is None:
            return
        for stream in self._streams.values():
            if isinstance(stream, ImuStream):
                stream.speed = (reading.speed_mps, at_us + SPEED_USABLE_US)

    # --- streams -----------------------------------------------------------------------------------------------------

    def _imu_stream(self, device: str) -> ImuStream:
        stream = self._streams.get(device)
        if not isinstance(stream, ImuStream):
            bound = self._bound.get(device, BoundDevice(device, None))
            mount = bound.mount or (bound.profile.mount if bound.profile else None) or "shank"
            stream = ImuStream(mount, bound.side, feet_measured=max(1, len(self._feet)), model=self._model)
            self._streams[device] = stream
        return stream

    def _record_stream(self, device: str) -> RecordStream:
        stream = self._streams.get(device)
        if not isinstance(stream, RecordStream):
            bound = self._bound.get(device, BoundDevice(device, None))
            longest_s = bound.profile.stale_timeout_s if bound.profile else LONGEST_FILE_INTERVAL_S
            from_file = bound.profile is None
            stream = RecordStream("U", longest_interval_s=longest_s, odometer_is_ours=from_file, model=self._model)
            self._streams[device] = stream
        return stream

    def _is_primary(self, device: str) -> bool:
        """Rows come from a pod on each foot or the first IMU heard (tier ``imu``), else from the first record source.

        A second IMU that sees the same feet would count every step twice.
        """
        if self.setup.tier == "imu":
            first = next((d for d, s in self._streams.items() if isinstance(s, ImuStream)), None)
            return device in self._feet if self._feet else device == first
        return device == self._distance_source()

    def _distance_source(self) -> str | None:
        return next((d for d, s in self._streams.items() if isinstance(s, RecordStream)), None)

    # --- events ------------------------------------------------------------------------------------------------------

    def _start(self, at_us: int) -> list[Event]:
        if self._started:
            return []
        self._started = True
        self._start_us = at_us if self._start_us is None else self._start_us
        self._newest_us = max(self._start_us, at_us)
        self._boundary_us = self._start_us + self._batch_us
        devices = tuple(d.device for d in self.setup.devices)
        return [SessionStarted(self._header, to_utc(self._start_us), devices)]

    def _advance(self, at_us: int) -> list[Event]:
        """Close the batch if the stream's clock has reached the boundary."""
        if at_us < self._boundary_us or self._start_us is None:
            return []
        events = self._close_batch()
        self._boundary_us += ((at_us - self._boundary_us) // self._batch_us + 1) * self._batch_us
        return events

    def _close_batch(self) -> list[Event]:
        self._take_times()
        if not self._pending or self._start_us is None:
            return []
        steps, self._pending = StepTable.concatenate(self._pending), []
        return [StepBatch(self._header, to_utc(self._start_us), steps, self._sums.totals())]

    def _take_times(self) -> None:
        primary = {d: s for d, s in self._streams.items() if self._is_primary(d)}
        unheard = self._unheard()
        n = len(primary) + len(unheard)
        if n:
            unknown_us = sum(s.unknown_us + self._silent_us(d, s) for d, s in primary.items())
            unknown_us += len(unheard) * (self._newest_us - (self._start_us or 0))
            self._sums.recorded_s = sum(s.recorded_us for s in primary.values()) / n / US_PER_S
            self._sums.unknown_s = unknown_us / n / US_PER_S

    def _unheard(self) -> list[str]:
        """IMUs the session counts on that have not said anything yet."""
        if self.setup.tier != "imu":
            return []
        if not self._feet and any(isinstance(s, ImuStream) for s in self._streams.values()):
            return []
        return [d for d in self._feet or [d.device for d in self._imus[:1]] if d not in self._streams]

    def _silent_us(self, device: str, stream: Stream) -> int:
        """Microseconds that others were heard and this device was not, once they are more than its patience."""
        silent_us = 0 if stream.last_us is None else self._newest_us - stream.last_us
        return silent_us if silent_us > self._patience_us(device) else 0

    def _patience_us(self, device: str) -> int:
        bound = self._bound.get(device)
        patience_s = bound.profile.stale_timeout_s if bound and bound.profile else LONGEST_FILE_INTERVAL_S
        return round(patience_s * US_PER_S)

    def _tell(self, device: str, told: Told) -> list[Event]:
        match told:
            case Rows():
                self._pending.append(told.steps)
                live: list[Event] = []
                for i in range(len(told.steps)):  # one by one, or what is live would depend on the grouping
                    row = told.steps.slice(i, i + 1)
                    self._sums.add(row, told.running[i : i + 1])
                    live += self._live(row)
                return live
            case Silence():
                self._causes.add(told.cause)
                times = to_utc(told.start_us), to_utc(told.end_us)
                return [GapFound(self._header, device, *times, told.cause)]
            case Paused():
                return [SessionPaused(self._header, to_utc(told.start_us), to_utc(told.end_us))]

    def _live(self, row: StepTable) -> list[Event]:
        if self.setup.origin == "import":
            return []
        at_us = int(row.time_utc_us[-1])
        if at_us < self._live_after_us:
            return []
        self._live_after_us = at_us + LIVE_INTERVAL_US
        step_time_s, contact_time_s = float(row.step_time_s[-1]), float(row.contact_time_s[-1])
        return [
            LiveReading(
                self._header,
                to_utc(at_us),
                str(row.side[-1]),  # type: ignore[arg-type]
                S_PER_MIN / step_time_s if step_time_s == step_time_s else None,
                contact_time_s if contact_time_s == contact_time_s else None,
                self._sums.totals(),
            )
        ]

    def _tails(self) -> list[Event]:
        """A primary device that fell silent before the others did has a gap up to the end."""
        events: list[Event] = []
        for device, stream in self._streams.items():
            silent_us = self._silent_us(device, stream)
            if silent_us and self._is_primary(device):
                events += self._tell(device, Silence(self._newest_us - silent_us, self._newest_us, "silence"))
        for device in self._unheard():
            events += self._tell(device, Silence(self._start_us or 0, self._newest_us, "silence"))
        return events

    def _warnings(self) -> tuple[str, ...]:
        found = sorted(self._causes)
        if self._n_decode_failures:
            found.append(f"decode-failed:{self._n_decode_failures}")
        if self._sums.totals().contact_time_s is None:
            found.append("no-contact-time")
        if self._model.provisional:
            found.append("provisional-model")
        return tuple(found)

    def _make_header(self) -> SessionHeader:
        setup = self.setup
        kind = "imu" if setup.tier == "imu" else "records"
        profiles = [d.profile for d in setup.devices if d.profile is not None]
        primary = next((p for p in profiles if p.kind == kind), profiles[0] if profiles else None)
        return SessionHeader(
            sid=setup.sid,
            athlete=setup.athlete,
            zone=setup.zone,
            origin=setup.origin,
            tier=setup.tier,
            model=self._model.version,
            reference=self._model.reference.id,
            profile=primary.tag if primary else "file",
            ledger=setup.ledger,
        )
