"""Tonight's roster: pods of a box on people for one evening, and what that makes of the paired sensors now.

What cannot work is refused with its mend; what may well be meant, but would surprise somebody, has to be agreed to.
The permanent binding is never touched.
"""

import re
from collections.abc import Callable, Container, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sensor_hub.adapters.registry import Registry
from sensor_hub.app.collecting.roster_wishes import Granted, check_place, kinds_of, looked_up, questions
from sensor_hub.errors import RegistryError
from sensor_hub.model.athlete import Device
from sensor_hub.model.gait import Mount, Side
from sensor_hub.model.profile import DeviceProfile
from sensor_hub.model.roster import PastLine, RosterLine, RosterPod, RosterQuestion, RosterView, Wish, effective
from sensor_hub.words.roster import question_text

ENDS_AT: Final = time(4)  # ours: no evening goes on so long, and no morning begins so early
SHORTEST: Final = timedelta(hours=2)  # ours: who sets a roster at three in the morning does not mean this night
LONGEST: Final = timedelta(days=7)  # ours: what holds longer is a binding


def effective_devices(registry: Registry, profiles: Mapping[str, DeviceProfile], now_utc: datetime) -> list[Device]:
    """Return the paired sensors as they are worn at a moment: by tonight's roster, else as they are bound for good.

    One that is set aside is nobody's.
    """
    devices, lines = registry.rosters.devices_and_lines(now_utc)
    held = effective(devices, lines, now_utc, kinds_of(profiles))
    return [device for device, _, set_aside in held if not set_aside]


def names_at(registry: Registry, at_utc: datetime) -> dict[str, str]:
    """Return what people call the sensors, by id; of those on the roster of that moment with the name of whose."""
    devices, lines = registry.rosters.devices_and_lines(at_utc)
    people = {athlete.id: athlete.display_name for athlete in registry.athletes()}
    on = {line.device: people.get(line.athlete) for line in lines}
    return {d.id: f"{d.name} ({on[d.id]})" if on.get(d.id) else d.name for d in devices}


def default_until(now_utc: datetime, zone: str) -> datetime:
    """Return when a roster ends by itself: the next 04:00 of the zone that is two hours away or more."""
    local = now_utc.astimezone(ZoneInfo(zone))
    ends = datetime.combine(local.date(), ENDS_AT, local.tzinfo)
    while ends.astimezone(UTC) < now_utc + SHORTEST:
        ends = datetime.combine(ends.date() + timedelta(days=1), ENDS_AT, local.tzinfo)
    return ends.astimezone(UTC)


