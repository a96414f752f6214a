"""Everything the registry keeps of one person, taken out whole and put back whole."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Final

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from sensor_hub.adapters.registry.checks import checked_pseudonym, checked_zone, key_of
from sensor_hub.adapters.registry.databases import database_in
from sensor_hub.adapters.registry.erasing import ErasedRow, Erasures
from sensor_hub.adapters.registry.journal import row_of
from sensor_hub.adapters.registry.learned import Transaction
from sensor_hub.adapters.registry.live_tables import FindingMarkRow
from sensor_hub.adapters.registry.marks import put_mark
from sensor_hub.adapters.registry.stand_in import empty_me, remove_me
from sensor_hub.adapters.registry.tables import (
    AliasRow,
    AthleteRow,
    CalibrationRow,
    DeviceRow,
    GaitPatternRow,
    JournalRow,
    LoadReferenceRow,
    ReferenceNameRow,
    ShoeRow,
)
from sensor_hub.errors import RegistryError
from sensor_hub.model.athlete import Athlete, Device, Shoe
from sensor_hub.model.calibration import Calibration
from sensor_hub.model.edit import Entry
from sensor_hub.model.load import LoadReference
from sensor_hub.model.mark import FindingMark
from sensor_hub.model.pattern import GaitPattern
from sensor_hub.model.reference import KeptReference

NUMBERED: Final = (LoadReferenceRow.__tablename__, "number")


@dataclass(frozen=True, slots=True)
class Person:
    """What the registry keeps of one person beside the journal.

    former : pseudonyms that were merged into theirs. devices : those bound to them. Each in a fixed order.
    """

    athlete: Athlete
    former: tuple[str, ...] = ()
    devices: tuple[Device, ...] = ()
    shoes: tuple[Shoe, ...] = ()
    calibrations: tuple[Calibration, ...] = ()
    patterns: tuple[GaitPattern, ...] = ()
    references: tuple[KeptReference, ...] = ()
    marks: tuple[FindingMark, ...] = ()


class Persons:
    """The registry's part for whole persons. Every method is one transaction of its own, from any thread."""

    def __init__(
        self,
        transaction: Transaction,
        athlete: Callable[[Session, str], AthleteRow],
        name: Callable[[Session, AthleteRow, str], None],
    ) -> None:
        """``athlete`` finds one or raises RegistryError; ``name`` gives one a name, or raises it."""
        self._transaction, self._athlete, self._name = transaction, athlete, name

    def kept(self, id_or_name: str) -> Person:
        """Return what is kept of an athlete; RegistryError if there is none."""
        with self._transaction(writes=False) as session:
            row = self._athlete(session, id_or_name)
            who = row.id

            def of(table: Any, *order: str) -> list[Any]:
                chosen = select(table).where(table.athlete == who)
                return [found.as_model() for found in session.scalars(chosen.order_by(*map(text, order)))]

            return Person(
                athlete=row.as_model(),
                former=tuple(session.scalars(select(AliasRow.old).where(AliasRow.new == who).order_by(AliasRow.old))),
                devices=tuple(of(DeviceRow, "id")),
                shoes=tuple(of(ShoeRow, "id")),
                calibrations=tuple(of(CalibrationRow, "mount", "method")),
                patterns=tuple(of(GaitPatternRow, "mount", "side")),
                references=tuple(of(LoadReferenceRow, "number")),
                marks=tuple(of(FindingMarkRow, "about")),
            )

    def reference_names(self, athlete: str) -> dict[str, str]:
        """Return what each reference of an athlete is called in exports, by its id here.

        One that came with an export keeps its name there, so that the same history is the same export everywhere.
        """
        with self._transaction(writes=False) as session:
            who = self._athlete(session, athlete).id
            numbers = session.scalars(select(LoadReferenceRow.number).where(LoadReferenceRow.athlete == who)).all()
            told = select(ReferenceNameRow).where(ReferenceNameRow.number.in_(numbers))
            names = {row.number: row.exported_as for row in session.scalars(told)}
        for number in sorted(set(numbers) - names.keys()):
            taken = set(names.values())
            names[number] = number if number not in taken else max(taken | set(numbers)) + 1
        return {f"ref-own-{number}": f"ref-own-{name}" for number, name in names.items()}

    def empty_me(self, name: str) -> str | None:
        """Return the pseudonym of ``me`` if that is the name asked for and nothing is kept of them here."""
        with self._transaction(writes=False) as session:
            row = empty_me(session, name)
            return None if row is None else row.id

    def check_new(self, athlete: Athlete, *, mend: str = "", instead_of: str | None = None) -> None:
        """Raise RegistryError, with ``mend``, if an athlete who is not here yet could not be put in.

        instead_of : an empty ``me`` that has the name now, and goes.
        """
        with self._transaction(writes=False) as session, session.no_autoflush:
            try:
                row = _row(session, athlete)
                if instead_of is None:
                    self._name(session, row, athlete.display_name)
            except RegistryError as error:
                raise RegistryError(f"{error}{mend}") from error

    def reserve_references(self, n: int, *, above: int = 0) -> list[int]:
        """Return so many numbers of references, above a certain one, that will never be given to anybody else."""
        with self._transaction(writes=True) as session:
            database = database_in(session)
            first = max(database.last_number(session, *NUMBERED), above) + 1
            database.number_after(session, *NUMBERED, first + n - 1)
            return list(range(first, first + n))

    def keep_erasures(self, erasures: Erasures) -> None:
        """Remember also whose pseudonyms another copy of this registry has forgotten."""
        with self._transaction(writes=True) as session:
            salt = session.scalar(select(ErasedRow.salt).limit(1)) or erasures.salt
            if salt == erasures.salt:
                for digest in erasures.digests:
                    session.merge(ErasedRow(digest=digest, salt=salt))

    def restore(
        self,
        person: Person,
        entries: Sequence[Entry] = (),
        exported_as: Mapping[str, str] | None = None,
        *,
        instead_of: str | None = None,
    ) -> None:
        """Put in what of a person is not here yet, all or nothing; what is here stays as it is.

        exported_as : what references are called in exports, by their id here. instead_of : an empty ``me`` that goes.

        Entries come after those that are here, in their order. A sensor that is somebody's here stays theirs.
        RegistryError if an id, a number, or the name of a new athlete is somebody else's.
        """
        with self._transaction(writes=True) as session:
            if instead_of is not None:
                remove_me(session, instead_of, person.athlete.display_name)
            who = self._put_athlete(session, person.athlete)
            for old in person.former:
                _same_owner(session.get(AliasRow, old), "new", who, f"former pseudonym {old}")
                session.merge(AliasRow(old=old, new=who))
            for shoe in person.shoes:
                if _same_owner(session.get(ShoeRow, shoe.id), "athlete", who, f"pair of shoes {shoe.id}") is None:
                    session.add(ShoeRow(**_values(replace(shoe, athlete=who))))
            for device in person.devices:
                _put_device(session, replace(device, athlete=who))
            for calibration in person.calibrations:
                if session.get(CalibrationRow, (who, calibration.mount, calibration.method)) is None:
                    session.add(CalibrationRow.of(who, calibration))
            for pattern in person.patterns:
                if session.get(GaitPatternRow, (who, pattern.mount, pattern.side)) is None:
                    session.add(GaitPatternRow.of(who, pattern))
            for kept in person.references:
                _put_reference(session, replace(kept, athlete=who), (exported_as or {}).get(kept.reference.id))
            for mark in person.marks:
                put_mark(session, replace(mark, athlete=who))
            for entry in entries:
                _put_entry(session, replace(entry, athlete=who))

    def _put_athlete(self, session: Session, athlete: Athlete) -> str:
        row = session.get(AthleteRow, athlete.id)
        if row is not None:
            return row.id
        alias = session.get(AliasRow, athlete.id)
        if alias is not None:
            raise RegistryError(f"{athlete.id} was merged into {alias.new} here: there is nobody to put it back to")
        row = _row(session, athlete)
        self._name(session, row, athlete.display_name)
        session.add(row)
        session.flush()  # everything else points at it
        return row.id


