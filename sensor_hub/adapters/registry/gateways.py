"""The broker's users: gateways and readers, each with a password of its own and the athletes it is about.

What erases a person takes them out here too (``erasing`` deletes from every table that points at an athlete); a user
who was about them alone is then about nobody, and never about everybody.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from sensor_hub.adapters.registry.checks import checked_text, did_you_mean
from sensor_hub.adapters.registry.gateway_tables import BrokerUserAthleteRow, BrokerUserRow
from sensor_hub.adapters.registry.learned import Transaction
from sensor_hub.adapters.registry.tables import AliasRow, AthleteRow
from sensor_hub.errors import RegistryError
from sensor_hub.model.broker import BrokerUserKind, KnownUser


class Gateways:
    """The registry's part that knows the broker's users. Every method is one transaction, from any thread."""

    def __init__(self, transaction: Transaction, athlete: Callable[[Session, str], AthleteRow]) -> None:
        """``athlete`` finds an athlete by name or pseudonym, or raises RegistryError."""
        self._transaction, self._athlete = transaction, athlete

    def all(self, *, also_retired: bool = False) -> list[KnownUser]:
        """Return the users by name."""
        query = select(BrokerUserRow).order_by(BrokerUserRow.name)
        if not also_retired:
            query = query.where(BrokerUserRow.retired_utc.is_(None))
        with self._transaction(writes=False) as session:
            rows = session.scalars(query).all()
            return _models(session, rows)

    def add(
        self,
        name: str,
        kind: BrokerUserKind,
        password_hash: str,
        *,
        athletes: Collection[str] = (),
        everybody: bool = False,
        label: str = "",
        now_utc: datetime,
    ) -> KnownUser:
        """Add a user, or take a retired one in again; RegistryError if the name is in use or an athlete is unknown.

        name : checked by ``wire.access.checked_name``. password_hash : ``$7$…``, never a password.
        """
        _checked_hash(password_hash)
        with self._transaction(writes=True) as session:
            row = session.get(BrokerUserRow, name)
            if row is not None and row.retired_utc is None:
                raise RegistryError(
                    f"{name} is a {row.kind} already: `sensor-hub mqtt password {name}` gives it a new password, "
                    f"`sensor-hub mqtt remove {name}` takes it away"
                )
            if row is None:
                row = BrokerUserRow(name=name)
                session.add(row)
            row.kind, row.password, row.everybody = kind, password_hash, everybody
            row.label = checked_text(label, "label") if label else ""
            row.added_utc, row.retired_utc = now_utc, None
            session.flush()
            self._say_athletes(session, row, athletes)
            return _models(session, [row])[0]

    def set_password(self, name: str, password_hash: str) -> KnownUser:
        """Give a user another password; the one before lets in no more."""
        _checked_hash(password_hash)
        with self._transaction(writes=True) as session:
            row = _user(session, name)
            row.password = password_hash
            return _models(session, [row])[0]

    def set_athletes(self, name: str, athletes: Collection[str] = (), *, everybody: bool = False) -> KnownUser:
        """Say whom a user is about, in place of what was said before."""
        with self._transaction(writes=True) as session:
            row = _user(session, name)
            row.everybody = everybody
            self._say_athletes(session, row, athletes)
            return _models(session, [row])[0]

    def retire(self, name: str, now_utc: datetime) -> KnownUser:
        """Let a user in no more; that it was there stays, what its password was does not."""
        with self._transaction(writes=True) as session:
            row = _user(session, name)
            row.retired_utc, row.password = now_utc, ""
            return _models(session, [row])[0]

    def _say_athletes(self, session: Session, row: BrokerUserRow, athletes: Collection[str]) -> None:
        if row.everybody and athletes:
            raise ValueError("a user is about everybody or about some athletes, not both")
        session.execute(delete(BrokerUserAthleteRow).where(BrokerUserAthleteRow.user == row.name))
        for who in {self._athlete(session, wanted).id for wanted in athletes}:
            session.add(BrokerUserAthleteRow(user=row.name, athlete=who))
        session.flush()


def hand_over_gateways(session: Session, gone: str, kept: str) -> None:
    """Let who was about one athlete be about another from now on."""
    mine = {row.user: row for row in session.scalars(_about(gone))}
    theirs = {row.user for row in session.scalars(_about(kept))}
    for user, row in mine.items():
        session.delete(row)
        if user not in theirs:
            session.add(BrokerUserAthleteRow(user=user, athlete=kept))
    session.flush()


def _about(athlete: str) -> "Select[BrokerUserAthleteRow]":
    return select(BrokerUserAthleteRow).where(BrokerUserAthleteRow.athlete == athlete)


def _user(session: Session, name: str) -> BrokerUserRow:
    row = session.get(BrokerUserRow, name)
    if row is None or row.retired_utc is not None:
        known = list(session.scalars(select(BrokerUserRow.name).where(BrokerUserRow.retired_utc.is_(None))))
        hint = did_you_mean(name, known) or ": `sensor-hub mqtt list` shows who there is"
        raise RegistryError(f"the broker has no user {name!r}{hint}")
    return row


def _models(session: Session, rows: Sequence[BrokerUserRow]) -> list[KnownUser]:
    names = [row.name for row in rows]
    about: dict[str, list[str]] = {name: [] for name in names}
    for link in session.scalars(select(BrokerUserAthleteRow).where(BrokerUserAthleteRow.user.in_(names))):
        about[link.user].append(link.athlete)
    former: dict[str, list[str]] = {}
    for alias in session.scalars(select(AliasRow)):
        former.setdefault(alias.new, []).append(alias.old)
    return [
        KnownUser(
            row.name, row.kind, row.label, row.everybody, tuple(sorted(about[row.name])),
            tuple(sorted({old for who in about[row.name] for old in (who, *former.get(who, ()))})),
            row.password, row.added_utc, row.retired_utc,
        )
        for row in rows
    ]  # fmt: skip


def _checked_hash(password_hash: str) -> None:
    if not password_hash.startswith("$7$"):
        raise ValueError("a password is kept as mosquitto's $7$ hash and in no other way")


__all__ = ["Gateways", "hand_over_gateways"]
