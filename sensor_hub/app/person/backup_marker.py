"""A restore says on disk that it is at work, so that one that was stopped in between is spoken of and finished."""

import json
import os
from pathlib import Path
from typing import Final

from sensor_hub.app.place import Place

MARKER: Final = "restoring.json"


def interrupted_restore(place: Place) -> str | None:
    """Return what to do about a restore that was stopped in between; None without one."""
    told = marked(place)
    if told is None:
        return None
    backup, safety = told["backup"], told["safety"]
    way_back = f", or go back with 'sensor-hub data restore {safety}'" if safety else ""
    return f"a restore was stopped in between: go on with 'sensor-hub data restore {backup}'{way_back}"


def marked(place: Place) -> dict[str, str] | None:
    """Return what a restore that was stopped in between said of itself; None without one."""
    try:
        told = json.loads((place.root / MARKER).read_text(encoding="utf-8"))
        return {name: str(told.get(name) or "") for name in ("backup", "safety")}
    except FileNotFoundError:
        return None
    except (OSError, ValueError, AttributeError):  # stopped while it said so: nothing had changed yet
        return {"backup": "FILE", "safety": ""}


def mark(place: Place, backup: Path, safety: Path | None) -> None:
    """Say on disk that a restore is at work, before anything is changed."""
    told = {"backup": str(backup.resolve()), "safety": None if safety is None else str(safety)}
    descriptor = os.open(place.root / MARKER, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(told, file)
        file.flush()
        os.fsync(file.fileno())


def unmark(place: Place) -> None:
    """Say that it is over."""
    (place.root / MARKER).unlink(missing_ok=True)


__all__ = ["MARKER", "interrupted_restore", "mark", "marked", "unmark"]
