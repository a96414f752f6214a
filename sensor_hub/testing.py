"""For the tests of people who use sensor_hub: a recording in, its events out, the same bytes every time.

Nothing here needs a store, a broker or a pytest plugin. A whole test, with a footpod's three notifications:

>>> from datetime import UTC, datetime, timedelta
>>> from pathlib import Path
>>> from tempfile import TemporaryDirectory
>>> from sensor_hub.model.raw import RawNotification
>>> from sensor_hub.testing import assert_golden, replay
>>> start_utc = datetime(2026, 11, 20, 6, 31, tzinfo=UTC)
>>> payload = bytes.fromhex("01 0003 aa f000")  # running: 768/256 = 3 m/s, 170 steps/min, stride 2.40 m
>>> sent = [RawNotification("pod-1", "2a53", start_utc + timedelta(seconds=s), payload) for s in range(3)]
>>> replayed = replay(sent, devices={"pod-1": "standard-rsc"})
>>> round(replayed.summary.totals.n_steps, 2), replayed.summary.header.tier
(5.67, 'speed')
>>> replayed.steps.n_steps.round(2).tolist()
[0.0, 2.83, 2.83]
>>> with TemporaryDirectory() as folder:
...     golden = Path(folder) / "three-seconds.jsonl"
...     assert_golden(replayed, golden, update=True)  # once, by hand; then look at the file and keep it
...     assert_golden(replay(sent, devices={"pod-1": "standard-rsc"}, block=1), golden)

A file is replayed by its path, ``replay("run.fit")``; whatever ``sensor-hub session analyze`` reads will do.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final

from sensor_hub.app.analysis import BLOCK, NO_CLOCK_UTC, open_file, setup_for, tier_of
from sensor_hub.app.collecting.firmware import all_profiles
from sensor_hub.model.gait import Mount, RecordReading, Side, StepTable, Tier
from sensor_hub.model.imu import ImuBlock
from sensor_hub.model.raw import RawNotification
from sensor_hub.model.recording import Fault
from sensor_hub.model.session import (
    BoundDevice,
    Event,
    Origin,
    Reading,
    SessionSetup,
    SessionSummary,
    StepBatch,
)
from sensor_hub.session import RunSession
from sensor_hub.wire import Topics, encode

SID: Final = "replayed"
GATEWAY: Final = "test"
SHOWN_CHARACTERS: Final = 60


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a recording gave.

    events : in order. faults : what was wrong with the file; always empty for notifications and readings.
    """

    events: tuple[Event, ...]
    faults: tuple[Fault, ...] = ()

    @property
    def summary(self) -> SessionSummary | None:
        """The session's summary, or None if nothing usable was in the recording."""
        return next((event for event in reversed(self.events) if isinstance(event, SessionSummary)), None)

    @property
    def steps(self) -> StepTable:
        """Every step in order; an empty table if there are none."""
        return StepTable.concatenate(event.steps for event in self.events if isinstance(event, StepBatch))

    def to_bytes(self) -> bytes:
        """Wire encoding of all events, one JSON object a line; the same bytes for the same recording every time."""
        lines = [encode(e, topics=Topics(), gw=GATEWAY, seq=i).payload for i, e in enumerate(self.events, start=1)]
        return b"".join(line + b"\n" for line in lines)


def replay(
    path_or_items: Path | str | Iterable[RawNotification | Reading],
    *,
    devices: Mapping[str, str] | Sequence[BoundDevice] = (),
    athlete: str = "me",
    zone: str = "UTC",
    mount: Mount | None = None,
    side: Side = "U",
    columns: Path | str | None = None,
    block: int | None = None,
    origin: Origin = "import",
) -> Replayed:
    """Run a recording through a session.

    Parameters
    ----------
    path_or_items : path, or iterable of RawNotification or Reading
        A file of any known format; or what sensors sent, in order.
    devices : mapping of device to firmware profile id, or BoundDevice each
        For items: who speaks how. Readings come decoded and need none.
    athlete, zone : str
        Whose run it is; a recording's own athlete does not count.
    mount, side : Mount or None, Side
        Where the sensors sat, for devices that do not say it themselves.
    columns : path or None
        Column map of a CSV.
    block : int or None
        How many notifications are decoded together; the events do not depend on it.
    origin : Origin
        "import" gives a batch a minute; "live" gives a batch each half second and live readings.

    Raises
    ------
    RecordingError, ProfileError
        If the file cannot be read at all, or a profile or column map is not usable.
    ValueError
        If ``block`` is not positive, or notifications come without devices.
    """
    if block is not None and block < 1:
        raise ValueError(f"block is {block}; it must be 1 or more")
    faults: Sequence[Fault] = ()
    items: Iterable[RawNotification | Reading]
    if isinstance(path_or_items, Path | str):
        how: dict[str, Any] = {"columns": None if columns is None else Path(columns), "mount": mount}
        recording = open_file(Path(path_or_items), **how)
        info, items, faults = recording.info, recording, recording.faults
        info.devices = tuple(replace(d, side=d.side if d.side != "U" else side) for d in info.devices)
        needs_clock = tier_of(info) == "imu" and info.kind != "mcap"
        start_utc = (info.start_utc or NO_CLOCK_UTC) if needs_clock else None
        setup = setup_for(info, sid=SID, athlete=athlete, zone=zone, origin=origin, start_utc=start_utc)
    else:
        items = list(path_or_items)
        bound = _bound(items, devices, mount, side)
        setup = SessionSetup(SID, athlete, zone, origin, bound, _tier(items, bound), _start_utc(items), "items")
    session, left = RunSession(setup), iter(items)
    events: list[Event] = []
    while part := list(islice(left, block or BLOCK)):
        events += session.receive_many(part)
    events += session.finish()
    return Replayed(tuple(events), tuple(faults))


