"""Notifications of a file, taken a sensor at a time instead of in the order in which they arrived.

Nobody watches a file, so its contacts are told at the next boundary of the session's clock. Until then no sensor's
samples change what another's say, as long as all of them go on where their streams ended: then the order of arrival
says nothing, and many notifications of one sensor cost little more than one. Anything else is taken in that order.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from sensor_hub.model.raw import RawNotification
from sensor_hub.model.session import Reading
from sensor_hub.session.decoding import NotificationDecoder
from sensor_hub.session.imu_decoding import Arrived, DecodedRun, Failed
from sensor_hub.session.imu_stream import ImuStream
from sensor_hub.session.sources import Sources
from sensor_hub.units import from_utc_us

NEAR_US: Final = 1_000_000  # ours: what arrives nearer to a boundary may reach it, and is not worth the try
WORTH: Final = 32  # ours: fewer notifications are not worth it either


class SensorRuns:
    """Finds notifications that may be taken a sensor at a time, and decodes them."""

    def __init__(self, decoder: NotificationDecoder, sources: Sources) -> None:
        self._decoder, self._sources = decoder, sources

    def length(self, items: Sequence[RawNotification | Reading], at: int, boundary_us: int) -> int:
        """Return how many items from one on are of streams heard before, and arrived well before a boundary.

        A sensor that streams on two characteristics joins the two in the order in which they came: it ends the run.
        """
        before_utc, characteristics = from_utc_us(boundary_us - NEAR_US), dict[str, str]()
        end = at
        while end < len(items):
            item = items[end]
            if not isinstance(item, RawNotification) or item.arrival_utc >= before_utc:
                break
            known = characteristics.get(item.device)
            if known is None:
                if not self._decoder.is_stream(item):
                    break
                characteristics[item.device] = item.characteristic
            elif known != item.characteristic:
                break
            end += 1
        return end - at

    def decoded(
        self, items: Sequence[RawNotification], boundary_us: int
    ) -> tuple[list[tuple[ImuStream, Arrived]], Iterator[Arrived | Failed]]:
        """Decode such a run; return what is to be taken a sensor at a time, or else what is to be taken in order."""
        runs: dict[str, list[RawNotification]] = {}
        for raw in items:
            runs.setdefault(raw.device, []).append(raw)
        found = {device: self._decoder.decode_apart(run) for device, run in runs.items()}
        together: list[tuple[ImuStream, Arrived]] = []
        for device, run in found.items():
            stream, whole = self._sources.streams.get(device), run.whole
            if whole is None or not isinstance(stream, ImuStream):
                return [], _in_order(items, found)
            if not stream.runs_far(whole.block, whole.offset_us, boundary_us):
                return [], _in_order(items, found)
            together.append((stream, whole))
        return together, iter(())


def _in_order(items: Sequence[RawNotification], found: dict[str, DecodedRun]) -> Iterator[Arrived | Failed]:
    numbers = dict.fromkeys(found, 0)
    for raw in items:
        yield from found[raw.device].of(numbers[raw.device])
        numbers[raw.device] += 1
