"""An athlete's pairs of shoes: how far each has run, which is worn today, and what may be done with it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sensor_hub.adapters.registry import Registry
from sensor_hub.edits.in_force import in_force
from sensor_hub.edits.shoes import Worn
from sensor_hub.errors import EditError, RegistryError
from sensor_hub.guidelines.evaluate import local_day
from sensor_hub.model.athlete import Shoe
from sensor_hub.model.edit import Tell, WearShoe
from sensor_hub.model.history import HistoryView
from sensor_hub.model.ports import Keeping, Outcome


@dataclass(frozen=True, slots=True)
class PairLine:
    """A pair as a list shows it.

    distance_m : with what it had before, None where one of its sessions has none known; known_distance_m : the same
    without those, so at least that. n_sessions, first, last : runs and walks in it that count, and local days of the
    first and the last, None without one. is_today : the day's pair. is_default : the pair of every day until further
    notice.
    """

    shoe: Shoe
    distance_m: float | None
    known_distance_m: float
    n_sessions: int
    first: date | None
    last: date | None
    is_today: bool
    is_default: bool


def pair_lines(view: HistoryView, shoes: Sequence[Shoe], zone: str) -> list[PairLine]:
    """Return a line a pair: those in use first, each by name."""
    default = default_pair(view)
    uses = {use.shoe: use for use in view.shoes}
    days: dict[str, list[date]] = {shoe.id: [] for shoe in shoes}
    for kept in view.sessions:
        if kept.counts and kept.told.shoe in days and kept.summary.header.ledger in {"run", "walk"}:
            days[kept.told.shoe].append(local_day(kept.summary.start_utc, zone))
    lines = [
        PairLine(
            shoe=shoe,
            distance_m=uses[shoe.id].distance_m if shoe.id in uses else shoe.start_distance_m,
            known_distance_m=uses[shoe.id].known_distance_m if shoe.id in uses else shoe.start_distance_m,
            n_sessions=len(days[shoe.id]),
            first=min(days[shoe.id], default=None),
            last=max(days[shoe.id], default=None),
            is_today=shoe.id == view.shoe_today,
            is_default=shoe.id == default,
        )
        for shoe in shoes
    ]
    return sorted(lines, key=lambda line: (line.shoe.retired_utc is not None, line.shoe.name.casefold(), line.shoe.id))


def default_pair(view: HistoryView, day: date | None = None) -> str | None:
    """Return the id of the pair worn until further notice on a day (today); None without one."""
    said = Worn.of(in_force(view.journal[::-1]), view.athlete).said
    return Worn(tuple(worn for worn in said if worn.last is None)).on(view.today if day is None else day)


class Wardrobe:
    """What may be done with pairs. athlete : pseudonym or name; pair : its id, or its name in any case.

    Everything said of days goes through the journal and can be undone; what a pair is stands in the registry. Refusals
    are RegistryError or EditError; then nothing has changed.
    """

    def __init__(
        self, registry: Registry, keeping: Keeping, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._registry, self._keeping, self._clock = registry, keeping, clock

    def lines(self, athlete: str) -> list[PairLine]:
        """Return a line a pair, retired ones last."""
        person = self._registry.athlete(athlete)
        return pair_lines(self._keeping.history(person.id), self._registry.shoes.all(person.id), person.zone)

    def line(self, athlete: str, pair: str) -> PairLine:
        """Return the line of one pair."""
        wanted = self._registry.shoes.of(athlete, pair).id
        return next(line for line in self.lines(athlete) if line.shoe.id == wanted)

    def wearing(self, athlete: str, pair: str | None, first: date, last: date | None) -> WearShoe:
        """Return the edit that says which pair (None: none) is worn on days; EditError for one retired by then.

        last : None for every day until further notice.
        """
        if last is not None and first > last:
            raise EditError(f"{first} is after {last}: give the first day first")
        if pair is None:
            return WearShoe("", first, last)
        shoe = self._registry.shoes.of(athlete, pair)
        if shoe.retired_utc is not None:
            zone = ZoneInfo(self._registry.athlete(athlete).zone)
            retired = shoe.retired_utc.astimezone(zone).date()
            if last is None or last > retired:
                raise EditError(
                    f"{shoe.name!r} was retired on {retired}: bring it back first (sensor-hub shoe retire --back)"
                )
        return WearShoe(shoe.id, first, last)

    def retire(self, athlete: str, pair: str, *, by: str) -> tuple[Shoe, Outcome | None]:
        """Retire a pair now; one worn until further notice is not from tomorrow on, and that edit is returned."""
        shoe = self._registry.shoes.of(athlete, pair)
        if shoe.retired_utc is not None:
            return shoe, None
        view = self._keeping.history(athlete)
        tomorrow = view.today + timedelta(days=1)
        outcome = None
        if default_pair(view, tomorrow) == shoe.id:
            outcome = self._keeping.edit(athlete, [WearShoe("", tomorrow)], by=by)
        return self._registry.shoes.retire(shoe.id, self._clock()), outcome

    def bring_back(self, athlete: str, pair: str) -> Shoe:
        """Put a retired pair in use again."""
        return self._registry.shoes.retire(self._registry.shoes.of(athlete, pair).id, None)

    def removable(self, athlete: str, pair: str) -> Shoe:
        """Return a pair that may be removed; RegistryError for one that was run in, or that the journal tells of."""
        line = self.line(athlete, pair)
        shoe = line.shoe
        runs = "1 run" if line.n_sessions == 1 else f"{line.n_sessions} runs"
        if line.n_sessions:
            raise RegistryError(f"{shoe.name!r} has {runs}: retire it instead (sensor-hub shoe retire)")
        if any(_names(entry.edit, shoe.id) for entry in self._registry.journal.entries([shoe.athlete])):
            raise RegistryError(
                f"the journal tells of {shoe.name!r}, an undo may need it: retire it instead (sensor-hub shoe retire)"
            )
        return shoe

    def remove(self, athlete: str, pair: str) -> Shoe:
        """Forget a pair that was put in by mistake; RegistryError as in ``removable``."""
        return self._registry.shoes.remove(self.removable(athlete, pair).id)


def _names(edit: object, shoe: str) -> bool:
    return isinstance(edit, WearShoe | Tell) and edit.shoe == shoe
