"""Options that several commands share: how a file is to be read."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Final

import typer

MOUNTS: Final = ("foot", "shank", "sacrum")
SURFACES: Final = ("overground", "treadmill", "track", "trail")
START_FORMATS: Final = ["%Y-%m-%dT%H:%M%z", "%Y-%m-%dT%H:%M:%S%z"]
CLOCKS_APART: Final = timedelta(days=1)  # ours: of this machine's clock, which may not be set yet

Columns = Annotated[
    str | None,
    typer.Option(
        "--columns",
        metavar="MAP",
        help="Column map of a CSV: a TOML file, or the name of a shipped map ('list' shows them).",
    ),
]
ContactStream = Annotated[
    str | None, typer.Option("--contact-stream", help="Which contact time of a FIT file: stance_time, Ground Time.")
]
Handles = Annotated[
    Path | None,
    typer.Option("--handles", help="TOML of a Bluetooth capture: which attribute handle is which characteristic."),
]
ProfileOption = Annotated[
    str | None, typer.Option("--profile", help="Firmware profile to take for the sensors in a Bluetooth capture.")
]
MountOption = Annotated[
    str | None, typer.Option("--mount", help="Where the IMU sat: foot, shank or sacrum.", show_default=False)
]
SurfaceOption = Annotated[
    str | None,
    typer.Option(
        "--surface",
        help="What was run on: overground, treadmill, track or trail; goes before what a file says.",
        show_default=False,
    ),
]


def checked_surface(surface: str | None) -> Any:
    """Return what was asked for; BadParameter if it is none of them."""
    if surface is not None and surface not in SURFACES:
        raise typer.BadParameter(f"--surface is {surface!r}; allowed: {', '.join(SURFACES)}")
    return surface


def not_in_the_future(start_utc: datetime | None) -> datetime | None:
    """Refuse a beginning that nobody can have recorded: a typing error would stay in the history."""
    if start_utc is not None and start_utc > datetime.now(UTC) + CLOCKS_APART:
        raise typer.BadParameter(f"{start_utc.isoformat()} lies in the future: give when it began")
    return start_utc
