"""What somebody writes down of a roster: ``POD=ATHLETE[:SIDE[:MOUNT]]``, a table, and when it ends."""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final, get_args
from zoneinfo import ZoneInfo

from sensor_hub.app.collecting.wearing import SIDES
from sensor_hub.errors import RegistryError
from sensor_hub.model.gait import Mount, Side
from sensor_hub.model.roster import Wish

COLUMNS: Final = ("pod", "athlete", "side", "mount")
LARGEST_FILE: Final = 1_000_000  # bytes; a thousand pods are 50 kB
LONGEST_CLOCK: Final = len("22:00:00")  # a longer one has a date
_MOUNTS: Final = get_args(Mount)


def wish_of(text: str) -> Wish:
    """Read ``Pod 3=Ana``, ``Pod 3=Ana:left`` or ``Pod 3=Ana:left:shank``; RegistryError where it is none."""
    device, equals, who = (part.strip() for part in text.partition("="))
    words = [word.strip() for word in who.split(":")]
    mount: Mount | None = None
    side: Side | None = None
    if len(words) > 1 and words[-1].lower() in _MOUNTS:
        mount = words.pop().lower()  # type: ignore[assignment]
    if len(words) > 1 and words[-1].lower() in SIDES:
        side = SIDES[words.pop().lower()]
    athlete = ":".join(words)
    if not (device and equals and athlete):
        raise RegistryError(
            f"{text!r} is no part of a roster: write POD=ATHLETE, such as 'Pod 3=Ana' or 'Pod 3=Ana:left'"
        )
    if len(words) > 1:
        raise RegistryError(f"{text!r}: {words[-1]!r} is neither left nor right nor {', '.join(_MOUNTS)}")
    return Wish(device, athlete, side, mount)


def wishes_of_file(path: Path) -> list[Wish]:
    """Read a CSV with the columns pod, athlete and, where wanted, side and mount; ``;`` or a tab will do as well.

    RegistryError names the file, the line and the mend; an empty line is passed over.
    """
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise RegistryError(f"{path}: is larger than {LARGEST_FILE // 1_000_000} MB: is it the roster?")
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise RegistryError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise RegistryError(f"{path}: is not UTF-8 text: save it as CSV UTF-8") from error
    lines = text.splitlines()
    if not lines:
        raise RegistryError(f"{path}: is empty: write a line pod,athlete,side, and one for each pod")
    rows = csv.reader(lines, delimiter=next((mark for mark in ";\t" if mark in lines[0]), ","))
    header = _header(rows, path)
    missing = [name for name in COLUMNS[:2] if name not in header]
    if missing:
        raise RegistryError(f"{path}: line 1: there is no column {' and '.join(missing)}: write pod,athlete,side there")
    found = []
    try:
        for number, row in enumerate(rows, start=2):
            if any(cell.strip() for cell in row):
                cells = dict(zip(header, (c.strip() for c in row), strict=False))
                found.append(_wish_of_row(cells, f"{path}: line {number}"))
    except csv.Error as error:
        raise RegistryError(f"{path}: cannot be read as a table: {error}: is it the roster?") from None
    if not found:
        raise RegistryError(f"{path}: names no pod: write one line for each, such as Pod 3,Ana,left")
    return found


def _header(rows: Iterator[list[str]], path: Path) -> list[str]:
    try:
        return [name.strip().lower() for name in next(rows)]
    except csv.Error as error:
        raise RegistryError(f"{path}: line 1: cannot be read as a table: {error}: is it the roster?") from None


def _wish_of_row(row: dict[str, str], place: str) -> Wish:
    side, mount = row.get("side", "").lower(), row.get("mount", "").lower()
    if not row.get("pod") or not row.get("athlete"):
        raise RegistryError(f"{place}: a pod and an athlete are needed")
    if side and side not in SIDES:
        raise RegistryError(f"{place}: side {side!r} is neither left nor right")
    if mount and mount not in _MOUNTS:
        raise RegistryError(f"{place}: mount {mount!r} is none of {', '.join(_MOUNTS)}")
    typed: Any = mount or None
    return Wish(row["pod"], row["athlete"], SIDES[side] if side else None, typed)


def end_of(text: str, now_utc: datetime, zone: str) -> datetime:
    """Read when a roster ends: a time of day (``22:00``, the next one) or a date and time, of the zone unless it says.

    RegistryError where it is neither.
    """
    here = ZoneInfo(zone)
    try:
        clock = time.fromisoformat(text) if len(text) <= LONGEST_CLOCK else None
    except ValueError:
        clock = None
    if clock is not None:
        today = now_utc.astimezone(here).date()
        zone_told = clock.tzinfo or here
        ends = [datetime.combine(today + timedelta(days=n), clock, zone_told).astimezone(UTC) for n in (-1, 0, 1, 2)]
        return next(end for end in ends if end > now_utc)
    try:
        end = datetime.fromisoformat(text)
    except ValueError:
        raise RegistryError(f"{text!r} is no end of a roster: write 22:00, or 2026-11-22T01:30") from None
    return (end if end.tzinfo is not None else end.replace(tzinfo=here)).astimezone(UTC)
