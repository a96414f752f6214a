"""Whose a pod was, and when: lines of rosters. A line that is over stays, for mistakes are found later."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from sensor_hub.adapters.registry.checks import checked_place
from sensor_hub.adapters.registry.learned import Transaction
from sensor_hub.adapters.registry.tables import AthleteRow, DeviceRow, RosterRow
from sensor_hub.errors import RegistryError
from sensor_hub.model.athlete import Device
from sensor_hub.model.roster import RosterLine


class Rosters:
    """The registry's part for evenings. Every method is one transaction of its own, from any thread."""

    def __init__(self, transaction: Transaction, athlete: Callable[[Session, str], AthleteRow]) -> None:
        """``athlete`` finds an athlete by name or pseudonym, or raises RegistryError."""
        self._transaction, self._athlete = transaction, athlete

    def lines(self, since_utc: datetime | None = None) -> list[RosterLine]:
        """Return the lines that held after a moment, or all, in the order they were written."""
        query = select(RosterRow).order_by(RosterRow.number)
        if since_utc is not None:
            query = query.where(RosterRow.until_utc > since_utc)
        with self._transaction(writes=False) as session:
            return [row.as_model() for row in session.scalars(query)]

    def devices_and_lines(self, now_utc: datetime) -> tuple[list[Device], list[RosterLine]]:
        """Return all devices by name and the lines that hold, as they are at one and the same moment."""
        held = select(RosterRow).where(RosterRow.from_utc <= now_utc, RosterRow.until_utc > now_utc)
        with self._transaction(writes=False) as session:
            devices = [
                row.as_model() for row in session.scalars(select(DeviceRow).order_by(DeviceRow.name, DeviceRow.id))
            ]
            return devices, [row.as_model() for row in session.scalars(held.order_by(RosterRow.number))]

    def write(self, lines: Sequence[RosterLine], now_utc: datetime, *, ending: Iterable[str] = ()) -> None:
        """End at ``now_utc`` what holds for the devices of these lines and of ``ending``, and add the lines.

        All or nothing; their numbers are given here. RegistryError where a device or an athlete is not known, a place
        is none, or a line ends before it begins.
        """
        with self._transaction(writes=True) as session:
            for device in {*ending, *(line.device for line in lines)}:
                _end(session, device, now_utc)
            for line in lines:
                checked_place(line.side, line.mount)
                if session.get(DeviceRow, line.device) is None:
                    raise RegistryError(f"no device {line.device!r}: pair it first")
                if line.until_utc <= line.from_utc:
                    raise RegistryError("a roster that ends before it begins: give a later end")
                session.add(
                    RosterRow(
                        device=line.device,
                        athlete=self._athlete(session, line.athlete).id,
                        side=line.side,
                        mount=line.mount,
                        from_utc=line.from_utc,
                        until_utc=line.until_utc,
                    )
                )
                session.flush()  # the database numbers them in this order


def _end(session: Session, device: str, now_utc: datetime) -> None:
    """End the lines of a device; one that had not begun is as if it had never been written."""
    query = select(RosterRow).where(RosterRow.device == device, RosterRow.until_utc > now_utc)
    for row in session.scalars(query).all():
        if row.from_utc >= now_utc:
            session.delete(row)
        else:
            row.until_utc = now_utc
    session.flush()


def hand_over_roster(session: Session, gone: str, kept: str) -> None:
    """Give one athlete's lines to another."""
    session.execute(update(RosterRow).where(RosterRow.athlete == gone).values(athlete=kept))
