"""Messages on their way to people: written before they go, so that a kill loses none and tells none twice."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, and_, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from sensor_hub.adapters.registry.learned import Transaction
from sensor_hub.adapters.registry.live_tables import PROBLEM_LENGTH, AddresseeRow, NotificationRow
from sensor_hub.adapters.registry.tables import AthleteRow
from sensor_hub.model.notifying import Notification

_KEY = (NotificationRow.addressee, NotificationRow.athlete, NotificationRow.about)
_OPEN = and_(NotificationRow.sent_utc.is_(None), NotificationRow.dropped_utc.is_(None))


class NotificationBook:
    """The registry's part for messages. Every method is one transaction of its own, from any thread."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def make(self, messages: Iterable[Notification]) -> int:
        """Write messages that are to go; of what an addressee was told before, or waits for, nothing is written.

        Return how many are new. An addressee or athlete who is gone meanwhile is told nothing.
        """
        n_new = 0
        with self._transaction(writes=True) as session:
            for one in messages:
                if session.get(AddresseeRow, one.addressee) is None or session.get(AthleteRow, one.athlete) is None:
                    continue
                new = _insert(session).values(
                    addressee=one.addressee, athlete=one.athlete, about=one.about, made_utc=one.made_utc,
                    due_utc=one.due_utc, n_tries=0,
                )  # fmt: skip
                wrote = new.on_conflict_do_nothing(index_elements=_KEY)
                n_new += session.execute(wrote.returning(NotificationRow.about)).first() is not None
        return n_new

    def due(self, now_utc: datetime, *, at_most: int = 20) -> list[Notification]:
        """Return messages whose time has come, oldest first."""
        query = select(NotificationRow).where(_OPEN, NotificationRow.due_utc <= now_utc)
        query = query.order_by(NotificationRow.due_utc, *_KEY)
        with self._transaction(writes=False) as session:
            return [row.as_model() for row in session.scalars(query.limit(at_most))]

    def claim(self, message: Notification, until_utc: datetime) -> bool:
        """Take a message to hand it over; False if it has gone, or somebody else has taken it.

        until_utc : from then on it is anybody's again, if its sender says nothing more.
        """
        untouched = (NotificationRow.due_utc == message.due_utc, NotificationRow.n_tries == message.n_tries)
        return self._change(message, *untouched, due_utc=until_utc, n_tries=message.n_tries + 1)

    def set_sent(self, message: Notification, now_utc: datetime) -> None:
        """Note that it has gone."""
        self._change(message, sent_utc=now_utc, problem=None)

    def put_off(self, message: Notification, due_utc: datetime, problem: str | None) -> None:
        """Let it go later, and say why."""
        self._change(message, due_utc=due_utc, problem=_shortened(problem))

    def drop(self, message: Notification, now_utc: datetime, why: str) -> None:
        """Let it go no more, and say why."""
        self._change(message, dropped_utc=now_utc, problem=_shortened(why))

    def take_back(self, message: Notification) -> None:
        """Let it be as if nobody had written it, so that it is written anew if it comes true after all."""
        with self._transaction(writes=True) as session:
            session.execute(delete(NotificationRow).where(*_this(message), _OPEN))

    def of(self, addressee: str) -> list[Notification]:
        """Return what an addressee was told, or is to be, newest first."""
        query = select(NotificationRow).where(NotificationRow.addressee == addressee)
        with self._transaction(writes=False) as session:
            newest = query.order_by(NotificationRow.made_utc.desc(), *_KEY)
            return [row.as_model() for row in session.scalars(newest)]

    def n_open(self) -> int:
        """Return how many messages wait."""
        with self._transaction(writes=False) as session:
            return session.scalar(select(func.count()).select_from(NotificationRow).where(_OPEN)) or 0

    def _change(self, message: Notification, *also: Any, **values: object) -> bool:
        """Change one that is still open; False if it is not."""
        with self._transaction(writes=True) as session:
            done = session.execute(update(NotificationRow).where(*_this(message), _OPEN, *also).values(**values))
            return cast(CursorResult[Any], done).rowcount == 1


def _this(message: Notification) -> list[Any]:
    return [column == getattr(message, column.key) for column in _KEY]


def _shortened(problem: str | None) -> str | None:
    return None if problem is None else problem[:PROBLEM_LENGTH]


def _insert(session: Session) -> Any:
    """An INSERT that can leave out what is there; both databases can, each in its dialect."""
    kind = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    return kind.insert(NotificationRow)


__all__ = ["NotificationBook"]