def _row(session: Session, athlete: Athlete) -> AthleteRow:
    """Return the row of a new athlete, without a name yet; RegistryError if a value cannot be."""
    taken = {*session.scalars(select(DeviceRow.id)), *session.scalars(select(ShoeRow.id))}
    return AthleteRow(
        id=checked_pseudonym(athlete.id, taken),
        zone=checked_zone(athlete.zone),
        mass_kg=athlete.mass_kg,
        week_start=athlete.week_start,
        simulated=athlete.simulated,
        height_m=athlete.height_m,
    )


def _values(model: Any) -> dict[str, Any]:
    return {f.name: getattr(model, f.name) for f in fields(model)}


def _same_owner(row: Any, column: str, who: str, what: str) -> Any:
    """Return the row; RegistryError if it is somebody else's."""
    if row is not None and getattr(row, column) != who:
        raise RegistryError(f"{what} is somebody else's here: nothing was changed")
    return row


def _put_device(session: Session, device: Device) -> None:
    known = select(DeviceRow).where((DeviceRow.id == device.id) | (DeviceRow.address_key == key_of(device.address)))
    row = session.scalars(known).first()
    if row is None:
        session.add(DeviceRow(**_values(device), address_key=key_of(device.address)))
    elif (row.id, row.athlete) == (device.id, None):  # nobody's here, as after an erasure
        for name, value in _values(device).items():
            setattr(row, name, value)


def _put_reference(session: Session, kept: KeptReference, exported_as: str | None) -> None:
    number = number_of(kept.reference.id)
    row = session.get(LoadReferenceRow, number)
    if _same_owner(row, "athlete", kept.athlete, f"load reference {kept.reference.id}") is not None:
        return
    values = {f.name: getattr(kept.reference, f.name) for f in fields(LoadReference) if f.name != "id"}
    how = {"made": kept.made, "before": kept.before, "at_easy_speed": kept.at_easy_speed, "active": kept.active}
    session.add(LoadReferenceRow(number=number, athlete=kept.athlete, **values, **how))
    session.flush()
    database = database_in(session)
    if database.last_number(session, *NUMBERED) < number:  # PostgreSQL counts only what it numbered itself
        database.number_after(session, *NUMBERED, number)
    if exported_as is not None and exported_as != kept.reference.id:
        session.add(ReferenceNameRow(number=number, exported_as=number_of(exported_as)))


def _put_entry(session: Session, entry: Entry) -> None:
    known = session.scalars(select(JournalRow).where(JournalRow.id == entry.id)).first()
    if _same_owner(known, "athlete", entry.athlete, f"entry {entry.id} of the journal") is None:
        session.add(row_of(entry))
        session.flush()  # the database numbers them in this order


def number_of(reference: str) -> int:
    """Return N of "ref-own-N"; RegistryError if it is no such id."""
    head, _, number = reference.rpartition("-")
    if head != "ref-own" or not number.isdecimal() or not number.isascii() or len(number) > 15:
        raise RegistryError(f"{reference!r} is no reference of an athlete's own")
    return int(number)


__all__ = ["Person", "Persons", "number_of"]
