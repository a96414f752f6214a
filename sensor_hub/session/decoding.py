"""Notifications → readings, by the decoder a device's profile names. Bad bytes become a ``Failed``, in their place.

A cadence is normalised here to steps of both feet; what the device sent stays in the recording.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Final, TypeAlias

from sensor_hub.decoders.catalogue import LAYOUT_PREFIX, VALUE_DECODERS, is_stream
from sensor_hub.decoders.rsc import RscMeasurement
from sensor_hub.decoders.table import decode_values
from sensor_hub.errors import DecodeError
from sensor_hub.model.gait import RecordReading
from sensor_hub.model.link import LINK, LinkChange
from sensor_hub.model.profile import DeviceProfile, Layout
from sensor_hub.model.raw import RawNotification
from sensor_hub.model.session import BoundDevice
from sensor_hub.session.host_clock import HostClock
from sensor_hub.session.imu_decoding import Arrived, DecodedRun, Failed, ImuDecoding, Single
from sensor_hub.units import from_utc_us, utc_us

LONGEST_HELD_US: Final = 1_500_000
FEW: Final = 8  # ours, measured: as many notifications are decoded sooner one by one
SHORTEST_CONTACT_S: Final = 0.1  # outside these a pod is not telling of running
LONGEST_CONTACT_S: Final = 0.45
# A collector asks every sensor for its battery and what it is, whether its profile says so or not.
ABOUT_ITSELF: Final = frozenset({"2a19", "2a24", "2a25", "2a26", "2a27", "2a28", "2a29"})

Decoded: TypeAlias = Arrived | Single | RecordReading | LinkChange | Failed


class NotificationDecoder:
    """Decodes runs of notifications of one device; keeps what a device needs from one run to the next."""

    def __init__(self, devices: Sequence[BoundDevice]) -> None:
        self._profiles = {d.device: d.profile for d in devices}
        self._hosts = {d.device: HostClock() for d in devices}
        self._imus: dict[str, ImuDecoding] = {}
        self._records: dict[str, RecordDecoding] = {}
        self._by_name: dict[tuple[str, str], ImuDecoding | RecordDecoding] = {}
        self._streams: dict[tuple[str, str], tuple[str, ImuDecoding]] = {}  # by device and characteristic

    def decode_single(self, raw: RawNotification) -> Sequence[Decoded]:
        """Return what one notification holds: ``decode`` of a run of one, but sooner."""
        found = self._streams.get((raw.device, raw.characteristic))
        if found is None:
            return list(self.decode(raw.device, (raw,)))
        name, decoding = found
        return decoding.decode_single(name, raw)

    def is_stream(self, raw: RawNotification) -> bool:
        """Whether a notification is of a stream of samples that was heard before."""
        return (raw.device, raw.characteristic) in self._streams

    def decode_apart(self, run: Sequence[RawNotification]) -> DecodedRun:
        """Return what each notification of a stream that was heard before holds."""
        name, decoding = self._streams[run[0].device, run[0].characteristic]
        return decoding.decode_run(name, run)

    def decode_run(self, device: str, run: Sequence[RawNotification]) -> Iterator[Decoded]:
        """Yield what a run of one device holds, in the way that is soonest done."""
        if len(run) > FEW:
            yield from self.decode(device, run)
        else:
            for raw in run:
                yield from self.decode_single(raw)

    def decode(self, device: str, run: Sequence[RawNotification]) -> Iterator[Decoded]:
        """Yield what a run of one device holds, in order."""
        profile = self._profiles.get(device)
        for characteristic, same in groupby(run, key=lambda raw: raw.characteristic):
            group = list(same)
            if characteristic == LINK:
                yield from self.flush(device)  # what waits for its other half waits no longer than a link
                host = self._hosts.setdefault(device, HostClock())
                host.link_changed()
                yield from (_link(raw, host) for raw in group)
            elif profile is None or characteristic not in profile.characteristics:
                if profile is None or not _needs_no_decoder(characteristic, profile):
                    yield from (Failed(raw, "no decoder in the device's profile") for raw in group)
            else:
                name = profile.characteristics[characteristic]
                decoding = self._decoding(device, name, profile)
                if isinstance(decoding, ImuDecoding):
                    self._streams[device, characteristic] = name, decoding
                yield from decoding.decode(name, group)

    def _decoding(self, device: str, name: str, profile: DeviceProfile) -> "ImuDecoding | RecordDecoding":
        found = self._by_name.get((device, name))
        if found is None:
            if is_stream(name, profile):
                found = self._imus.setdefault(device, ImuDecoding(device, profile, self._hosts[device]))
            else:
                found = self._records.setdefault(device, RecordDecoding(profile))
            self._by_name[device, name] = found
        return found

    def flush(self, device: str) -> Iterator[Decoded]:
        """Yield what of a device still waits for its time or its other half."""
        if device in self._imus:
            yield from self._imus[device].flush()

    @property
    def devices(self) -> tuple[str, ...]:
        """Devices of which something may still wait."""
        return tuple(self._imus)


class RecordDecoding:
    """What the notifications of one device mean that reports gait, or itself, about once a second."""

    def __init__(self, profile: DeviceProfile) -> None:
        self._profile = profile
        self._contact: tuple[int, float] | None = None  # when it arrived (µs), s

    def decode(self, name: str, run: Sequence[RawNotification]) -> Iterator[RecordReading | Failed]:
        """Yield readings of notifications of one characteristic; values that are not gait are checked only."""
        for raw in run:
            try:
                reading = self._reading(name, raw)
            except DecodeError as error:
                yield Failed(raw, error.problem)
                continue
            if reading is not None:
                yield reading

    def _reading(self, name: str, raw: RawNotification) -> RecordReading | None:
        if name.startswith(LAYOUT_PREFIX):
            return self._declared(self._profile.layouts[name.removeprefix(LAYOUT_PREFIX)], raw)
        value = VALUE_DECODERS[name](raw.payload)
        if not isinstance(value, RscMeasurement):
            return None
        return RecordReading(
            device=raw.device,
            end_utc=raw.arrival_utc,
            cadence_spm=value.cadence_spm(self._profile.cadence_counts),
            contact_time_s=self._take_contact(raw),
            speed_mps=value.speed_mps,
            distance_m=value.total_distance_m,
        )

    def _declared(self, layout: Layout, raw: RawNotification) -> RecordReading | None:
        values = decode_values(layout, raw.payload)
        contact_s = values.get("contact_time_s")
        if contact_s is not None and SHORTEST_CONTACT_S <= contact_s <= LONGEST_CONTACT_S:
            self._contact = utc_us(raw.arrival_utc), contact_s
        elif "contact_time_s" in values:
            self._contact = None
        cadence, speed_mps, distance_m = (values.get(q) for q in ("cadence_per_min", "speed_mps", "distance_m"))
        if cadence is None and speed_mps is None and distance_m is None:
            return None  # it goes with the next record
        if cadence is not None and self._profile.cadence_counts == "strides":
            cadence *= 2.0
        return RecordReading(raw.device, raw.arrival_utc, cadence, self._take_contact(raw), speed_mps, distance_m)

    def _take_contact(self, raw: RawNotification) -> float | None:
        """Return the newest contact time, once, and only while it is fresh."""
        held, self._contact = self._contact, None
        if held is None or not 0 <= utc_us(raw.arrival_utc) - held[0] <= LONGEST_HELD_US:
            return None
        return held[1]


def _link(raw: RawNotification, host: HostClock) -> LinkChange | Failed:
    try:
        change = LinkChange.from_notification(raw)
    except DecodeError as error:
        return Failed(raw, error.problem)
    return replace(change, at_utc=from_utc_us(host.session_us(utc_us(change.at_utc))))


def _needs_no_decoder(characteristic: str, profile: DeviceProfile) -> bool:
    """Whether it is recorded only: battery and device information, read once, or the answer to a command."""
    commands = (*profile.start, *profile.stop, *profile.keep_alive)
    return characteristic in {*ABOUT_ITSELF, *profile.reads} or any(
        characteristic in (c.characteristic, c.reply_from) for c in commands
    )