class Rostering:
    """Implements ``model.ports.Roster`` on a registry. zone : this machine's, in which an evening ends."""

    def __init__(
        self,
        registry: Registry,
        profiles: Mapping[str, DeviceProfile],
        zone: str,
        *,
        now_utc: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._registry, self._profiles, self._zone, self._now_utc = registry, profiles, zone, now_utc

    def tonight(self) -> RosterView:
        """Every paired sensor, and whose it is now."""
        now_utc = self._now_utc()
        people = {athlete.id: athlete for athlete in self._registry.athletes()}
        devices, lines = self._registry.rosters.devices_and_lines(now_utc)
        for_good = {device.id: people.get(device.athlete or "") for device in devices}
        learned = {(who, pattern.mount, pattern.side) for who, pattern in self._registry.learned.patterns()}
        pods = [
            RosterPod(
                device,
                people.get(device.athlete or ""),
                line,
                for_good[device.id],
                set_aside,
                self._strides_known(device, learned),
            )
            for device, line, set_aside in effective(devices, lines, now_utc, kinds_of(self._profiles))
        ]
        pods.sort(key=lambda pod: _by_number(pod.device.name))
        until_utc = max((pod.line.until_utc for pod in pods if pod.line is not None), default=None)
        return RosterView(now_utc, until_utc, self._zone, tuple(pods))

    def past(self, since_utc: datetime | None = None) -> list[PastLine]:
        """Whose each pod was, and when, oldest first; lines that hold still are among them."""
        people = {athlete.id: athlete for athlete in self._registry.athletes()}
        names = {device.id: device.name for device in self._registry.devices()}
        lines = sorted(self._registry.rosters.lines(since_utc), key=lambda line: (line.from_utc, line.number))
        known = [line for line in lines if line.athlete in people]  # merged or erased between two looks
        return [PastLine(line, names.get(line.device), people[line.athlete]) for line in known]

    def questions(self, wishes: Sequence[Wish], until_utc: datetime | None = None) -> list[RosterQuestion]:
        """Return what has to be agreed to before these wishes hold till then; RegistryError if they cannot be."""
        self._until(until_utc, self._now_utc())
        return questions(self._looked_up(wishes), self.tonight().pods, kinds_of(self._profiles))

    def set(self, wishes: Sequence[Wish], until_utc: datetime | None = None, *, agreed: bool = False) -> RosterView:
        """Give pods to people, all or none of them; pods that are not named stay as they are."""
        if not wishes:
            raise RegistryError("a roster of nobody: name a pod and an athlete, such as 'Pod 3=Ana'")
        granted = self._looked_up(wishes)
        asked = questions(granted, self.tonight().pods, kinds_of(self._profiles))
        if asked and not agreed:
            raise RegistryError("; ".join(question_text(q) for q in asked) + " (--yes agrees to it)")
        now_utc = self._now_utc()
        until_utc = self._until(until_utc, now_utc)
        lines = [_line(g.worn(), now_utc, until_utc) for g in granted]
        self._registry.rosters.write(lines, now_utc)
        return self.tonight()

    def bind(
        self,
        device: str,
        athlete: str,
        side: Side | None = None,
        until_utc: datetime | None = None,
        *,
        agreed: bool = False,
    ) -> RosterView:
        """Give one pod to somebody, as in ``set``."""
        return self.set([Wish(device, athlete, side)], until_utc, agreed=agreed)

    def clear(self, device: str | None = None) -> RosterView:
        """End the line of one pod, or of all, now; the permanent binding holds again."""
        now_utc = self._now_utc()
        held = {pod.device.id for pod in self.tonight().pods if pod.line is not None}
        if device is not None:
            wanted = self._registry.device(device)
            if wanted.id not in held:
                raise RegistryError(f"{wanted.name} is not on tonight's roster (sensor-hub roster show)")
            held = {wanted.id}
        self._registry.rosters.write([], now_utc, ending=held)
        return self.tonight()

    def swap(self, one: str, other: str) -> RosterView:
        """Let two pods change people and places, for what comes; one of them may be nobody's."""
        first, second = self._registry.device(one), self._registry.device(other)
        if first.id == second.id:
            raise RegistryError(f"{first.name} cannot change with itself: name two pods")
        now_utc, pods = self._now_utc(), {pod.device.id: pod for pod in self.tonight().pods}
        a, b = pods[first.id], pods[second.id]
        ends = [pod.line.until_utc for pod in (a, b) if pod.line is not None]
        if not ends:
            raise RegistryError(
                f"neither {first.name} nor {second.name} is on tonight's roster: give them to somebody first"
                " (sensor-hub roster set)"
            )
        if self._kind(first) != self._kind(second):
            raise RegistryError(
                f"{first.name} and {second.name} are not of one kind, and cannot stand in for each other"
            )
        lines = []
        for pod, takes in ((a, b), (b, a)):
            if takes.athlete is not None and not takes.set_aside:
                worn = Granted(pod.device, takes.athlete, takes.device.side, takes.device.mount)
                check_place(worn, self._profiles)
                lines.append(_line(worn.worn(), now_utc, max(ends)))
        self._registry.rosters.write(lines, now_utc, ending=[first.id, second.id])
        return self.tonight()

    def copy(self, day: date, until_utc: datetime | None = None, *, agreed: bool = False) -> RosterView:
        """Make the roster of an earlier day tonight's, as it was at its last; RegistryError if that day had none."""
        return self.set(self.wishes_of(day), until_utc, agreed=agreed)

    def wishes_of(self, day: date) -> list[Wish]:
        """Return what ``copy`` of a day asks for; RegistryError if that day had no roster.

        Of a pod, and of a person's place, the last line of that day counts; a sensor that was forgotten since is left
        out.
        """
        zone = ZoneInfo(self._zone)
        that_day = [line for line in self._registry.rosters.lines() if line.from_utc.astimezone(zone).date() == day]
        if not that_day:
            raise RegistryError(f"no roster began on {day.isoformat()} (sensor-hub roster list --past shows them)")
        paired = {device.id: device for device in self._registry.devices()}
        wishes: list[Wish] = []
        seen: set[object] = set()  # pods, and places of people
        for line in sorted(that_day, key=lambda line: -line.number):
            device = paired.get(line.device)
            place = (line.athlete, self._kind(device) if device else None, line.side)
            if device is not None and not {line.device, place} & seen:
                wishes.append(Wish(line.device, line.athlete, line.side, line.mount))
            seen |= {line.device, place}
        if not wishes:
            raise RegistryError(f"no pod of the roster of {day.isoformat()} is paired any more: make a new one")
        return wishes[::-1]

    def _looked_up(self, wishes: Sequence[Wish]) -> list[Granted]:
        return looked_up(self._registry, self._profiles, wishes)

    def _until(self, until_utc: datetime | None, now_utc: datetime) -> datetime:
        if until_utc is None:
            return default_until(now_utc, self._zone)
        if until_utc <= now_utc:
            raise RegistryError("the roster would end before it begins: give a later --until")
        if until_utc > now_utc + LONGEST:
            raise RegistryError(
                f"a roster holds {LONGEST.days} days at most: what holds longer is a binding (sensor-hub devices bind)"
            )
        return until_utc

    def _strides_known(self, device: Device, learned: Container[tuple[str, Mount, Side]]) -> bool | None:
        profile = self._profiles.get(device.profile)
        mount = device.mount or (profile.mount if profile is not None else None)
        if profile is None or profile.kind != "imu" or mount is None or device.athlete is None:
            return None
        return (device.athlete, mount, device.side) in learned

    def _kind(self, device: Device) -> str | None:
        profile = self._profiles.get(device.profile)
        return None if profile is None else profile.kind


def _by_number(name: str) -> list[tuple[bool, int, str]]:
    """Return what to sort names by, so that Pod 2 stands before Pod 10."""
    parts = re.findall(r"[0-9]+|[^0-9]+", name.casefold())
    return [(not part.isdigit(), int(part) if part.isdigit() else 0, part) for part in parts]


def _line(worn: Device, now_utc: datetime, until_utc: datetime) -> RosterLine:
    return RosterLine(0, worn.id, worn.athlete or "", worn.side, worn.mount, now_utc, until_utc)
