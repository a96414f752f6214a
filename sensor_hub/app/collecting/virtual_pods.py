"""Virtual pods from what is at hand: simulated runs, and recordings of real ones."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import merge
from pathlib import Path
from typing import Final

import numpy as np

from sensor_hub.adapters.virtual.movesense_pod import MOVESENSE_NOTIFY, MOVESENSE_WRITE, movesense_pod
from sensor_hub.adapters.virtual.player import Frame, RunClock
from sensor_hub.adapters.virtual.pod import VirtualPod
from sensor_hub.adapters.virtual.pods import BATTERY, RSC_SERVICE, rsc_pod, shank_pod, stream_pod
from sensor_hub.adapters.virtual.polar_pod import ACCELERATION, GYROSCOPE, PMD_CONTROL, PmdOffer, pmd_pod
from sensor_hub.app.analysis import open_file
from sensor_hub.app.collecting.firmware import all_profiles
from sensor_hub.errors import RecordingError
from sensor_hub.model.gait import Mount, Side
from sensor_hub.model.imu import ImuBlock
from sensor_hub.model.link import LINK
from sensor_hub.model.profile import DeviceProfile
from sensor_hub.model.raw import RawNotification
from sensor_hub.simulation.gait import ShankColumns, Stream
from sensor_hub.simulation.imu_frames import PMD_RANGES, pmd_factor
from sensor_hub.simulation.on_air import SimulatedPod
from sensor_hub.simulation.squad import SHANK_PROFILE
from sensor_hub.units import DEGREE_RAD, MS_PER_S, STANDARD_GRAVITY_MPS2, US_PER_S

UNKNOWN_SERVICE: Final = "5e450000-51b1-4d5e-9d5e-0f0e0d0c0b0a"
_OWN_SERVICES: Final = {BATTERY, "2a24", "2a25", "2a26", "2a27", "2a28", "2a29", LINK}
_VERITY_HZ: Final = 52


def frames_of(streams: Iterable[Stream]) -> list[Frame]:
    """Return streams as one run, in order of time."""
    sequences = [
        [
            (us / US_PER_S, stream.characteristic, payload)
            for us, payload in zip(stream.arrival_us.tolist(), stream.payloads, strict=True)
        ]
        for stream in streams
    ]
    return list(merge(*sequences, key=lambda frame: frame[0]))


def simulated_virtual_pod(
    pod: SimulatedPod, profiles: dict[str, DeviceProfile], clock: RunClock | None = None
) -> VirtualPod:
    """Return a virtual pod that sends what a simulated one would."""
    return virtual_pod(profiles[pod.profile], pod.address, pod.name, frames_of(pod.streams), clock)


def virtual_pod(
    profile: DeviceProfile, address: str, name: str, frames: Sequence[Frame], clock: RunClock | None = None
) -> VirtualPod:
    """Return a pod that speaks as a firmware profile says and plays a run, on a clock it may share with other pods.

    Polar and Movesense sensors answer their commands; of others, commands are accepted and forgotten.
    """
    pod = _silent_pod(profile, address, name, frames)
    streams = {c.uuid for service in pod.services for c in service.characteristics if c.notify} - _OWN_SERVICES
    pod.play([frame for frame in frames if frame[1] in streams and not _is_answer(frame)], clock=clock)
    return pod


def _is_answer(frame: Frame) -> bool:
    """Whether a recorded frame answered a command of then; the pod answers those of now itself."""
    return frame[1] == MOVESENSE_NOTIFY and frame[2][:1] == b"\x01"


def _silent_pod(profile: DeviceProfile, address: str, name: str, frames: Sequence[Frame]) -> VirtualPod:
    """Return a pod with the characteristics of a profile, and of the run it is to play."""
    told = {command.characteristic for command in (*profile.start, *profile.stop, *profile.keep_alive)}
    if PMD_CONTROL in profile.subscribe or PMD_CONTROL in told:
        return pmd_pod(address, name, offers=_pmd_offers(profile))[0]
    if MOVESENSE_WRITE in told:
        return movesense_pod(address, name)[0]
    if profile.id == SHANK_PROFILE:
        return shank_pod(address, name)
    used = {uuid for _, uuid, _ in frames}
    if used <= {"2a53"} and RSC_SERVICE in profile.services:
        return rsc_pod(address, name)
    service = profile.services[0] if profile.services else UNKNOWN_SERVICE
    read = set(profile.reads) - _OWN_SERVICES - set(profile.subscribe)
    first = {uuid: payload for _, uuid, payload in reversed(frames) if uuid in read}
    notifies = sorted((set(profile.subscribe) | used) - _OWN_SERVICES - read)
    writes = sorted(told - set(notifies))
    return stream_pod(address, name, service, notifies, reads=first, writes=writes, advertises=())


def _pmd_offers(profile: DeviceProfile) -> dict[int, PmdOffer]:
    """Return what the sensor must be able to do for the profile's start commands to be accepted."""
    rate_hz = round(profile.sampling_rate_hz or _VERITY_HZ)
    offers = {
        ACCELERATION: PmdOffer((rate_hz,), (round(PMD_RANGES["acceleration"]),), factor=pmd_factor("acceleration"))
    }
    if any(c.payload[:2] == bytes([2, GYROSCOPE]) for c in profile.start):
        offers[GYROSCOPE] = PmdOffer((rate_hz,), (round(PMD_RANGES["rotation"]),), factor=pmd_factor("rotation"))
    return offers


