"""What captures of Bluetooth traffic have in common: values at handles become notifications of characteristics."""

import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from sensor_hub.adapters.recordings.att_capture import short_uuid
from sensor_hub.adapters.recordings.opened import OpenRecording
from sensor_hub.adapters.recordings.stray_times import stray_times
from sensor_hub.errors import ProfileError
from sensor_hub.model.link import LINK
from sensor_hub.model.raw import RawNotification
from sensor_hub.model.recording import Fault, RecordingInfo
from sensor_hub.model.session import BoundDevice

DEVICE_NAME: Final = "2a00"
NOT_A_VALUE: Final = ("2800", "2801", "2802", "2803")  # attributes that describe others
BACKWARD_S: Final = 1.0  # packets of one connection event may be written in another order


@dataclass(frozen=True, slots=True)
class HandleMap:
    """Attribute handle → characteristic, for captures that began after the discovery; ``origin`` names it."""

    origin: str
    handles: dict[int, str]


def parse_handle_map(text: str, origin: str = "handle map") -> HandleMap:
    """Read a side file: a table ``[handles]`` of lines such as ``0x0012 = "2a53"``; ProfileError names the line."""
    try:
        body: Any = tomllib.loads(text).get("handles")
    except tomllib.TOMLDecodeError as error:
        raise ProfileError(f"{origin}: not TOML: {error}") from None
    if not isinstance(body, dict) or not body:
        raise ProfileError(f'{origin}: [handles] is missing (write [handles] and lines such as 0x0012 = "2a53")')
    found: dict[int, str] = {}
    for key, value in body.items():
        try:
            handle = int(key, 16 if key.lower().startswith("0x") else 10)
            found[handle] = short_uuid(str(value))
        except ValueError:
            problem = f'{key} = {value!r} is not a handle and its characteristic (write 0x0012 = "2a53")'
            raise ProfileError(f"{origin}: [handles]: {problem}") from None
        if not 0 < handle < 0x10000:
            raise ProfileError(f"{origin}: [handles]: {key} is no handle (1 to 0xffff)")
    return HandleMap(origin, found)


def opened(kind: str, path: Path, found: Sequence[RawNotification], faults: list[Fault]) -> OpenRecording:
    """Return the recording of a capture; those at times days away from the others are left out, and said so."""
    found = _without_strays(found, faults)
    _say_backward(found, faults)
    uuids: dict[str, Counter[str]] = {}
    names: dict[str, str] = {}
    for raw in found:
        counts = uuids.setdefault(raw.device, Counter())
        counts[raw.characteristic] += raw.characteristic != LINK
        if raw.characteristic == DEVICE_NAME and (name := raw.payload.decode(errors="replace").strip("\0 ")):
            names[raw.device] = name
    info = RecordingInfo(
        kind=kind,
        path=str(path),
        devices=tuple(BoundDevice(device=name, profile=None) for name in uuids),
        start_utc=found[0].arrival_utc if found else None,
        characteristics={device: dict(+counts) for device, counts in uuids.items()},
        names=names,
    )
    return OpenRecording(info, faults, iter(found))


def _without_strays(found: Sequence[RawNotification], faults: list[Fault]) -> list[RawNotification]:
    stray = stray_times(np.array([raw.arrival_utc.timestamp() for raw in found]))
    if stray.any():
        problem = f"{int(stray.sum())} at a time days away from those around them are left out"
        faults.append(Fault(f"notification {int(np.argmax(stray)) + 1}", problem, lost=True))
    return [raw for raw, is_stray in zip(found, stray.tolist(), strict=True) if not is_stray]


def _say_backward(found: Sequence[RawNotification], faults: list[Fault]) -> None:
    t_s = np.array([raw.arrival_utc.timestamp() for raw in found])
    back = np.nonzero(np.diff(t_s) < -BACKWARD_S)[0]
    if len(back):
        by_s = float(t_s[back[0]] - t_s[back[0] + 1])
        more = f", and {len(back) - 1} times more" if len(back) > 1 else ""
        problem = f"time runs back by {by_s:.0f} s{more}; everything is kept"
        faults.append(Fault(f"notification {int(back[0]) + 2}", problem, lost=False))
