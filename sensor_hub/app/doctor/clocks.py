"""The clock and the time zones of a machine: a run that is dated wrong is worse than one that is missing."""

import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sensor_hub.app.doctor.check import Check

BUILT_UTC = datetime(2026, 1, 1, tzinfo=UTC)  # nobody runs this program before it was written


def look_at_clock(zone: str) -> Iterator[Check]:
    """Look at the clock, whether something sets it, and whether the zone is known."""
    now_utc = datetime.now(UTC)
    if now_utc < BUILT_UTC:
        yield Check("clock", "fail", f"it says {now_utc:%Y-%m-%d}", "set the clock: runs would be dated wrong")
    else:
        yield _synchronised(now_utc)
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        yield Check("time zone", "fail", f"{zone!r} is not known", "set SENSOR_HUB_ZONE to one such as Europe/Lisbon")
    else:
        yield Check("time zone", "ok", zone)


def _synchronised(now_utc: datetime) -> Check:
    text = f"{now_utc:%Y-%m-%d %H:%M:%S} UTC"
    try:
        answer = subprocess.run(
            ["timedatectl", "show", "--property=NTPSynchronized", "--value"],  # noqa: S607 (wherever it is installed)
            capture_output=True, text=True, timeout=5.0, check=True,
        ).stdout.strip()  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return Check("clock", "unknown", f"{text}; whether something sets it cannot be told here")
    if answer == "yes":
        return Check("clock", "ok", f"{text}, set over the network")
    return Check(
        "clock", "warn", f"{text}, and nothing sets it", "let it be set over the network: timedatectl set-ntp true"
    )
