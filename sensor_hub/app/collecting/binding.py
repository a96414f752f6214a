"""Which firmware profile each device of a recording has: as recorded, as asked for, by name, or by what it sent."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from sensor_hub.adapters.recordings.opened import OpenRecording
from sensor_hub.app.collecting.collecting_gate import gives_readings
from sensor_hub.app.collecting.firmware import profile_of_name, profiles_for_characteristics
from sensor_hub.errors import ProfileError, RecordingError
from sensor_hub.model.gait import Mount
from sensor_hub.model.link import LINK
from sensor_hub.model.profile import DeviceProfile
from sensor_hub.model.raw import RawNotification
from sensor_hub.model.recording import Fault, RecordingInfo
from sensor_hub.model.session import BoundDevice

CAPTURES: Final = ("btsnoop", "nrf-log")
OTHERS_NAMED: Final = 4


def bind(
    recording: OpenRecording,
    profiles: Mapping[str, DeviceProfile],
    *,
    profile_id: str | None = None,
    mount: Mount | None = None,
) -> None:
    """Give the devices of a recording their profiles; of a capture, leave out what none of them understands.

    ``profile_id`` is asked for by the user and goes before everything else. ProfileError if there is none of that id,
    RecordingError if a device's profile is not here or a capture has no device of use.
    """
    if profile_id is not None and profile_id not in profiles:
        raise ProfileError(f"no firmware profile {profile_id!r} (sensor-hub devices profiles list shows them)")
    info = recording.info
    asked = profiles[profile_id] if profile_id is not None else None
    if info.kind in CAPTURES:
        _bind_capture(recording, profiles, asked)
    else:
        _bind_recorded(info, profiles, asked)
    info.devices = tuple(replace(device, mount=mount or device.mount) for device in info.devices)


def _bind_recorded(info: RecordingInfo, profiles: Mapping[str, DeviceProfile], asked: DeviceProfile | None) -> None:
    bound = []
    for device in info.devices:
        recorded = info.profile_ids.get(device.device)
        speaks = recorded is not None or info.kind == "rsc-vectors"
        profile = asked if speaks and asked is not None else profiles.get(recorded) if recorded else None
        if profile is None and info.kind == "rsc-vectors":
            profile = profile_of_name(device.device, dict(profiles))
        if profile is None and recorded is not None:
            raise RecordingError(info.path, device.device, f"firmware profile {recorded!r} is not here", "add it")
        bound.append(replace(device, profile=profile))
    info.devices = tuple(bound)


def _bind_capture(recording: OpenRecording, profiles: Mapping[str, DeviceProfile], asked: DeviceProfile | None) -> None:
    info, bound, could_be = recording.info, [], {}
    for device in info.devices:
        sent = info.characteristics.get(device.device, {})
        fitting = _fitting(info, device.device, sent, profiles)
        if asked is not None:
            fitting = [asked] if set(asked.characteristics) & set(sent) else []
        if not fitting:
            n = sum(sent.values())
            wanted = f"profile {asked.id}" if asked else "any firmware profile"
            problem = f"nothing that {wanted} understands among its {n} values ({_some(list(sent))}); left out"
            recording.faults.append(Fault(device.device, problem, lost=False))
            continue
        if len(fitting) > 1:
            problem = f"taken as {fitting[0].id}; it could also be {_some([p.id for p in fitting[1:]])} (--profile ID)"
            recording.faults.append(Fault(device.device, problem, lost=False))
        bound.append(replace(device, profile=fitting[0]))
        could_be[device.device] = fitting
    if not bound:
        problem = f"no sensor in it that a firmware profile understands ({len(info.devices)} others)"
        raise RecordingError(info.path, "devices", problem, "sensor-hub devices profiles list shows what is known")
    bound.sort(key=lambda device: not _sends_readings(device, info))  # rows come from the first
    info.devices = _joined(recording, tuple(bound), could_be)
    understood = {d.device: {LINK, *d.profile.characteristics} for d in info.devices if d.profile}
    recording.readings = (
        raw
        for raw in recording.readings
        if not isinstance(raw, RawNotification) or raw.characteristic in understood.get(raw.device, ())
    )


def _sends_readings(device: BoundDevice, info: RecordingInfo) -> bool:
    """Whether a capture has readings of a run from it; a battery's are none."""
    known = device.profile.characteristics if device.profile is not None else {}
    sent = [known.get(characteristic, "") for characteristic in info.characteristics.get(device.device, {})]
    return device.profile is not None and any(gives_readings(decoder, device.profile) for decoder in sent)


def _joined(
    recording: OpenRecording, bound: tuple[BoundDevice, ...], could_be: Mapping[str, Sequence[DeviceProfile]]
) -> tuple[BoundDevice, ...]:
    """Make one pod of a sensor that was connected before the capture began and connected again in it.

    It can only be the one later pod that its values fit. Where that is not certain they are lost to the session, which
    takes a run's records from one pod.
    """
    unnamed = [device for device in bound if device.device in recording.info.unnamed]
    if not unnamed or len(bound) == 1:
        return bound
    readings = [raw for raw in recording.readings if isinstance(raw, RawNotification)]
    times: dict[str, list[datetime]] = {}
    for raw in readings:
        if raw.characteristic != LINK:
            times.setdefault(raw.device, []).append(raw.arrival_utc)
    same: dict[str, str] = {}
    for pod in unnamed:
        mine = times[pod.device]
        alike = [d.device for d in bound if d is not pod and d.profile in could_be[pod.device]]
        later = [name for name in alike if min(times[name]) > max(mine)]
        at_once = all(min(times[name]) <= max(mine) and min(mine) <= max(times[name]) for name in alike)
        if len(alike) == len(later) == 1 and later[0] not in recording.info.unnamed:
            same[pod.device] = later[0]
        elif alike and not (at_once and pod.profile is not None and pod.profile.kind == "imu"):
            problem = (
                f"was connected before the capture began, and nothing says whether it is {_some(alike)}; "
                f"its {len(mine)} values are taken as those of another sensor"
            )
            recording.faults.append(Fault(pod.device, problem, lost=True))
    recording.readings = (replace(raw, device=same.get(raw.device, raw.device)) for raw in readings)
    return tuple(device for device in bound if device.device not in same)


def _fitting(
    info: RecordingInfo, device: str, sent: Mapping[str, int], profiles: Mapping[str, DeviceProfile]
) -> list[DeviceProfile]:
    """Profiles that understand what a device sent, best first; the one of its advertised name before the others.

    Companions (heart rate, battery) find no steps: a device that fits nothing else is left out.
    """
    fitting = [p for p in profiles_for_characteristics(sent, profiles) if p.kind != "companion"]
    named = profile_of_name(info.names.get(device, ""), dict(profiles))
    if named in fitting and named is not None and "*" not in named.name_patterns:
        return [named]
    return fitting


def _some(names: list[str]) -> str:
    shown = ", ".join(names[:OTHERS_NAMED])
    return shown + (f" and {len(names) - OTHERS_NAMED} more" if len(names) > OTHERS_NAMED else "")
