"""A recorded run at once: packet columns in memory → steps and totals, for reanalysis.

The same streams, detectors and clocks as ``RunSession``, fed minutes at a time instead of half a second, and no events
on the way. So the numbers are those of an import of the same notifications, as long as no link was more than
``two_feet.PATIENCE_US`` behind the other: here every step knows the whole of the other foot.

Sensors that stream only. Of records (a footpod's speed and distance), of what the collector said of a link and of
pauses nothing is known here: distance and speed are unknown, a silence has no cause.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np

from sensor_hub.load.achilles import AchillesModel
from sensor_hub.load.aggregate import SessionTotals
from sensor_hub.model.gait import StepTable
from sensor_hub.model.load import Totals
from sensor_hub.model.packets import PacketColumns
from sensor_hub.model.session import SessionSetup
from sensor_hub.session.host_clock import HostClock
from sensor_hub.session.imu_decoding import Arrived, ImuDecoding
from sensor_hub.session.imu_stream import ImuStream
from sensor_hub.session.pending_steps import PendingSteps
from sensor_hub.session.rest import LONGEST_REST_S, RestMarks
from sensor_hub.session.sources import Sources
from sensor_hub.session.timeline import LATEST_US, DatedSteps, Landed, Silence, Told
from sensor_hub.units import US_PER_S, utc_us

MINUTE_US: Final = 60_000_000
LONG_US: Final = 600_000_000  # as much as a stream takes in one piece; less costs calls, more memory


def whole_run(packets: Mapping[str, PacketColumns], setup: SessionSetup) -> tuple[StepTable, Totals]:
    """Return the steps of a recorded run, in order of time, and its totals.

    Parameters
    ----------
    packets : mapping of device to PacketColumns
        What each sensor sent; every device must be in the setup with a profile that decodes its characteristic.
    setup : SessionSetup
        As the session had it, calibrations included; ``start_utc`` None lets the first sample set the start.

    Raises
    ------
    ValueError
        If a device or its characteristic is not in the setup.
    """
    run = _Run(packets, setup, LONG_US)
    if run.ends_in_rest():  # where a rest begins is told to a minute, as in an import
        run = _Run(packets, setup, MINUTE_US)
    return run.result()


class _Run:
    def __init__(self, packets: Mapping[str, PacketColumns], setup: SessionSetup, part_us: int) -> None:
        model = AchillesModel(setup.load_reference, setup.conditions)
        self._sources = Sources(setup)
        self._pending = PendingSteps(model, two_feet=self._sources.has_two_feet, tier=setup.tier)
        self._sums = SessionTotals(model, setup.tier)
        self._start_us = utc_us(setup.start_utc) if setup.start_utc else None
        self._newest_us = self._start_us or 0
        self._rest = RestMarks()
        decoders = _decoders(packets, setup)
        for parts in _parts(packets, part_us):
            for device, part in parts:
                name, decoding = decoders[device]
                for arrived in decoding.decode_columns(name, part):
                    self._take(device, arrived)
            self._mark()
        for device, (_, decoding) in decoders.items():
            for arrived in decoding.flush():
                self._take(device, arrived)
        for device, stream in self._sources.streams.items():
            self._tell(device, stream.finish())
        self._mark(is_over=True)
        self._rows = self._pending.finish()
        if self._rows is not None:
            self._rest.stepped(int(self._rows.steps.time_utc_us.max()))

    def ends_in_rest(self) -> bool:
        if self._rows is None:
            return False
        return self._newest_us - int(self._rows.steps.time_utc_us.max()) >= LONGEST_REST_S * US_PER_S

    def result(self) -> tuple[StepTable, Totals]:
        rows = self._rows
        if rows is not None:
            self._sums.add(rows.steps, rows.running)
        _, self._sums.recorded_s, self._sums.unknown_s = self._rest.end_of_run()
        self._sums.contact_time_bias_s = self._sources.contact_time_bias_s()
        return StepTable.empty() if rows is None else rows.steps, self._sums.totals()

    def _take(self, device: str, arrived: Arrived) -> None:
        """Take samples as ``RunSession`` does, with no boundary to stop at."""
        stream = self._sources.imu(device)
        block, offset_us = arrived.block, arrived.offset_us
        taken, told = stream.run_far(block, offset_us)
        self._tell(device, told)
        if taken == len(block):
            self._newest_us = max(self._newest_us, stream.last_us or 0)
            return
        if taken:
            arrived = Arrived(block.slice(taken, len(block)), offset_us[taken:])
        for first, last, overtaken in stream.runs_in_order(arrived.block.t_s):
            block, offset_us = arrived.block, arrived.offset_us
            if last - first < len(block):
                block, offset_us = block.slice(first, last), offset_us[first:last]
            if overtaken:
                self._tell(device, stream.overtaken(block.t_s))
                continue
            first_s = float(block.t_s[0])
            stream.place.anchor(first_s, round(float(offset_us[0]) + first_s * US_PER_S))
            if stream.last_us is None:
                self._begin(device, stream, stream.place.time_us(first_s))
            at = 0
            while at < len(block):
                stream.place.next_us(float(block.t_s[at]), float(offset_us[at]))
                end = stream.place.piece_end(block, offset_us, at, LATEST_US + 1)
                whole = end - at == len(block)
                part = (block, offset_us) if whole else (block.slice(at, end), offset_us[at:end])
                self._tell(device, stream.receive(*part))
                at = end
            self._newest_us = max(self._newest_us, stream.last_us or 0)

    def _begin(self, device: str, stream: ImuStream, first_us: int) -> None:
        """The first device sets the start; of one that is heard late the time until then is unknown."""
        self._start_us = first_us if self._start_us is None else self._start_us
        missed_us = first_us - self._start_us
        if len(self._sources.streams) > 1 and missed_us > self._sources.patience_us(device):
            stream.miss(missed_us)
            self._sources.tell(device, Silence(self._start_us, first_us, "silence"))

    def _tell(self, device: str, told: Sequence[Told]) -> None:
        if told and self._sources.is_primary(device):
            for one in told:
                self._sources.tell(device, one)
                if isinstance(one, DatedSteps | Landed):
                    self._pending.take(one)

    def _mark(self, *, is_over: bool = False) -> None:
        self._sources.not_worn(self._start_us or 0, self._newest_us, is_over=is_over)
        self._rest.mark(self._newest_us, *self._sources.times_s(self._start_us or 0, self._newest_us))


def _decoders(packets: Mapping[str, PacketColumns], setup: SessionSetup) -> dict[str, tuple[str, ImuDecoding]]:
    profiles = {bound.device: bound.profile for bound in setup.devices}
    found = {}
    for device, columns in packets.items():
        profile = profiles.get(device)
        name = None if profile is None else profile.characteristics.get(columns.characteristic)
        if profile is None or name is None:
            raise ValueError(f"{device}: no device of the setup has a profile for {columns.characteristic}")
        found[device] = name, ImuDecoding(device, profile, HostClock())
    return found


def _parts(packets: Mapping[str, PacketColumns], part_us: int) -> Iterator[list[tuple[str, PacketColumns]]]:
    """Yield what arrived in each part of the run, the device heard first before the others."""
    heard = sorted((p for p in packets.items() if len(p[1])), key=lambda p: int(p[1].arrival_us[0]))
    if not heard:
        return
    first_us, last_us = int(heard[0][1].arrival_us[0]), max(int(p.arrival_us[-1]) for _, p in heard)
    edges_us = np.append(np.arange(first_us + part_us, last_us, part_us), last_us + 1)
    ends = {device: np.searchsorted(columns.arrival_us, edges_us).tolist() for device, columns in heard}
    for part in range(len(edges_us)):
        cut = [(d, columns, ends[d][part - 1] if part else 0, ends[d][part]) for d, columns in heard]
        yield [(d, columns.slice(begin, end)) for d, columns, begin, end in cut if begin < end]
