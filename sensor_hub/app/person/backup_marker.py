"""A restore says on disk that it is at work, so that one that was stopped in between is spoken of and finished."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sensor_hub.app.place import Place
from sensor_hub.errors import ConfigError

MARKER: Final = "restoring.json"
LOCK: Final = "restore.lock"


@contextmanager
def alone(place: Place) -> Iterator[None]:
    """Be the only restore of a data folder; ConfigError if another one is at work."""
    with (place.root / LOCK).open("a", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise ConfigError(f"{place.root}: another restore is at work: wait for its end") from None
        yield


def _is_at_work(place: Place) -> bool:
    try:
        with alone(place):
            return False
    except ConfigError:
        return True


def interrupted_restore(place: Place) -> str | None:
    """Return what to do about a restore that was stopped in between; None without one, or while it goes on."""
    told = marked(place)
    if told is None or _is_at_work(place):
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


__all__ = ["MARKER", "alone", "interrupted_restore", "mark", "marked", "unmark"]
