"""What people did with findings: seen, or not now. One mark a finding; the newest holds."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from sensor_hub.adapters.registry.learned import Transaction
from sensor_hub.adapters.registry.live_tables import FindingMarkRow
from sensor_hub.adapters.registry.tables import AthleteRow
from sensor_hub.errors import RegistryError
from sensor_hub.model.finding import Finding
from sensor_hub.model.mark import FindingMark


class FindingMarks:
    """The registry's part for marks. Every method is one transaction of its own, from any thread.

    A row says what a finding is about and not its id, so a mark stays with it when its athlete is merged into another.
    """

    def __init__(self, transaction: Transaction, athlete: Callable[[Session, str], AthleteRow]) -> None:
        """``athlete`` finds an athlete by name or pseudonym, or raises RegistryError."""
        self._transaction, self._athlete = transaction, athlete

    def of(self, athlete: str) -> dict[str, FindingMark]:
        """Return the marks of an athlete's findings by the finding's id; none of somebody who is not known here."""
        with self._transaction(writes=False) as session:
            try:
                who = self._athlete(session, athlete).id
            except RegistryError:  # only the sending edge knows them: nobody can have marked theirs
                return {}
            return {mark.finding: mark for mark in (row.as_model() for row in session.scalars(_of(who)))}

    def put(self, finding: Finding, *, by: str, at_utc: datetime, until_utc: datetime | None = None) -> FindingMark:
        """Mark a finding as it is now, in place of an earlier mark; RegistryError if nobody knows its athlete.

        until_utc : of a snooze; None of what was acknowledged.
        """
        for moment in (at_utc, until_utc):
            if moment is not None and moment.tzinfo is None:
                raise ValueError(f"{moment!r} has no time zone")
        with self._transaction(writes=True) as session:
            who = self._athlete(session, finding.athlete).id
            mark = FindingMark(who, finding.about, finding.level, at_utc, by, until_utc)
            session.merge(FindingMarkRow.of(mark))
            return mark

    def remove(self, finding: Finding) -> None:
        """Take the mark of a finding back; without one nothing happens."""
        with self._transaction(writes=True) as session:
            who = self._athlete(session, finding.athlete).id
            mine = FindingMarkRow.athlete == who, FindingMarkRow.about == finding.about
            session.execute(delete(FindingMarkRow).where(*mine))


def hand_over_marks(session: Session, gone: str, kept: str) -> None:
    """Give one athlete's marks to another; of two on the same thing the newer one stays."""
    for row in session.scalars(_of(gone)).all():
        put_mark(session, replace(row.as_model(), athlete=kept))
        session.delete(row)
    session.flush()


def put_mark(session: Session, mark: FindingMark) -> None:
    """Put a mark in unless the same thing was marked later."""
    there = session.get(FindingMarkRow, (mark.athlete, mark.about))
    if there is None or there.at_utc < mark.at_utc:
        session.merge(FindingMarkRow.of(mark))


def _of(athlete: str) -> "Select[FindingMarkRow]":
    return select(FindingMarkRow).where(FindingMarkRow.athlete == athlete)


__all__ = ["FindingMarks", "hand_over_marks", "put_mark"]
