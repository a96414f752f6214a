"""What ``data reanalyse`` writes down of each session before it changes it, and what it shows of one."""

import json
import math
import os
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Final

from sensor_hub.app.loads.recompute import Way
from sensor_hub.errors import StoreError
from sensor_hub.model.load import Totals
from sensor_hub.model.session import SessionSummary

LOG_NAME: Final = "reanalysed.jsonl"


def said(summary: SessionSummary) -> dict[str, Any]:
    """What is shown of a session before and after."""
    totals, header = summary.totals, summary.header
    return {
        "model": header.model,
        "reference": header.reference,
        "instrument": header.instrument,
        "load_eq_km": _finite(totals.load_eq_km),
        "hard_load_bw_s": _finite(totals.hard_load_bw_s),
        "n_steps": _finite(totals.n_steps),
        "contact_time_s": _finite(totals.contact_time_s),
    }


def entry_of(before: SessionSummary, after: SessionSummary, way: Way) -> dict[str, Any]:
    """Return the line that says what a session was, what it becomes, and when."""
    return {
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "sid": before.header.sid,
        "from_model": before.header.model,
        "to_model": after.header.model,
        "way": way,
        "before": said(before) | _all(before.totals),
        "after": said(after) | _all(after.totals),
    }


def _all(totals: Totals) -> dict[str, Any]:
    return {name: value if isinstance(value, str) else _finite(value) for name, value in asdict(totals).items()}


def _finite(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else value


def append(path: Path, entry: dict[str, Any]) -> None:
    """Add a line, on disk when this returns; for its owner's eyes, as the store is. StoreError if the disk refuses."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "ab+") as file:
            file.write(_line_break(file) + json.dumps(entry, allow_nan=False).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise StoreError(f"{path}: cannot be written: {error.strerror} (nothing more was changed)") from error


def _line_break(file: IO[bytes]) -> bytes:
    """A line break where a power cut left half a line."""
    size = file.seek(0, os.SEEK_END)
    if not size:
        return b""
    file.seek(-1, os.SEEK_END)
    return b"" if file.read(1) == b"\n" else b"\n"


__all__ = ["LOG_NAME", "append", "entry_of", "said"]
