"""One sensor's frames → samples with axes of the body part and a time each."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np

from sensor_hub.decoders.catalogue import stream_decoder
from sensor_hub.decoders.clock import WrappedClock
from sensor_hub.decoders.recent_frames import RecentFrames
from sensor_hub.decoders.recent_times import COPIES
from sensor_hub.decoders.samples import ANGULAR_VELOCITY, Samples, StreamDecoder
from sensor_hub.decoders.single_frame import SingleSamples
from sensor_hub.decoders.table import LayoutDecoder
from sensor_hub.model.arrays import BoolArray, FloatArray, IntArray
from sensor_hub.model.imu import LARGEST_CLOCK_S, ImuBlock
from sensor_hub.model.packets import PacketColumns
from sensor_hub.model.profile import DeviceProfile
from sensor_hub.model.raw import RawNotification
from sensor_hub.session.arrival_clock import ArrivalClock
from sensor_hub.session.host_clock import HostClock
from sensor_hub.session.pairing import Pairing
from sensor_hub.session.timed_samples import MEASURED_BOTH, TimedSamples
from sensor_hub.units import US_PER_S, utc_us

LONGEST_PERIOD_S: Final = 1e9  # thirty years: no counter of a sensor that is worn gets there


@dataclass(frozen=True, slots=True, eq=False)
class Arrived:
    """Samples, and what their arrival says about the device's clock.

    offset_us : (n,) arrival minus device time of the newest sample in the same notification, µs: the smaller, the less
        it was delayed.
    """

    block: ImuBlock
    offset_us: FloatArray


class Single(NamedTuple):
    """Samples of one notification in which nothing is out of the ordinary: they are whole, and no time falls.

    A tuple, because that is soonest made.

    first_s, last_s : the ends of t_s. offset_us : as in ``Arrived``, the same for all.
    """

    device: str
    t_s: FloatArray
    first_s: float
    last_s: float
    acceleration_mps2: FloatArray
    angular_velocity_radps: FloatArray
    offset_us: float

    def split(self, n: int) -> "tuple[Single, Single]":
        """Return the first n samples, and the others; there must be some of both."""
        before, after = self.block().slice(0, n), self.block().slice(n, len(self.t_s))
        return self._of(before), self._of(after)

    def _of(self, part: ImuBlock) -> "Single":
        ends_s = float(part.t_s[0]), float(part.t_s[-1])
        return Single(
            self.device, part.t_s, *ends_s, part.acceleration_mps2, part.angular_velocity_radps, self.offset_us
        )

    def block(self) -> ImuBlock:
        """Return the samples alone."""
        return ImuBlock(self.device, self.t_s, self.acceleration_mps2, self.angular_velocity_radps, True)

    def arrived(self) -> Arrived:
        """Return the same in the form that says it of each sample."""
        return Arrived(self.block(), np.full(len(self.t_s), self.offset_us))


@dataclass(frozen=True, slots=True, eq=False)
class DecodedRun:
    """What a run of notifications of one sensor holds.

    whole : all of it, the same number of samples in each notification, where nothing is out of the ordinary. parts :
    else what each of them holds.
    """

    whole: Arrived | None
    n_each: int
    parts: "Sequence[Sequence[Arrived | Failed]]"

    def of(self, number: int) -> "Sequence[Arrived | Failed]":
        """Return what one of the notifications holds."""
        if self.whole is None:
            return self.parts[number]
        begin, end = number * self.n_each, (number + 1) * self.n_each
        return (Arrived(self.whole.block.slice(begin, end), self.whole.offset_us[begin:end]),)


@dataclass(frozen=True, slots=True)
class Failed:
    """A notification that is not what its profile promises."""

    raw: RawNotification
    problem: str


@dataclass(frozen=True, slots=True, eq=False)
class _Sent:
    """The notifications that samples came in, by number: (m,) UTC µs of arrival, and the bytes of one."""

    characteristic: str
    arrival_us: FloatArray
    payload: Callable[[int], bytes]


class ImuDecoding:
    """What one IMU's notifications mean; keeps decoders, clocks and whatever waits for its other half."""

    def __init__(self, device: str, profile: DeviceProfile, host: HostClock) -> None:
        self._device, self._profile, self._host = device, profile, host
        self._decoders: dict[str, StreamDecoder] = {}
        self._wrapped = _wrapped(profile)
        self._arrival_clocks: dict[int, ArrivalClock] = {}
        self._origin_us: float | None = None
        self._pairing = Pairing()
        self._recent: dict[str, RecentFrames] = {}  # by characteristic
        self._axes = axes_of(profile.axes)
        # of a notification whose samples rise in time, from the first to the last
        self._is_plain = profile.timestamp != "none" and not any(la.resync for la in profile.layouts.values())

    def decode(self, name: str, run: Sequence[RawNotification]) -> Iterator[Arrived | Failed]:
        """Yield what a run of notifications of one characteristic holds, in order; ``name`` is their decoder's."""
        samples = self._decoder(name).decode(run[0].characteristic, [raw.payload for raw in run])
        yield from self._told(samples, run)

    def _told(self, samples: Samples, run: Sequence[RawNotification]) -> Iterator[Arrived | Failed]:
        sent = _sent(run)
        begin = 0
        for index, error in samples.failures:
            end = int(np.searchsorted(samples.notification, index, side="left"))
            yield from self._samples(samples, begin, end, sent)
            yield Failed(run[index], error.problem)
            begin = end
        yield from self._samples(samples, begin, len(samples), sent)

    def decode_single(self, name: str, raw: RawNotification) -> Sequence[Arrived | Failed | Single]:
        """Return what one notification holds, like ``decode``, but sooner."""
        decoder = self._decoders.get(name) or self._decoder(name)
        single = decoder.decode_single(raw.payload) if isinstance(decoder, LayoutDecoder) else None
        if single is None:
            return list(self.decode(name, (raw,)))
        placed = self._single(single, raw)
        return list(self._told(single.samples(), [raw])) if placed is None else [placed]

    def decode_run(self, name: str, run: Sequence[RawNotification]) -> DecodedRun:
        """Return what each notification of a run of one characteristic holds."""
        samples = self._decoder(name).decode(run[0].characteristic, [raw.payload for raw in run])
        sent = _sent(run)
        whole = self._columns(samples, sent)
        if whole is not None:
            return DecodedRun(whole, samples.n_each, ())
        ends = np.searchsorted(samples.notification, np.arange(len(run)), side="right").tolist()
        parts: list[list[Arrived | Failed]] = [
            list(self._samples(samples, begin, end, sent)) for begin, end in pairwise([0, *ends])
        ]
        for index, error in samples.failures:
            parts[index].append(Failed(run[index], error.problem))
        return DecodedRun(None, 0, parts)

    def _single(self, single: SingleSamples, raw: RawNotification) -> Single | None:
        arrival_us = float(utc_us(raw.arrival_utc))
        first_s, last_s = single.first_s, single.last_s
        place = self._place(raw.characteristic, first_s, last_s, (arrival_us, arrival_us, arrival_us))
        if place is None:
            return None
        self._recent[raw.characteristic].rise_to(first_s, raw.payload)
        t_s, (turned_s, shift_us) = single.time_s, place
        if turned_s:
            t_s, first_s, last_s = t_s + turned_s, first_s + turned_s, last_s + turned_s
        offset_us = (arrival_us + shift_us if shift_us else arrival_us) - last_s * US_PER_S
        acceleration, rotation = self._turned(single.acceleration_mps2, single.angular_velocity_radps)
        return Single(self._device, t_s, first_s, last_s, acceleration, rotation, offset_us)

    def _turned(self, acceleration: FloatArray, rotation: FloatArray) -> tuple[FloatArray, FloatArray]:
        if self._axes is None:
            return acceleration, rotation
        which, sign = self._axes
        return acceleration[:, which] * sign, rotation[:, which] * sign

    def _place(
        self, characteristic: str, first_s: float, last_s: float, arrivals_us: tuple[float, float, float]
    ) -> tuple[float, float] | None:
        """Return what unwraps the times, s, and what the host's clock was set by, µs; both are to be added.

        For whole samples whose times, as sent, rise from the first to the last; arrivals_us : the earliest, the latest
        and the last. None, with nothing done, where anything is out of the ordinary.
        """
        if not self._is_plain or self._pairing.is_waiting:
            return None
        recent = self._recent.get(characteristic)
        if recent is None:
            recent = self._recent[characteristic] = RecentFrames()
        if first_s <= recent.newest or first_s < -LARGEST_CLOCK_S or last_s > LARGEST_CLOCK_S:
            return None
        shift_us = self._host.shift_us(last_s, MEASURED_BOTH, *arrivals_us)
        if shift_us is None:
            return None
        if self._wrapped is None:
            return 0.0, shift_us
        turned_s = self._wrapped.unwrap_rising(first_s, last_s, *arrivals_us)
        return None if turned_s is None else (turned_s, shift_us)

    def decode_columns(self, name: str, packets: PacketColumns) -> Iterator[Arrived]:
        """Yield what notifications hold that came as columns; what the profile does not promise is left out."""
        decoder, payload = self._decoder(name), packets.payload
        if isinstance(decoder, LayoutDecoder):
            samples = decoder.decode_rows(payload)
        else:
            samples = decoder.decode(packets.characteristic, [row.tobytes() for row in payload])
        sent = _Sent(packets.characteristic, packets.arrival_us.astype(np.float64), lambda i: payload[i].tobytes())
        arrived = self._columns(samples, sent)
        if arrived is None:
            yield from self._samples(samples, 0, len(samples), sent)
        else:
            yield arrived

    def _columns(self, samples: Samples, sent: "_Sent") -> Arrived | None:
        """Return the samples of many notifications in which nothing is out of the ordinary; None, with nothing done."""
        t_s, arrival_us, n_each = samples.time_s, sent.arrival_us, samples.n_each
        if not (n_each and samples.is_whole) or not (t_s[1:] > t_s[:-1]).all():
            return None
        arrivals_us = float(arrival_us.min()), float(arrival_us.max()), float(arrival_us[-1])
        place = self._place(sent.characteristic, float(t_s[0]), float(t_s[-1]), arrivals_us)
        if place is None:
            return None
        m = len(t_s) // n_each
        newest = [(float(t_s[i * n_each]), sent.payload(i)) for i in range(max(0, m - COPIES), m)]
        self._recent[sent.characteristic].take(newest)
        turned_s, shift_us = place
        t_s = t_s + turned_s if turned_s else t_s
        arrival_us = arrival_us + shift_us if shift_us else arrival_us
        offset_us = np.repeat(arrival_us - t_s[n_each - 1 :: n_each] * US_PER_S, n_each)
        vectors = self._turned(samples.acceleration_mps2, samples.angular_velocity_radps)
        return Arrived(ImuBlock(self._device, t_s, *vectors, True), offset_us)

    def _decoder(self, name: str) -> StreamDecoder:
        decoder = self._decoders.get(name)
        if decoder is None:
            decoder = self._decoders[name] = stream_decoder(name, self._profile)
        return decoder

    def flush(self) -> Iterator[Arrived]:
        """Yield what waits: the link or the session ended."""
        for clock in self._arrival_clocks.values():
            for timed in clock.flush():
                yield from self._paired(timed)
        for timed in self._pairing.flush():
            yield self._arrived(timed)

    def _samples(self, samples: Samples, begin: int, end: int, sent: "_Sent") -> Iterator[Arrived]:
        if begin == end:
            return
        part = slice(begin, end)
        owner, time_s = samples.notification[part], samples.time_s[part]
        arrival_us = sent.arrival_us[owner]
        acceleration, rotation = self._turned(samples.acceleration_mps2[part], samples.angular_velocity_radps[part])
        measured, is_whole = samples.measured[part], samples.is_whole
        timed = TimedSamples(time_s, acceleration, rotation, measured, arrival_us, arrival_us, is_whole)
        if self._profile.timestamp == "none":
            yield from self._by_arrival(timed, owner)
        else:
            yield from self._by_device(timed, owner, sent)

    def _by_device(self, timed: TimedSamples, owner: IntArray, sent: "_Sent") -> Iterator[Arrived]:
        known = np.abs(timed.t_s) <= LARGEST_CLOCK_S  # a sample that does not know when it was says nothing
        if not known.all():
            timed, owner = timed.only(known), owner[known]
        if not len(timed):
            return
        fresh = self._fresh(timed.t_s, owner, sent)
        if not fresh.all():
            timed, owner = timed.only(fresh), owner[fresh]
            if not len(timed):
                return
        period_s = None if self._wrapped is None else self._wrapped.period_s
        arrival_us = self._host.follow(timed.t_s, timed.measured, timed.arrival_us, period_s)
        if arrival_us is not timed.arrival_us:
            timed = replace(timed, arrival_us=arrival_us)
        t_s = timed.t_s if self._wrapped is None else self._wrapped.unwrap(timed.t_s, arrival_us)
        newest_s = t_s
        ends = np.append(np.flatnonzero(owner[1:] != owner[:-1]), len(owner) - 1)
        if len(ends) < len(owner):
            counts = ends.copy()
            counts[0] += 1
            np.subtract(ends[1:], ends[:-1], out=counts[1:])
            newest_s = np.repeat(t_s[ends], counts)
        yield from self._paired(timed.at(t_s, newest_s))

    def _by_arrival(self, timed: TimedSamples, owner: IntArray) -> Iterator[Arrived]:
        if self._origin_us is None:
            self._origin_us = float(timed.arrival_us[0])
        edges = np.nonzero((np.diff(owner) != 0) | (np.diff(timed.measured) != 0))[0] + 1
        for begin, end in pairwise([0, *edges.tolist(), len(timed)]):
            kind = int(timed.measured[begin])
            clock = self._arrival_clocks.get(kind)
            if clock is None:
                clock = ArrivalClock(self._profile.sampling_rate_hz, self._origin_us)
                self._arrival_clocks[kind] = clock
            was_measuring = clock.is_measuring
            known = clock.receive(timed.only(slice(begin, end)))
            if was_measuring and not clock.is_measuring:  # neither half of the first samples may miss the other
                known += [k for c in self._arrival_clocks.values() if c.is_measuring for k in c.flush()]
                known.sort(key=lambda one: one.measured[0] != ANGULAR_VELOCITY)
            for one in known:
                yield from self._paired(one)

    def _fresh(self, t_s: FloatArray, owner: IntArray, sent: "_Sent") -> BoolArray:
        """(n,) False for samples of a notification that was told before, byte for byte."""
        fresh = np.ones(len(t_s), np.bool_)
        recent = self._recent.setdefault(sent.characteristic, RecentFrames())
        firsts = np.append(0, np.flatnonzero(owner[1:] != owner[:-1]) + 1)
        first_s = t_s[firsts]
        if bool(first_s[0] > recent.newest) and bool((first_s[1:] > first_s[:-1]).all()):  # then nothing is a copy
            firsts = firsts[-COPIES:]
        seen = [(float(t_s[i]), sent.payload(int(owner[i]))) for i in firsts.tolist()]
        told = [*recent.told, *seen]
        if any(later[0] <= before[0] for before, later in pairwise(told)):
            for number, (begin, end) in enumerate(pairwise([*firsts.tolist(), len(t_s)]), start=len(recent.told)):
                if told[number] in told[max(0, number - COPIES) : number]:
                    fresh[begin:end] = False
        recent.take(seen)
        return fresh

    def _paired(self, timed: TimedSamples) -> Iterator[Arrived]:
        for complete in self._pairing.receive(timed):
            yield self._arrived(complete)

    def _arrived(self, timed: TimedSamples) -> Arrived:
        return Arrived(timed.block(self._device), timed.offset_us)


def _sent(run: Sequence[RawNotification]) -> _Sent:
    arrival_us = np.array([utc_us(raw.arrival_utc) for raw in run], dtype=np.float64)
    return _Sent(run[0].characteristic, arrival_us, lambda i: run[i].payload)


def axes_of(axes: tuple[str, str, str]) -> tuple[list[int], FloatArray] | None:
    """Return (column, sign) of each of our axes in the sensor's; None if they are the same."""
    if axes == ("x", "y", "z"):
        return None
    return ["xyz".index(axis[-1]) for axis in axes], np.array([-1.0 if axis.startswith("-") else 1.0 for axis in axes])


def _wrapped(profile: DeviceProfile) -> WrappedClock | None:
    bits, tick_s = profile.timestamp_wrap_bits, profile.timestamp_tick_s
    period_s = 2.0**bits * tick_s if bits and tick_s else np.inf
    return WrappedClock(period_s) if period_s < LONGEST_PERIOD_S else None
