"""Squads: named groups of athletes that are looked at together."""

from collections.abc import Callable, Sequence
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from sensor_hub.adapters.registry.checks import checked_text, did_you_mean, draw_pseudonym, key_of
from sensor_hub.adapters.registry.learned import Transaction
from sensor_hub.adapters.registry.live_tables import SquadAthleteRow, SquadRow
from sensor_hub.adapters.registry.tables import AthleteRow
from sensor_hub.errors import RegistryError
from sensor_hub.model.squad import Squad

MOST: Final = 60  # squads of a hub: they are buttons on a page


class SquadBook:
    """The registry's part for squads. Every method is one transaction of its own, from any thread.

    Wherever a squad is asked for, its id or its name in any case will do.
    """

    def __init__(
        self,
        transaction: Transaction,
        athlete: Callable[[Session, str], AthleteRow],
        taken: Callable[[Session], set[str]],
    ) -> None:
        """``athlete`` finds an athlete by name or pseudonym; ``taken`` says what a new id must differ from."""
        self._transaction, self._athlete, self._taken = transaction, athlete, taken

    def all(self) -> list[Squad]:
        """Every squad by name; its athletes by name."""
        with self._transaction(writes=False) as session:
            members: dict[str, list[str]] = {}
            rows = select(SquadAthleteRow.squad, SquadAthleteRow.athlete).join(AthleteRow).order_by(AthleteRow.name_key)
            for squad, athlete in session.execute(rows):
                members.setdefault(squad, []).append(athlete)
            found = session.scalars(select(SquadRow).order_by(SquadRow.name_key))
            return [Squad(row.id, row.name, tuple(members.get(row.id, ()))) for row in found]

    def of_athletes(self) -> dict[str, tuple[str, ...]]:
        """Return the ids of the squads that each athlete is in."""
        with self._transaction(writes=False) as session:
            found: dict[str, list[str]] = {}
            rows = select(SquadAthleteRow.athlete, SquadAthleteRow.squad).order_by(SquadAthleteRow.squad)
            for athlete, squad in session.execute(rows):
                found.setdefault(athlete, []).append(squad)
            return {athlete: tuple(squads) for athlete, squads in found.items()}

    def of(self, squad: str) -> Squad:
        """Return one by id or name; RegistryError with near names if there is none."""
        with self._transaction(writes=False) as session:
            return self._as_model(session, _squad(session, squad))

    def add(self, name: str, athletes: Sequence[str] = ()) -> Squad:
        """Make one; RegistryError if the name is taken, in any case, or an athlete is not known."""
        name = checked_text(name, "squad name")
        with self._transaction(writes=True) as session:
            if len(session.scalars(select(SquadRow.id)).all()) >= MOST:
                raise RegistryError(f"there are {MOST} squads already: remove one that nobody needs")
            self._free(session, name, None)
            there = set(session.scalars(select(SquadRow.id)))
            row = SquadRow(id=draw_pseudonym(self._taken(session) | there, name), name=name, name_key=key_of(name))
            session.add(row)
            session.flush()
            self._fill(session, row, athletes)
            return self._as_model(session, row)

    def change(
        self,
        squad: str,
        *,
        name: str | None = None,
        athletes: Sequence[str] | None = None,
        joining: Sequence[str] = (),
        leaving: Sequence[str] = (),
    ) -> Squad:
        """Rename it, say anew who is in it, or let some in and others out; all of it or nothing.

        Letting in and out leaves everybody else's place alone, also one that was taken in between.
        """
        with self._transaction(writes=True) as session:
            row = _squad(session, squad)
            if name is not None:
                name = checked_text(name, "squad name")
                self._free(session, name, row.id)
                row.name, row.name_key = name, key_of(name)
            if athletes is not None:
                session.execute(delete(SquadAthleteRow).where(SquadAthleteRow.squad == row.id))
                self._fill(session, row, athletes)
            self._fill(session, row, joining)
            gone = {self._athlete(session, who).id for who in leaving}
            session.execute(
                delete(SquadAthleteRow).where(SquadAthleteRow.squad == row.id, SquadAthleteRow.athlete.in_(gone))
            )
            return self._as_model(session, row)

    def remove(self, squad: str) -> None:
        """Let go of the group; its athletes stay."""
        with self._transaction(writes=True) as session:
            row = _squad(session, squad)
            session.execute(delete(SquadAthleteRow).where(SquadAthleteRow.squad == row.id))
            session.delete(row)

    def _fill(self, session: Session, row: SquadRow, athletes: Sequence[str]) -> None:
        for athlete in sorted({self._athlete(session, who).id for who in athletes}):
            session.merge(SquadAthleteRow(squad=row.id, athlete=athlete))
        session.flush()

    @staticmethod
    def _as_model(session: Session, row: SquadRow) -> Squad:
        members = (
            select(SquadAthleteRow.athlete)
            .join(AthleteRow)
            .where(SquadAthleteRow.squad == row.id)
            .order_by(AthleteRow.name_key)
        )
        return Squad(row.id, row.name, tuple(session.scalars(members)))

    @staticmethod
    def _free(session: Session, name: str, own: str | None) -> None:
        there = session.scalar(select(SquadRow).where(SquadRow.name_key == key_of(name)))
        if there is not None and there.id != own:
            raise RegistryError(f"there is a squad {there.name!r} already: give another name")


def _squad(session: Session, id_or_name: str) -> SquadRow:
    row = session.get(SquadRow, id_or_name)
    row = row or session.scalar(select(SquadRow).where(SquadRow.name_key == key_of(id_or_name)))
    if row is None:
        near = did_you_mean(id_or_name, list(session.scalars(select(SquadRow.name))))
        raise RegistryError(f"no squad {id_or_name!r}{near or ': see `sensor-hub squad list`'}")
    return row


def hand_over_squads(session: Session, gone: str, kept: str) -> None:
    """Put one athlete into the other's place in every squad."""
    rows = session.scalars(select(SquadAthleteRow).where(SquadAthleteRow.athlete == gone)).all()
    for row in rows:
        session.merge(SquadAthleteRow(squad=row.squad, athlete=kept))
        session.delete(row)
    session.flush()  # they point at the athlete, who goes next


__all__ = ["MOST", "SquadBook", "hand_over_squads"]