def _bound(
    items: Sequence[RawNotification | Reading],
    devices: Mapping[str, str] | Sequence[BoundDevice],
    mount: Mount | None,
    side: Side,
) -> tuple[BoundDevice, ...]:
    if not devices and any(isinstance(item, RawNotification) for item in items):
        raise ValueError('notifications need devices=, such as {"pod-1": "standard-rsc"}')
    if isinstance(devices, Mapping):
        profiles = all_profiles()
        if unknown := sorted(set(devices.values()) - profiles.keys()):
            raise ValueError(f"no firmware profile {unknown[0]!r}; there are: {', '.join(sorted(profiles))}")
        given = [BoundDevice(device, profiles[profile], side, mount) for device, profile in devices.items()]
    else:
        given = list(devices)
    named = {bound.device for bound in given}
    others = dict.fromkeys(item.device for item in items if item.device not in named)
    return (*given, *(BoundDevice(device, None, side, mount) for device in others))


def _tier(items: Sequence[RawNotification | Reading], devices: Sequence[BoundDevice]) -> Tier:
    if any(isinstance(i, ImuBlock) for i in items) or any(d.profile and d.profile.kind == "imu" for d in devices):
        return "imu"
    timed = any(isinstance(i, RecordReading) and i.contact_time_s is not None for i in items)
    return "contact" if timed else "speed"


def _start_utc(items: Sequence[RawNotification | Reading]) -> datetime | None:
    """IMU readings have a device clock only, and need a start to stand on: the first record's, if there is one."""
    if not any(isinstance(item, ImuBlock) for item in items):
        return None
    return next((item.end_utc for item in items if isinstance(item, RecordReading)), NO_CLOCK_UTC)


def assert_golden(replayed: Replayed, path: Path | str, *, update: bool = False) -> None:
    """Compare ``to_bytes()`` with a file, byte for byte.

    The file is written only with ``update=True``, and never otherwise; keep that out of the code that is committed.
    AssertionError names the first line and field that differ, or says that there is no file.
    """
    path, found = Path(path), replayed.to_bytes()
    if update:
        path.write_bytes(found)
        return
    try:
        golden = path.read_bytes()
    except FileNotFoundError:
        raise AssertionError(f"{path}: no such golden file (make it once with update=True, and look at it)") from None
    if found != golden:
        raise AssertionError(f"{path}: {_difference(golden, found)}")


def _difference(golden: bytes, found: bytes) -> str:
    ours, theirs = found.splitlines(), golden.splitlines()
    for number, (was, now) in enumerate(zip(theirs, ours, strict=False), start=1):
        if was != now:
            return f"line {number}: {_first_field(was, now)}"
    if len(ours) == len(theirs):
        return "the ends of its lines differ"
    return f"it has {len(theirs)} events, the replay gave {len(ours)}"


def _first_field(was: bytes, now: bytes) -> str:
    try:
        return _inside(json.loads(was), json.loads(now), "")
    except ValueError:
        return f"{_short(was)} became {_short(now)}"


def _inside(was: Any, now: Any, place: str) -> str:
    """Name the first value that differs, however deep."""
    if isinstance(was, dict) and isinstance(now, dict):
        name = next((n for n in [*now, *was] if was.get(n) != now.get(n)), None)
        if name is not None:
            return _inside(was.get(name), now.get(name), f"{place}.{name}".lstrip("."))
    if isinstance(was, list) and isinstance(now, list) and len(was) == len(now):
        at = next(i for i in range(len(was)) if was[i] != now[i])
        return _inside(was[at], now[at], f"{place}[{at}]")
    return f"{place or 'the text'} was {_short(was)} and is {_short(now)}"


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 1] + "…"
