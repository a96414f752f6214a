"""Whose a pod of the box is for one evening: lines of a roster, and what they make of the paired sensors at a moment.

A line goes before the permanent binding while it holds, and leaves it untouched: it holds again afterwards.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal, TypeAlias

from sensor_hub.model.athlete import Athlete, Device
from sensor_hub.model.gait import Mount, Side

RUN_LASTS_S: Final = 600.0  # without a step; until then it is whose it began for, whatever a roster says


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants of a roster. device, athlete : name or id; side, mount : None leaves the device's own."""

    device: str
    athlete: str
    side: Side | None = None
    mount: Mount | None = None


@dataclass(frozen=True, slots=True)
class RosterLine:
    """One pod on one person, for sessions that begin in ``[from_utc, until_utc)``.

    device, athlete : pseudonyms. mount : None is that of the device's profile. number : given once in a registry.
    """

    number: int
    device: str
    athlete: str
    side: Side
    mount: Mount | None
    from_utc: datetime
    until_utc: datetime

    def holds(self, now_utc: datetime) -> bool:
        """Whether it holds at this moment."""
        return self.from_utc <= now_utc < self.until_utc


@dataclass(frozen=True, slots=True)
class RosterPod:
    """A paired sensor, and whose it is now.

    device : with the athlete, side and mount that hold now. athlete : None where it is nobody's. line : tonight's, None
    where the permanent binding holds. owner : whose it is for good, None if it is of the box. set_aside : bound for
    good, but its athlete wears another one in its place tonight, so that it is not collected. strides_known : whether
    it is known how its wearer's strides usually look there, without which a swapped one is not noticed; None of what
    sees no strides.
    """

    device: Device
    athlete: Athlete | None
    line: RosterLine | None = None
    owner: Athlete | None = None
    set_aside: bool = False
    strides_known: bool | None = None


@dataclass(frozen=True, slots=True)
class RosterView:
    """Tonight's roster: every paired sensor by name, those of the box that nobody has among them.

    until_utc : when the last line ends, None without any. zone : of this machine.
    """

    now_utc: datetime
    until_utc: datetime | None
    zone: str
    pods: tuple[RosterPod, ...]


@dataclass(frozen=True, slots=True)
class PastLine:
    """A line with the names to show; a sensor that was forgotten since has none."""

    line: RosterLine
    device_name: str | None
    athlete: Athlete


QuestionKind: TypeAlias = Literal["is-lent", "is-taken", "has-another"]


@dataclass(frozen=True, slots=True)
class RosterQuestion:
    """What has to be agreed to before a wish is granted.

    is-lent : ``device`` is bound to ``other`` for good. is-taken : it is ``other``'s tonight. has-another : ``athlete``
    wears ``instead`` at that place (bound for good, so that it is set aside tonight). Names, for people.
    """

    kind: QuestionKind
    device: str
    athlete: str
    other: str = ""
    instead: str = ""


Place: TypeAlias = tuple[str, str | None, str]


def place_of(device: Device, kinds: Mapping[str, str]) -> Place:
    """Return where a sensor is worn: what two sensors of one person may not share.

    kinds : of the known profiles, by profile id; a foot pod and an IMU may sit on the same foot.
    """
    return (device.athlete or "", kinds.get(device.profile), device.side)


def line_of(device: str, lines: Iterable[RosterLine], now_utc: datetime) -> RosterLine | None:
    """Return the line that holds for a device: of several the newest."""
    holding = [line for line in lines if line.device == device and line.holds(now_utc)]
    return max(holding, key=lambda line: line.number, default=None)


def held_by(device: Device, line: RosterLine | None) -> Device:
    """Return a device as a line has it; without one as it is."""
    if line is None:
        return device
    moved = (device.side, device.mount) != (line.side, line.mount or device.mount)
    swing = None if moved else device.swing  # worn elsewhere it turns another way
    return replace(device, athlete=line.athlete, side=line.side, mount=line.mount or device.mount, swing=swing)


def effective(
    devices: Sequence[Device], lines: Sequence[RosterLine], now_utc: datetime, kinds: Mapping[str, str]
) -> list[tuple[Device, RosterLine | None, bool]]:
    """Return each device as it is worn at this moment, its line, and whether it is set aside.

    A sensor that is bound for good is set aside where its athlete has one of the roster at the same place.
    """
    held = [(held_by(device, line), line) for device in devices for line in [line_of(device.id, lines, now_utc)]]
    taken = {place_of(device, kinds) for device, line in held if line is not None}
    return [
        (device, line, line is None and device.athlete is not None and place_of(device, kinds) in taken)
        for device, line in held
    ]
