"""Which decoder a name in a firmware profile means.

Two kinds: a *value* decoder understands one notification by itself (``bytes`` → a frozen dataclass, DecodeError
otherwise); a *stream* decoder is an object that is kept for as long as its sensor is, and returns samples.
"""

from collections.abc import Callable, Mapping
from typing import Final

from sensor_hub.decoders.cycling_power import CyclingPowerMeasurement
from sensor_hub.decoders.device_facts import BatteryLevel, DeviceInformation, RscFeature, SensorLocation
from sensor_hub.decoders.heart_rate import HeartRateMeasurement
from sensor_hub.decoders.rsc import RscMeasurement
from sensor_hub.decoders.samples import StreamDecoder
from sensor_hub.model.profile import DeviceProfile

LAYOUT_PREFIX: Final = "layout:"
VALUE_DECODERS: Final[Mapping[str, Callable[[bytes], object]]] = {
    "rsc": RscMeasurement.from_bytes,
    "rsc_feature": RscFeature.from_bytes,
    "sensor_location": SensorLocation.from_bytes,
    "heart_rate": HeartRateMeasurement.from_bytes,
    "cycling_power": CyclingPowerMeasurement.from_bytes,
    "battery": BatteryLevel.from_bytes,
    "device_information": DeviceInformation.from_bytes,
}
VALUE_NAMES: Final = frozenset(VALUE_DECODERS)
STREAM_NAMES: Final = frozenset({"polar_pmd", "movesense", "metawear", "json_lines", "simple_stream"})
DECODER_NAMES: Final = VALUE_NAMES | STREAM_NAMES


def is_stream(name: str, profile: DeviceProfile) -> bool:
    """Tell whether ``stream_decoder`` is the way to decode a name; a layout is one if it carries samples of an IMU."""
    if name.startswith(LAYOUT_PREFIX):
        layout = profile.layouts.get(name.removeprefix(LAYOUT_PREFIX))
        return layout is not None and any(f.quantity.startswith(("acceleration", "angular_")) for f in layout.fields)
    return name in STREAM_NAMES


def stream_decoder(name: str, profile: DeviceProfile) -> StreamDecoder:
    """Return a new decoder for one device.

    Parameters
    ----------
    name : str
        One of ``STREAM_NAMES``, or ``layout:NAME`` with a layout of the profile. A device needs one decoder a name: all
        its characteristics of that name go through it.
    profile : DeviceProfile
        Says rates, ranges, scales and layouts.

    Raises
    ------
    ValueError
        If the name means no stream: profiles are checked when they are loaded.
    """
    # imported here: a session needs the decoders of its own sensors only
    if name == "polar_pmd":
        from sensor_hub.decoders.polar_pmd import PmdDecoder

        return PmdDecoder(profile)
    if name == "movesense":
        from sensor_hub.decoders.movesense import MovesenseDecoder

        return MovesenseDecoder(profile)
    if name == "metawear":
        from sensor_hub.decoders.metawear import MetaWearDecoder

        return MetaWearDecoder(profile)
    if name == "json_lines":
        from sensor_hub.decoders.json_lines import JsonLinesDecoder

        return JsonLinesDecoder(profile)
    if name == "simple_stream":
        from sensor_hub.decoders.simple_stream import SimpleStreamDecoder

        return SimpleStreamDecoder(profile)
    if is_stream(name, profile):
        from sensor_hub.decoders.table import LayoutDecoder

        layout = profile.layouts[name.removeprefix(LAYOUT_PREFIX)]
        return LayoutDecoder(layout, timestamp=profile.timestamp, sampling_rate_hz=profile.sampling_rate_hz)
    raise ValueError(f"{profile.tag}: {name!r} is no stream decoder; those are {', '.join(sorted(STREAM_NAMES))}")
