"""Certificates of one's own for broker and page: made, renewed, shown."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from sensor_hub.adapters import certificates
from sensor_hub.adapters.certificates import Shown


def make(folder: Path, names: Sequence[str], days: int) -> Shown:
    """Make an authority and a server's certificate for these names and addresses; ConfigError if that cannot be."""
    return certificates.init(folder, names, days=days, now_utc=_now())


def renew(folder: Path, names: Sequence[str], days: int) -> Shown:
    """Make the server a new key and certificate by the authority it has."""
    return certificates.renew(folder, names, days=days, now_utc=_now())


def show(folder: Path) -> tuple[Shown, float]:
    """Return what the certificates say, and for how many days the server's is still good."""
    shown = certificates.show(folder)
    return shown, (shown.until_utc - _now()).total_seconds() / 86_400


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


__all__ = ["Shown", "make", "renew", "show"]
