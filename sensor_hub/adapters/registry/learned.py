"""What was learned of an athlete's gait: calibrations against a reference, and how their strides usually look."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from sensor_hub.adapters.registry.checks import checked_place
from sensor_hub.adapters.registry.tables import AthleteRow, CalibrationRow, GaitPatternRow
from sensor_hub.errors import RegistryError
from sensor_hub.model.calibration import Calibration
from sensor_hub.model.gait import Mount, Side
from sensor_hub.model.pattern import GaitPattern


class Transaction(Protocol):
    """Opens a transaction of the registry."""

    def __call__(self, *, writes: bool) -> AbstractContextManager[Session]:
        """Commit at the end, or undo everything."""
        ...


class Learned:
    """The registry's part that a session may teach. Every method is one transaction of its own, from any thread.

    A calibration holds for an athlete, a mount and a method: for both feet, because a line for one of them alone would
    make a difference between the legs that is not the runner's. A pattern holds for a mount and a side.
    """

    def __init__(self, transaction: Transaction, athlete: Callable[[Session, str], AthleteRow]) -> None:
        """``athlete`` finds an athlete by name or pseudonym, or raises RegistryError."""
        self._transaction, self._athlete = transaction, athlete

    def calibrations(self, athlete: str | None = None) -> list[tuple[str, Calibration]]:
        """Return (athlete's pseudonym, calibration) of everybody or of one, by athlete, mount and method."""
        query = select(CalibrationRow).order_by(CalibrationRow.athlete, CalibrationRow.mount, CalibrationRow.method)
        with self._transaction(writes=False) as session:
            if athlete is not None:
                query = query.where(CalibrationRow.athlete == self._athlete(session, athlete).id)
            return [(row.athlete, row.as_model()) for row in session.scalars(query)]

    def calibration(self, athlete: str, mount: Mount, method: str) -> Calibration | None:
        """Return the calibration of this method there; None without one."""
        with self._transaction(writes=False) as session:
            row = session.get(CalibrationRow, (self._athlete(session, athlete).id, mount, method))
            return None if row is None else row.as_model()

    def keep_calibration(self, athlete: str, calibration: Calibration) -> None:
        """Keep a calibration in place of the one there was."""
        checked_place("U", calibration.mount)
        with self._transaction(writes=True) as session:
            session.merge(CalibrationRow.of(self._athlete(session, athlete).id, calibration))

    def remove_calibrations(self, athlete: str, mount: Mount, method: str | None = None) -> list[Calibration]:
        """Forget a mount's calibrations, or one method's; return what they were. RegistryError if there is none."""
        with self._transaction(writes=True) as session:
            who = self._athlete(session, athlete)
            query = select(CalibrationRow).where(CalibrationRow.athlete == who.id, CalibrationRow.mount == mount)
            rows = [row for row in session.scalars(query) if method in {None, row.method}]
            if not rows:
                what = f"{mount} with {method}" if method else mount
                raise RegistryError(
                    f"{who.display_name!r} has no calibration of the {what}: see `sensor-hub calibrate list`"
                )
            for row in rows:
                session.delete(row)
            return [row.as_model() for row in rows]

    def pattern(self, athlete: str, mount: Mount, side: Side) -> GaitPattern | None:
        """Return how the athlete's strides usually look there; None before that was learned."""
        with self._transaction(writes=False) as session:
            row = session.get(GaitPatternRow, (self._athlete(session, athlete).id, mount, side))
            return None if row is None else row.as_model()

    def patterns(self, athlete: str | None = None) -> list[tuple[str, GaitPattern]]:
        """Return (athlete's pseudonym, pattern) of everybody or of one, by athlete, mount and side."""
        query = select(GaitPatternRow).order_by(GaitPatternRow.athlete, GaitPatternRow.mount, GaitPatternRow.side)
        with self._transaction(writes=False) as session:
            if athlete is not None:
                query = query.where(GaitPatternRow.athlete == self._athlete(session, athlete).id)
            return [(row.athlete, row.as_model()) for row in session.scalars(query)]

    def keep_pattern(self, athlete: str, pattern: GaitPattern) -> None:
        """Keep a pattern in place of the one there was."""
        checked_place(pattern.side, pattern.mount)
        with self._transaction(writes=True) as session:
            session.merge(GaitPatternRow.of(self._athlete(session, athlete).id, pattern))

    def remove_patterns(self, athlete: str, mount: Mount | None = None) -> list[GaitPattern]:
        """Forget the patterns of an athlete, or of one mount; return what they were."""
        with self._transaction(writes=True) as session:
            query = select(GaitPatternRow).where(GaitPatternRow.athlete == self._athlete(session, athlete).id)
            rows = [row for row in session.scalars(query) if mount in {None, row.mount}]
            for row in rows:
                session.delete(row)
            return [row.as_model() for row in rows]


def forget_place(session: Session, athlete: str | None, mount: Mount | None, side: Side) -> None:
    """Forget how an athlete's strides usually look there; with mount None, at every mount of that side.

    A sensor that is put there anew may sit another way, and a session that differs from what is usual teaches nothing:
    without this it would be doubted for ever.
    """
    places = delete(GaitPatternRow).where(GaitPatternRow.athlete == athlete, GaitPatternRow.side == side)
    session.execute(places if mount is None else places.where(GaitPatternRow.mount == mount))


def hand_over(session: Session, gone: str, kept: str) -> None:
    """Give one athlete's calibrations and patterns to another; where both have one, the better founded stays.

    Of two calibrations the later, because pods and shoes change; of two patterns the one of more sessions.
    """
    for calibration in session.scalars(select(CalibrationRow).where(CalibrationRow.athlete == gone)).all():
        theirs = session.get(CalibrationRow, (kept, calibration.mount, calibration.method))
        if theirs is None or calibration.made_on > theirs.made_on:
            session.merge(CalibrationRow.of(kept, calibration.as_model()))
        session.delete(calibration)
    for pattern in session.scalars(select(GaitPatternRow).where(GaitPatternRow.athlete == gone)).all():
        usual = session.get(GaitPatternRow, (kept, pattern.mount, pattern.side))
        if usual is None or pattern.n_sessions > usual.n_sessions:
            session.merge(GaitPatternRow.of(kept, pattern.as_model()))
        session.delete(pattern)
    session.flush()  # they point at the athlete, who goes next
