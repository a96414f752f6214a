"""Pairs of shoes: whose, how much drop, how far they had run before, and when they were retired."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol, TypedDict, Unpack

from sqlalchemy import select
from sqlalchemy.orm import Session

from sensor_hub.adapters.registry.checks import (
    DROP_MM,
    START_DISTANCE_M,
    checked_number,
    checked_text,
    did_you_mean,
    draw_pseudonym,
    key_of,
)
from sensor_hub.adapters.registry.learned import Transaction
from sensor_hub.adapters.registry.tables import AthleteRow, ShoeRow
from sensor_hub.errors import RegistryError
from sensor_hub.model.athlete import Shoe


class ShoeChanges(TypedDict, total=False):
    """What ``Shoes.set`` may change."""

    name: str
    drop_mm: float | None
    start_distance_m: float


class Finder(Protocol):
    """Finds an athlete by name or pseudonym, or raises RegistryError."""

    def __call__(self, session: Session, id_or_name: str, /) -> AthleteRow:
        """Return their row."""
        ...


class Shoes:
    """The registry's part for shoes. Every method is one transaction of its own, from any thread.

    An athlete's pairs differ in their names, in any case of letters; two athletes may call theirs the same. How far a
    pair has run here is not kept: it follows from the runs it was worn in.
    """

    def __init__(self, transaction: Transaction, athlete: Finder, taken: Callable[[Session], set[str]]) -> None:
        """``taken`` says what a new id must differ from."""
        self._transaction, self._athlete, self._taken = transaction, athlete, taken

    def all(self, athlete: str | None = None) -> list[Shoe]:
        """All pairs, or one athlete's, by name; retired ones too."""
        query = select(ShoeRow).order_by(ShoeRow.name, ShoeRow.id)
        with self._transaction(writes=False) as session:
            if athlete is not None:
                query = query.where(ShoeRow.athlete == self._athlete(session, athlete).id)
            return [row.as_model() for row in session.scalars(query)]

    def of(self, athlete: str, id_or_name: str) -> Shoe:
        """One pair of an athlete, by id or name; RegistryError with near names if they have no such pair."""
        with self._transaction(writes=False) as session:
            return _of(session, self._athlete(session, athlete), id_or_name).as_model()

    def add(self, athlete: str, name: str, *, drop_mm: float | None = None, start_distance_m: float = 0.0) -> Shoe:
        """Add a pair; RegistryError if the athlete has one of that name, or a value is out of range.

        drop_mm : heel-to-toe drop, None is unknown. start_distance_m : what it had run before it came here.
        """
        with self._transaction(writes=True) as session:
            who = self._athlete(session, athlete)
            row = ShoeRow(id=draw_pseudonym(self._taken(session), name), athlete=who.id, retired_utc=None)
            _put(session, row, {"name": name, "drop_mm": drop_mm, "start_distance_m": start_distance_m})
            session.add(row)
            return row.as_model()

    def set(self, shoe: str, **changes: Unpack[ShoeChanges]) -> Shoe:
        """Change name, drop_mm (None: unknown) or start_distance_m of a pair (its id); all of it or nothing."""
        if unknown := changes.keys() - ShoeChanges.__annotations__.keys():
            raise ValueError(f"a pair of shoes has no {', '.join(sorted(unknown))} to set")
        with self._transaction(writes=True) as session:
            row = _by_id(session, shoe)
            _put(session, row, changes)
            return row.as_model()

    def retire(self, shoe: str, retired_utc: datetime | None) -> Shoe:
        """Mark a pair (its id) as retired since an aware moment; None brings it back."""
        if retired_utc is not None and retired_utc.tzinfo is None:
            raise ValueError(f"{retired_utc!r} has no time zone")
        with self._transaction(writes=True) as session:
            row = _by_id(session, shoe)
            row.retired_utc = retired_utc
            return row.as_model()

    def remove(self, shoe: str) -> Shoe:
        """Forget a pair (its id); return what it was. Who calls this has seen that nothing was run in it."""
        with self._transaction(writes=True) as session:
            row = _by_id(session, shoe)
            gone = row.as_model()
            session.delete(row)
            return gone


def _put(session: Session, row: ShoeRow, changes: ShoeChanges) -> None:
    """Give a pair new values; RegistryError if one is out of range, or the name is that of another pair."""
    if "name" in changes:
        name = checked_text(changes["name"], "shoe name")
        theirs = session.scalars(select(ShoeRow).where(ShoeRow.athlete == row.athlete, ShoeRow.id != row.id))
        same = next((other for other in theirs if key_of(other.name) == key_of(name)), None)
        if same is not None:
            where = ", retired" if same.retired_utc is not None else ""
            raise RegistryError(f"there is a pair {same.name!r} already ({same.id}{where}): choose another name")
        row.name = name
    if "drop_mm" in changes:
        drop_mm = changes["drop_mm"]
        row.drop_mm = None if drop_mm is None else checked_number(drop_mm, "drop", "mm", DROP_MM)
    if "start_distance_m" in changes:
        row.start_distance_m = checked_number(changes["start_distance_m"], "start distance", "m", START_DISTANCE_M)


def _by_id(session: Session, shoe: str) -> ShoeRow:
    row = session.get(ShoeRow, shoe)
    if row is None:
        raise RegistryError(f"no shoe {shoe!r}: give an id from the list of shoes")
    return row


def _of(session: Session, who: AthleteRow, wanted: str) -> ShoeRow:
    row = session.get(ShoeRow, wanted)
    if row is not None and row.athlete == who.id:
        return row
    theirs = list(session.scalars(select(ShoeRow).where(ShoeRow.athlete == who.id).order_by(ShoeRow.name, ShoeRow.id)))
    named = [shoe for shoe in theirs if key_of(shoe.name) == key_of(wanted)]
    if len(named) == 1:
        return named[0]
    if named:  # of two athletes who were merged
        ids = " or ".join(f"{shoe.id} ({shoe.start_distance_m / 1000:g} km before)" for shoe in named)
        raise RegistryError(f"{len(named)} pairs are named {wanted!r}: give an id, {ids}")
    names = [shoe.name for shoe in theirs]
    hint = did_you_mean(wanted, names) or (
        f": {who.display_name} has {', '.join(map(repr, names))}"
        if names
        else f": {who.display_name} has none yet, add one with `sensor-hub shoe add`"
    )
    raise RegistryError(f"no pair of shoes {wanted!r}{hint}")
