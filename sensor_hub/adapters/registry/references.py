"""Load references that were learned of an athlete: every version is kept, one is active."""

from collections.abc import Callable
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from sensor_hub.adapters.registry.learned import Transaction
from sensor_hub.adapters.registry.tables import AthleteRow, LoadReferenceRow
from sensor_hub.model.reference import KeptReference, Learned

POPULATION: Final = "ref-pop-1"  # what loads are expressed in before the first


class References:
    """The registry's part for load references. Every method is one transaction of its own, from any thread.

    A reference holds for an athlete, an instrument and a model. It is never changed: a new one is a new version. Its
    number is given once in a registry, so that after a merge of athletes no two of theirs have the same name.
    """

    def __init__(self, transaction: Transaction, athlete: Callable[[Session, str], AthleteRow]) -> None:
        """``athlete`` finds an athlete by name or pseudonym, or raises RegistryError."""
        self._transaction, self._athlete = transaction, athlete

    def all(self, athlete: str | None = None) -> list[KeptReference]:
        """Return every version of everybody or of one athlete, by athlete, instrument, model and number."""
        row = LoadReferenceRow
        query = select(row).order_by(row.athlete, row.instrument, row.model, row.number)
        with self._transaction(writes=False) as session:
            if athlete is not None:
                query = query.where(row.athlete == self._athlete(session, athlete).id)
            return [found.as_model() for found in session.scalars(query)]

    def active(self, athlete: str, instrument: str, model: str) -> KeptReference | None:
        """Return what loads of this athlete, instrument and model are expressed in; None for the population's."""
        with self._transaction(writes=False) as session:
            found = _active(session, self._athlete(session, athlete).id, instrument, model)
            return None if found is None else found.as_model()

    def keep(self, athlete: str, learned: Learned, *, asked: bool) -> KeptReference:
        """Keep what was learned as a new version, and make it the active one.

        asked : whether a person asked for it. Else it is kept only as the first: if there is one already, for two
        programs may learn it at once, that one is returned.
        """
        reference = learned.reference
        with self._transaction(writes=True) as session:
            who = self._athlete(session, athlete).id
            before = _active(session, who, reference.instrument, reference.model)
            if before is not None and not asked:
                return before.as_model()
            if before is not None:
                before.active = False
            row = LoadReferenceRow.of(
                who, learned, made="asked" if asked else "first", before=before.id if before is not None else POPULATION
            )
            session.add(row)
            session.flush()  # the database gives it its number
            return row.as_model()


def _active(session: Session, athlete: str, instrument: str, model: str) -> LoadReferenceRow | None:
    row = LoadReferenceRow
    query = select(row).where(row.athlete == athlete, row.instrument == instrument, row.model == model, row.active)
    return session.scalars(query).first()


def hand_over_references(session: Session, gone: str, kept: str) -> None:
    """Give one athlete's references to another; where both have an active one, the one learned later stays active."""
    row = LoadReferenceRow
    for theirs in session.scalars(select(row).where(row.athlete == gone, row.active)).all():
        own = _active(session, kept, theirs.instrument, theirs.model)
        if own is not None:
            older = min(own, theirs, key=lambda one: (one.learned_on, one.number))
            older.active = False
            session.flush()
    session.execute(update(row).where(row.athlete == gone).values(athlete=kept))
