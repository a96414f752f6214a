"""The devices of a session: their streams, whose rows count, and how long each was heard."""

import math
from typing import Final, TypeAlias

from sensor_hub.model.gait import RecordReading
from sensor_hub.model.pattern import GaitPattern
from sensor_hub.model.session import BoundDevice, SessionSetup
from sensor_hub.session.imu_stream import ImuStream
from sensor_hub.session.links import LinkLog
from sensor_hub.session.primary import a_pod_on_each_foot, imus_of, mount_of, primary_devices
from sensor_hub.session.record_stream import LONGEST_FILE_INTERVAL_S, RecordStream
from sensor_hub.session.timeline import Landed, Silence, Told
from sensor_hub.session.unworn import NOT_WORN, UnwornFeet
from sensor_hub.signal.gaps import LONGEST_INTERVAL_S
from sensor_hub.signal.wearing.pattern import is_pair_swapped
from sensor_hub.units import US_PER_S

SPEED_USABLE_US: Final = 2_000_000  # a speed older than this is not the step's speed

Stream: TypeAlias = ImuStream | RecordStream


class Sources:
    """One stream a device, made when the device is first heard.

    Rows come from the *primary* devices only (``primary``); where the setup names none, from the first that is heard.
    """

    def __init__(self, setup: SessionSetup) -> None:
        self._setup = setup
        self._bound = {d.device: d for d in setup.devices}
        self._primary = [d.device for d in primary_devices(setup)]
        self._feet = [d.device for d in a_pod_on_each_foot(imus_of(setup))]
        self._unworn = UnwornFeet() if self._feet and setup.tier == "imu" else None
        self._links: dict[str, LinkLog] = {}
        self.streams: dict[str, Stream] = {}

    def links(self, device: str) -> LinkLog:
        """What is known of a device's link."""
        return self._links.setdefault(device, LinkLog())

    def imu(self, device: str) -> ImuStream:
        """The stream of an IMU."""
        stream = self.streams.get(device)
        if not isinstance(stream, ImuStream):
            bound = self._bound.get(device, BoundDevice(device, None))
            feet = max(1, len(self._feet))
            stream = ImuStream(
                mount_of(bound),
                bound.side,
                feet_measured=feet,
                calibration=bound.calibration,
                usual=bound.usual,
                others=bound.others,
                links=self.links(device),
            )
            self.streams[device] = stream
        return stream

    def records(self, device: str) -> RecordStream:
        """The stream of a source of records."""
        stream = self.streams.get(device)
        if not isinstance(stream, RecordStream):
            profile = self._bound.get(device, BoundDevice(device, None)).profile
            longest_s = profile.stale_timeout_s if profile else LONGEST_FILE_INTERVAL_S
            stream = RecordStream(
                "U",
                longest_interval_s=longest_s,
                odometer_is_ours=profile is None,
                links=self.links(device),
                altitude_is_ground=self._setup.conditions.surface != "treadmill",
            )
            self.streams[device] = stream
        return stream

    @property
    def has_two_feet(self) -> bool:
        """Whether a sensor sits on each foot."""
        return bool(self._feet)

    def heard_us(self) -> dict[str, int | None]:
        """UTC microsecond up to which each of two feet was heard, None for never."""
        heard = {str(self._bound[device].side): self.streams.get(device) for device in self._feet}
        return {side: None if stream is None else stream.last_us for side, stream in heard.items()}

    def tell(self, device: str, told: Told) -> None:
        """Take what the stream of a device that counts has found."""
        if self._unworn is None:
            return
        side = str(self._bound[device].side)
        if isinstance(told, Landed):
            self._unworn.land(side, told.time_us)
        elif isinstance(told, Silence) and told.cause != NOT_WORN:
            self._unworn.silent(side, told)

    def not_worn(self, start_us: int, newest_us: int, *, is_over: bool = False) -> list[tuple[str, Silence]]:
        """Bring up to date, at a boundary, which of two feet made no contact while the other stepped.

        Return device and stretch of what became certain; arguments as in ``UnwornFeet.close``.
        """
        if self._unworn is None:
            return []
        devices = {str(self._bound[d].side): d for d in self._feet if d in self.streams}
        streams = {side: self.streams[device] for side, device in devices.items()}
        heard = {side: (s.last_us, s.unknown_us) for side, s in streams.items() if s.last_us is not None}
        found = self._unworn.close(start_us, newest_us, heard, is_over=is_over)
        return [(devices[side], silence) for side, silence in found]

    def contact_time_bias_s(self) -> float | None:
        """How far the mean contact time of the session may lie from a force plate's; None where nobody knows."""
        streams = [s for d, s in self.streams.items() if self.is_primary(d)]
        bounds = [s.contact_time_bias_s if isinstance(s, ImuStream) else None for s in streams]
        known = [bound_s for bound_s in bounds if bound_s is not None]
        return max(known) if known and len(known) == len(bounds) else None

    def wearing_doubts(self) -> tuple[str, ...]:
        """What seems wrong about how the IMUs that count are worn; with two of them, ``doubt:device``.

        ``fits-better:device:other`` names the pod of whom the strides look like, also with one of them.
        """
        imus = {d: s for d, s in self.streams.items() if isinstance(s, ImuStream) and self.is_primary(d)}
        if len(imus) < 2:
            doubts = [(device, doubt) for device, stream in imus.items() for doubt in stream.wearing.doubts()]
            return tuple(self._about(device, doubt) if doubt == "fits-better" else doubt for device, doubt in doubts)
        left, right = (imus[device].wearing.pattern() if device in imus else None for device in self._feet)
        together = is_pair_swapped(left, right)
        if together:
            return ("sides-swapped",)
        found = [(device, doubt) for device, stream in imus.items() for doubt in stream.wearing.doubts()]
        # what one of them says of its side alone may be no more than how it sits
        kept = [(device, doubt) for device, doubt in found if together is None or doubt != "sides-swapped"]
        return tuple(sorted(self._about(device, doubt) for device, doubt in kept))

    def _about(self, device: str, doubt: str) -> str:
        other = self.fits().get(device) if doubt == "fits-better" else None
        return f"{doubt}:{device}" if other is None else f"{doubt}:{device}:{other}"

    def fits(self) -> dict[str, str]:
        """Return, by IMU that counts, the pod of whom its strides look like rather than their wearer's."""
        imus = {d: s for d, s in self.streams.items() if isinstance(s, ImuStream) and self.is_primary(d)}
        found = {device: stream.wearing.fits() for device, stream in imus.items()}
        return {device: other for device, other in found.items() if other is not None}

    def patterns(self) -> tuple[GaitPattern, ...]:
        """How the strides of this session look, to each IMU that counts if it seems worn as it should be."""
        if any(doubt.startswith("sides-swapped") for doubt in self.wearing_doubts()):
            return ()
        imus = [s for d, s in self.streams.items() if isinstance(s, ImuStream) and self.is_primary(d)]
        found = [stream.wearing.pattern() for stream in imus if stream.wearing.is_usual]
        return tuple(pattern for pattern in found if pattern is not None)

    def is_primary(self, device: str) -> bool:
        """Whether this device's rows count."""
        if self._primary:
            return device in self._primary
        kind = ImuStream if self._setup.tier == "imu" else RecordStream
        return device == next((d for d, s in self.streams.items() if isinstance(s, kind)), None)

    def distance_source(self) -> str | None:
        """The source of records that counts, else the first heard; its odometer is the session's."""
        heard = [d for d, s in self.streams.items() if isinstance(s, RecordStream)]
        return next((d for d in heard if self.is_primary(d)), heard[0] if heard else None)

    def distance_m(self, newest_us: int) -> float | None:
        """The session's distance so far, None if unknown."""
        device = self.distance_source()
        stream = self.streams[device] if device else None
        if device is None or not isinstance(stream, RecordStream):
            return None
        return stream.distance_m(self.silent_us(device, newest_us))

    def doubts_cadence_unit(self) -> bool:
        """Whether a source of records seems to count strides where its profile says steps, or the other way round."""
        return any(isinstance(s, RecordStream) and s.doubts_cadence_unit for s in self.streams.values())

    def has_void_calibration(self) -> bool:
        """Whether an athlete's calibration was made with another method than the one that counts now."""
        return any(s.calibration_is_void for s in self.streams.values() if isinstance(s, ImuStream))

    def unheard(self) -> list[str]:
        """IMUs the session counts on that have not said anything yet."""
        return [d for d in self._primary if d not in self.streams] if self._setup.tier == "imu" else []

    def silent_us(self, device: str, newest_us: int) -> int:
        """Microseconds that others were heard and this device was not, once they are more than its patience.

        A link that is known to be down needs no patience.
        """
        last_us = self.streams[device].last_us
        silent_us = 0 if last_us is None else newest_us - last_us
        patience_us = LONGEST_INTERVAL_S * US_PER_S if self.links(device).is_down else self.patience_us(device)
        return silent_us if silent_us > patience_us else 0

    def patience_us(self, device: str) -> int:
        """How long this device may say nothing before it counts as silent."""
        bound = self._bound.get(device)
        patience_s = bound.profile.stale_timeout_s if bound and bound.profile else LONGEST_FILE_INTERVAL_S
        return round(patience_s * US_PER_S)

    def times_s(self, start_us: int, newest_us: int) -> tuple[float, float]:
        """Seconds recorded and seconds unknown so far, the mean over the devices the session counts on.

        What was not worn counts up to the newest ``not_worn``.
        """
        primary = {d: s for d, s in self.streams.items() if self.is_primary(d)}
        unheard = self.unheard()
        n = len(primary) + len(unheard)
        if n == 0:
            return 0.0, 0.0
        unknown_us = sum(s.unknown_us + self.silent_us(d, newest_us) for d, s in primary.items())
        unknown_us += len(unheard) * (newest_us - start_us)
        recorded_us = sum(s.recorded_us for s in primary.values())
        unworn_us = 0 if self._unworn is None else min(self._unworn.unknown_us, recorded_us)
        return (recorded_us - unworn_us) / n / US_PER_S, (unknown_us + unworn_us) / n / US_PER_S

    def lend(self, reading: RecordReading, at_us: int) -> None:
        """Let the IMUs' steps have speed and grade of a pod or watch, for as long as they are fresh."""
        lender = self.streams.get(reading.device)
        grade = lender.grade if isinstance(lender, RecordStream) else math.nan
        for stream in self.streams.values():
            if not isinstance(stream, ImuStream):
                continue
            if reading.speed_mps is not None:
                stream.contacts.speed = reading.speed_mps, at_us + SPEED_USABLE_US
            if not math.isnan(grade):
                stream.contacts.grade = grade, at_us + SPEED_USABLE_US
