"""Who is told outside the pages, and where: an address holds a secret, and leaves here for who sends alone."""

from collections.abc import Callable
from datetime import datetime, time
from typing import Any, Final

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from sensor_hub.adapters.registry.account_rows import is_id
from sensor_hub.adapters.registry.account_tables import AccountAthleteRow, AccountRow
from sensor_hub.adapters.registry.checks import checked_text, checked_zone, draw_pseudonym
from sensor_hub.adapters.registry.learned import Transaction
from sensor_hub.adapters.registry.live_tables import AddresseeRow, NotificationRow
from sensor_hub.adapters.registry.tables import ID_LENGTH, NAME_LENGTH, AthleteRow
from sensor_hub.errors import RegistryError
from sensor_hub.model.notifying import QUIET_FROM, QUIET_UNTIL, Addressee

MOST: Final = 10  # ours: of one person; more would be somebody who tries addresses out
LONGEST_URL: Final = 2000


class AddresseeBook:
    """The registry's part for addressees. Every method is one transaction of its own, from any thread."""

    def __init__(self, transaction: Transaction, athlete: Callable[[Session, str], AthleteRow]) -> None:
        """``athlete`` finds an athlete by name or pseudonym, or raises RegistryError."""
        self._transaction, self._athlete = transaction, athlete

    def all(self) -> list[Addressee]:
        """Return every addressee, in the order they were added."""
        with self._transaction(writes=False) as session:
            return [row.as_model() for row in session.scalars(_ordered())]

    def find(self, addressee: str) -> Addressee | None:
        """Return one; None if it is gone."""
        with self._transaction(writes=False) as session:
            row = session.get(AddresseeRow, addressee) if is_id(addressee) else None
            return None if row is None else row.as_model()

    def of_athlete(self, athlete: str) -> list[Addressee]:
        """Return a runner's own."""
        with self._transaction(writes=False) as session:
            who = self._athlete(session, athlete).id
            return [row.as_model() for row in session.scalars(_ordered().where(AddresseeRow.athlete == who))]

    def of_coach(self, account: str | None) -> list[Addressee]:
        """Return a coach's; None: those of whoever coaches where nobody has an account."""
        with self._transaction(writes=False) as session:
            mine = AddresseeRow.account.is_(None) if account is None else AddresseeRow.account == account
            query = _ordered().where(AddresseeRow.athlete.is_(None), mine)
            return [row.as_model() for row in session.scalars(query)]

    def for_news_of(self, athlete: str) -> list[Addressee]:
        """Return whom news of somebody (a pseudonym) may concern: their own, and those of who coaches them.

        Whether these may be told is another question, asked when it goes.
        """
        coaches = (
            select(AccountRow.id)
            .outerjoin(AccountAthleteRow, AccountAthleteRow.account == AccountRow.id)
            .where(AccountRow.role == "coach", or_(AccountRow.everybody, AccountAthleteRow.athlete == athlete))
        )
        nobodys = AddresseeRow.account.is_(None) & AddresseeRow.athlete.is_(None)
        concerned = or_(AddresseeRow.athlete == athlete, AddresseeRow.account.in_(coaches), nobodys)
        with self._transaction(writes=False) as session:
            return [row.as_model() for row in session.scalars(_ordered().where(concerned))]

    def add(
        self, url: str, label: str, zone: str, *, now_utc: datetime, athlete: str | None = None,
        account: str | None = None, quiet_from: time = QUIET_FROM, quiet_until: time = QUIET_UNTIL,
        numbers: bool = False,
    ) -> Addressee:  # fmt: skip
        """Add one, of an athlete, of a coach's account, or of neither; RegistryError if a value cannot be."""
        if athlete is not None and account is not None:
            raise ValueError("an addressee is an athlete's or an account's, not both")
        if not 0 < len(url) <= LONGEST_URL:
            raise RegistryError(f"an address for messages has 1 to {LONGEST_URL} characters")
        tidy = checked_text(label, "label")
        with self._transaction(writes=True) as session:
            who = None if athlete is None else self._athlete(session, athlete).id
            if account is not None and session.get(AccountRow, account) is None:
                raise RegistryError("this account is not there any more")
            mine = (
                AddresseeRow.athlete.is_(None) if who is None else AddresseeRow.athlete == who,
                AddresseeRow.account.is_(None) if account is None else AddresseeRow.account == account,
            )
            if (session.scalar(select(func.count()).select_from(AddresseeRow).where(*mine)) or 0) >= MOST:
                raise RegistryError(f"{MOST} addresses are enough for one person: remove one first")
            if session.scalar(select(AddresseeRow.id).where(*mine, AddresseeRow.label == tidy)) is not None:
                raise RegistryError(f"there is an address called {tidy!r} already: choose another name")
            row = AddresseeRow(
                id=draw_pseudonym(set(session.scalars(select(AddresseeRow.id))), tidy), athlete=who, account=account,
                url=url, label=tidy, zone=checked_zone(zone), quiet_from=quiet_from, quiet_until=quiet_until,
                numbers=numbers, added_utc=now_utc,
            )  # fmt: skip
            session.add(row)
            session.flush()
            return row.as_model()

    def remove(self, addressee: str) -> None:
        """Remove one with all that waits for it; one that is gone is fine."""
        if not is_id(addressee):
            return
        with self._transaction(writes=True) as session:
            forget_addressees(session, [addressee])


def forget_addressees(session: Session, ids: list[str]) -> None:
    """Remove addressees with all that waits for them."""
    session.execute(delete(NotificationRow).where(NotificationRow.addressee.in_(ids)))
    session.execute(delete(AddresseeRow).where(AddresseeRow.id.in_(ids)))


def hand_over_addressees(session: Session, gone: str, kept: str) -> None:
    """Give one athlete's addressees, and what was told of them, to another; names that meet are told apart.

    What an addressee was told of both is told of the one.
    """
    labels = set(session.scalars(select(AddresseeRow.label).where(AddresseeRow.athlete == kept)))
    for row in session.scalars(select(AddresseeRow).where(AddresseeRow.athlete == gone)).all():
        row.athlete = kept
        row.label = row.label if row.label not in labels else f"{row.label[: NAME_LENGTH - ID_LENGTH - 3]} ({row.id})"
    of_kept = select(NotificationRow.addressee, NotificationRow.about).where(NotificationRow.athlete == kept)
    told = {tuple(row) for row in session.execute(of_kept)}
    for message in session.scalars(select(NotificationRow).where(NotificationRow.athlete == gone)).all():
        if (message.addressee, message.about) in told:
            session.delete(message)
        else:
            message.athlete = kept
    session.flush()


def _ordered() -> Any:
    return select(AddresseeRow).order_by(AddresseeRow.added_utc, AddresseeRow.id)


__all__ = ["AddresseeBook", "forget_addressees", "hand_over_addressees"]
