"""Bluetooth HCI captures in btsnoop form, such as ``btsnoop_hci.log`` of an Android bug report."""

from collections import Counter
from pathlib import Path

from sensor_hub.adapters.recordings.att_capture import Capture
from sensor_hub.adapters.recordings.btsnoop_file import data_link, is_btsnoop, is_known_link, packets
from sensor_hub.adapters.recordings.captures import NOT_A_VALUE, HandleMap, opened
from sensor_hub.adapters.recordings.opened import OpenRecording, read_whole
from sensor_hub.errors import RecordingError
from sensor_hub.model.link import LINK
from sensor_hub.model.raw import RawNotification
from sensor_hub.model.recording import Fault

KIND = "btsnoop"


def open_btsnoop(path: Path, *, handles: HandleMap | None = None) -> OpenRecording:
    """Open a capture; yields one ``RawNotification`` a notification, indication, answer to a read, or change of a link.

    Devices are ``pod-1``, ``pod-2`` … in the order they connected, never addresses. ``handles`` names attributes whose
    discovery is not in the capture; the capture's own discovery goes before it. RecordingError if nothing can be read.
    """
    data = read_whole(path)
    if not is_btsnoop(data):
        raise RecordingError(str(path), "byte 0", "no btsnoop signature", "give btsnoop_hci.log of a bug report")
    link = data_link(data)
    if not is_known_link(link):
        problem = "the header is cut off" if link is None else f"data link type {link} is unknown"
        raise RecordingError(str(path), "byte 12", problem, "known are 1001 and 1002 (H4)")
    capture = Capture()
    faults: list[Fault] = []
    for packet in packets(data, faults):
        capture.take(packet)
    capture.finish()
    faults += capture.faults
    found = _named(capture, handles, faults)
    if not found:
        why = faults[0] if faults else Fault("end of file", "it has no notification over Bluetooth LE", lost=False)
        raise RecordingError(str(path), why.place, f"no notification could be read: {why.problem}")
    recording = opened(KIND, path, found, faults)
    recording.info.unnamed = tuple(capture.unnamed)
    return recording


def _named(capture: Capture, handles: HandleMap | None, faults: list[Fault]) -> list[RawNotification]:
    """Give every value its characteristic; what has none is counted by device and handle."""
    told = handles.handles if handles else {}
    found: list[RawNotification] = []
    unknown: Counter[tuple[str, int]] = Counter()
    for value in capture.values:
        uuid = value.uuid or capture.handles.get(value.device, {}).get(value.handle) or told.get(value.handle)
        if uuid is None:
            unknown[value.device, value.handle] += 1
        elif uuid not in NOT_A_VALUE:
            found.append(RawNotification(value.device, uuid, value.at_utc, value.payload))
    for (device, handle), n in unknown.items():
        problem = (
            f"{n} values, but the capture does not say which characteristic this is (begin the capture before the "
            f"sensor connects, or name it: --handles MAP.toml with 0x{handle:04x} = its UUID under [handles])"
        )
        faults.append(Fault(f"{device} handle 0x{handle:04x}", problem, lost=True))
    heard = {raw.device for raw in found if raw.characteristic != LINK}
    return [raw for raw in found if raw.device in heard]