@dataclass(frozen=True, slots=True)
class RecordedPod:
    """One sensor of a recording, as a run that can be played."""

    device: str
    profile: DeviceProfile
    side: Side
    mount: Mount | None
    frames: list[Frame]


def recorded_pods(path: Path, *, own_profiles: Path | None = None) -> list[RecordedPod]:
    """Return the sensors of a recording: an MCAP of ours, or a CSV of the open shank logger.

    Times count from the first notification. RecordingError if it holds nothing a pod could send.
    """
    recording = open_file(path, own_profiles=own_profiles)
    profiles = all_profiles(own_profiles)
    frames: dict[str, list[Frame]] = {}
    blocks: list[ImuBlock] = []
    start_utc = None
    for item in recording:
        if isinstance(item, RawNotification) and item.characteristic != LINK:
            start_utc = start_utc or item.arrival_utc
            at_s = max((item.arrival_utc - start_utc).total_seconds(), 0.0)
            frames.setdefault(item.device, []).append((at_s, item.characteristic, item.payload))
        elif isinstance(item, ImuBlock) and recording.info.kind == "shank-csv":
            blocks.append(item)
    if blocks:
        run = _shank_frames(blocks)
        return [RecordedPod(blocks[0].device, profiles[SHANK_PROFILE], "U", "shank", run)]
    bound = {d.device: d for d in recording.info.devices}
    found = [
        RecordedPod(device, profile, bound[device].side, bound[device].mount, sorted(run, key=lambda frame: frame[0]))
        for device, run in frames.items()
        if device in bound and (profile := bound[device].profile) is not None
    ]
    if not found:
        problem = "holds nothing a virtual pod could send"
        raise RecordingError(str(path), "beginning", problem, "take an MCAP recording or a CSV of the shank logger")
    return found


def _shank_frames(blocks: Sequence[ImuBlock]) -> list[Frame]:
    """Return decoded samples as the logger's notifications; a clock that ran backwards does not hold up the air."""
    t_s = np.concatenate([block.t_s for block in blocks])
    columns = ShankColumns(
        time_ms=np.round(t_s * MS_PER_S).astype(np.int64),
        acceleration_g=np.concatenate([block.acceleration_mps2 for block in blocks]) / STANDARD_GRAVITY_MPS2,
        angular_velocity_dps=np.concatenate([block.angular_velocity_radps for block in blocks]) / DEGREE_RAD,
        t_s=np.maximum.accumulate(t_s) - t_s[0],
    )
    return frames_of([columns.stream()])
