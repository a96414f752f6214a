"""JSON of Running Speed and Cadence payloads: ``{"vectors": [{"hex": "0180…", "device": "Name"}, …]}``."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from sensor_hub.adapters.recordings.opened import OpenRecording, read_whole, slug
from sensor_hub.errors import RecordingError
from sensor_hub.model.raw import RawNotification
from sensor_hub.model.recording import Fault, RecordingInfo
from sensor_hub.model.session import BoundDevice

CHARACTERISTIC: Final = "2a53"
FIRST_ARRIVAL_UTC: Final = datetime(2020, 1, 1, tzinfo=UTC)  # vectors carry no time: one a second from here on
UNNAMED_DEVICE: Final = "synthetic"


def is_rsc_vectors(data: bytes) -> bool:
    """True if this looks like JSON that has vectors."""
    return data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{" and b'"vectors"' in data


def open_rsc_vectors(path: Path) -> OpenRecording:
    """Open a file of vectors; yields one ``RawNotification`` a vector, a second apart from ``FIRST_ARRIVAL_UTC``.

    A vector without readable ``hex`` is a fault and leaves its second empty. RecordingError if none can be read.
    """
    try:
        vectors: Any = json.loads(read_whole(path).decode("utf-8-sig"))["vectors"]
    except (ValueError, RecursionError, LookupError, TypeError) as error:
        raise RecordingError(str(path), "JSON", f"cannot be read: {error}") from None
    if not isinstance(vectors, list):
        raise RecordingError(str(path), "vectors", f"is {type(vectors).__name__}, not a list")
    faults: list[Fault] = []
    notifications = list(_notifications(vectors, faults))
    if not notifications:
        raise RecordingError(str(path), "vectors", "none of them has a readable 'hex'")
    info = RecordingInfo(
        kind="rsc-vectors",
        path=str(path),
        devices=tuple(
            BoundDevice(device=name, profile=None) for name in dict.fromkeys(n.device for n in notifications)
        ),
        start_utc=FIRST_ARRIVAL_UTC,
    )
    return OpenRecording(info, faults, iter(notifications))


def _notifications(vectors: list[Any], faults: list[Fault]) -> Iterator[RawNotification]:
    for second, vector in enumerate(vectors):
        try:
            payload = bytes.fromhex(vector["hex"])
            device = slug(str(vector.get("device", ""))) or UNNAMED_DEVICE
        except (ValueError, LookupError, TypeError, AttributeError):
            faults.append(Fault(f"vectors[{second}]", "has no 'hex' of whole bytes", lost=True))
            continue
        yield RawNotification(device, CHARACTERISTIC, FIRST_ARRIVAL_UTC + timedelta(seconds=second), payload)
