"""Accounts: who may sign in, as what and about whom. Passwords come here as hashes only."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import Engine, and_, delete, exists, select, update
from sqlalchemy.orm import Session

from sensor_hub.adapters.registry.account_rows import (
    account_row,
    as_account,
    count_version,
    delete_account,
    is_left_alone,
    keep_an_admin,
)
from sensor_hub.adapters.registry.account_tables import AccountAthleteRow, AccountRow, AccountStateRow, WebSessionRow
from sensor_hub.adapters.registry.checks import checked_text, did_you_mean, draw_pseudonym, key_of
from sensor_hub.adapters.registry.learned import Transaction
from sensor_hub.adapters.registry.opening import reading
from sensor_hub.adapters.registry.tables import AthleteRow
from sensor_hub.errors import AccessError, RegistryError
from sensor_hub.model.access import ROLES, Account, Role

_VERSION: Final = select(AccountStateRow.number).where(AccountStateRow.what == "version")
_ANY: Final = select(exists(select(AccountRow.id)))


@dataclass(frozen=True, slots=True)
class KeptAccount:
    """An account and the hash of its password."""

    account: Account
    password_hash: str = field(repr=False)


class AccountBook:
    """The registry's part for accounts. Every method is one transaction of its own, from any thread.

    An account is named by its name in any case. What cannot be raises AccessError, and nothing has changed.
    """

    def __init__(self, transaction: Transaction, athlete: Callable[[Session, str], AthleteRow], engine: Engine) -> None:
        """``athlete`` finds an athlete by name or pseudonym, or raises RegistryError."""
        self._transaction, self._athlete, self._engine = transaction, athlete, engine

    def version(self) -> int:
        """Return a number that no state of accounts, sessions and tokens before this one had."""
        with reading(self._engine) as connection:
            return int(connection.execute(_VERSION).scalar_one())

    def in_use(self) -> bool:
        """Whether there is an account."""
        with reading(self._engine) as connection:
            return bool(connection.execute(_ANY).scalar_one())

    def all(self) -> list[Account]:
        """All accounts by name."""
        with self._transaction(writes=False) as session:
            return [
                as_account(session, row) for row in session.scalars(select(AccountRow).order_by(AccountRow.name_key))
            ]

    def find(self, name: str) -> KeptAccount | None:
        """Return the account of a name; None if there is none."""
        with self._transaction(writes=False) as session:
            row = _row_of(session, name)
            return None if row is None else KeptAccount(as_account(session, row), row.password_hash)

    def of_id(self, account: str) -> KeptAccount:
        """Return the account of an id."""
        with self._transaction(writes=False) as session:
            row = account_row(session, account)
            return KeptAccount(as_account(session, row), row.password_hash)

    def named(self, name: str) -> KeptAccount:
        """Return the account of a name; AccessError with near names if there is none."""
        with self._transaction(writes=False) as session:
            row = _named(session, name)
            return KeptAccount(as_account(session, row), row.password_hash)

    def add(self, name: str, role: Role, athletes: Sequence[str], password_hash: str, now_utc: datetime) -> Account:
        """Add an account; the first one is an admin's, or nobody could let anybody else in."""
        tidy = _checked_name(name)
        with self._transaction(writes=True) as session:
            count_version(session)
            if _row_of(session, tidy) is not None:
                raise AccessError(f"there is an account {tidy!r} already: choose another name")
            if role != "admin" and not session.scalar(_ANY):
                raise AccessError("the first account has to be an admin's: add that one first, with the role admin")
            row = AccountRow(
                id=draw_pseudonym(set(session.scalars(select(AccountRow.id))), tidy),
                name=tidy,
                name_key=key_of(tidy),
                role=_checked_role(role),
                everybody=False,
                password_hash=password_hash,
                created_utc=now_utc,
                disabled=False,
            )
            session.add(row)
            session.flush()
            self._set_athletes(session, row, athletes)
            return as_account(session, row)

    def change(
        self,
        name: str,
        *,
        role: Role | None = None,
        athletes: Sequence[str] | None = None,
        disabled: bool | None = None,
        password_hash: str | None = None,
    ) -> Account:
        """Change what is given and end the account's sessions; all of it or nothing."""
        with self._transaction(writes=True) as session:
            count_version(session)
            row = _named(session, name)
            if role is not None and role != row.role:
                if athletes is None and role != "admin":
                    raise AccessError(f"say whose data a {role} is let in for: name the athletes with the role")
                row.role, athletes = _checked_role(role), athletes or ()
            if athletes is not None:
                self._set_athletes(session, row, athletes)
            if disabled is not None:
                if not disabled and is_left_alone(session, row):
                    raise AccessError("nobody of those they coached is here any more: say first whom they coach")
                row.disabled = disabled
            if password_hash is not None:
                row.password_hash = password_hash
            session.execute(delete(WebSessionRow).where(WebSessionRow.account == row.id))
            keep_an_admin(session)
            return as_account(session, row)

    def set_own_hash(self, account: str, before: str, password_hash: str, *, keep: str | None) -> None:
        """Put a new hash in place of the one that was checked, and end the account's sessions but that of an id."""
        with self._transaction(writes=True) as session:
            count_version(session)
            row = account_row(session, account)
            if row.password_hash != before:
                raise AccessError("the password was changed by somebody else meanwhile: sign in again")
            row.password_hash = password_hash
            others = and_(WebSessionRow.account == account, WebSessionRow.id != (keep or ""))
            session.execute(delete(WebSessionRow).where(others))

    def renew_hash(self, account: str, before: str, password_hash: str) -> None:
        """Put another hash of the same password in place of one; one that was changed meanwhile stays."""
        with self._transaction(writes=True) as session:
            same = and_(AccountRow.id == account, AccountRow.password_hash == before)
            session.execute(update(AccountRow).where(same).values(password_hash=password_hash))

    def remove(self, name: str) -> Account:
        """Remove an account with its sessions and tokens; return what it was."""
        with self._transaction(writes=True) as session:
            count_version(session)
            row = _named(session, name)
            gone = as_account(session, row)
            delete_account(session, row.id)
            keep_an_admin(session)
            return gone

    def _set_athletes(self, session: Session, row: AccountRow, athletes: Sequence[str]) -> None:
        """Say whom an account is about: a runner one, a coach some or (none named) everybody, an admin nobody."""
        who = set()
        for name in athletes:
            try:
                who.add(self._athlete(session, name).id)
            except RegistryError as error:
                raise AccessError(str(error)) from None
        if row.role == "runner" and len(who) != 1:
            raise AccessError(f"a runner's account is of one athlete, and {len(who)} are named: name the one who runs")
        if row.role == "admin" and who:
            raise AccessError(
                "an admin's account is of no athlete: leave them out, or add a runner's account beside it"
            )
        row.everybody = row.role == "coach" and not who
        session.execute(delete(AccountAthleteRow).where(AccountAthleteRow.account == row.id))
        session.add_all(AccountAthleteRow(account=row.id, athlete=athlete) for athlete in sorted(who))
        session.flush()


def _row_of(session: Session, name: str) -> AccountRow | None:
    try:
        key = key_of(_checked_name(name))
    except AccessError:  # nobody can be called so, and no database need be asked for what it cannot store
        return None
    return session.scalar(select(AccountRow).where(AccountRow.name_key == key))


def _named(session: Session, name: str) -> AccountRow:
    row = _row_of(session, name)
    if row is not None:
        return row
    names = list(session.scalars(select(AccountRow.name).order_by(AccountRow.name_key)))
    hint = did_you_mean(name, names) or (": see `sensor-hub user list`" if names else ": there is none yet")
    raise AccessError(f"no account {name!r}{hint}")


def _checked_name(name: str) -> str:
    try:
        return checked_text(name, "account name")
    except RegistryError as error:
        raise AccessError(str(error)) from None


def _checked_role(role: Role) -> Role:
    if role not in ROLES:
        raise AccessError(f"role {role!r} is not one of {', '.join(ROLES)}")
    return role


__all__ = ["AccountBook", "KeptAccount"]
