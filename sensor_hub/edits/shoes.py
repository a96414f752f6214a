"""Which pair a session was run in, and how far each pair has gone."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sensor_hub.model.athlete import Shoe
from sensor_hub.model.edit import Entry, WearShoe
from sensor_hub.model.history import KeptSession, ShoeUse


@dataclass(frozen=True, slots=True)
class Worn:
    """What was said of pairs and days, in the order it was said."""

    said: tuple[WearShoe, ...] = ()

    @classmethod
    def of(cls, entries: Iterable[Entry], athlete: str) -> "Worn":
        """Take it from entries that are in force."""
        return cls(tuple(e.edit for e in entries if e.athlete == athlete and isinstance(e.edit, WearShoe)))

    def on(self, day: date) -> str | None:
        """Return the pair of a day; None where nobody said, or none was worn.

        What was said of certain days goes before what holds until further notice; of that the newest beginning counts.
        """
        some_days = [w for w in self.said if w.last is not None and w.first <= day <= w.last]
        if some_days:
            return some_days[-1].shoe or None
        return self.until_further_notice(day)

    def until_further_notice(self, day: date) -> str | None:
        """Return the pair that is worn on a day unless another was said of that very day; None without one."""
        until_further_notice = [w for w in self.said if w.last is None and w.first <= day]
        if not until_further_notice:
            return None
        newest = max(w.first for w in until_further_notice)
        return [w.shoe for w in until_further_notice if w.first == newest][-1] or None


def uses(sessions: Sequence[KeptSession], shoes: Mapping[str, Shoe]) -> tuple[ShoeUse, ...]:
    """Return how far each pair has gone in the runs and walks that count, and before it came here."""
    found = []
    for shoe in shoes.values():
        mine = [
            k.summary.totals.distance_m
            for k in sessions
            if k.counts and k.told.shoe == shoe.id and k.summary.header.ledger in {"run", "walk"}
        ]
        known_m = shoe.start_distance_m + sum(d for d in mine if d is not None)
        found.append(ShoeUse(shoe.id, None if None in mine else known_m, known_m, len(mine)))
    return tuple(found)
